"""Between SymPy and trees.

Into a tree only what is honestly SymPy's: the exact class decides, arguments are read through SymPy's own slots, and
no method of the object is ever called, for a student may subclass anything.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from autograder.expressions.grammar import SAME_NAME
from autograder.expressions.parse import derivative_node, parse
from autograder.expressions.tree import (
    MAX_DEPTH,
    MAX_SIZE,
    MINUS_ONE,
    ONE,
    ZERO,
    ExpressionError,
    ExpressionTooLarge,
    Tree,
    add,
    call,
    check_size,
    constant,
    mul,
    negative,
    number,
    power,
    symbol,
)


def as_tree(value: Any) -> Tree:
    """A student's answer as a tree: text, a number, a SymPy expression, or a tree already.

    Raises ExpressionError with a sentence when it is none of these.
    """
    if type(value) is Tree:
        return check_size(value)
    if type(value) is str:
        return parse(value)
    if type(value) in (int, Fraction):
        return check_size(number(value))
    if type(value) is float:
        if value != value or abs(value) == float("inf"):
            raise ExpressionError(f"{value} is no expression")
        return number(Fraction(value), exact=False)
    return from_sympy(value)


def from_sympy(expression: Any) -> Tree:
    """The tree of a SymPy expression or matrix, exactly as it stands.

    Raises ExpressionError for anything that is not SymPy's own, or that the course's expressions do not know;
    ExpressionTooLarge beyond the size limit, however cleverly parts are shared.
    """
    return check_size(_Import().read(expression, 0))


class _Import:
    def __init__(self) -> None:
        self.nodes = 0
        self.slots, self.readers, self.undefined = _whitelist()

    def read(self, expression: Any, level: int) -> Tree:
        self.nodes += 1
        if self.nodes > MAX_SIZE or level > MAX_DEPTH:
            raise ExpressionTooLarge(f"the expression is too large to judge: the limit is {MAX_SIZE} parts")
        kind = type(expression)
        if type(kind) is self.undefined:
            return self._named_function(kind, self._args(expression), level)
        reader = self.readers.get(kind)
        if reader is None:
            raise ExpressionError(f"{_class_name(kind)} is not something the course's expressions know")
        return reader(expression, lambda part: self.read(part, level + 1), self._args)

    def _args(self, expression: Any) -> tuple:
        return self.slots.__get__(expression)

    def _named_function(self, kind: type, args: tuple, level: int) -> Tree:
        """Function("sigmoid")(x): SymPy has no sigmoid of its own."""
        name = _class_name(kind)
        if name not in ("sigmoid", "softplus", "relu", "lse", "logsumexp"):
            raise ExpressionError(f"there is no function {name!r} in the course's expressions")
        return call("lse" if name == "logsumexp" else name, *(self.read(arg, level + 1) for arg in args))


def _class_name(kind: type) -> str:
    return str(type.__getattribute__(kind, "__name__"))[:40]


Reader = Callable[[Any, Callable[[Any], Tree], Callable[[Any], tuple]], Tree]


def _calling(head: str) -> Reader:
    return lambda e, read, args: call(head, *(read(arg) for arg in args(e)))


def _over(head: str) -> Reader:
    """sech(x) is cosh(x)**-1, and so on."""
    return lambda e, read, args: power(call(head, *(read(arg) for arg in args(e))), MINUS_ONE)


def _joining(join: Callable[..., Tree]) -> Reader:
    return lambda e, read, args: join(*(read(arg) for arg in args(e)))


def _fixed(tree: Tree) -> Reader:
    return lambda e, read, args: tree


@lru_cache(maxsize=1)
def _whitelist() -> tuple[Any, dict[type, Reader], type]:
    """SymPy's slot for arguments, how to read each class, and the class of undefined functions."""
    import sympy as sp
    from sympy.core.function import UndefinedFunction

    readers: dict[type, Reader] = {}
    for name in SAME_NAME - {"Heaviside"}:
        readers[getattr(sp, name)] = _calling(name)
    for name, head in {"conjugate": "conj", "Transpose": "T", "Inverse": "inv", "Trace": "trace"}.items():
        readers[getattr(sp, name)] = _inverse if head == "inv" else _calling(head)
    readers[sp.Determinant] = _calling("det")
    readers |= {sp.sech: _over("cosh"), sp.csch: _over("sinh"), sp.coth: _over("tanh")}
    readers |= {sp.sec: _over("cos"), sp.csc: _over("sin"), sp.cot: _over("tan")}
    for name, head in {"Lt": "lt", "Le": "le", "Gt": "gt", "Ge": "ge", "Eq": "eq", "Ne": "ne"}.items():
        readers[getattr(sp, name)] = _calling(head)
    readers |= {
        sp.Symbol: lambda e, read, args: symbol(sp.Symbol.name.__get__(e)),
        sp.Dummy: lambda e, read, args: symbol(sp.Symbol.name.__get__(e)),
        sp.MatrixSymbol: lambda e, read, args: symbol(str(args(e)[0].name)),
        sp.Add: _joining(add),
        sp.Mul: _joining(mul),
        sp.Pow: _joining(power),
        sp.MatAdd: _joining(add),
        sp.MatMul: _matrix_product,
        sp.Heaviside: lambda e, read, args: _heaviside(*map(read, args(e))),
        sp.UnevaluatedExpr: lambda e, read, args: read(args(e)[0]),
        sp.Piecewise: lambda e, read, args: _piecewise(args(e), read, args),
        sp.Derivative: lambda e, read, args: _derivative(args(e), read, args),
        sp.Integral: lambda e, read, args: _integral(args(e), read, args),
        sp.Float: lambda e, read, args: number(_exact(e), exact=False),
        sp.ImmutableDenseMatrix: lambda e, read, args: _matrix(sp.ImmutableDenseMatrix, e, read),
        sp.MutableDenseMatrix: lambda e, read, args: _matrix(sp.MutableDenseMatrix, e, read),
        sp.Identity: lambda e, read, args: _identity(read(args(e)[0])),
        type(sp.S.Exp1): _fixed(call("exp", ONE)),
        type(sp.S.GoldenRatio): _fixed(parse("(1 + sqrt(5))/2")),
        type(sp.S.NegativeInfinity): _fixed(negative(constant("oo"))),
    }
    for value, name in {sp.S.Pi: "pi", sp.S.Infinity: "oo", sp.S.ImaginaryUnit: "I", sp.true: "true"}.items():
        readers[type(value)] = _fixed(constant(name))
    for value in (sp.S.NaN, sp.S.ComplexInfinity):
        readers[type(value)] = _fixed(constant("undefined"))
    readers[type(sp.false)] = _fixed(constant("false"))
    rationals = (sp.S.Zero, sp.S.One, sp.S.NegativeOne, sp.S.Half)
    for kind in (sp.Integer, sp.Rational, *map(type, rationals)):
        readers[kind] = lambda e, read, args: number(Fraction(int(e.p), int(e.q)))
    return sp.Basic._args, readers, UndefinedFunction


