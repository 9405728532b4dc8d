"""Where the work goes: this process, a few processes of this machine, or a cluster. All look like an Executor."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor


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
    """Processes of this machine. They share nothing with the one that asks, and import the course only once."""

    def __init__(self, jobs: int) -> None:
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            context.set_forkserver_preload(["autograder.grading.worker"])
        super().__init__(jobs, mp_context=context, initializer=settle_in)

    def abandon(self) -> None:
        """Stop at once; what was being graded is lost and will be graded again."""
        workers = list((self._processes or {}).values())  # no public way before Python 3.14
        self.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.kill()


def settle_in() -> None:
    """Make this process a worker: Ctrl-C is the parent's affair, and a worker never outlives its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
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
        from distributed import Client
    except ImportError:
        raise NoExecutor("Dask is not installed here: pip install distributed, or use --executor local.") from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        reason = str(error).split("\n", 1)[0]
        raise NoExecutor(
            f"no Dask scheduler answers at {address} ({reason}); start one, or use --executor local."
        ) from None
    threads = sum(worker["nthreads"] for worker in client.scheduler_info()["workers"].values())
    # A worker's sandbox is one process that takes one submission at a time: pure=False grades even equal ones twice.
    return lambda: client.get_executor(pure=False), max(1, threads)
