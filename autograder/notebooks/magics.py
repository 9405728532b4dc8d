"""Turn IPython's own syntax into plain Python that does no harm and keeps its line numbers."""

from __future__ import annotations

import ast
import re
from functools import cache

from autograder.notebooks.parse import parsed

# Cell magics whose body is not Python, or is Python that never reaches the notebook's own names.
FOREIGN_BODIES = frozenset(
    {"bash", "sh", "shell", "cmd", "script", "system", "sx", "perl", "ruby", "pypy", "python", "python2", "python3"}
    | {"html", "svg", "latex", "markdown", "javascript", "js", "writefile", "file", "cython", "sql", "R", "julia"}
)
_CELL_MAGIC = re.compile(r"\s*%%\s*(\w+)[^\n]*\n?")
# The transformer tokenises the whole cell once for each magic in it: a long cell of magics would take minutes.
_LONGEST_TRANSFORMED = 50_000


def plain_python(source: str) -> str:
    """A cell as Python: `%%time` keeps its body, `%time f(x)` becomes `f(x)`, other magics and shell lines None.

    A cell that is Python already comes back unchanged; one that cannot be mended comes back with its error in it.
    """
    body = 0  # where it begins: one cell magic may stand below another
    while magic := _CELL_MAGIC.match(source, body):
        if magic[1] in FOREIGN_BODIES:
            return ""
        body = magic.end()
    source = "\n" * source.count("\n", 0, body) + source[body:]
    if parsed(source) is None and len(source) <= _LONGEST_TRANSFORMED:
        source = _transformed(source)
    return _without_ipython_calls(source) if "get_ipython" in source else source


def _transformed(source: str) -> str:
    lead = len(source) - len(source.lstrip("\n"))  # the transformer drops leading blank lines
    try:
        return source[:lead] + _transformer().transform_cell(source[lead:])
    except Exception:  # whatever IPython makes of a broken cell, Python will say what is wrong with it
        return source


@cache
def _transformer():
    from IPython.core.inputtransformer2 import TransformerManager  # half a second, and most cells need none of it

    return TransformerManager()


def _without_ipython_calls(source: str) -> str:
    """`get_ipython().anything(...)` replaced where it stands, line by line where the cell does not parse."""
    tree = parsed(source)
    if tree is None:
        parts = source.split("\n")
        if len(parts) == 1:
            return source
        return "\n".join(_without_ipython_calls(part) if "get_ipython" in part else part for part in parts)
    lines = source.split("\n")
    for node in sorted(_ipython_calls(tree), key=lambda call: (call.lineno, call.col_offset), reverse=True):
        first, last = node.lineno - 1, node.end_lineno - 1
        before = lines[first].encode()[: node.col_offset].decode()  # ast counts bytes
        after = lines[last].encode()[node.end_col_offset :].decode()
        lines[first : last + 1] = [before + _stand_in(node) + after] + [""] * (last - first)
    return "\n".join(lines)


def _ipython_calls(tree: ast.Module) -> list[ast.Call]:
    def is_magic(node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Call)
            and isinstance(node.func.value.func, ast.Name)
            and node.func.value.func.id == "get_ipython"
        )

    found, waiting = [], [tree]
    while waiting:  # a magic inside the arguments of another goes with it
        node = waiting.pop()
        if is_magic(node):
            found.append(node)
        else:
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _stand_in(call: ast.Call) -> str:
    words = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    if call.func.attr == "run_line_magic" and words[:1] == ["time"] and len(words) == 2:
        statement = str(words[1]).strip()
        if statement and "\n" not in statement and parsed(statement) is not None:
            return statement
    return "None"
