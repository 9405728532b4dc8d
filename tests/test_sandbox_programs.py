"""Honest programs, however untidy: they get what they are worth, and the process they run in knows no answers."""

import ast
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.calls import Call, Drawing, Program, Seeded
from autograder.sandbox import Sandbox
from autograder.sandbox import sandbox as door
from autograder.sandbox.layers import Layer
from autograder.sandbox.zygote_client import unsupported

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(bool(unsupported()), reason="isolation needs Linux")
ASK_F = [Call("f")]
GOOD = "def good(x):\n    return x + 1\n"
ASK_GOOD = [Call("good", (np.arange(3.0),))]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox("available", memory_mb=256, time_limit=20) as opened:
        yield opened


def perform(sandbox, *cells, calls=ASK_F):
    (seen,) = sandbox.perform(Program((GOOD, *cells)), [list(calls)]).observations
    return seen


def fates(seen):
    return [o.fate for o in seen]


def test_values_come_back(sandbox):
    seen = perform(
        sandbox,
        "def f(x, k=1):\n    return [x * k, None, (1, 'a'), {'n': float('nan')}]",
        calls=[
            Call("f", (np.float32([1, 2]),), {"k": 2}),
            Call("f", (Seeded(3),)),
        ],
    )
    array, nothing, pair, odd = seen[0].value
    assert array.dtype == np.float32
    assert array.tolist() == [2, 4]
    assert (nothing, pair) == (None, (1, "a"))
    assert np.isnan(odd["n"])
    assert seen[1].failure.kind == "TypeError"


def test_sympy_and_drawings_come_back(sandbox):
    cell = "import sympy\ndef f():\n    return sympy.Symbol('x')**2\ndef g(ax):\n    ax.plot([0, 1], [2, 3], label='a')"
    expression, drawing = perform(sandbox, cell, calls=[Call("f"), Call("g", canvas=True)])
    assert type(expression.value).__name__ == "Tree"
    assert isinstance(drawing.value, Drawing)
    assert drawing.value.lines[0]["y"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("import sys; sys.exit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("f()", "RecursionError"),
        ("raise NotImplementedError('f: yours to write')", "NotImplementedError"),
    ],
)
def test_every_exception_is_only_a_failure(sandbox, body, kind):
    seen = perform(sandbox, f"def f():\n    {body}", calls=[Call("f"), Call("f")])
    assert [o.failure.kind for o in seen] == [kind, kind]
    assert seen[0].failure.line == 2


def test_output_costs_nothing(sandbox):
    body = (
        "import sys, os\n    for i in range(100):\n        print('x' * 10**6); sys.stderr.write('y')\n"
        "        os.write(1, b'z' * 10**6)\n    return 5"
    )
    assert perform(sandbox, f"print('top')\ndef f():\n    {body}")[0].value == 5


def test_failing_cells_cost_nothing(sandbox):
    seen = perform(
        sandbox,
        "def f():\n    return a + b(1)\n1/0\nraise SystemExit\na = 1\n",
        "a = c + 1  # cells may stand in any order",
        "def broken(:\n    pass\ndef b(x):\n    return x\nx ==== y",
        "from autograder import check, hint, progress, variant, Step, Repair\ncheck(f); hint(f); progress()\n",
        "from IPython.display import Math, display\ndisplay(Math('x'))\nget_ipython().run_line_magic('time', '')\n",
        "import matplotlib.pyplot as plt\nplt.plot([1]); plt.show()\n",
        "from google.colab import drive\ndrive.mount('/x')\n",
        "import os; os.chdir('/')",
        "open('out.txt', 'w')\nimport nonsense_that_nobody_has",
        "c = 4\nimport warnings; warnings.simplefilter('error')",
    )
    assert seen[0].value == 6


def test_what_only_a_notebook_has_is_quiet(sandbox):
    cell = (
        "from ipywidgets import interact\nfrom IPython.display import HTML, clear_output\nimport google.colab.files as files\n"
        "@interact(x=(0, 1))\ndef f():\n    clear_output(wait=True); display(HTML('x').data)\n"
        "    with files.upload() as something: pass\n    return 3\n"
    )
    assert perform(sandbox, cell)[0].value == 3