def _exact(e: Any) -> Fraction:
    sign, mantissa, exponent, _ = e._mpf_
    if abs(exponent) > 20_000:
        raise ExpressionTooLarge("the expression holds a floating-point number of absurd size")
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _heaviside(u: Tree, at_zero: Tree | None = None) -> Tree:
    if at_zero is None or at_zero == number(Fraction(1, 2)):
        return call("Heaviside", u)
    return call("where", call("gt", u, ZERO), ONE, call("where", call("lt", u, ZERO), ZERO, at_zero))


def _piecewise(pairs: tuple, read: Callable, args: Callable) -> Tree:
    tree = constant("undefined")
    for pair in reversed(pairs):
        value, condition = (read(part) for part in args(pair))
        tree = value if condition == constant("true") else call("where", condition, value, tree)
    return tree


def _derivative(parts: tuple, read: Callable, args: Callable) -> Tree:
    body, *bys = parts
    counted = [tree for by in bys for tree in map(read, args(by))]
    return derivative_node(read(body), *counted)


def _integral(parts: tuple, read: Callable, args: Callable) -> Tree:
    body, *bounds = parts
    tree = read(body)
    for bound in bounds:
        limits = [read(part) for part in args(bound)]
        if len(limits) != 3 or limits[0].head != "symbol":
            raise ExpressionError("an integral needs its limits: Integral(f, (z, low, high))")
        tree = call("Int", tree, *limits)
    return tree


def _matrix(kind: type, expression: Any, read: Callable) -> Tree:
    rows, columns = kind.shape.__get__(expression)
    if not 0 < rows * columns <= MAX_SIZE:
        raise ExpressionTooLarge("the matrix is too large to judge")
    entries = [read(entry) for entry in kind.flat(expression)]
    return call("Matrix", *(call("row", *entries[i * columns : (i + 1) * columns]) for i in range(rows)))


def _matrix_product(e: Any, read: Callable, args: Callable) -> Tree:
    """Numbers first, as SymPy keeps them: 2*A*B is 2*(A@B)."""
    parts = [read(arg) for arg in args(e)]
    scalars = [p for p in parts if p.head in ("number", "float")]
    matrices = [p for p in parts if p.head not in ("number", "float")]
    product = matrices[0] if len(matrices) == 1 else call("matmul", *matrices)
    return mul(*scalars, product)


def _inverse(e: Any, read: Callable, args: Callable) -> Tree:
    return call("inv", read(args(e)[0]))


def _identity(size: Tree) -> Tree:
    if size.head != "number" or size.args[1] != 1 or not 1 <= size.args[0] <= 20:
        raise ExpressionError("an identity matrix needs its size as a number")
    n = size.args[0]
    return call("Matrix", *(call("row", *(ONE if i == j else ZERO for j in range(n))) for i in range(n)))
