"""Grade one student: read what was handed in, let the sandbox perform it, judge what came back."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from autograder import registry
from autograder.calls import Call, Observation, Program
from autograder.exercise import Exercise
from autograder.feedback.figure import figure
from autograder.grading.patience import OutOfPatience, within
from autograder.judges.judgement import Judgement, Plan
from autograder.judges.prove import without_proofs
from autograder.judging import blank, describe, judge, plan_for
from autograder.notebooks.beside import imported_scripts, lost_imports
from autograder.notebooks.read import Unreadable, read_bytes
from autograder.notebooks.statements import bound_names, drop_stale_stubs, error_line, statement_at
from autograder.sandbox import LoadFailure, Sandbox
from autograder.sandbox.wire import WireError

_PROGRESS = re.compile(r"progress\(\s*['\"](\w+)['\"]")
_WORD = re.compile(r"\w+")
_TOO_MUCH = "There is more code than anybody writes for this: hand in the notebook without what was pasted into it."
PATIENCE = 10.0  # seconds of processor time for reading a submission or judging one answer; both take well below one


@dataclass(frozen=True)
class Packet:
    """A submission as it travels to whoever grades it: bytes, and a sentence for every file that gave none."""

    student: str
    files: tuple[tuple[str, bytes], ...]
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Work:
    """A submission that has been read.

    programs: one for each notebook, with the .py files in front of each; only one where there is no notebook.
    exercises: those that count for this student. homes: the number of the program that holds the answer to each.
    problems: file name and reason of every file that stayed shut.
    recognised: whether anything in it belongs to this course.
    """

    student: str
    programs: tuple[Program, ...]
    exercises: tuple[Exercise, ...]
    homes: dict[str, int]
    problems: tuple[tuple[str, str], ...]
    recognised: bool

    @property
    def declared(self) -> str:
        """The name that the variants follow: the one in STUDENT = "...", otherwise the folder's."""
        return next((program.student for program in self.programs if program.student), self.student)


def read(packet: Packet) -> Work:
    """Read every file, and find out which exercises count.

    All exercises of a topic count as soon as the student handed in its notebook (known by the file's name or by its
    `progress("topic")`) or wrote any function of it; one function alone does not bring a second topic in, for it may
    be a helper. Where nothing is recognised, every exercise of the course counts. What takes too long to read has
    not been read.
    """
    try:
        return within(PATIENCE, _read, packet)
    except OutOfPatience:
        return _read(Packet(packet.student, (), tuple((name, _TOO_MUCH) for name, _ in packet.files)))


def _read(packet: Packet) -> Work:
    scripts: dict[str, Program] = {}
    notebooks: list[Program] = []
    problems = list(packet.problems)
    for name, data in packet.files:
        if PurePosixPath(name).name == "__init__.py" and not data.strip():
            continue  # that is how it should be
        try:
            program = read_bytes(PurePosixPath(name).name, data)
        except Unreadable as error:
            problems.append((name, error.reason))
            continue
        if name.lower().endswith(".ipynb"):
            notebooks.append(program)
        else:
            scripts[name] = program
    programs = tuple(_joined(scripts, notebook) for notebook in notebooks)
    if scripts and not notebooks:
        programs = (_joined(scripts),)
    names = [name for name, _ in (*packet.files, *packet.problems)]
    bound = tuple(bound_names(program.cells) for program in programs)
    topics = _topics(names, programs, bound)
    counted = tuple(e for e in registry.exercises().values() if e.topic in topics or not topics)
    if programs and not topics:
        reason = "holds none of this course's exercises: is it the notebook of another course?"
        problems += [(name, f"{PurePosixPath(name).name} {reason}") for name, _ in packet.files[:1]]
    spoken = tuple({word for cell in program.cells for word in _WORD.findall(cell)} for program in programs)
    homes = {exercise.id: home for exercise in counted if (home := _home(exercise.id, bound, spoken)) is not None}
    programs = tuple(_completed(program, names) for program, names in zip(programs, bound, strict=True))
    return Work(packet.student, programs, counted, homes, tuple(problems), bool(topics))


def grade(work: Work, sandbox: Sandbox, seed: int = 0) -> dict[str, Any]:
    """The result of one student, as `results/<student>.json` holds it."""
    entries: dict[str, dict] = {}
    for number, program in enumerate(work.programs):
        mine = [exercise for exercise in work.exercises if work.homes.get(exercise.id) == number]
        if mine and work.recognised:
            entries |= _graded(program, mine, sandbox, seed, work.declared)
    for exercise in work.exercises:
        if exercise.id not in entries:
            entries[exercise.id] = _without_program(exercise, work)
    graded = result(work.student, [entries[e.id] for e in work.exercises], [reason for _, reason in work.problems])
    return graded | ({"declared": work.declared} if work.declared != work.student else {})


def result(student: str, entries: list[dict], notes: Sequence[str] = ()) -> dict[str, Any]:
    """The sums over a student's results. `notes`, where there are any, are sentences about files not read."""
    total, held, top = (round(sum(entry[key] for entry in entries), 4) for key in ("score", "held", "max"))
    percent = round(100 * total / top, 2) if top else 0.0
    sums = {"student": student, "total": total, "held": held, "max": top, "percent": percent, "exercises": entries}
    return sums | ({"notes": list(notes)} if notes else {})


def lost(packet: Packet, status: str, reason: str) -> dict[str, Any]:
    """The result of a student whose grading itself came to grief: nothing earned, and the reason."""
    work = read(Packet(packet.student, (), tuple((name, reason) for name, _ in packet.files)))
    return result(packet.student, [_empty(exercise, status, reason) for exercise in work.exercises], [reason])


