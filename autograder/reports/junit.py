"""junit.xml: a suite a student, a case an exercise, as every continuous-integration service reads it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from autograder.reports.run import Result, Student

FAILED = frozenset({"failed", "partial"})
SKIPPED = frozenset({"not_attempted", "undecided"})
KINDS = {"failure": "failures", "error": "errors", "skipped": "skipped"}  # element and its counter


class JUnit:
    """The suites so far, as text. The texts in them have already lost what XML forbids (`feedback/untrusted.py`)."""

    def __init__(self) -> None:
        self._suites: list[str] = []
        self._counts: Counter = Counter()
        self._seconds = 0.0

    def add(self, student: Student) -> None:
        counts = Counter(tests=len(student.results), failures=0, errors=0, skipped=0)
        counts.update(KINDS[kind] for result in student.results if (kind := _kind(result)))
        seconds = sum(result.seconds for result in student.results)
        suite = ElementTree.Element("testsuite", name=student.name, **_attributes(counts, seconds))
        suite.extend(_case(student, result) for result in student.results)
        self._suites.append(ElementTree.tostring(suite, encoding="unicode"))
        self._counts += counts
        self._seconds += seconds

    def write(self, path: Path) -> Path:
        root = ElementTree.Element("testsuites", name="autograder", **_attributes(self._counts, self._seconds))
        opening = ElementTree.tostring(root, encoding="unicode").replace(" />", ">")
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(f'<?xml version="1.0" encoding="utf-8"?>\n{opening}\n')
            file.writelines(f"{suite}\n" for suite in self._suites)
            file.write("</testsuites>\n")
        return path


def _attributes(counts: Counter, seconds: float) -> dict[str, str]:
    numbers = {name: str(counts[name]) for name in ("tests", "failures", "errors", "skipped")}
    return numbers | {"time": f"{seconds:.3f}"}


def _kind(result: Result) -> str | None:
    if result.status == "passed":
        return None
    return "failure" if result.status in FAILED else "skipped" if result.status in SKIPPED else "error"


def _case(student: Student, result: Result) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=student.name, name=result.id, time=f"{result.seconds:.3f}")
    if kind := _kind(result):
        first = result.message.split("\n", 1)[0]
        verdict = ElementTree.SubElement(case, kind, message=f"{result.score:g}/{result.max:g}: {first}")
        if kind != "skipped":
            verdict.set("type", result.status)
        verdict.text = result.message
    if result.decided:
        ElementTree.SubElement(case, "system-out").text = result.message
    return case
