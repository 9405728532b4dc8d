"""What is written about a run: for the teacher, for each student, for Gradescope and for JUnit."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import junitparser
import pytest
from bs4 import BeautifulSoup

from autograder.reports import write_all
from autograder.reports.run import read_run
from autograder.reports.summary import summarise

FORMATS = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
SEEN = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
GRADESCOPE = {  # the documented form of results.json, nothing beside it allowed
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "integer", "minimum": 0},
        "output": {"type": "string"},
        "output_format": FORMATS,
        "test_output_format": FORMATS,
        "test_name_format": FORMATS,
        "visibility": SEEN,
        "stdout_visibility": SEEN,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMATS,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMATS,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": SEEN,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \x1b[31m\x00\x0b\ud800\ufffe ]]> {{ 7*7 }} & \"'"
FIGURE = '<svg aria-label="wrong at x &lt; 0" onload="alert(3)"><script>alert(4)</script></svg>'


def entry(id: str, status: str, score: float = 0.0, **more) -> dict:
    claims = [{"claim": "stays finite", "verdict": "holds" if status == "passed" else "fails", "witness": ""}]
    base = {"id": id, "status": status, "score": score, "held": 0.0, "max": 2, "seconds": 0.25, "claims": claims}
    return base | {"misconception": None, "message": f"The message about {id}."} | more


def save(folder: Path, stem: str, student: str, entries: list[dict], **more) -> None:
    total = sum(one["score"] for one in entries)
    top = sum(one["max"] for one in entries)
    data = {"student": student, "total": total, "held": sum(one["held"] for one in entries), "max": top,
            "percent": round(100 * total / top, 2), "exercises": entries} | more  # fmt: skip
    (folder / "results").mkdir(exist_ok=True)
    (folder / "results" / f"{stem}.json").write_text(json.dumps(data))  # as \uXXXX: lone surrogates survive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mistake = "You took the sum, and a mean was asked for."
    save(tmp_path, "ada", "Ada Lovelace", [entry("sigmoid", "passed", 2), entry("softmax", "passed", 2)])
    save(tmp_path, "bob", "Bob", [entry("sigmoid", "partial", 1, misconception=mistake), entry("softmax", "timeout")])
    save(tmp_path, "cy", "Cy 李", [entry("sigmoid", "failed", misconception=mistake), entry("softmax", "killed")])
    save(tmp_path, "dot", "Dot", [entry("sigmoid", "undecided", held=2), entry("softmax", "not_attempted")])
    save(
        tmp_path, "evil #1?", HOSTILE,
        [entry("sigmoid", "error", message=HOSTILE, misconception=HOSTILE, figure=FIGURE,
               claims=[{"claim": HOSTILE, "verdict": HOSTILE, "witness": HOSTILE}]),
         entry("softmax", HOSTILE)], notes=[HOSTILE], declared=HOSTILE,
    )  # fmt: skip
    record = {
        "seed": 7, "isolation": "strict", "isolation_layers": {"landlock": True, "seccomp": False}, "complete": True,
        "versions": {"numpy": "2.4.6"}, "submissions": 5, "graded": 5, "time_limit": 10.0, "memory_mb": 1024,
    }  # fmt: skip
    (tmp_path / "run.json").write_text(json.dumps(record))
    return tmp_path


def page(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def test_the_class_is_counted_as_a_teacher_would_count(folder):
    summary = summarise(read_run(folder))
    assert (summary.full, summary.below) == (1, 4)
    assert summary.median == 0.0
    hardest = summary.difficulties[0]
    assert (hardest.id, hardest.share, hardest.statuses["passed"], hardest.tried) == ("softmax", 0.2, 1, 4)
    sentence, exercise, who = summary.mistakes[0]
    assert (sentence[:3], exercise, [s.name for s in who]) == ("You", "sigmoid", ["Bob", "Cy 李"])
    assert [student.name for student, _ in summary.to_settle] == ["Dot"]


def test_who_is_exactly_at_half_is_not_below_half(tmp_path):
    save(tmp_path, "half", "Half", [entry("sigmoid", "partial", 1)])
    assert summarise(read_run(tmp_path)).below == 0


def test_the_page_answers_every_question_and_every_name_leads_to_the_evidence(folder):
    write_all(folder)
    report = page(folder / "report.html")
    for anchor in ("exercises", "misconceptions", "help", "settle", "look", "students", "mistakes", "trust"):
        assert report.find(id=anchor), anchor
    text = report.get_text(" ", strip=True)
    assert "2 × You took the sum" in text
    assert "1 of 2 layers hold" in text
    assert re.search(r"seccomp\s+missing", text)
    assert re.search(r"seed\s+7", text)
    assert "killed (1)" in text
    for link in report.find_all("a", href=True):
        target = link["href"]
        if target.startswith("#"):
            assert report.find(id=target[1:]), target
        elif target.startswith("students/"):
            from urllib.parse import unquote

            file, _, anchor = target.partition("#")
            assert (folder / unquote(file)).is_file(), target
            assert not anchor or page(folder / unquote(file)).find(id=anchor), target


def test_nothing_a_student_wrote_runs_or_loads_anything(folder):
    for path in write_all(folder):
        text = path.read_text("utf-8")  # raises when a lone surrogate got through
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", text), path
        if path.suffix != ".html":
            continue
        soup = page(path)
        assert soup.find("script") is None
        assert not [tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
        assert "49" not in soup.get_text()
        for tag in soup.find_all(src=True):
            assert tag["src"].startswith("data:image/svg+xml;base64,")
        assert not re.search(r"https?://(?!www\.w3\.org/)", text)
        assert soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"].startswith(
            "default-src 'none'"
        )


def test_a_student_page_shows_message_claims_and_figure(folder):
    write_all(folder)
    student = page(folder / "students" / "bob.html")
    assert student.find(id="sigmoid").get_text(" ", strip=True).startswith("◐ sigmoid partly right, 1 of 2")
    assert "The message about sigmoid." in student.get_text()
    assert "fails: stays finite" in student.get_text(" ", strip=True)
    assert page(folder / "students" / "evil #1?.html").find("img")["alt"] == "wrong at x < 0"


def test_gradescope_gets_the_form_it_documents(folder):
    write_all(folder)
    files = sorted((folder / "gradescope").glob("*.json"))
    assert [file.stem for file in files] == ["ada", "bob", "cy", "dot", "evil #1?"]
    for file in files:
        data = json.loads(file.read_text("utf-8"))
        jsonschema.validate(data, GRADESCOPE)
        assert data["score"] == sum(test["score"] for test in data["tests"])
        assert {test["output_format"] for test in data["tests"]} == {"text"}
    bob = json.loads((folder / "gradescope" / "bob.json").read_text("utf-8"))
    assert [test["status"] for test in bob["tests"]] == ["failed", "failed"]
    assert bob["tests"][1]["tags"] == ["timeout"]


def test_junit_is_accepted_by_a_real_parser_and_counts_agree(folder):
    write_all(folder)
    xml = junitparser.JUnitXml.fromfile(str(folder / "junit.xml"))
    assert [suite.name for suite in xml][2:] == ["Bob", "Cy 李", "Dot"]
    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (10, 2, 4, 2)
    kinds = {
        (suite.name, case.name): [type(result).__name__ for result in case.result] for suite in xml for case in suite
    }
    assert kinds["Ada Lovelace", "sigmoid"] == []
    assert kinds["Bob", "sigmoid"] == ["Failure"]
    assert kinds["Bob", "softmax"] == ["Error"]
    assert kinds["Dot", "sigmoid"] == ["Skipped"]


def test_the_same_name_twice_and_the_same_odd_values_are_worth_a_look(tmp_path):
    def odd(value: str, misconception: str | None = None) -> list[dict]:
        return [
            entry(f"f{n}", "failed", misconception=misconception,
                  claims=[{"claim": "the value is right", "verdict": "fails", "witness": f"got {value}{n}"}])
            for n in range(3)
        ]  # fmt: skip

    save(tmp_path, "a", "A", odd("0.123"), declared="Ada")
    save(tmp_path, "b", "B", odd("0.123"), declared="ada")
    save(tmp_path, "c", "C", odd("0.999"), declared="Cy")
    save(tmp_path, "d", "D", odd("5", "the usual mistake"), declared="Di")
    save(tmp_path, "e", "E", odd("5", "the usual mistake"), declared="Ed")
    found = summarise(read_run(tmp_path)).suspicions
    assert [sorted(student.name for student in each.students) for each in found] == [["A", "B"], ["A", "B"]]
    assert "STUDENT" in found[0].sentence
    assert "3 exercises" in found[1].sentence


def test_a_broken_result_is_named_and_costs_nobody_else_anything(folder):
    (folder / "results" / "zz.json").write_text('{"student": 3')
    (folder / "results" / "list.json").write_text("[]")
    write_all(folder)
    text = page(folder / "report.html").get_text(" ", strip=True)
    assert "zz.json" in text
    assert "list.json" in text
    assert "Ada Lovelace" in text


def test_an_empty_run_and_a_run_without_its_record_still_give_a_page(tmp_path):
    (tmp_path / "results").mkdir()
    assert {path.name for path in write_all(tmp_path)} == {"report.html", "junit.xml"}
    assert "0" in page(tmp_path / "report.html").get_text()


def test_reports_of_an_earlier_run_do_not_linger(folder):
    write_all(folder)
    (folder / "results" / "bob.json").unlink()
    write_all(folder)
    assert not (folder / "students" / "bob.html").exists()
    assert not (folder / "gradescope" / "bob.json").exists()


def test_a_folder_without_a_run_is_said_to_be_none(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no run"):
        write_all(tmp_path)
