"""No name of a student is a formula, whatever separates the cells where the table is opened."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest

from autograder.grading.cells import harmless
from autograder.grading.store import Store

FORMULA = "=HYPERLINK(1)"
NAMES = [
    FORMULA, "+1", "-1", "@SUM(A1)", "\tx", "\r=1", " =1", "\ufeff=1", "\u200b\u202e=1", "＝1", "＠SUM(A1)", "﹢1",
    f"Ana;{FORMULA}", f"Ana\t{FORMULA}", f"Ana|{FORMULA}", f'Ana";{FORMULA}', f'";{FORMULA};"', f"Ana\n{FORMULA}",
    f"Ana\r\n{FORMULA}", f"Ana,{FORMULA}", f"\x00{FORMULA}", "=;=|=",
]  # fmt: skip
SCRIPTS = [
    "王小明",
    "محمد علي",
    "Åsa Öberg",
    "नेहा शर्मा",
    "Ђорђе",
    "Αλέξης",
    "Nguyễn Thị-Mai",
    "O'Brien, Jr.",
    'the "Bo"',
    "김 민준",
    "😀",
]


def table(folder, name: str) -> str:
    store = Store(folder)
    sums = {"total": 1, "held": 0, "max": 2, "percent": 50}
    store.keep({"student": name, "exercises": [], **sums}, "")
    store.write_table([name], [])
    return (folder / "grades.csv").read_text("utf-8")


def looks_like_a_formula(cell: str) -> bool:
    seen = "".join(letter for letter in cell if letter.isprintable()).strip()
    return unicodedata.normalize("NFKC", seen)[:1] in tuple("=+-@") or cell[:1] in ("\t", "\r")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", NAMES)
def test_no_cell_is_a_formula(tmp_path, name, separator):
    rows = list(csv.reader(io.StringIO(table(tmp_path, name)), delimiter=separator))
    assert len(rows) == 2
    assert [cell for row in rows for cell in row if looks_like_a_formula(cell)] == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_name_in_any_script_is_left_alone(tmp_path, name):
    assert harmless(name) == name
    [row] = csv.DictReader(io.StringIO(table(tmp_path, name)))
    assert row["student"] == name
