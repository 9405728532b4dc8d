"""decisions.csv: what a teacher decides about the points that are held, a line for each answer."""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.feedback.untrusted import plain
from autograder.grading.cells import harmless

FILE = "decisions.csv"
COLUMNS = ("student", "exercise", "score", "reason")
# Further columns of the file that is written for the teacher: which scores are possible, and for which work they are.
RANGE, WORK = ("from", "to"), "work"
_LETTERS = str.maketrans("0123456789", "ghijkmnpqr")
_SEPARATORS = ",;\t"  # a spreadsheet saves with the one that its country uses
_SCORE = re.compile(r"\d{1,9}([.,]\d{1,9})?", re.ASCII)


class CannotSettle(ValueError):
    """Nothing was changed; the message says why, in a sentence a line."""


@dataclass(frozen=True)
class Decision:
    """The score that a person gives to one answer, and why.

    line: where that stands in the file. work: what it is about, as `work_of` tells it; empty where that is not said.
    """

    line: int
    student: str
    exercise: str
    score: float
    reason: str
    work: str = ""


def read_decisions(folder: Path, students: Collection[str]) -> tuple[list[Decision], list[str]]:
    """The decisions of the file in `folder`, of which there may be none, and a sentence for every line at fault.

    students: who is in the run, as the table shows them or as they are. A line without a score is not decided yet.
    """
    try:
        text = (folder / FILE).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [f"{FILE} cannot be read: {error.strerror or error}."]
    except UnicodeDecodeError:
        return [], [f'{FILE} is not in UTF-8: save it as "CSV UTF-8".']
    found: list[Decision] = []
    faults: list[str] = []
    decided: dict[tuple[str, str], int] = {}
    known = _names(students)
    try:
        for number, row in _rows(text):
            try:
                decision = _decision(number, row, known)
                first = decided.setdefault((decision.student, decision.exercise), number)
                if first != number:
                    raise ValueError(f"line {first} has decided on {plain(decision.exercise)} of this student already")
                found.append(decision)
            except ValueError as fault:
                faults.append(at(number, str(fault)))
            except Undecided:
                continue
    except (ValueError, csv.Error) as fault:
        faults.append(f"{FILE}: {fault}.")
    return found, faults


def at(line: int, fault: str) -> str:
    return f"{FILE}, line {line}: {fault}."


def work_of(digest: str) -> str:
    """A short name for what a student handed in, from its content digest: letters, which no spreadsheet takes for a number."""
    return digest[:8].translate(_LETTERS)


def as_file(waiting: Iterable[tuple[str, dict]], digests: Mapping[str, str]) -> str:
    """A file to fill in, from students and the entries of their results that have points held."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *RANGE, WORK])
    for student, entry in waiting:
        top = round(entry["score"] + entry["held"], 4)
        possible = (f"{entry['score']:g}", f"{top:g}")
        writer.writerow([harmless(student), entry["id"], "", "", *possible, work_of(digests[student])])
    return text.getvalue()


class Undecided(Exception):
    """A line that somebody has yet to fill in."""


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of every line that is not blank, and what stands in its columns."""
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    names = [cell.strip().casefold() for cell in next(reader, [])]
    if lacking := [name for name in COLUMNS if name not in names]:
        raise ValueError(f"its first line has to name the columns {', '.join(COLUMNS)}; {lacking[0]} is not there")
    for cells in reader:
        if any(map(str.strip, cells)):
            yield reader.line_num, dict(zip(names, cells, strict=False))


def _decision(line: int, row: dict[str, str], known: dict[str, set[str]]) -> Decision:
    """Raises ValueError with what is at fault, and Undecided."""
    name, exercise, score, reason = (row.get(column, "").strip() for column in COLUMNS)
    if not score:
        raise Undecided
    name = unicodedata.normalize("NFC", name)
    students = known.get(name, set())
    if len(students) > 1:
        raise ValueError(f"{plain(name)!r} stands for {len(students)} students here")
    if not students:
        raise ValueError(f"there is no student {plain(name)!r} in this run{_meant(name, known)}")
    if not _SCORE.fullmatch(score):
        raise ValueError(f"{plain(score, 40)!r} is no score, which is a number such as 1.5")
    return Decision(line, *students, exercise, float(score.replace(",", ".")), reason, row.get(WORK, "").strip())


def _names(students: Collection[str]) -> dict[str, set[str]]:
    """What may stand in the column for each student: the name itself, or what the table makes of it."""
    known: dict[str, set[str]] = {}
    for student in students:
        known.setdefault(harmless(student).strip(), set()).add(student)
    return known | {student.strip(): {student} for student in students}


def _meant(name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {plain(close[0], 80)!r}?" if close else ""
