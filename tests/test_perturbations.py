"""Every reference, bent a little in many ways, must be rejected: what the judge of numbers can see.

Parametrised over the registry: an exercise of kind N or G that is added tomorrow is bent as well. A bend that
changes nothing (a constant put into a tail that is constant) is told from one that does, and left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from autograder import judging, registry
from autograder.calls import Observation
from autograder.exercise import Exercise
from autograder.expressions import parse
from autograder.judges.layout import Layout
from autograder.sandbox.observe import observe

NUMERIC = [exercise for exercise in registry.exercises().values() if exercise.kind in "NG"]
FAR = (30.0, 1e6)
NEAR = (1e-6, 1e-12)
WIDTH = 1e-3  # of a stretch beside a kink
MARK = 0.125  # what a bent reference says where it is bent


@dataclass(frozen=True)
class Bend:
    """A reference that says something else where `where` holds for the argument number `turn`."""

    name: str
    turn: int
    where: Callable[[np.ndarray], np.ndarray]
    shift: bool = False

    def of(self, exercise: Exercise) -> Callable:
        def bent(*args, **kwargs):
            value = exercise.reference(*args, **kwargs)
            x = np.asarray(args[self.turn])
            mask = np.asarray(self.where(x))
            return (
                tuple(self._changed(v, x, mask) for v in value)
                if isinstance(value, tuple)
                else self._changed(value, x, mask)
            )

        return bent

    def _changed(self, value, x: np.ndarray, mask: np.ndarray):
        value = np.asarray(value)
        mask = mask if value.shape == x.shape else mask.any()
        said = value * value.dtype.type(1 + MARK) + value.dtype.type(2 * MARK) if self.shift else value.dtype.type(MARK)
        return np.where(mask, said, value).astype(value.dtype)


def parts_of(value) -> tuple:
    return value if isinstance(value, tuple) else (value,)


def judged(exercise: Exercise, function: Callable):
    plan = judging.plan_for(exercise, 0, "Ada Lovelace")
    seen = [
        observe(function, call) if call.function == exercise.id else Observation(fate="missing") for call in plan.calls
    ]
    return plan.judge(seen)


def rejected(exercise: Exercise, function: Callable) -> bool:
    with np.errstate(all="ignore"):
        return judged(exercise, function).status not in ("passed", "undecided")


def varying(exercise: Exercise) -> Iterator[tuple[int, str]]:
    """The arguments that vary over a stretch of the line: labels and other finite sets do not."""
    layout = Layout.of(exercise)
    for turn, name in enumerate(layout.arrays):
        if not layout.lines[name].values:
            yield turn, name


def tails(exercise: Exercise) -> Iterator[tuple[int, str, float, float]]:
    """(argument, its name, where the tail starts, its direction): outwards, and towards each finite end."""
    lines = Layout.of(exercise).lines
    for turn, name in varying(exercise):
        line = lines[name]
        for end, sign in ((line.low, -1.0), (line.high, 1.0)):
            for size in FAR if math.isinf(end) else NEAR:
                yield turn, name, sign * size if math.isinf(end) else end - sign * size, sign


def beyond(start: float, sign: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: sign * (x.astype(float) - start) > 0


def cases(bends: Callable[[Exercise], Iterator]) -> list:
    return [pytest.param(e, *bend, id=f"{e.id}-{bend[0]}") for e in NUMERIC for bend in bends(e)]


def frozen_tails(exercise: Exercise) -> Iterator[tuple]:
    for turn, name, start, sign in tails(exercise):
        yield f"{name}{'>' if sign > 0 else '<'}{start:g}", turn, start, sign


def shifted_tails(exercise: Exercise) -> Iterator[tuple]:
    for name, turn, start, sign in frozen_tails(exercise):
        yield name, Bend(name, turn, beyond(start, sign), shift=True)


def special_points(exercise: Exercise) -> Iterator[tuple]:
    layout = Layout.of(exercise)
    for turn, name in varying(exercise):
        line = layout.lines[name]
        middle = next(v for v in (0.0, 0.5, 1.0, -1.0) if line.holds(np.array(v)) and line.room(np.array(v)) > 0)
        yield f"{name}-near-{middle:g}", Bend("", turn, lambda x, at=middle: np.abs(x.astype(float) - at) < WIDTH)
        if said_at_nan(layout, exercise, turn):
            yield f"{name}-is-nan", Bend("", turn, np.isnan)
        if math.isinf(line.high):
            yield f"{name}-huge", Bend("", turn, lambda x: np.isfinite(x) & (x.astype(float) > 1e100))
        if math.isinf(line.low):
            yield f"{name}-minus-huge", Bend("", turn, lambda x: np.isfinite(x) & (x.astype(float) < -1e100))
        if len(layout.arrays) == 1:
            for end in (line.low, line.high):
                if math.isinf(end):
                    yield f"{name}-is-{end}", Bend("", turn, lambda x, at=end: x == at)


def said_at_nan(layout: Layout, exercise: Exercise, turn: int) -> bool:
    """Whether the truth says anything at all when this argument is nan."""
    args = []
    for name, dims in zip(layout.arrays, layout.inputs, strict=True):
        line = layout.lines[name]
        value = math.nan if len(args) == turn else 0 if line.whole else (line.values or (1.0,))[0]
        args.append(np.full([int(d) if d.isdigit() else 1 for d in dims], value, np.int64 if line.whole else float))
    return any(expected.known.any() for expected in layout.expected(layout.oracle(exercise), args))


def bent_at_kinks(exercise: Exercise) -> Iterator[tuple]:
    """Exactly at a kink another value; on a short stretch on either side of it what holds at the kink."""
    layout = Layout.of(exercise)
    for text in exercise.spec.kinks:
        if callable(text):
            yield "at", lambda args, f=text: near(f(**named(layout, args)), 0.0), None
            yield "beside", lambda args, f=text: near(f(**named(layout, args)), WIDTH), None
            continue
        spoken_of = [name for name in layout.arrays if name in parse(text).symbols]
        turn = layout.arrays.index(spoken_of[-1])
        formula = lambda args, t=text: distances(t, layout, args)  # noqa: E731
        yield f"{text}=0", lambda args, f=formula: near(f(args), 0.0), None
        yield f"{text}>0", lambda args, f=formula: (f(args) > 0) & (f(args) < WIDTH), turn
        yield f"{text}<0", lambda args, f=formula: (f(args) < 0) & (f(args) > -WIDTH), turn


def near(distance: np.ndarray, reach: float) -> np.ndarray:
    return np.abs(distance) <= reach


def named(layout: Layout, args: tuple) -> dict:
    return dict(zip(layout.arrays, args, strict=True)) | layout.options


def distances(text: str, layout: Layout, args: tuple) -> np.ndarray:
    """A kink's text evaluated by NumPy."""
    names = {"Abs": np.abs, "Max": np.maximum, "Min": np.minimum, "sign": np.sign}
    known = {name: np.asarray(value, float) for name, value in named(layout, args).items()}
    return np.asarray(eval(text, names | known))


