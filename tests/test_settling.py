"""What a teacher decides about held points reaches every file of a run, and can be taken back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import junitparser
import openpyxl
import pytest
from typer.testing import CliRunner

from autograder import cli
from autograder.grading import student as grading
from autograder.grading.store import Store
from tests.fairness.answers import SIGMOID
from tests.run_folders import HOSTILE, entry

WORK = {"Ana": "beefa023-...", "=Di": "cafe3456-...", "Bo": "lost"}
HEAD = "student,exercise,score,reason\n"


def run(*words):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def held(id: str, score: float = 0.0, points: float = 2.0) -> dict:
    return entry(id, "partial" if score else "undecided", score, held=points, max=score + points)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A run in which Ana and =Di have points held, Bo has none."""
    store = Store(tmp_path / "out")
    for name, entries in {
        "Ana": [held("sigmoid"), held("softmax", 1.0, 0.5), entry("tanh", "passed", 2)],
        "=Di": [held("sigmoid"), entry("tanh", "failed")],
        "Bo": [entry("sigmoid", "passed", 2)],
    }.items():
        store.keep(grading.result(name, entries, ["A note."]), WORK[name])
    store.write_table(["=Di", "Ana", "Bo"], ["sigmoid", "softmax", "tanh"])
    store.write_record({"seed": 3})
    return store.folder


def decide(out: Path, *lines: str, head: str = HEAD) -> None:
    (out / "decisions.csv").write_text(head + "".join(f"{line}\n" for line in lines), "utf-8")


def settled(out: Path, *lines: str) -> None:
    decide(out, *lines)
    outcome = run("settle", out)
    assert outcome.exit_code == 0, outcome.stderr


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def result(out: Path, stem: str) -> dict:
    return json.loads((out / "results" / f"{stem}.json").read_text("utf-8"))


def contents(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*")
            if path.suffix in (".json", ".csv", ".html", ".xml") and path.name != "decisions.csv"}  # fmt: skip


def test_a_decision_reaches_results_table_and_every_report(out):
    settled(out, "Ana,sigmoid,1.5,Right but for the <b>kink</b>.", "Ana,softmax,1.5,")
    row = rows(out)["Ana"]
    assert [row[name] for name in ("sigmoid", "softmax", "tanh", "total", "held")] == ["1.5", "1.5", "2", "5", "0"]
    ana = result(out, "Ana")
    assert (ana["total"], ana["held"], ana["max"], ana["notes"]) == (5, 0, 5.5, ["A note."])
    first, second, _ = ana["exercises"]
    assert (first["status"], first["score"], first["held"]) == ("partial", 1.5, 0)
    assert first["message"].split("\n") == [
        "Decided by your teacher: 1.5 of 2 points.",
        "Right but for the <b>kink</b>.",
    ]
    assert second["status"] == "passed"
    assert {one["id"] for one in ana["exercises"] if "decided" in one} == {"sigmoid", "softmax"}
    sheet = openpyxl.load_workbook(out / "grades.xlsx").active
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[3], strict=True)}
    assert (cells["student"].value, cells["total"].value, cells["sigmoid"].value) == ("Ana", 5, 1.5)
    assert "Decided by your teacher" in cells["sigmoid"].comment.text
    assert cells["tanh"].comment is None
    scope = json.loads((out / "gradescope" / "Ana.json").read_text("utf-8"))
    assert (scope["score"], scope["extra_data"]["held"]) == (5, 0)
    assert [test["tags"] for test in scope["tests"]] == [
        ["partial", "decided by a person"], ["passed", "decided by a person"], ["passed"],
    ]  # fmt: skip
    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(out / "junit.xml"))}
    cases = {case.name: case for case in suites["Ana"]}
    assert suites["Ana"].skipped == 0
    assert cases["softmax"].system_out.startswith("Decided by your teacher: 1.5 of 1.5 points.")
    assert cases["tanh"].system_out is None
    page = (out / "students" / "Ana.html").read_text("utf-8")
    assert "Right but for the &lt;b&gt;kink&lt;/b&gt;." in page
    assert "decided by your teacher" in page
    report = (out / "report.html").read_text("utf-8")
    assert 'href="students/Ana.html#sigmoid"' in report.split('id="decided"')[1].split("</ul>")[0]
    assert json.loads((out / "run.json").read_text("utf-8")) == {"seed": 3, "decisions": 2}


