"""The committed page of attacks is that of the table, and tells of nothing that got through."""

import re

from tests.attacks.cheats import CHEATS
from tests.attacks.havoc import HAVOCS
from tests.attacks.page import PAGE, answers, cell, rows
from tests.attacks.reach import REACHES


def shown():
    cells = [
        re.split(r"(?<!\\) \| ", line.strip("| "))
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if "|" in line
    ]
    return [line for line in cells if line[0] not in ("attack", "cheat", "answer", "---")]


def test_names_and_layers_are_those_of_the_table():
    assert [tuple(line[:2]) for line in shown()] == [(cell(name), cell(by)) for name, by in rows()]


def test_what_is_said_of_answers_is_what_the_table_says_now():
    assert "\n".join(answers()) in PAGE.read_text(encoding="utf-8")


def test_no_attack_was_seen_to_get_through():
    page = PAGE.read_text(encoding="utf-8")
    assert "LEAKS" not in page
    assert [line for line in shown()[: len(REACHES)] if "done" in line[2:4]] == []


def test_both_users_tried_every_attack():
    assert [line[0] for line in shown()[: len(REACHES) + len(HAVOCS)] if "not tried" in line[2:4]] == []


def test_every_attack_has_a_name_of_its_own():
    names = [one.name for one in (*REACHES, *HAVOCS, *CHEATS)]
    assert sorted(names) == sorted(set(names))
