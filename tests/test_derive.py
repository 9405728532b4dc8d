"""The exercise notebooks say what the references say, and nothing else."""

import ast
import importlib.util
import re
import sys
from types import ModuleType

import nbformat
import pytest

from autograder import registry
from autograder.exercise import Exercise
from autograder.notebooks import derive
from autograder.notebooks.derive import as_text, exercise_notebook, notebook_of, stub
from autograder.notebooks.read import read_bytes
from autograder.notebooks.statements import bound_names

TOPICS = list(registry.topics())

TOY = '''
"""A toy topic: two exercises that lean on each other."""

import math as maths
from fractions import Fraction

import numpy as np

from autograder.calls import Step
from autograder.exercise import exercise
from autograder.kinds import Choice, Derivation, Numeric

SCALE = 2
HINTS = ("why?", "so", "`return`")


def scaled(x):
    return SCALE * x


@exercise(Numeric(truth="2*x", arguments={"x": "real"}), title="Twice", hints=HINTS, points=1.5)
def twice(x: np.ndarray, unit: Fraction = Fraction(1)) -> np.ndarray:
    r"""Return $2x$ for every entry, in steps of \\epsilon:

    and no more.
    """
    return scaled(x) * unit


@twice.misconception("That is three times as much, is it not?")
def thrice(x):
    return 3 * x


@exercise(Numeric(truth="4*x", arguments={"x": "real"}), title="Four times", hints=HINTS)
def four(x):
    """Return 4x."""
    return twice(twice(x)) + maths.floor(0)


@exercise(
    Derivation("x", "x + 0", {"x": "real"}, scaffold=(("x", 'the "left" side'), (None, "add nothing"))),
    title="Nothing",
    hints=HINTS,
)
def derivation_nothing() -> list[Step]:
    """Show it."""
    return [Step("x", "the left side"), Step("x + 0", "add nothing")]


@exercise(Choice({"a": "this", "b": "that"}, {"r": "because"}, lambda random: {"n": 1}), title="Which", hints=HINTS)
def choice_which(variant: dict) -> dict:
    """Say which."""
    return {"answer": "a", "reason": "r"}
'''


@pytest.fixture
def toy(tmp_path, monkeypatch):
    path = tmp_path / "toy.py"
    path.write_text(TOY, "utf-8")
    spec = importlib.util.spec_from_file_location("solutions.toy", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "solutions.toy", module)
    spec.loader.exec_module(module)
    return [member for member in vars(module).values() if isinstance(member, Exercise)]


