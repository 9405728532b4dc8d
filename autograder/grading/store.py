"""What a run leaves behind: a result per student as soon as there is one, then the table and the record of the run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.grading.cells import harmless

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST_NAME = 180  # bytes; file systems allow 255, and reports add their own endings


class Store:
    """The folder of one run. Every write is whole or absent, whenever the process is stopped."""

    def __init__(self, folder: str | Path) -> None:
        """Raises OSError when the folder cannot be made."""
        self.folder = Path(folder)
        self.results = self.folder / "results"
        self.results.mkdir(parents=True, exist_ok=True)
        self._journal = self.folder / "journal.jsonl"

    def keep(self, result: Mapping[str, Any], digest: str) -> None:
        """Write one student's result, then note that it is the answer to the content `digest`."""
        path = self._path(result["student"])
        write(path, _json(result))
        line = json.dumps({"student": result["student"], "digest": digest, "result": _digest_of(path)})
        with self._journal.open("a", encoding="utf-8") as journal:
            journal.write("\n" + line)  # in front, so that a line cut short by a crash spoils only itself
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
                student, digest, result = entry["student"], entry["digest"], entry["result"]
            except (ValueError, TypeError, KeyError):
                continue
            found.pop(student, None)
            if _digest_of(self._path(student)) == result:
                found[student] = digest
        return found

    def load(self, student: str) -> dict[str, Any]:
        return json.loads(self._path(student).read_text("utf-8"))

    def forget_all_but(self, students: Iterable[str]) -> None:
        """Remove results of an earlier run for students who are not in this one."""
        wanted = {self._path(student) for student in students}
        for path in self.results.glob("*.json"):
            if path not in wanted:
                path.unlink()

    def start_anew(self) -> None:
        """Forget what an earlier run left here."""
        self._journal.unlink(missing_ok=True)
        self.forget_all_but(())

    def write_table(self, students: Iterable[str], exercises: Iterable[str]) -> None:
        """grades.csv: a row a student, a column an exercise id (empty where it does not count), then the sums."""
        columns = list(exercises)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["student", *columns, "total", "held", "max", "percent"])
        for student in students:
            result = self.load(student)
            scores = {entry["id"]: _number(entry["score"]) for entry in result["exercises"]}
            sums = (_number(result[name]) for name in ("total", "held", "max", "percent"))
            writer.writerow([harmless(student), *(scores.get(column, "") for column in columns), *sums])
        write(self.folder / "grades.csv", text.getvalue())

    def write_record(self, record: Mapping[str, Any]) -> None:
        """run.json: what is needed to trust the run and to repeat it."""
        write(self.folder / "run.json", _json(record))

    def _path(self, student: str) -> Path:
        return self.results / f"{file_name(student)}.json"


def file_name(student: str) -> str:
    """A file name for a student that every file system takes; two students never share one."""
    name = _UNSAFE.sub("_", student)
    while len(name.encode()) > _LONGEST_NAME:
        name = name[: len(name) * 3 // 4]
    if not name or name.startswith(".") or name.endswith((".", " ")) or _RESERVED.fullmatch(name):
        name = f"_{name.rstrip('. ')}"
    if name == student:
        return name
    return f"{name}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def write(path: Path, text: str) -> None:
    """Replace the file at once: whoever reads it sees the old text or the new, never half of one."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _digest_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _number(value: float) -> str:
    return f"{round(value, 4):.12g}"
