"""What a student sees after `check(f)`: HTML for a notebook, plain text for a terminal or a screen reader."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.exercise import Exercise
from autograder.feedback.figure import figure
from autograder.feedback.maths import readable
from autograder.feedback.message import STOPPED, message
from autograder.feedback.untrusted import plain
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, UNDECIDED, Finding, Judgement

WIDTH = 88
MARKS = {FAILS: "✗", UNDECIDED: "?", NOT_REACHED: "·", HOLDS: "✓"}  # always beside the verdict in words
STATES = {  # status -> symbol, word, tone
    "passed": ("✓", "right", "good"),
    "partial": ("◐", "partly right", "part"),
    "failed": ("✗", "not yet", "wrong"),
    "error": ("✗", "stopped by an error", "wrong"),
    "timeout": ("✗", "out of time", "wrong"),
    "memory": ("✗", "out of memory", "wrong"),
    "killed": ("✗", "died", "wrong"),
    "invalid_output": ("✗", "cannot be judged", "wrong"),
    "unreadable": ("✗", "cannot be read", "wrong"),
    "undecided": ("?", "undecided", "calm"),
    "not_attempted": ("○", "not attempted", "calm"),
    "unchecked": ("○", "not checked yet", "calm"),
}
HINT_NAMES = ("a question", "the idea", "the first line")
FOLDER = Path(__file__).parent


def panel_html(exercise: Exercise, judgement: Judgement, *, hint_level: int = 1, picture: bool = True) -> str:
    """A self-contained HTML fragment; the hint of `hint_level` waits in a closed `<details>`.

    Everything in it is escaped but our own figure; without style sheets it still reads in the right order.
    """
    symbol, _word, tone = STATES[judgement.status]
    return environment(FOLDER).get_template("panel.html").render(
        exercise=exercise,
        css=stylesheet(),
        message=message(exercise, judgement),
        tone=tone,
        symbol=symbol,
        claims=open_claims(judgement),
        marks=MARKS,
        figure=Markup(figure(exercise, judgement) or "") if picture else "",
        hint=hint_at(exercise, hint_level) if judgement.status != "passed" else None,
    )  # fmt: skip


def panel_text(exercise: Exercise, judgement: Judgement) -> str:
    """The same as plain text, at most 88 columns wide, the same for the same judgement."""
    said = message(exercise, judgement)
    blocks = [f"{exercise.id}: {said.verdict}"]
    blocks += [wrapped(part) for part in (said.fact, readable(said.cause)) if part]
    claims = [f"  {MARKS[f.verdict]} {f.verdict:<11}  {plain(f.claim)}" for f in open_claims(judgement)]
    if claims:
        blocks.append("\n".join(claims))
    blocks += [wrapped(part) for part in (said.quiet, said.next_step) if part]
    return "\n\n".join(blocks)


def open_claims(judgement: Judgement) -> list[Finding]:
    """The claims that do not hold yet, in the order they were judged, where they say more than the message does."""
    still_open = [finding for finding in judgement.findings if finding.verdict != HOLDS]
    if judgement.status in STOPPED or len(still_open) < 2:
        return []
    waiting = sum(finding.verdict == NOT_REACHED for finding in still_open)
    settled = [finding for finding in still_open if finding.verdict != NOT_REACHED]
    if waiting <= 2:
        return still_open
    return [*settled, Finding(f"{waiting} more claims, once the first ones hold", NOT_REACHED)]


def hint_at(exercise: Exercise, level: int) -> tuple[str, str] | None:
    """The label and the text of a hint; None where there is none at this level."""
    if not 1 <= level <= len(exercise.hints):
        return None
    kind = HINT_NAMES[level - 1] if len(exercise.hints) == len(HINT_NAMES) else "a little more"
    return f"Hint {level} of {len(exercise.hints)}: {kind}", exercise.hints[level - 1]


@cache
def stylesheet() -> str:
    """The style of panels: light and dark, in JupyterLab, in the book, and on a bare page."""
    return (FOLDER / "panel.css").read_text("utf-8")


def prose(text: object) -> Markup:
    """Text of ours or a student's as HTML: escaped, then what stands in backticks set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(plain(text, 2000)))))


@cache
def environment(folder: Path) -> Environment:
    """The templates of a folder; autoescape is on, and a name that is missing is an error."""
    templates = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    templates.filters["prose"] = prose
    return templates


def wrapped(text: str) -> str:
    """Indented by two, broken at words."""
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
