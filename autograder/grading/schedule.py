"""Hand chunks of work to any Executor and take the results as they come, though workers may die."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import islice
from typing import Any

Work = Callable[[Sequence[Any]], Sequence[Any]]
AHEAD = 2  # chunks in hand per worker: enough that none waits, few enough that memory stays flat
MOST_LOSSES = 5  # of the way to the workers, in a row and without a result between them


class Disconnected(BrokenExecutor):
    """The way to the workers is gone, and none of the work is to blame."""


class Schedule:
    """Work spread over an executor that is made anew when it breaks.

    make(): an executor. One that has a `width` works on so many chunks at a time, others on the `width` given here;
    one that has an `abandon()` is told by it that nobody waits for its results any more.
    fatal: exceptions of the work that end everything instead of being tried again.
    """

    def __init__(self, make: Callable[[], Executor], width: int, fatal: tuple[type[Exception], ...] = ()) -> None:
        self.make, self.fatal, self._width = make, fatal, width
        self.executor = make()

    @property
    def width(self) -> int:
        return getattr(self.executor, "width", self._width)

    def results(self, work: Work, items: Iterable[Any], size: int) -> Iterator[tuple[Any, Any]]:
        """(item, result) in the order in which they come; an Exception in place of the result when the item, tried
        alone the second time, made its worker die or raise again.

        work(items) gives a result for each of at most `size` items, or only for the first of them when they take
        long: the others are handed out again.
        """
        items, again = iter(items), deque()
        waiting: dict[Future, list] = {}
        losses = 0
        try:
            while True:
                while len(waiting) < AHEAD * self.width and (chunk := _next(again, items, size)):
                    waiting[self._submit(work, chunk)] = chunk
                if not waiting:
                    return
                finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
                suspects: list = []
                for future in finished:
                    chunk, error = waiting.pop(future), self._error(future)
                    if error is None:
                        done = future.result()
                        again.extendleft(reversed(chunk[len(done) :]))
                        yield from zip(chunk, done, strict=False)
                        losses = 0
                    else:
                        (again if isinstance(error, Disconnected) else suspects).extend(chunk)
                if error := self._broken(finished):
                    # Every chunk in hand is lost. Unless the way was, one item may be to blame: hence each alone.
                    unreachable = isinstance(error, Disconnected)
                    (again if unreachable else suspects).extend(item for chunk in waiting.values() for item in chunk)
                    waiting.clear()
                    losses += unreachable
                    if losses > MOST_LOSSES:
                        raise error
                    self._renew()
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
            self._renew()
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
    def _broken(futures: Iterable[Future]) -> BaseException | None:
        """The error that says that the executor is of no more use, if one of them does."""
        errors = (future.exception() for future in futures)
        return next((error for error in errors if isinstance(error, BrokenExecutor)), None)

    def _renew(self) -> None:
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self.make()

    def _abandon(self) -> None:
        abandon = getattr(self.executor, "abandon", None)
        if abandon:
            abandon()


def _next(again: deque, items: Iterator, size: int) -> list:
    """The next chunk: what has to be handed out again comes first."""
    return [again.popleft() for _ in range(min(size, len(again)))] or list(islice(items, size))
