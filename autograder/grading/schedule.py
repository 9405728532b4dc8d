"""Hand chunks of work to any Executor and take the results as they come, though workers may die."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import islice
from typing import Any

Work = Callable[[Sequence[Any]], Sequence[Any]]
AHEAD = 2  # chunks in hand per worker: enough that none waits, few enough that memory stays flat


class Schedule:
    """Work spread over an executor that is made anew when it breaks.

    make(): an executor. width: how many chunks it works on at a time.
    fatal: exceptions of the work that end everything instead of being tried again.
    """

    def __init__(self, make: Callable[[], Executor], width: int, fatal: tuple[type[Exception], ...] = ()) -> None:
        self.make, self.width, self.fatal = make, width, fatal
        self.executor = make()

    def results(self, work: Work, items: Iterable[Any], size: int) -> Iterator[tuple[Any, Any]]:
        """(item, result) in the order in which they come; an Exception in place of the result when the item, tried
        alone the second time, made its worker die or raise again.

        work(items) gives one result for each of at most `size` items.
        """
        items = iter(items)
        waiting: dict[Future, list] = {}
        try:
            while True:
                while len(waiting) < AHEAD * self.width and (chunk := list(islice(items, size))):
                    waiting[self._submit(work, chunk)] = chunk
                if not waiting:
                    return
                finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
                suspects: list = []
                for future in finished:
                    chunk, error = waiting.pop(future), self._error(future)
                    if error is None:
                        yield from zip(chunk, future.result(), strict=True)
                    else:
                        suspects += chunk
                if self._broken(finished):
                    # Every chunk in the pool is lost, and one item may be to blame: hence each alone.
                    suspects += [item for chunk in waiting.values() for item in chunk]
                    waiting.clear()
                    self.executor = self.make()
                for item in suspects:
                    yield item, self._alone(work, item)
        except BaseException:
            self._abandon()
            raise
        finally:
            self.executor.shutdown(wait=False, cancel_futures=True)

    def _alone(self, work: Work, item: Any) -> Any:
        future = self._submit(work, [item])
        wait([future])
        error = self._error(future)
        if error is None:
            return future.result()[0]
        if self._broken({future}):
            self.executor = self.make()
        return error

    def _submit(self, work: Work, chunk: list) -> Future:
        try:
            return self.executor.submit(work, chunk)
        except BrokenExecutor as error:  # it broke since we last looked
            future: Future = Future()
            future.set_exception(error)
            return future

    def _error(self, future: Future) -> BaseException | None:
        error = future.exception()
        if isinstance(error, self.fatal):
            raise error
        return error

    @staticmethod
    def _broken(futures: set[Future]) -> bool:
        return any(isinstance(future.exception(), BrokenExecutor) for future in futures)

    def _abandon(self) -> None:
        abandon = getattr(self.executor, "abandon", None)
        if abandon:
            abandon()
