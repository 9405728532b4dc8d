"""What becomes of a notebook on its way: formats, encodings, cells out of order."""

from __future__ import annotations

import json

from tests.fairness.answers import COMPLEMENT, SIGMOID, SLOPE
from tests.fairness.case import Case, code, notebook, saved

NUMPY = "import numpy as np"
PLAIN = notebook(NUMPY, SIGMOID)
NAME = "sigmoid_tanh_exercises.ipynb"
STUB = 'def sigmoid(x):\n    """Return the sigmoid of every entry of `x`."""\n    raise NotImplementedError("yours to write")\n'


def one(name: str, did: str, data: bytes | dict, file: str = NAME, full: tuple[str, ...] = ("sigmoid",)) -> Case:
    return Case(name, did, {file: data if isinstance(data, bytes) else saved(data)}, full=full)


def bare(*sources: str) -> dict:
    """A notebook with nothing but what cannot be spared."""
    return {"cells": [{"cell_type": "code", "source": source} for source in sources]}


CASES = (
    one(
        "cells in another order",
        "dragged the cells into another order",
        notebook(COMPLEMENT, SLOPE, SIGMOID, NUMPY),
        full=("sigmoid", "complement", "sigmoid_grad"),
    ),
    one(
        "cells twice",
        "duplicated the cells, and left untouched copies below",
        notebook(NUMPY, STUB, SIGMOID, SIGMOID, STUB),
    ),
    one("cells deleted", "deleted every cell but the answers", notebook(SIGMOID)),
    one(
        "one cell",
        "merged everything into one cell",
        notebook(f"{NUMPY}\n{STUB}\n{SIGMOID}\nprint(sigmoid(0.0))\n{STUB}"),
    ),
    one(
        "split cells",
        "put every statement into a cell of its own",
        notebook(*SIGMOID.join(["import numpy as np\n", "\nsigmoid"]).split("\n\n")),
    ),
    one("lost metadata", "lost ids, metadata, outputs, and version", bare(NUMPY, SIGMOID)),
    one("odd ids", "has the same id on every cell", notebook(code(NUMPY, id="x"), code(SIGMOID, id="x"))),
    one(
        "another kernel",
        "ran it with a kernel called julia-1.9",
        {**PLAIN, "metadata": {"kernelspec": {"name": "julia-1.9", "language": "julia", "display_name": "Julia"}}},
    ),
    one(
        "nbformat 3",
        "saved it in the format of 2013",
        {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {"name": ""},
            "worksheets": [
                {
                    "cells": [
                        {
                            "cell_type": "code",
                            "language": "python",
                            "input": text.splitlines(keepends=True),
                            "outputs": [],
                            "collapsed": False,
                        }
                        for text in (NUMPY, SIGMOID)
                    ]
                }
            ],
        },
    ),
    one(
        "format of the future",
        "saved it in a version that does not exist yet",
        {**PLAIN, "nbformat": 6, "cells": [*PLAIN["cells"], {"cell_type": "quantum", "source": "?"}, None, []]},
    ),
    one(
        "Colab file",
        "downloaded it from Colab",
        {
            **PLAIN,
            "nbformat_minor": 0,
            "metadata": {
                "colab": {"provenance": [], "gpuType": "T4"},
                "accelerator": "GPU",
                "kernelspec": {"name": "python3"},
            },
            "cells": [
                code("#@title Setup\n%%capture\n!pip install numpy\n" + NUMPY, cellView="form"),
                code(SIGMOID, outputId="1"),
            ],
        },
    ),
    one(
        "VS Code file",
        "saved it in VS Code",
        {
            **PLAIN,
            "cells": [
                code(NUMPY, metadata={"vscode": {"languageId": "python"}}),
                code(SIGMOID, metadata={"vscode": {"languageId": "python"}}),
            ],
        },
    ),
    one(
        "lines as a list",
        "has its source as a list of lines",
        {**PLAIN, "cells": [code(NUMPY), {**code(""), "source": SIGMOID.splitlines(keepends=True)}]},
    ),
    one(
        "huge outputs",
        "left 8 MB of outputs in the notebook",
        {
            **PLAIN,
            "cells": [
                code(NUMPY, outputs=[{"output_type": "display_data", "data": {"image/png": "A" * 2**23}}]),
                code(SIGMOID),
            ],
        },
    ),
    one("byte order mark", "saved it with a byte order mark", saved(PLAIN, "utf-8-sig")),
    one("UTF-16", "saved it as UTF-16 in Notepad", saved(PLAIN, "utf-16")),
    one(
        "latin-1", "saved it as latin-1, with umlauts", saved(notebook(NUMPY, "# für die Übung\n" + SIGMOID), "latin-1")
    ),
    one(
        "CRLF",
        "has Windows line ends, in the file and in the cells",
        saved(notebook(NUMPY, SIGMOID.replace("\n", "\r\n"))).replace(b"\n", b"\r\n"),
    ),
    one("old Mac line ends", "has the line ends of old Macs", saved(notebook(NUMPY, SIGMOID.replace("\n", "\r")))),
    one(
        "lone surrogates",
        "pasted half an emoji and a NUL",
        json.dumps(notebook(NUMPY, "# \ud83d \0\n" + SIGMOID)).encode(),
    ),
    one("text after the end", "merged it with git and has blank lines behind it", saved(PLAIN) + b"\n\n\n \n"),
    one("tabs", "indents with tabs", notebook(NUMPY, SIGMOID.replace("    ", "\t"))),
    one(
        "no last newline",
        "pasted code without a last line end, behind blank lines",
        notebook(NUMPY, "\n\n\n" + SIGMOID.rstrip()),
    ),
    one(
        "prompts",
        "pasted from a terminal, prompts and all",
        notebook(
            NUMPY, "".join((">>> " if not n else "... ") + line + "\n" for n, line in enumerate(SIGMOID.splitlines()))
        ),
    ),
)
