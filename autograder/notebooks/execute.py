"""Executes notebooks in place and leaves in them what is worth committing: text and formulas, no images.

`python -m autograder.notebooks.execute chapters/*/lesson.ipynb` runs lessons and writes them back;
`--check` runs nothing and says which committed lessons hold images, lack outputs, or carry volatile metadata.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

IMAGES = ("image/png", "image/svg+xml", "image/jpeg", "application/pdf")
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT_IN_CELLS = ("tags", "mystnb")
SECONDS_FOR_ONE_CELL = 120


def tidied(notebook: NotebookNode) -> NotebookNode:
    """The notebook as it is committed; the same for every machine and every time it is executed.

    Images go (the book draws them anew, `<Figure size ...>` stays and is compared), as do the metadata that editors
    leave behind. Cell ids become a plain count, so that a rebuilt notebook differs only where its content does.
    """
    tidy = nbformat.from_dict(notebook)
    tidy.metadata = nbformat.from_dict(METADATA)
    tidy.nbformat, tidy.nbformat_minor = 4, 5
    for number, cell in enumerate(tidy.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {key: cell.metadata[key] for key in KEPT_IN_CELLS if key in cell.metadata}
        for output in cell.get("outputs", []):
            if "data" in output:
                output.data = {mime: data for mime, data in output.data.items() if mime not in IMAGES}
                if "text/html" in output.data:  # the panel of `check` draws its figure into its HTML
                    output.data["text/html"] = DRAWING.sub("", output.data["text/html"])
                output.metadata = {}
    return tidy


def execute(path: Path) -> NotebookNode:
    """The notebook of `path` executed in its own folder and tidied.

    Raises CellExecutionError where a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_FOR_ONE_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
    )
    client.execute()
    return tidied(notebook)


def untidy(path: Path) -> str | None:
    """Why this notebook should not be committed as it is; None when it may be."""
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if notebook != tidied(notebook):
        return "holds images or metadata that do not belong into the repository"
    if any(cell.execution_count != number for number, cell in enumerate(code, 1)):
        return "was not executed from top to bottom"
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m autograder.notebooks.execute", description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="change nothing, only say what would change")
    options = parser.parse_args(arguments)
    failed = 0
    for path in options.notebooks:
        if options.check:
            reason = untidy(path)
            if reason:
                failed += 1
                print(f"{path} {reason}; run: make lessons")
            continue
        print(f"{path} ...", end=" ", flush=True)
        try:
            nbformat.write(execute(path), path)
            print("executed")
        except CellExecutionError as error:
            failed += 1
            print(f"failed\n{error}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
