"""Losses and their gradients: what a mean hides, labels, rows, options, infinities, and what must be refused."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from autograder.judges.numeric import Study
from tests.loss_exercises import (
    LOSSES,
    bce_with_logits,
    cce_with_logits,
    cross_entropy,
    huber_grad,
    multiclass_hinge,
    multiclass_hinge_grad,
)
from tests.numeric_exercises import failing, judged, mse, mse_grad, plan_of, prelu_backward, seen

TAILS = "keeps its digits farther out and close to 0"
EXTREMES = "stays right at extreme arguments"
EDGES = "has the right limits at infinity, and nan stays nan"
DTYPE = "float32 in, float32 out, and as exact as that allows"
SHAPES = "takes a single row, other shapes and mixed dtypes"
PLAIN = "gives the right values at ordinary points"


@pytest.mark.parametrize("item", LOSSES, ids=lambda item: item.id)
@pytest.mark.parametrize("seed", [0, 5])
def test_references_pass(item, seed):
    assert failing(judged(item, item.reference, seed)) == []


@pytest.mark.parametrize("item", [*LOSSES, mse, mse_grad, prelu_backward], ids=lambda item: item.id)
def test_a_relative_error_of_1e_12_is_seen(item):
    def nudged(*args, **kwargs):
        value = item.reference(*args, **kwargs)
        return tuple(v * (1 + 1e-12) for v in value) if isinstance(value, tuple) else value * (1 + 1e-12)

    assert "is right to the last digits there" in failing(judged(item, nudged))


def clipped(item, turn, low, high):
    def function(*args, **kwargs):
        args = list(args)
        args[turn] = np.clip(args[turn], low, high)
        return item.reference(*args, **kwargs)

    return function


@pytest.mark.parametrize(
    ("item", "turn", "low", "high"),
    [
        (bce_with_logits, 1, -30, np.inf),
        (bce_with_logits, 1, -np.inf, 30),
        (cce_with_logits, 1, -30, np.inf),
        (cce_with_logits, 1, -np.inf, 30),
        (multiclass_hinge, 1, -30, np.inf),
        (multiclass_hinge, 1, -np.inf, 30),
        (mse, 1, -30, np.inf),
        (mse, 1, -np.inf, 30),
    ],
)
def test_a_tail_that_stops_is_seen_in_a_mean(item, turn, low, high):
    assert TAILS in failing(judged(item, clipped(item, turn, low, high)))


@pytest.mark.parametrize("least", [1e-12, 1e-200])
def test_a_clipped_probability_is_seen(least):
    found = failing(judged(cross_entropy, lambda p, q: cross_entropy.reference(p, np.clip(q, q.dtype.type(least), 1))))
    assert EXTREMES in found
    assert PLAIN not in found
    assert (TAILS in found) == (least == 1e-12)


def test_a_log_that_never_meets_its_zero_weight():
    def naive(p, q):
        if p.shape != q.shape or not p.size:
            raise ValueError("shapes")
        with np.errstate(all="ignore"):
            return np.mean(-np.sum(p * np.log(q), axis=-1)).astype(np.result_type(p, q))

    found = failing(judged(cross_entropy, naive))
    assert EXTREMES in found
    assert PLAIN not in found


def test_a_masked_class_contributes_nothing():
    def naive(y, logits):
        with np.errstate(all="ignore"):
            z = np.asarray(logits, float)
            log_p = z - z.max(axis=-1, keepdims=True)
            log_p = log_p - np.log(np.exp(log_p).sum(axis=-1, keepdims=True))
            return np.mean(-np.sum(y * log_p, axis=-1)).astype(np.result_type(y, logits))

    assert EDGES in failing(judged(cce_with_logits, naive))
    assert EDGES not in failing(judged(cce_with_logits, cce_with_logits.reference))


def test_a_confident_right_class_keeps_its_digits():
    def through_log(y, logits):
        cce_with_logits.reference(y, logits)  # for its errors
        z = np.asarray(logits, float)
        with np.errstate(all="ignore"):
            shifted = z - z.max(axis=-1, keepdims=True)
            log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
            terms = np.where((y == 0) & ~np.isnan(z), 0, -y * log_p)
        return np.mean(terms.sum(axis=-1)).astype(np.result_type(y, logits))

    judgement = judged(cce_with_logits, through_log)
    assert TAILS in failing(judgement)
    assert EDGES not in failing(judgement)


def test_a_mean_over_entries_is_no_mean_over_rows():
    wrong = judged(cce_with_logits, lambda y, logits: cce_with_logits.reference(y, logits) / np.shape(y)[-1])
    assert (wrong.status, failing(wrong)) == ("failed", [PLAIN])


def test_a_sum_without_its_count_is_recognised():
    item = bce_with_logits
    judgement = judged(item, lambda y, z: item.reference(y, z) * np.asarray(y.size, np.result_type(y, z)))
    assert "not yet divided" in judgement.facts.cause


def test_the_right_class_must_not_pay_its_margin():
    def with_the_right_class(labels, scores, margin=1.0):
        return multiclass_hinge.reference(labels, scores, margin) + np.asarray(margin, scores.dtype)

    assert failing(judged(multiclass_hinge, with_the_right_class)) == [PLAIN]


def test_another_margin_is_tried():
    found = failing(
        judged(multiclass_hinge, lambda labels, scores, margin=1.0: multiclass_hinge.reference(labels, scores))
    )
    assert found[0] == "is right for other values of margin too"


def test_labels_take_no_part_in_the_dtype():
    def common(labels, scores, margin=1.0):
        return multiclass_hinge.reference(labels, scores, margin).astype(np.result_type(labels, scores))

    assert DTYPE in failing(judged(multiclass_hinge, common))


def test_two_dtypes_give_the_wider_one():
    def of_the_last(y, logits):
        return cce_with_logits.reference(y, logits).astype(logits.dtype)

    assert failing(judged(cce_with_logits, of_the_last)) == [SHAPES]  # float64 targets, float32 logits


def test_zeros_and_ones_may_be_whole_numbers():
    def of_all(y, logits):
        return bce_with_logits.reference(y, logits).astype(np.result_type(y, logits))

    def never_seen_an_integer(y, logits):
        if np.asarray(y).dtype.kind != "f":
            raise TypeError("labels are floats")
        return bce_with_logits.reference(y, logits)

    assert failing(judged(bce_with_logits, of_all)) == []  # int64 and float32 make float64, and that is NumPy's affair
    assert failing(judged(bce_with_logits, never_seen_an_integer)) == [SHAPES]


def test_the_residue_of_a_flat_zero_closes_no_gate():
    def all_minus_margin(labels, scores, margin=1.0):
        multiclass_hinge.reference(labels, scores, margin)
        s = scores.astype(float)
        with np.errstate(all="ignore"):
            right = np.take_along_axis(s, np.asarray(labels)[:, None], axis=1)
            terms = np.maximum((margin + s) - right, 0).sum(axis=1) + 0.1 - margin - 0.1
        return np.mean(terms).astype(scores.dtype)

    assert PLAIN not in failing(judged(multiclass_hinge, all_minus_margin))


def refusing(item, *, shapes=True, labels=True, low=True, empty=True):
    """The reference with some of its errors taken out."""

    def function(*args, **kwargs):
        try:
            return item.reference(*args, **kwargs)
        except ValueError:
            first, second = args[:2]
            nothing = not np.size(first)
            misfit = np.shape(first) != np.shape(second) and item is not multiclass_hinge
            outside = not nothing and item is multiclass_hinge
            if (nothing and empty) or (misfit and shapes) or (outside and labels and (low or np.min(first) >= 0)):
                raise
            return np.float64(0)

    return function


def test_the_mean_over_nothing_must_be_refused_and_what_else_is_refused_is_no_ones_business():
    assert failing(judged(bce_with_logits, refusing(bce_with_logits))) == []
    assert failing(judged(bce_with_logits, refusing(bce_with_logits, shapes=False))) == []
    assert failing(judged(multiclass_hinge, refusing(multiclass_hinge, labels=False, low=False))) == []
    nothing = "raises ValueError when there is nothing to average"
    assert failing(judged(bce_with_logits, refusing(bce_with_logits, empty=False))) == [nothing]
    assert failing(judged(multiclass_hinge, refusing(multiclass_hinge, empty=False))) == [nothing]


def test_a_mistake_is_recognised_whatever_is_refused_beside_it():
    def twice(item):
        return lambda *args: item.reference(*args) * 2

    def twice_anything(y, logits):
        try:
            return bce_with_logits.reference(y, logits) * 2
        except ValueError:
            return np.float64(0)

    plan = plan_of(bce_with_logits)
    careful, careless = (seen(bce_with_logits, plan, f) for f in (twice(bce_with_logits), twice_anything))
    assert plan.likeness(careful, careful) == 1
    assert plan.likeness(careful, careless) >= 0.9


def test_a_vector_is_one_row_and_a_deeper_array_has_many():
    def rows_only(y, logits):
        if np.ndim(y) == 1:
            return cce_with_logits.reference(y, logits) / y.size
        return cce_with_logits.reference(y, logits)

    def matrices_only(y, logits):
        value = cce_with_logits.reference(y, logits)
        return value if np.ndim(y) < 3 else value * 2

    assert failing(judged(cce_with_logits, rows_only)) == [SHAPES]
    assert failing(judged(cce_with_logits, matrices_only)) == [SHAPES]


def test_the_gradient_of_a_vector_is_a_vector():
    def always_a_matrix(y, y_hat, delta=1.0):
        return np.atleast_2d(huber_grad.reference(y, y_hat, delta))

    assert failing(judged(huber_grad, always_a_matrix)) == [SHAPES]


def test_kinks_of_losses_are_visited_on_both_sides():
    def slope_within(y, y_hat, delta=1.0):
        inside = np.abs(y_hat - y) < 0.99995 * delta
        return np.where(inside, y_hat - y, delta * np.sign(y_hat - y)).astype(y_hat.dtype) / y.dtype.type(y.size)

    assert "is right at the kinks and right beside them" in failing(judged(huber_grad, slope_within))


def test_a_gradient_agrees_with_a_forward_that_takes_labels():
    right = judged(multiclass_hinge_grad, multiclass_hinge_grad.reference, multiclass_hinge=multiclass_hinge.reference)
    assert (right.status, right.findings[-1].evidence) == ("passed", "compared with your forward")
    halved = judged(
        multiclass_hinge_grad, multiclass_hinge_grad.reference,
        multiclass_hinge=lambda labels, scores, margin=1.0: multiclass_hinge.reference(labels, scores, margin) / 2,
    )  # fmt: skip
    assert "your multiclass_hinge disagrees" in halved.findings[-1].evidence


@pytest.mark.parametrize("seed", range(6))
def test_no_probe_of_a_gradient_crosses_a_kink(seed):
    item = multiclass_hinge_grad
    right = judged(item, item.reference, seed, multiclass_hinge=multiclass_hinge.reference)
    assert (failing(right), right.findings[-1].evidence) == ([], "compared with your forward")


def test_without_the_count_the_gradient_is_of_another_loss():
    wrong = judged(huber_grad, lambda y, y_hat, delta=1.0: huber_grad.reference(y, y_hat, delta) * y.size)
    assert failing(wrong) == [PLAIN]


def test_every_loss_is_tried_everywhere():
    for item in LOSSES:
        groups = Counter(case.group for case in Study.of(item, 0).cases)
        assert {"plain", "tails", "extremes", "edges", "float32", "float16"} <= groups.keys(), item.id
        assert len(plan_of(item).calls) < 400
