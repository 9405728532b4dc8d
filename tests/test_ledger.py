"""The ledger: no claim of a lesson without its executed cell, and no cell that settles more than it shows."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autograder.ledger import ClaimError, claims, evidence, missing, prove, refute, show
from autograder.ledger.card import MIME
from autograder.registry import root, topics


def test_every_claim_of_a_lesson_is_settled_there():
    gaps = [f"{gap.claim.id} {gap.why}" for gap in missing() if gap.claim.lesson]
    assert gaps == []


def test_every_topic_with_a_lesson_settles_claims():
    told = {topic for topic in topics() if (root() / "chapters" / topic / "lesson.ipynb").exists()}
    assert told
    assert told <= {claim.lesson for claim in claims().values()}


def test_evidence_names_only_claims_of_the_ledger():
    assert evidence().keys() <= claims().keys()


def test_a_lesson_without_its_cell_is_missing_its_claim(tmp_path):
    """Removing a cell must be noticed: the evidence is what the outputs hold, nothing else."""
    found = evidence()
    claim = next(claim for claim in claims().values() if claim.lesson and claim.checkable)
    assert claim.id not in {gap.claim.id for gap in missing(found)}
    del found[claim.id]
    assert claim.id in {gap.claim.id for gap in missing(found)}


def test_a_false_claim_needs_a_refutation():
    false = next(claim for claim in claims().values() if claim.verdict == "false")
    proved = {false.id: [prove(false.id, "x", "x")]}
    assert false.id in {gap.claim.id for gap in missing(proved)}


def test_a_claim_with_a_condition_has_to_state_it():
    conditional = next(claim for claim in claims().values() if claim.verdict == "true with a condition")
    for when, is_missing in (("", True), ("x is real", False)):
        card = replace(prove(conditional.id, "x", "x", when=when), lesson=conditional.lesson)
        assert (conditional.id in {gap.claim.id for gap in missing({conditional.id: [card]})}) is is_missing


def test_evidence_is_read_from_outputs(tmp_path):
    card = prove("S1-6.1.1a", "sigmoid(-x)", "1 - sigmoid(x)")
    output = {"output_type": "execute_result", "data": card._repr_mimebundle_(), "metadata": {}, "execution_count": 1}
    lesson = tmp_path / "sigmoid_tanh" / "lesson.ipynb"
    lesson.parent.mkdir()
    lesson.write_text(json.dumps({"cells": [{"cell_type": "code", "outputs": [output]}]}), "utf-8")
    [entry] = evidence(tmp_path)["S1-6.1.1a"]
    assert (entry.verdict, entry.lesson, entry.cell) == ("proved", "sigmoid_tanh", 0)


@pytest.mark.parametrize(
    ("lhs", "rhs", "relation"),
    [("sigmoid(-x)", "sigmoid(x) - 1", "="), ("tanh(x)**2", "0", ">"), ("sigmoid(x)", "1/2", "<=")],
)
def test_what_does_not_hold_cannot_be_proved(lhs, rhs, relation):
    with pytest.raises(ClaimError, match="does not hold at x = "):
        prove("S1-6.1.1a", lhs, rhs, relation=relation)


def test_a_point_that_is_no_witness_refutes_nothing():
    with pytest.raises(ClaimError, match="does not refute"):
        refute("S1-6.1.3f", "tanh(x)**2", "0", at={"x": 1}, relation=">")


def test_a_witness_refutes_and_the_correction_is_proved():
    card = refute("S1-6.1.3f", "tanh(x)**2", "0", at={"x": 0}, relation=">", instead=("tanh(x)**2", "0", ">="))
    assert card.verdict == "refuted"
    assert "x = 0" in card.how
    with pytest.raises(ClaimError):
        refute("S1-6.1.3f", "tanh(x)**2", "0", at={"x": 0}, relation=">", instead=("tanh(x)", "0", ">="))


def test_a_check_that_came_out_false_shows_nothing():
    with pytest.raises(ClaimError, match="came out false"):
        show("S1-6.1.4c", "exp overflows at 709", False)


def test_an_unknown_claim_is_refused():
    with pytest.raises(ClaimError, match="no claim"):
        show("S9-1", "nothing", True)


def test_a_card_can_be_read_aloud_and_carries_its_evidence():
    bundle = prove("S1-6.1.1a", "sigmoid(-x)", "1 - sigmoid(x)")._repr_mimebundle_()
    assert bundle["text/plain"].startswith("✓ proved [S1-6.1.1a]\n  sigmoid(-x) = 1 - sigmoid(x)")
    assert bundle[MIME]["claim"] == "S1-6.1.1a"
    assert 'class="claim claim-proved"' in bundle["text/html"]


def test_the_ledger_lists_every_source():
    assert {claim.id[:2] for claim in claims().values()} == {"S1", "S2", "S3", "S4"}
    assert len(claims()) == 282
    assert (root() / "chapters" / "ledger.json").exists()
