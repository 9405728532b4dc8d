"""The picture of a judgement: what it shows, that it is small and stands alone, and copes with every number."""

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

from autograder.feedback.curves import Curve
from autograder.feedback.figure import figure
from autograder.feedback.ruler import Ruler
from autograder.feedback.svg import curve, for_image
from autograder.judges.judgement import FAILS, Facts, Finding, Judgement
from tests import feedback_cases
from tests.feedback_cases import HOSTILE

numeric = pytest.fixture(feedback_cases.numeric)
derivation = pytest.fixture(feedback_cases.derivation)
wrong = pytest.fixture(feedback_cases.wrong)


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
