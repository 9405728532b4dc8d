"""The commands, word for word: what they print, what they leave behind, and their exit codes."""

import csv
import json
import re
import sys

import pytest
from typer.testing import CliRunner

from autograder import cli, registry
from autograder.notebooks.derive import as_text, exercise_notebook

RIGHT = "import numpy as np\ndef sigmoid(x):\n    e = np.exp(-np.abs(x))\n    return np.where(x >= 0, 1, e) / (1 + e)\n"
WRONG = "import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"
COLUMNS = ["total", "held", "max", "percent"]
RESULT = {"id", "status", "score", "max", "seconds", "claims", "misconception", "message"}
STATUSES = {"passed", "partial", "failed", "not_attempted", "error", "timeout", "memory", "killed", "invalid_output",
            "undecided", "unreadable"}  # fmt: skip


def run(*words):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def says(outcome):
    """What a command says when it refuses: one sentence and no traceback."""
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert "Traceback" not in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    return outcome.stderr


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A small class, graded once."""
    folder = tmp_path_factory.mktemp("small")
    for name, text in {"Ana": RIGHT, "Bo": WRONG, "Cy": "def sigmoid(x:\n    return x\n", "=Di": ""}.items():
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / "work.py").write_text(text, "utf-8")
    (folder / "class" / "Ed").mkdir()
    (folder / "class" / "Flo").mkdir()
    (folder / "class" / "Flo" / "lab.py").write_text("def push(stack): ...\n", "utf-8")
    outcome = run("grade", folder / "class", "--out", folder / "out", "--isolation", "available")
    return folder, outcome


def results(folder):
    files = (folder / "results").glob("*.json")
    return {record["student"]: record for record in (json.loads(path.read_text("utf-8")) for path in files)}


def status_of(record, name):
    return next(entry["status"] for entry in record["exercises"] if entry["id"] == name)


def test_grading_leaves_everything_the_contract_names(graded):
    folder, outcome = graded
    assert outcome.exit_code == 0, outcome.stderr
    assert "6 submissions graded" in outcome.stdout
    names = {path.name for path in (folder / "out").iterdir()}
    assert {"grades.csv", "results", "report.html", "gradescope", "junit.xml", "run.json"} <= names
    record = json.loads((folder / "out" / "run.json").read_text("utf-8"))
    assert record["seed"] == 0
    assert record["complete"] is True
    assert {"versions", "isolation_layers", "seconds"} <= set(record)


def test_every_student_has_a_row_of_numbers(graded):
    folder, _ = graded
    with (folder / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["student", *registry.exercises(), *COLUMNS]
    assert [row["student"] for row in rows] == ["'=Di", "Ana", "Bo", "Cy", "Ed", "Flo"]
    for row in rows:
        total, held, top, percent = (float(row[name]) for name in COLUMNS)
        assert 0 <= total + held <= top
        assert percent == pytest.approx(100 * total / top, abs=0.01)
    marks = {row["student"]: row["sigmoid"] for row in rows}
    assert float(marks["Ana"]) == registry.find("sigmoid").points
    assert 0 < float(marks["Bo"]) < registry.find("sigmoid").points
    assert marks["Cy"] == "0"


def test_a_result_is_what_the_contract_says(graded):
    folder, _ = graded
    found = results(folder / "out")
    assert set(found) == {"Ana", "Bo", "Cy", "Ed", "Flo", "=Di"}
    for record in found.values():
        assert {"student", "total", "held", "max", "percent", "exercises"} <= set(record)
        assert record["total"] == pytest.approx(sum(entry["score"] for entry in record["exercises"]))
        assert record["max"] == pytest.approx(sum(entry["max"] for entry in record["exercises"]))
        for entry in record["exercises"]:
            assert set(entry) >= RESULT
            assert entry["status"] in STATUSES
            assert all(set(claim) == {"claim", "verdict", "witness"} for claim in entry["claims"])
            assert entry["message"]


@pytest.mark.parametrize(
    ("student", "status"),
    [
        ("Ana", "passed"),
        ("Bo", "partial"),
        ("Cy", "error"),
        ("Ed", "unreadable"),
        ("Flo", "unreadable"),
        ("=Di", "unreadable"),
    ],
)
def test_the_status_says_what_became_of_it(graded, student, status):
    folder, _ = graded
    assert status_of(results(folder / "out")[student], "sigmoid") == status


def test_what_was_not_handed_in_counts_within_its_topic_only(graded):
    folder, _ = graded
    ana = results(folder / "out")["Ana"]
    assert {entry["id"] for entry in ana["exercises"]} == {e.id for e in registry.topics()["sigmoid_tanh"]}
    assert status_of(ana, "tanh_grad") == "not_attempted"


def test_the_misconception_is_named(graded):
    folder, _ = graded
    [entry] = [e for e in results(folder / "out")["Bo"]["exercises"] if e["id"] == "sigmoid"]
    assert entry["misconception"] == registry.find("sigmoid").misconceptions[0].sentence


def test_the_same_seed_gives_the_same_table_and_resuming_grades_nobody_again(graded, tmp_path):
    folder, _ = graded
    table = (folder / "out" / "grades.csv").read_bytes()
    before = {path: path.stat().st_mtime_ns for path in (folder / "out" / "results").iterdir()}
    again = run("grade", folder / "class", "--out", folder / "out", "--isolation", "available", "--resume")
    assert again.exit_code == 0
    assert {path: path.stat().st_mtime_ns for path in (folder / "out" / "results").iterdir()} == before
    assert (folder / "out" / "grades.csv").read_bytes() == table


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["grade", "{}/nowhere", "--out", "{}/o"], "there is no folder .*nowhere"),
        (["grade", "{}/empty", "--out", "{}/o"], "is empty"),
        (["grade", "{}/file.txt", "--out", "{}/o"], "neither a folder nor a zip file"),
        (["grade", "{}/class", "--out", "{}/class/o"], "lies inside"),
        (["grade", "{}/class", "--out", "{}/file.txt/o"], "file.txt"),
        (["grade", "{}/class", "--out", "{}/o", "--executor", "moon"], "there is no executor 'moon'"),
        (["grade", "{}/class", "--out", "{}/o", "--executor", "dask:"], "there is no executor"),
        (["check", "{}/nowhere.ipynb"], "there is no file"),
        (["check", "{}/file.txt"], "neither a notebook"),
        (["check", "{}/broken.ipynb"], "broken.ipynb is not a whole notebook"),
        (["check", "{}/void.ipynb"], "void.ipynb is empty"),
        (["check", "{}/other.py"], "holds none of this course's exercises"),
        (["hint", "sigmoyd"], "there is no exercise called 'sigmoyd'; did you mean sigmoid"),
        (["hint", "qqq"], "`autograder list`"),
    ],
)
def test_bad_input_costs_one_clear_sentence_and_exit_code_2(tmp_path, words, sentence):
    (tmp_path / "empty").mkdir()
    (tmp_path / "class" / "Ana").mkdir(parents=True)
    (tmp_path / "file.txt").write_text("x", "utf-8")
    (tmp_path / "broken.ipynb").write_text('{"cells": [', "utf-8")
    (tmp_path / "void.ipynb").touch()
    (tmp_path / "other.py").write_text("def push(stack): ...\n", "utf-8")
    assert re.search(sentence, says(run(*(word.format(tmp_path) for word in words))))


def test_dask_that_is_not_installed_is_said_so(tmp_path, monkeypatch):
    (tmp_path / "class" / "Ana").mkdir(parents=True)
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "autograder.grading.cluster", raising=False)  # an earlier test's
    outcome = run("grade", tmp_path / "class", "--out", tmp_path / "o", "--executor", "dask:tcp://localhost:8786")
    assert "pip install distributed" in says(outcome)


USAGE = ["grade", "grade x", "hint sigmoid --level 4", "dance", "grade x --out y --jobs 0"]


@pytest.mark.parametrize("words", USAGE)
def test_wrong_usage_is_exit_code_2(words):
    assert run(*words.split()).exit_code == 2


def test_isolation_that_is_missing_is_exit_code_3(tmp_path, monkeypatch):
    from autograder.grading import worker
    from autograder.sandbox import IsolationMissing
    from autograder.sandbox.probe import Layer

    (tmp_path / "class" / "Ana").mkdir(parents=True)

    def refuse(*settings):
        raise IsolationMissing([Layer("landlock", False, "the kernel is too old", "a newer one")])

    monkeypatch.setattr(worker, "_sandbox", refuse)
    outcome = run("grade", tmp_path / "class", "--out", tmp_path / "o", "--jobs", "1")
    assert outcome.exit_code == 3
    assert "landlock" in outcome.stderr
    assert "autograder doctor" in outcome.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"class"}


def test_a_stumble_of_ours_is_a_sentence_too(monkeypatch, capsys):
    monkeypatch.setattr(cli, "app", lambda: 1 / 0)
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_check_judges_as_grade_does(tmp_path, graded):
    folder, _ = graded
    outcome = run("check", folder / "class" / "Bo" / "work.py", "--json")
    assert outcome.exit_code == 0, outcome.stderr
    mine, theirs = json.loads(outcome.stdout), results(folder / "out")["Bo"]
    for entry in (*mine["exercises"], *theirs["exercises"]):
        del entry["seconds"]
    assert mine == theirs
    words = run("check", folder / "class" / "Bo" / "work.py").stdout
    assert f"{mine['total']:g} of {mine['max']:g} points" in words
    assert registry.find("sigmoid").misconceptions[0].sentence in words


def test_list_tells_everything_about_every_exercise():
    outcome = run("list", "--json")
    records = json.loads(outcome.stdout)
    assert [record["id"] for record in records] == list(registry.exercises())
    keys = {"id", "topic", "name", "kind", "points", "claims", "hints", "misconceptions", "alternatives"}
    assert all(keys <= set(record) for record in records)
    assert outcome.exit_code == 0
    assert all(name in run("list").stdout for name in registry.exercises())


def test_list_fails_on_a_gap(monkeypatch):
    monkeypatch.setattr(registry, "gaps", lambda: ["toy.twice: has 0 misconceptions, needs 3"])
    outcome = run("list")
    assert outcome.exit_code == 1
    assert "needs 3" in outcome.stderr


def test_ledger_lists_every_claim_and_fails_while_some_are_missing():
    from autograder.ledger import claims, missing

    outcome = run("ledger", "--json")
    records = json.loads(outcome.stdout)
    assert [record["id"] for record in records] == list(claims())
    gaps = {gap.claim.id for gap in missing()}
    assert {record["id"] for record in records if record["missing"]} == gaps
    assert outcome.exit_code == (1 if gaps else 0)
    assert f"{len(gaps)} of them still without evidence" in run("ledger").stdout


def test_hints_come_one_at_a_time():
    hints = registry.find("sigmoid").hints
    assert run("hint", "sigmoid").stdout == hints[0] + "\n"
    assert [run("hint", "sigmoid_tanh.sigmoid", "--level", level).stdout.strip() for level in (1, 2, 3)] == list(hints)


def test_sync_check_fails_and_names_what_is_stale(monkeypatch):
    from autograder.notebooks import derive

    monkeypatch.setattr(derive, "stale", lambda: ["chapters/x/x_exercises.ipynb is missing; run: autograder sync"])
    outcome = run("sync", "--check")
    assert outcome.exit_code == 1
    assert "run: autograder sync" in outcome.stdout
    monkeypatch.setattr(derive, "stale", list)
    assert run("sync", "--check").exit_code == 0


@pytest.mark.parametrize(("holds", "code"), [(True, 0), (False, 3)])
def test_doctor_tells_what_holds(monkeypatch, holds, code):
    from autograder.sandbox import probe

    layers = [
        probe.Layer("landlock", True, "it refused"),
        probe.Layer("seccomp", holds, "seen", "" if holds else "pip install pyseccomp"),
    ]
    monkeypatch.setattr(probe, "probe", lambda: layers)
    outcome = run("doctor")
    assert outcome.exit_code == code
    assert "numpy" in outcome.stdout
    assert ("pip install pyseccomp" in outcome.stdout) is not holds


@pytest.mark.parametrize("topic", list(registry.topics()))
@pytest.mark.parametrize("filled", [False, True])
def test_untouched_is_worth_nothing_and_filled_everything(tmp_path, topic, filled):
    path = tmp_path / f"{topic}_exercises.ipynb"
    path.write_text(as_text(exercise_notebook(topic, filled)), "utf-8")
    outcome = run("check", path, "--json")
    assert outcome.exit_code == 0, outcome.stderr
    record = json.loads(outcome.stdout)
    statuses = {entry["id"]: entry["status"] for entry in record["exercises"]}
    assert statuses == dict.fromkeys(statuses, "passed" if filled else "not_attempted")
    assert record["percent"] == (100 if filled else 0)
    assert record["max"] == sum(exercise.points for exercise in registry.topics()[topic])
