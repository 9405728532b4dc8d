"""Everything a judge needs to know of a call, and nothing a student's object says about itself."""

import sys
import warnings
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import pytest
import sympy

from autograder.calls import Applied, Call, Foreign, Repair, Seeded, Step
from autograder.expressions import parse
from autograder.sandbox.ear import Ear
from autograder.sandbox.observe import freeze, observe

x = sympy.Symbol("x")


def call(function, *args, **options):
    return observe(function, Call("f", args, **options))


def test_the_result_and_the_time():
    seen = call(lambda a, b=2: a * b, 3)
    assert seen.returned
    assert seen.value == 6


def test_numpy_scalars_keep_their_dtype():
    assert call(lambda: np.float16(0.5)).value.dtype == np.float16
    assert call(lambda: np.bool_(True)).value.dtype == np.bool_
    assert call(lambda: 1 + 2j).value.dtype == np.complex128
    assert type(call(lambda: 0.5).value) is float


def test_every_warning_is_recorded_and_the_filters_are_left_alone():
    def noisy(a):
        warnings.warn("one", UserWarning, stacklevel=1)
        warnings.warn("one", UserWarning, stacklevel=1)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return np.exp(a) - np.log(a - a)

    before = list(warnings.filters)
    seen = call(noisy, np.array([1e4]))
    assert [w.split(":")[0] for w in seen.warnings] == [
        "UserWarning",
        "UserWarning",
        "DeprecationWarning",
        "RuntimeWarning",
        "RuntimeWarning",
    ]
    assert "overflow encountered in exp" in seen.warnings[3]
    assert warnings.filters == before


def test_what_other_cells_did_to_floating_point_does_not_matter():
    with np.errstate(all="ignore"):
        assert call(np.exp, np.array([1e4])).warnings
    with np.errstate(all="raise"):
        assert call(np.exp, np.array([1e4])).returned
    assert not call(np.exp, np.array([-1e4])).warnings  # underflow is no fault


def test_a_warning_suppressed_on_purpose_stays_suppressed():
    def careful(a):
        with np.errstate(over="ignore"):
            return np.exp(a)

    assert call(careful, np.array([1e4])).warnings == ()


@pytest.mark.parametrize(
    "error", [ValueError("why"), KeyboardInterrupt(), SystemExit(3), GeneratorExit(), RecursionError()]
)
def test_no_exception_escapes(error):
    def fails():
        raise error

    seen = call(fails)
    assert (seen.failure.kind, seen.failure.message) == (type(error).__name__, str(error))
    assert not seen.returned


def test_the_line_is_that_of_the_students_own_code():
    def fails(a):
        b = a
        return np.linalg.inv(b)

    assert call(fails, np.zeros((2, 2))).failure.line == fails.__code__.co_firstlineno + 2


def test_a_stub_says_what_it_says():
    def stub():
        raise NotImplementedError("sigmoid: yours to write")

    failure = call(stub).failure
    assert (failure.kind, failure.message) == ("NotImplementedError", "sigmoid: yours to write")


def test_an_exception_that_cannot_speak_or_will_not_stop():
    class Mute(BaseException):
        def __str__(self):
            raise SystemExit

    def mute():
        raise Mute

    def endless():
        raise ValueError("x" * 10**6)

    assert "cannot be shown" in call(mute).failure.message
    assert len(call(endless).failure.message) < 3_000


def test_running_out_of_memory_is_a_fate():
    assert call(lambda: np.ones(2**50)).fate == "memory"


def test_what_is_printed_is_swallowed(capsys):
    def loud():
        print("to stdout")
        print("to stderr", file=sys.stderr)
        sys.stdout.buffer.write(b"bytes")
        return 1

    assert call(loud).value == 1
    assert capsys.readouterr() == ("", "")


def test_changed_arguments_are_found_byte_for_byte():
    def meddles(a, b, layers, k, c=None):
        b += 0.0  # -0.0 becomes 0.0: equal, but not the same bytes
        weights = layers[0][1]
        weights *= 2
        c[0] = np.nan

    args = (np.ones(2), np.array([-0.0]), [(1, np.ones(2))], 3)
    seen = observe(meddles, Call("f", args, {"c": np.zeros(1)}))
    assert seen.changed == (1, 2, 4)
    assert np.signbit(args[1][0])
    assert args[2][0][1].tolist() == [1, 1]


@pytest.mark.parametrize(
    "meddle", [lambda a: a.resize(5, refcheck=False), lambda a: setattr(a, "shape", (2, 1)), lambda a: a.fill(np.nan)]
)
def test_a_changed_shape_is_a_change(meddle):
    assert call(meddle, np.ones(2)).changed == (0,)
    assert call(lambda a: None, np.full(2, np.nan)).changed == ()


