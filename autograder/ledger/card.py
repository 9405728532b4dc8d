"""How a settled claim looks on the page: an equation, its verdict, and one line on how it was settled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

MIME = "application/vnd.claim+json"
BADGES = {"proved": "✓ proved", "agrees": "✓ agrees", "shown": "✓ shown", "refuted": "✗ refuted"}


@dataclass(frozen=True)
class Evidence:
    """What one executed cell establishes about one claim.

    latex: the statement, without dollar signs; sentence: the same for the ear; how: the method, the points, or the
    witness; when: the condition under which it holds; instead: LaTeX of what holds in place of a refuted claim;
    part: which of the claim's cards this is, from 1.
    """

    claim: str
    verdict: str
    latex: str = ""
    sentence: str = ""
    how: str = ""
    when: str = ""
    instead: str = ""
    lesson: str = ""
    cell: int = -1
    part: int = 1

    @classmethod
    def from_record(cls, record: Mapping[str, Any], lesson: str, cell: int) -> Evidence:
        known = {key: record[key] for key in record if key in cls.__dataclass_fields__}
        return cls(**{**known, "lesson": lesson, "cell": cell})

    @property
    def anchor(self) -> str:
        """The id of the card on its page: claim-S1-6-1-1a, and claim-S1-6-1-1a-2 for the second card of a claim."""
        name = f"claim-{self.claim.replace('.', '-')}"
        return name if self.part == 1 else f"{name}-{self.part}"

    @property
    def words(self) -> str:
        """The sentence; where it is the correction of a refuted claim it says so, lest it be read as what is refuted."""
        corrects = self.verdict == "refuted" and self.sentence and not self.latex
        return f"What holds: {self.sentence}" if corrects else self.sentence

    def __str__(self) -> str:
        parts = [f"{BADGES[self.verdict]} [{self.claim}]", self.words, self.when and f"when {self.when}", self.how]
        return "\n  ".join(part for part in parts if part)

    __repr__ = __str__

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        record = {
            key: value for key, value in asdict(self).items() if value not in ("", -1) and (key, value) != ("part", 1)
        }
        bundle = {"text/plain": str(self), "text/html": self._html(), MIME: record}
        if self.latex:
            bundle["text/latex"] = f"$\\displaystyle {self.latex}$"
        return bundle

    def _html(self) -> str:
        """A self-contained card: the book's style sheet dresses the classes, a bare notebook shows them plainly."""
        statement = _math(self.latex) if self.latex else escape(self.words)
        notes = [self.when and f"when {escape(self.when)}", _raised(escape(self.how))]
        lines = [
            f'<div class="claim claim-{self.verdict}" id="{escape(self.anchor)}">',
            f'<span class="claim-verdict">{BADGES[self.verdict]}</span> <span class="claim-id">{escape(self.claim)}</span>',
            f'<div class="claim-formula">{statement}</div>',
            f'<div class="claim-note">{" · ".join(note for note in notes if note)}</div>',
        ]
        if self.instead:
            lines.append(f'<div class="claim-instead">What holds: {_math(self.instead)}</div>')
        return "\n".join([*lines, "</div>"])


def _raised(how: str) -> str:
    """The exponent of e where it belongs."""
    return re.sub(r"\be\^([^\s,]+)", r"e<sup>\1</sup>", how)


def _math(latex: str) -> str:
    return f'<span class="math notranslate nohighlight">\\(\\displaystyle {escape(latex, quote=False)}\\)</span>'
