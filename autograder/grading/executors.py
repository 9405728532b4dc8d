"""Where the work goes: this process, a few processes of this machine, or a cluster. All look like an Executor."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor

from autograder.grading.stopping import SIGNALS, held_back


class NoExecutor(ValueError):
    """This executor cannot be had; the message says why, and what to do, in one sentence."""


class Here(Executor):
    """Does the work at once, in this process: a pool's start costs more than a few submissions do."""

    def submit(self, work: Callable, /, *args, **kwargs) -> Future:
        future: Future = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Local(ProcessPoolExecutor):
    """Processes of this machine. Where it is safe they are forks, which find ready whatever this one has prepared."""

    def __init__(self, jobs: int) -> None:
        method = _way_to_start()
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["autograder.grading.worker"])
        self.inherits = method == "fork"
        super().__init__(jobs, mp_context=context, initializer=settle_in)

    def submit(self, work: Callable, /, *args, **kwargs) -> Future:
        if self.inherits and not self._processes:
            gc.collect()
            gc.freeze()  # the collector would write to the pages that all share
        with held_back():  # a Ctrl-C would end a process that is only just starting, in a traceback
            return super().submit(work, *args, **kwargs)

    def abandon(self) -> None:
        """Stop at once; what was being graded is lost and will be graded again."""
        workers = list((self._processes or {}).values())  # no public way before Python 3.14
        self.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.kill()


def _way_to_start() -> str:
    """A fork copies one thread only, and whatever lock another one holds stays locked in it: then never fork."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return "fork"
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def settle_in() -> None:
    """Make this process a worker: Ctrl-C is the parent's affair, and a worker never outlives its parent."""
    for number in SIGNALS:
        if callable(signal.getsignal(number)):  # the parent's way of heeding it, which is not ours
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # it was held back while this process started
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left to hand a result to


def make_executor(name: str, jobs: int) -> tuple[Callable[[], Executor], int]:
    """How to make the executor called "local" or "dask:ADDRESS", and how many chunks it works on at a time.

    Raises NoExecutor with a sentence.
    """
    kind, _, address = name.partition(":")
    if kind == "local" and not address:
        return (Here if jobs == 1 else lambda: Local(jobs)), jobs
    if kind == "dask" and address:
        return _dask(address)
    raise NoExecutor(f"there is no executor {name!r}: use local, or dask:ADDRESS such as dask:tcp://10.0.0.1:8786.")


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _dask(address: str) -> tuple[Callable[[], Executor], int]:
    try:
        from autograder.grading.cluster import Cluster
    except ImportError:
        raise NoExecutor("Dask is not installed here: pip install distributed, or use --executor local.") from None
    return lambda: Cluster(address), 1
