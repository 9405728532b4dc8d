"""Grading on a cluster: a real one, of worker processes that are killed, that differ, or that are not there."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

pytest.importorskip("distributed", reason="Dask is an extra: pip install 'activations-proved[dask]'")

import cloudpickle
from distributed import Client, LocalCluster
from typer.testing import CliRunner

from autograder import cli
from autograder.grading import cluster as ours
from autograder.grading import executors
from autograder.grading.cluster import Cluster, attend
from autograder.grading.executors import NoExecutor
from autograder.grading.run import Run
from autograder.grading.schedule import Schedule
from autograder.grading.store import Store
from autograder.grading.student import Packet
from autograder.grading.submissions import find_submissions
from autograder.grading.versions import fingerprint
from autograder.grading.worker import Settings, grade_packets
from tests.grading_runs import (
    ROOT,
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
)  # fmt: skip

# A client that is closed while it waits leaves coroutines behind that nobody awaits any more: Dask's affair.
pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
cloudpickle.register_pickle_by_value(sys.modules[__name__])  # the workers cannot import a test
NAPS = "import time\ntime.sleep(0.4)\n"  # long enough to be caught in the middle of it


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=2, processes=True, dashboard_address=":0") as cluster:
        yield cluster
    gc.collect()  # what it leaves is to complain here, where it is ignored, and not in the tests of another file


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    """A class, and the folder of a local run of it."""
    folder = tmp_path_factory.mktemp("class")
    place = lay_out(folder / "class", 14, NAPS)
    Run(find_submissions(place), Store(folder / "local"), Settings(isolation="available")).grade(executors.Here, 1)
    return place, folder / "local"


def test_a_worker_that_is_killed_while_it_grades_costs_nothing_and_nobody_is_kept_twice(cluster, class_, tmp_path):
    place, local = class_
    out = tmp_path / "out"
    with started(place, out, "--executor", f"dask:{cluster.scheduler_address}") as process:
        wait_for_results(process, out, 1)
        with Client(cluster, set_as_default=False) as client:
            address, pid = next(iter(client.run(os.getpid).items()))
            family = descendants(pid)
            os.kill(pid, signal.SIGSTOP)  # so that it cannot finish between being seen at work and being killed
            time.sleep(0.5)
            in_hand = client.processing()[address]
            os.kill(pid, signal.SIGKILL)
        assert process.wait() == 0, said(out)
    assert in_hand
    assert family  # its zygote
    wait_for_the_end_of(family)
    assert table(out) == table(local)
    assert rows(out) == sorted(set(rows(out)))
    assert sorted(journal(out)) == rows(out)
    assert record(out)["complete"] is True
    assert "graded in" in said(out)
    assert "distributed" not in said(out)


def test_ctrl_c_leaves_the_cluster_without_a_word_too_many(cluster, class_, tmp_path):
    out = tmp_path / "out"
    with started(class_[0], out, "--executor", f"dask:{cluster.scheduler_address}") as process:
        wait_for_results(process, out, 1)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert 1 <= len(rows(out)) < 14
    assert [line.split(":")[0] for line in said(out).splitlines()] == ["Stopped", "To go on"]


@pytest.fixture
def doomed():
    """A scheduler and a worker in a process of their own, to be killed with everything."""
    code = (
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    c = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=':0')\n"
        "    print(c.scheduler_address, flush=True)\n"
        "    input()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_a_scheduler_that_dies_leaves_a_valid_table_and_says_how_to_go_on(doomed, class_, tmp_path):
    (scheduler, address), (place, local), out = doomed, class_, tmp_path / "out"
    with started(place, out, "--executor", f"dask:{address}") as process:
        wait_for_results(process, out, 1)
        family = descendants(scheduler.pid)
        scheduler.kill()
        assert process.wait() == 1, said(out)
    wait_for_the_end_of(family)
    assert "Traceback" not in said(out)
    assert f"no Dask scheduler answers at {address}" in said(out)
    assert f"To go on: autograder grade {place}" in said(out)
    assert 1 <= len(rows(out)) < 14
    assert record(out)["complete"] is False
    kept = journal(out)
    with started(place, out, "--jobs", "1", "--resume") as process:
        assert process.wait() == 0, said(out)
    assert table(out) == table(local)
    assert sorted(journal(out)) == sorted({*kept, *rows(out)})


def grade(place, out, address):
    words = ["grade", place, "--out", out, "--isolation", "available", "--executor", f"dask:{address}"]
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def test_a_worker_with_another_version_of_the_course_is_refused_by_name(cluster, class_, tmp_path, monkeypatch):
    monkeypatch.setattr(ours, "fingerprint", lambda: fingerprint() | {"the course": "0123456789abcdef"})
    outcome = grade(class_[0], tmp_path / "out", cluster.scheduler_address)
    assert outcome.exit_code == 2
    assert os.uname().nodename in outcome.stderr
    assert f"the course is {fingerprint()['the course']} there and 0123456789abcdef here" in outcome.stderr
    assert "start the worker anew" in outcome.stderr
    assert not (tmp_path / "out").exists()  # refused before its first result, it leaves nothing behind


def test_a_scheduler_that_does_not_answer_is_said_so(class_, tmp_path, monkeypatch):
    monkeypatch.setattr(ours, "PATIENCE", 0.5)
    for address in ("tcp://127.0.0.1:9", "127.0.0.1", "foo://127.0.0.1:9"):
        outcome = grade(class_[0], tmp_path / "out", address)
        assert outcome.exit_code == 2
        assert f"no Dask scheduler answers at {address}" in outcome.stderr
        assert "--executor local" in outcome.stderr


def test_a_scheduler_without_workers_is_not_waited_for_forever(tmp_path, class_, monkeypatch):
    monkeypatch.setattr(ours, "DESERTED", 0.5)
    with LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as empty:
        outcome = grade(class_[0], tmp_path / "out", empty.scheduler_address)
    assert outcome.exit_code == 2
    assert "has had no worker for" in outcome.stderr
    assert "dask worker" in outcome.stderr


def test_an_item_that_kills_every_worker_costs_no_other(cluster, monkeypatch):
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    schedule = Schedule(lambda: Cluster(cluster.scheduler_address), 1, (NoExecutor,))
    outcome = list(schedule.results(double_or_die, [1, 2, -1, 3], 4))
    assert sorted((item, result) for item, result in outcome if item > 0) == [(1, 2), (2, 4), (3, 6)]
    assert [type(result).__name__ for item, result in outcome if item < 0] == ["KilledWorker"]


def double_or_die(chunk):
    if any(item < 0 for item in chunk):
        os.kill(os.getpid(), signal.SIGKILL)
    return [item * 2 for item in chunk]


def test_work_that_raises_is_told_apart_from_a_cluster_that_cannot_work(cluster):
    executor = Cluster(cluster.scheduler_address)
    try:
        error = executor.submit(divide, [1, 0]).exception()
        assert isinstance(error, ZeroDivisionError)
        unknown = executor.submit(Missing(), [1]).exception()
        assert isinstance(unknown, NoExecutor)
        assert "no_such_module" in str(unknown)
        assert "same version" in str(unknown)
    finally:
        executor.shutdown()


def divide(chunk):
    return [1 / item for item in chunk]


class Missing:
    """Work that the other side cannot even read."""

    def __reduce__(self):
        return __import__, ("no_such_module",)


def test_a_worker_judges_one_chunk_at_a_time_however_many_threads_it_has():
    busy, most = [], []

    def work(chunk):
        busy.append(1)
        most.append(len(busy))
        time.sleep(0.02)
        busy.pop()
        return chunk

    threads = [threading.Thread(target=attend, args=(fingerprint(), work, [1])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 4


def test_a_worker_that_serves_another_run_closes_the_sandbox_of_the_first():
    packets = [Packet("Ana", ())]
    me, seen = os.getpid(), []
    for limit in (9.0, 8.0, 9.0):
        grade_packets(packets, Settings(isolation="available", time_limit=limit))
        seen.append(len(descendants(me)))
    assert len(set(seen)) == 1
