"""Small losses and gradients of losses, for the tests of their judges."""

from __future__ import annotations

import numpy as np
from mpmath import mp, mpf

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from tests.numeric_exercises import HINTS

NOTHING = "a mean over nothing"


def _common(*arrays):
    """The arguments in float64, and the dtype that is owed; whole numbers do not take part in it."""
    floats = [a for a in map(np.asarray, arrays) if a.dtype.kind == "f"]
    if any(np.size(a) == 0 for a in arrays):
        raise ValueError(NOTHING)
    return [np.asarray(a).astype(float) for a in arrays], np.result_type(*floats)


def _same_shape(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError(f"{np.shape(a)} does not fit {np.shape(b)}")


def _softplus(x):
    return mp.log1p(mp.exp(-abs(x))) + max(x, mpf(0)) if mp.isfinite(x) else mp.nan if mp.isnan(x) else max(x, mpf(0))


def _entries(*matrices):
    return [pair for rows in zip(*matrices, strict=True) for pair in zip(*rows, strict=True)]


def _bce_truth(y, logits):
    terms = [_softplus(-z if t == 1 else z) for t, z in _entries(y, logits)]
    return mp.fsum(terms) / len(terms)


@exercise(
    Numeric(_bce_truth, {"y": "{0,1}", "logits": "real"}, core="(m,n),(m,n)->()"), title="bce_with_logits", hints=HINTS
)
def bce_with_logits(y, logits):
    """The mean over all entries; ValueError where the shapes differ."""
    _same_shape(y, logits)
    (y, z), dtype = _common(y, logits)
    with np.errstate(invalid="ignore"):
        terms = np.where(y == 1, np.maximum(-z, 0), np.maximum(z, 0)) + np.log1p(np.exp(-np.abs(z)))
    return np.mean(np.where(np.isnan(z), z, terms)).astype(dtype)


def _row_loss(y, z):
    top = max(z)
    log_sum = mp.log(mp.fsum(mp.exp(v - top) for v in z))
    return mp.fsum(mpf(0) if t == 0 else t * (log_sum + (top - v)) for t, v in zip(y, z, strict=True))


def _cce_truth(y, logits):
    if any(mp.isnan(v) for z in logits for v in z):
        return mp.nan
    return mp.fsum(_row_loss(t, z) for t, z in zip(y, logits, strict=True)) / len(y)


@exercise(
    Numeric(_cce_truth, {"y": "simplex(3)", "logits": "real"}, core="(m,n),(m,n)->()"),
    title="cce_with_logits",
    hints=HINTS,
)
def cce_with_logits(y, logits):
    """The mean over rows, a vector counting as the only row; ValueError where the shapes differ."""
    _same_shape(y, logits)
    (y, z), dtype = _common(y, logits)
    with np.errstate(invalid="ignore", over="ignore"):
        shifted = z - z.max(axis=-1, keepdims=True)
        others = np.exp(shifted)
        np.put_along_axis(others, np.argmax(shifted, axis=-1, keepdims=True), 0, axis=-1)
        log_p = shifted - np.log1p(others.sum(axis=-1, keepdims=True))
        terms = np.where((y == 0) & ~np.isnan(z), 0, -y * log_p)
    return np.mean(terms.sum(axis=-1)).astype(dtype)


def _hinge_truth(labels, scores, margin):
    rows = [
        mp.fsum(
            max(margin + s - row[k], mpf(0)) if not mp.isnan(s - row[k]) else mp.nan for s in row[:k] + row[k + 1 :]
        )
        for k, row in zip(labels, scores, strict=True)
    ]
    return mp.fsum(rows) / len(rows)


def margins(labels, scores, margin):
    """What vanishes at the kinks of the multiclass hinge; the right class has none."""
    right = np.take_along_axis(scores, labels[:, None], axis=1)
    gaps = margin + scores - right
    np.put_along_axis(gaps, labels[:, None], 1.0, axis=1)
    return gaps


@exercise(
    Numeric(
        _hinge_truth,
        {"labels": "natural", "scores": "real", "margin": "positive"},
        core="(m),(m,n)->()",
        kinks=(margins,),
    ),
    title="multiclass_hinge",
    hints=HINTS,
)
def multiclass_hinge(labels, scores, margin=1.0):
    """The sum over wrong classes, averaged over samples; ValueError for a label outside 0 to K - 1."""
    (_, s), dtype = _common(labels, scores)
    labels = np.asarray(labels)
    if labels.shape != s.shape[:1] or labels.min() < 0 or labels.max() >= s.shape[1]:
        raise ValueError("every row has one label, from 0 to K - 1")
    right = np.take_along_axis(s, labels[:, None], axis=1)
    with np.errstate(invalid="ignore", over="ignore"):
        terms = np.maximum(margin + s - right, 0)
    np.put_along_axis(terms, labels[:, None], 0.0, axis=1)
    return np.mean(terms.sum(axis=1)).astype(dtype)


def _hinge_grad_truth(labels, scores, margin):
    found = []
    for k, row in zip(labels, scores, strict=True):
        gaps = [mpf(0) if j == k else margin + s - row[k] for j, s in enumerate(row)]
        if any(mp.isnan(g) for g in gaps):
            raise ValueError("nobody says what nan does here")
        active = [mpf(g > 0) for g in gaps]
        active[k] = -mp.fsum(active)
        found.append([a / len(scores) for a in active])
    return found


@exercise(
    Gradient(
        _hinge_grad_truth,
        {"labels": "natural", "scores": "real", "margin": "positive"},
        core="(m),(m,n)->(m,n)",
        kinks=(margins,),
        forward="multiclass_hinge",
        forward_truth=_hinge_truth,
    ),
    title="multiclass_hinge_grad",
    hints=HINTS,
)
def multiclass_hinge_grad(labels, scores, margin=1.0):
    """The gradient of the mean with respect to the scores; 0 at the kinks."""
    s = np.asarray(scores).astype(float)
    rows = np.arange(len(s))
    with np.errstate(over="ignore", invalid="ignore"):
        active = (margin + s - s[rows, labels][:, None] > 0).astype(float)
    active[rows, labels] = 0
    active[rows, labels] = -active.sum(axis=1)
    return (active / len(s)).astype(np.asarray(scores).dtype)


def _huber_grad_truth(y, y_hat, delta):
    count = len(_entries(y, y_hat))
    gaps = [[b - a for a, b in zip(*rows, strict=True)] for rows in zip(y, y_hat, strict=True)]
    return [[mp.nan if mp.isnan(r) else max(-delta, min(delta, r)) / count for r in row] for row in gaps]


def _huber_truth(y, y_hat, delta):
    gaps = [abs(a - b) for a, b in _entries(y, y_hat)]
    return mp.fsum(r * r / 2 if r <= delta else delta * (r - delta / 2) for r in gaps) / len(gaps)


@exercise(
    Gradient(
        _huber_grad_truth,
        {"y": "real", "y_hat": "real", "delta": "positive"},
        core="(m,n),(m,n)->(m,n)",
        kinks=("Abs(y-y_hat)-delta",),
        forward="huber",
        forward_truth=_huber_truth,
    ),
    title="huber_grad",
    hints=HINTS,
)
def huber_grad(y, y_hat, delta=1.0):
    """The gradient of the mean with respect to y_hat."""
    (a, b), dtype = _common(y, y_hat)
    with np.errstate(invalid="ignore", over="ignore"):
        return (np.clip(b - a, -delta, delta) / a.size).astype(dtype)


def _cross_entropy_truth(p, q):
    rows = [
        mp.fsum(mpf(0) if a == 0 else mp.inf if b == 0 else -a * mp.log(b) for a, b in zip(*row, strict=True))
        for row in zip(p, q, strict=True)
    ]
    return mp.fsum(rows) / len(rows)


@exercise(
    Numeric(_cross_entropy_truth, {"p": "simplex(3)", "q": "simplex(3)"}, core="(m,n),(m,n)->()"),
    title="cross_entropy",
    hints=HINTS,
)
def cross_entropy(p, q):
    """The mean over rows of -sum p log q; inf where q = 0 and p > 0."""
    _same_shape(p, q)
    (p, q), dtype = _common(p, q)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where((p == 0) & ~np.isnan(q), 0, -p * np.log(q))
    return np.mean(terms.sum(axis=-1)).astype(dtype)


LOSSES = (bce_with_logits, cce_with_logits, multiclass_hinge, multiclass_hinge_grad, huber_grad, cross_entropy)
