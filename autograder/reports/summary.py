"""The figures a teacher asks for, each with the students behind it."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.feedback.panel import STATES
from autograder.reports.attention import Case, Group, Suspicion, decided, need_help, suspicions, to_settle, waits
from autograder.reports.course import Topic, title_of, topics_of
from autograder.reports.run import Result, Run, Student

# How a class splits up over an exercise, the best first: word, tone, statuses.
PARTS = (
    ("right", "good", ("passed",)),
    ("partly right", "part", ("partial",)),
    ("not right", "wrong", ("failed",)),
    ("stopped by an error or a limit", "stop", ("error", "timeout", "memory", "killed", "invalid_output")),
    ("for you to settle", "calm", ("undecided",)),
    ("not tried", "none", ("not_attempted", "unreadable")),
)
MISCONCEPTION, CLAIM, STOP = "misconception", "claim", "stop"


@dataclass(frozen=True)
class Reason:
    """Why some students lost points. kind: a misconception, the first claim that fails, or what stopped them."""

    kind: str
    sentence: str
    students: tuple[Student, ...]


@dataclass(frozen=True)
class Difficulty:
    """How the class did on one exercise.

    share: of the points of everyone for whom it counts. lost: students' worth of points lost by those who tried it;
    held points are not lost. reasons: the most frequent first.
    """

    id: str
    title: str
    share: float
    lost: float
    tried: int
    statuses: Counter
    reasons: tuple[Reason, ...]
    settle: tuple[Student, ...]

    @property
    def wrong(self) -> int:
        """How many tried it and do not have it right; cases to settle are not among them."""
        return self.tried - self.statuses["passed"] - self.statuses["undecided"]

    @property
    def why(self) -> tuple[Reason, ...]:
        """The most telling reasons: the first misconception, and the first reason that is none."""
        named = [reason for reason in self.reasons if reason.kind == MISCONCEPTION]
        others = [reason for reason in self.reasons if reason.kind != MISCONCEPTION]
        return (*named[:1], *others[:1])


@dataclass(frozen=True)
class TopicShare:
    """How the class did on one topic. students: for how many it counts. statuses: over all of its exercises."""

    topic: Topic
    students: int
    share: float
    statuses: Counter
    difficulties: tuple[Difficulty, ...]


@dataclass(frozen=True)
class Row:
    """A student and, for each topic, the per cent of its points: -1 where nothing was tried, None where none count."""

    student: Student
    cells: tuple[int | None, ...]


@dataclass(frozen=True)
class Summary:
    """Everything on the teacher's page that is counted. difficulties: where most was lost first."""

    mean: float
    median: float
    full: int
    topics: tuple[TopicShare, ...]
    difficulties: tuple[Difficulty, ...]
    misconceptions: tuple[tuple[str, Reason], ...]  # exercise, reason
    rows: tuple[Row, ...]
    help: tuple[Group, ...]
    cases: tuple[Case, ...]
    decided: tuple[tuple[Student, Result], ...]
    suspicions: tuple[Suspicion, ...]

    @property
    def below(self) -> int:
        return sum(len(group.students) for group in self.help)


def summarise(run: Run) -> Summary:
    """Count; a run without students gives zeros."""
    percents = [student.percent for student in run.students] or [0.0]
    attempts: dict[str, list[tuple[Student, Result]]] = defaultdict(list)
    for student in run.students:
        for result in student.results:
            attempts[result.id].append((student, result))
    each = {id: _difficulty(id, pairs) for id, pairs in attempts.items()}
    topics = topics_of(run.exercises)
    hardest = sorted(each.values(), key=lambda one: (-one.lost, one.share))
    named = [(one.id, reason) for one in hardest for reason in one.reasons if reason.kind == MISCONCEPTION]
    return Summary(
        statistics.fmean(percents),
        statistics.median(percents),
        sum(student.percent >= 100 for student in run.students),
        tuple(_topic(topic, each, attempts) for topic in topics),
        tuple(hardest),
        tuple(sorted(named, key=lambda pair: -len(pair[1].students))),
        tuple(_row(student, topics) for student in run.students),
        need_help(run),
        to_settle(run),
        decided(run),
        suspicions(run, {one.id: one.tried for one in hardest if one.tried == one.wrong}),
    )


def parts_of(statuses: Counter) -> list[tuple[str, str, int]]:
    """Word, tone and number of every part of the class that is not empty; a status that is unknown is not right."""
    known = {status for _, _, members in PARTS for status in members}
    strange = sum(count for status, count in statuses.items() if status not in known)
    parts = [(word, tone, sum(statuses[status] for status in members)) for word, tone, members in PARTS]
    parts[2] = (*parts[2][:2], parts[2][2] + strange)
    return [part for part in parts if part[2]]


def reason_of(result: Result) -> tuple[str, str] | None:
    """Kind and sentence of why points were lost; None where none were."""
    if result.status in ("passed", "undecided") or not result.tried:
        return None
    if result.misconception:
        return MISCONCEPTION, result.misconception
    if result.decided:
        return STOP, "decided by you"
    if result.status not in ("failed", "partial"):
        return STOP, STATES.get(result.status, STATES["failed"])[1]
    failing = next((claim for claim, verdict, _ in result.claims if verdict == "fails"), "")
    return CLAIM, failing or "wrong in a way that no claim names"


def _difficulty(id: str, attempts: Sequence[tuple[Student, Result]]) -> Difficulty:
    reasons: dict[tuple[str, str], list[Student]] = defaultdict(list)
    for student, result in attempts:
        if reason := reason_of(result):
            reasons[reason].append(student)
    found = [Reason(kind, sentence, tuple(who)) for (kind, sentence), who in reasons.items()]
    return Difficulty(
        id,
        title_of(id),
        statistics.fmean(_share(result.score, result.max) for _, result in attempts),
        sum(1 - _share(result.score + result.held, result.max) for _, result in attempts if result.tried),
        sum(result.tried for _, result in attempts),
        Counter(result.status for _, result in attempts),
        tuple(sorted(found, key=lambda reason: -len(reason.students))),
        tuple(student for student, result in attempts if waits(result)),
    )


def _topic(topic: Topic, each: dict[str, Difficulty], attempts: dict[str, list]) -> TopicShare:
    mine = [each[id] for id in topic.exercises]
    pairs = [pair for id in topic.exercises for pair in attempts[id]]
    return TopicShare(
        topic,
        len({student.stem for student, _ in pairs}),
        _share(sum(result.score for _, result in pairs), sum(result.max for _, result in pairs)),
        sum((one.statuses for one in mine), Counter()),
        tuple(mine),
    )


def _row(student: Student, topics: Sequence[Topic]) -> Row:
    by_id = {result.id: result for result in student.results}
    return Row(student, tuple(_cell([by_id[id] for id in topic.exercises if id in by_id]) for topic in topics))


def _cell(results: list[Result]) -> int | None:
    if not results:
        return None
    if not any(result.tried for result in results):
        return -1
    return round(100 * _share(sum(result.score for result in results), sum(result.max for result in results)))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
