"""Python's own parser, for source that strangers wrote: it never runs anything and fails in one way only."""

from __future__ import annotations

import ast
import warnings


def parse(source: str) -> ast.Module:
    """The syntax tree. Raises SyntaxError, whatever the parser itself trips over; warns about nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of "\d" or `x is 1`: the student's affair, not the teacher's
        try:
            return ast.parse(source)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(f"Python cannot read this ({type(error).__name__})") from None


def parsed(source: str) -> ast.Module | None:
    """The syntax tree, or None where there is a syntax error."""
    try:
        return parse(source)
    except SyntaxError:
        return None
