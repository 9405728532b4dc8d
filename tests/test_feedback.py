"""What a student is told: the message, the figure, the panel."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from bs4 import BeautifulSoup

from autograder.exercise import Exercise, Misconception, exercise
from autograder.feedback.cards import hint_card, progress_card
from autograder.feedback.curves import Curve
from autograder.feedback.figure import figure
from autograder.feedback.maths import readable
from autograder.feedback.message import message
from autograder.feedback.panel import panel_html, panel_text, prose
from autograder.feedback.ruler import Ruler
from autograder.feedback.svg import curve, for_image
from autograder.feedback.untrusted import plain, plain_lines
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, UNDECIDED, Facts, Finding, Judgement
from autograder.kinds import Answer, Derivation, Numeric

HOSTILE = "\x1b[31m<script>alert(1)</script>\x1b[0m\x00 $\\frac{1}{2}$ \u202egnp.exe \ud800"


def of_kind(spec, name: str = "sigmoid") -> Exercise:
    def reference(x):
        """The statement."""
        return "THE REFERENCE"

    reference.__name__ = name
    return exercise(spec, title="A title", hints=("What is `exp(1000)`?", "The idea.", "`e = 1`"))(reference)


@pytest.fixture
def numeric() -> Exercise:
    return of_kind(Numeric(truth="1/(1+exp(-x))", arguments={"x": "real"}))


@pytest.fixture
def derivation() -> Exercise:
    return of_kind(Derivation(start="a", end="b", variables={"x": "real"}), "derivation_slope")


@pytest.fixture
def wrong() -> Judgement:
    x = np.linspace(-60, 60, 601)
    truth = 1 / (1 + np.exp(-x))
    got = np.where(x > 36.7, np.nan, truth)
    curve = {"x": x, "got": got, "truth": truth, "ulp": np.where(x > 36.7, np.nan, 0.5), "first": 484, "allowed": 8}
    return Judgement(
        (
            Finding("keeps the shape of x", HOLDS),
            Finding("stays finite at 1000", FAILS, "x = 1000: got nan, expected 1"),
            Finding("sigmoid(x) + sigmoid(-x) = 1", NOT_REACHED),
        ),
        Facts(
            digits=(("x < 36", 15.9), ("x > 37", 0.2)), called="sigmoid(1000.0)", got="nan", expected="1", curve=curve
        ),
        Misconception(abs, "Which of the two exponentials, $e^{-x}$ or $e^{x}$, is dangerous here?"),
    )


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


def test_the_figure_states_its_point_marks_the_place_and_names_both_curves(numeric, wrong):
    svg = figure(numeric, wrong)
    assert 'role="img"' in svg
    assert 'aria-label="Your curve leaves the truth at x = 36.8: it gives nan, the truth is 1."' in svg
    for word in ("truth", "yours", "first wrong at 36.8: nan", "error in ULP", "allowed"):
        assert f">{word}<" in svg


def test_a_figure_is_small_stands_alone_and_is_the_same_every_time(numeric, derivation, wrong):
    ladder = Judgement((Finding("every step follows", FAILS),), Facts(curve={"steps": ["a", "b", "c"], "wrong": 1}))
    for item, judgement in ((numeric, wrong), (derivation, ladder)):
        svg = figure(item, judgement)
        assert svg.startswith("<svg")
        assert len(svg) < 12_000
        assert not re.search(r"\bid=|href=|src=|url\(|<script|<style|<image|@import| on\w+=", svg)
        assert svg == figure(item, judgement)
        ElementTree.fromstring(svg)


def test_a_figure_copes_with_infinities_huge_ranges_and_refuses_when_there_is_nothing_to_draw(numeric, wrong):
    x = np.array([-1e308, -1.0, 0.0, 1.0, 1e308, np.inf])
    huge = {
        "x": x,
        "got": np.array([np.inf, np.nan, 1, 2, -np.inf, 0]),
        "truth": np.exp(np.clip(x, -700, 700)),
        "first": 0,
    }
    assert "10³⁰⁰" in figure(numeric, replace(wrong, facts=Facts(curve=huge)))
    for nothing in ({}, {"x": [1.0], "got": [1.0], "truth": [1.0]}, {"x": [1, 2], "got": [1], "truth": [1, 2]},
                    {"x": [1, 2, np.inf], "got": [1, 2, 3], "truth": [np.nan, np.inf, 3]}):  # fmt: skip
        assert figure(numeric, replace(wrong, facts=Facts(curve=nothing))) is None
    assert figure(numeric, replace(wrong, status_override="not_attempted")) is None


def test_the_ladder_shows_the_broken_rung_and_a_dollar_sign_as_it_is(derivation):
    steps = ["D(f, x)", "$x$ & <b>", "f*(1 - f)"]
    broken = Judgement((Finding("every step follows", FAILS),), Facts(curve={"steps": steps, "wrong": 1, "rejoins": 2}))
    svg = figure(derivation, broken)
    assert "line 2 does not follow; it is right again from line 3" in svg
    assert "$x$ &amp; &lt;b&gt;" in svg
    assert svg.count(">does not follow<") == 1
    assert svg.count(">right again<") == 1


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


def words_at(svg: str, **attributes) -> list[str]:
    """The words in the figure that carry these attributes."""
    return [tag.text for tag in BeautifulSoup(svg, "html.parser").find_all("text", attrs=attributes)]


def below(svg: str) -> list[str]:
    """The words at the ticks of the horizontal ruler."""
    return words_at(svg, **{"text-anchor": "middle", "font-size": "11"})


def test_the_figure_looks_closer_where_digits_die_near_zero(numeric, wrong):
    x = np.concatenate([-np.logspace(0, -20, 21), np.logspace(-20, 0, 21)])
    got = np.where(np.abs(x) < 1e-15, 0, x)
    first = int(np.argmin(np.abs(x - 1e-16)))
    data = {"x": x, "got": got, "truth": x, "ulp": np.where(got == x, 0, 1e16), "first": first, "allowed": 8}
    close = figure(numeric, replace(wrong, facts=Facts(curve=data)))
    assert below(close) == ["−1", "−10⁻⁸", "0", "10⁻⁸", "1"]
    assert {"−10⁻⁶", "0", "10⁻⁶"} <= set(words_at(close, **{"text-anchor": "end"}))
    far = figure(numeric, replace(wrong, facts=Facts(curve={**data, "first": 0})))
    assert below(far) == ["−1.0", "−0.5", "0", "0.5", "1.0"]


def test_a_tail_that_no_straight_ruler_shows_is_drawn_in_powers_of_ten(numeric, wrong):
    x = np.linspace(-100, 0, 101)
    curve = {"x": x, "truth": np.exp(x), "got": np.where(x < -50, 0, np.exp(x)), "ulp": 0 * x, "first": 40}
    heights = words_at(figure(numeric, replace(wrong, facts=Facts(curve=curve))), **{"text-anchor": "end"})
    assert {"0", "10⁻³²", "10⁻⁸", "1"} <= set(heights)


def test_a_pole_leaves_room_for_the_values_of_an_ordinary_size(numeric, wrong):
    x = np.append(np.linspace(0, 0.99, 100), [1 - 1e-12, 1])
    truth = np.append(1 / (1 - x[:-1]), 1e300)
    curve = {"x": x, "truth": truth, "got": -truth, "ulp": 0 * x + 1e16, "first": 100}
    heights = words_at(figure(numeric, replace(wrong, facts=Facts(curve=curve))), **{"text-anchor": "end"})
    assert {"0", "10¹⁰⁰", "10²⁰⁰", "10³⁰⁰"} <= set(heights)


def test_a_difference_among_subnormal_values_is_seen(numeric, wrong):
    x = np.linspace(-745, 0, 746)
    got = np.where(x < -709, 0, np.exp(x))
    curve = Curve.of(Facts(curve={"x": x, "truth": np.exp(x), "got": got, "first": 35}))
    heights = [float(part.split()[1]) for part in re.search(r'd="M([^"]*)"[^>]*ag-wrong', curve.svg())[1].split("L")]
    assert len(heights) == 4  # along the bottom, a step of 15 decades of 323, and up


def test_places_without_a_finite_value_are_marked_with_the_value(numeric, wrong):
    x = np.linspace(0, 10, 11)
    got = np.where(x > 5, np.inf, x)
    got[2] = np.nan
    svg = figure(numeric, replace(wrong, facts=Facts(curve={"x": x, "got": got, "truth": x, "first": 2})))
    assert svg.count("<rect") == 2
    assert ">inf<" in svg
    truth = np.where(x > 5, -np.inf, x)
    svg = figure(numeric, replace(wrong, facts=Facts(curve={"x": x, "got": x, "truth": truth, "first": 7})))
    assert svg.count("<rect") == 1
    assert ">-inf<" in svg
    svg = figure(numeric, replace(wrong, facts=Facts(curve={"x": x, "got": -truth, "truth": -truth, "first": 2})))
    assert [tag["fill"] for tag in BeautifulSoup(svg, "html.parser").find_all("rect")] == ["currentColor"]


def test_words_of_a_figure_stay_inside_and_what_a_student_wrote_stays_text(numeric, wrong):
    tiny = np.array([-1, -1.78006e-307, 1.78006e-307, 1])
    long = {"x": tiny, "got": tiny, "truth": -tiny, "ulp": np.full(4, np.inf)}
    usual = wrong.facts.curve
    for first, columns in ((0, usual), (300, usual), (600, usual), (1, long)):
        data = {**columns, "first": first, "xlabel": HOSTILE, "ylabel": HOSTILE}
        page = BeautifulSoup(figure(numeric, replace(wrong, facts=Facts(curve=data))), "html.parser")
        assert page.find("script") is None
        for tag in page.find_all("text"):
            length, at = 6.2 * len(tag.text), float(tag["x"])
            left = at - length * {"end": 1, "middle": 0.5}.get(tag.get("text-anchor"), 0)
            assert left >= 0, tag
            assert tag.text in ("yours", "truth", "allowed") or left + length <= 400, tag


def test_a_figure_in_an_image_finds_out_by_itself_whether_all_around_is_dark(numeric, wrong):
    image = for_image(figure(numeric, wrong))
    ElementTree.fromstring(image)
    assert image.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert image.index("prefers-color-scheme:dark") < image.index("<path")


def test_thousands_of_points_become_a_small_figure_that_keeps_the_extremes():
    x = np.linspace(0, 1, 20_001)
    truth = np.zeros_like(x)
    truth[7_777] = 3.0
    thin = Curve.of(Facts(curve={"x": x, "got": np.sin(1e5 * x), "truth": truth, "first": 9_999}))
    assert thin.x.size <= 310
    assert thin.truth.max() == 3.0
    assert thin.x[thin.bad] == x[9_999]
    assert len(thin.svg()) < 12_000


def test_a_curve_is_drawn_by_few_points_cut_at_the_edges_and_parted_by_nan():
    def points(steps):
        return [[tuple(map(float, p.split())) for p in part.split("L")] for part in steps.split("M")[1:]]

    x = np.linspace(0, 300, 301)
    assert points(curve(x, 2 * x, 0, 600)) == [[(0, 0), (300, 600)]]
    assert points(curve(x, 2 * x, 100, 300)) == [[(50, 100), (150, 300)]]
    assert points(curve([0, 10, 20], [-10, 50, -10], 0, 40)) == [[(1.7, 0), (8.3, 40)], [(11.7, 40), (18.3, 0)]]
    assert points(curve([0, 0, 0, 5], [0, 9, 3, 3], 0, 10)) == [[(0, 0), (0, 9), (0, 3), (5, 3)]]
    assert curve([1, 2, 3], [4, np.nan, 4], 0, 10) == "M1.0 4.0h0M3.0 4.0h0"
    assert curve([1, 2, 3], [20, np.nan, 4], 0, 10) == "M3.0 4.0h0"
    wave = 50 + 40 * np.sin(x / 20)
    [kept] = points(curve(x, wave, 0, 100))
    assert len(kept) < 100
    assert np.abs(np.interp(x, *zip(*kept, strict=True)) - wave).max() < 0.3


@pytest.mark.parametrize(
    ("low", "high", "decade", "words"),
    [
        (0, 1, 0, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-1000, 1000, 0, ["−1000", "−500", "0", "500", "1000"]),
        (0, 2.5e-7, 0, ["0", "1·10⁻⁷", "2·10⁻⁷"]),
        (-1, 1, 1e-16, ["−1", "−10⁻⁸", "0", "10⁻⁸", "1"]),
        (-1e300, 1e300, 1, ["−10³⁰⁰", "−10¹⁵⁰", "0", "10¹⁵⁰", "10³⁰⁰"]),
        (0, 400, 1, ["0", "1", "10", "10²"]),
        (3, 3, 0, ["1.5", "2.0", "2.5", "3.0", "3.5", "4.0", "4.5"]),
        (0, 1e-320, 0, ["−0.4", "−0.2", "0", "0.2", "0.4"]),
        (0, 0, 0, ["−0.4", "−0.2", "0", "0.2", "0.4"]),
    ],
)
def test_a_ruler_says_round_numbers_that_keep_apart(low, high, decade, words):
    assert [tick.words for tick in Ruler.over(low, high, 40, 350, decade).ticks] == words


def test_no_ruler_lets_its_words_run_into_each_other():
    for low, high in ((-1e300, 1e300), (-3, 1e-9), (0, 5e-324), (1e300, 1.1e300), (-745.1, 709.8), (1 - 1e-16, 1)):
        for decade in (0, 1e-300, 1e-5, 1.0):
            ruler = Ruler.over(low, high, 40, 350, decade)
            for one, other in pairwise(ruler.ticks):
                assert other.at - other_half(other) > one.at + other_half(one)
            assert np.all((ruler.place(np.array([ruler.low, ruler.high])) - [48, 342]) ** 2 < 1e-9)
            assert np.all(np.diff(ruler.place(np.linspace(ruler.low, ruler.high, 9))) >= 0)


def other_half(tick) -> float:
    return 3.1 * len(tick.words)


def test_feedback_judging_and_grading_do_without_matplotlib():
    """Half a second in every worker and every first check; only what draws for the students may have it."""
    modules = "autograder.judge_process, autograder.grading.student, autograder.reports.page, autograder.interactive"
    code = f"import sys, {modules}; print([name for name in sys.modules if name.startswith('matplotlib')])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
