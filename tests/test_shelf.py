"""Truths that are kept on disk are the truths; and whatever becomes of the files, only time is lost."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from autograder import registry
from autograder.judges import shelf
from autograder.judges.layout import Layout
from autograder.judges.numeric import Study
from autograder.judges.truth import Oracle
from tests.numeric_exercises import softmax as made_up


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    place = tmp_path / "deep" / "truths"
    monkeypatch.setattr(shelf, "folder", lambda: place)
    return place


@pytest.fixture
def found(monkeypatch):
    """The points at which a truth had to be found."""
    points = []
    find = Oracle._find
    monkeypatch.setattr(Oracle, "_find", lambda self, point: points.append(point) or find(self, point))
    return points


def same(one, other):
    for mine, theirs in zip(one.cases, other.cases, strict=True):
        for a, b in zip(mine.expected, theirs.expected, strict=True):
            for name in ("hi", "lo", "scale", "known", "grain"):
                np.testing.assert_array_equal(getattr(a, name), getattr(b, name), strict=name != "grain")
    return True


@pytest.mark.parametrize("name", ["sigmoid", "leaky_relu", "softmax_vjp", "multiclass_hinge"])
def test_the_second_time_nothing_is_worked_out_and_everything_is_the_same(name, found, folder):
    first = Study.of(registry.find(name), 0)
    assert found
    found.clear()
    stamp = [path.stat().st_mtime_ns for path in folder.iterdir()]
    second = Study.of(registry.find(name), 0)
    assert not found
    assert same(first, second)
    assert [path.stat().st_mtime_ns for path in folder.iterdir()] == stamp


def test_another_seed_asks_for_other_points_and_replaces_them(found, folder):
    Study.of(registry.find("sigmoid"), 0)
    size = len(found)
    Study.of(registry.find("sigmoid"), 1)
    assert size < len(found) < 2 * size  # what does not depend on the seed is known
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no such thing", b"\x93NUMPY", "half"])
def test_a_damaged_file_is_found_out_and_replaced(damage, found, folder):
    before = Study.of(registry.find("sigmoid"), 0)
    [file] = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage == "half" else damage)
    found.clear()
    assert same(before, Study.of(registry.find("sigmoid"), 0))
    assert found
    assert file.stat().st_size == len(whole)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.7])
def test_a_single_wrong_byte_is_noticed(share, found, folder):
    before = Study.of(registry.find("sigmoid"), 0)
    [file] = folder.iterdir()
    data = bytearray(file.read_bytes())
    data[int(share * len(data))] ^= 64
    file.write_bytes(data)
    found.clear()
    assert same(before, Study.of(registry.find("sigmoid"), 0))
    assert found


def test_where_nothing_can_be_written_grading_goes_on(found, folder):
    folder.parent.mkdir()
    folder.write_text("a file where the folder should be")
    assert Study.of(registry.find("sigmoid"), 0).cases


def test_another_formula_is_another_function(folder, found):
    item = registry.find("sigmoid")
    Study.of(item, 0)
    other = dataclasses.replace(item, spec=dataclasses.replace(item.spec, truth="1/(1+exp(-2*x))"))
    found.clear()
    Study.of(other, 0)
    assert found
    assert len(list(folder.iterdir())) == 2


def test_a_truth_that_is_code_is_kept_only_for_the_exercise_that_the_course_holds(folder):
    item = registry.find("multiclass_hinge")
    assert callable(item.spec.truth)
    assert shelf._name(Layout.of(item).oracle(item), item)
    copy = dataclasses.replace(item)
    assert shelf._name(Layout.of(copy).oracle(copy), copy) is None
    assert shelf._name(Layout.of(made_up).oracle(made_up), made_up) is None or not callable(made_up.spec.truth)


def test_changed_code_finds_nothing_of_what_the_old_one_kept(monkeypatch):
    item = registry.find("multiclass_hinge")
    oracle = Layout.of(item).oracle(item)
    names = {shelf._name(oracle, item)}
    digest = shelf._digest
    for changed in ("solutions", "autograder.judges", "autograder.expressions"):
        monkeypatch.setattr(shelf, "_digest", lambda package, changed=changed: digest(package) + "!" * (package == changed))
        names.add(shelf._name(oracle, item))
    assert len(names) == 4


def test_old_files_go(folder, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_FILES", 2)
    for name in ("sigmoid", "tanh", "softplus"):
        Study.of(registry.find(name), 0)
    assert len(list(folder.iterdir())) == 2
