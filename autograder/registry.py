"""Finds the exercises of the course: every `Exercise` in the package `solutions`, in the order of `_toc.yml`."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
import sys
from functools import cache
from pathlib import Path

from autograder.exercise import Exercise

PREFIXES = {"S": "expr_", "D": "derivation_", "A": "answer_", "M": "choice_", "P": "plot_", "E": "experiment_",
            "X": "repair_", "C": "witness_"}  # fmt: skip
WITHOUT_ALTERNATIVES = {"A", "M"}  # three distractors, each with its sentence, stand in for them


class UnknownExercise(LookupError):
    """No exercise has this name; the message offers the nearest ones."""


def root() -> Path:
    """The folder that holds `_toc.yml`, `chapters/` and `solutions/`."""
    return Path(importlib.import_module("solutions").__file__).parent.parent


@cache
def topics() -> dict[str, list[Exercise]]:
    """Every topic with its exercises, topics in the order of the book, exercises as their module lists them.

    A module of `solutions` that defines no exercise is no topic.
    """
    package = importlib.import_module("solutions")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    toc = root() / "_toc.yml"
    order = re.findall(r"chapters/(\w+)/", toc.read_text("utf-8")) if toc.exists() else []
    names.sort(key=lambda name: (order.index(name) if name in order else len(order), name))
    found = {}
    for name in names:
        module = importlib.import_module(f"solutions.{name}")
        members = [member for member in vars(module).values() if isinstance(member, Exercise)]
        found[name] = [member for member in dict.fromkeys(members) if member.topic == name]
    return {name: members for name, members in found.items() if members}


def title_of(topic: str) -> str:
    """The topic in words: what its module's docstring says first, up to a colon, full stop or question mark."""
    module = sys.modules.get(f"solutions.{topic}")
    first = ((module and module.__doc__) or topic.replace("_", " ").capitalize()).strip().split("\n", 1)[0]
    return re.match(r"[^:.?]*\??", first)[0].strip()


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise by its id. Raises ValueError when two share a name: a submission could not tell them apart."""
    found: dict[str, Exercise] = {}
    for members in topics().values():
        for member in members:
            if member.id in found:
                raise ValueError(f"{member.id} is defined in {found[member.id].topic} and in {member.topic}")
            found[member.id] = member
    return found


def find(name: str) -> Exercise:
    """The exercise called `name`; also as topic.name. Raises UnknownExercise with the nearest names."""
    known = exercises()
    wanted = name.rsplit(".", 1)[-1]
    if wanted in known:
        return known[wanted]
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
    advice = f"did you mean {' or '.join(near)}?" if near else "`autograder list` shows all of them"
    raise UnknownExercise(f"there is no exercise called {name!r}; {advice}")


def gaps() -> list[str]:
    """What exercises still lack, one sentence each; empty when the registry is complete."""
    return [f"{item.topic}.{item.id}: {gap}" for item in exercises().values() for gap in _gaps_of(item)]


def _gaps_of(item: Exercise) -> list[str]:
    missing = []
    prefix = PREFIXES.get(item.kind, "")
    if not item.id.startswith(prefix):
        missing.append(f"the name of a kind {item.kind} starts with {prefix}")
    if len(item.hints) != 3 or not all(hint.strip() for hint in item.hints):
        missing.append("needs three hints: a question, the idea, the first line")
    if len(item.misconceptions) < 3:
        missing.append(f"has {len(item.misconceptions)} misconceptions, needs 3")
    if len({mistake.sentence for mistake in item.misconceptions}) < len(item.misconceptions):
        missing.append("two misconceptions share a sentence")
    if any(len(mistake.sentence.split()) < 5 for mistake in item.misconceptions):
        missing.append("a misconception has no sentence a tutor would say")
    if item.kind not in WITHOUT_ALTERNATIVES and len(item.alternatives) < 2:
        missing.append(f"has {len(item.alternatives)} alternatives, needs 2")
    if item.points <= 0:
        missing.append("is worth no points")
    return missing
