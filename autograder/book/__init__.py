"""What the book needs beyond Jupyter Book: solutions behind dropdowns, the ledger's table, and three guards."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from autograder.book import alt_text, exercise_pages, ledger_table, offline_math


def setup(app: Sphinx) -> dict[str, Any]:
    for part in (alt_text, exercise_pages, ledger_table, offline_math):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
