"""The losses of this topic on mpmath numbers, nested lists of rows: what the judges hold the answers against.

0 log 0 is 0, a class without probability has no say. A row is one distribution; losses are means, and slopes are those
of the means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mpmath import mp, mpf

Row = Sequence[mpf]
Rows = Sequence[Row]


def _weighed(weight: mpf, surprise: Callable[[], mpf]) -> mpf:
    return mpf(0) if weight == 0 else weight * surprise()


def _over_entries(loss: Callable[[mpf, mpf], mpf]) -> Callable[[Rows, Rows], mpf]:
    def average(truth: Rows, prediction: Rows) -> mpf:
        losses = [loss(a, b) for ts, ps in zip(truth, prediction, strict=True) for a, b in zip(ts, ps, strict=True)]
        return mp.fsum(losses) / len(losses)

    return average


def _slopes_over_entries(slope: Callable[[mpf, mpf], mpf]) -> Callable[[Rows, Rows], list[list[mpf]]]:
    def average(truth: Rows, prediction: Rows) -> list[list[mpf]]:
        count = sum(map(len, truth))
        return [
            [slope(a, b) / count for a, b in zip(ts, ps, strict=True)] for ts, ps in zip(truth, prediction, strict=True)
        ]

    return average


def _over_rows(loss: Callable[[Row, Row], mpf]) -> Callable[[Rows, Rows], mpf]:
    def average(truth: Rows, prediction: Rows) -> mpf:
        return mp.fsum(loss(a, b) for a, b in zip(truth, prediction, strict=True)) / len(truth)

    return average


def _slopes_over_rows(slopes: Callable[[Row, Row], list[mpf]]) -> Callable[[Rows, Rows], list[list[mpf]]]:
    def average(truth: Rows, prediction: Rows) -> list[list[mpf]]:
        return [[slope / len(truth) for slope in slopes(a, b)] for a, b in zip(truth, prediction, strict=True)]

    return average


def _hopeless(z: Row) -> bool:
    """Logits that leave no distribution, as for softmax."""
    return any(mp.isnan(x) or x == mp.inf for x in z) or all(x == -mp.inf for x in z)


def _bce(y: mpf, p: mpf) -> mpf:
    if mp.isnan(y) or mp.isnan(p):
        return mp.nan
    return _weighed(y, lambda: -mp.log(p)) + _weighed(1 - y, lambda: -mp.log1p(-p))


def _bce_slope(y: mpf, p: mpf) -> mpf:
    if mp.isnan(y) or mp.isnan(p):
        return mp.nan
    return _weighed(1 - y, lambda: _quotient(1, 1 - p)) - _weighed(y, lambda: _quotient(1, p))


def _softplus(x: mpf) -> mpf:
    return max(x, mpf(0)) + mp.log1p(mp.exp(-abs(x)))


def _bce_of_logit(y: mpf, x: mpf) -> mpf:
    if mp.isnan(y) or mp.isnan(x):
        return mp.nan
    return _weighed(y, lambda: _softplus(-x)) + _weighed(1 - y, lambda: _softplus(x))


def _sigmoid(x: mpf) -> mpf:
    e = mp.exp(-abs(x))
    return (1 if x >= 0 else e) / (1 + e)


def _bce_of_logit_slope(y: mpf, x: mpf) -> mpf:
    return mp.nan if mp.isnan(y) or mp.isnan(x) else (1 - y) * _sigmoid(x) - y * _sigmoid(-x)


def _cross_entropy(p: Row, q: Row) -> mpf:
    if any(map(mp.isnan, (*p, *q))):
        return mp.nan
    return mp.fsum(_weighed(a, lambda b=b: -mp.log(b)) for a, b in zip(p, q, strict=True))


def _surprise_slopes(p: Row, q: Row) -> list[mpf]:
    return [
        mp.nan if mp.isnan(a) or mp.isnan(b) else -_weighed(a, lambda b=b: _quotient(1, b))
        for a, b in zip(p, q, strict=True)
    ]


def _kl(p: Row, q: Row) -> mpf:
    if any(map(mp.isnan, (*p, *q))):
        return mp.nan
    return mp.fsum(_weighed(a, lambda a=a, b=b: mp.log(a) - mp.log(b)) for a, b in zip(p, q, strict=True))


def _rest(z: Row) -> tuple[mpf, mpf]:
    """The largest logit, and the sum of the other weights e^(z - largest)."""
    top = max(z)
    others = list(z)
    others.remove(top)
    return top, mp.fsum(mp.exp(x - top) for x in others)


def _cce(y: Row, z: Row) -> mpf:
    if _hopeless(z) or any(map(mp.isnan, y)):
        return mp.nan
    top, rest = _rest(z)
    return mp.fsum(_weighed(a, lambda x=x: top - x + mp.log1p(rest)) for a, x in zip(y, z, strict=True))


def _cce_slopes(y: Row, z: Row) -> list[mpf]:
    """p - y with p = w / (the sum of all w), as ((1 - y) w - y (the sum of the other w)) / (the sum of all w)."""
    if _hopeless(z):
        return [mp.nan] * len(z)
    top = max(z)
    w = [mp.exp(x - top) for x in z]
    others = [mp.fsum(w[:i] + w[i + 1 :]) for i in range(len(w))]
    return [((1 - a) * b - a * c) / mp.fsum(w) for a, b, c in zip(y, w, others, strict=True)]


def _quotient(a: mpf, b: mpf) -> mpf:
    return mp.inf if b == 0 else a / b


bce_truth = _over_entries(_bce)
bce_slopes = _slopes_over_entries(_bce_slope)
bce_of_logits_truth = _over_entries(_bce_of_logit)
bce_of_logits_slopes = _slopes_over_entries(_bce_of_logit_slope)
cross_entropy_truth = _over_rows(_cross_entropy)
surprise_slopes = _slopes_over_rows(_surprise_slopes)
kl_truth = _over_rows(_kl)
cce_truth = _over_rows(_cce)
cce_slopes = _slopes_over_rows(_cce_slopes)