def test_what_failed_while_loading_is_told(sandbox):
    performance = sandbox.perform(Program((GOOD, "x = 1\n\n1/0", "y = (")), [])
    assert [(f.cell, f.line, f.failure.kind) for f in performance.load_failures] == [
        (1, 3, "ZeroDivisionError"),
        (2, 1, "SyntaxError"),
    ]
    assert "good" in performance.defined


def test_a_function_that_is_not_there_is_missing(sandbox):
    assert fates(perform(sandbox, "g = 3", calls=[Call("f"), Call("g")])) == ["missing", "missing"]


def test_one_student_never_meets_another(sandbox):
    sandbox.perform(
        Program(("import builtins, numpy\nbuiltins.leak = 1\nnumpy.leak = 1\nsecret = 1\ndef f(): pass",)),
        [[Call("f")]],
    )
    cell = (
        "import numpy, builtins\ndef f():\n"
        "    return [hasattr(numpy, 'leak'), hasattr(builtins, 'leak'), 'secret' in globals()]"
    )
    assert perform(sandbox, cell)[0].value == [False, False, False]


def test_a_run_repeats_itself(sandbox):
    cell = (
        "import random, numpy as np\ndef f():\n"
        "    return [random.random(), np.random.rand(), list({'a', 'b', 'c'}), hash('x')]"
    )
    assert perform(sandbox, cell)[0].value == perform(sandbox, cell)[0].value


def test_the_grader_never_enters_the_childs_process(sandbox):
    cell = "import sys\ndef f():\n    return sorted(sys.modules)"
    modules = perform(sandbox, cell)[0].value
    forbidden = ("judg", "registry", "solutions", "feedback", "reports", "grading", "ledger", "interactive")
    assert "autograder.sandbox.worker" in modules
    assert [m for m in modules if m.startswith(("autograder", "solutions")) and any(w in m for w in forbidden)] == []


def test_the_sandbox_imports_nothing_that_knows_an_answer():
    allowed = ("autograder.calls", "autograder.expressions", "autograder.sandbox")
    for file in (ROOT / "autograder" / "sandbox").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            ours = [n for n in names if n.split(".")[0] in ("autograder", "solutions")]
            assert all(n.startswith(allowed) for n in ours), (file.name, ours)


def test_strict_isolation_is_refused_where_it_cannot_hold(monkeypatch):
    monkeypatch.setattr(door, "unsupported", lambda: "there is no isolation on this system")
    with pytest.raises(door.IsolationMissing, match="no isolation"), Sandbox("strict"):
        pass


def test_without_isolation_there_is_still_a_deadline(monkeypatch):
    monkeypatch.setattr(door, "unsupported", lambda: "there is no isolation on this system")
    cells = (GOOD, "def hang():\n    while True: pass\ndef crash():\n    import os; os._exit(3)")
    with Sandbox("available", time_limit=2) as cold:
        assert not any(cold.layers.values())
        groups = [ASK_GOOD, [Call("hang"), Call("hang")], [Call("crash")]]
        seen = cold.perform(Program(cells), groups).observations
    assert [fates(group) for group in seen] == [[None], ["timeout", "unreached"], ["killed"]]
    assert seen[0][0].value.tolist() == [1, 2, 3]


def test_the_package_can_be_imported_where_linux_is_not():
    """A notebook on Windows observes calls too."""
    missing = ("resource", "fcntl", "pyseccomp")
    code = f"import sys; sys.modules.update(dict.fromkeys({missing!r})); import autograder.sandbox.observe"
    code += "; from autograder.sandbox import Sandbox; print('autograder.sandbox.landlock' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == "False", run.stderr


def test_a_refusal_survives_the_way_between_processes():
    refusal = door.IsolationMissing([Layer("seccomp", False, "not there", "install it")])
    again = pickle.loads(pickle.dumps(refusal))
    assert (str(again), again.layers) == (str(refusal), refusal.layers)


def test_type_hints_decide_nothing(sandbox):
    cell = "from nowhere import Float, Array\ndef f(x: Float[Array, 'n'] = 3, *, y: Missing = 0) -> NoSuchType:\n    return x"
    assert perform(sandbox, cell)[0].value == 3
