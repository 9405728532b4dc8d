"""What a run leaves behind is whole at every moment."""

import csv
import io
import json
import os
import unicodedata
from pathlib import Path

import pytest

from autograder.grading.store import Store, file_name, write


def result(student, score=1.0):
    entry = {"id": "twice", "status": "passed", "score": score, "held": 0.0, "max": 2}
    return {"student": student, "total": score, "held": 0.0, "max": 2, "percent": 50.0 * score, "exercises": [entry]}


def rows(store):
    return list(csv.DictReader(io.StringIO((store.folder / "grades.csv").read_text("utf-8"))))


def test_what_was_kept_is_known_again(tmp_path):
    Store(tmp_path).keep(result("Ana"), "digest 1")
    Store(tmp_path).keep(result("Ana", 2.0), "digest 2")
    store = Store(tmp_path)
    assert store.kept() == {"Ana": "digest 2"}
    assert store.load("Ana") == result("Ana", 2.0)


@pytest.mark.parametrize("spoil", ["", '{"student": "Ana"', "{}"])
def test_a_result_that_was_spoilt_is_not_kept(tmp_path, spoil):
    store = Store(tmp_path)
    store.keep(result("Ana"), "a")
    store.keep(result("Bo"), "b")
    (tmp_path / "results" / "Ana.json").write_text(spoil, "utf-8")
    assert store.kept() == {"Bo": "b"}


def test_a_journal_line_cut_short_spoils_only_itself(tmp_path):
    store = Store(tmp_path)
    for name in ("Ana", "Bo"):
        store.keep(result(name), name)
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-10])
    assert store.kept() == {"Ana": "Ana"}
    store.keep(result("Cy"), "Cy")
    assert store.kept() == {"Ana": "Ana", "Cy": "Cy"}


DAMAGE = [b"\0" * 300, b"[1]", b'{"student": ["Ana"], "digest": 1}', b'{"student": null', b"\xff\xfe{", b"[" * 9_000]


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_a_power_cut_leaves_in_the_journal_spoils_nothing_else(tmp_path, damage):
    store = Store(tmp_path)
    store.keep(result("Ana"), "a")
    with (tmp_path / "journal.jsonl").open("ab") as journal:
        journal.write(damage)
    store.keep(result("Bo"), "b")
    assert store.kept() == {"Ana": "a", "Bo": "b"}


def test_a_result_whose_name_had_not_reached_the_disk_is_graded_again(tmp_path):
    store = Store(tmp_path)
    for name in ("Ana", "Bo"):
        store.keep(result(name), name)
    (tmp_path / "results" / "Bo.json").unlink()
    assert store.kept() == {"Ana": "Ana"}


def test_a_result_is_on_the_disk_before_the_journal_speaks_of_it(tmp_path, monkeypatch):
    """Seen by what is asked of the system, in its order; nothing less shows it short of pulling the plug."""
    asked, sync, replace = [], os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: (asked.append(_name(descriptor)), sync(descriptor)))
    monkeypatch.setattr(Path, "replace", lambda path, to: (asked.append(f"to {to.name}"), replace(path, to)))
    store = Store(tmp_path)
    store.keep(result("Ana"), "a")
    store.write_record({})
    assert asked == ["*.part", "to Ana.json", "journal.jsonl", "*.part", "to run.json", "results", tmp_path.name]


def _name(descriptor):
    name = Path(os.readlink(f"/proc/self/fd/{descriptor}")).name
    return "*.part" if name.endswith(".part") else name


def test_litter_of_a_run_that_was_killed_is_swept_up(tmp_path):
    store = Store(tmp_path)
    for folder in (tmp_path, store.results):
        (folder / ".abc.part").write_text("half")
    with store.claimed():
        assert not list(tmp_path.rglob("*.part"))


def test_a_failing_write_leaves_the_old_text_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "grades.csv"
    write(path, "old")
    monkeypatch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="the disk is full"):
        write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_table_has_a_row_a_student_and_a_column_an_exercise(tmp_path):
    store = Store(tmp_path)
    store.keep(result("Bo", 0.3333), "")
    store.keep(result("Ana"), "")
    store.write_table(["Ana", "Bo"], ["once", "twice"])
    assert (tmp_path / "grades.csv").read_text("utf-8") == (
        "student,once,twice,total,held,max,percent\nAna,,1,1,0,2,50\nBo,,0.3333,0.3333,0,2,16.665\n"
    )


NAMES = [
    "=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", 'O"Brien, Jr.', "王小明", "محمد علي", "Åsa Öberg", "नेहा", "line\nbreak",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_the_table_is_a_name_and_never_a_formula(tmp_path, name):
    store = Store(tmp_path)
    store.keep(result(name), "")
    store.write_table([name], ["twice"])
    [row] = rows(store)
    assert not row["student"].startswith(("=", "+", "-", "@", "\t"))
    assert row["student"].removeprefix("'") == name.replace("\n", " ")
    assert float(row["total"]) == 1


FILES = ["Ana", "王小明", "a/b", "..", ".", "", "CON", "con.txt", "x" * 400, "ё" * 300, "tail.", "tail ", "a\x00b", "a:b",
         "a?b", "Ana.json", "\ud800", ".hidden"]  # fmt: skip


def test_every_name_is_a_file_name_and_no_two_are_the_same():
    files = [file_name(name) for name in FILES]
    assert len(set(files)) == len(files)
    for name in files:
        assert len(f"{name}.json".encode()) < 240
        assert not set(name) & set('/\\:*?"<>|\x00')
        assert not name.startswith(".")
    assert files[:2] == FILES[:2]


ALIKE = [
    ["Ana", "ana", "ANA"],
    ["Straße", "STRASSE"],
    ["Zoë", "zoe\u0308"],
    ["a:b", file_name("a:b")],
]


@pytest.mark.parametrize("names", ALIKE, ids=" ".join)
def test_names_that_a_file_system_may_take_for_one_have_files_of_their_own(tmp_path, names):
    store = Store(tmp_path)
    store.expect([*names, "Bo"])
    for name in [*names, "Bo"]:
        store.keep(result(name), name)
    files = [path.stem for path in store.results.iterdir()]
    assert len({unicodedata.normalize("NFC", file).casefold() for file in files}) == len(names) + 1
    assert "Bo" in files
    again = Store(tmp_path)
    again.expect([*names, "Bo"])
    assert again.kept() == {name: name for name in [*names, "Bo"]}
    again.expect([names[0]])
    again.keep(result(names[0]), "alone again")
    again.forget_all_but([names[0]])
    assert [path.stem for path in store.results.iterdir()] == [file_name(names[0])]


@pytest.mark.parametrize("name", FILES)
def test_a_result_of_any_name_comes_back(tmp_path, name):
    store = Store(tmp_path)
    store.keep(result(name), "d")
    assert store.kept() == {name: "d"}
    assert len(list((tmp_path / "results").iterdir())) == 1
    json.loads(next((tmp_path / "results").iterdir()).read_text("utf-8"))


def test_students_who_are_gone_are_forgotten(tmp_path):
    store = Store(tmp_path)
    for name in ("Ana", "Bo"):
        store.keep(result(name), "d")
    store.forget_all_but(["Bo"])
    assert store.kept() == {"Bo": "d"}
    (tmp_path / "report.html").write_text("of an earlier run")
    store.make_way(for_all=False)
    assert not (tmp_path / "report.html").exists()
    assert store.kept() == {"Bo": "d"}
    store.make_way(for_all=True)
    assert store.kept() == {}
    assert list((tmp_path / "results").iterdir()) == []