@pytest.mark.parametrize("exercise", NUMERIC, ids=lambda item: item.id)
def test_a_relative_error_of_1e_12_is_rejected(exercise):
    def nudged(*args, **kwargs):
        value = exercise.reference(*args, **kwargs)
        return tuple(v * (1 + 1e-12) for v in value) if isinstance(value, tuple) else value * (1 + 1e-12)

    assert rejected(exercise, nudged)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("exercise", NUMERIC, ids=lambda item: item.id)
def test_wrong_last_digits_in_a_low_precision_are_rejected(exercise, dtype):
    if dtype not in exercise.spec.dtypes:
        pytest.skip("the exercise is not about this dtype")
    off = 1 + {"float32": 64, "float16": 32}[dtype] * np.finfo(dtype).eps / 2

    def nudged(*args, **kwargs):
        value = exercise.reference(*args, **kwargs)
        parts = [
            v if v.dtype != dtype else (v.astype(float) * off).astype(dtype) for v in map(np.asarray, parts_of(value))
        ]
        return tuple(parts) if isinstance(value, tuple) else parts[0]

    assert rejected(exercise, nudged)


@pytest.mark.parametrize(("exercise", "name", "bend"), cases(shifted_tails))
def test_a_tail_that_is_off_is_rejected(exercise, name, bend):
    assert rejected(exercise, bend.of(exercise))


@pytest.mark.parametrize(("exercise", "name", "turn", "start", "sign"), cases(frozen_tails))
def test_a_tail_frozen_at_a_constant_is_rejected(exercise, name, turn, start, sign):
    low, high = (start, np.inf) if sign < 0 else (-np.inf, start)

    def frozen(*args, **kwargs):
        args = list(args)
        x = np.asarray(args[turn])
        with np.errstate(over="ignore"):
            args[turn] = np.clip(x, x.dtype.type(low), x.dtype.type(high))
        return exercise.reference(*args, **kwargs)

    if differs(exercise, frozen, turn, start, sign):
        assert rejected(exercise, frozen)


def differs(exercise: Exercise, frozen: Callable, turn: int, start: float, sign: float) -> bool:
    """Whether the reference still moves beyond the start of the tail: it is called with that argument alone in it."""
    layout = Layout.of(exercise)
    end = layout.lines[layout.arrays[turn]]
    for share in (0.3, 0.7, 1.0):
        at = (
            start + sign * share * abs(start)
            if abs(start) >= 1
            else start + share * ((end.low if sign < 0 else end.high) - start)
        )
        args = [sample(layout, i, at if i == turn else None) for i in range(len(layout.arrays))]
        with np.errstate(all="ignore"):
            pairs = zip(flat(frozen(*args)), flat(exercise.reference(*args)), strict=True)
            if any(not math.isclose(a, b, rel_tol=1e-6, abs_tol=0.0) for a, b in pairs):
                return True
    return False


def sample(layout: Layout, i: int, value: float | None) -> np.ndarray:
    """A small array of plain values for the i-th argument, its first entry `value`."""
    line, dims = layout.lines[layout.arrays[i]], layout.inputs[i]
    sizes = {name: 2 + k for k, name in enumerate(dict.fromkeys(d for dims in layout.inputs for d in dims))}
    array = np.array(line.array(np.random.default_rng(i), "float64", tuple(sizes[d] for d in dims)))
    if value is not None:
        array.reshape(-1)[0] = value
    return array


def flat(value) -> np.ndarray:
    return np.concatenate([np.ravel(part) for part in parts_of(value)])


@pytest.mark.parametrize(("exercise", "name", "bend"), cases(special_points))
def test_a_wrong_value_at_a_special_point_is_rejected(exercise, name, bend):
    assert rejected(exercise, bend.of(exercise))


@pytest.mark.parametrize(("exercise", "name", "where", "turn"), cases(bent_at_kinks))
def test_a_wrong_branch_at_a_kink_is_rejected(exercise, name, where, turn):
    def bent(*args, **kwargs):
        value = exercise.reference(*args, **kwargs)
        with np.errstate(all="ignore"):
            mask = np.asarray(where(args))
        found = []
        for part in map(np.asarray, parts_of(value)):
            here = mask if mask.shape == part.shape else mask.any()
            said = part + part.dtype.type(WIDTH if turn is not None else MARK)
            found.append(np.where(here, said, part).astype(part.dtype))
        return tuple(found) if isinstance(value, tuple) else found[0]

    assert rejected(exercise, bent)
