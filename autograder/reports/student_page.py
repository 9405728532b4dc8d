"""students/<student>.html: what one student handed in, what was found in it, and the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from autograder.reports.course import Topic, topics_of
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
    return render("student.html", student=student, sections=sections, claims=_claims, right=_right)


@lru_cache(maxsize=10_000)  # most of a class is right in the same words
def _right(id: str, points: float, message: str, claims: tuple) -> Markup:
    return Markup(render("right.html", id=id, points=points, lines=message.splitlines(), claims=_claims(claims)))


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
