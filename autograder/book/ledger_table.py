"""The directive `ledger-table`: every claim, its verdict, what is right instead, and where it is settled."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from autograder.feedback.maths import readable
from autograder.ledger import Claim, claims, evidence, missing
from autograder.registry import root

VERDICTS = {
    "true": "true",
    "true with a condition": "conditional",
    "misleading": "misleading",
    "false": "false",
    "not checkable": "unchecked",
}
SIGNS = {"<=": "≤", ">=": "≥", "->": "→", "+-": "±", "-+": "∓"}
LESSON = "chapters/{}/lesson"


class LedgerTable(SphinxDirective):
    """`{ledger-table} settled` lists what the lessons settle, `{ledger-table} open` what they do not yet."""

    required_arguments = 1
    has_content: ClassVar[bool] = False

    def run(self) -> list[nodes.Node]:
        chapters = root() / "chapters"
        for dependency in [chapters / "ledger.json", *sorted(chapters.glob("*/lesson.ipynb"))]:
            self.env.note_dependency(str(dependency))
        found = evidence()
        unsettled = {gap.claim.id for gap in missing(found)}
        wanted = self.arguments[0]
        if wanted == "summary":
            return self.parse_text_to_nodes(summary(found.keys(), unsettled))
        if wanted not in ("settled", "open"):
            raise self.error(f'ledger-table knows "summary", "settled" and "open", not "{wanted}"')
        rows = [claim for claim in claims().values() if (claim.id in found) == (wanted == "settled")]
        return [node for claim in rows for node in self.entry(claim, found.get(claim.id, ()))]

    def entry(self, claim: Claim, settled: list) -> list[nodes.Node]:
        """One claim as a small article: a table of 282 formulas fits no telephone."""
        box = nodes.container(classes=["ledger-entry", f"verdict-{VERDICTS[claim.verdict]}"])
        head = nodes.paragraph(classes=["ledger-head"])
        head += nodes.inline("", claim.verdict, classes=["ledger-verdict"])
        head += nodes.Text(" ")
        head += nodes.inline("", claim.id, classes=["claim-id"])
        for entry in {(entry.lesson, entry.verdict): entry for entry in reversed(settled)}.values():
            uri = self.env.app.builder.get_relative_uri(self.env.docname, LESSON.format(entry.lesson))
            head += nodes.Text(" · ")
            name = f"{entry.verdict} in {entry.lesson.replace('_', ' ')}"
            head += nodes.reference("", name, refuri=f"{uri}#{entry.anchor}", internal=True)
        box += head
        box += nodes.paragraph("", "", *worded(claim.claim), classes=["ledger-claim"])
        if claim.latex:
            box += nodes.math_block("", claim.latex, nowrap=False, number=None, docname=self.env.docname)
        if claim.correction:
            box += nodes.paragraph("", "", *worded(_unwrapped(claim.correction)), classes=["ledger-correction"])
        return [box]


def worded(text: str) -> Iterator[nodes.Node]:
    """A sentence of the ledger: TeX between dollar signs, code in backticks, and plain words that write x^2 and >=."""
    for piece in re.split(r"(\$[^$]+\$|`[^`]+`)", text):
        if piece[:1] == "$":
            yield nodes.math("", piece[1:-1])
        elif piece[:1] == "`":
            yield nodes.literal("", piece[1:-1])
        else:
            for plain, sign in SIGNS.items():
                piece = piece.replace(plain, sign)
            yield nodes.Text(re.sub(r"\S+\^\S+", lambda power: readable(f"${power.group()}$"), piece))


def _unwrapped(note: str) -> str:
    """The note without the parentheses, where one pair encloses the whole of it."""
    depth = 0
    for place, sign in enumerate(note):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return note[1:-1] if note.startswith("(") and place == len(note) - 1 else note
    return note


def summary(settled: object, unsettled: set[str]) -> str:
    """How far the course has come, in one sentence and one small table."""
    everything = claims().values()
    counts = Counter(claim.verdict for claim in everything)
    closed = Counter(c.verdict for c in everything if c.checkable and c.id not in unsettled)
    rows = "\n".join(
        f"| {verdict} | {counts[verdict]} | {closed[verdict] if verdict != 'not checkable' else '·'} |"
        for verdict in VERDICTS
    )
    checkable = sum(claim.checkable for claim in everything)
    return (
        f"**{sum(closed.values())} of {checkable}** checkable claims are settled by a cell that runs.\n\n"
        f"| verdict | claims | settled here |\n|---|--:|--:|\n{rows}\n"
    )


def setup(app: Sphinx) -> None:
    app.add_directive("ledger-table", LedgerTable)
