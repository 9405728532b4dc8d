"""A text as a cell of a CSV file which no spreadsheet takes for a formula, wherever it thinks that the cell begins."""

from __future__ import annotations

import re
import unicodedata

_FORMULA = ("=", "+", "-", "@")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]+")


def harmless(text: str) -> str:
    """`text` on one line, with an apostrophe in front of what would be a formula.

    A cell also begins at a semicolon, a tab and a bar: half of the world's spreadsheets separate by them.
    """
    cells = re.split(r"([;|\t])", _CONTROLS.sub(" ", text))
    line = "".join(f"'{cell}" if _starts_formula(cell) else cell for cell in cells)
    return f"'{line}" if line.startswith("\t") else line


def _starts_formula(cell: str) -> bool:
    """By the first character that can be seen; wide and small forms count, as some spreadsheets read them."""
    first = next((letter for letter in cell if letter.isprintable() and not letter.isspace()), "")
    return unicodedata.normalize("NFKC", first).startswith(_FORMULA)
