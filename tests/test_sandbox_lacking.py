"""Machines that lack a layer: `doctor` says which and how to have it, strict refuses, and the rest grades all the same."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.calls import Call, Program
from autograder.sandbox import Sandbox
from autograder.sandbox.zygote_client import unsupported
from tests.attacks.classroom import FILE, RIGHT, handed_in
from tests.attacks.lab import am_root
from tests.attacks.page import KEEPING, NOBODY

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(bool(unsupported()), reason="isolation needs Linux")


def run(lacking, *arguments, user=()):
    # Without Landlock the sandbox imports beforehand all that a program may ask for. No answer here asks for SciPy, which
    # takes as long as the rest; the last test has it.
    lacking = [*lacking, "scipy"] if "landlock" in lacking else lacking
    command = [*user, sys.executable, "-B", "-m", "tests.attacks.poorer", *lacking, "--", *map(str, arguments)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": "/tmp" if user else str(Path.home())}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("lacking", "user", "missing", "told"),
    [
        ((), NOBODY, set(), "--isolation strict works"),
        (("landlock",), (), set(), "seccomp refuses to open any file instead"),
        (("landlock",), NOBODY, set(), "seccomp refuses to open any file instead"),
        (("libseccomp",), (), {"seccomp"}, "apt install libseccomp2"),
        (("filters",), NOBODY, {"seccomp"}, "CONFIG_SECCOMP_FILTER"),
        (("landlock", "pyseccomp"), (), {"landlock", "seccomp"}, "pip install pyseccomp"),
        (("kernel",), (), {"rlimits", "user", "no_new_privs", "landlock", "seccomp"}, "in a Linux container"),
    ],
)
def test_doctor_says_what_is_missing_and_how_to_have_it(lacking, user, missing, told):
    if user and not (am_root() and shutil.which("setpriv")):
        pytest.skip("there is no root to drop, or nothing to drop it with")
    seen = run(lacking, "doctor", user=(*user, *KEEPING) if user else ())
    lines = [line.split() for line in seen.stdout.splitlines()]
    assert {line[1] for line in lines if line[:1] == ["MISSING"]} == missing, seen.stdout + seen.stderr
    assert seen.returncode == (3 if missing else 0)
    assert told in seen.stdout
    said = {line[1] for line in lines if line[:1] in (["MISSING"], ["holds"])}
    assert said >= {"rlimits", "user", "no_new_privs", "landlock", "seccomp"}


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    for name, cells in {"Ana": RIGHT.values(), "Bo": ["def sigmoid(x):\n    while True: pass"]}.items():
        (folder / name).mkdir()
        (folder / name / FILE).write_bytes(handed_in(*cells))
    return folder


@pytest.mark.parametrize("lacking", [("landlock",), ("landlock", "filters"), ("kernel",)], ids=" ".join)
def test_what_can_be_had_is_enough_for_right_answers(lacking, handed):
    seen = run(lacking, "check", handed / "Ana" / FILE, "--json")
    statuses = {entry["id"]: entry["status"] for entry in json.loads(seen.stdout)["exercises"]}
    assert {name: statuses[name] for name in RIGHT} == dict.fromkeys(RIGHT, "passed")
    said = {("landlock",): "", ("kernel",): "Not isolated: "}.get(lacking, "Not fully isolated: ")
    assert seen.stderr.startswith(said)
    assert bool(seen.stderr) == bool(said)


def test_where_there_is_no_isolation_grading_has_a_deadline_and_says_so(handed, tmp_path):
    strict = run(["kernel"], "grade", handed, "--out", tmp_path / "out")
    assert strict.returncode == 3
    assert strict.stderr.count("no isolation on beos") == 1
    options = ("--isolation", "available", "--time-limit", "2")
    seen = run(["kernel"], "grade", handed, "--out", tmp_path / "out", *options)
    assert (seen.returncode, "Not isolated: " in seen.stderr) == (0, True), seen.stderr
    graded = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "out" / "results").glob("*.json")}
    statuses = {name: {e["id"]: e["status"] for e in one["exercises"]}["sigmoid"] for name, one in graded.items()}
    assert statuses == {"Ana": "passed", "Bo": "timeout"}
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert set(record["isolation_layers"].values()) == {False}


OPENING = {
    "to read": "open(ANY).read()",
    "to write": "open('/tmp/left', 'w')",
    "to write to what is there": "open('/dev/null', 'wb')",
    "by descriptor": "os.open('.', os.O_RDONLY | os.O_DIRECTORY)",
    "its name alone": "os.open(ANY, os.O_PATH)",
    "without a name": "os.open('.', os.O_TMPFILE | os.O_RDWR)",
    "a folder": "os.listdir('/')",
    "its own environment": "open('/proc/self/environ').read()",
    "its own memory": "open('/proc/self/mem', 'r+b')",
    "by C": "known_open(ANY.encode())",
    "by openat2": "call(437, -100, ANY.encode(), bytes(24), 24)",
    "by handle": "call(304, -100, bytes(128), 0)",
    "by a ring": "call(425, 8, bytes(256))",
    "another library": "import sqlite3",
    "memory as a file": "os.memfd_create('x')",
    "a pipe in the file system": "os.mkfifo('left')",
    "under another name": "os.symlink(ANY, 'left')",
    "by renaming": "os.rename(ANY, ANY + '2')",
    "by removing": "os.unlink(ANY)",
    "by numpy": "np.fromfile(ANY)",
    "by mapping": "np.memmap(ANY)",
}
PRELUDE = """
import ctypes, os, sys
import numpy as np
ANY = {any!r}
plain = ctypes.CDLL(None, use_errno=True)
def checked(result):
    if result == -1: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
def call(*words):
    return checked(plain.syscall(*[ctypes.c_long(w) if isinstance(w, int) else w for w in words]))
def known_open(name):
    return checked(plain.open(name, 0))
"""


def test_without_landlock_nothing_of_any_kind_can_be_opened(monkeypatch, tmp_path):
    monkeypatch.setattr(Sandbox, "_without", ("landlock",))
    place = tmp_path / "any.txt"
    place.write_bytes(b"12345678")
    tries = {f"f{number}": code for number, code in enumerate(OPENING.values())}
    cells = [
        PRELUDE.format(any=str(place)),
        *(f"def {name}():\n    {code}\n    return 'in'" for name, code in tries.items()),
    ]
    # Imported at the last moment: the zygote was told of it beforehand, for it is spoken of.
    cells.append("def late(x):\n    import sympy\n    return float(np.linalg.norm(float(sympy.cos(x))) / 2)")
    asked = [[Call(name)] for name in tries]
    with Sandbox("available", time_limit=20) as sandbox:
        *seen, (late,) = sandbox.perform(Program(tuple(cells)), [*asked, [Call("late", (0.0,))]]).observations
        assert late.value == 0.5
        kinds = {what: one.failure and one.failure.kind for what, (one,) in zip(OPENING, seen, strict=True)}
        assert {what for what, kind in kinds.items() if kind is None} == set()
        assert set(kinds.values()) <= {"PermissionError", "OSError", "ImportError", "ModuleNotFoundError"}
        assert place.read_bytes() == b"12345678"
        # Without the filter most of it goes through, so that the refusals above are its doing.
        monkeypatch.setattr(sandbox, "_worn", ("rlimits",))
        bare = sandbox.perform(Program(tuple(cells)), [[Call("f0")], [Call("f3")], [Call("f9")]]).observations
        assert [one.value for (one,) in bare] == ["in"] * 3
