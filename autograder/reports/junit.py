"""junit.xml: a suite a student, a case an exercise, as every continuous-integration service reads it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from autograder.reports.run import Result, Run, Student

FAILED = frozenset({"failed", "partial"})
SKIPPED = frozenset({"not_attempted", "undecided"})


def write_junit(run: Run) -> Path:
    """Write junit.xml; the texts have already lost every character that XML forbids (`feedback/untrusted.py`)."""
    root = ElementTree.Element("testsuites", name="autograder")
    suites = [_suite(student) for student in run.students]
    root.extend(suites)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name)) for suite in suites)))
    root.set("time", f"{sum(float(suite.get('time')) for suite in suites):.3f}")
    ElementTree.indent(root, " ")
    path = run.folder / "junit.xml"
    path.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
    return path


def _suite(student: Student) -> ElementTree.Element:
    cases = [_case(student, result) for result in student.results]
    suite = ElementTree.Element(
        "testsuite",
        name=student.name,
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped=str(sum(case.find("skipped") is not None for case in cases)),
        time=f"{sum(result.seconds for result in student.results):.3f}",
    )
    suite.extend(cases)
    return suite


def _case(student: Student, result: Result) -> ElementTree.Element:
    case = ElementTree.Element("testcase", classname=student.name, name=result.id, time=f"{result.seconds:.3f}")
    if result.status == "passed":
        return case
    kind = "failure" if result.status in FAILED else "skipped" if result.status in SKIPPED else "error"
    first = result.message.split("\n", 1)[0]
    verdict = ElementTree.SubElement(case, kind, message=f"{result.score:g}/{result.max:g}: {first}")
    if kind != "skipped":
        verdict.set("type", result.status)
    verdict.text = result.message
    return case
