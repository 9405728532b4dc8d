"""The five published wrong formulas, taken from the page that shows them, are rejected, each with the right message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder import judging, registry
from autograder.calls import Observation
from autograder.feedback.message import message
from autograder.notebooks.execute import DRAWING, untidy
from autograder.sandbox.observe import observe

PAGE = Path(__file__).parent.parent / "chapters" / "five_wrong_formulas.ipynb"
CELLS = [cell for cell in json.loads(PAGE.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
FORMULAS = ("tanh", "softmax", "sigmoid", "bce", "focal")
AGAIN = "run: python -m autograder.notebooks.execute chapters/five_wrong_formulas.ipynb"


def source(cell: dict) -> str:
    return "".join(cell["source"])


def published() -> dict:
    """What the cells of the page define, executed in order, the calls of `check` left out."""
    space: dict = {}
    for cell in CELLS:
        if not source(cell).startswith("check("):
            exec(source(cell).replace("from autograder import check", ""), space)
    return space


@pytest.fixture(scope="module")
def judgements() -> dict:
    space, found = published(), {}
    for name in FORMULAS:
        exercise = registry.exercises()[name]
        plan = judging.plan_for(exercise)
        seen = [
            observe(space[name], call) if call.function == name else Observation(fate="missing") for call in plan.calls
        ]
        found[name] = judging.judge(exercise, plan, seen)
    return found


def witness(judgement, claim: str) -> str:
    return next(finding.witness for finding in judgement.findings if finding.claim.startswith(claim))


@pytest.mark.parametrize("name", FORMULAS)
def test_it_is_rejected(judgements, name):
    assert judgements[name].status in ("partial", "failed")
    assert judgements[name].earned < 0.7


def test_tanh_by_definition_is_nan_far_out(judgements):
    (far, digits) = judgements["tanh"].facts.digits[-1]
    assert (far, digits) == ("|x| > 710", 0.0)
    assert witness(judgements["tanh"], "stays right") == "x = 710: got nan, expected 1"
    assert "inf / inf" in judgements["tanh"].misconception.sentence


def test_softmax_without_a_shift_overflows(judgements):
    assert "1000" in witness(judgements["softmax"], "stays right")
    assert "got nan" in witness(judgements["softmax"], "stays right")
    assert "overflow" in witness(judgements["softmax"], "raises no warning")
    assert "exponential" in judgements["softmax"].misconception.sentence


def test_sigmoid_by_math_exp_raises(judgements):
    assert (
        witness(judgements["sigmoid"], "stays right") == "sigmoid([-800]) raised OverflowError: math range error."[:-1]
    )
    assert "`math` raise OverflowError" in judgements["sigmoid"].facts.cause


def test_a_patched_cross_entropy_names_a_price_of_its_own(judgements):
    assert "got 1.79769e+308, expected inf" in witness(judgements["bce"], "stays right")
    assert "nan_to_num" in judgements["bce"].misconception.sentence


def test_an_unreachable_term_is_missed(judgements):
    assert "y = [[0]]" in judgements["focal"].first_failure.witness
    assert "got 0, expected 0.1" in judgements["focal"].first_failure.witness
    assert "never reached" in judgements["focal"].misconception.sentence


def test_the_page_shows_what_the_judge_says_today(judgements):
    shown = {source(cell): json.dumps(cell["outputs"]) for cell in CELLS}
    for name in FORMULAS:
        said = message(registry.exercises()[name], judgements[name])
        opening = " ".join(said.cause.split()[:4]).replace("`", "")
        assert said.verdict in shown[f"check({name})"], AGAIN
        assert opening in shown[f"check({name})"].replace("`", "").replace("\\n  ", " "), AGAIN


def test_the_page_is_committed_executed_and_without_its_figures():
    assert untidy(PAGE) is None
    assert not DRAWING.search(PAGE.read_text("utf-8"))
    assert not any(output["output_type"] == "error" for cell in CELLS for output in cell["outputs"])
