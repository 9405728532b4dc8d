"""Hands a class of cases to `autograder grade`, as a teacher would, and reads what it wrote."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.fairness.case import Case

ROOT = Path(__file__).parents[2]
LIMIT = "3"  # seconds; only the cases that hang wait for it


def observe(cases: Iterable[Case], place: Path) -> dict[str, Mapping[str, Any]]:
    """The record of every case, by its name. `place` is an empty folder to work in."""
    cases = list(cases)
    folder, archive = place / "class", place / "downloads.zip"
    for case in cases:
        for name, data in () if case.zipped else case.files.items():
            path = folder / case.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    with zipfile.ZipFile(archive, "w") as packed:
        for case in cases:
            for name, data in case.files.items() if case.zipped else ():
                entry = zipfile.ZipInfo("placeholder")
                entry.filename = f"{case.folder}/{name}".replace("/", case.separator)
                packed.writestr(entry, data)
    found = _graded(folder, place / "from folder") | _graded(archive, place / "from zip")
    return {case.name: found[case.folder] for case in cases}


def _graded(submissions: Path, out: Path) -> dict[str, Mapping[str, Any]]:
    words = ["grade", str(submissions), "--out", str(out), "--isolation", "available", "--time-limit", LIMIT]
    command = [sys.executable, "-m", "autograder", *words]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise RuntimeError(finished.stderr)
    records = [json.loads(path.read_text("utf-8")) for path in (out / "results").glob("*.json")]
    return {record["student"]: record for record in records}
