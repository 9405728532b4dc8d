"""The losses and their slopes on mpmath numbers: what the judges hold the answers against."""

from __future__ import annotations

from collections.abc import Sequence

from mpmath import mp, mpf

from solutions.regression_losses.truths import Matrix, mean_of, slopes_of_mean


def _positive_part(x: mpf) -> mpf:
    return mpf(0) if x <= 0 else x  # nan stays nan


def _step(x: mpf) -> mpf:
    return x if mp.isnan(x) else mpf(x > 0)


hinge_truth = mean_of(lambda y, score: _positive_part(1 - y * score))
hinge_slopes = slopes_of_mean(lambda y, score: -y * _step(1 - y * score))


def multiclass_truth(labels: Sequence[int], scores: Matrix, margin: mpf) -> mpf:
    terms = [
        _positive_part(margin + (score - row[label]))
        for label, row in zip(labels, scores, strict=True)
        for j, score in enumerate(row)
        if j != label
    ]
    return mp.fsum(terms) / len(labels)


def multiclass_slopes(labels: Sequence[int], scores: Matrix, margin: mpf) -> list[list[mpf]]:
    slopes = []
    for label, row in zip(labels, scores, strict=True):
        active = [mpf(0) if j == label else _step(margin + (s - row[label])) for j, s in enumerate(row)]
        active[label] = -mp.fsum(active)
        slopes.append([value / len(labels) for value in active])
    return slopes


def _chances(y: mpf, p: mpf) -> tuple[mpf, mpf, mpf]:
    """The probabilities given to the right and to the wrong class, and -log of the first."""
    right, wrong = (p, 1 - p) if y == 1 else (1 - p, p)
    if right == 0:
        return right, wrong, mp.inf
    return right, wrong, -mp.log(p) if y == 1 else -mp.log1p(-p)


def _weight(y: mpf, alpha: mpf) -> mpf:
    return alpha if y == 1 else 1 - alpha


@mean_of
def focal_truth(y: mpf, p: mpf, gamma: mpf, alpha: mpf) -> mpf:
    _, wrong, surprise = _chances(y, p)
    return _weight(y, alpha) * wrong**gamma * surprise


@slopes_of_mean
def focal_slopes(y: mpf, p: mpf, gamma: mpf, alpha: mpf) -> mpf:
    """At wrong = 0 as the limit: -log(1 - wrong) is wrong itself there."""
    right, wrong, surprise = _chances(y, p)
    weight = (-1 if y == 1 else 1) * _weight(y, alpha)
    if right == 0:
        return weight * mp.inf
    eased = wrong**gamma if wrong == 0 else wrong ** (gamma - 1) * surprise
    return weight * (wrong**gamma / right + gamma * eased)


def _sigmoid(s: mpf) -> mpf:
    return 1 / (1 + mp.exp(-s))


def _softplus(s: mpf) -> mpf:
    return s if mp.isnan(s) else max(s, mpf(0)) + mp.log1p(mp.exp(-abs(s)))


@mean_of
def focal_logits_truth(y: mpf, logit: mpf, gamma: mpf, alpha: mpf) -> mpf:
    s = -logit if y == 1 else logit
    return _weight(y, alpha) * _sigmoid(s) ** gamma * _softplus(s)


@slopes_of_mean
def focal_logits_slopes(y: mpf, logit: mpf, gamma: mpf, alpha: mpf) -> mpf:
    s = -logit if y == 1 else logit
    weight = (-1 if y == 1 else 1) * _weight(y, alpha)
    if s == mp.inf:
        return weight
    wrong = _sigmoid(s)
    return weight * wrong**gamma * (gamma * _sigmoid(-s) * _softplus(s) + wrong)
