"""The progress of a run: at which rate, how long it will take, and how little of it a log is told."""

import io
import sys
import threading

import pytest

from autograder.grading import bar as bars
from autograder.grading.bar import Pace, bar


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_rate_and_remaining_time_are_those_of_what_was_graded(clock):
    pace = Pace(100, clock)
    assert str(pace) == ""
    clock.now += 5
    pace.done = 20
    assert str(pace) == "4.0 a second, 0:20 left"


def test_what_was_known_before_took_no_time(clock):
    pace = Pace(100, clock)
    pace.done = pace.known = 60
    clock.now += 10
    assert str(pace) == ""
    pace.done = 80
    assert str(pace) == "2.0 a second, 0:10 left"


@pytest.mark.parametrize(
    ("done", "words"), [(1, "50.0 s each, 2:29:10 left"), (100, "2.0 a second, 0:40 left"), (180, "3.6 a second, 0:00 left")]
)
def test_slow_and_fast_runs_are_told_in_numbers_that_can_be_read(clock, done, words):
    pace = Pace(180, clock)
    clock.now += 50
    pace.done = done
    assert str(pace) == words


def test_a_log_is_told_now_and_then(monkeypatch, clock):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(Pace.__init__, "__defaults__", (clock, 0, 0))
    with bar(1_000) as show:
        for number in range(1, 1_001):
            clock.now += 0.1
            show(number, 0)
    assert log.getvalue().splitlines() == [
        "301 of 1000 graded, 10.0 a second, 1:10 left",
        "602 of 1000 graded, 10.0 a second, 0:40 left",
        "903 of 1000 graded, 10.0 a second, 0:10 left",
    ]


def test_a_short_run_leaves_a_log_alone(monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with bar(10) as show:
        for number in range(10):
            show(number, 0)
    assert log.getvalue() == ""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def at_a_terminal(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    return terminal


def test_what_comes_before_the_first_submission_is_named_and_takes_nothing_from_the_pace(clock, monkeypatch):
    terminal = at_a_terminal(monkeypatch)
    monkeypatch.setattr(Pace.__init__, "__defaults__", (clock, 0, 0))
    with bar(10) as show:
        for number in range(4):
            clock.now += 60
            show.preparing(number, 3)
            shown = terminal.getvalue().rpartition("\r")[2]
            assert ("grading" in shown, bars.PREPARING in shown) == ((False, True) if number < 3 else (True, False))
        clock.now += 5
        show(10, 0)
    assert "2/3" in terminal.getvalue()
    assert "2.0 a second, 0:00 left" in terminal.getvalue()


def test_a_log_is_told_of_a_long_preparation_too(monkeypatch, clock):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(Pace.__init__, "__defaults__", (clock, 0, 0))
    with bar(10) as show:
        for number in range(101):
            clock.now += 0.5
            show.preparing(number, 100)
    assert log.getvalue() == f"{bars.PREPARING}: 59 of 100 exercises\n"


def test_a_bar_brings_no_thread_along_which_would_keep_workers_from_being_forks(monkeypatch):
    at_a_terminal(monkeypatch)
    before = threading.active_count()
    with bar(10) as show:
        show.preparing(0, 3)
        show(1, 0)
        assert threading.active_count() == before


def test_a_terminal_sees_a_bar(monkeypatch):
    terminal = at_a_terminal(monkeypatch)
    with bar(10) as show:
        for number in range(5, 11):
            show(number, 5)
    assert "10/10" in terminal.getvalue()
    assert "a second, 0:00 left" in terminal.getvalue()
    assert bars.QUIET > 0
