"""A finished run as its folder tells it: one result a student, every text in it made harmless."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.feedback.maths import readable
from autograder.feedback.untrusted import plain, plain_lines

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
FAILS = "fails"
RESULTS = "results"


@dataclass(frozen=True, slots=True)
class Result:
    """One exercise of one student. decided: by a person, whose reason then stands in the message."""

    id: str
    status: str
    score: float
    held: float
    max: float
    seconds: float
    claims: tuple[tuple[str, str, str], ...]  # claim, verdict, witness
    misconception: str
    message: str
    figure: str
    decided: bool = False

    @property
    def tried(self) -> bool:
        return self.status not in ("not_attempted", "unreadable")


@dataclass(frozen=True, slots=True)
class Student:
    """One submission. stem: the name of its files. declared: the STUDENT of the notebook, else its name."""

    name: str
    stem: str
    total: float
    held: float
    max: float
    percent: float
    results: tuple[Result, ...]
    notes: tuple[str, ...]
    declared: str

    def count(self, *statuses: str) -> int:
        return sum(result.status in statuses for result in self.results)

    def brief(self) -> Student:
        """What the page of the class needs: without figures, passed claims, and messages that are no teacher's affair."""
        return replace(self, results=tuple(_brief(result) for result in self.results))


@dataclass(frozen=True)
class Run:
    """A run: its folder, its record (run.json), its students by name, and the result files that were no results."""

    folder: Path
    record: dict[str, Any]
    students: tuple[Student, ...]
    broken: tuple[str, ...] = ()

    @property
    def exercises(self) -> list[str]:
        """Every exercise id, in the order of the results."""
        return list(dict.fromkeys(result.id for student in self.students for result in student.results))


def read_students(folder: Path) -> Iterator[tuple[str, Student | None]]:
    """The name of every result file and whose result it is, one at a time: a class need not fit into memory.

    None for a file that is no result.
    """
    known: dict[str, tuple[dict, Result]] = {}
    for path in sorted((folder / RESULTS).glob("*.json"), key=lambda path: (path.stem.casefold(), path.stem)):
        try:
            student = _student(json.loads(path.read_text("utf-8", errors="replace")), path.stem, known)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            student = None
        yield plain(path.name, 80), student


def read_record(folder: Path) -> dict[str, Any]:
    """run.json; empty where it is missing or broken."""
    try:
        record = json.loads((folder / "run.json").read_text("utf-8", errors="replace"))
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def read_run(folder: Path) -> Run:
    """The whole run in brief, students by name."""
    read = [(name, student and student.brief()) for name, student in read_students(folder)]
    return run_of(folder, [student for _, student in read if student], [name for name, student in read if not student])


def run_of(folder: Path, students: list[Student], broken: list[str]) -> Run:
    by_name = sorted(students, key=lambda student: (student.name.casefold(), student.name, student.stem))
    return Run(folder, read_record(folder), tuple(by_name), tuple(broken))


def _brief(result: Result) -> Result:
    failing = tuple(claim for claim in result.claims if claim[1] == FAILS) if result.status != "passed" else ()
    theirs = result.held > 0 or result.status == "undecided" or result.decided
    return Result(result.id, result.status, result.score, result.held, result.max, result.seconds, failing,
                  result.misconception, result.message if theirs else "", "", result.decided)  # fmt: skip


def _student(data: dict, stem: str, known: dict[str, tuple[dict, Result]]) -> Student:
    return Student(
        _name(data["student"]),
        stem,
        *(_number(data[key]) for key in ("total", "held", "max", "percent")),
        tuple(_recalled(entry, known) for entry in data["exercises"]),
        tuple(plain(note) for note in data.get("notes", ())),
        _name(data.get("declared") or data["student"]),
    )


def _name(text: object) -> str:
    """A name that can be seen, and clicked on."""
    name = plain(text, 120)
    return name if any(letter.isprintable() and not letter.isspace() for letter in name) else "(no name)"


def _recalled(entry: dict, known: dict[str, tuple[dict, Result]]) -> Result:
    """The very result of the student before, where the entry is the same: a class leaves the same exercises untried."""
    before, result = known.get(entry["id"], (None, None))
    if before != entry:
        result = _result(entry)
        known[entry["id"]] = entry, result
    return result


def _result(entry: dict) -> Result:
    if not _ID.fullmatch(entry["id"]):
        raise ValueError("an exercise is called by the name of its function, and files are named after it")
    return Result(
        entry["id"],
        plain(entry["status"], 30),
        _number(entry["score"]),
        _number(entry.get("held", 0.0)),
        _number(entry["max"]),
        _number(entry.get("seconds", 0.0)),
        tuple(_claim(one["claim"], one["verdict"], one.get("witness") or "") for one in entry.get("claims", ())),
        readable(plain(entry.get("misconception") or "", 600)),
        plain_lines(entry.get("message") or ""),
        str(entry.get("figure") or ""),
        "decided" in entry,
    )


@lru_cache(maxsize=10_000)  # a class hears the same few hundred claims again and again
def _claim(claim: str, verdict: str, witness: str) -> tuple[str, str, str]:
    return plain(claim), plain(verdict, 30), plain(witness)


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number of points")
    return number
