"""What other programs read of a run: Gradescope, a JUnit parser, a spreadsheet."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema
import junitparser
import openpyxl
import pytest

from autograder.reports import write_all
from tests.run_folders import entry, save, small_class

SCHEMA = json.loads((Path(__file__).parent / "data" / "gradescope.schema.json").read_text("utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    small_class(tmp_path)
    write_all(tmp_path)
    return tmp_path


def scope(folder: Path, stem: str) -> dict:
    return json.loads((folder / "gradescope" / f"{stem}.json").read_text("utf-8"))


def test_the_schema_refuses_what_gradescope_would():
    good = {"score": 1, "tests": [{"score": 1, "max_score": 2, "number": "1", "output_format": "text"}]}
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(good, SCHEMA)
    for bad in (
        {}, {"tests": [{"output": "no score anywhere"}]}, good | {"score": "1"}, good | {"visibility": "students"},
        good | {"tests": [{"number": 1}]}, good | {"output_format": "markdown"},
        good | {"execution_time": -1}, good | {"max_score": 10},
    ):  # fmt: skip
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, SCHEMA)


def test_gradescope_gets_the_form_it_documents(folder):
    files = sorted((folder / "gradescope").glob("*.json"))
    assert [file.stem for file in files] == ["ada", "bob", "cy", "dot", "evil #1?"]
    for file in files:
        data = json.loads(file.read_text("utf-8"))
        jsonschema.validate(data, SCHEMA)
        assert data["score"] == sum(test["score"] for test in data["tests"])
        shown_as = {data[key] for key in ("output_format", "test_output_format", "test_name_format")}
        assert shown_as | {test[key] for test in data["tests"] for key in ("output_format", "name_format")} == {"text"}
        assert {test["visibility"] for test in data["tests"]} == {"visible"}
    bob = scope(folder, "bob")
    assert [test["status"] for test in bob["tests"]] == ["failed", "failed"]
    assert [test["max_score"] for test in bob["tests"]] == [2, 2]
    assert bob["tests"][1]["tags"] == ["timeout"]


def test_gradescope_says_which_points_are_held(folder):
    dot = scope(folder, "dot")
    assert "2 points more wait for your teacher" in dot["output"]
    assert dot["tests"][0]["name"] == "sigmoid (waits for your teacher)"
    assert dot["tests"][0]["output"].startswith("2 points of this exercise wait for your teacher")
    assert dot["extra_data"] == {"held": 2.0}
    assert "wait" not in json.dumps(scope(folder, "ada"))


def test_junit_is_accepted_by_a_real_parser_and_counts_agree(folder):
    xml = junitparser.JUnitXml.fromfile(str(folder / "junit.xml"))
    suites = list(xml)
    assert [suite.name for suite in suites][:4] == ["Ada Lovelace", "Bob", "Cy 李", "Dot"]
    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (12, 2, 4, 3)
    assert xml.tests == sum(suite.tests for suite in suites) == sum(len(list(suite)) for suite in suites)
    kinds = {(suite.name, case.name): [type(result).__name__ for result in case.result]
             for suite in suites for case in suite}  # fmt: skip
    assert kinds["Ada Lovelace", "sigmoid"] == []
    assert kinds["Bob", "sigmoid"] == ["Failure"]
    assert kinds["Bob", "softmax"] == ["Error"]
    assert kinds["Dot", "sigmoid"] == ["Skipped"]


def test_junit_keeps_the_words_of_a_message_whose_characters_xml_forbids(folder):
    suite = list(junitparser.JUnitXml.fromfile(str(folder / "junit.xml")))[-1]
    case = next(case for case in suite if case.name == "sigmoid")
    assert "<script>" in suite.name
    assert "<script>window.pwned = 1</script>" in case.result[0].text
    assert "]]>" in case.result[0].message


def test_a_spreadsheet_holds_every_name_and_number_and_no_formula(tmp_path):
    names = ["=1+1", "@SUM(A1)", "https://evil.example/", "007", "Łukasz Żak", "محمد علي", "王小明", "internal:A1"]
    for number, name in enumerate(names):
        save(tmp_path, f"s{number}", name, [entry("sigmoid", "partial", 0.5), entry("relu", "undecided", held=2)])
    save(tmp_path, "t", "Only one", [entry("relu", "passed", 2)])
    write_all(tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "grades.xlsx").active
    head, *rows = sheet.iter_rows()
    assert [cell.value for cell in head] == ["student", "total", "held", "max", "percent", "sigmoid", "relu"]
    assert {row[0].value for row in rows} == {*names, "Only one"}
    assert {cell.data_type for row in rows for cell in row[:1]} == {"s"}
    assert {cell.data_type for row in rows for cell in row[1:]} == {"n"}
    assert not any(cell.hyperlink for row in rows for cell in row)
    by_name = {row[0].value: [cell.value for cell in row[1:]] for row in rows}
    assert by_name["=1+1"] == [0.5, 2, 4, 12.5, 0.5, 0]
    assert by_name["Only one"] == [2, 0, 2, 100, None, 2]


def test_without_the_library_the_spreadsheet_is_left_out_and_nothing_else(folder, monkeypatch):
    assert (folder / "grades.xlsx").exists()
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    write_all(folder)
    assert not (folder / "grades.xlsx").exists()  # an old one would be worse than none
    assert "grades.xlsx" not in (folder / "report.html").read_text("utf-8")
