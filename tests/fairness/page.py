"""docs/fairness.md: what was seen when the cases were graded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fairness import around, arriving, formats, forms, naming, undeserved, writing
from tests.fairness.case import Case
from tests.fairness.observed import ROOT

PAGE = ROOT / "docs" / "fairness.md"
SECTIONS = {
    "Ways to write a right answer": writing.CASES,
    "Where names come from": naming.CASES,
    "Other forms of a right result": forms.CASES,
    "What stands around a right answer": around.CASES,
    "What becomes of the notebook": formats.CASES,
    "What is handed in": arriving.CASES,
    "Names of folders, and zip files of a class": arriving.NAMES,
    "What earns nothing, or not everything": undeserved.CASES,
}
CASES = tuple(case for cases in SECTIONS.values() for case in cases)
OPENING = """\
# What costs nothing, and what earns nothing

Made by `python -m tests.fairness --write` and asserted by `tests/test_fairness.py`: every row is a student of a class
that was handed to `autograder grade`, and shows the marks, the status and the message of the result that it wrote. The
answers are right in all tables but the last; the tables say what else the student did. In the last one something is
wrong with the answer itself.
"""


def page(observed: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of the page for these records."""
    parts = [OPENING]
    for title, cases in SECTIONS.items():
        rows = [_row(case, names, observed[case.name]) for case in cases for names in _together(case)]
        head = ["| the student ... | exercise | marks | status | message |", "| --- | --- | ---: | --- | --- |"]
        parts.append("\n".join([f"## {title}\n", *head, *rows, ""]))
    return "\n".join(parts)


def entry_of(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(entry for entry in record["exercises"] if entry["id"] == name)


def _together(case: Case) -> list[tuple[str, ...]]:
    """The exercises that share a row: those that are right in the same way."""
    return [names for names in (case.full, *((name,) for name in (*case.part, *case.none))) if names]


def _row(case: Case, names: tuple[str, ...], record: Mapping[str, Any]) -> str:
    entries = [entry_of(record, name) for name in names]
    marks = " of ".join(f"{sum(entry[key] for entry in entries):g}" for key in ("score", "max"))
    statuses = " ".join(dict.fromkeys(entry["status"].replace("_", " ") for entry in entries))
    lines = entries[0]["message"].split("\n")
    said = lines[0] if statuses == "passed" else " ".join(lines[:2])
    called = ", ".join(f"`{name}`" for name in names)
    return f"| {' | '.join([case.did, called, marks, statuses, _plain(said)])} |"


def _plain(text: str) -> str:
    """One line that Markdown shows as it is."""
    for sign in "\\|<*_`$[":
        text = text.replace(sign, "\\" + sign)
    return text if len(text) <= 240 else text[:240].rsplit(" ", 1)[0] + " ..."
