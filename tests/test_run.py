"""A run loses nothing: killed, interrupted, or with workers that die, it comes to the same table."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from typer.testing import CliRunner

from autograder import cli
from autograder.grading import executors
from autograder.grading.run import Run, content_digest, course_digest, pack
from autograder.grading.store import Store
from autograder.grading.student import Packet
from autograder.grading.submissions import find_submissions
from autograder.grading.worker import Settings

ROOT = Path(__file__).parent.parent
SETTINGS = Settings(isolation="available")
SIGMOID = "import numpy as np\ndef sigmoid(x):\n    return {} / (1 + np.exp(-x))\n"


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


def test_the_grader_itself_is_part_of_what_a_result_depends_on(tmp_path, monkeypatch):
    """A judge that was mended judges everybody anew, also under --resume."""
    read = Path.read_bytes
    judge = ROOT / "autograder" / "judges" / "numeric.py"
    before = course_digest.__wrapped__()
    assert course_digest.__wrapped__() == before
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b"\n" * (path == judge))
    assert course_digest.__wrapped__() != before


def test_a_full_disk_keeps_what_is_graded_and_says_how_to_go_on(tmp_path, monkeypatch):
    place, keep, kept = lay_out(tmp_path / "class", 3), Store.keep, []

    def filling(store, result, digest):
        if len(kept) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        kept.append(result["student"])
        keep(store, result, digest)

    monkeypatch.setattr(Store, "keep", filling)
    words = ["grade", str(place), "--out", str(tmp_path / "out"), "--isolation", "available", "--jobs", "1"]
    outcome = CliRunner().invoke(cli.app, words)
    assert outcome.exit_code == 2
    assert "No space left" in outcome.stderr
    assert "2 of 3" in outcome.stderr
    assert "--resume" in outcome.stderr
    monkeypatch.setattr(Store, "keep", keep)
    assert CliRunner().invoke(cli.app, [*words, "--resume"]).exit_code == 0
    assert table(tmp_path / "out").count("student ") == 3
