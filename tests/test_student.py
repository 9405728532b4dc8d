"""One student's work is read, routed and judged so that nothing costs more than it should."""

import json

import pytest

from autograder.grading.student import Packet, grade, lost, read
from autograder.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(isolation="available") as opened:
        yield opened


def test_a_lost_submission_is_a_row_of_zeros_with_the_reason():
    record = lost(Packet("Ana", (("sigmoid_tanh_exercises.ipynb", b"x"),)), "killed", "The machine caught fire.")
    assert record["total"] == 0
    assert record["max"] == sum(entry["max"] for entry in record["exercises"]) > 0
    assert {entry["status"] for entry in record["exercises"]} == {"killed"}
    assert record["notes"] == ["The machine caught fire."]


def graded_alone(sandbox, *files):
    record = grade(read(Packet("Ana", files)), sandbox)
    return {entry["id"]: entry for entry in record["exercises"]}


def test_two_notebooks_with_helpers_of_the_same_name_do_not_disturb_each_other(sandbox):
    def notebook(*cells):
        return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()

    first = notebook(
        "import numpy as np",
        "def helper(x):\n    return np.exp(-np.abs(x))",
        "def sigmoid(x):\n    e = helper(x)\n    return np.where(x >= 0, 1, e) / (1 + e)",
    )
    second = notebook(
        "import numpy as np",
        "def helper(z, axis):\n    return z - np.max(z, axis=axis, keepdims=True)",
        "def softmax(z, axis=-1):\n    e = np.exp(helper(z, axis))\n    return e / e.sum(axis=axis, keepdims=True)",
        "def log_softmax(z, axis=-1):\n    raise NotImplementedError",
    )
    entries = graded_alone(sandbox, ("a.ipynb", first), ("b.ipynb", second))
    assert entries["sigmoid"]["status"] == "passed"
    assert entries["softmax"]["status"] == "passed"


def test_a_helper_named_like_an_exercise_of_another_topic_brings_no_second_topic_in(sandbox):
    source = b"import numpy as np\ndef softmax(z): return z\ndef sigmoid(x): return x\ndef complement(x): return x\n"
    entries = graded_alone(sandbox, ("sigmoid_tanh.py", source))
    assert "sigmoid" in entries
    assert "softmax" not in entries


def test_a_judge_that_stumbles_holds_the_points(sandbox, monkeypatch):
    from autograder.grading import student

    def stumble(*args):
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(student, "judge", stumble)
    entry = graded_alone(sandbox, ("work.py", b"def sigmoid(x): return x"))["sigmoid"]
    assert (entry["status"], entry["score"], entry["held"]) == ("undecided", 0, entry["max"])
    assert "a mistake of ours" not in entry["message"]


def test_a_definition_that_fails_while_loading_is_an_error(sandbox):
    source = b"import numpy as np\n@magic\ndef sigmoid(x):\n    return x\ncomplement = np.nothing\n"
    entries = graded_alone(sandbox, ("work.py", source))
    assert entries["sigmoid"]["status"] == "error"
    assert entries["complement"]["status"] == "error"
    assert entries["tanh_grad"]["status"] == "not_attempted"


def test_more_code_than_the_sandbox_takes_is_unreadable_and_says_so(sandbox):
    entry = graded_alone(sandbox, ("work.py", ("def sigmoid(x): return x\n# " + "漢" * 1_900_000).encode()))["sigmoid"]
    assert (entry["status"], entry["score"]) == ("unreadable", 0)
    assert "more code than" in entry["message"]


def test_scripts_are_modules_of_their_own_and_only_the_ones_that_are_named(sandbox):
    cells = ["import helpers", "def sigmoid(x):\n    return helpers.sigmoid(x)"]
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()
    right = b"import numpy as np\ndef sigmoid(x): return np.exp(-np.logaddexp(0, -x))\n"
    files = (("a.ipynb", notebook), ("src/helpers.py", right), ("src/other.py", b"x = 1"))
    assert [path for path, _ in read(Packet("Ana", files)).programs[0].scripts] == ["src/helpers.py"]
    assert graded_alone(sandbox, *files)["sigmoid"]["status"] == "passed"
