"""Expressions as data: what is read is what was written, nothing is executed, and values are exact."""

import json
from fractions import Fraction

import mpmath
import pytest
import sympy as sp

from autograder.expressions import (
    ExpressionError,
    ExpressionTooLarge,
    Undefined,
    Unsettled,
    as_tree,
    decode,
    encode,
    evaluate,
    from_sympy,
    has_float,
    parse,
    reordered,
    symbols,
    to_latex,
    to_sympy,
    to_text,
)

x, y = sp.symbols("x y", real=True)

TEXTS = [
    "1/(1+exp(-x))",
    "-x/2",
    "x*2**(-1)",
    "2*(1/3)*x",
    "(-2)**2",
    "a/(b/c)",
    "x - (y - z)",
    "-(a+b)*c",
    "1/x*y",
    "where(x >= 0, x, where(And(x > -1, x < 0), 2, alpha*(exp(x) - 1)))",
    "D(x*sigmoid(x), x, 2) + D(x*y, x, y)",
    "Int(Max(z,0)**2*exp(-z**2/2)/sqrt(2*pi), z, -oo, oo)",
    "Matrix([[a, b], [c, d]])@T(W) - 2*inv(A)",
    "lse(a, b, c) - Max(a, b, c)",
    "0.1*x + 1e-3",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_parses_back_to_the_same_tree(text):
    tree = parse(text)
    assert parse(to_text(tree)) == tree


@pytest.mark.parametrize("text", TEXTS)
def test_a_tree_survives_json(text):
    tree = parse(text)
    assert decode(json.loads(json.dumps(encode(tree)))) == tree


def test_nothing_is_simplified_on_the_way_in():
    assert parse("x/x") != parse("1")
    assert parse("1 + 0") != parse("1")
    assert symbols(parse("0*x")) == {"x"}


def test_a_decimal_is_the_number_on_the_page_and_a_float_is_its_53_bits():
    assert parse("0.1") == parse("1/10")
    assert not has_float(parse("0.1"))
    assert from_sympy(sp.Float(0.1)).value == Fraction(0.1) != Fraction(1, 10)
    assert has_float(from_sympy(sp.Float(0.1) * x))


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("2x", "*"),
        ("x^2", "**"),
        ("foo(x)", "foo"),
        ("sin", "sin("),
        ("", "empty"),
        ("((x", "brackets"),
        ("exp(x, y)", "1 argument"),
        ("D(x, 2)", "symbol"),
        ("x.real", "no meaning"),
        ("__import__('os').system('true')", "not a call"),
        ("[x for x in y]", "no meaning"),
        ("lambda: x", "no meaning"),
        ("1j", "not a number"),
        ("1e999999999", "not a number"),
        ("Matrix([[1, 2], [3]])", "equal length"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(text, fragment):
    with pytest.raises(ExpressionError, match=r".*") as caught:
        parse(text)
    assert fragment in str(caught.value)


def test_a_monster_is_too_large_however_it_is_written():
    with pytest.raises(ExpressionTooLarge):
        parse("+".join(["x"] * 3000))
    with pytest.raises(ExpressionTooLarge):
        parse("exp(" * 90 + "x" + ")" * 90)
    shared = x
    for _ in range(60):  # 2**60 parts, sixty objects
        shared = sp.Add(shared, shared, evaluate=False)
    with pytest.raises(ExpressionTooLarge):
        from_sympy(shared)
    with pytest.raises(ExpressionTooLarge):
        from_sympy(sp.Integer(10) ** 20_000)


@pytest.mark.parametrize(
    "expression",
    [
        sp.Piecewise((x, x > 0), (0, True)),
        sp.diff(sp.tanh(x), x, 2),
        sp.Derivative(sp.exp(x) * y, x, 2, y),
        sp.Integral(sp.exp(-(x**2)), (x, -sp.oo, sp.oo)),
        sp.Mul(x, 1 / x, evaluate=False),
        sp.Function("sigmoid")(x) + sp.Max(0, x) + sp.Abs(x) + sp.LambertW(x),
        sp.sqrt(2) * sp.pi / 3 - sp.exp(2),
        sp.ImmutableMatrix([[x, 1], [2, y]]),
    ],
)
def test_sympy_comes_back_as_it_went_in(expression):
    tree = from_sympy(expression)
    assert from_sympy(to_sympy(tree)) == tree


def test_a_subclass_is_refused_and_none_of_its_methods_is_called():
    called = []

    class Evil(sp.Symbol):
        def __getattribute__(self, name):
            called.append(name)
            return super().__getattribute__(name)

    evil = Evil("x")
    inside = sp.Tuple(evil)
    called.clear()
    for impostor in (evil, inside):
        with pytest.raises(ExpressionError):
            from_sympy(impostor)
    assert called == []


@pytest.mark.parametrize("value", [object(), [1], {"a": 1}, None, sp.Function("f")(x), sp.gamma(x), float("nan")])
def test_what_is_no_expression_is_refused(value):
    with pytest.raises(ExpressionError):
        as_tree(value)


@pytest.mark.parametrize(
    "data",
    [
        ["system", ["symbol", "x"]],
        ["symbol", "x; import os"],
        ["number", "0x1", "0x0"],
        ["number", 1, 2],
        ["D", ["symbol", "x"], ["number", "0x1", "0x1"], ["number", "0x1", "0x1"]],
        ["D", ["symbol", "x"], ["symbol", "x"], ["number", "0xffff", "0x1"]],
        ["Matrix", ["symbol", "x"]],
        ["exp"],
        [],
        "x",
        None,
    ],
)
def test_a_forged_encoding_is_refused(data):
    with pytest.raises(ExpressionError):
        decode(data)


def test_a_deep_forgery_is_refused_before_it_hurts():
    data = ["symbol", "x"]
    for _ in range(500):
        data = ["exp", data]
    with pytest.raises(ExpressionTooLarge):
        decode(data)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("sigmoid(x)", {"x": 0}, "0.5"),
        ("(x**3)**(1/3)", {"x": 8}, "8"),
        ("0**0", {}, "1"),
        ("D(Max(0, 1 - y*f)**2, f)", {"y": 1, "f": 1}, "0"),
        ("D(x*Abs(x), x)", {"x": 0}, "0"),
        ("D(where(Abs(r) <= d, r**2/2, d*(Abs(r) - d/2)), r)", {"r": 2, "d": 2}, "2"),
        ("D(Int(exp(-z**2), z, 0, x), x)", {"x": 0}, "1"),
        ("trace(A@A)", {"A": [[1, 2], [3, 4]]}, "29"),
        ("scalar(T(v)@grad(scalar(T(v)@W@v), v))", {"W": [[1, 2], [3, 4]], "v": [[1], [1]]}, "20"),
        ("Heaviside(x)", {"x": 0}, "0.5"),
    ],
)
def test_values(text, values, expected):
    assert mpmath.almosteq(evaluate(parse(text), values), mpmath.mpf(expected), 1e-45)


