"""What is written about a run for the teacher and for each student."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from autograder import registry
from autograder.reports import write_all
from autograder.reports.run import read_run
from autograder.reports.summary import summarise
from tests.run_folders import MISTAKE, entry, save, small_class


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_class(tmp_path)


def page(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def text_of(path: Path) -> str:
    return page(path).get_text(" ", strip=True)


def test_the_class_is_counted_as_a_teacher_would_count(folder):
    (folder / "results" / "evil #1?.json").unlink()
    summary = summarise(read_run(folder))
    assert (summary.full, summary.below, summary.median) == (1, 3, 12.5)
    hardest = summary.difficulties[0]
    assert (hardest.id, hardest.share, hardest.tried, hardest.wrong, hardest.lost) == ("softmax", 0.25, 3, 2, 2.0)
    id, reason = summary.misconceptions[0]
    assert (id, reason.sentence, [s.name for s in reason.students]) == ("sigmoid", MISTAKE, ["Bob", "Cy 李"])
    assert [(case.id, [s.name for s in case.students]) for case in summary.cases] == [("sigmoid", ["Dot"])]


def test_what_waits_for_the_teacher_is_not_counted_as_lost(folder):
    save(folder, "eve", "Eve", [entry("sigmoid", "partial", 1, held=1)])
    before = next(one for one in summarise(read_run(folder)).difficulties if one.id == "sigmoid")
    save(folder, "eve", "Eve", [entry("sigmoid", "partial", 1)])
    after = next(one for one in summarise(read_run(folder)).difficulties if one.id == "sigmoid")
    assert after.lost == before.lost + 0.5


def test_who_is_exactly_at_half_is_not_below_half(tmp_path):
    save(tmp_path, "half", "Half", [entry("sigmoid", "partial", 1)])
    assert summarise(read_run(tmp_path)).below == 0


def test_who_needs_help_is_told_apart_by_what_helps(tmp_path):
    save(tmp_path, "a", "Astray", [entry("sigmoid", "failed"), entry("softmax", "error")])
    save(
        tmp_path,
        "u",
        "Unfinished",
        [entry("sigmoid", "passed", 2), *(entry(f"f{n}", "not_attempted") for n in range(3))],
    )
    save(tmp_path, "b", "Blank", [entry("sigmoid", "not_attempted")])
    save(tmp_path, "r", "Unreadable", [entry("sigmoid", "unreadable")], notes=["hw.ipynb is not a whole notebook."])
    save(tmp_path, "o", "Another course", [entry("sigmoid", "not_attempted")], notes=["hw.ipynb is of another course."])
    groups = {group.name: {s.name: said for s, said in group.students} for group in summarise(read_run(tmp_path)).help}
    assert {name: set(who) for name, who in groups.items()} == {
        "astray": {"Astray"}, "unfinished": {"Unfinished"}, "blank": {"Blank"},
        "unreadable": {"Unreadable", "Another course"},
    }  # fmt: skip
    assert groups["unreadable"]["Unreadable"] == "hw.ipynb is not a whole notebook."
    assert groups["unfinished"]["Unfinished"] == "1 right, 3 not tried"


def test_the_same_answer_of_many_is_settled_once(tmp_path):
    for number in range(12):
        save(tmp_path, f"s{number}", f"S{number}", [entry("sigmoid", "undecided", held=2, message=f"x = {number % 2}")])
    write_all(tmp_path)
    assert [len(case.students) for case in summarise(read_run(tmp_path)).cases] == [6, 6]
    assert len(page(tmp_path / "report.html").select("ul.cases > li")) == 2


def test_the_page_answers_every_question_and_every_link_leads_to_the_evidence(folder):
    write_all(folder)
    report = page(folder / "report.html")
    for anchor in ("help", "exercises", "topics", "misconceptions", "settle", "look", "students", "trust"):
        assert report.find(id=anchor), anchor
    text = report.get_text(" ", strip=True)
    assert f"2 × {MISTAKE}" in text
    assert "1 of 2 layers hold" in text
    assert re.search(r"seccomp\s+missing", text)
    assert re.search(r"seed\s+7", text)
    assert "killed (1)" in text
    for start in (folder / "report.html", *(folder / "exercises").iterdir(), *(folder / "students").iterdir()):
        for link in page(start).find_all("a", href=True):
            file, _, anchor = link["href"].partition("#")
            target = start.parent / unquote(file) if file else start
            assert target.exists(), link
            assert not anchor or page(target).find(id=unquote(anchor)), link


def test_an_exercise_has_a_page_that_says_what_went_wrong_and_for_whom(folder):
    write_all(folder)
    text = text_of(folder / "exercises" / "sigmoid.html")
    assert re.search(f"2 × {re.escape(MISTAKE)} Bob , Cy 李", text)
    assert "For you to settle Dot" in text
    assert "1 × out of time Bob" in text_of(folder / "exercises" / "softmax.html")


def test_a_student_page_shows_message_claims_and_figure(folder):
    write_all(folder)
    student = page(folder / "students" / "bob.html")
    assert student.find(id="sigmoid").get_text(" ", strip=True).startswith("◐ sigmoid partly right, 1 of 2")
    assert "The message about sigmoid." in student.get_text()
    assert "fails: stays finite" in student.get_text(" ", strip=True)
    assert page(folder / "students" / "evil #1?.html").find("img")["alt"] == "wrong at x < 0"
    assert "2 more wait for the teacher" in text_of(folder / "students" / "dot.html")


def test_nothing_a_student_wrote_becomes_markup(folder):
    for path in write_all(folder):
        if path.suffix == ".xlsx":
            continue
        text = path.read_text("utf-8")  # raises when a lone surrogate got through
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", text), path
        if path.suffix != ".html":
            continue
        soup = page(path)
        scripts, styles = soup.find_all("script"), soup.find_all("style")
        assert (len(scripts), len(styles)) == (int(path.name == "report.html"), 1)
        assert "pwned" not in scripts[0].string if scripts else True
        assert not [tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
        assert not soup.find(["base", "iframe", "object", "embed", "form", "link"])
        assert not soup.find(style=True)  # which the policy would not let through anyway
        assert "{{ 7*7 }}" in soup.get_text() or "49" not in soup.get_text()
        for tag in soup.find_all(src=True):
            assert tag["src"].startswith("data:image/svg+xml;base64,")
        for tag in soup.find_all(href=True):
            assert not re.match(r"\s*[a-z]+:", tag["href"], re.IGNORECASE), tag


def test_a_name_that_nobody_can_see_is_still_there_to_click_on(tmp_path):
    save(tmp_path, "ghost", "\u200b\u202e", [entry("sigmoid", "passed", 2)])
    write_all(tmp_path)
    assert "(no name)" in text_of(tmp_path / "report.html")


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
    found = summarise(read_run(tmp_path)).suspicions
    assert [sorted(student.name for student in each.students) for each in found] == [["A", "B"], ["A", "B"]]
    assert "STUDENT" in found[0].sentence
    assert "3 exercises" in found[1].sentence
    save(tmp_path, "e", "E", odd("5", "the usual mistake"), declared="Ed")
    nobody = summarise(read_run(tmp_path)).suspicions
    assert [each.exercise for each in nobody if each.exercise] == ["f0", "f1", "f2"]
    assert len(nobody) == len(found) + 3


def test_a_broken_result_is_named_and_costs_nobody_else_anything(folder):
    good = entry("sigmoid", "passed", 2)
    (folder / "results" / "cut.json").write_text('{"student": 3')
    (folder / "results" / "list.json").write_text("[]")
    (folder / "results" / "deep.json").write_text("[" * 100_000)
    save(folder, "away", "Away", [good | {"id": "../../escaped"}])
    save(folder, "rich", "Rich", [good | {"score": float("nan")}])
    write_all(folder)
    text = text_of(folder / "report.html")
    for name in ("cut.json", "list.json", "deep.json", "away.json", "rich.json", "Ada Lovelace"):
        assert name in text
    assert not list(folder.parent.glob("**/escaped*"))


def test_an_empty_run_and_a_run_without_its_record_still_give_a_page(tmp_path):
    (tmp_path / "results").mkdir()
    assert {path.name for path in write_all(tmp_path)} == {"report.html", "junit.xml", "grades.xlsx"}
    assert "0" in page(tmp_path / "report.html").get_text()


def test_reports_of_an_earlier_run_do_not_linger(folder):
    save(folder, "zoe", "Zoe", [entry("relu", "passed", 2)])
    write_all(folder)
    (folder / "results" / "zoe.json").unlink()
    write_all(folder)
    for left in ("students/zoe.html", "gradescope/zoe.json", "exercises/relu.html"):
        assert not (folder / left).exists()


def test_a_folder_without_a_run_is_said_to_be_none(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no run"):
        write_all(tmp_path)


def test_a_page_says_what_each_exercise_is_about(tmp_path):
    entries = [entry("softmax", "failed"), entry("sigmoid", "passed", 2)]
    save(tmp_path, "eve", "Eve", [*entries, entry("tanh", "not_attempted"), entry("of_another_course", "not_attempted")])
    write_all(tmp_path)
    eve = page(tmp_path / "students" / "eve.html")
    shown = {id: eve.find(id=id).find(class_="title") for id in ("softmax", "sigmoid", "tanh", "of_another_course")}
    assert {id: title and title.get_text() for id, title in shown.items()} == {
        "softmax": registry.find("softmax").title,
        "sigmoid": registry.find("sigmoid").title,
        "tanh": registry.find("tanh").title,
        "of_another_course": None,
    }
