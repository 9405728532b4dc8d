"""The claims, and the evidence for them found in the executed lessons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.ledger.card import MIME, Evidence
from autograder.registry import root

# Which evidence settles a claim of which verdict. A misleading claim is true in one reading and false in another,
# so either will do; what cannot be checked by computing needs none.
SETTLED_BY = {
    "true": {"proved", "agrees", "shown"},
    "true with a condition": {"proved", "agrees", "shown"},
    "false": {"refuted"},
    "misleading": {"proved", "agrees", "shown", "refuted"},
    "not checkable": set(),
}


@dataclass(frozen=True)
class Claim:
    """One claim of a source text, in paraphrase.

    id: source and place ("S1-6.1.1a"). verdict: true, true with a condition, misleading, false, not checkable.
    correction: what holds instead, or under which condition. lesson: the topic whose lesson establishes it, if any.
    """

    id: str
    claim: str
    latex: str
    type: str
    verdict: str
    correction: str
    lesson: str

    @property
    def checkable(self) -> bool:
        return self.verdict != "not checkable"


@dataclass(frozen=True)
class Missing:
    """A claim without the evidence it needs, and what to do about it."""

    claim: Claim
    why: str


@cache
def claims() -> dict[str, Claim]:
    """Every claim by its id, in the order of the sources."""
    records = json.loads((root() / "chapters" / "ledger.json").read_text("utf-8"))
    return {record["id"]: Claim(**record) for record in records}


def evidence(folder: Path | None = None) -> dict[str, list[Evidence]]:
    """Everything the executed lessons under `folder` (default `chapters/`) establish, by claim id.

    It is read from the outputs that are committed with the lessons; running them again under nbval is what keeps
    those honest.
    """
    found: dict[str, list[Evidence]] = {}
    for lesson in sorted((folder or root() / "chapters").glob("*/lesson.ipynb")):
        cells = json.loads(lesson.read_text("utf-8"))["cells"]
        for number, cell in enumerate(cells):
            for output in cell.get("outputs", ()):
                record = output.get("data", {}).get(MIME)
                if record:
                    entry = Evidence.from_record(record, lesson=lesson.parent.name, cell=number)
                    found.setdefault(entry.claim, []).append(entry)
    return found


def missing(found: dict[str, list[Evidence]] | None = None) -> list[Missing]:
    """The checkable claims that no lesson settles yet."""
    found = evidence() if found is None else found
    gaps = []
    for claim in claims().values():
        entries = found.get(claim.id, ())
        verdicts = {entry.verdict for entry in entries if claim.lesson in ("", entry.lesson)}
        if claim.verdict == "true with a condition" and verdicts and not any(entry.when for entry in entries):
            gaps.append(Missing(claim, "holds under a condition: pass it as when=... so that the reader sees it"))
            continue
        if not claim.checkable or verdicts & SETTLED_BY[claim.verdict]:
            continue
        where = f"chapters/{claim.lesson}/lesson.ipynb" if claim.lesson else "a lesson"
        if verdicts:
            needed = " or ".join(sorted(SETTLED_BY[claim.verdict]))
            why = f"is {claim.verdict}, so {where} must leave it {needed}, not {', '.join(sorted(verdicts))}"
        else:
            why = f"has no cell yet: {where} should prove, show or refute it"
        gaps.append(Missing(claim, why))
    return gaps
