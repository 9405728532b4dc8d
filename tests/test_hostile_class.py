"""A class of cheats and wreckers, graded in one run beside two honest students: nobody gains, nobody else loses."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox.zygote_client import unsupported
from tests.attacks.cheats import CHEATS
from tests.attacks.classroom import FILE, RIGHT, handed_in, right_but_for
from tests.attacks.havoc import CRASHES, FORGERIES, HANGS_AND_SLEEPS, MEDDLERS, MONSTERS
from tests.attacks.trusting import fooled_by
from tests.fairness.answers import SIGMOID

pytestmark = pytest.mark.skipif(bool(unsupported()), reason="isolation needs Linux")
ROOT = Path(__file__).resolve().parents[1]
# One of each kind: the others are tried in the sandbox itself, which is faster.
WRECKERS = (HANGS_AND_SLEEPS[0], CRASHES[0], CRASHES[1], MONSTERS[3], FORGERIES[0], FORGERIES[4], MEDDLERS[1], MEDDLERS[2])
SECRET = "a-secret-of-the-teacher"


def wrecks(havoc):
    """The same attack as somebody's sigmoid."""
    return (*havoc.cells, "def sigmoid(x):\n    f()\n    return x\n")


HOSTILE = {**{cheat.name: cheat.cells for cheat in CHEATS}, **{havoc.name: wrecks(havoc) for havoc in WRECKERS}}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """What `autograder grade` made of them all: the folder, and student to exercise to result."""
    folder = tmp_path_factory.mktemp("class")
    notebooks = {name: right_but_for(cells)[2] for name, cells in HOSTILE.items()}
    honest = handed_in(*RIGHT.values())
    for student, content in {**notebooks, "Aaron": honest, "zoe": honest}.items():
        (folder / "handed in" / student).mkdir(parents=True)
        (folder / "handed in" / student / FILE).write_bytes(content)
    options = ("--isolation", "available", "--time-limit", "2", "--jobs", "2")
    run = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", folder / "handed in", "--out", folder / "out", *options],
        env={**os.environ, "EXPECTED": SECRET},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    results = {}
    for path in (folder / "out" / "results").glob("*.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        results[result["student"]] = {entry["id"]: entry for entry in result["exercises"]}
    return folder, results


@pytest.mark.parametrize("name", HOSTILE)
def test_it_earns_nothing_and_costs_nothing_else(graded, name):
    attacked, others, _ = right_but_for(HOSTILE[name])
    entries = graded[1][name]
    assert (entries[attacked]["score"], entries[attacked]["held"]) == (0, 0)
    assert {other: entries[other]["status"] for other in others} == dict.fromkeys(others, "passed")


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.name)
def test_it_fails_for_the_right_reason(graded, cheat):
    attacked, _, _ = right_but_for(cheat.cells)
    entry = graded[1][cheat.name][attacked]
    assert entry["status"] == cheat.status, entry["message"]
    assert re.search(cheat.said, entry["message"])


def test_the_honest_have_full_marks_beside_them(graded):
    folder, results = graded
    for student in ("Aaron", "zoe"):
        assert [results[student][name]["status"] for name in RIGHT] == ["passed"] * len(RIGHT)
    with open(folder / "out" / "grades.csv", newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(HOSTILE) + 2
    assert all(float(row["total"]) >= 0 for row in rows)


def test_what_the_teacher_keeps_in_the_environment_is_in_no_report(graded):
    written = [path for path in (graded[0] / "out").rglob("*") if path.is_file()]
    assert written
    assert [path.name for path in written if SECRET.encode() in path.read_bytes()] == []


def test_a_trusting_grader_is_fooled():
    """Or the cheats would be none, and the tests above would prove nothing."""
    right, wrong = (SIGMOID,), ("def sigmoid(x): return 0.0 * x",)
    *fooled, gives_marks, tells_apart = fooled_by([*(cheat.cells for cheat in CHEATS), right, wrong])
    assert (gives_marks, tells_apart) == (True, False)
    names = [cheat.name for cheat in CHEATS]
    assert dict(zip(names, fooled, strict=True)) == {cheat.name: cheat.trusting for cheat in CHEATS}
