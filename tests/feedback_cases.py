"""What the tests of messages, figures and panels have in common: two exercises and a judgement."""

from __future__ import annotations

import numpy as np

from autograder.exercise import Exercise, Misconception, exercise
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, Facts, Finding, Judgement
from autograder.kinds import Derivation, Numeric

HOSTILE = "\x1b[31m<script>alert(1)</script>\x1b[0m\x00 $\\frac{1}{2}$ \u202egnp.exe \ud800"


def of_kind(spec, name: str = "sigmoid") -> Exercise:
    def reference(x):
        """The statement."""
        return "THE REFERENCE"

    reference.__name__ = name
    return exercise(spec, title="A title", hints=("What is `exp(1000)`?", "The idea.", "`e = 1`"))(reference)


def numeric() -> Exercise:
    return of_kind(Numeric(truth="1/(1+exp(-x))", arguments={"x": "real"}))


def derivation() -> Exercise:
    return of_kind(Derivation(start="a", end="b", variables={"x": "real"}), "derivation_slope")


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
