"""What a student is told: the message and the panel."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from autograder.exercise import Misconception
from autograder.feedback.cards import hint_card, progress_card
from autograder.feedback.maths import readable
from autograder.feedback.message import message
from autograder.feedback.panel import panel_html, panel_text, prose
from autograder.feedback.untrusted import plain, plain_lines
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, UNDECIDED, Facts, Finding, Judgement
from autograder.kinds import Answer
from tests import feedback_cases
from tests.feedback_cases import HOSTILE, of_kind

numeric = pytest.fixture(feedback_cases.numeric)
wrong = pytest.fixture(feedback_cases.wrong)


def test_a_message_gives_the_verdict_then_the_place_then_the_cause_then_a_next_step(numeric, wrong):
    said = message(numeric, wrong)
    assert said.verdict == "Partly right: 1 of 3 claims holds."
    assert said.fact.startswith("Does not hold yet: stays finite at 1000.")
    assert "Right to 15 digits for x < 36, to no digit for x > 37." in said.fact
    assert "x = 1000: got nan, expected 1" in said.fact
    assert said.cause == wrong.misconception.sentence
    assert "`sigmoid(1000.0)`" in said.next_step
    assert 'hint("sigmoid")' in said.next_step
    assert said.text.split("\n") == [
        said.verdict,
        said.fact,
        "Which of the two exponentials, e⁻ˣ or eˣ, is dangerous here?",
        said.next_step,
        "Already right: keeps the shape of x.",
    ]


def test_a_cause_found_in_the_data_is_told_when_no_misconception_is_named(numeric, wrong):
    found = replace(wrong, misconception=None, facts=replace(wrong.facts, cause="1 - s cancels"))
    assert message(numeric, found).cause == "1 - s cancels."


@pytest.mark.parametrize(
    ("status", "opening"),
    [
        ("not_attempted", "Not attempted yet."),
        ("error", "Stopped by an error."),
        ("timeout", "No answer within the time limit."),
        ("memory", "Stopped: it asked for more memory"),
        ("killed", "Stopped: the process it ran in died."),
        ("invalid_output", "Not something that can be judged."),
        ("unreadable", "Could not be read."),
    ],
)
def test_every_status_has_words_of_its_own_and_something_to_try(numeric, status, opening):
    failed = Judgement((Finding("returns an array", FAILS, "it did not come back"),), status_override=status)
    said = message(numeric, failed)
    assert said.verdict.startswith(opening)
    assert said.next_step
    assert ("it did not come back" in said.fact.lower()) == (status != "not_attempted")


def test_full_marks_are_said_in_one_line_and_a_proof_is_mentioned(numeric):
    right = Judgement((Finding("equals the target", HOLDS, evidence="proved by cancel"), Finding("is exact", HOLDS)))
    assert message(numeric, right).text == "Right: all 2 claims hold.\nProved by cancel."


def test_an_undecided_claim_is_neither_wrong_nor_right(numeric):
    open_case = Judgement((Finding("equals the target", UNDECIDED, "no point decides it"),))
    text = message(numeric, open_case).text
    assert text.startswith("Left for a person to decide.")
    assert "neither lost nor given" in text
    assert "does not hold" not in text.lower()


def test_the_expected_value_of_a_short_answer_is_never_shown():
    answer = of_kind(Answer(variant=lambda random: {"n": 1}, question=str), "answer_scale")
    told = Judgement((Finding("the value is right", FAILS),), Facts(called="answer_scale(v)", got="3", expected="4711"))
    for text in (message(answer, told).text, panel_html(answer, told), panel_text(answer, told)):
        assert "4711" not in text
        assert "answer_scale(v) gave 3" in text


def test_what_a_student_wrote_cannot_reach_the_page_the_terminal_or_the_reader(numeric):
    hostile = Judgement(
        (Finding("returns an array", FAILS, f"it raised {HOSTILE}{'A' * 5000}"),), status_override="error"
    )
    html, text = panel_html(numeric, hostile), panel_text(numeric, hostile)
    assert BeautifulSoup(html, "html.parser").find("script") is None
    assert "&lt;script&gt;" in html
    for shown in (html, text):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\ud800-\udfff]", shown)
        assert "A" * 400 not in shown
        shown.encode("utf-8")


def test_backticks_become_code_only_after_escaping():
    assert prose("try `<b>`") == "try <code>&lt;b&gt;</code>"


def test_plain_text_loses_escapes_controls_and_what_xml_forbids():
    assert plain("a\x1b[31mb\x1b[0m\x00c\x9b1md") == "abcd"
    assert plain("\x1b]8;;http://x\x07link\x1b]8;;\x07") == "link"
    assert plain("one\r\ntwo\tthree") == "one two three"
    assert plain("\ud800\ufffe\u202e") == "\ufffd\ufffd"
    assert plain("x" * 1000, 10) == "xxxxxxxx …"
    assert plain("ünï 李 🙂") == "ünï 李 🙂"
    assert plain_lines("a\n\x1b[1mb\x1b[0m\n") == "a\nb"


def test_a_panel_reads_in_order_and_keeps_the_hint_closed(numeric, wrong):
    page = BeautifulSoup(panel_html(numeric, wrong, hint_level=2), "html.parser")
    order = [tag["class"][0] for tag in page.div.find_all(True, recursive=False) if tag.has_attr("class")]
    assert order == ["ag-verdict", "ag-fact", "ag-cause", "ag-figure", "ag-claims", "ag-quiet", "ag-next", "ag-hint"]
    assert "open" not in page.details.attrs
    assert page.details.summary.text == "Hint 2 of 3: the idea"
    assert [li.find(class_="ag-word").text for li in page.select(".ag-claims li")] == ["fails", "not reached"]


def test_many_claims_not_reached_are_one_line(numeric, wrong):
    many = tuple(Finding(f"claim {number}", NOT_REACHED) for number in range(9))
    text = panel_text(numeric, replace(wrong, findings=(*wrong.findings[:2], *many)))
    assert "9 more claims" in text
    assert "claim 3" not in text


def test_the_panel_has_colours_for_dark_for_jupyterlab_and_for_the_book(numeric, wrong):
    html = panel_html(numeric, wrong)
    for theme in ("prefers-color-scheme: dark", 'data-jp-theme-light="false"', 'data-theme="dark"', "max-width: 30rem"):
        assert theme in html
    assert not re.search(r"https?://(?!www\.w3\.org/)", html)


def test_plain_text_is_narrow_and_never_depends_on_anything_but_the_judgement(numeric, wrong):
    text = panel_text(numeric, wrong)
    assert text == panel_text(numeric, wrong)
    assert max(map(len, text.splitlines())) <= 90
    assert "$" not in text


def test_no_panel_holds_the_reference(numeric, wrong):
    assert "THE REFERENCE" not in panel_html(numeric, wrong) + panel_text(numeric, wrong)


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"$e^{-2x}$", "e⁻²ˣ"),
        (r"$4.2 \cdot 10^{-18}$", "4.2 · 10⁻¹⁸"),
        (r"$\frac{e^{-x}}{2}$", "(e⁻ˣ)/2"),
        (r"$1/\cosh^2 x$", "1/cosh² x"),
        (r"$\log p_i = (z_i - m)$", "log pᵢ = (zᵢ - m)"),
        (r"$e^{-|x|}$", "e^(-|x|)"),
        (r"$\alpha\max(0, \tfrac12)$", "α max(0, 1/2)"),
        (r"$\hat y_i - \hat{y}$", "ŷᵢ - ŷ"),
        ("it costs $5", "it costs $5"),
    ],
)
def test_formulas_read_in_a_terminal(tex, text):
    assert readable(tex) == text


def test_hints_and_progress_have_words_beside_every_symbol(numeric):
    card = hint_card(numeric, 9)
    assert card["level"] == 3
    assert "the first line" in card["text"]
    table = progress_card({"sigmoid_tanh": [numeric]}, {"sigmoid": ["partial", 0.5]})
    assert table["text"] == "sigmoid_tanh: 0 of 1 right\n  ◐ sigmoid  partly right  0.5/1"
    assert "partly right" in table["html"]


def test_a_misconception_is_told_beside_a_claim_that_it_explains(numeric):
    first, second = Finding("float64 in, float64 out", FAILS, "gave float32"), Finding("stays finite", FAILS, "got inf")
    mistake = Misconception(lambda x: x, "What is e to the 1000?")
    judgement = Judgement((first, second), misconception=mistake, explained=frozenset({"stays finite", "another"}))
    assert "stays finite" in message(numeric, judgement).fact
    assert "float64" not in message(numeric, judgement).fact
    assert "float64 out" in message(numeric, replace(judgement, misconception=None, explained=frozenset())).fact
    assert "float64 out" in message(numeric, replace(judgement, explained=frozenset({"another"}))).fact
