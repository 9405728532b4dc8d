"""Softmax, its logarithm and logsumexp: how much of the careful work is needed, asked once a block.

Subtracting the largest logit saves the exponential from overflow. It costs a search and a pass, and it rounds:
z - max carries an error of half a unit in its last place, which the exponential turns into a relative one. When all
logits of a block are moderate there is nothing to be saved from, and e^z / sum e^z is both faster and more exact.
"""

from __future__ import annotations

import numpy as np

from solutions.fast.rows import along_axis, total

# between -SAFE and SAFE every exponential is a normal number, and so is the sum of as many as fit into a memory
SAFE = {np.dtype(np.float64): 600.0, np.dtype(np.float32): 60.0}
# The largest logit nearly 0 and all others far below: then what z - max rounds away is felt in the logarithm of the sum
APART = 1 / 8
SIGN = {np.dtype(np.float64): (np.int64, 63), np.dtype(np.float32): (np.int32, 31)}


def softmax(z: np.ndarray, axis: int = -1) -> np.ndarray:
    r"""Return $e^{z_i} / \sum_k e^{z_k}$ along `axis`: float16, float32 or float64, any shape; that shape and dtype.

    A logit of -inf gets probability 0; a slice with +inf or nan, or nothing but -inf, is nan.
    """
    return along_axis(_softmax, z, axis, keep=True)


def _softmax(z, out, w):
    safe = SAFE[z.dtype]
    if not (-safe <= np.minimum.reduce(z, axis=None) and np.maximum.reduce(z, axis=None) <= safe):  # nan goes this way
        _shifted_softmax(z.astype(np.float64), out)
        return
    np.exp(z, out=out)
    np.divide(out, total(out), out=out)


def _shifted_softmax(z, out):
    _, weights = _weights(z)
    np.divide(weights, total(weights), out=out, casting="same_kind")


def _weights(z):
    """The largest logit, and e^z with it taken out; what that subtraction rounded away is put back."""
    back, lost = np.empty_like(z), np.empty_like(z)
    top = z.max(axis=1, keepdims=True)
    weights = np.subtract(z, top)
    np.subtract(weights, z, out=back)  # -top, but for what rounding took away
    np.subtract(weights, back, out=lost)
    np.subtract(z, lost, out=lost)
    np.add(top, back, out=back)
    np.subtract(lost, back, out=lost)
    np.fmax(lost, -1, out=lost)  # nan beside an infinite logit: there the weight is 0 or nan by itself
    np.add(lost, 1, out=lost)
    np.exp(weights, out=weights)
    return top, np.multiply(weights, lost, out=weights)


def log_softmax(z: np.ndarray, axis: int = -1) -> np.ndarray:
    r"""Return $\log p_i = (z_i - m) - \log(1 + \text{the other weights})$ along `axis`, m being the largest logit."""
    return along_axis(_log_softmax, z, axis, keep=True)


def _log_softmax(z, out, w):
    top, others = shift(z, out, w)
    np.subtract(out, np.log1p(others + (top - top)), out=out)  # top - top is 0, or nan where top is infinite


def logsumexp(z: np.ndarray, axis: int = -1) -> np.ndarray:
    r"""Return $\log \sum_k e^{z_k}$ along `axis`, which disappears; inf and -inf where the largest logit is."""
    return along_axis(_logsumexp, z, axis, keep=False)


def _logsumexp(z, out, w):
    top, others = shift(z, np.empty_like(z) if out.shape != z.shape else out, w)
    more = np.log1p(others)  # one number a slice: what is asked about these does not count
    np.copyto(out, np.where(np.isfinite(top), top + more, top), casting="same_kind")
    cancelled = (more > -top / 2) & (more < -2 * top)
    if z.dtype == np.float32 and cancelled.any():  # float64 knows the digits that are left
        wide = np.moveaxis(z, 1, -1)[cancelled[:, 0]].astype(np.float64)[..., None]
        again = np.empty((len(wide), 1, 1))
        _logsumexp(wide, again, np.empty_like(wide))
        out[cancelled] = again[:, 0, 0]
    felt = (np.abs(top) < 2 * more) & (more < APART)
    if z.dtype == np.float64 and felt.any():
        rows = np.moveaxis(z, 1, -1)[felt[:, 0]][..., None]
        top, weights = _weights(rows)
        np.put_along_axis(weights, rows.argmax(axis=1, keepdims=True), 0, axis=1)
        out[felt] = (top + np.log1p(total(weights)))[:, 0, 0]


def shift(z, shifted, w):
    """Fill `shifted` with z - m; return m, and the sum of e^(z - m) over all but one entry that has the maximum m.

    That entry contributes a 1, which `log1p` brings. Within a sum of nearly 1 it would swallow the digits of the small
    ones, so it is left out before adding.
    """
    if z.shape[2] > 1:
        top = np.maximum.reduce(z, axis=1, keepdims=True)
        np.subtract(z, top, out=shifted)
        np.exp(shifted, out=w)
        return top, _columns_without_a_maximum(shifted, w)
    slices = np.arange(len(z))
    place = z.argmax(axis=1)[:, 0]
    top = z[slices, place][:, None]
    np.subtract(z, top, out=shifted)
    np.exp(shifted, out=w)
    w[slices, place] = 0
    return top, total(w)


def _columns_without_a_maximum(shifted, w):
    """Down the columns looking for a place takes longer than touching every entry, without a branch: z - m is +0 at a
    maximum and negative elsewhere, so that its sign bit, drawn through all bits of an integer, is a mask which keeps a
    weight or blanks it. Where several share the maximum, all are blanked, and all but one counted.
    """
    integer, last = SIGN[w.dtype]
    mask = np.right_shift(shifted.view(integer), last)
    bits = w.view(integer)
    np.bitwise_and(bits, mask, out=bits)
    ties = w.shape[1] + np.add.reduce(mask, axis=1, keepdims=True)
    return total(w) + (ties - 1).astype(w.dtype)
