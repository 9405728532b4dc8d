"""The words of the course's expressions: which heads exist, and how many arguments each takes."""

from __future__ import annotations

ATOMS = frozenset({"number", "float", "symbol", "constant"})

# oo is a limit of integration or an answer such as "diverges"; "undefined" is what SymPy calls nan and zoo
CONSTANTS = frozenset({"pi", "oo", "I", "true", "false", "undefined"})

SMOOTH = "exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc sigmoid softplus"
KINKED = "Abs sign Heaviside DiracDelta relu"
STRUCTURAL = "conj re im T inv adj det trace diag scalar Not"
# what SymPy has under the same name
_NOT_IN_SYMPY = {"sigmoid", "softplus", "relu"}
_ALSO = "re im Max Min And Or Not LambertW"
SAME_NAME = frozenset(f"{SMOOTH} {KINKED} {_ALSO}".split()) - _NOT_IN_SYMPY

UNARY = frozenset(f"{SMOOTH} {KINKED} {STRUCTURAL}".split())

HEADS: dict[str, tuple[int, int | None]] = {
    **dict.fromkeys(UNARY, (1, 1)),
    "add": (2, None),
    "mul": (2, None),
    "matmul": (2, None),
    "pow": (2, 2),
    "Max": (1, None),
    "Min": (1, None),
    "lse": (1, None),
    "LambertW": (1, 2),
    "where": (3, 3),
    "D": (3, 3),  # body, symbol, how often
    "Int": (4, 4),  # body, symbol, low, high
    "grad": (2, 2),
    "Matrix": (1, None),
    "row": (1, None),
    "And": (1, None),
    "Or": (1, None),
    **dict.fromkeys(("lt", "le", "gt", "ge", "eq", "ne"), (2, 2)),
}

SYMMETRIC = frozenset({"add", "mul", "Max", "Min", "lse", "And", "Or", "eq", "ne"})
COMPARISONS = {  # the one spelling of a comparison, and whether its sides change places
    "lt": ("lt", False),
    "le": ("le", False),
    "gt": ("lt", True),
    "ge": ("le", True),
}
SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
CONDITIONS = frozenset({*SIGNS, "And", "Or", "Not"})
