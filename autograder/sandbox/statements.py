"""A student's cells, cut into statements, so that one that fails costs nothing but itself."""

from __future__ import annotations

import __future__  # isort: skip

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import CodeType

_DEFINITIONS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
    ast.AnnAssign,
)
# A line at the margin that begins with one of these carries on with what stands above it.
_CONTINUES = ("else", "elif", "except", "finally", ")", "]", "}", "#")


@dataclass
class Statement:
    """One statement at the top level of a cell; both numbers count from 0, `line` from 1 within the cell.

    node: None when it is not Python; then `error` says why. code: once it has been compiled.
    """

    cell: int
    number: int
    line: int
    node: ast.stmt | None
    error: SyntaxError | None = None
    code: CodeType | None = None

    @property
    def file(self) -> str:
        return file_of(self.cell)

    @property
    def defines(self) -> bool:
        """Whether it only gives things names, as far as one can see without running it."""
        if isinstance(self.node, ast.Try):
            return all(isinstance(inner, _DEFINITIONS) for inner in self.node.body)
        return isinstance(self.node, _DEFINITIONS)

    @property
    def future(self) -> int:
        """The compiler's flag for `from __future__ import ...`, which holds for all that comes later."""
        if not isinstance(self.node, ast.ImportFrom) or self.node.module != "__future__":
            return 0
        features = (getattr(__future__, alias.name, None) for alias in self.node.names)
        return sum(feature.compiler_flag for feature in features if feature)

    def compile(self, flags: int) -> CodeType:
        """Raises SyntaxError, for the statement itself or for what only the compiler notices."""
        if self.node is None:
            raise self.error or SyntaxError("this is not Python")
        module = ast.Module(body=[self.node], type_ignores=[])
        # Type hints stay text: a package that only they need may be missing here, and they decide nothing.
        flags |= __future__.annotations.compiler_flag
        self.code = compile(module, self.file, "exec", flags=flags, dont_inherit=True)
        return self.code


def file_of(cell: int) -> str:
    return f"<cell {cell + 1}>"


def statements(cells: Sequence[str]) -> Iterator[Statement]:
    """Every statement of the cells, in order. Of a cell with a syntax error, the parts that are Python survive."""
    for cell, source in enumerate(cells):
        number = 0
        for first_line, parsed in _parts(source, file_of(cell)):
            if isinstance(parsed, Exception):
                yield Statement(cell, number, first_line, None, _as_syntax_error(parsed))
                number += 1
                continue
            if first_line > 1:
                ast.increment_lineno(parsed, first_line - 1)
            for node in parsed.body:
                yield Statement(cell, number, node.lineno, node)
                number += 1


def _parse(source: str, file: str) -> ast.Module | Exception:
    try:
        return ast.parse(source, file)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return error


def _as_syntax_error(error: Exception) -> SyntaxError:
    return error if isinstance(error, SyntaxError) else SyntaxError(str(error) or "too deeply nested")


def _parts(source: str, file: str) -> Iterator[tuple[int, ast.Module | Exception]]:
    """The whole cell when it is Python; otherwise its blocks, cut where a line begins at the margin.

    Each with the line that it begins at, and parsed.
    """
    whole = _parse(source, file)
    if not isinstance(whole, Exception):
        yield 1, whole
        return
    block: list[str] = []
    start = 1
    for number, line in enumerate(source.splitlines(), 1):
        at_margin = bool(line.strip()) and not line[0].isspace() and not line.startswith(_CONTINUES)
        decorated = bool(block) and block[-1].startswith("@")
        if at_margin and block and not decorated:
            yield start, _parse("\n".join(block), file)
            block, start = [], number
        block.append(line)
    if block:
        yield start, _parse("\n".join(block), file)
