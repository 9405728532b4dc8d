"""A run loses nothing: killed, interrupted, out of disk, or with workers that die, it comes to the same table."""

import random
import subprocess
import time
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from autograder import cli
from autograder.grading import executors, worker
from autograder.grading.run import Run, content_digest, pack
from autograder.grading.store import Busy, Store
from autograder.grading.student import Packet
from autograder.grading.submissions import find_submissions
from autograder.grading.worker import Settings
from tests.grading_runs import (
    SIGMOID,
    descendants,
    journal,
    lay_out,
    record,
    rows,
    said,
    started,
    table,
    wait_for_results,
    wait_for_the_end_of,
    without_times,
)  # fmt: skip

SETTINGS = Settings(isolation="available")
EVERYONE = [f"student {n:02}" for n in range(12)]


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    """A class of twelve, and the folder of a run of it that nothing disturbed."""
    folder = tmp_path_factory.mktemp("class")
    run = Run(find_submissions(lay_out(folder / "class", 12)), Store(folder / "whole"), SETTINGS)
    run.grade(executors.Here, 1)
    return folder / "class", folder / "whole"


def grade(place, out, *more):
    words = ["grade", place, "--out", out, "--isolation", "available", "--jobs", "1", *more]
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def test_a_run_that_is_killed_leaves_nobody_behind_and_resumes_to_the_same_table(class_, tmp_path):
    place, whole = class_
    out = tmp_path / "killed"
    with started(place, out, "--jobs", "2") as process:
        wait_for_results(process, out, 2)
        family = descendants(process.pid)
    assert len(family) >= 4  # at least two workers and their sandboxes
    assert not (out / "grades.csv").exists()
    wait_for_the_end_of(family)

    before = Store(out).kept()
    assert 2 <= len(before) < 12
    resumed = Run(find_submissions(place), Store(out), SETTINGS)
    resumed.grade(executors.Here, 1, resume=True)
    assert resumed.complete
    assert resumed.known == len(before)
    assert table(out) == table(whole)
    assert without_times(out) == without_times(whole)


def test_killed_again_and_again_it_comes_to_the_same_table(class_, tmp_path):
    place, whole = class_
    out, dice = tmp_path / "out", random.Random(4)
    for number in range(1, 12, 2):
        with started(place, out, "--jobs", "1", "--resume") as process:
            wait_for_results(process, out, number)
            time.sleep(dice.random() / 20)
        for line in journal(out):
            assert line in EVERYONE
    assert grade(place, out, "--resume").exit_code == 0
    assert table(out) == table(whole)
    assert sorted(journal(out)) == EVERYONE
    assert not list(out.rglob("*.part"))


def test_a_full_disk_keeps_what_is_graded_and_goes_on_once_there_is_room(class_, tmp_path):
    place, whole = class_
    disk = tmp_path / "disk"
    disk.mkdir()
    size = sum(path.stat().st_size for path in (whole / "results").iterdir()) // 2 // 1024
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be made here: {mounted.stderr.decode().strip()}")
    try:
        with started(place, tmp_path / "first", "--out", str(disk / "out"), "--jobs", "1") as process:
            assert process.wait() == 1, said(tmp_path / "first")
        kept = Store(disk / "out").kept()
        assert 1 <= len(kept) < 12
        assert "No space left" in said(tmp_path / "first")
        assert f"{len(kept)} of 12" in said(tmp_path / "first")
        assert "--resume" in said(tmp_path / "first")
        assert "Traceback" not in said(tmp_path / "first")
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        assert grade(place, disk / "out", "--resume").exit_code == 0
        assert table(disk / "out") == table(whole)
        assert sorted(set(journal(disk / "out"))) == EVERYONE
        assert not list(disk.rglob("*.part"))
    finally:
        subprocess.run(["umount", disk], check=True)


def test_two_runs_never_write_to_one_folder(class_, tmp_path):
    out = tmp_path / "out"
    with started(class_[0], out, "--jobs", "1") as process:
        wait_for_results(process, out, 1)
        outcome = grade(class_[0], out, "--resume")
        assert outcome.exit_code == 2
        assert "another run is writing" in outcome.stderr
        assert process.wait() == 0
    assert table(out) == table(class_[1])
    with Store(out).claimed(), pytest.raises(Busy), Store(out).claimed():
        pass


