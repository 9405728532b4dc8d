"""What a teacher should do something about: whom to help, what to settle, what to look at."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from autograder.reports.run import FAILS, Result, Run, Student

HELP_BELOW = 50.0  # per cent of the points
MOSTLY = 0.7  # of the points of what was tried: this student lacks time or courage, not understanding
ALIKE_FROM = 3  # so many wrong values in common, and nothing else, before two submissions are worth a look
ENOUGH = 5  # so many have to fail at an exercise before the exercise itself is worth a look
CRASHED = ("killed", "memory", "timeout")


@dataclass(frozen=True)
class Group:
    """Students below half of the points who need the same thing: what happened, what helps, who and in detail."""

    name: str
    what: str
    advice: str
    students: tuple[tuple[Student, str], ...]


@dataclass(frozen=True)
class Case:
    """An answer that was neither refuted nor proved, and who gave it. held: points for each of them."""

    id: str
    held: float
    message: str
    students: tuple[Student, ...]


@dataclass(frozen=True)
class Suspicion:
    """Something worth a look, in words, and whom it is about. It proves nothing. exercise: its id, where it is one."""

    sentence: str
    students: tuple[Student, ...]
    exercise: str = ""


GROUPS = {
    "astray": ("tried, and most of it went wrong", "Talk to them first; their pages say what went wrong."),
    "unfinished": ("did well in what they tried, but much is missing", "Ask what keeps them from going on."),
    "blank": ("handed in no answer yet", "A first exercise solved together may be all it takes."),
    "unreadable": (
        "handed in what could not be read",
        "Ask for the file again; their pages say what is wrong with it.",
    ),
}


def need_help(run: Run) -> tuple[Group, ...]:
    """Everyone below half of the points, by what they need; in each group the lowest first."""
    found: dict[str, list[tuple[Student, str]]] = {name: [] for name in GROUPS}
    for student in sorted(run.students, key=lambda student: student.percent):
        if student.percent < HELP_BELOW:
            found[_need(student)].append((student, _trouble(student)))
    return tuple(Group(name, *GROUPS[name], tuple(who)) for name, who in found.items() if who)


def _need(student: Student) -> str:
    tried = [result for result in student.results if result.tried]
    if not tried:
        return "unreadable" if student.count("unreadable") or student.notes else "blank"
    mostly_right = sum(r.score + r.held for r in tried) >= MOSTLY * sum(r.max for r in tried)
    return "unfinished" if mostly_right else "astray"


def _trouble(student: Student) -> str:
    """Why there are so few points, in a few words."""
    if student.notes and not any(result.tried for result in student.results):
        return " ".join(student.notes)
    words = {
        "right": student.count("passed"),
        "wrong or partly right": student.count("failed", "partial"),
        "stopped by an error": student.count("error"),
        "out of time, out of memory or died": student.count(*CRASHED),
        "of a form that cannot be judged": student.count("invalid_output"),
        "for you to settle": student.count("undecided"),
        "in a file that could not be read": student.count("unreadable"),
        "not tried": student.count("not_attempted"),
    }
    return ", ".join(f"{count} {word}" for word, count in words.items() if count)


def waits(result: Result) -> bool:
    """Whether the teacher has to decide on it."""
    return result.status == "undecided" or result.held > 0


def to_settle(run: Run) -> tuple[Case, ...]:
    """Every answer that waits for the teacher; whoever gave the same one stands together."""
    found: dict[tuple[str, float, str], list[Student]] = defaultdict(list)
    for student in run.students:
        for result in student.results:
            if waits(result):
                found[result.id, result.held, result.message].append(student)
    cases = [Case(*key, tuple(who)) for key, who in found.items()]
    return tuple(sorted(cases, key=lambda case: (-len(case.students), case.id)))


def decided(run: Run) -> tuple[tuple[Student, Result], ...]:
    """Every answer that a person has decided on."""
    return tuple((student, result) for student in run.students for result in student.results if result.decided)


def suspicions(run: Run, nobody_right: dict[str, int]) -> tuple[Suspicion, ...]:
    """nobody_right: exercises that none of those who tried has right, and how many tried."""
    hopeless = [
        Suspicion(f"None of the {tried} who tried got it right. Is the exercise at fault?", (), id)
        for id, tried in nobody_right.items()
        if tried >= ENOUGH
    ]
    return (*hopeless, *_crashes(run), *_same_name(run), *_same_mistakes(run))


def _crashes(run: Run) -> list[Suspicion]:
    found: dict[str, list[Student]] = defaultdict(list)
    for student in run.students:
        ends = Counter(result.status for result in student.results if result.status in CRASHED)
        if ends["killed"] or ends["memory"]:
            said = ", ".join(f"{status} ({count})" for status, count in sorted(ends.items()))
            found[said].append(student)
    return [Suspicion(f"Processes that did not end by themselves: {said}.", tuple(who)) for said, who in found.items()]


def _same_name(run: Run) -> list[Suspicion]:
    named = defaultdict(list)
    for student in run.students:
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
        marks = frozenset(mark for result in student.results for mark in _odd_values(result))
        if len({id for id, _, _ in marks}) >= ALIKE_FROM:
            alike[marks].append(student)
    return [
        Suspicion(f"The same wrong values in {len({id for id, _, _ in marks})} exercises, and no others.", tuple(who))
        for marks, who in alike.items()
        if len(who) > 1
    ]


def _odd_values(result: Result) -> list[tuple[str, str, str]]:
    if result.misconception or result.status not in ("failed", "partial"):
        return []
    return [(result.id, claim, witness) for claim, verdict, witness in result.claims if verdict == FAILS and witness]
