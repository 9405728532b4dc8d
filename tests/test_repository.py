"""What holds for the repository as a whole: its floors, its sizes, and what is committed into it."""

from __future__ import annotations

import ast
import graphlib
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.notebooks import derive
from autograder.notebooks.execute import IMAGES, tidied, untidy

ROOT = Path(__file__).parent.parent
CODE = sorted(path for folder in ("autograder", "solutions", "tests", "benchmarks", "chapters")
              for path in (ROOT / folder).rglob("*.py"))  # fmt: skip
LESSONS = sorted([*(ROOT / "chapters").glob("*/lesson.ipynb"), *(ROOT / "chapters").glob("*.ipynb")])
EXERCISES = sorted((ROOT / "chapters").glob("*/*_exercises.ipynb"))
FLOORS = {
    1: {"calls", "kinds", "exercise", "expressions", "domains", "properties"},
    2: {"judges", "sandbox", "registry"},
    3: {"judging", "feedback", "ledger", "notebooks"},
    4: {"interactive", "performing", "judge_client", "judge_process", "grading", "reports", "book"},
    5: {"cli", "saying", "__main__"},
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, when_loaded: bool = False) -> Iterator[str]:
    """Every module that the file imports, wherever in the file; with `when_loaded` those inside functions are left out.

    Imports for type checkers alone never count.
    """
    tree = ast.parse(path.read_text("utf-8"))
    skipped = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)]
    if when_loaded:
        skipped += [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    hidden = {inner for node in skipped for inner in ast.walk(node)}
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(tree):
        if node in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def room(module: str) -> str | None:
    """The room of the engine that a module lies in; None for what lies elsewhere and for the package itself."""
    parts = module.split(".")
    return parts[1] if parts[0] == "autograder" and len(parts) > 1 and parts[1] in FLOOR_OF else None


ENGINE = [path for path in CODE if name_of(path).startswith("autograder.")]


def test_every_room_of_the_engine_has_a_floor():
    rooms = {name_of(path).split(".")[1] for path in ENGINE}
    assert rooms - FLOOR_OF.keys() == set()


@pytest.mark.parametrize("path", ENGINE, ids=name_of)
def test_imports_go_down_the_floors(path):
    here = room(name_of(path))
    above = {there for there in map(room, imported(path)) if there and FLOOR_OF[there] > FLOOR_OF[here]}
    assert not above, f"{name_of(path)} stands on floor {FLOOR_OF[here]} and leans on {', '.join(sorted(above))}"


def test_no_module_leads_back_to_itself():
    modules = {name_of(path): path for path in ENGINE}
    graph = {
        name: {m for m in imported(path, when_loaded=True) if m in modules and not f"{name}.".startswith(f"{m}.")}
        for name, path in modules.items()
    }
    tuple(graphlib.TopologicalSorter(graph).static_order())


def test_no_room_leads_back_to_itself():
    graph: dict[str, set[str]] = {}
    for path in ENGINE:
        here = room(name_of(path))
        graph.setdefault(here, set()).update(there for there in map(room, imported(path)) if there and there != here)
    tuple(graphlib.TopologicalSorter(graph).static_order())


def test_the_sandbox_knows_neither_judges_nor_solutions():
    forbidden = {"judges", "registry"}
    for path in ENGINE:
        if room(name_of(path)) == "sandbox":
            names = set(imported(path))
            assert not {room(name) for name in names} & forbidden, name_of(path)
            assert not any(name.split(".")[0] == "solutions" for name in names), name_of(path)


def test_solutions_stand_on_the_ground_floor():
    for path in CODE:
        if name_of(path).startswith("solutions"):
            higher = {there for there in map(room, imported(path)) if there and FLOOR_OF[there] > 1}
            assert not higher, f"{name_of(path)} leans on {', '.join(sorted(higher))}"


def test_the_engine_knows_no_topic():
    topics = {path.stem if path.is_file() else path.name for path in (ROOT / "solutions").iterdir()
              if not path.name.startswith("_")}  # fmt: skip
    for path in ENGINE:
        assert not any(name.startswith("solutions.") for name in imported(path)), name_of(path)
        named = {topic for topic in topics if f'"{topic}"' in path.read_text("utf-8")}
        # the syntax has functions of these names; a topic's exercises are not meant
        assert not named - {"softmax"}, f"{name_of(path)} names {named}"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_no_file_is_longer_than_a_sitting(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300
    assert path.name != "utils.py"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_lessons_are_committed_executed_and_without_images(path):
    assert untidy(path) is None


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_no_lesson_shows_a_failure(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert outputs
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.parent.name)
def test_exercises_are_committed_without_outputs(path):
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert cells
    assert not [cell for cell in cells if cell["outputs"] or cell["execution_count"] is not None]


def test_exercise_notebooks_are_what_the_solutions_say():
    assert derive.stale() == []


def test_every_topic_has_its_lesson_and_its_exercises_in_the_contents():
    contents = (ROOT / "_toc.yml").read_text("utf-8")
    for notebook in [*LESSONS, *EXERCISES]:
        page = notebook.relative_to(ROOT).with_suffix("").as_posix()
        assert re.search(rf"file: {re.escape(page)}$", contents, re.MULTILINE), f"_toc.yml lacks {page}"


def test_the_environment_is_pinned_without_naming_a_place():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    for line in pins:
        assert re.match(r"^[A-Za-z0-9._-]+==[^ ;]+( ; .+)?$", line), line
    pinned = {re.split("==", line)[0].lower().replace("_", "-") for line in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["book"],
             *project["optional-dependencies"]["test"]]  # fmt: skip
    names = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace("_", "-") for line in asked}
    assert names <= pinned


def test_images_of_the_readme_stay_small():
    for path in (ROOT / "docs" / "images").glob("*.png"):
        assert path.stat().st_size < 300_000, path.name


def test_an_image_in_a_lesson_is_noticed(tmp_path):
    lesson = tmp_path / "lesson.ipynb"
    data = {IMAGES[0]: "", "text/plain": "<Figure size 700x360 with 1 Axes>"}
    cell = new_code_cell("draw()", execution_count=1, outputs=[new_output("display_data", data)])
    nbformat.write(tidied(new_notebook(cells=[cell])), lesson)
    assert untidy(lesson) is None
    nbformat.write(new_notebook(cells=[cell]), lesson)
    assert "images" in untidy(lesson)