def test_what_cannot_start_leaves_an_earlier_run_as_it_was(class_, tmp_path):
    place, out = class_[0], tmp_path / "out"
    run = Run(find_submissions(place), Store(out), SETTINGS)
    run.grade(executors.Here, 1)
    before = table(out), record(out), without_times(out)

    def nobody():
        raise executors.NoExecutor("no cluster today")

    for settings, resume in ((SETTINGS, False), (replace(SETTINGS, seed=1), True)):
        with pytest.raises(executors.NoExecutor):
            Run(find_submissions(place), Store(out), settings).grade(nobody, 1, resume)
        assert (table(out), record(out), without_times(out)) == before
    (tmp_path / "mine").mkdir()
    for folder in ("mine", "new"):
        with pytest.raises(executors.NoExecutor):
            Run(find_submissions(place), Store(tmp_path / folder), SETTINGS).grade(nobody, 1)
    assert {path.name for path in tmp_path.iterdir()} == {"out", "mine"}
    again = Run(find_submissions(place), Store(out), SETTINGS)
    again.grade(nobody, 1, resume=True)  # there is nothing left that would need a cluster
    assert again.complete


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


def test_two_students_whose_names_differ_only_in_case_each_keep_their_result(tmp_path):
    for number, name in enumerate(("Ana", "ana"), 1):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "work.py").write_text(SIGMOID.format(number), "utf-8")
    assert grade(tmp_path / "class", tmp_path / "out").exit_code == 0
    shares = [line.split(",")[-1] for line in table(tmp_path / "out").decode().splitlines()[1:]]
    assert rows(tmp_path / "out") == ["Ana", "ana"]
    assert shares[0] != shares[1]
    for folder in ("results", "students", "gradescope"):
        assert len({path.name.casefold() for path in (tmp_path / "out" / folder).iterdir()}) == 2
    before = without_times(tmp_path / "out")
    again = Run(find_submissions(tmp_path / "class"), Store(tmp_path / "out"), SETTINGS)
    again.grade(executors.Here, 1, resume=True)
    assert again.known == 2
    assert without_times(tmp_path / "out") == before


def test_the_progress_counts_every_student_once_and_knows_who_was_there_before(tmp_path):
    place, seen = lay_out(tmp_path / "class", 3), []
    for _ in range(2):
        run = Run(find_submissions(place), Store(tmp_path / "out"), SETTINGS)
        run.on_progress = lambda *counts: seen.append(counts)
        run.grade(executors.Here, 1, resume=True)
        (place / "student 02" / "work.py").write_text("", "utf-8")
    assert seen == [(1, 0), (2, 0), (3, 0), (1, 1), (2, 2), (3, 2)]


class Heir(executors.Here):
    """In the place of forks: what this process prepares, its worker finds ready."""

    inherits = True


def test_what_is_prepared_before_the_first_submission_is_told_exercise_by_exercise(tmp_path):
    place, seen = lay_out(tmp_path / "class", 2, first="def softmax(x): return x\n"), []
    run = Run(find_submissions(place), Store(tmp_path / "out"), SETTINGS)
    run.on_preparing = lambda *counts: seen.append((*counts, len(run.done)))
    run.grade(Heir, 1)
    assert seen == [(0, 2, 0), (1, 2, 0), (2, 2, 0)]
    assert run.complete


def test_a_stop_that_the_preparation_swallows_is_heeded_before_the_next_exercise(tmp_path, monkeypatch):
    place, asked = lay_out(tmp_path / "class", 2, first="def softmax(x): return x\n"), []
    monkeypatch.setattr(worker, "foresee", lambda exercise, seed: asked.append(exercise.id))
    run = Run(find_submissions(place), Store(tmp_path / "out"), SETTINGS, stopping=lambda: asked)
    with pytest.raises(KeyboardInterrupt):
        run.grade(Heir, 1)
    assert len(asked) == 1
    assert rows(tmp_path / "out") == []


def test_memory_holds_no_more_than_what_is_under_way(tmp_path):
    submissions = find_submissions(lay_out(tmp_path / "class", 3))
    assert all(callable(file.read) for submission in submissions for file in submission.files)
    assert pack(submissions[0]).files[0][1].startswith(b"import numpy")
