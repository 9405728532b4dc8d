"""One exercise: a decorated reference function, and everything the course says about it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import update_wrapper
from typing import Any

from autograder.kinds import Spec


@dataclass(frozen=True)
class Misconception:
    """A wrong variant of the reference, and what a tutor would say to someone who wrote it."""

    function: Callable
    sentence: str

    @property
    def name(self) -> str:
        return self.function.__name__


@dataclass(frozen=True)
class Alternative:
    """A right variant, written the way another good student would write it."""

    function: Callable
    note: str


@dataclass(eq=False)
class Exercise:
    """A reference function with its statement, judged by kind. Calling it calls the reference.

    The function's name is the exercise's id, its docstring the statement, its signature the contract.
    """

    reference: Callable
    spec: Spec
    title: str
    points: float
    hints: tuple[str, ...]
    claims: tuple[str, ...] = ()
    misconceptions: list[Misconception] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)

    def __post_init__(self) -> None:
        update_wrapper(self, self.reference)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.reference(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<exercise {self.topic}.{self.id} ({self.kind})>"

    @property
    def id(self) -> str:
        return self.reference.__name__

    @property
    def kind(self) -> str:
        return self.spec.kind

    @property
    def topic(self) -> str:
        """`solutions.softmax` and `solutions.softmax.identities` both belong to the topic softmax."""
        return self.reference.__module__.split(".")[1]

    @property
    def signature(self) -> inspect.Signature:
        return inspect.signature(self.reference)

    @property
    def statement(self) -> str:
        return inspect.getdoc(self.reference) or ""

    def misconception(self, sentence: str, function: Callable | None = None) -> Callable:
        """Attach a wrong variant: `f.misconception("sentence", lambda x: ...)`, or as a decorator."""

        def attach(variant: Callable) -> Callable:
            self.misconceptions.append(Misconception(variant, sentence))
            return variant

        return attach(function) if function else attach

    def alternative(self, note: str, function: Callable | None = None) -> Callable:
        """Attach a right variant: `f.alternative("through tanh", lambda x: ...)`, or as a decorator."""

        def attach(variant: Callable) -> Callable:
            self.alternatives.append(Alternative(variant, note))
            return variant

        return attach(function) if function else attach


def exercise(
    spec: Spec,
    *,
    title: str,
    hints: tuple[str, str, str],
    points: float = 1,
    claims: tuple[str, ...] = (),
) -> Callable[[Callable], Exercise]:
    """Make the decorated function the reference of an exercise.

    spec: one of the records of `autograder.kinds`. title: what the exercise is called in the book.
    hints: a question, the idea, the first line. points: the marks it is worth.
    claims: ids of the ledger's claims that this exercise is about.

    Raises ValueError when something every exercise needs is missing.
    """

    def decorate(function: Callable) -> Exercise:
        name = function.__name__
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise ValueError(f"{name}: an exercise is a function with a lower-case name")
        if not inspect.getdoc(function):
            raise ValueError(f"{name}: the docstring is the statement of the exercise, and there is none")
        return Exercise(function, spec, title, points, tuple(hints), tuple(claims))

    return decorate
