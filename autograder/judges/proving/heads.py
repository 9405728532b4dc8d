"""How each head of a tree becomes a normal form: the hyperbolic family through exponentials, kinks through signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from autograder.expressions.differentiate import entry_derivative
from autograder.expressions.grid import Grid
from autograder.expressions.tree import ONE, ZERO, Tree, subtract
from autograder.judges.proving.generators import PI


def _add(forms: Any, *terms: Tree) -> Any:
    values = [forms.form(term) for term in terms]
    if any(isinstance(value, Grid) for value in values):
        total, *rest = [value if isinstance(value, Grid) else Grid(((value,),)) for value in values]
        for value in rest:
            total = total + value
        return total
    return sum(values[1:], values[0])


def _mul(forms: Any, *factors: Tree) -> Any:
    values = [forms.form(factor) for factor in factors]
    product = sp.prod([value for value in values if not isinstance(value, Grid)])
    grids = [value for value in values if isinstance(value, Grid)]
    if not grids:
        return product
    result, *rest = grids
    for grid in rest:
        result = result @ grid
    return result.map(lambda entry: entry * product)


def _pow(forms: Any, base: Tree, exponent: Tree) -> Any:
    value, power = forms.form(base), forms.scalar(exponent)
    if isinstance(value, Grid):
        if power == -1:
            return _inverse(value)
        if not (power.is_Integer and 1 <= power <= 4):
            raise ArithmeticError("a matrix to this power")
        result = value
        for _ in range(int(power) - 1):
            result = result @ value
        return result
    if power.is_Integer:
        if abs(power) > 200:
            raise ArithmeticError("too high a power to expand")
        return value**power
    if power.is_Rational:
        return forms.root(value, power)
    return forms.exp(power * forms.log(value))


def _inverse(grid: Grid) -> Grid:
    whole = 1 / grid.determinant
    return grid.adjugate.map(lambda entry: entry * whole)


def _constant(forms: Any, name: str) -> Any:
    if name == "I":
        return forms.imaginary
    if name != "pi":
        raise ArithmeticError(f"{name} is no number")
    return PI


def _abs(forms: Any, u: Tree) -> Any:
    value = forms.scalar(u)
    if forms.complex:
        real, imaginary = forms.parts(value)
        return forms.root(real**2 + imaginary**2, sp.S.Half)
    return forms.sign(value) * value


def _conjugate(forms: Any, u: Tree) -> Any:
    value = forms.scalar(u)
    return value.subs(forms.imaginary, -forms.imaginary) if forms.complex else value


def _extreme(direction: int) -> Callable:
    def form(forms: Any, *args: Tree) -> Any:
        best = args[0]
        for other in args[1:]:
            if forms.sign(forms.scalar(subtract(other, best))) * direction > 0:
                best = other
        return forms.scalar(best)

    return form


def _where(forms: Any, condition: Tree, one: Tree, other: Tree) -> Any:
    return forms.form(one if forms.holds(condition) else other)


def _lambert(forms: Any, u: Tree, branch: Tree | None = None) -> Any:
    value = forms.scalar(u)
    generator = forms.atom("W" if branch in (None, ZERO) else "W-1", value)
    forms.lambert[generator] = value
    return generator


def _sine(forms: Any, u: Tree) -> Any:
    value = sp.cancel(forms.scalar(u))
    turns = sp.cancel(value / PI)
    if turns.free_symbols and turns.free_symbols <= forms.integers:
        coefficients = sp.Poly(turns, *turns.free_symbols).coeffs()
        if all(coefficient.is_Integer for coefficient in coefficients):
            return sp.S.Zero  # a whole number of half turns
    return forms.odd("sin", value)


def _cosine(forms: Any, u: Tree) -> Any:
    return forms.cosine(forms.scalar(u))


def _tanh(forms: Any, u: Any) -> Any:
    e = forms.exp(2 * u)
    return (e - 1) / (e + 1)


def _gradient(forms: Any, body: Tree, by: Tree) -> Any:
    point = forms.form(by)
    if by.head != "symbol" or not isinstance(point, Grid):
        raise ArithmeticError("a gradient by something else than a matrix")
    rows, columns = point.shape

    def unit(i: int, j: int) -> Tree:
        entries = (tuple(ONE if (a, b) == (i, j) else ZERO for b in range(columns)) for a in range(rows))
        return Tree("Matrix", tuple(Tree("row", row) for row in entries))

    return Grid(
        tuple(
            tuple(forms.scalar(entry_derivative(body, by.args[0], unit(i, j))) for j in range(columns))
            for i in range(rows)
        )
    )


def _matrix(forms: Any, *rows: Tree) -> Grid:
    return Grid(tuple(tuple(forms.scalar(entry) for entry in row.args) for row in rows))


def _matmul(forms: Any, *parts: Tree) -> Grid:
    values = [forms.form(part) for part in parts]
    result, *rest = [value if isinstance(value, Grid) else Grid(((value,),)) for value in values]
    for part in rest:
        result = result @ part
    return result


def _scalar_function(compute: Callable) -> Callable:
    return lambda forms, u: compute(forms, forms.scalar(u))


def _grid_function(compute: Callable) -> Callable:
    def form(forms: Any, a: Tree) -> Any:
        value = forms.form(a)
        return compute(value if isinstance(value, Grid) else Grid(((value,),)))

    return form


def _atan_like(name: str) -> Callable:
    return _scalar_function(lambda forms, u: forms.odd(name, u))


FORMS: dict[str, Callable] = {
    "add": _add,
    "mul": _mul,
    "pow": _pow,
    "constant": _constant,
    "exp": _scalar_function(lambda forms, u: forms.exp(u)),
    "log": _scalar_function(lambda forms, u: forms.log(u)),
    "sinh": _scalar_function(lambda forms, u: (forms.exp(u) - forms.exp(-u)) / 2),
    "cosh": _scalar_function(lambda forms, u: (forms.exp(u) + forms.exp(-u)) / 2),
    "tanh": _scalar_function(_tanh),
    "sigmoid": _scalar_function(lambda forms, u: 1 / (1 + forms.exp(-u))),
    "softplus": _scalar_function(lambda forms, u: forms.log(1 + forms.exp(u))),
    "lse": lambda forms, *args: forms.log(sum(forms.exp(forms.scalar(arg)) for arg in args)),
    "asinh": _scalar_function(lambda forms, u: forms.log(u + forms.root(u**2 + 1, sp.S.Half))),
    "acosh": _scalar_function(
        lambda forms, u: forms.log(u + forms.root(u - 1, sp.S.Half) * forms.root(u + 1, sp.S.Half))
    ),
    "atanh": _scalar_function(lambda forms, u: (forms.log(1 + u) - forms.log(1 - u)) / 2),
    "erf": _atan_like("erf"),
    "erfc": _scalar_function(lambda forms, u: 1 - forms.odd("erf", u)),
    "atan": _atan_like("atan"),
    "asin": _atan_like("asin"),
    "acos": _scalar_function(lambda forms, u: PI / 2 - forms.odd("asin", u)),
    "sin": _sine,
    "cos": _cosine,
    "tan": lambda forms, u: _sine(forms, u) / _cosine(forms, u),
    "LambertW": _lambert,
    "Abs": _abs,
    "sign": _scalar_function(lambda forms, u: sp.Integer(forms.sign(u))),
    "Heaviside": _scalar_function(lambda forms, u: sp.Rational(forms.sign(u) + 1, 2)),
    "relu": _scalar_function(lambda forms, u: u if forms.sign(u) > 0 else sp.S.Zero),
    "Max": _extreme(1),
    "Min": _extreme(-1),
    "where": _where,
    "conj": _conjugate,
    "re": lambda forms, u: forms.parts(forms.scalar(u))[0],
    "im": lambda forms, u: forms.parts(forms.scalar(u))[1],
    "D": lambda forms, body, by, times: forms.derivative(body, by, times),
    "Int": lambda forms, *args: forms.opaque.setdefault(("Int", *args), sp.Symbol(f"Int{len(forms.opaque)}")),
    "grad": _gradient,
    "Matrix": _matrix,
    "matmul": _matmul,
    "scalar": lambda forms, a: forms.scalar(a),
    "T": _grid_function(lambda grid: grid.transposed),
    "trace": _grid_function(lambda grid: grid.trace),
    "det": _grid_function(lambda grid: grid.determinant),
    "inv": _grid_function(_inverse),
    "adj": _grid_function(lambda grid: grid.adjugate.map(sp.sympify)),
    "diag": _grid_function(lambda grid: grid.diagonal.map(sp.sympify)),
}
