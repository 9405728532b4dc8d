"""A student's derivation as a chain of trees, and the first link of it that does not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from autograder.calls import Foreign, Observation, Step
from autograder.domains import parse_domain
from autograder.expressions import ExpressionError, Tree, as_tree, reordered, symbols, to_text
from autograder.judges.checks import why_nothing_returned
from autograder.judges.equivalence import compare
from autograder.judges.points import names_of
from autograder.judges.progress import counted
from autograder.judges.verdict import Refuted, Undecidable, Verdict
from autograder.kinds import Derivation

MOST_LINES = 60
PATIENCE = 1.0  # seconds for the proof of one step: a student is waiting


class Malformed(ValueError):
    """What came back is no derivation; the message is for the student."""


@dataclass(frozen=True)
class Link:
    """The step from line `index - 1` to line `index`, counted from 0; line -1 is the left side as asked."""

    index: int
    before: Tree
    after: Tree
    verdict: Verdict

    @property
    def step(self) -> str:
        return "the left side to line 1" if self.index == 0 else f"line {self.index} to line {self.index + 1}"


def read_chain(seen: Observation, spec: Derivation) -> list[Tree]:
    """The lines as trees. Raises Malformed with a sentence when there are none, too few, or two alike."""
    lines = read_lines(seen, spec)
    for place, line in enumerate(lines):
        strangers = sorted(symbols(line) - set(allowed(spec)))
        if strangers:
            raise Malformed(f"line {place + 1} speaks of {', '.join(strangers)}, which the exercise does not know")
    if len(lines) < spec.min_steps:
        raise Malformed(
            f"{_count(len(lines))}, and {spec.min_steps} are asked for: show a doubter how one becomes the other"
        )
    progress = counted(lines, partial(same, variables=spec.variables))
    if progress < spec.min_steps:
        raise Malformed(
            f"only {progress} of the {len(lines)} lines are steps forward, and {spec.min_steps} are asked for: the rest "
            "change the order of their terms, or bring in something only for it to cancel"
        )
    seen_before: dict[Tree, int] = {}
    for place, line in enumerate(lines):
        if line in seen_before:
            raise Malformed(
                f"line {seen_before[line] + 1} and line {place + 1} are the same expression: the chain stands still or "
                "runs in a circle (SymPy may have tidied up what you wrote; a line given as text stays as it is)"
            )
        seen_before[line] = place
    return lines


def read_lines(seen: Observation, spec: Derivation) -> list[Tree]:
    """The lines as trees, without judging the chain as a whole."""
    if not seen.returned:
        raise Malformed(why_nothing_returned(seen))
    if seen.value is None:
        raise Malformed("nothing came back: is there a return?")
    if not isinstance(seen.value, list | tuple):
        raise Malformed("a list of Step(expression, rule) was asked for")
    if not seen.value:
        raise Malformed("the list is empty: a derivation starts with the left side and ends with the right side")
    if len(seen.value) > MOST_LINES:
        raise Malformed(f"{len(seen.value)} lines are more than anyone reads; at most {MOST_LINES}, please")
    return [_line(place, item) for place, item in enumerate(seen.value)]


def _line(place: int, item: Any) -> Tree:
    expression = item.expr if isinstance(item, Step) else item
    if isinstance(expression, list | tuple) and len(expression) == 2 and isinstance(expression[1], str):
        expression = expression[0]  # (expression, rule) without the word Step
    if isinstance(expression, Foreign):
        raise Malformed(f"line {place + 1}: {expression.reason or expression.type_name + ' is no expression'}")
    try:
        return as_tree(expression)
    except ExpressionError as problem:
        raise Malformed(f"line {place + 1}: {problem}") from problem


def _count(lines: int) -> str:
    return "there is 1 line" if lines == 1 else f"there are {lines} lines"


def allowed(spec: Derivation) -> list[str]:
    """The symbols a line may hold."""
    return [symbol for name, text in spec.variables.items() for symbol in names_of(name, parse_domain(text))]


def weakest(relations: Sequence[str]) -> str:
    """What a step must satisfy at least: with "=" and "<=" allowed, "<="."""
    wider = [relation for relation in relations if relation != "="]
    if not wider:
        return "="
    if "=" in relations and wider[0] in ("<", ">"):
        return wider[0] + "="
    return next((relation for relation in wider if "=" in relation), wider[0])


def examine(start: Tree, lines: Sequence[Tree], spec: Derivation, seed: int = 0) -> tuple[Link | None, list[Link]]:
    """The first link that fails, if any, and the links before it."""
    relation, sound = weakest(spec.relations), []
    variables = dict(sorted(spec.variables.items()))
    for index, after in enumerate(lines):
        before = lines[index - 1] if index else start
        if reordered(before) == reordered(after):
            continue
        link = Link(index, before, after, _compared(before, after, variables, relation, seed))
        if isinstance(link.verdict, Refuted):
            return link, sound
        sound.append(link)
    return None, sound


def _compared(before: Tree, after: Tree, variables: Mapping[str, str], relation: str, seed: int) -> Verdict:
    # inequalities branch into many cases: their proofs are for lessons, where nobody waits
    patience = PATIENCE if relation == "=" else False
    return compare(before, after, variables, relation=relation, seed=seed, prove=patience)


def rejoins(start: Tree, lines: Sequence[Tree], wrong: int, variables: Mapping[str, str]) -> int | None:
    """The first line after the wrong one that equals the left side again."""
    for index in range(wrong + 1, len(lines)):
        if same(lines[index], start, variables):
            return index
    return None


def same(a: Tree, b: Tree, variables: Mapping[str, str]) -> bool:
    """Equal at every point tried."""
    return not isinstance(compare(a, b, dict(sorted(variables.items())), prove=False), Refuted | Undecidable)


def shown(tree: Tree, most: int = 100) -> str:
    text = to_text(tree)
    return text if len(text) <= most else text[: most - 3] + "..."
