"""A run that is stopped, at whatever moment and however often, leaves a valid table and says how to go on."""

import os
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from autograder import cli, reports
from autograder.grading.store import Store
from autograder.grading.worker import Graded
from tests.grading_runs import (
    ROOT,
    descendants,
    lay_out,
    record,
    rows,
    said,
    started,
    wait_for_results,
    wait_for_the_end_of,
)

EVERYONE = [f"student {n:02}" for n in range(12)]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return lay_out(tmp_path_factory.mktemp("class") / "class", 12)


def grade(place, out, *more):
    words = ["grade", place, "--out", out, "--isolation", "available", "--jobs", "1", *more]
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def test_ctrl_c_leaves_a_valid_table_and_says_how_to_go_on(place, tmp_path):
    out = tmp_path / "out"
    with started(place, out, "--jobs", "2") as process:
        wait_for_results(process, out, 1)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert "Traceback" not in said(out)
    assert f"To go on: autograder grade {place}" in said(out)
    assert "--resume" in said(out)
    assert 1 <= len(rows(out)) < 12
    assert record(out)["complete"] is False
    assert record(out)["graded"] == len(rows(out))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_machine_that_shuts_down_and_a_terminal_that_closes_are_heeded_too(place, tmp_path, number, code):
    out = tmp_path / "out"
    with started(place, out, "--jobs", "1") as process:
        wait_for_results(process, out, 1)
        process.send_signal(number)
        assert process.wait() == code
    assert 1 <= len(rows(out)) < 12
    assert "--resume" in said(out)


def test_a_terminal_that_closes_does_not_matter_under_nohup(place, tmp_path):
    out = tmp_path / "out"
    with started(place, out, "--jobs", "1", before=["nohup"]) as process:
        wait_for_results(process, out, 1)
        process.send_signal(signal.SIGHUP)
        assert process.wait() == 0, said(out)
    assert rows(out) == EVERYONE


INTERRUPTED = (130, -signal.SIGINT)  # a shell shows both as 130


@pytest.mark.parametrize("module", ["typer", "numpy", "autograder.grading.run", "rich.console", "autograder.reports"])
def test_ctrl_c_while_it_starts_ends_without_a_traceback(place, tmp_path, module):
    code = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *more):\n"
        f"        if name == {module!r}:\n"
        "            sys.meta_path.remove(self)\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        f"sys.argv[1:] = ['grade', {str(place)!r}, '--out', {str(tmp_path / 'out')!r}]\n"
        "from autograder.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in INTERRUPTED
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [1, 4])
def test_ctrl_c_while_its_processes_start_ends_without_a_traceback(place, tmp_path, number):
    """As a terminal sends it: to the command and to all that it has started."""
    out = tmp_path / "out"
    with started(place, out, "--jobs", "2", before=["setsid"]) as process:
        while len(family := descendants(process.pid)) < number:
            assert process.poll() is None, said(out)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait() in INTERRUPTED, said(out)
    wait_for_the_end_of(family)
    assert "Traceback" not in said(out)
    assert "To go on" in said(out)
    assert set(rows(out)) < set(EVERYONE)


@pytest.fixture
def _signals_as_before():
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, was in zip(numbers, before, strict=True):
        signal.signal(number, was)


@pytest.mark.usefixtures("_signals_as_before")
def test_an_impatient_second_ctrl_c_does_not_cut_short_the_table(place, tmp_path, monkeypatch):
    write = Store.write_table

    def interrupted(store, *of):
        os.kill(os.getpid(), signal.SIGINT)
        write(store, *of)

    def interrupt(store, result, digest):
        keep(store, result, digest)
        os.kill(os.getpid(), signal.SIGINT)

    keep = Store.keep
    monkeypatch.setattr(Store, "keep", interrupt)
    monkeypatch.setattr(Store, "write_table", interrupted)
    outcome = grade(place, tmp_path / "out")
    assert outcome.exit_code == 130
    assert "1 of 12" in outcome.stderr
    assert len(rows(tmp_path / "out")) == 1


@pytest.mark.usefixtures("_signals_as_before")
def test_ctrl_c_during_the_reports_says_that_only_they_are_missing(place, tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "write_all", lambda folder: os.kill(os.getpid(), signal.SIGINT))
    outcome = grade(place, tmp_path / "out")
    assert outcome.exit_code == 130
    assert "only the reports are not written" in outcome.stderr
    assert rows(tmp_path / "out") == EVERYONE
    assert record(tmp_path / "out")["complete"] is True


@pytest.mark.usefixtures("_signals_as_before")
def test_a_ctrl_c_that_the_work_swallows_is_heeded_all_the_same(place, tmp_path, monkeypatch):
    """A reference under observation swallows every exception, and the result is not worth keeping then."""
    from autograder.grading import run

    def swallow(packets, settings):
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            return [Graded({"student": packet.student}, {}) for packet in packets]

    monkeypatch.setattr(run, "grade_packets", swallow)
    outcome = grade(place, tmp_path / "out")
    assert outcome.exit_code == 130
    assert rows(tmp_path / "out") == []
