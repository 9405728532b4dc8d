"""What a run leaves behind: a result per student as soon as there is one, then the table and the record of the run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from autograder.grading.cells import harmless

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_REPORTS = ("report.html", "grades.xlsx", "junit.xml")  # they would contradict the table of a run that is not whole
_SUMS = ("total", "held", "max", "percent")
_LONGEST_NAME = 180  # bytes; file systems allow 255, and reports add their own endings


class Busy(ValueError):
    """Another run is writing to this folder; the message says so in one sentence."""


class Store:
    """The folder of one run. Every write is whole or absent, whenever the process is stopped.

    After a power cut too: a result counts only while it is what the journal says, and the journal is written after it.
    What that loses is graded again: the results of the last seconds at most, whose names had not reached the disk
    (making sure of each would take ten times as long as writing it).
    """

    def __init__(self, folder: str | Path) -> None:
        """Raises OSError when the folder cannot be made."""
        self.folder = Path(folder)
        self.results = self.folder / "results"
        self._made_here = not self.folder.exists()
        self.results.mkdir(parents=True, exist_ok=True)
        self._journal = self.folder / "journal.jsonl"
        self._table = self.folder / "grades.csv"
        self._lock = self.folder / ".lock"
        self._alike: frozenset[str] = frozenset()

    def expect(self, students: Iterable[str]) -> None:
        """Who is in this run: where a file system may take two names for one ("Ana" and "ana"), neither stands alone."""
        by_file: dict[str, list[str]] = {}
        for student in students:
            by_file.setdefault(_as_compared(file_name(student)), []).append(student)
        self._alike = frozenset(student for alike in by_file.values() if len(alike) > 1 for student in alike)

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Inside, no other run writes here. Raises Busy when one is at it."""
        with self._lock.open("ab") as lock:
            _claim(lock.fileno(), self.folder)
            for folder in (self.folder, self.results):
                for litter in folder.glob(".*.part"):
                    litter.unlink(missing_ok=True)
            yield

    def keep(self, result: Mapping[str, Any], digest: str) -> None:
        """Write one student's result, then note that it is the answer to the content `digest`."""
        data = _encoded(_json(result))
        _write(self._path(result["student"]), data)
        line = json.dumps({"student": result["student"], "digest": digest, "result": hashlib.sha256(data).hexdigest()})
        with self._journal.open("a", encoding="utf-8") as journal:
            journal.write(f"\n{line}\n")  # on both sides, so that what a crash leaves half written spoils only itself
            journal.flush()
            os.fsync(journal.fileno())

    def kept(self) -> dict[str, str]:
        """Student to content digest, for every result that is there and whole."""
        found: dict[str, str] = {}
        if not self._journal.exists():
            return found
        for line in self._journal.read_text("utf-8", errors="replace").split("\n"):
            try:
                entry = json.loads(line)
                student, digest, result = (str(entry[key]) for key in ("student", "digest", "result"))
            except (ValueError, TypeError, KeyError, RecursionError):
                continue
            found.pop(student, None)
            if _digest_of(self._path(student)) == result:
                found[student] = digest
        return found

    def load(self, student: str) -> dict[str, Any]:
        return json.loads(self._path(student).read_text("utf-8"))

    def mentions(self, student: str, key: str) -> bool:
        """Whether the result of a student may hold this key anywhere; quicker to say than to load it."""
        return f'"{key}":'.encode() in self._path(student).read_bytes()

    def forget_all_but(self, students: Iterable[str]) -> None:
        """Remove results of an earlier run for students who are not in this one."""
        wanted = {self._path(student) for student in students}
        for path in self.results.glob("*.json"):
            if path not in wanted:
                path.unlink()

    @property
    def empty(self) -> bool:
        """Whether no run has ever kept anything here."""
        return not self._journal.exists()

    def make_way(self, for_all: bool) -> None:
        """Before a first new result: reports of a whole run go, and `for_all` the earlier results too."""
        for name in _REPORTS:
            (self.folder / name).unlink(missing_ok=True)
        if for_all:
            for path in (self._journal, self._table):
                path.unlink(missing_ok=True)
            self.forget_all_but(())

    def withdraw(self) -> None:
        """Leave nothing of a run that could not start, in a folder that was made for it."""
        if self._made_here:
            with suppress(OSError):  # something else has been put there meanwhile
                self.results.rmdir()
                self._lock.unlink()
                self.folder.rmdir()

    def columns(self) -> list[str]:
        """The exercises of the table that is there; empty where there is none."""
        if not self._table.exists():
            return []
        with self._table.open(encoding="utf-8", newline="") as table:
            return next(csv.reader(table), [])[1 : -len(_SUMS)]

    def write_table(self, students: Iterable[str], exercises: Iterable[str]) -> int:
        """grades.csv: a row a student, a column an exercise id (empty where it does not count), then the sums.

        Returns how many students have points that are held.
        """
        columns, waiting = list(exercises), 0
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["student", *columns, *_SUMS])
        for student in students:
            result = self.load(student)
            scores = {entry["id"]: _number(entry["score"]) for entry in result["exercises"]}
            sums = (_number(result[name]) for name in _SUMS)
            waiting += result["held"] > 0
            writer.writerow([harmless(student), *(scores.get(column, "") for column in columns), *sums])
        write(self._table, text.getvalue())
        return waiting

    def write_record(self, record: Mapping[str, Any]) -> None:
        """run.json: what is needed to trust the run and to repeat it. With it all that was kept is on the disk."""
        write(self.folder / "run.json", _json(record))
        for folder in (self.results, self.folder):
            _settle(folder)

    def _path(self, student: str) -> Path:
        return self.results / f"{file_name(student, alone=student not in self._alike)}.json"


def file_name(student: str, alone: bool = True) -> str:
    """A file name for a student that every file system takes; two students never share one.

    alone: whether nobody else's is the same but for its case. Else it ends in the digest of the name, as odd names do.
    """
    name = _UNSAFE.sub("_", student)
    while len(name.encode()) > _LONGEST_NAME:
        name = name[: len(name) * 3 // 4]
    if not name or name.startswith(".") or name.endswith((".", " ")) or _RESERVED.fullmatch(name):
        name = f"_{name.rstrip('. ')}"
    if name == student and alone:
        return name
    return f"{name}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _as_compared(name: str) -> str:
    """What macOS and Windows compare of a file's name, and a little less."""
    return unicodedata.normalize("NFKD", name).casefold()


def write(path: Path, text: str) -> None:
    """Replace the file at once: whoever reads it sees the old text or the new, never half of one."""
    _write(path, _encoded(text))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="backslashreplace")


def _write(path: Path, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _settle(folder: Path) -> None:
    """Have the disk remember the names in a folder, where the system knows how to ask for that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _claim(descriptor: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:
        return  # Windows
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Busy(f"another run is writing to {folder}: wait until it has ended, or choose another --out.") from None
    except OSError:
        return  # a file system without locks


def _json(record: Mapping[str, Any]) -> str:
    """A line for each entry, and for each item of a list. To indent more takes an encoder ten times as slow."""
    entries = (f"{_encode(key)}: {_items(value)}" for key, value in record.items())
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _items(value: Any) -> str:
    if not (isinstance(value, list) and value):
        return _encode(value)
    return "[\n" + ",\n".join(map(_encode, value)) + "\n]"


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _digest_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _number(value: float) -> str:
    return f"{round(value, 4):.12g}"
