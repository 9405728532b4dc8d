"""The symmetries of sigmoid and tanh as properties a function can be tried on."""

import numpy as np


def mirrored(rng, dtype):
    """A spread of points and their mirror images."""
    x = np.concatenate([rng.uniform(-8, 8, 24), [0.0, 9.5, 15.0]]).astype(dtype)
    return [(x,), (-x,)]


def sums_to_one(inputs, outputs):
    here, there = outputs
    [(x,), _] = inputs
    gap = np.abs(here.astype(float) + there.astype(float) - 1)
    worst = int(np.argmax(gap))
    if gap[worst] <= 4 * np.finfo(x.dtype).eps:
        return None
    return f"at x = {x[worst]:g} your values at x and -x add up to {here[worst] + there[worst]:.6g}, not to 1"


def differs_by_x(inputs, outputs):
    here, there = (value.astype(float) for value in outputs)
    [(x,), _] = inputs
    gap = np.abs(here - there - x) - 4 * np.finfo(x.dtype).eps * (np.abs(here) + np.abs(there))
    worst = int(np.argmax(gap))
    if gap[worst] <= 0:
        return None
    return f"at x = {x[worst]:g} your value at x minus your value at -x is {here[worst] - there[worst]:.6g}, not x"


def even(inputs, outputs):
    here, there = (value.astype(float) for value in outputs)
    [(x,), _] = inputs
    gap = np.abs(here - there) - 8 * np.finfo(x.dtype).eps * (1 + np.abs(x)) * np.abs(there)
    gap -= 8 * float(np.finfo(x.dtype).smallest_subnormal)
    worst = int(np.argmax(gap))
    if gap[worst] <= 0:
        return None
    return f"at x = {x[worst]:g} the slope is {here[worst]:.6g}, at -x it is {there[worst]:.6g}; they should agree"