def test_the_same_decisions_give_the_same_files_and_a_line_less_undoes_one(out):
    run("settle", out)
    (out / "decisions.csv").unlink()
    before = contents(out)
    settled(out, "Ana,sigmoid,2,Yes.", "'=Di,sigmoid,0,No.")
    once = contents(out)
    run("settle", out)
    assert contents(out).keys() == once.keys()
    assert {name for name, data in contents(out).items() if data != once[name]} == set()
    settled(out, "Ana,sigmoid,2,Yes.")
    assert rows(out)["'=Di"]["held"] == "2"
    assert rows(out)["Ana"]["held"] == "0.5"
    (out / "decisions.csv").unlink()
    run("settle", out)
    (out / "decisions.csv").unlink()
    after = contents(out)
    assert {name for name, data in after.items() if data != before[name]} == set()


def test_where_there_is_no_file_one_to_fill_in_is_written_and_never_touched_again(out):
    outcome = run("settle", out)
    assert outcome.exit_code == 0
    assert "Still waiting: 3." in outcome.stdout
    text = (out / "decisions.csv").read_text("utf-8")
    assert text == (
        "student,exercise,score,reason,from,to,work\n"
        "'=Di,sigmoid,,,0,2,cafejkmn\nAna,sigmoid,,,0,2,beefagij\nAna,softmax,,,1,1.5,beefagij\n"
    )
    (out / "decisions.csv").write_text(text.replace("Ana,sigmoid,,", "Ana,sigmoid,2,"), "utf-8")
    outcome = run("settle", out)
    assert "Decided by you: 1. Still waiting: 2." in outcome.stdout
    assert rows(out)["Ana"]["sigmoid"] == "2"
    assert (out / "decisions.csv").read_text("utf-8").count("Ana,sigmoid,2,") == 1