def test_arguments_that_stand_for_something():
    seen = call(lambda rng, expr: [rng.random(), expr], Seeded(5), parse("x + 1"))
    assert seen.value == [np.random.default_rng(5).random(), parse("x + 1")]
    assert seen.changed == ()


def test_symbols_matrices_and_fractions_become_trees():
    seen = freeze(
        [x**2, sympy.Matrix([[x, 1]]), Fraction(1, 3), {x: 2}, Step(x + 1, "why"), Repair(2, x, {"x": Fraction(1)})]
    )
    assert seen[0] == parse("x**2")
    assert seen[2] == parse("1/3")
    assert seen[3] == {"x": 2}
    assert seen[4] == Step(parse("1 + x"), "why")
    assert seen[5] == Repair(2, parse("x"), {"x": parse("1")})


def test_a_blank_step_is_not_attempted():
    assert call(lambda: [Step(..., "chain rule")]).failure.kind == "NotImplementedError"


def test_a_callable_is_seen_through_its_probes():
    def head():
        return {"head": lambda a: a + 1, "bad": lambda a: 1 / 0}

    seen = call(head, probes=((1.0,), (np.ones(2),)))
    assert isinstance(seen.value["head"], Applied)
    assert seen.value["head"].outputs[0].value == 2.0
    assert seen.value["head"].outputs[1].value.tolist() == [2, 2]
    assert seen.value["bad"].outputs[0].failure.kind == "ZeroDivisionError"
    assert call(head).value["head"] == Foreign("function")


def draw(ax, n):
    ax.plot([0, 1], [2, 3], "--", label="curve")
    ax.plot([5], [6], "o")
    ax.scatter([1, 2], [3, 4], label="dots")
    ax.axhline(2.5)
    ax.contourf([0, 1, 2], [0, 1], np.arange(6.0).reshape(2, 3))
    ax.imshow(np.eye(2), extent=(0, 2, 0, 2))
    ax.text(0, 0, "note")
    ax.set(title="T", xlabel="X", ylabel="Y", yscale="symlog", xlim=(0, n), ylim=(0, 4))
    ax.legend()


def test_a_drawing_is_its_data():
    open_figures = plt.get_fignums()
    drawing = call(draw, 10.0, canvas=True).value
    curve, across = drawing.lines
    assert (curve["x"].tolist(), curve["y"].tolist()) == ([0, 1], [2, 3])
    assert (curve["label"], curve["style"]) == ("curve", "--")
    np.testing.assert_allclose(across["x"], [0, 10], atol=1e-9)
    np.testing.assert_allclose(across["y"], [2.5, 2.5])
    assert [p["x"].tolist() for p in drawing.points] == [[5], [1, 2]]
    assert [m["z"].shape for m in drawing.meshes] == [(2, 3), (2, 2)]
    assert drawing.meshes[1]["x"].tolist() == [0.5, 1.5]
    assert (drawing.title, drawing.xlabel, drawing.ylabel, drawing.yscale) == ("T", "X", "Y", "symlog")
    assert (drawing.xlim, drawing.ylim) == ((0, 10), (0, 4))
    assert (drawing.texts, drawing.legend) == (("note",), ("curve", "dots"))
    assert plt.get_fignums() == open_figures


def test_two_drawings_do_not_meet():
    assert len(call(draw, 1.0, canvas=True).value.lines) == len(call(draw, 1.0, canvas=True).value.lines) == 2


def test_an_axes_broken_by_its_owner_is_invalid_output():
    def breaks(ax):
        ax.get_xlim = None

    assert call(breaks, canvas=True).fate == "invalid_output"


def test_what_nobody_can_see_is_not_drawn():
    def draw(ax):
        ax.plot([0, 1], [0, 1], visible=False)
        ax.plot([0, 1], [1, 0], alpha=0)
        ax.scatter([0, 1], [0, 1], alpha=0)
        ax.plot([0, 1], [2, 2], label="seen", alpha=0.2)

    drawing = observe(draw, Call("f", canvas=True)).value
    assert [line["label"] for line in drawing.lines] == ["seen"]
    assert drawing.points == ()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: warnings.filterwarnings("ignore"),
        lambda: warnings.simplefilter("error"),
        lambda: warnings.filters.clear(),
        lambda: setattr(warnings, "showwarning", lambda *args, **kwargs: None),
        lambda: warnings.catch_warnings().__enter__(),
        lambda: np.seterr(all="ignore"),
    ],
    ids=["ignored", "errors", "no filters", "shown by nobody", "never left", "not raised"],
)
def test_what_one_call_does_to_warnings_is_undone_for_the_next(spoil):
    overflowing = Call("f", (np.array(1e3),))
    with Ear() as ear:
        observe(lambda x: spoil(), overflowing, ear)
        seen = observe(np.exp, overflowing, ear)
    assert seen.failure is None
    assert [warning.split(":")[0] for warning in seen.warnings] == ["RuntimeWarning"]
    assert observe(lambda x: x, overflowing).warnings == ()
