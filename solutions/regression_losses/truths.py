"""The losses and their slopes on mpmath numbers: what the judges hold the answers against."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mpmath import mp, mpf

Matrix = Sequence[Sequence[mpf]]


def mean_of(term: Callable[..., mpf]) -> Callable[..., mpf]:
    """The mean of `term(y, y_hat, *options)` over all entries."""

    def truth(y: Matrix, y_hat: Matrix, *options: mpf) -> mpf:
        terms = [value for row in entry_by_entry(term, y, y_hat, options) for value in row]
        return mp.fsum(terms) / len(terms)

    return truth


def slopes_of_mean(slope: Callable[..., mpf]) -> Callable[..., list[list[mpf]]]:
    """`slope(y, y_hat, *options)` at every entry, divided by the number of entries."""

    def truth(y: Matrix, y_hat: Matrix, *options: mpf) -> list[list[mpf]]:
        rows = entry_by_entry(slope, y, y_hat, options)
        count = sum(map(len, rows))
        return [[value / count for value in row] for row in rows]

    return truth


def entry_by_entry(function: Callable[..., mpf], y: Matrix, y_hat: Matrix, options: Sequence[mpf]) -> list[list[mpf]]:
    return [[function(a, b, *options) for a, b in zip(*rows, strict=True)] for rows in zip(y, y_hat, strict=True)]


mse_truth = mean_of(lambda y, y_hat: (y_hat - y) ** 2)
mse_slopes = slopes_of_mean(lambda y, y_hat: 2 * (y_hat - y))
mae_truth = mean_of(lambda y, y_hat: abs(y_hat - y))
mae_slopes = slopes_of_mean(lambda y, y_hat: mp.sign(y_hat - y))


@mean_of
def huber_truth(y: mpf, y_hat: mpf, delta: mpf) -> mpf:
    r = abs(y_hat - y)
    return r**2 / 2 if r <= delta else delta * (r - delta / 2)


@slopes_of_mean
def huber_slopes(y: mpf, y_hat: mpf, delta: mpf) -> mpf:
    r = y_hat - y
    return r if abs(r) <= delta else delta * mp.sign(r)


@mean_of
def log_cosh_truth(y: mpf, y_hat: mpf) -> mpf:
    """Near 0 as log(1 + 2 sinh^2(r/2)), far out with the exponential that shrinks."""
    r = abs(y_hat - y)
    return mp.log1p(2 * mp.sinh(r / 2) ** 2) if r < 1 else r - mp.ln2 + mp.log1p(mp.exp(-2 * r))


log_cosh_slopes = slopes_of_mean(lambda y, y_hat: mp.tanh(y_hat - y))
