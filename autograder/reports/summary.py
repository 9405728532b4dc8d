"""The figures a teacher asks for, each with the students behind it."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass

from autograder.reports.run import Result, Run, Student

HELP_BELOW = 50.0  # per cent
ALIKE_FROM = 3  # so many wrong values in common, and nothing else, before two submissions are worth a look
CRASHED = ("killed", "memory", "timeout")


@dataclass(frozen=True)
class Difficulty:
    """How the class did on one exercise. mistakes: misconception -> who made it, the most frequent first."""

    id: str
    share: float
    tried: int
    statuses: Counter
    mistakes: tuple[tuple[str, tuple[Student, ...]], ...]
    unnamed: tuple[Student, ...]


@dataclass(frozen=True)
class Suspicion:
    """Something worth a look, in words, and whom it is about. It proves nothing."""

    sentence: str
    students: tuple[Student, ...]


@dataclass(frozen=True)
class Summary:
    """Everything on the teacher's page that is counted."""

    mean: float
    median: float
    full: int
    below: int
    difficulties: tuple[Difficulty, ...]
    mistakes: tuple[tuple[str, str, tuple[Student, ...]], ...]  # sentence, exercise, who
    need_help: tuple[tuple[Student, str], ...]
    to_settle: tuple[tuple[Student, Result], ...]
    suspicions: tuple[Suspicion, ...]


def summarise(run: Run) -> Summary:
    """Count; a run without students gives zeros."""
    percents = [student.percent for student in run.students] or [0.0]
    difficulties = tuple(sorted((_difficulty(run, id) for id in run.exercises), key=lambda each: each.share))
    mistakes = [(sentence, each.id, who) for each in difficulties for sentence, who in each.mistakes]
    return Summary(
        statistics.fmean(percents),
        statistics.median(percents),
        sum(student.percent >= 100 for student in run.students),
        sum(student.percent < HELP_BELOW for student in run.students),
        difficulties,
        tuple(sorted(mistakes, key=lambda mistake: -len(mistake[2]))),
        tuple((student, _trouble(student)) for student in _weakest(run)),
        tuple((s, r) for s in run.students for r in s.results if r.status == "undecided" or r.held > 0),
        (*_crashes(run), *_same_name(run), *_same_mistakes(run)),
    )


def _difficulty(run: Run, id: str) -> Difficulty:
    attempts = [(student, result) for student in run.students for result in student.results if result.id == id]
    mistakes: dict[str, list[Student]] = defaultdict(list)
    unnamed = []
    for student, result in attempts:
        if result.misconception:
            mistakes[result.misconception].append(student)
        elif result.status in ("failed", "partial"):
            unnamed.append(student)
    return Difficulty(
        id,
        statistics.fmean(result.score / result.max if result.max else 0.0 for _, result in attempts),
        sum(result.status not in ("not_attempted", "unreadable") for _, result in attempts),
        Counter(result.status for _, result in attempts),
        tuple((sentence, tuple(who)) for sentence, who in sorted(mistakes.items(), key=lambda item: -len(item[1]))),
        tuple(unnamed),
    )


def _weakest(run: Run) -> list[Student]:
    return sorted((s for s in run.students if s.percent < HELP_BELOW), key=lambda student: student.percent)


def _trouble(student: Student) -> str:
    """Why there are so few points, in a few words."""
    total = len(student.results)
    if total and student.count("unreadable") == total:
        return "; ".join(student.notes) or "nothing could be read"
    if total and student.count("not_attempted") == total:
        return "nothing attempted yet"
    words = {
        "wrong or partly right": student.count("failed", "partial"),
        "stopped by an error": student.count("error"),
        "out of time, out of memory or died": student.count(*CRASHED),
        "of a file that could not be read": student.count("unreadable"),
        "not attempted": student.count("not_attempted"),
        "of a form that cannot be judged": student.count("invalid_output"),
    }
    return ", ".join(f"{count} {word}" for word, count in words.items() if count)


def _crashes(run: Run) -> list[Suspicion]:
    found = []
    for student in run.students:
        ends = Counter(result.status for result in student.results if result.status in CRASHED)
        if ends["killed"] or ends["memory"]:
            said = ", ".join(f"{status} ({count})" for status, count in ends.items())
            found.append(Suspicion(f"Processes that did not end by themselves: {said}.", (student,)))
    return found


def _same_name(run: Run) -> list[Suspicion]:
    named = defaultdict(list)
    for student in run.students:
        if student.declared:
            named[student.declared.casefold()].append(student)
    return [
        Suspicion(f"STUDENT = {who[0].declared!r} stands for {len(who)} submissions.", tuple(who))
        for who in named.values()
        if len(who) > 1
    ]


def _same_mistakes(run: Run) -> list[Suspicion]:
    """Submissions whose wrong values agree throughout, where no known misconception explains it."""
    alike = defaultdict(list)
    for student in run.students:
        marks = frozenset(
            (result.id, claim, witness)
            for result in student.results
            if not result.misconception and result.status in ("failed", "partial")
            for claim, verdict, witness in result.claims
            if verdict == "fails" and witness
        )
        if len({id for id, _, _ in marks}) >= ALIKE_FROM:
            alike[marks].append(student)
    return [
        Suspicion(f"The same wrong values in {len({id for id, _, _ in marks})} exercises, and no others.", tuple(who))
        for marks, who in alike.items()
        if len(who) > 1
    ]
