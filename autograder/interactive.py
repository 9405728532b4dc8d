"""What a student uses in a notebook: check, hint, progress and variant.

The reference never enters this process. The student's function is called here, on inputs that come from the judge
beside the kernel (`judge_process.py`), and what it did is sent there to be judged.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from autograder.judge_client import JudgeClient, JudgeSilent
from autograder.performing import Stopped, perform

DEADLINE = 10.0  # seconds, for all calls of one check

_judge = JudgeClient()
_states: dict[str, list] = {}  # id -> [status, score], of this session
_hints_seen: dict[str, int] = {}


class Shown:
    """Something to look at: HTML in a notebook, plain text everywhere else."""

    def __init__(self, text: str, html: str = "") -> None:
        self.text = text
        self.html = html or f'<p style="max-width: 46rem">{escape(text)}</p>'

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


class Variant(dict):
    """The numbers of one student's question; shows the question, and is a dict of the numbers."""

    def __init__(self, numbers: dict, shown: Shown) -> None:
        super().__init__(numbers)
        self._shown = shown

    def __repr__(self) -> str:
        return repr(self._shown)

    def _repr_html_(self) -> str:
        return self._shown._repr_html_()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def check(f: Callable | str, seconds: float = DEADLINE) -> Shown:
    """Judge your function now: `check(sigmoid)`, or by name `check("sigmoid")`.

    seconds: the time all calls together may take. Nothing is raised whatever the function does.
    """
    names, function = _meaning(f)
    if not names:
        return Shown(function)
    found = _ask("calls", names=names, student=_student())
    if isinstance(found, Shown):
        return found
    exercise, space = found["exercise"], _namespace()
    if function is None:
        function = space.get(exercise, space.get(f))
    if not callable(function):
        return Shown(f"{exercise} is not defined in this notebook yet: run the cell that defines it, then check again.")
    try:
        observations = perform(_functions(exercise, function, found["calls"]), found["calls"], seconds)
    except Stopped:
        return Shown(f"{exercise}: stopped by hand, so nothing was judged.")
    level = min(_hints_seen.get(exercise, 0) + 1, 3)
    told = _ask("judge", exercise=exercise, student=_student(), observations=observations, hint_level=level)
    if isinstance(told, Shown):
        return told
    _states[exercise] = [told["status"], told["score"]]
    return Shown(told["text"], told["html"])


def hint(name: Callable | str, level: int | None = None) -> Shown:
    """The next hint for an exercise, or the one of this level: 1 a question, 2 the idea, 3 the first line."""
    names, complaint = _meaning(name)
    if not names:
        return Shown(complaint)
    seen = max((_hints_seen.get(known, 0) for known in names), default=0)
    told = _ask("hint", names=names, level=seen + 1 if level is None else level)
    if isinstance(told, Shown):
        return told
    _hints_seen[told["exercise"]] = max(seen, told["level"])
    return Shown(told["text"], told["html"])


def progress(topic: str | None = None) -> Shown:
    """Where you are: the exercises of a topic and what the last check of each said, in this session."""
    defined = [name for name, value in _namespace().items() if callable(value)]
    told = _ask("progress", topic=topic, defined=defined, states=_states)
    return told if isinstance(told, Shown) else Shown(told["text"], told["html"])


def variant(name: Callable | str) -> Variant | Shown:
    """Your own numbers for a question that differs from student to student; set STUDENT = "your name" first."""
    names, complaint = _meaning(name)
    if not names:
        return Shown(complaint)
    told = _ask("variant", names=names, student=_student())
    return told if isinstance(told, Shown) else Variant(told["variant"], Shown(told["text"], told["html"]))


def _ask(question: str, **details: Any) -> dict | Shown:
    """The judge's answer, or the sentence to show in its place."""
    try:
        told = _judge.ask(question, **details)
    except JudgeSilent:
        return Shown("The judge does not answer. That is not your fault: restart the kernel, and try once more.")
    if "trouble" in told:
        return Shown(f"The judge stumbled, and not over a fault of yours. Please show your teacher: {told['trouble']}.")
    return Shown(told["sentence"]) if "sentence" in told else told


def _meaning(f: Any) -> tuple[list[str], Any]:
    """The names under which `f` may be an exercise, and the function if one was given; no names: a complaint."""
    if isinstance(f, str):
        return [f], None
    if not callable(f):
        kind = type(f).__name__
        return [], f"check, hint and variant take a function or its name; this is a value of type {kind}."
    bound = [name for name, value in _namespace().items() if value is f and not name.startswith("_")]
    own = getattr(f, "__name__", "")
    names = [name for name in dict.fromkeys([own, *bound]) if isinstance(name, str) and name.isidentifier()]
    if not names:
        return (
            [],
            'A function without a name: write `name = lambda x: ...` first, or check it by name, as check("relu").',
        )
    return names, f


def _functions(exercise: str, function: Callable, calls: tuple) -> Mapping[str, Callable]:
    """The student's functions that the calls name: a gradient is compared with the student's own forward."""
    around = getattr(function, "__globals__", {})
    others = {call.function: around.get(call.function, _namespace().get(call.function)) for call in calls}
    return {name: other for name, other in others.items() if callable(other)} | {exercise: function}


def _namespace() -> dict[str, Any]:
    """The student's own names: IPython's when there is one, else those of the script."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell.user_ns if shell else vars(sys.modules["__main__"])


def _student() -> str:
    name = _namespace().get("STUDENT", "")
    return name if isinstance(name, str) else ""


_judge.start()