FAULTS = {
    "Anna,sigmoid,1,": "line 2: there is no student 'Anna' in this run; did you mean 'Ana'?",
    "Zacharias,sigmoid,1,": "line 2: there is no student 'Zacharias' in this run.",
    "Ana,sigmoyd,1,": "line 2: there is no exercise 'sigmoyd' among those of Ana",
    "Ana,tanh,1,": "line 2: no points of tanh are held for Ana: they are decided, 2 of 2",
    "Ana,sigmoid,2.5,": "line 2: 2.5 is out of range: sigmoid of Ana takes a score from 0 to 2",
    "Ana,softmax,0.5,": "line 2: 0.5 is out of range: softmax of Ana takes a score from 1 to 1.5",
    "Ana,sigmoid,-1,": "line 2: '-1' is no score",
    "Ana,sigmoid,nan,": "line 2: 'nan' is no score",
    "Ana,sigmoid,1e0,": "line 2: '1e0' is no score",
    "Ana,sigmoid,all,": "line 2: 'all' is no score",
    "Bo,,1,": "line 2: there is no exercise '' among those of Bo",
    "Ana,sigmoid,1,\nAna,sigmoid,2,": "line 3: line 2 has decided on sigmoid of this student already",
    'Ana,sigmoid,1,"open': "decisions.csv: unexpected end of data",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_line_at_fault_is_named_and_nothing_is_changed(out, line):
    settled(out, "=Di,sigmoid,1,")
    before = contents(out)
    decide(out, line, *(() if '"' in line else ("=Di,sigmoid,2,",)))
    outcome = run("settle", out)
    assert outcome.exit_code == 2
    assert FAULTS[line] in outcome.stderr
    assert "Nothing was changed." in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert contents(out) == before


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "its first line has to name the columns"),
        (b"student,exercise,score\n", "reason is not there"),
        ("student,exercise,score,reason\nZo\xeb,sigmoid,1,".encode("latin-1"), 'save it as "CSV UTF-8"'),
    ],
)
def test_a_file_of_another_form_is_said_to_be_one(out, data, fault):
    (out / "decisions.csv").write_bytes(data)
    outcome = run("settle", out)
    assert outcome.exit_code == 2
    assert fault in outcome.stderr


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_file_that_a_spreadsheet_saved_is_read_as_meant(out, separator):
    lines = ["Exercise,STUDENT,Score,reason,more", 'sigmoid,Ana,"1,5","So, so.",', ",,,,"]
    rows_ = list(csv.reader(lines))
    text = "\r\n".join(separator.join(cells) for cells in rows_)
    (out / "decisions.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert run("settle", out).exit_code == 0
    assert rows(out)["Ana"]["sigmoid"] == "1.5"
    assert result(out, "Ana")["exercises"][0]["message"].endswith("So, so.")


def test_a_reason_is_text_wherever_it_is_shown(out):
    file = out / "decisions.csv"
    with file.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        csv.writer(stream).writerows([HEAD.strip().split(","), ["Ana", "sigmoid", "1", HOSTILE.replace("\0", "")]])
    assert run("settle", out).exit_code == 0
    for path in out.rglob("*.html"):
        assert "<script>window.pwned" not in path.read_text("utf-8")
        assert "<img src=x" not in path.read_text("utf-8")
    [suite] = [suite for suite in junitparser.JUnitXml.fromfile(str(out / "junit.xml")) if suite.name == "Ana"]
    assert "<script>" in next(iter(suite)).system_out
    sheet = openpyxl.load_workbook(out / "grades.xlsx").active
    assert "Decided by your teacher" in sheet["F3"].comment.text
    assert "pwned" not in (out / "grades.csv").read_text("utf-8")


def test_a_folder_without_a_run_is_left_as_it_is(tmp_path):
    outcome = run("settle", tmp_path / "nowhere")
    assert outcome.exit_code == 2
    assert "holds no run" in outcome.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spoilt", ['{"student": "Ana"', '{"student": "Ana"}'])
def test_a_result_that_is_not_whole_is_not_settled(out, spoilt):
    (out / "results" / "Ana.json").write_text(spoilt, "utf-8")
    decide(out, "=Di,sigmoid,1,")
    before = contents(out)
    outcome = run("settle", out)
    assert outcome.exit_code == 2
    assert "--resume" in outcome.stderr
    assert contents(out) == before


@pytest.fixture
def stumbling(monkeypatch):
    """A grader that stumbles over every answer to sigmoid, so that its points are held."""
    judged = grading._judged

    def stumble(exercise, *more):
        if exercise.id == "sigmoid":
            raise ZeroDivisionError
        return judged(exercise, *more)

    monkeypatch.setattr(grading, "_judged", stumble)


@pytest.mark.usefixtures("stumbling")
def test_grading_again_keeps_decisions_and_names_those_that_no_longer_fit(tmp_path):
    place, out = tmp_path / "class", tmp_path / "out"
    for name in ("Ana", "ana", "Bo"):
        (place / name).mkdir(parents=True)
        (place / name / "work.py").write_text("import numpy as np\n" + SIGMOID, "utf-8")
    words = ("grade", place, "--out", out, "--isolation", "available", "--jobs", "1")
    first = run(*words)
    assert first.exit_code == 0, first.stderr
    assert f"3 students have points held: autograder settle {out}" in first.stdout
    plain_table = (out / "grades.csv").read_bytes()
    settled(out, "Ana,sigmoid,1,", "Bo,sigmoid,0,")
    table = (out / "grades.csv").read_bytes()
    assert [rows(out)[name]["sigmoid"] for name in ("Ana", "ana", "Bo")] == ["1", "0", "0"]
    for more in (["--resume"], []):
        outcome = run(*words, *more)
        assert outcome.exit_code == 0
        assert "Answers decided by you: 2." in outcome.stdout
        assert (out / "grades.csv").read_bytes() == table
    (out / "decisions.csv").unlink()
    run("settle", out)
    whole = (out / "decisions.csv").read_text("utf-8")
    (out / "decisions.csv").write_text(whole.replace("sigmoid,,", "sigmoid,1,"), "utf-8")
    assert run(*words, "--resume", "--seed", "5").exit_code == 0
    assert [rows(out)[name]["sigmoid"] for name in ("Ana", "ana", "Bo")] == ["1", "1", "1"]
    (place / "ana" / "work.py").write_text("import numpy as np\n# again\n" + SIGMOID, "utf-8")
    outcome = run(*words, "--resume")
    assert outcome.exit_code == 1
    assert "line 3: ana has handed in something else since then: look at sigmoid again" in outcome.stderr
    assert {rows(out)[name]["held"] for name in ("Ana", "ana", "Bo")} == {rows(out)["ana"]["held"]}
    (place / "ana" / "work.py").write_text("import numpy as np\n" + SIGMOID, "utf-8")
    decide(out, "Ana,sigmoid,1,", "Bo,sigmoid,0,")
    (place / "Bo" / "work.py").write_text("", "utf-8")  # nothing that could be held
    outcome = run(*words, "--resume")
    assert outcome.exit_code == 1
    assert "line 3: no points of sigmoid are held for Bo" in outcome.stderr
    assert "None of your decisions is in this table" in outcome.stderr
    assert rows(out)["Ana"]["held"] != "0"
    decide(out, "Ana,sigmoid,1,")
    assert run("settle", out).exit_code == 0
    assert rows(out)["Ana"]["sigmoid"] == "1"
    (out / "decisions.csv").unlink()
    (place / "Bo" / "work.py").write_text("import numpy as np\n" + SIGMOID, "utf-8")
    assert run(*words, "--resume").exit_code == 0
    assert (out / "grades.csv").read_bytes() == plain_table
