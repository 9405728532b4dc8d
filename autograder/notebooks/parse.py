"""Python's own parser, for source that strangers wrote: it never runs anything and fails in one way only."""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache

_LONG = 20_000  # characters; cells are shorter, and trees of longer ones are too large to keep
# Up to Python 3.11 the parser looks for every field of an f-string from the string's beginning: a megabyte of fields
# would take it minutes, and nothing stops it on its way.
_F_STRING = re.compile(r"""\b(?:[rR]?[fF]|[fF][rR])['"]""")
_MOST_LOOKED_AT = 2 * 10**9  # characters; a second's work


def parse(source: str) -> ast.Module:
    """The syntax tree, for reading only. Raises SyntaxError, whatever the parser itself trips over; warns about nothing.

    A cell is looked at in several ways, and some cells are in every notebook of a class.
    """
    return _parse(source) if len(source) > _LONG else _parse_once(source)


def _parse(source: str) -> ast.Module:
    if source.count("{") * len(source) > _MOST_LOOKED_AT and _F_STRING.search(source):
        raise SyntaxError("this holds too many f-strings to be read")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of "\d" or `x is 1`: the student's affair, not the teacher's
        try:
            return ast.parse(source)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(f"Python cannot read this ({type(error).__name__})") from None


_parse_once = lru_cache(maxsize=128)(_parse)


def parsed(source: str) -> ast.Module | None:
    """The syntax tree, or None where there is a syntax error."""
    try:
        return parse(source)
    except SyntaxError:
        return None
