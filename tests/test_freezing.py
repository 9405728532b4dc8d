"""What a result may be made of, and what becomes of everything that no exercise asks for."""

import numpy as np
import pytest
import sympy

from autograder.calls import Call, Foreign, Repair, Step
from autograder.sandbox.observe import freeze, observe

x = sympy.Symbol("x")


def call(function, *args, **options):
    return observe(function, Call("f", args, **options))


class Sub(np.ndarray):
    pass


class Liar:
    __class__ = np.ndarray
    dtype = np.dtype(float)

    def __array__(self, *args, **kwargs):
        raise SystemExit

    def __eq__(self, other):
        return True

    __hash__ = None


def test_a_class_that_answers_no_question_is_foreign():
    class Meta(type):
        def __eq__(cls, other):
            raise SystemExit

        def __hash__(cls):
            raise SystemExit

        def __getattribute__(cls, name):
            raise SystemExit

    class Odd(metaclass=Meta):
        pass

    seen = freeze(Odd())
    assert (type(seen), seen.type_name) == (Foreign, "Odd")


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(2).view(Sub),
        np.ma.array([1.0]),
        Liar(),
        np.array([None]),
        np.array(["a"]),
        np.zeros(1, "M8[s]"),
        np.zeros(1, "f8,f8"),
        {1, 2},
        {1: 2},
        range(3),
        b"bytes",
        Step(x, 3),
        Repair("two", x),
        Repair(1, x, [1]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_no_exercise_asks_for_is_foreign(value):
    seen = freeze(value)
    assert type(seen) is Foreign
    assert seen.type_name == type(value).__name__


def test_subclasses_of_plain_types_become_plain():
    class Text(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    class Whole(int):
        pass

    class Items(list):
        def __iter__(self):
            raise SystemExit

    assert type(freeze(Text("a"))) is str
    assert type(freeze(Whole(3))) is int
    assert freeze(Items([1, 2])) == [1, 2]
    assert freeze(np.linalg.eigh(np.eye(1)))[0].tolist() == [1.0]


@pytest.mark.parametrize(
    "value", ["x" * 10**7, [0] * 10**6, np.zeros(10**7), 1 << 10**5], ids=["text", "list", "array", "integer"]
)
def test_a_monster_is_invalid_output(value):
    seen = call(lambda: value)
    assert seen.fate == "invalid_output"
    assert seen.detail


def test_a_list_that_holds_itself_is_invalid_output():
    ring = []
    ring.append(ring)
    assert call(lambda: ring).fate == "invalid_output"


def test_an_expression_beyond_all_bounds_is_invalid_output():
    assert call(lambda: sympy.Add(*[x**n for n in range(3_000)], evaluate=False)).fate == "invalid_output"
