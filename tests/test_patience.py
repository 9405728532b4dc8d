"""An answer that is endless to judge costs its own exercise, and neither the run nor the next student."""

import os
import subprocess
import sys
import threading
import time

import pytest

from autograder.grading.patience import OutOfPatience, within
from autograder.grading.student import Packet, grade, read
from autograder.sandbox import Sandbox


def forever():
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


def test_what_never_ends_is_ended_though_it_swallows_every_exception():
    with pytest.raises(OutOfPatience):
        within(0.1, forever)


def test_in_a_thread_beside_the_main_one_too():
    seen = []

    def work():
        try:
            within(0.1, forever)
        except OutOfPatience as error:
            seen.append(type(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert seen == [OutOfPatience]


def test_waiting_costs_nothing_and_nothing_is_raised_afterwards():
    assert within(0.2, lambda: time.sleep(0.6) or "rested") == "rested"
    for _ in range(20):
        assert within(0.05, sum, range(10)) == 45
    until = time.process_time() + 0.6
    while time.process_time() < until:
        sum(range(1000))


@pytest.mark.slow
# where the exception meets a destructor first, Python reports and swallows it, and patience sends it again
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_answer_that_is_endless_to_judge_is_held_and_the_next_one_is_judged(monkeypatch):
    from autograder.grading import student

    monkeypatch.setattr(student, "PATIENCE", 1.0)
    monster = "+".join(f"sin(exp(x)*{i})**x" for i in range(1, 200))
    source = f'def expr_sigmoid_second():\n    return "{monster}"\ndef derivation_reflection():\n    return 5\n'
    with Sandbox(isolation="available") as sandbox:
        record = grade(read(Packet("Ana", (("sigmoid_tanh.py", source.encode()),))), sandbox)
    entries = {entry["id"]: entry for entry in record["exercises"]}
    assert (entries["expr_sigmoid_second"]["status"], entries["expr_sigmoid_second"]["held"]) == ("undecided", 1)
    assert "took" in entries["expr_sigmoid_second"]["message"]
    assert entries["derivation_reflection"]["status"] == "failed"


def test_a_submission_that_is_endless_to_read_is_unreadable_and_says_so(monkeypatch):
    from autograder.grading import student

    monkeypatch.setattr(student, "PATIENCE", 0.3)
    files = tuple((f"sigmoid_tanh_{number}.py", b"x = (\n!ls\n") for number in range(5_000))
    work = read(Packet("Ana", files))
    assert (len(work.problems), work.programs) == (len(files), ())
    assert "more code than anybody writes" in work.problems[0][1]
    assert {exercise.topic for exercise in work.exercises} == {"sigmoid_tanh"}


def test_a_profiler_is_no_obstacle():
    """An exception taken back, instead of caught, leaves Python 3.11 in an endless loop under a tracer."""
    script = "from autograder.grading.patience import within; print([within(5, sum, (i, 1)) for i in range(3)])"
    profiled = f"import cProfile; cProfile.run({script!r}, {os.devnull!r})"
    assert subprocess.run([sys.executable, "-c", profiled], capture_output=True, text=True, timeout=60).stdout == "[1, 2, 3]\n"
