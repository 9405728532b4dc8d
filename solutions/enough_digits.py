"""Enough digits where numbers cancel: more and more of them, until the result no longer depends on how many.

sigmoid(0.8473) - 0.7 is 4.5e-7. The sigmoid, rounded to a float, has sixteen digits, and 0.7 takes away the first six
of them. With a logit that comes closer to 0.7 none is left; and no trick with floats helps, for the sigmoid is no
float. Numbers of the module `decimal` have as many digits as one asks for. How many that must be, nobody knows before:
so the formula is computed twice, with some digits and with twice as many. Where the two agree in the first three, the
second has lost nothing that matters; where they do not, both numbers of digits are doubled.

Decimals take a thousand times as long as floats. They are asked only where floats cannot answer.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, Inexact, localcontext
from functools import partial

import numpy as np

LEFT = 2 / 3  # of the size of the terms: then a difference has lost a little more than half a bit
DIGITS = (20, 40, 80, 160, 320, 640)  # and twice as many: between the largest float and the smallest there are 632
# One family of processors has floats with 11 more bits. There NumPy's longdouble is one of them, elsewhere another type.
LONGER = np.finfo(np.longdouble).eps == 2.0**-63

decimals = np.frompyfunc(Decimal.from_float, 1, 1)
ln = np.frompyfunc(Decimal.ln, 1, 1)  # of decimals; np.exp finds their method of that name by itself


def settled(careful: Callable, printed: Callable, *rows: np.ndarray) -> np.ndarray:
    """A difference, to the last digits of float64 even where its terms cancel; rows lie along the last axis.

    `careful(*rows)` computes it as well as floats can, with as many entries to the row or one, and gives with it the
    size of the terms: |a| + |b| for a - b. `printed(*rows)` is the formula from the textbook, which gets and gives
    arrays of decimals. Infinity and nan remain where `careful` finds them.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        value, size = careful(*rows)
        doubtful = np.abs(value) < LEFT * size
        if LONGER:
            _improve(value, doubtful, partial(_in_longer_floats, careful), rows)
    for digits in DIGITS:
        _improve(value, doubtful, partial(_in_decimals, printed, digits), rows)
    return value


def _improve(value, doubtful, better, rows):
    """Let `better` answer where there is a doubt, and leave the doubt where it is not sure."""
    some = doubtful.any(axis=-1)
    if some.any():
        asked = doubtful[some]
        answer, sure = better(*(array[some] for array in rows))
        value[doubtful] = answer[asked]
        doubtful[doubtful] = ~sure[asked]


def _in_longer_floats(careful, *rows):
    value, size = careful(*(array.astype(np.longdouble) for array in rows))
    return value, np.abs(value) >= size / 2**8  # of 11 bits more, 3 are left for the roundings on the way


def _in_decimals(printed, digits, *rows):
    rows = [decimals(array) for array in rows]
    with localcontext(Context(prec=digits, traps=[])):
        coarse = printed(*rows)
    with localcontext(Context(prec=2 * digits, traps=[])) as context:
        fine = printed(*rows)
        exact = not context.flags[Inexact]  # as 1/2 - 1/2 is, of which nothing is left to agree in
        return fine, (abs(fine - coarse) * 1000 < abs(fine)) | exact
