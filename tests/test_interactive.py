"""check, hint, progress and variant, in a real kernel with the judge beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbclient import NotebookClient

from autograder.calls import Call
from autograder.judge_client import JudgeClient, JudgeSilent
from autograder.judge_process import answer
from autograder.performing import Stopped, perform
from autograder.sandbox import wire

ROOT = Path(__file__).resolve().parent.parent

CELLS = {
    "setup": f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import numpy as np
import autograder.interactive as inside
from autograder import check, hint, progress, variant
STUDENT = "Ada"
""",
    "naive": """
def sigmoid(x):
    print("noise that belongs nowhere")
    return 1 / (1 + np.exp(-x))
check(sigmoid)
""",
    "by_name": 'check("sigmoid")',
    "own_forward": """
calls = []
def forward(x):
    calls.append(x)
    return 1 / (1 + np.exp(-x))
def sigmoid_grad(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2
kept, sigmoid = sigmoid, forward
check(sigmoid_grad)
sigmoid = kept
len(calls) > 0
""",
    "lambda": "softmax = lambda z, axis=-1: np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)\ncheck(softmax)",
    "stub": """
def log_sigmoid(x):
    raise NotImplementedError("yours to write")
check(log_sigmoid)
""",
    "raises": """
def tanh_grad(x):
    raise ValueError("<b>\\x1b[31m no \\x1b[0m</b>")
check(tanh_grad)
""",
    "endless": """
def complement(x):
    while True:
        pass
check(complement, seconds=0.5)
""",
    "unknown": "def sigmoif(x):\n    return x\ncheck(sigmoif)",
    "nameless": "check(lambda x: x)",
    "number": "check(3)",
    "undefined": 'check("softmax_jacobian")',
    "first_hint": "hint(sigmoid)",
    "second_hint": 'hint("sigmoid")',
    "last_hint": "hint(sigmoid, 3)",
    "no_hint": 'hint("nothing_like_it_at_all")',
    "progress": 'progress("sigmoid_tanh")',
    "no_topic": 'progress("astrology")',
    "variant": 'mine = variant("answer_tanh_overflow")\nmine',
    "variant_dict": "STUDENT = 'Bob'\nsorted(mine) == sorted(variant('answer_tanh_overflow')) and dict(mine)",
    "no_variant": 'variant("sigmoid")',
    "judge_killed": "inside._judge._process.kill()\ninside._judge._process.wait()\ncheck(sigmoid)",
    "modules": "sorted(name for name in sys.modules if name.split('.')[0] == 'solutions'"
    " or name in ('autograder.registry', 'autograder.judging'))",
    "pid": "inside._judge._process.pid",
}


