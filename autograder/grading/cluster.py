"""A Dask cluster as an Executor: each of its worker processes grades in a sandbox of its own.

The scheduler already hands out anew what a lost worker had in hand. What is added here: workers on which the course
differs are refused by name, and a cluster that can no longer be reached is told as such, never waited for.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import TimeoutError as TooSlow
from contextlib import suppress
from dataclasses import replace
from typing import Any

import dask
from distributed import Client
from distributed.scheduler import KilledWorker

from autograder.grading.executors import NoExecutor
from autograder.grading.schedule import Disconnected
from autograder.grading.versions import fingerprint
from autograder.sandbox import IsolationMissing

PATIENCE = 10.0  # seconds for the scheduler to answer
DESERTED = 30.0  # seconds without a single worker until the run stops
_LOOK = 1.0
_turn = threading.Lock()


class Cluster(Executor):
    """The workers of the scheduler at `address`, such as tcp://10.0.0.1:8786. Raises NoExecutor with a sentence."""

    def __init__(self, address: str) -> None:
        for name in ("distributed", "distributed.client", "distributed.core", "distributed.comm"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it is said by the errors here
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"})  # submissions travel in the graph
        self.address, self.width = address, 1
        self._fingerprint = fingerprint()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="cluster", daemon=True)
        self._thread.start()
        try:
            self._do(self._connect()).result()
        except BaseException:
            self._end()
            raise

    def submit(self, work: Callable[[Sequence[Any]], Sequence[Any]], chunk: Sequence[Any], /) -> Future:
        """`work(chunk)` on some worker. The future raises what the work raised; Disconnected; NoExecutor."""
        return self._do(self._ask(work, chunk))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster. What a worker has under way it finishes, and nobody takes the result."""
        if self._thread.is_alive():
            with suppress(TooSlow):
                self._do(self._leave()).result(PATIENCE)
            self._end()

    def _do(self, coroutine) -> Future:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def _connect(self) -> None:
        try:
            self._client = await Client(self.address, asynchronous=True, timeout=PATIENCE, set_as_default=False)
        except Exception as error:  # besides OSError: addresses of no known form, certificates, other versions of Dask
            reason = str(error).split("\n", 1)[0]
            raise NoExecutor(
                f"no Dask scheduler answers at {self.address} ({reason}): start one there with `dask scheduler`, or use "
                "--executor local."
            ) from None
        self._deserted = self._loop.create_future()
        self._watch = self._loop.create_task(self._count_workers())

    async def _count_workers(self) -> None:
        """Keep `width` right, for workers come and go; give up when there have been none for long."""
        since = self._loop.time()
        while True:
            with suppress(OSError):
                workers = len(await self._client.nthreads())
                self.width = max(1, workers)
                if workers:
                    since = self._loop.time()
                elif self._loop.time() - since > DESERTED:
                    self._deserted.set_result(True)
                    return
            await asyncio.sleep(_LOOK)

    async def _ask(self, work: Callable, chunk: Sequence[Any]) -> Any:
        asked = self._client.submit(attend, self._fingerprint, work, chunk, pure=False)
        answer = asyncio.ensure_future(asked.result())
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # asked for even if nobody waits
        await asyncio.wait({answer, self._deserted}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise NoExecutor(
                f"the Dask scheduler at {self.address} has had no worker for {DESERTED:.0f} s: start some with "
                f"`dask worker {self.address} --nthreads 1`."
            )
        try:
            well, result = answer.result()
        except (asyncio.CancelledError, CancelledError, OSError):
            raise Disconnected(f"the Dask scheduler at {self.address} is gone") from None
        except (NoExecutor, IsolationMissing, KilledWorker):
            raise
        except Exception as error:  # not of the work, whose own come as values
            raise NoExecutor(
                f"the Dask cluster at {self.address} cannot run this course ({_first_line(error)}): the scheduler and "
                "every worker need the same version of it, and to be started from its environment."
            ) from None
        if well:
            return result
        raise result

    async def _leave(self) -> None:
        self._watch.cancel()
        others = [task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == "Cluster._ask"]
        for task in others:
            task.cancel()
        await asyncio.gather(self._watch, *others, return_exceptions=True)
        await self._client.close(timeout=_LOOK)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_LOOK)


def attend(theirs: dict[str, str], work: Callable, chunk: Sequence[Any]) -> tuple[bool, Any]:
    """What a worker does: (True, the result) or (False, the exception). Raises what no other chunk would escape.

    One chunk at a time, however many threads the worker has: judging is not made for several in one process.
    """
    here = socket.gethostname()
    differences = _differences(fingerprint(), theirs)
    if differences:
        raise NoExecutor(
            f"the Dask worker on {here} does not grade as this machine does: {differences}. Bring both to the same "
            "version, install it with make, start the worker anew."
        )
    with _turn:
        try:
            return True, work(chunk)
        except IsolationMissing as error:
            raise IsolationMissing([replace(layer, why=f"{layer.why} (on {here})") for layer in error.layers]) from None
        except Exception as error:
            return False, _that_travels(error)


def _differences(ours: dict[str, str], theirs: dict[str, str]) -> str:
    found = [f"{name} is {ours[name]} there and {value} here" for name, value in theirs.items() if ours[name] != value]
    return ", ".join(found)


def _that_travels(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(type(error).__name__)
    return error


def _first_line(error: Exception) -> str:
    cause = error.__cause__ or error
    return f"{type(cause).__name__}: {cause}".split("\n", 1)[0]
