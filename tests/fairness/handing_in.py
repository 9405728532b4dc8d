"""What becomes of a file between a right answer and the grader."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from tests.fairness.answers import COMPLEMENT, SIGMOID, SLOPE, SOFTMAX
from tests.fairness.case import Case, code, notebook, saved

NUMPY = "import numpy as np"
PLAIN = notebook(NUMPY, SIGMOID)
NAME = "sigmoid_tanh_exercises.ipynb"
STUB = 'def sigmoid(x):\n    """Return the sigmoid of every entry of `x`."""\n    raise NotImplementedError("yours to write")\n'
WRONG = "def sigmoid(x):\n    return x\n"
HELPERS = "import numpy as np\n\ndef small(x):\n    return np.exp(-np.abs(x))\n\nif __name__ == '__main__':\n    1 / 0\n"
WITH_SMALL = "def sigmoid(x):\n    e = {}(x)\n    return np.where(x >= 0, 1, e) / (1 + e)\n"


def one(name: str, did: str, data: bytes | dict, file: str = NAME, full: tuple[str, ...] = ("sigmoid",)) -> Case:
    return Case(name, did, {file: data if isinstance(data, bytes) else saved(data)}, full=full)


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


def bare(*sources: str) -> dict:
    """A notebook with nothing but what cannot be spared."""
    return {"cells": [{"cell_type": "code", "source": source} for source in sources]}


FORMS = (
    one("cells in another order", "dragged the cells into another order", notebook(COMPLEMENT, SLOPE, SIGMOID, NUMPY),
        full=("sigmoid", "complement", "sigmoid_grad")),
    one("cells twice", "duplicated the cells, and left untouched copies below", notebook(NUMPY, STUB, SIGMOID, SIGMOID, STUB)),
    one("cells deleted", "deleted every cell but the answers", notebook(SIGMOID)),
    one("one cell", "merged everything into one cell", notebook(f"{NUMPY}\n{STUB}\n{SIGMOID}\nprint(sigmoid(0.0))\n{STUB}")),
    one("split cells", "put every statement into a cell of its own", notebook(*SIGMOID.join(["import numpy as np\n", "\nsigmoid"]).split("\n\n"))),
    one("lost metadata", "lost ids, metadata, outputs, and version", bare(NUMPY, SIGMOID)),
    one("odd ids", "has the same id on every cell", notebook(code(NUMPY, id="x"), code(SIGMOID, id="x"))),
    one("another kernel", "ran it with a kernel called julia-1.9",
        {**PLAIN, "metadata": {"kernelspec": {"name": "julia-1.9", "language": "julia", "display_name": "Julia"}}}),
    one("nbformat 3", "saved it in the format of 2013",
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [
            {"cell_type": "code", "language": "python", "input": text.splitlines(keepends=True), "outputs": [], "collapsed": False}
            for text in (NUMPY, SIGMOID)]}]}),
    one("format of the future", "saved it in a version that does not exist yet", {**PLAIN, "nbformat": 6, "cells": [
        *PLAIN["cells"], {"cell_type": "quantum", "source": "?"}, None, []]}),
    one("Colab file", "downloaded it from Colab", {**PLAIN, "nbformat_minor": 0, "metadata": {
        "colab": {"provenance": [], "gpuType": "T4"}, "accelerator": "GPU", "kernelspec": {"name": "python3"}},
        "cells": [code("#@title Setup\n%%capture\n!pip install numpy\n" + NUMPY, cellView="form"), code(SIGMOID, outputId="1")]}),
    one("VS Code file", "saved it in VS Code", {**PLAIN, "cells": [
        code(NUMPY, metadata={"vscode": {"languageId": "python"}}), code(SIGMOID, metadata={"vscode": {"languageId": "python"}})]}),
    one("lines as a list", "has its source as a list of lines", {**PLAIN, "cells": [
        code(NUMPY), {**code(""), "source": SIGMOID.splitlines(keepends=True)}]}),
    one("huge outputs", "left 8 MB of outputs in the notebook", {**PLAIN, "cells": [
        code(NUMPY, outputs=[{"output_type": "display_data", "data": {"image/png": "A" * 2**23}}]), code(SIGMOID)]}),
    one("byte order mark", "saved it with a byte order mark", saved(PLAIN, "utf-8-sig")),
    one("UTF-16", "saved it as UTF-16 in Notepad", saved(PLAIN, "utf-16")),
    one("latin-1", "saved it as latin-1, with umlauts", saved(notebook(NUMPY, "# für die Übung\n" + SIGMOID), "latin-1")),
    one("CRLF", "has Windows line ends, in the file and in the cells",
        saved(notebook(NUMPY, SIGMOID.replace("\n", "\r\n"))).replace(b"\n", b"\r\n")),
    one("old Mac line ends", "has the line ends of old Macs", saved(notebook(NUMPY, SIGMOID.replace("\n", "\r")))),
    one("lone surrogates", "pasted half an emoji and a NUL", json.dumps(notebook(NUMPY, "# \ud83d \0\n" + SIGMOID)).encode()),
    one("text after the end", "merged it with git and has blank lines behind it", saved(PLAIN) + b"\n\n\n \n"),
    one("tabs", "indents with tabs", notebook(NUMPY, SIGMOID.replace("    ", "\t"))),
    one("no last newline", "pasted code without a last line end, behind blank lines", notebook(NUMPY, "\n\n\n" + SIGMOID.rstrip())),
    one("prompts", "pasted from a terminal, prompts and all",
        notebook(NUMPY, "".join((">>> " if not n else "... ") + line + "\n" for n, line in enumerate(SIGMOID.splitlines())))),
)

FILES = (
    one("Python file", "handed in a script", f"{NUMPY}\n{SIGMOID}".encode(), "work.py"),
    one("script with a coding line", "handed in a script in KOI8-R",
        f"# -*- coding: koi8-r -*-\n# решение\n{NUMPY}\n{SIGMOID}".encode("koi8-r"), "решение.py"),
    one("script from nbconvert", "handed in what nbconvert made of the notebook",
        f"#!/usr/bin/env python\n# coding: utf-8\n# In[1]:\n{NUMPY}\nget_ipython().run_line_magic('matplotlib', 'inline')\n"
        f"get_ipython().system('pip install numpy')\n# In[ ]:\n{SIGMOID}".encode(), "sigmoid_tanh_exercises.py"),
    one("renamed", "renamed the notebook", PLAIN, "Hausaufgabe 3 (final) NEU.ipynb"),
    one("capital letters", "has an extension in capital letters", PLAIN, "SIGMOID.IPYNB"),
    one("deep folders", "put it into folders in folders", PLAIN, "a/b/week 3/tuesday/x.ipynb"),
    one("name of another student", "has a file name with an address in it", PLAIN, "Sigmoid#1 – ärger & <b>.ipynb"),
    many("checkpoints", "left checkpoints, caches, and an environment in the folder", {
        NAME: PLAIN, ".ipynb_checkpoints/sigmoid_tanh_exercises-checkpoint.ipynb": notebook(NUMPY, WRONG),
        "__pycache__/work.py": WRONG.encode(), "venv/lib/site-packages/x.py": WRONG.encode(), ".git/config.py": b"x",
        "__MACOSX/._sigmoid_tanh_exercises.ipynb": b"\0\5\x16\7"}),
    many("untouched original", "left the untouched original beside the answer",
         {"sigmoid_tanh_exercises.ipynb": notebook(NUMPY, STUB), "my answers.ipynb": PLAIN, "z.ipynb": notebook(NUMPY, STUB)}),
    many("script beside it", "imports a script that lies beside the notebook",
         {NAME: notebook(NUMPY, "import helpers\nfrom helpers import small as tiny", WITH_SMALL.format("helpers.small")),
          "helpers.py": HELPERS.encode()}),
    many("script with the answers", "wrote the answers in a script and imports them into the notebook",
         {NAME: notebook(NUMPY, "from answers import *", "from answers import sigmoid", "sigmoid(np.zeros(3))"),
          "answers.py": f"{NUMPY}\n{SIGMOID}".encode()}),
    many("same name in script and notebook", "calls a function of a script from one with the same name",
         {NAME: notebook(NUMPY, "import helpers as h", "def sigmoid(x):\n    return h.sigmoid(x)"),
          "helpers.py": f"{NUMPY}\n{SIGMOID}".encode()}),
    many("package beside it", "imports a package that lies beside the notebook",
         {f"work/{NAME}": notebook(NUMPY, "import sys; sys.path.append('..')", "from src.tools import small\nimport src.tools as t",
                                   WITH_SMALL.format("t.small")),
          "src/__init__.py": b"", "src/tools.py": b"from .deep import small\n", "src/deep.py": HELPERS.encode()}),
    many("two topics", "handed in the notebooks of two topics, with helpers of the same name", {
        NAME: notebook(NUMPY, HELPERS, WITH_SMALL.format("small")),
        "softmax_exercises.ipynb": notebook(NUMPY, "def small(z, axis):\n    return z - np.max(z, axis=axis, keepdims=True)", SOFTMAX)},
        full=("sigmoid", "softmax")),
    many("other things in the folder", "left pictures, data, and a PDF in the folder",
         {NAME: PLAIN, "photo.jpg": b"\xff\xd8\xff", "data.csv": b"1,2", "report.pdf": b"%PDF-", "thumbs.db": b"\0"}),
    many("one damaged file", "handed in a damaged file of another course too", {NAME: PLAIN, "lab.ipynb": b'{"cells": [{', "empty.py": b""}),
    one("zip file", "handed in a zip file", packed({f"my work/{NAME}": saved(PLAIN), "__MACOSX/._x.ipynb": b"\0"}), "work.zip"),
    one("zip from Windows", "handed in a zip file with backslashes and umlauts in its names",
        packed({f"Übung\\{NAME}": saved(PLAIN)}), "abgabe.ZIP"),
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

CASES = (*FORMS, *FILES, *NAMES)