def _joined(scripts: Mapping[str, Program], *notebook: Program) -> Program:
    """One program of all scripts and, behind them, the notebook."""
    programs = [*scripts.values(), *notebook]
    cells = drop_stale_stubs([cell for program in programs for cell in program.cells])
    student = next((program.student for program in reversed(programs) if program.student), None)
    sources = {path: "\n".join(program.cells) for path, program in scripts.items()}
    return Program(tuple(cells), student, imported_scripts(cells, sources))


def _completed(program: Program, bound: dict[str, bool]) -> Program:
    lost = lost_imports(program.cells, bound)
    return replace(program, cells=(*lost, *program.cells)) if lost else program


def _topics(file_names: list[str], programs: tuple[Program, ...], bound: tuple[dict[str, bool], ...]) -> set[str]:
    called = [_plain_name(name) for name in file_names]
    topics, exercises = registry.topics(), registry.exercises()
    found = {topic for topic in topics if any(topic in name for name in called)}
    for program, names in zip(programs, bound, strict=True):
        named = topics.keys() & {name for cell in program.cells for name in _PROGRESS.findall(cell)}
        written = Counter(exercises[name].topic for name in names if name in exercises)
        least = 2 if found | named else 1
        found |= named | {topic for topic, count in written.items() if count >= least}
    return found


def _home(name: str, bound: Sequence[Mapping[str, bool]], spoken: Sequence[Collection[str]]) -> int | None:
    """Which program holds the answer: the last that writes it, else the last that mentions it."""
    claims = [
        2 + names[name] if name in names else int(name in words) for names, words in zip(bound, spoken, strict=True)
    ]
    strength, number = max(((claim, number) for number, claim in enumerate(claims)), default=(0, 0))
    return number if strength else None


def _plain_name(name: str) -> str:
    return re.sub(r"\W+", "_", name.casefold())


def _graded(program: Program, exercises: list[Exercise], sandbox: Sandbox, seed: int, student: str) -> dict[str, dict]:
    plans, entries = {}, {}
    for exercise in exercises:
        try:
            plans[exercise] = plan_for(exercise, seed, student)
        except Exception as error:
            entries[exercise.id] = _stumbled(exercise, error)
    try:
        performance = sandbox.perform(program, [plan.calls for plan in plans.values()])
    except WireError:
        return entries | {exercise.id: _empty(exercise, "unreadable", _TOO_MUCH) for exercise in plans}
    for (exercise, plan), observations, seconds in zip(
        plans.items(), performance.observations, performance.seconds, strict=True
    ):
        if exercise.id not in performance.defined:
            observations = _with_reason(program, exercise.id, plan.calls, observations, performance.load_failures)
        try:
            entries[exercise.id] = within(PATIENCE, _judged, exercise, plan, observations, seconds)
        except OutOfPatience:
            entries[exercise.id] = _held(exercise, "judging it took too long. A shorter answer is judged at once.")
        except Exception as error:
            entries[exercise.id] = _stumbled(exercise, error)
    return entries


def _judged(exercise: Exercise, plan: Plan, observations: Sequence[Observation], seconds: float) -> dict:
    with np.errstate(all="ignore"), warnings.catch_warnings(), without_proofs():
        warnings.simplefilter("ignore")  # the arithmetic on a student's nan is nothing to tell the teacher
        told = _told(exercise, judge(exercise, plan, observations))
    return told | {"seconds": round(seconds, 3)}


@lru_cache(maxsize=1_024)
def _told(exercise: Exercise, judgement: Judgement) -> dict:
    """The result but for its seconds, with the figure if there is one: drawn once for all who make the same mistake."""
    picture = figure(exercise, judgement)
    return describe(exercise, judgement) | ({"figure": picture} if picture else {})


def _stumbled(exercise: Exercise, error: Exception) -> dict:
    """A mistake of ours costs neither this student nor the next one: the points are held."""
    return _held(exercise, f"the grader itself stumbled over this exercise ({type(error).__name__}).")


def _held(exercise: Exercise, why: str) -> dict:
    reason = f"Left for a person to decide: {why} The points are held until your teacher has looked."
    return _empty(exercise, "undecided", reason) | {"held": exercise.points}


def _with_reason(
    program: Program,
    name: str,
    calls: Sequence[Call],
    observations: Sequence[Observation],
    failures: Sequence[LoadFailure],
) -> Sequence[Observation]:
    """A function that was written but whose definition failed is an error, and not an absence."""
    written = re.compile(rf"^\s*(?:async\s+)?def\s+{name}\b|^{name}\s*=", re.MULTILINE)
    for failed in failures:
        lines = program.cells[failed.cell].split("\n")[failed.line - 1 :]
        broken = error_line(program.cells[failed.cell]) is not None
        if written.search("\n".join(lines) if broken else statement_at(program.cells[failed.cell], failed.line)):
            hung = failed.fate is not None  # or crashed, while it was loaded
            seen = Observation(fate=failed.fate) if hung else Observation(failure=failed.failure)
            pairs = zip(calls, observations, strict=True)
            return [seen if call.function == name and was.fate == "missing" else was for call, was in pairs]
    return observations


def _without_program(exercise: Exercise, work: Work) -> dict:
    """No code for this exercise: because its file could not be read, or because there is none."""
    for name, reason in work.problems:
        if not work.recognised or exercise.topic in _plain_name(name):
            return _empty(exercise, "unreadable", reason)
    if not work.programs:
        return _empty(exercise, "unreadable", "No notebook and no Python file was handed in.")
    return blank(exercise)


def _empty(exercise: Exercise, status: str, reason: str) -> dict:
    return describe(exercise, Judgement((), status_override=status)) | {"message": reason}
