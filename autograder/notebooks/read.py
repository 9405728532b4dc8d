"""Read what a student handed in, whatever happened to the file on its way."""

from __future__ import annotations

import ast
import codecs
import json
import re
from pathlib import Path

from autograder.calls import Program
from autograder.notebooks.magics import plain_python
from autograder.notebooks.parse import parsed
from autograder.notebooks.statements import drop_stale_stubs, split_around_errors

LARGEST_FILE = 32 * 2**20
LARGEST_CODE = 2 * 2**20
MOST_CELLS = 5_000
PLACEHOLDER = "your name"

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODING_LINE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_TEXT_ENCODINGS = ("utf", "latin", "iso", "cp", "windows", "koi", "mac", "gb", "big5", "shift", "sjis", "euc", "ascii")
_ADVICE = "open it in Jupyter, save it and hand it in again"


class Unreadable(ValueError):
    """A file from which no code can be taken; `reason` is one sentence for its author."""

    @property
    def reason(self) -> str:
        return str(self)


def read_program(path: str | Path) -> Program:
    """The code of a notebook (.ipynb, any version of the format) or of a Python file.

    Raises Unreadable with one sentence when there is nothing to take.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror or 'the system refuses'}.") from None
    return read_bytes(path.name, data)


def read_bytes(name: str, data: bytes) -> Program:
    """As `read_program`, of a file that is already in memory; its name says which of the two forms it has."""
    if not data.strip():
        raise Unreadable(f"{name} is empty: {_ADVICE}.")
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"{name} is larger than {LARGEST_FILE // 2**20} MB: clear its outputs and hand it in again.")
    text = _decode(data)
    sources = _notebook_cells(name, text) if name.lower().endswith(".ipynb") else [text]
    if len(sources) > MOST_CELLS:
        raise Unreadable(f"{name} holds more than {MOST_CELLS} cells of code: too much to be one notebook.")
    if sum(map(len, sources)) > LARGEST_CODE:
        raise Unreadable(f"{name} holds more than {LARGEST_CODE // 2**20} MB of code: too much to be one notebook.")
    cells = [part for source in sources for part in split_around_errors(plain_python(_tidy(source)))]
    return Program(tuple(drop_stale_stubs(cells)), declared_student(cells))


def declared_student(cells: list[str]) -> str | None:
    """The name in `STUDENT = "..."`, wherever it stands at the top level of a cell; never by running anything."""
    for cell in cells:
        tree = parsed(cell) if "STUDENT" in cell else None
        for node in tree.body if tree else ():
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            value = getattr(node, "value", None)
            if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
                continue
            if any(isinstance(target, ast.Name) and target.id == "STUDENT" for target in targets):
                name = " ".join(value.value.split())[:200]
                if name and name.casefold() != PLACEHOLDER:
                    return name
    return None


def _decode(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    head = data[:400].splitlines()[:2]
    declared = [match[1].decode("ascii") for line in head if (match := _CODING_LINE.match(line))]
    for encoding in ["utf-8", *(name for name in declared if name.lower().startswith(_TEXT_ENCODINGS)), "cp1252"]:
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return data.decode("latin-1")  # accepts every byte, so reading never ends here


def _tidy(source: str) -> str:
    """One kind of line end, and none of the characters at which Python's compiler balks."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return source.encode("utf-8", errors="replace").decode("utf-8")


def _notebook_cells(name: str, text: str) -> list[str]:
    """The sources of the code cells, in order. Lenient on purpose: nbformat refuses what a student can repair
    only by starting anew (missing metadata, ids, version), and none of that is needed to find the code."""
    try:
        notebook = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        if text.lstrip()[:1] == "<":
            raise Unreadable(f"{name} is a web page, not a notebook: download the file itself (raw).") from None
        raise Unreadable(
            f"{name} is not a whole notebook (it stops making sense at line {error.lineno}): {_ADVICE}."
        ) from None
    except (RecursionError, ValueError):
        raise Unreadable(f"{name} is not a notebook: {_ADVICE}.") from None
    cells = _cell_list(notebook)
    if cells is None:
        raise Unreadable(f"{name} has no cells, so it is not a notebook: {_ADVICE}.")
    sources = (
        _joined(cell.get("source", cell.get("input", "")))  # nbformat 3 says input
        for cell in cells
        if isinstance(cell, dict) and cell.get("cell_type", "code") == "code"
    )
    return [source for source in sources if source.strip()]


def _cell_list(notebook: object) -> list | None:
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return notebook["cells"]
    worksheets = notebook.get("worksheets")  # nbformat 3
    if isinstance(worksheets, list):
        sheets = [sheet["cells"] for sheet in worksheets if isinstance(sheet, dict) and "cells" in sheet]
        return [cell for cells in sheets if isinstance(cells, list) for cell in cells]
    return None


def _joined(source: object) -> str:
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
