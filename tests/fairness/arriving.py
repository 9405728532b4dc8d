"""What is handed in: scripts, several files, zip files, and folders with any name."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from tests.fairness.answers import SIGMOID, SOFTMAX
from tests.fairness.case import Case, notebook, saved
from tests.fairness.formats import NAME, NUMPY, PLAIN, STUB, one

WRONG = "def sigmoid(x):\n    return x\n"
HELPERS = (
    "import numpy as np\n\ndef small(x):\n    return np.exp(-np.abs(x))\n\nif __name__ == '__main__':\n    1 / 0\n"
)
WITH_SMALL = "def sigmoid(x):\n    e = {}(x)\n    return np.where(x >= 0, 1, e) / (1 + e)\n"


def many(name: str, did: str, files: dict[str, bytes | dict], full: tuple[str, ...] = ("sigmoid",)) -> Case:
    kept = {path: data if isinstance(data, bytes) else saved(data) for path, data in files.items()}
    return Case(name, did, kept, full=full)


def named(student: str, did: str, file: str = NAME, **more: Any) -> Case:
    return Case(did, f"has a folder with {did}", {file: saved(PLAIN)}, ("sigmoid",), student=student, **more)


def packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return stream.getvalue()


CASES = (
    one("Python file", "handed in a script", f"{NUMPY}\n{SIGMOID}".encode(), "work.py"),
    one(
        "script with a coding line",
        "handed in a script in KOI8-R",
        f"# -*- coding: koi8-r -*-\n# решение\n{NUMPY}\n{SIGMOID}".encode("koi8-r"),
        "решение.py",
    ),
    one(
        "script from nbconvert",
        "handed in what nbconvert made of the notebook",
        f"#!/usr/bin/env python\n# coding: utf-8\n# In[1]:\n{NUMPY}\nget_ipython().run_line_magic('matplotlib', 'inline')\n"
        f"get_ipython().system('pip install numpy')\n# In[ ]:\n{SIGMOID}".encode(),
        "sigmoid_tanh_exercises.py",
    ),
    one("renamed", "renamed the notebook", PLAIN, "Hausaufgabe 3 (final) NEU.ipynb"),
    one("capital letters", "has an extension in capital letters", PLAIN, "SIGMOID.IPYNB"),
    one("deep folders", "put it into folders in folders", PLAIN, "a/b/week 3/tuesday/x.ipynb"),
    one("name of another student", "has a file name with an address in it", PLAIN, "Sigmoid#1 – ärger & <b>.ipynb"),
    many(
        "checkpoints",
        "left checkpoints, caches, and an environment in the folder",
        {
            NAME: PLAIN,
            ".ipynb_checkpoints/sigmoid_tanh_exercises-checkpoint.ipynb": notebook(NUMPY, WRONG),
            "__pycache__/work.py": WRONG.encode(),
            "venv/lib/site-packages/x.py": WRONG.encode(),
            ".git/config.py": b"x",
            "__MACOSX/._sigmoid_tanh_exercises.ipynb": b"\0\5\x16\7",
        },
    ),
    many(
        "untouched original",
        "left the untouched original beside the answer",
        {
            "sigmoid_tanh_exercises.ipynb": notebook(NUMPY, STUB),
            "my answers.ipynb": PLAIN,
            "z.ipynb": notebook(NUMPY, STUB),
        },
    ),
    many(
        "script beside it",
        "imports a script that lies beside the notebook",
        {
            NAME: notebook(
                NUMPY, "import helpers\nfrom helpers import small as tiny", WITH_SMALL.format("helpers.small")
            ),
            "helpers.py": HELPERS.encode(),
        },
    ),
    many(
        "script with the answers",
        "wrote the answers in a script and imports them into the notebook",
        {
            NAME: notebook(NUMPY, "from answers import *", "from answers import sigmoid", "sigmoid(np.zeros(3))"),
            "answers.py": f"{NUMPY}\n{SIGMOID}".encode(),
        },
    ),
    many(
        "same name in script and notebook",
        "calls a function of a script from one with the same name",
        {
            NAME: notebook(NUMPY, "import helpers as h", "def sigmoid(x):\n    return h.sigmoid(x)"),
            "helpers.py": f"{NUMPY}\n{SIGMOID}".encode(),
        },
    ),
    many(
        "package beside it",
        "imports a package that lies beside the notebook",
        {
            f"work/{NAME}": notebook(
                NUMPY,
                "import sys; sys.path.append('..')",
                "from src.tools import small\nimport src.tools as t",
                WITH_SMALL.format("t.small"),
            ),
            "src/__init__.py": b"",
            "src/tools.py": b"from .deep import small\n",
            "src/deep.py": HELPERS.encode(),
        },
    ),
    many(
        "two topics",
        "handed in the notebooks of two topics, with helpers of the same name",
        {
            NAME: notebook(NUMPY, HELPERS, WITH_SMALL.format("small")),
            "softmax_exercises.ipynb": notebook(
                NUMPY, "def small(z, axis):\n    return z - np.max(z, axis=axis, keepdims=True)", SOFTMAX
            ),
        },
        full=("sigmoid", "softmax"),
    ),
    many(
        "other things in the folder",
        "left pictures, data, and a PDF in the folder",
        {NAME: PLAIN, "photo.jpg": b"\xff\xd8\xff", "data.csv": b"1,2", "report.pdf": b"%PDF-", "thumbs.db": b"\0"},
    ),
    many(
        "one damaged file",
        "handed in a damaged file of another course too",
        {NAME: PLAIN, "lab.ipynb": b'{"cells": [{', "empty.py": b""},
    ),
    one(
        "zip file",
        "handed in a zip file",
        packed({f"my work/{NAME}": saved(PLAIN), "__MACOSX/._x.ipynb": b"\0"}),
        "work.zip",
    ),
    one(
        "zip from Windows",
        "handed in a zip file with backslashes and umlauts in its names",
        packed({f"Übung\\{NAME}": saved(PLAIN)}),
        "abgabe.ZIP",
    ),
)

NAMES = (
    named("王小明", "a Chinese name"),
    named("محمد علي", "an Arabic name"),
    named("नेहा शर्मा", "a Devanagari name"),
    named("Zoë Ångström", "letters with accents"),
    named("=1+1", "a formula for a name"),
    named("<b>Bo & 'co' \"x\"", "markup for a name"),
    named("👩🏽‍💻", "an emoji for a name"),
    named("CON", "a name that Windows reserves"),
    named("a" * 200, "a name of 200 letters"),
    named("O'Neil, Ana_1234_assignsubmission_file_", "the name that Moodle gives"),
    named("-rf *", "a name like an option"),
    named("Mia", "backslashes, in a zip file from Windows", zipped=True, separator="\\"),
    named("Jürgen 李", "letters of two scripts, in a zip file", zipped=True),
    named("Eve", "a path that climbs out of the zip file", f"../../../{NAME}", zipped=True),
)
