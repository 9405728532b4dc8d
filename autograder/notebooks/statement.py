"""The words around an exercise in its notebook, all taken from the exercise itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from autograder.exercise import Exercise

KINDS = {
    "N": "a numeric function",
    "G": "a gradient",
    "S": "an exact expression",
    "D": "a derivation, step by step",
    "A": "a short answer to your own numbers",
    "M": "a choice and the reason for it",
    "P": "a plot, judged by the data on its axes",
    "E": "an experiment, judged by figures computed from what it returns",
    "X": "find the mistake and repair it",
    "C": "a counterexample: any that works will do",
}
_RELATIONS = {"=": "equals", "<=": "is at most", "<": "is less than", ">=": "is at least", ">": "is greater than"}


def statement(exercise: Exercise) -> str:
    """The Markdown cell above the stub: title, kind, points, the docstring, and what the kind has to show."""
    points = f"{exercise.points:g} point" + ("" if exercise.points == 1 else "s")
    head = f"## {exercise.title}\n\n`{exercise.id}` · {KINDS[exercise.kind]} · {points}"
    return "\n\n".join([head, exercise.statement, *_particulars(exercise)])


def has_variant(exercise: Exercise) -> bool:
    """Whether each student has numbers of their own."""
    return getattr(exercise.spec, "variant", None) is not None


def _particulars(exercise: Exercise) -> list[str]:
    spec = exercise.spec
    # What the docstring shows already is not said twice.
    own = [_own_numbers(exercise)] if has_variant(exercise) and "variant(" not in exercise.statement else []
    match exercise.kind:
        case "A":
            return own
        case "M":
            return [*own, _keys("The answers", spec.options), _keys("The reasons", spec.reasons)]
        case "X" if not re.search(r"^1\. ", exercise.statement, re.MULTILINE):
            lines = "\n".join(f"    {number}  {line}" for number, line in enumerate(spec.lines, 1))
            return [f"The argument, line by line; one line is wrong:\n\n{lines}"]
        case "C":
            return [_keys("What the dict holds", spec.fields)]
        case "D":
            return [_frame(exercise)]
        case "S" if spec.variables:
            return [f"The symbols: {_symbols(spec.variables)}."]
    return []


def _own_numbers(exercise: Exercise) -> str:
    return f'The numbers are your own: they follow from `STUDENT`, and `variant("{exercise.id}")` shows them.'


def _keys(title: str, meanings: Mapping[str, str]) -> str:
    return f"{title}:\n\n" + "\n".join(f"- `{key!r}`: {meaning}" for key, meaning in meanings.items())


def _frame(exercise: Exercise) -> str:
    spec = exercise.spec
    relations = [_RELATIONS.get(relation, relation) for relation in spec.relations]
    links = f"each line {' or '.join(relations)} the one that follows"
    return (
        f"- first line: `{spec.start}`\n- last line: `{spec.end}`\n- at least {spec.min_steps} lines, both ends "
        f"included, no two alike; {links}\n- the symbols: {_symbols(spec.variables)}"
    )


def _symbols(variables: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` ({domain})" for name, domain in variables.items()) or "none"
