"""docs/fairness.md: what was seen when the cases were graded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fairness import around, handing_in, undeserved, writing
from tests.fairness.case import Case
from tests.fairness.observed import ROOT

PAGE = ROOT / "docs" / "fairness.md"
SECTIONS = {
    "Ways to write a right answer": writing.CASES,
    "What stands around a right answer": around.CASES,
    "What becomes of the notebook": handing_in.FORMS,
    "What is handed in": handing_in.FILES,
    "Names of folders, and zip files of a class": handing_in.NAMES,
    "What earns nothing, or not everything": undeserved.CASES,
}
CASES = tuple(case for cases in SECTIONS.values() for case in cases)
OPENING = """\
# What costs nothing, and what earns nothing

Made by `python -m tests.fairness --write` and asserted by `tests/test_fairness.py`: every row is a student of a class
that was handed to `autograder grade`, and shows the marks, the status and the message of the result that it wrote. The
answers are right in the first five tables; the tables say what else the student did. In the last one something is
wrong with the answer.
"""


def page(observed: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of the page for these records."""
    parts = [OPENING]
    for title, cases in SECTIONS.items():
        rows = [_row(case, name, observed[case.name]) for case in cases for name in case.exercises]
        head = ["| the student ... | exercise | marks | status | message |", "| --- | --- | ---: | --- | --- |"]
        parts.append("\n".join([f"## {title}\n", *head, *rows, ""]))
    return "\n".join(parts)


def entry_of(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(entry for entry in record["exercises"] if entry["id"] == name)


def _row(case: Case, name: str, record: Mapping[str, Any]) -> str:
    entry = entry_of(record, name)
    lines = entry["message"].split("\n")
    said = lines[0] if entry["status"] == "passed" else " ".join(lines[:2])
    cells = [case.did, f"`{name}`", f"{entry['score']:g} of {entry['max']:g}", entry["status"], _plain(said)]
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """One line that Markdown shows as it is."""
    for sign in "\\|<*_`$[":
        text = text.replace(sign, "\\" + sign)
    return text if len(text) <= 240 else text[:240].rsplit(" ", 1)[0] + " ..."
