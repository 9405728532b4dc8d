"""The benchmarks compare like with like, name who is missing, and their page is about what there is. No time is asserted."""

from __future__ import annotations

import re

import numpy as np
import pytest

from benchmarks import contenders, page, timing
from benchmarks.contenders import CASES, Case
from solutions.fast import FORMS


def test_every_fast_form_is_measured():
    assert {case.function for case in CASES} == FORMS.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_contenders_compute_the_same(case, dtype):
    [result] = timing.measure([(case, dtype, 2000)], rounds=2)
    assert {"ours", "reference"} <= result.seconds.keys()
    assert all(len(taken) == 2 and min(taken) > 0 for taken in result.seconds.values())


def test_who_computes_something_else_is_no_contender():
    impostor = Case("sigmoid", contenders.line, formula=np.tanh)
    with pytest.raises(ValueError, match="formula computes something else than sigmoid"):
        next(timing.measure([(impostor, "float64", 100)], rounds=2))


def test_who_would_take_too_long_is_asked_no_more(monkeypatch):
    monkeypatch.setattr(timing, "PATIENCE", 0.02)
    monkeypatch.setattr(timing, "SAMPLE", 1e-6)
    slow = Case("sigmoid", contenders.line, formula=lambda x: [1 / (1 + np.exp(-v)) for v in x])
    small, large = timing.measure([(slow, "float64", 100), (slow, "float64", 1_000_000)], rounds=2)
    assert "formula" in small.seconds
    assert "formula" not in large.seconds
    assert "ours" in large.seconds


def test_without_peers_there_is_still_a_page(monkeypatch):
    for name in ("special", "torch", "functional"):
        monkeypatch.setattr(contenders, name, None)
    monkeypatch.setattr(page, "MISSING", ["SciPy", "torch"])
    case = next(case for case in CASES if case.function == "softplus")
    found = list(timing.measure([(case, "float64", size) for size in (100, 1000)], rounds=2))
    assert found[0].seconds.keys() == {"ours", "reference", "formula"}
    text = page.page(found)
    assert "torch was not installed" in text
    assert "| softplus |" in text


def test_a_ratio_below_one_means_that_we_are_faster():
    result = timing.Measured(CASES[0], "float64", 10, {"ours": [1.0, 2.0, 3.0], "torch": [4.0, 8.0, 12.0]})
    assert result.ratio("torch") == (0.25, 0.25, 0.25)
    assert result.ratio("scipy") is None
    assert "**torch** is faster in 0 of 1" in page.page([result])
    slower = timing.Measured(CASES[0], "float64", 10, {"ours": [3.0, 3.0], "torch": [1.0, 1.0]})
    text = page.page([slower])
    assert "**torch** is faster in 1 of 1 measurements." in text
    assert "- sigmoid: 3.0 at 1e1" in text


def test_the_page_speaks_of_every_function_and_of_no_place():
    text = page.PAGE.read_text("utf-8")
    assert {case.name for case in CASES} == set(re.findall(r"^\| (\w+(?:, rows of \d+)?) \|", text, re.MULTILINE)) - {
        "float64",
        "float32",
    }
    assert not re.search(r"(^|\s)/[a-z]+/|://", text)
