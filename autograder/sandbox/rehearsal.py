"""What the zygote plays through before it forks, so that no child has to do it for the first time.

Python turns a function into its fast form only after some calls, and NumPy finds out once for each kind of argument
how to treat it. A child that inherits all this neither does it again, nor writes to the pages it is kept on, each of
which would have to be copied for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import numpy as np

from autograder.calls import Call, Program
from autograder.sandbox import worker
from autograder.sandbox.request import Packer, Repertoire

# Stands in for a student who answers every question with the first thing he was told.
_UNDERSTUDY = """
def {name}(*args, **kwargs):
    if not args:
        raise ValueError("nothing to say")
    return args[0]
"""
_FIRST_CALLS = (
    *(Call("f", (value,)) for value in (np.eye(2), np.zeros(3), np.float32([1]), [0.0], {}, 1.5)),
    Call("f"),
)


def overture() -> None:
    """Before anything is known of the exercises: a small performance, and NumPy at work."""
    for dtype in (np.float64, np.float32):
        _numpy_at_work(np.linspace(-1, 1, 6, dtype=dtype).reshape(2, 3))
    np.linalg.eigh(np.eye(3))
    np.random.default_rng(0).normal(size=3)
    rehearse(Repertoire().read(Packer().pack(Program(()), [_FIRST_CALLS]))[1])


def rehearse(groups: Iterable[Sequence[Call]]) -> None:
    """Play through these calls, with an understudy in the place of every student."""
    for calls in groups:
        names = {call.function for call in calls}
        program = Program(("import numpy as np", *(_UNDERSTUDY.format(name=name) for name in names)))
        before = sys.stdout, sys.stderr, sys.modules["__main__"]
        worker.work(worker.Task(program, [calls]), len)  # what it has to say, nobody hears
        sys.stdout, sys.stderr, sys.modules["__main__"] = before


def _numpy_at_work(x: np.ndarray) -> None:
    """What exercises are made of, on an array and on a number."""
    positive = np.abs(x) + 1
    for one in (np.exp, np.expm1, np.tanh, np.square, np.negative, np.sign, np.isfinite):
        one(x), one(x[0, 0])
    for one in (np.log, np.log1p, np.sqrt):
        one(positive), one(positive[0, 0])
    for two in (np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum, np.logaddexp):
        two(positive, positive), two(positive, 1.0), two(1, positive)
    for two in (np.greater, np.greater_equal, np.less, np.less_equal, np.equal):
        two(x, 0), two(x, x)
    np.where(x >= 0, x, np.zeros_like(x)), np.clip(x, 0, 1), np.finfo(x.dtype), np.asarray(x, dtype=float)
    for method in ("sum", "max", "min", "mean"):
        getattr(x, method)(axis=-1, keepdims=True), getattr(np, method)(x)
    x @ x.T
