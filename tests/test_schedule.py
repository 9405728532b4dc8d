"""Work is spread over executors that may break, and no item is lost with them."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from autograder.grading import executors
from autograder.grading.schedule import MOST_LOSSES, Disconnected, Schedule


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


class Unreachable(Executor):
    """An executor that is lost after so many chunks, and made anew."""

    made = 0

    def __init__(self, lasts):
        Unreachable.made += 1
        self.lasts = lasts

    def submit(self, work, items):
        self.lasts -= 1
        future = Future()
        if self.lasts == -1:
            future.set_exception(Disconnected("the way is gone"))
        elif self.lasts >= 0:
            future.set_result(work(items))
        return future  # a later one is never heard of again


def test_work_in_hand_when_the_way_is_lost_is_handed_out_again():
    Unreachable.made = 0
    sizes = []

    def work(chunk):
        sizes.append(len(chunk))
        return chunk

    outcome = list(Schedule(lambda: Unreachable(2), 2).results(work, range(30), 2))
    assert sorted(outcome) == [(item, item) for item in range(30)]
    assert Unreachable.made == 8
    assert set(sizes) == {2}  # nobody is suspected, and tried alone


def test_a_way_that_is_lost_again_and_again_is_given_up():
    Unreachable.made = 0
    with pytest.raises(Disconnected):
        list(Schedule(lambda: Unreachable(0), 2).results(list, range(30), 2))
    assert Unreachable.made == MOST_LOSSES + 1


def test_what_a_worker_gives_back_is_handed_out_again():
    chunks = []

    def slow(chunk):
        chunks.append(chunk)
        return chunk[:1]

    outcome = list(Schedule(executors.Here, 1).results(slow, range(7), 3))
    assert sorted(outcome) == [(item, item) for item in range(7)]
    assert max(map(len, chunks)) == 3


def test_an_executor_that_knows_its_width_is_believed():
    class Wide(executors.Here):
        width = 3

    drawn = 0

    def items():
        nonlocal drawn
        for number in range(20):
            drawn += 1
            yield number

    schedule = Schedule(Wide, 1)
    results = schedule.results(list, items(), 1)
    next(results)
    assert schedule.width == 3
    assert drawn == 6
    results.close()


def _sleep_or_die(chunk):
    for item in chunk:
        if item < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return chunk


def test_a_process_is_forked_only_while_no_other_thread_could_hold_a_lock():
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        assert not executors.Local(1).inherits
    finally:
        over.set()
        thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a worker starts from nothing")
def test_a_fork_finds_ready_what_was_prepared():
    code = "from test_schedule import prepared_for_a_fork; prepared_for_a_fork()"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, timeout=60).returncode == 0


READY: list[int] = []


def prepared_for_a_fork() -> None:
    READY.append(7)
    with executors.Local(1) as executor:
        assert executor.inherits
        assert executor.submit(_what_is_ready).result() == [7]


def _what_is_ready() -> list[int]:
    return READY
