"""docs/attacks.md: what was tried, what stopped it, and what was seen. Every cell is an observation of this run."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from autograder.calls import Call, Program
from autograder.expressions import ExpressionError, parse
from autograder.grading.student import Packet, grade, read
from autograder.sandbox import Sandbox, landlock
from autograder.sandbox.layers import LAYERS
from tests.attacks.answers import DRAWN, VALUES
from tests.attacks.attack import Cheat, Havoc, Reach
from tests.attacks.cheats import CHEATS
from tests.attacks.classroom import FILE, right_but_for
from tests.attacks.expressions import HOSTILE, TOWERS
from tests.attacks.havoc import ANY, HANGS, HAVOCS, RETURNS
from tests.attacks.lab import ROOT, Lab, alone, am_root, lab, told, worn
from tests.attacks.reach import REACHES
from tests.attacks.trusting import fooled_by

PAGE = ROOT / "docs" / "attacks.md"
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
# Lets a Python that lies below a closed home be found; it opens nothing that Landlock has closed.
KEEPING = ("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search")
NEIGHBOUR = "def good(x):\n    return x + 1\n"


def observed() -> dict[str, dict[str, str]]:
    """What is seen of every attack by whoever runs this, as words by the name of the attack."""
    seen = {}
    with lab() as place:
        for attack in REACHES:
            seen[attack.name] = _reach(place, attack)
        for havoc in HAVOCS:
            seen[havoc.name] = _havoc(place, havoc)
    return seen


def observed_as_nobody() -> dict[str, dict[str, str]] | None:
    """The same as an ordinary user; None where root is not to be had or cannot be dropped."""
    if not (am_root() and shutil.which("setpriv")):
        return None
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, 65534, 65534)
        run = subprocess.run(
            [*NOBODY, *KEEPING, sys.executable, "-B", "-m", "tests.attacks", "--observe"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": home, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            check=True,
        )
    return json.loads(run.stdout)


def write() -> Path:
    """Try everything and write the page."""
    mine, nobody = observed(), observed_as_nobody()
    as_root, as_user = (mine, nobody) if am_root() else (None, mine)
    PAGE.write_text(page(as_root, as_user, fooled_by([cheat.cells for cheat in CHEATS])), encoding="utf-8")
    return PAGE


def page(as_root: dict | None, as_user: dict | None, fooled: list[bool]) -> str:
    machine = (
        f"Linux {platform.release().split('-')[0]}, Landlock {landlock.version()}, Python {platform.python_version()}"
    )
    return "\n".join(
        [
            "# Attacks",
            "",
            "What a student's program may try, and what became of it. Made by `python -m tests.attacks --write`, which tries",
            f"every one of them: {machine}. The tests are made from the same table (`tests/attacks/`) and try them again.",
            "*Seen through* tells whether the attack was seen to succeed with every layer off: if not, the row proves little.",
            "",
            "## Reaching for the machine, the grader, or other students",
            "",
            "Each layer named stops the attack with all others off.",
            "",
            *_table(
                ("attack", "stopped by", "as root", "as an ordinary user", "seen through"), _reaches(as_root, as_user)
            ),
            "",
            "## Hanging, crashing, flooding, forging, meddling",
            "",
            "In each case the exercises before and after it, of the same submission, kept their marks.",
            "",
            *_table(
                ("attack", "stopped by", "as root", "as an ordinary user", "without it"), _havocs(as_root, as_user)
            ),
            "",
            "## Marks without an answer",
            "",
            "Each is a student of one class, graded in one run beside honest students: nothing for the exercise, full marks",
            "for the student's other answers and for everybody else (`tests/test_hostile_class.py`). A *trusting grader* runs the",
            "student's code in its own process and believes what it prints.",
            "",
            *_table(("cheat", "why it earns nothing", "said to be", "a trusting grader"), _cheats(fooled)),
            "",
            *answers(),
            "## Known, and not stopped",
            "",
            "- Landlock does not cover `stat`: a program can learn that a file exists whose path it knows, how long it is and",
            "  how old, unless the folder is closed to others. It cannot open it. `/proc/<number>` tells so of processes.",
            "- Warnings and changed arguments are told by the student's own process: code that patches the worker can hide",
            "  them. Values, shapes and types are judged outside.",
            "- A program can spoil the other exercises of its own submission by forging their results too. They are judged",
            "  like any other answer, so nothing is gained by it.",
            "- On macOS and Windows there is no isolation, only a deadline; `autograder doctor` says so.",
            "",
        ]
    )


def answers() -> list[str]:
    """What answers that mean harm are told: nobody has to be root for that, nor anybody else."""
    return [
        "## Answers that are expressions",
        "",
        "A text given as an answer is read by a parser that knows the words of the course and runs nothing",
        "(`tests/test_expression_attacks.py`). Towers of powers are read, and never written out.",
        "",
        *_table(("answer", "what is said of it"), _texts()),
        "",
        "## Answers that nobody asked for",
        "",
        f"Given to an exercise of every kind, none of these {len(VALUES) + len(DRAWN)} makes a judge raise, hold points or",
        f"take two seconds (`tests/test_hostile_judges.py`): {', '.join(VALUES)}; and drawn: {', '.join(DRAWN)}.",
        "",
    ]


def _texts() -> list[tuple[str, str]]:
    return [(_quoted(text), _told_of(text)) for text in (*HOSTILE, *TOWERS)]


def _told_of(text: str) -> str:
    try:
        return f"read, {parse(text).size} parts"
    except ExpressionError as refusal:
        return _quoted(str(refusal), 90)


def _quoted(text: str, most: int = 60) -> str:
    """In plain letters, and no longer than a table has room for."""
    plain = text.encode("ascii", "backslashreplace").decode().replace("\x00", "\\x00")
    plain = re.sub(r"([*_])", r"\\\1", plain)
    return plain if len(plain) <= most else f"{plain[:most]} ... ({len(text)} characters)"


def rows() -> list[tuple[str, str]]:
    """Name and layer or reason of every attack, as the page must show them."""
    named = [(one.name, " or ".join(one.layers)) for one in REACHES]
    return [*named, *((one.name, one.by) for one in (*HAVOCS, *CHEATS)), *_texts()]


def _reach(place: Lab, attack: Reach) -> dict[str, str]:
    worked = am_root() or "user" not in attack.layers
    by = [layer for layer in attack.layers if worked or layer != "user"]
    leaks = [layer for layer in by if place.attempt(attack, alone(layer)).through]
    seen = {"all": place.attempt(attack, LAYERS).said, "leaks": ", ".join(leaks)}
    bare = attack.bare or ("" if am_root() or not attack.for_root else "the system refuses it to an ordinary user")
    without = None if bare else place.attempt(attack, ())
    return {
        **seen,
        "bare": f"not tried: {bare}" if bare else "yes" if without.through else f"no: {_short(without.said)}",
    }


def _havoc(place: Lab, havoc: Havoc) -> dict[str, str]:
    sandbox = place.sandbox
    before, sandbox.time_limit = sandbox.time_limit, 0.7 if havoc.brief else sandbox.time_limit
    ask = [Call("good", (np.arange(3.0),))]
    program = Program((NEIGHBOUR, *havoc.cells))
    first, seen, last = sandbox.perform(program, [ask, [Call("f")] * 2, ask]).observations
    sandbox.time_limit = before
    unharmed = all(not o.failure and o.value.tolist() == [1, 2, 3] for o in (*first, *last))
    bare = str(havoc.bare)
    if havoc.bare == RETURNS:
        with worn(sandbox, ()):
            bare = (
                "gets what it wants"
                if sandbox.perform(program, [[Call("f")]]).observations[0][0].returned
                else "stopped all the same"
            )
    elif havoc.bare == HANGS:
        bare = "a plain Python hangs"
    elif type(havoc.bare) is int:
        bare = f"a plain Python ends with {havoc.bare}" if havoc.bare else "a plain Python obliges"
    as_it_should = havoc.fate in (ANY, seen[0].fate)
    leaks = "" if unharmed and as_it_should else "the other exercises were harmed" if as_it_should else told(seen[0])
    return {"all": told(seen[0]), "leaks": leaks, "bare": bare}


def _graded(cheat: Cheat, sandbox: Sandbox) -> str:
    """What `autograder grade` says of it, and of the student's right answers if they suffered."""
    attacked, others, handed_in = right_but_for(cheat.cells)
    result = grade(read(Packet("student", ((FILE, handed_in),))), sandbox)
    entries = {entry["id"]: entry for entry in result["exercises"]}
    harmed = [name for name in others if entries[name]["status"] != "passed"]
    earned = entries[attacked]["score"] + entries[attacked]["held"]
    return f"**LEAKS: {earned:g} points, {harmed}**" if earned or harmed else entries[attacked]["status"]


