"""A run loses nothing: killed, interrupted, or with workers that die, it comes to the same table."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.grading import executors
from autograder.grading.run import Run, content_digest, pack
from autograder.grading.schedule import Schedule
from autograder.grading.store import Store
from autograder.grading.student import Packet, grade, lost, read
from autograder.grading.submissions import find_submissions
from autograder.grading.worker import Settings
from autograder.sandbox import Sandbox

ROOT = Path(__file__).parent.parent
SETTINGS = Settings(isolation="available")
SIGMOID = "import numpy as np\ndef sigmoid(x):\n    return {} / (1 + np.exp(-x))\n"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(isolation="available") as opened:
        yield opened


def lay_out(folder, number):
    for n in range(number):
        (folder / f"student {n:02}").mkdir(parents=True)
        (folder / f"student {n:02}" / "work.py").write_text(SIGMOID.format(1 + n % 3), "utf-8")
    return folder


@contextmanager
def started(place, out, *more):
    """The command in a process of its own; what it says goes into a file beside `out`."""
    words = ["-m", "autograder", "grade", str(place), "--out", str(out), "--isolation", "available", *more]
    with out.with_suffix(".said").open("w") as said:
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_for_results(process, out, number):
    journal = out / "journal.jsonl"
    while not journal.exists() or journal.read_text("utf-8").count("\n") < number:
        assert process.poll() is None, out.with_suffix(".said").read_text()
        time.sleep(0.005)


def table(out):
    return (out / "grades.csv").read_text("utf-8")


def without_times(out):
    found = {}
    for path in (out / "results").iterdir():
        record = json.loads(path.read_text("utf-8"))
        for entry in record["exercises"]:
            del entry["seconds"]
        found[record["student"]] = record
    return found


def test_a_run_that_is_killed_leaves_nobody_behind_and_resumes_to_the_same_table(tmp_path):
    place = lay_out(tmp_path / "class", 12)
    whole = Run(find_submissions(place), Store(tmp_path / "whole"), SETTINGS)
    whole.grade(executors.Here, 1)

    out = tmp_path / "killed"
    with started(place, out, "--jobs", "2") as process:
        wait_for_results(process, out, 2)
        family = descendants(process.pid)
    assert len(family) >= 4  # at least two workers and their sandboxes
    kept = len(list((out / "results").glob("*.json")))
    assert 2 <= kept < 12
    assert not (out / "grades.csv").exists()
    while any(map(is_alive, family)):  # a worker that outlived its parent would keep this test from ending
        time.sleep(0.05)

    resumed = Run(find_submissions(place), Store(out), SETTINGS)
    before = resumed.store.kept()
    resumed.grade(executors.Here, 1, resume=True)
    assert len(before) >= 2
    assert resumed.complete
    journal = (out / "journal.jsonl").read_text("utf-8").split("\n")
    assert len([line for line in journal if line]) <= kept + (12 - len(before))
    assert table(out) == table(tmp_path / "whole")
    assert without_times(out) == without_times(tmp_path / "whole")


def test_ctrl_c_leaves_a_valid_table_and_says_how_to_go_on(tmp_path):
    place, out = lay_out(tmp_path / "class", 12), tmp_path / "out"
    with started(place, out, "--jobs", "2") as process:
        wait_for_results(process, out, 1)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    said = out.with_suffix(".said").read_text()
    assert "Traceback" not in said
    assert f"To go on: autograder grade {place}" in said
    assert "--resume" in said
    rows = table(out).splitlines()[1:]
    assert 1 <= len(rows) < 12
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert record["complete"] is False
    assert record["graded"] == len(rows)


def descendants(pid):
    children = (task / "children" for task in Path(f"/proc/{pid}/task").iterdir())
    found = [int(child) for file in children for child in file.read_text().split()]
    return found + [inner for child in found for inner in descendants(child)]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Fragile(Executor):
    """An executor that breaks for good at a poisoned item, as a pool does when one of its processes dies."""

    made = 0

    def __init__(self):
        Fragile.made += 1
        self.broken = False

    def submit(self, work, items, *more):
        if self.broken:
            raise BrokenProcessPool("broken already")
        future = Future()
        if any(item == "poison" for item in items):
            self.broken = True
            future.set_exception(BrokenProcessPool("a process died"))
        else:
            future.set_result(work(items, *more))
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        pass


@pytest.mark.parametrize("size", [1, 3, 20])
def test_a_worker_that_dies_costs_one_item_and_no_other(size):
    items = [*range(9), "poison", *range(9, 12), "poison", 12]
    schedule = Schedule(Fragile, 2)
    outcome = list(schedule.results(lambda chunk: [item * 2 for item in chunk], items, size))
    assert sorted(item for item, _ in outcome if item != "poison") == list(range(13))
    assert all(result == item * 2 for item, result in outcome if item != "poison")
    assert [type(result) for item, result in outcome if item == "poison"] == [BrokenProcessPool] * 2


def test_an_item_that_raises_is_tried_alone_and_the_others_keep_their_results():
    def work(chunk):
        return [1 / item for item in chunk]

    with ThreadPoolExecutor(2) as pool:
        outcome = dict(Schedule(lambda: pool, 2).results(work, [1, 2, 0, 4], 4))
    assert isinstance(outcome.pop(0), ZeroDivisionError)
    assert outcome == {1: 1, 2: 0.5, 4: 0.25}


def test_a_fatal_error_ends_everything():
    def work(chunk):
        raise PermissionError("no isolation")

    with pytest.raises(PermissionError):
        list(Schedule(executors.Here, 1, fatal=(PermissionError,)).results(work, [1, 2], 1))


def test_only_a_few_chunks_are_in_hand_at_a_time():
    drawn, finished, most = 0, 0, 0

    def items():
        nonlocal drawn
        for number in range(200):
            drawn += 1
            yield number

    with ThreadPoolExecutor(2) as pool:
        for _ in Schedule(lambda: pool, 2).results(list, items(), 5):
            finished += 1
            most = max(most, drawn - finished)
    assert finished == 200
    assert most <= 5 * 2 * 2 + 5


def test_a_local_pool_survives_a_worker_that_is_killed():
    items = [0.0, 0.0, -1.0, 0.0]
    outcome = list(Schedule(lambda: executors.Local(2), 2).results(_sleep_or_die, items, 1))
    assert sorted(result for item, result in outcome if item == 0.0) == [0.0] * 3
    assert [type(result) for item, result in outcome if item == -1.0] == [BrokenProcessPool]


def _sleep_or_die(chunk):
    for item in chunk:
        if item < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return chunk


def test_the_digest_changes_with_whatever_decides_the_result():
    packet = Packet("Ana", (("a.py", b"1"), ("b.py", b"2")))
    others = [
        (Packet("Bo", packet.files), SETTINGS),
        (Packet("Ana", (("a.py", b"1"), ("b.py", b"3"))), SETTINGS),
        (Packet("Ana", (("a.py", b"12"), ("b.py", b""))), SETTINGS),
        (Packet("Ana", packet.files, (("c.py", "broken"),)), SETTINGS),
        (packet, Settings(seed=1, isolation="available")),
        (packet, Settings(time_limit=9, isolation="available")),
    ]
    digests = {content_digest(*other) for other in others} | {content_digest(packet, SETTINGS)}
    assert len(digests) == len(others) + 1


def test_a_submission_that_changed_is_graded_again(tmp_path):
    place = lay_out(tmp_path / "class", 3)
    graded = []
    for text in (None, SIGMOID.format(7)):
        if text:
            (place / "student 01" / "work.py").write_text(text, "utf-8")
        run = Run(find_submissions(place), Store(tmp_path / "out"), SETTINGS)
        before = run.store.kept()
        run.grade(executors.Here, 1, resume=True)
        graded.append({name for name, digest in run.store.kept().items() if before.get(name) != digest})
    assert graded == [{"student 00", "student 01", "student 02"}, {"student 01"}]


def test_the_progress_counts_every_student_once(tmp_path):
    seen = []
    run = Run(find_submissions(lay_out(tmp_path / "class", 3)), Store(tmp_path / "out"), SETTINGS, seen.append)
    run.grade(executors.Here, 1)
    assert sorted(seen) == ["student 00", "student 01", "student 02"]
    assert run.complete


def test_memory_holds_no_more_than_what_is_under_way(tmp_path):
    submissions = find_submissions(lay_out(tmp_path / "class", 3))
    assert all(callable(file.read) for submission in submissions for file in submission.files)
    assert pack(submissions[0]).files[0][1].startswith(b"import numpy")


def test_a_lost_submission_is_a_row_of_zeros_with_the_reason():
    record = lost(Packet("Ana", (("sigmoid_tanh_exercises.ipynb", b"x"),)), "killed", "The machine caught fire.")
    assert record["total"] == 0
    assert record["max"] == sum(entry["max"] for entry in record["exercises"]) > 0
    assert {entry["status"] for entry in record["exercises"]} == {"killed"}
    assert record["notes"] == ["The machine caught fire."]


def graded_alone(sandbox, *files):
    record = grade(read(Packet("Ana", files)), sandbox)
    return {entry["id"]: entry for entry in record["exercises"]}


def test_two_notebooks_with_helpers_of_the_same_name_do_not_disturb_each_other(sandbox):
    def notebook(*cells):
        return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()

    first = notebook(
        "import numpy as np",
        "def helper(x):\n    return np.exp(-np.abs(x))",
        "def sigmoid(x):\n    e = helper(x)\n    return np.where(x >= 0, 1, e) / (1 + e)",
    )
    second = notebook(
        "import numpy as np",
        "def helper(z, axis):\n    return z - np.max(z, axis=axis, keepdims=True)",
        "def softmax(z, axis=-1):\n    e = np.exp(helper(z, axis))\n    return e / e.sum(axis=axis, keepdims=True)",
        "def log_softmax(z, axis=-1):\n    raise NotImplementedError",
    )
    entries = graded_alone(sandbox, ("a.ipynb", first), ("b.ipynb", second))
    assert entries["sigmoid"]["status"] == "passed"
    assert entries["softmax"]["status"] == "passed"


def test_a_helper_named_like_an_exercise_of_another_topic_brings_no_second_topic_in(sandbox):
    source = b"import numpy as np\ndef softmax(z): return z\ndef sigmoid(x): return x\ndef complement(x): return x\n"
    entries = graded_alone(sandbox, ("sigmoid_tanh.py", source))
    assert "sigmoid" in entries
    assert "softmax" not in entries


def test_a_judge_that_stumbles_holds_the_points(sandbox, monkeypatch):
    from autograder.grading import student

    def stumble(*args):
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(student, "judge", stumble)
    entry = graded_alone(sandbox, ("work.py", SIGMOID.format(1).encode()))["sigmoid"]
    assert (entry["status"], entry["score"], entry["held"]) == ("undecided", 0, entry["max"])
    assert "a mistake of ours" not in entry["message"]


def test_a_definition_that_fails_while_loading_is_an_error(sandbox):
    source = b"import numpy as np\n@magic\ndef sigmoid(x):\n    return x\ncomplement = np.nothing\n"
    entries = graded_alone(sandbox, ("work.py", source))
    assert entries["sigmoid"]["status"] == "error"
    assert entries["complement"]["status"] == "error"
    assert entries["tanh_grad"]["status"] == "not_attempted"
