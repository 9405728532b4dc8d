"""students/<student>.html: what one student handed in, what was found in it, and the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from markupsafe import Markup

from autograder.feedback.panel import prose
from autograder.reports.course import Topic, title_of, topics_of
from autograder.reports.run import Result, Student
from autograder.reports.templates import render


@dataclass(frozen=True, slots=True)
class Section:
    """The results of one topic: what there is to talk about, what is right, what was not tried."""

    topic: Topic
    score: float
    max: float
    statuses: Counter
    talk: tuple[Result, ...]
    right: tuple[Result, ...]
    open: tuple[Result, ...]


def student_page(student: Student) -> str:
    """The page as text."""
    by_id = {result.id: result for result in student.results}
    sections = [_section(topic, [by_id[id] for id in topic.exercises]) for topic in topics_of(by_id)]
    return render(
        "student.html", student=student, sections=sections, claims=_claims, right=_right, titled=_titled,
        untried=lambda results: _untried(tuple(result.id for result in results)),
    )  # fmt: skip


@lru_cache(maxsize=10_000)  # most of a class is right in the same words
def _right(id: str, points: float, message: str, claims: tuple) -> Markup:
    words = {"id": id, "points": points, "title": _titled(id), "lines": message.splitlines()}
    return Markup(render("right.html", **words, claims=_claims(claims)))


@lru_cache(maxsize=1_000)  # whoever stops, stops where others do
def _untried(ids: tuple[str, ...]) -> Markup:
    return Markup(render("untried.html", exercises=[(id, _titled(id)) for id in ids]))


@cache
def _titled(id: str) -> Markup:
    """What an exercise is about, to stand below its name; nothing where the course has none of this name."""
    title = title_of(id)
    return Markup('<span class="title">{}</span>').format(prose(title)) if title else Markup("")


@lru_cache(maxsize=10_000)
def _claims(claims: tuple) -> Markup:
    return Markup(render("claims.html", claims=claims))


def _section(topic: Topic, results: Sequence[Result]) -> Section:
    return Section(
        topic,
        sum(result.score for result in results),
        sum(result.max for result in results),
        Counter(result.status for result in results),
        tuple(result for result in results if result.status not in ("passed", "not_attempted")),
        tuple(result for result in results if result.status == "passed"),
        tuple(result for result in results if result.status == "not_attempted"),
    )
