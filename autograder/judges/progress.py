"""Which lines of a derivation are progress? Not one that adds something only to take it away again.

Two lines of one core are the same line, written with a detour. Such a detour may still be the idea of a proof (to
multiply above and below by e^x, to add and subtract a mean), and then its neighbour makes use of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from math import prod

from autograder.expressions import Tree, reordered
from autograder.expressions.tree import ONE, ZERO, add, is_number, mul, number, power

_MOST_DIGITS = 60  # of an exponent's result that is still worked out


Same = Callable[[Tree, Tree], bool]


def counted(lines: Sequence[Tree], same: Same) -> int:
    """How many of the lines are progress. same: have two expressions the same value?"""
    cores = [core(line) for line in lines]
    seen: set[Tree] = set()
    total = 0
    for one, run in groupby(range(len(lines)), key=cores.__getitem__):
        places = list(run)
        total += one not in seen
        seen.add(one)
        if len(places) > 1:
            total += _detour_counts(lines, places[0], places[-1], same)
    return total


def _detour_counts(lines: Sequence[Tree], first: int, last: int, same: Same) -> bool:
    """Of lines with one core: does the next make use of what the last has brought in, or the first of the one before?"""
    if last + 1 < len(lines) and _leads(lines[first], lines[last], lines[last + 1], same):
        return True
    return first > 0 and _leads(lines[last], lines[first], lines[first - 1], same)


def _leads(plain: Tree, detour: Tree, neighbour: Tree, same: Same) -> bool:
    added = _terms(detour) - _terms(plain)
    if added:  # a whole term was added and taken away: the neighbour has one of the two
        return any(same(term, other) for term in added - _pieces(plain) for other in _terms(neighbour))
    return bool((_pieces(detour) - _pieces(plain)) & _pieces(neighbour))


def _terms(line: Tree) -> set[Tree]:
    """What the line as a whole is a sum of, numbers and coefficients aside."""
    parts = line.args if line.head == "add" else (line,)
    return {_bare(part) for part in parts if not is_number(_bare(part))}


def _pieces(tree: Tree) -> set[Tree]:
    """All terms and factors outside of functions, and inside those of more than a multiple of symbols."""
    found: set[Tree] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if node.head in ("add", "mul", "pow"):
            parts = node.args if node.head != "pow" else node.args[:1]
            found |= {_bare(part) for part in parts if not is_number(_bare(part))}
            stack.extend(parts)
        else:
            stack.extend(part for part in node.children if not _monomial(part))
    return found | _terms(tree)


def _monomial(tree: Tree) -> bool:
    return not tree.children or (tree.head in ("mul", "pow") and all(map(_monomial, tree.args)))


def _bare(tree: Tree) -> Tree:
    return _split(core(tree, spread=True))[1]


def core(tree: Tree, *, spread: bool = False, numbers: bool = True) -> Tree:
    """The tree without what cancels at sight: terms against terms, factors against factors, one branch against itself.

    No bracket is multiplied out, and no function is replaced by another. spread: powers of products become products of
    powers. numbers: whether numbers are added up; above a fraction bar `x + 1 - 1` is often the step that counts.
    """
    match tree.head, tree.args:
        case "add", terms:
            return _sum([core(term, spread=spread) for term in terms], numbers)
        case "mul", factors:
            divided = any(_divides(factor) for factor in factors)
            return _product([core(factor, spread=spread, numbers=not divided) for factor in factors], spread)
        case "pow", (base, exponent):
            return _product([power(core(base, spread=spread), core(exponent, spread=spread))], spread)
    parts = tuple(core(part, spread=spread) for part in tree.children)
    match tree.head, parts:
        case (("Max" | "Min"), _):
            parts = tuple(dict.fromkeys(parts))
            return parts[0] if len(parts) == 1 else reordered(Tree(tree.head, parts))
        case "lse", (only,):
            return only
        case "where", (condition, one, other):
            decided = condition.args[0] if condition.head == "constant" else ""
            return one if one == other or decided == "true" else other if decided == "false" else Tree("where", parts)
        case "T", (Tree(head="T", args=(inner,)),):
            return inner
    return reordered(Tree(tree.head, parts)) if parts else tree


def _divides(factor: Tree) -> bool:
    return factor.head == "pow" and is_number(factor.args[1]) and factor.args[1].value < 0


def _split(term: Tree) -> tuple[Fraction, Tree]:
    """A term as a number times the rest."""
    if term.head == "number":
        return term.value, ONE
    if term.head != "mul":
        return Fraction(1), term
    size, rest = Fraction(1), []
    for factor in term.args:
        if factor.head == "number":
            size *= factor.value
        else:
            rest.append(factor)
    return size, reordered(mul(*rest)) if rest else ONE


def _sum(terms: list[Tree], numbers: bool) -> Tree:
    flat = [part for term in terms for part in (term.args if term.head == "add" else (term,))]
    sizes: dict[Tree, list[Fraction]] = defaultdict(list)
    for term in flat:
        size, rest = _split(term)
        sizes[rest].append(size)
    for whole in [rest for rest in sizes if rest.head == "add"]:  # a bracket against its own terms
        inside = [(size * sum(sizes[whole]), rest) for size, rest in map(_split, whole.args)]
        if all(sum(sizes[rest]) == -size for size, rest in inside if rest in sizes) and {*sizes} >= {
            r for _, r in inside
        }:
            for rest in (whole, *(rest for _, rest in inside)):
                del sizes[rest]
    left = []
    for rest, found in sizes.items():
        left += [_scaled(size, rest) for size in (found if rest == ONE and not numbers else _net(found))]
    return reordered(add(*left)) if left else ZERO


def _scaled(size: Fraction, rest: Tree) -> Tree:
    if rest == ONE:
        return number(size)
    return rest if size == 1 else mul(number(size), rest)


def _net(amounts: list[Fraction]) -> list[Fraction]:
    """What is left of coefficients or powers; `x + x` and `x*x` stay as they are written, for nothing cancels there."""
    if min(amounts) > 0 or max(amounts) < 0:
        return amounts
    total = sum(amounts, Fraction(0))
    return [total] if total else []


def _product(factors: list[Tree], spread: bool) -> Tree:
    numbers, powers = [], defaultdict(list)
    for factor in _flat_factors(factors, spread):
        raised = factor.head == "pow" and is_number(factor.args[1]) and not is_number(factor.args[1], 0)
        base, exponent = factor.args if raised else (factor, ONE)
        if base.head == "number" and exponent.value.denominator == 1 and _short(base.value, exponent.value):
            numbers.append(base.value**exponent.value)
        else:
            powers[base].append(exponent.value)
    sizes = _net_sizes(numbers)
    if 0 in sizes:
        return ZERO
    left = [_raised(base, exponent) for base, exponents in powers.items() for exponent in _net(exponents)]
    return reordered(mul(*map(number, sizes), *left)) if sizes or left else ONE


def _net_sizes(numbers: list[Fraction]) -> list[Fraction]:
    """What is left of the numbers of a product: one sign, and `2*2` as it is written; `2*(1/2)` cancels."""
    sign = -1 if sum(value < 0 for value in numbers) % 2 else 1
    sizes = [abs(value) for value in numbers if abs(value) != 1]
    if any(value < 1 for value in sizes) and any(value > 1 for value in sizes):
        sizes = [prod(sizes)]
    sizes = [value for value in sizes if value != 1]
    if sign > 0:
        return sizes
    return [-sizes[0], *sizes[1:]] if sizes else [Fraction(-1)]


def _raised(base: Tree, exponent: Fraction) -> Tree:
    return base if exponent == 1 else power(base, number(exponent))


def _short(base: Fraction, exponent: Fraction) -> bool:
    return (base or exponent > 0) and abs(exponent) * len(f"{base}") < _MOST_DIGITS


def _flat_factors(factors: list[Tree], spread: bool) -> Iterator[Tree]:
    for factor in factors:
        if factor.head == "mul":
            yield from _flat_factors(list(factor.args), spread)
        elif factor.head == "pow" and is_number(factor.args[1]):
            base, exponent = factor.args
            whole = exponent.value.denominator == 1
            if whole and base.head == "pow" and is_number(base.args[1]) and base.args[1].value.denominator == 1:
                yield from _flat_factors([power(base.args[0], number(base.args[1].value * exponent.value))], spread)
            elif whole and base.head == "mul" and (spread or exponent.value == -1):
                yield from _flat_factors([power(part, exponent) for part in base.args], spread)
            else:
                yield factor
        else:
            yield factor