def _reaches(as_root: dict | None, as_user: dict | None) -> list[tuple[str, ...]]:
    return [(one.name, " or ".join(one.layers), *_columns(one.name, as_root, as_user)) for one in REACHES]


def _havocs(as_root: dict | None, as_user: dict | None) -> list[tuple[str, ...]]:
    return [(one.name, one.by, *_columns(one.name, as_root, as_user)) for one in HAVOCS]


def _cheats(fooled: list[bool]) -> list[tuple[str, ...]]:
    words = {True: "gives full marks", False: "is not fooled"}
    with Sandbox("available") as sandbox:
        return [(one.name, one.by, _graded(one, sandbox), words[was]) for one, was in zip(CHEATS, fooled, strict=True)]


def _columns(name: str, as_root: dict | None, as_user: dict | None) -> tuple[str, str, str]:
    said = [_said(seen[name]) if seen else "not tried" for seen in (as_root, as_user)]
    bare = (as_root or as_user)[name]["bare"]
    return said[0], said[1], bare


def _said(seen: dict[str, str]) -> str:
    return f"**LEAKS: {seen['leaks']}**" if seen["leaks"] else _short(seen["all"])


def _short(text: str) -> str:
    """Without the paths, which are those of the machine that made the page."""
    return " ".join(word for word in text.split() if "/" not in word and word != "->").rstrip(":")[:90]


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *(tuple(map(cell, row)) for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines]


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\x00", "").replace("\u202e", "")
