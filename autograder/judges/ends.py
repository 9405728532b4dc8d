"""Does a derivation start and end with what was asked? Told by the tree, not by the value.

Otherwise the chain [left side] alone would prove every true identity.
"""

from __future__ import annotations

from functools import lru_cache, reduce

from autograder.expressions import ExpressionError, Tree, from_sympy, reordered, to_sympy


def matches(line: Tree, asked: Tree, other_end: Tree) -> bool:
    """Is the line the asked expression, up to the order of sums and products and SymPy's automatic rules?"""
    return reordered(line) in _forms(asked, other_end)


@lru_cache(maxsize=512)
def _forms(asked: Tree, other_end: Tree) -> frozenset[Tree]:
    """The asked expression as it reads, and as SymPy would rewrite it unasked (2*(a + b) becomes 2*a + 2*b).

    A form that SymPy shares with the other end does not count: it would be both ends at once.
    """
    forms = {reordered(asked)}
    forms |= _automatic(asked) - _automatic(other_end) - {reordered(other_end)}
    return frozenset(forms)


def _pairwise(tree: Tree) -> Tree:
    """Sums and products two by two, as Python performs them: 2*(a + b)/c is (2*a + 2*b)/c before c is seen."""
    children = tuple(map(_pairwise, tree.children))
    if not children:
        return tree
    if tree.head in ("add", "mul"):
        return reduce(lambda left, right: Tree(tree.head, (left, right)), children)
    return Tree(tree.head, children)


@lru_cache(maxsize=512)
def _automatic(tree: Tree) -> frozenset[Tree]:
    import sympy as sp

    forms = set()
    for assumption in ({}, {"real": True}, {"positive": True}):
        known = {name: sp.Symbol(name, **assumption) for name in tree.symbols}
        try:
            for typed in (tree, _pairwise(tree)):
                forms.add(reordered(from_sympy(to_sympy(typed, evaluate=True, symbols=known))))
        except (ExpressionError, ValueError, TypeError, AttributeError, NotImplementedError):
            continue  # SymPy has no such expression; the tree as it reads is enough
    return frozenset(forms)