def run(notebook) -> dict:
    """The notebook's cells, one after the other; check and its kin do nothing here."""
    scope = dict.fromkeys(("check", "hint", "progress", "variant"), lambda *args: None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(cell.source.replace(", check, hint, progress, variant", ""), scope)
    return scope


def sources(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells)


def test_the_untouched_notebook_raises_only_not_implemented(toy):
    scope = run(notebook_of("toy", toy))
    for exercise in toy:
        with pytest.raises(NotImplementedError):
            scope[exercise.id](*[1] * len(exercise.signature.parameters))


def test_the_filled_notebook_needs_nothing_but_itself(toy):
    notebook = notebook_of("toy", toy, filled=True)
    text = sources(notebook)
    assert "solutions" not in text
    assert "@" not in text
    assert "thrice" not in text
    scope = run(notebook)
    assert scope["four"](10) == 40
    assert [step.rule for step in scope["derivation_nothing"]()] == ["the left side", "add nothing"]


def test_the_stub_keeps_the_signature_and_names_only_what_is_imported(toy):
    notebook = notebook_of("toy", toy)
    assert "def twice(x: np.ndarray, unit: Fraction=Fraction(1)) -> np.ndarray:" in sources(notebook)
    assert "from fractions import Fraction" in notebook.cells[1].source
    assert "maths" not in sources(notebook)


@pytest.mark.parametrize("topic", TOPICS)
def test_the_line_in_a_stub_is_whole_and_reads_without_tex(topic):
    for exercise in registry.topics()[topic]:
        function = ast.parse(stub(exercise)).body[0]
        line = " ".join(ast.get_docstring(function).split())
        assert line.endswith((".", "?", "!")), line
        assert not line.endswith((",.", " of.", " for.")), line
        assert not re.search(r"[$\\{}]", re.sub(r"`[^`]*`", "", line)), line


def test_a_scaffold_becomes_lines_and_blanks(toy):
    [derivation] = [exercise for exercise in toy if exercise.kind == "D"]
    assert 'Step("x", "the \\"left\\" side"),' in stub(derivation)
    assert 'Step(..., "add nothing"),' in stub(derivation)


def test_the_statement_holds_what_the_kind_has_to_show(toy):
    text = sources(notebook_of("toy", toy))
    for piece in ("1.5 points", "1 point\n", "`'a'`: this", "`'r'`: because", 'variant("choice_which")', "`x + 0`"):
        assert piece in text


def test_no_answer_is_in_the_untouched_notebook(toy):
    text = sources(notebook_of("toy", toy))
    for secret in ("scaled", "twice(twice", '"reason": "r"', "three times", "why?"):
        assert secret not in text


def test_one_name_with_two_meanings_is_refused(toy, monkeypatch):
    home = sys.modules["solutions.toy"]
    other = ModuleType("solutions.other")
    other.__file__ = home.__file__
    vars(other).update({name: value for name, value in vars(home).items() if not name.startswith("__")}, SCALE=3)
    monkeypatch.setitem(sys.modules, "solutions.other", other)
    vars(other)["scaled"] = type(home.scaled)(home.scaled.__code__, vars(other), "scaled")
    moved = type(home.four.reference)(home.twice.reference.__code__, vars(other), "twice")
    moved.__module__ = "solutions.other"
    with pytest.raises(ValueError, match="both have a scaled: rename one"):
        derive.needs_of([home.twice.reference, moved], ())


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("filled", [False, True])
def test_the_notebook_of_a_topic_is_valid_and_always_the_same(topic, filled):
    first, second = (exercise_notebook(topic, filled) for _ in range(2))
    nbformat.validate(first)
    assert as_text(first) == as_text(second)
    identities = [cell.id for cell in first.cells]
    assert len(set(identities)) == len(identities)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_exercise_of_the_topic_is_read_back_from_its_notebook(topic):
    ours = {exercise.id for exercise in registry.topics()[topic]}
    bound = bound_names(read_bytes("work.ipynb", as_text(exercise_notebook(topic)).encode()).cells)
    assert ours <= set(bound)
    assert not any(bound[name] for name in ours)
    filled = bound_names(read_bytes("work.ipynb", as_text(exercise_notebook(topic, filled=True)).encode()).cells)
    assert all(filled[name] for name in ours)


@pytest.mark.parametrize("topic", TOPICS)
def test_the_filled_notebook_of_a_topic_runs_without_the_course(topic):
    scope = run(exercise_notebook(topic, filled=True))
    assert all(callable(scope[exercise.id]) for exercise in registry.topics()[topic])


def test_a_notebook_speaks_of_a_lesson_only_where_there_is_one(toy):
    for topic, told in (("softmax", True), ("nowhere", False)):
        assert ("lesson.ipynb" in notebook_of(topic, toy).cells[0].source) == told


def test_an_unknown_topic_is_named_with_the_known_ones():
    with pytest.raises(LookupError, match="sigmoid_tanh"):
        exercise_notebook("sigmoid_tan")


def test_a_stale_a_missing_and_an_orphaned_notebook_are_told_apart(tmp_path, monkeypatch, toy):
    monkeypatch.setattr(derive.registry, "root", lambda: tmp_path)
    monkeypatch.setattr(derive.registry, "topics", lambda: {"toy": toy, "planned": []})
    path = tmp_path / "chapters" / "toy" / "toy_exercises.ipynb"
    assert derive.stale() == ["chapters/toy/toy_exercises.ipynb is missing; run: autograder sync"]
    assert derive.sync() == [path]
    assert derive.stale() == []
    assert derive.sync() == []
    path.write_text(path.read_text("utf-8").replace("Twice", "Double"), "utf-8")
    orphan = tmp_path / "chapters" / "gone" / "gone_exercises.ipynb"
    orphan.parent.mkdir()
    orphan.write_text("{}", "utf-8")
    assert derive.stale() == [
        "chapters/toy/toy_exercises.ipynb is not what its exercises say now; run: autograder sync",
        "chapters/gone/gone_exercises.ipynb belongs to no topic of solutions/; delete it, or add the topic",
    ]


def test_the_committed_notebooks_are_what_the_exercises_say():
    assert derive.stale() == []