def test_fifty_digits_are_right():
    with mpmath.workdps(60):
        assert abs(evaluate(parse("erf(1/3) + log(7)")) - mpmath.erf(mpmath.mpf(1) / 3) - mpmath.log(7)) < 1e-50


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x/x", {"x": 0}),
        ("log(x)", {"x": 0}),
        ("D(Max(0, x), x)", {"x": 0}),
        ("D(Abs(x), x)", {"x": 0}),
        ("D(sign(x), x)", {"x": 0}),
        ("D(x*Abs(x), x, 2)", {"x": 0}),
        ("D(where(x > 0, 1, 0), x)", {"x": 0}),
        ("D(x/x, x)", {"x": 0}),
        ("where(x > 0, 1, 2)", {"x": 1j}),
        ("atanh(x)", {"x": 1}),
        ("W@v", {"W": [[1, 2]], "v": [[1]]}),
        ("x + y", {"x": 1}),
        ("1/(cosh(x)**2 - sinh(x)**2 - 1)", {"x": Fraction(1, 3)}),
    ],
)
def test_where_there_is_no_value(text, values):
    with pytest.raises(Undefined):
        evaluate(parse(text), values)


def test_values_beyond_all_bounds_are_given_up_at_once():
    with pytest.raises(Unsettled):
        evaluate(parse("exp(exp(exp(x)))"), {"x": 100})
    with pytest.raises(Unsettled):
        evaluate(parse("10**(10**(10**10))"))


def test_reordering_changes_the_order_only():
    assert reordered(parse("a + b*c")) == reordered(parse("c*b + a"))
    assert reordered(parse("x > 0")) == reordered(parse("0 < x"))
    assert reordered(parse("-(x/2)")) == reordered(parse("x*(-1/2)"))
    assert reordered(parse("1 + 0")) != reordered(parse("1"))
    assert reordered(parse("2*(a + b)")) != reordered(parse("2*a + 2*b"))


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("1/(1+exp(-x))", r"\frac{1}{1 + e^{-x}}"),
        ("sigmoid(x)*(1-sigmoid(x))", r"\sigma(x) (1 - \sigma(x))"),
        ("-(a+b)", "-(a + b)"),
        ("w_11*y_hat", r"w_{11} \hat{y}"),
        ("sqrt(2*pi)", r"\sqrt{2 \pi}"),
        ("where(x>0, x, 0)", r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}"),
    ],
)
def test_latex_reads_like_a_board(text, latex):
    assert to_latex(parse(text)) == latex