@pytest.fixture(scope="module")
def outputs() -> dict[str, dict[str, str]]:
    """What every cell showed, by the cell's name: MIME type to text. No cell may raise."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()])
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    return {
        name: next((dict(output.data) for output in cell.outputs if "data" in output), {})
        for name, cell in zip(CELLS, book.cells, strict=True)
    }


def text(shown: dict[str, str]) -> str:
    return shown["text/plain"]


def test_a_check_shows_html_with_a_figure_and_the_same_in_plain_text(outputs):
    shown = outputs["naive"]
    assert text(shown).startswith("sigmoid: Partly right:")
    assert 'hint("sigmoid")' in text(shown)
    assert "<script" not in shown["text/html"]
    for part in ("ag-panel", "<svg", 'role="img"', "<details"):
        assert part in shown["text/html"]


def test_checking_by_name_or_twice_says_the_same(outputs):
    assert text(outputs["by_name"]) == text(outputs["naive"])


def test_a_gradient_is_compared_with_the_students_own_forward(outputs):
    assert text(outputs["own_forward"]) == "True"


def test_a_lambda_is_known_by_the_name_it_is_bound_to(outputs):
    assert text(outputs["lambda"]).startswith("softmax: Partly right:")


def test_an_untouched_stub_is_not_attempted_and_offers_the_first_hint(outputs):
    assert text(outputs["stub"]).startswith("log_sigmoid: Not attempted yet.")
    assert "Hint 1 of 3" in outputs["stub"]["text/html"]


def test_an_error_of_the_student_is_told_without_a_traceback(outputs):
    shown = outputs["raises"]
    assert text(shown).startswith("tanh_grad: Stopped by an error.")
    assert "ValueError" in text(shown)
    assert "Traceback" not in text(shown)
    assert "\x1b" not in text(shown) + shown["text/html"]
    assert "<b>" not in shown["text/html"]


def test_an_endless_loop_ends_at_the_deadline_and_the_kernel_lives_on(outputs):
    assert text(outputs["endless"]).startswith("complement: No answer within the time limit.")
    assert "loop" in text(outputs["endless"])
    assert text(outputs["judge_killed"])


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("unknown", "There is no exercise called 'sigmoif'; did you mean sigmoid"),
        ("nameless", "A function without a name"),
        ("number", "take a function or its name; this is a value of type int."),
        ("undefined", "softmax_jacobian is not defined in this notebook yet"),
        ("no_hint", "There is no exercise called 'nothing_like_it_at_all'"),
        ("no_topic", "There is no topic called 'astrology'. The topics are:"),
        ("no_variant", "sigmoid asks everyone the same question"),
    ],
)
def test_what_cannot_be_answered_gets_one_clear_sentence(outputs, cell, sentence):
    assert sentence in text(outputs[cell])
    assert "\n" not in text(outputs[cell]).strip()


def test_hints_come_one_after_the_other_and_on_demand(outputs):
    for cell, label in (("first_hint", "Hint 1 of 3"), ("second_hint", "Hint 2 of 3"), ("last_hint", "Hint 3 of 3")):
        assert text(outputs[cell]).startswith(f"sigmoid. {label}")


def test_progress_remembers_what_the_checks_said(outputs):
    rows = {line.split()[1]: line for line in text(outputs["progress"]).splitlines()[1:]}
    assert "partly right" in rows["sigmoid"]
    assert "not attempted" in rows["log_sigmoid"]
    assert "out of time" in rows["complement"]
    assert "<table>" in outputs["progress"]["text/html"]


def test_a_variant_is_the_students_own_and_a_dict(outputs):
    assert "(for Ada)" in text(outputs["variant"])
    assert text(outputs["variant_dict"]).startswith("{")


def test_a_judge_that_died_is_replaced_without_a_word(outputs):
    assert text(outputs["judge_killed"]) == text(outputs["naive"])


def test_the_kernel_never_holds_the_reference(outputs):
    assert text(outputs["modules"]) == "[]"


def test_the_judge_dies_with_the_kernel(outputs):
    assert gone(int(text(outputs["pid"])))


def gone(pid: int) -> bool:
    """Whether the process ends; it looks after its parent once a second."""
    for _ in range(100):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False


def test_the_judge_survives_a_kernel_that_interrupts_its_group_but_not_one_that_vanishes():
    code = (
        "import os, sys, time\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from autograder.judge_client import JudgeClient\n"
        "client = JudgeClient(); client.ask('progress', topic=None, defined=[], states={})\n"
        "keep = os.dup(client._process.stdin.fileno()); os.set_inheritable(keep, True)\n"
        "child = os.fork()\n"  # holds our end of the pipe, as a student's worker would
        "if child == 0: time.sleep(30); os._exit(0)\n"
        "print(client._process.pid, os.getsid(client._process.pid) != os.getsid(0), child, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    kernel = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    pid, own_session, child = kernel.stdout.readline().split()
    kernel.wait()
    try:
        assert own_session == b"True"
        assert gone(int(pid))
    finally:
        os.kill(int(child), 9)
        kernel.stdout.close()


def test_our_own_mistakes_are_told_in_a_line_without_values_or_traceback():
    told = answer({"ask": "judge", "exercise": "sigmoid", "student": "", "observations": [], "hint_level": 1})
    assert set(told) == {"trouble"}
    assert "Traceback" not in told["trouble"]
    assert "\n" not in told["trouble"]
    assert set(answer({"ask": "the moon"})) == {"trouble"}


def test_a_judge_that_dies_over_a_question_is_replaced_and_asked_again(monkeypatch):
    client, lost = JudgeClient(), []

    def receive(stream):
        if not lost:
            lost.append(client._process.pid)
            client._process.kill()
        return wire.receive(stream)

    monkeypatch.setattr("autograder.judge_client.receive", receive)
    assert "text" in client.ask("hint", names=["sigmoid"], level=1)
    assert client._process.pid not in lost
    client.stop()


def test_a_judge_that_never_answers_is_given_up_after_two_tries(monkeypatch):
    def silence(stream):
        raise EOFError

    monkeypatch.setattr("autograder.judge_client.receive", silence)
    client = JudgeClient()
    with pytest.raises(JudgeSilent):
        client.ask("progress", topic=None, defined=[], states={})
    assert client._process is None


def swallow_everything(x):
    while True:
        try:
            time.sleep(30)
        except:  # noqa: E722 - the very thing under test
            continue


def loop(x):
    while True:
        pass


@pytest.mark.parametrize("function", [loop, swallow_everything])
def test_the_deadline_ends_loops_even_those_that_swallow_it(function):
    before = sys.stdout, sys.gettrace()
    seen = perform({"f": function}, [Call("f", (1,)), Call("f", (2,))], seconds=0.2)
    assert [one.fate for one in seen] == ["timeout", "unreached"]
    assert "0.2 seconds" in seen[0].detail
    assert (sys.stdout, sys.gettrace()) == before


def test_a_call_of_something_not_there_is_missing_and_a_stop_by_hand_stops():
    def stopped(x):
        raise KeyboardInterrupt

    assert [one.fate for one in perform({}, [Call("g")], seconds=5)] == ["missing"]
    with pytest.raises(Stopped):
        perform({"f": stopped}, [Call("f", (1,))], seconds=5)
