"""What must turn the build of the book red does so, tried on a book of one page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.book.alt_text import fault
from autograder.book.exercise_pages import for_the_book, only_talks_to_the_kernel, solution, stubs
from autograder.book.offline_math import superfluous
from autograder.registry import exercises

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
CONFIGURATION = """
extensions = ["myst_nb", "sphinx_design", "autograder.book"]
nb_execution_mode = "off"
suppress_warnings = ["mystnb.unknown_mime_type"]
"""


def figure(**image) -> nbformat.NotebookNode:
    output = new_output("display_data", {"image/png": PIXEL})
    return new_code_cell("draw()", outputs=[output], metadata={"mystnb": {"image": image}} if image else {})


def built(folder: Path, *cells: nbformat.NotebookNode) -> subprocess.CompletedProcess:
    (folder / "conf.py").write_text(CONFIGURATION)
    notebook = new_notebook(cells=[new_markdown_cell("# A page"), *cells])
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(notebook, folder / "index.ipynb")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", folder, folder / "html"]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True)


def test_a_page_in_order_is_green(tmp_path):
    run = built(tmp_path, figure(alt="A point, as small as a figure that says something can be."))
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        (figure(), "figure without alt text"),
        (figure(alt="A plot"), "too short"),
        (new_markdown_cell("See [there](elsewhere.md)."), "elsewhere.md"),
        (new_markdown_cell("```{ledger-table} everything\n```"), 'not "everything"'),
    ],
    ids=["no alt text", "an alt text that says nothing", "a broken link", "an unknown table"],
)
def test_a_fault_is_red(tmp_path, cell, complaint):
    run = built(tmp_path, cell)
    assert run.returncode != 0
    assert complaint in run.stderr


def test_alt_text_is_judged_by_what_it_says():
    assert fault("") is not None
    assert fault("   ") is not None
    assert fault("Figure 1") is not None
    assert fault("The slope of the sigmoid never exceeds one quarter.") is None


def test_cells_for_the_kernel_are_told_from_answers():
    assert only_talks_to_the_kernel("check(sigmoid)")
    assert only_talks_to_the_kernel('hint("sigmoid")\nprogress()')
    assert not only_talks_to_the_kernel("x = 1\ncheck(sigmoid)")
    assert not only_talks_to_the_kernel("%matplotlib inline")
    assert not only_talks_to_the_kernel("# nothing yet")


@pytest.mark.parametrize("name", exercises())
def test_every_solution_can_be_shown(name):
    exercise = exercises()[name]
    source = solution(exercise)
    assert f"def {name}(" in source
    assert "@exercise" not in source
    assert compile(source, name, "exec")
    assert stubs(source)[-1] is exercise


def test_a_page_of_exercises_gains_doors_and_loses_checks():
    name = next(iter(exercises()))
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["## Title"]},
        {"cell_type": "code", "metadata": {}, "source": [f"def {name}():\n", "    raise NotImplementedError"]},
        {"cell_type": "code", "metadata": {}, "source": [f"check({name})"]},
    ]
    page = for_the_book({"cells": cells, "metadata": {}})["cells"]
    assert [cell["cell_type"] for cell in page] == ["markdown", "code", "markdown", "markdown"]
    assert "{dropdown} Hints" in page[2]["source"]
    assert exercises()[name].hints[2] in page[2]["source"]
    assert "{dropdown} Solution" in page[3]["source"]


def test_only_what_a_page_loads_of_mathjax_stays(tmp_path):
    for name in ("tex-chtml.js", "tex-svg.js", "sre/mathmaps/en.json", "output/chtml/fonts/woff-v2/a.woff",
                 "input/tex/extensions/braket.js", "output/svg.js"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    gone = {path.relative_to(tmp_path).as_posix() for path in superfluous(tmp_path)}
    assert gone == {"tex-svg.js", "sre/mathmaps/en.json", "output/svg.js"}
