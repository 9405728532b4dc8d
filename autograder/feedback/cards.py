"""The smaller things a notebook shows: a hint, the table of progress, a student's own question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.exercise import Exercise
from autograder.feedback.maths import readable
from autograder.feedback.panel import FOLDER, STATES, environment, hint_at, stylesheet, wrapped
from autograder.feedback.untrusted import plain


def hint_card(exercise: Exercise, level: int) -> dict:
    """The hint of this level, the nearest one there is; level, html and text."""
    level = max(1, min(level, len(exercise.hints)))
    label, hint = hint_at(exercise, level)
    following = f'hint("{exercise.id}", {level + 1})' if level < len(exercise.hints) else ""
    text = f"{exercise.id}. {label}\n\n{wrapped(readable(hint))}"
    return {"level": level, "html": _html("hint.html", exercise=exercise, label=label, hint=hint, following=following),
            "text": text + (f"\n\n{wrapped(f'Still stuck? {following} says more.')}" if following else "")}  # fmt: skip


def progress_card(topics: Mapping[str, Sequence[Exercise]], states: Mapping[str, Sequence]) -> dict:
    """A table a topic: each exercise, what the last check of it said, and its points; html and text."""
    tables = [
        (topic, [_row(item, *states.get(item.id, ("unchecked", 0.0))) for item in items])
        for topic, items in topics.items()
    ]
    return {"html": _html("progress.html", tables=tables), "text": "\n\n".join(_table(*table) for table in tables)}


def variant_card(exercise: Exercise, numbers: Mapping[str, Any], student: str) -> dict:
    """The student's own question in words, or just the numbers where it has none; html and text."""
    ask = getattr(exercise.spec, "question", None)
    question = ask(dict(numbers)) if ask else ", ".join(f"{name} = {value}" for name, value in numbers.items())
    whose = f"for {plain(student, 60)}" if student else 'for everybody: set STUDENT = "your name" to get your own'
    return {
        "html": _html("variant.html", exercise=exercise, question=question, whose=whose, numbers=numbers),
        "text": f"{exercise.id} ({whose})\n\n{wrapped(readable(question))}",
    }


def _row(item: Exercise, status: str, score: float) -> dict:
    symbol, word, tone = STATES.get(status, STATES["unchecked"])
    return {
        "item": item,
        "symbol": symbol,
        "word": word,
        "tone": tone,
        "score": f"{round(score, 2):g}",
        "max": f"{item.points:g}",
    }


def _table(topic: str, rows: list[dict]) -> str:
    width = max(len(row["item"].id) for row in rows)
    words = max(len(row["word"]) for row in rows)
    right = sum(row["tone"] == "good" for row in rows)
    lines = [
        f"  {row['symbol']} {row['item'].id:<{width}}  {row['word']:<{words}}  {row['score']}/{row['max']}"
        for row in rows
    ]
    return "\n".join([f"{topic}: {right} of {len(rows)} right", *lines])


def _html(template: str, **names: Any) -> str:
    return environment(FOLDER).get_template(template).render(css=stylesheet(), **names)
