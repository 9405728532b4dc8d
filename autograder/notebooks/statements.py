"""Keep what is sound in a cell that is not, and the written answer where an empty copy stands below it."""

from __future__ import annotations

import ast
import re

from autograder.notebooks.parse import parse, parsed

# Every error costs a few parses of the rest of the cell: these keep the worst cell to a second.
_LONGEST_SPLIT = 100_000
_MOST_ERRORS = 50
_FURTHEST_BACK = 20
# A line that begins at the margin starts a statement, unless it can only go on with one.
_MARGIN = re.compile(r"[^\s#)\]}]")
_DEFINED = re.compile(r"^(?:async\s+)?def\s+(\w+)", re.MULTILINE)
_CONTINUES = re.compile(r"(?:else|elif|except|finally|case)\b")


def split_around_errors(source: str) -> list[str]:
    """The cell in one piece when it parses, otherwise its sound parts and, apart from them, the broken statements.

    Each part keeps the line numbers of the cell. The broken ones stay in the program, so that whoever runs it
    reports them like any other error, but they take nothing down with them.
    """
    if not source.strip():
        return []
    if error_line(source) is None or len(source) > _LONGEST_SPLIT:
        return [source]
    lines = source.split("\n")
    starts = [i for i, line in enumerate(lines) if _MARGIN.match(line) and not _CONTINUES.match(line)]
    parts, begin = [], 0
    for _ in range(_MOST_ERRORS):
        wrong = error_line("\n".join(lines[begin:]))
        if wrong is None:
            break
        ahead = [i for i in starts if begin < i]
        # The error may be noticed after the statement that caused it, so go back until what precedes is sound.
        suspects = [begin, *[i for i in ahead if i <= begin + wrong - 1][-_FURTHEST_BACK:]]
        broken = next(i for i in reversed(suspects) if error_line("\n".join(lines[begin:i])) is None)
        end = next((i for i in ahead if i > broken), len(lines))
        parts += [_padded(lines, begin, broken), _padded(lines, broken, end)]
        begin = end
    parts.append(_padded(lines, begin, len(lines)))
    return [part for part in parts if part.strip()]


def error_line(source: str) -> int | None:
    """The line (from 1) at which Python finds the first syntax error, None when there is none."""
    try:
        parse(source)
    except SyntaxError as error:
        return max(1, min(error.lineno or 1, source.count("\n") + 1))
    return None


def bound_names(cells: tuple[str, ...] | list[str]) -> dict[str, bool]:
    """The names that the cells bind at top level; True where at least one binding is more than a stub.

    A function in a cell that Python cannot read counts as well: somebody wrote it.
    """
    names: dict[str, bool] = {}
    for cell in cells:
        tree = parsed(cell)
        if tree is None:
            names |= dict.fromkeys(_DEFINED.findall(cell), True)
            continue
        may_be_stub = _may_be_stub(cell)
        for node in tree.body:
            for name in _binds(node):
                names[name] = names.get(name, False) or not (may_be_stub and is_stub(node))
    return names


def is_stub(node: ast.stmt) -> bool:
    """A function that still has its blank: nothing but `raise NotImplementedError`, or a line `Step(..., "rule")`."""
    if not isinstance(node, ast.FunctionDef):
        return False
    if any(_is_blank_step(part) for part in ast.walk(node)):
        return True
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _may_be_stub(cell: str) -> bool:
    """Whether it is worth looking for a stub in it: no tree has to be walked to see that most cells hold none."""
    return "NotImplementedError" in cell or ("Step" in cell and "..." in cell)


def statement_at(cell: str, line: int) -> str:
    """The source of the top-level statement that holds this line (from 1); "" where there is none."""
    for node in _statements(cell):
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
        if first <= line <= node.end_lineno:
            return "\n".join(cell.split("\n")[first - 1 : node.end_lineno])
    return ""


def drop_stale_stubs(cells: list[str]) -> list[str]:
    """Cells without the stubs of functions that are written elsewhere: a duplicated cell left untouched below
    the answer would otherwise replace it."""
    written = {name for name, done in bound_names(cells).items() if done}
    kept = []
    for cell in cells:
        lines = cell.split("\n")
        for node in _statements(cell) if _may_be_stub(cell) else ():
            if is_stub(node) and node.name in written:
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                lines[first - 1 : node.end_lineno] = [""] * (node.end_lineno - first + 1)
        kept.append("\n".join(lines))
    return [cell for cell in kept if cell.strip()]


def _is_blank_step(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Step"
        and any(isinstance(argument, ast.Constant) and argument.value is ... for argument in node.args)
    )


def _padded(lines: list[str], begin: int, end: int) -> str:
    part = "\n".join(lines[begin:end])
    return "\n" * begin + part if part.strip() else ""


def _statements(cell: str) -> list[ast.stmt]:
    tree = parsed(cell)
    return tree.body if tree else []


def _binds(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    inner = [statement for field in ("body", "orelse", "finalbody") for statement in getattr(node, field, [])]
    handlers = [statement for handler in getattr(node, "handlers", []) for statement in handler.body]
    return [name for statement in inner + handlers for name in _binds(statement)]
