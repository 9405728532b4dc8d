"""What may arrive instead of a notebook: noise, damaged notebooks, JSON of odd shapes, and cells that are no Python."""

from __future__ import annotations

import io
import json
import warnings
import zipfile

from hypothesis import strategies as st

from tests.fairness.page import CASES

# Real submissions are the best seeds: every form that students hand in, and what they write in cells.
FILES = sorted({(name, data) for case in CASES for name, data in case.files.items() if len(data) < 4_000})
names = st.sampled_from(["a.ipynb", "A.IPYNB", "a.py", "a"])
text = st.text(st.characters(), max_size=30)  # lone surrogates and NUL among them

PIECES = [
    *(
        "def f(x):",
        "def f(x): return x",
        "    return x",
        "\treturn x",
        "@",
        "@f",
        "class A:",
        "    pass",
        "async def f(): await x",
    ),
    *(
        "%%time",
        "%%bash",
        "%time f(1)",
        "  %%capture out",
        "%matplotlib inline",
        "!ls",
        "x = !ls",
        "?f",
        "f?",
        "f??",
        "%",
        "!",
        "%%",
        "/f x",
    ),
    *("get_ipython()", "get_ipython().run_line_magic('time', 'f(1)')", "get_ipython().system('ls')", "get_ipython('''"),
    *(
        "'''",
        '"""',
        "(",
        "[",
        "{",
        ")",
        "]",
        "}",
        "\\",
        ":",
        ",",
        "...",
        "#",
        "# coding: utf-16",
        "STUDENT = 'Ana'",
        "STUDENT =",
    ),
    *(
        "if True:",
        "else:",
        "try:",
        "except:",
        "finally:",
        "match x:",
        "    case _:",
        "with x:",
        "lambda",
        "yield",
        "return",
        "import f",
    ),
    *(
        "raise NotImplementedError",
        "    raise NotImplementedError",
        "Step(..., 'rule')",
        "f = 1",
        "del f",
        ">>> f",
        "... f",
        "In [1]: f",
    ),
    *(
        "\0",
        "\f",
        "\v",
        "\r",
        "\x1c",
        "\x85",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\ud800",
        "é",
        "𝐟 = 1",
        "0x",
        "1_000_",
        "1e999",
        "'\\N{DASH}'",
    ),
    *("-" * 3_000 + "1", "(" * 300, "f(" * 150, "x = " * 90, "9" * 5_000, "    " * 120 + "x", "a." * 2_000 + "b"),
]
pieces = st.sampled_from(PIECES) | st.sampled_from(sorted(piece for piece in PIECES if len(piece) == 1)) | text
sources = st.lists(st.tuples(st.sampled_from(["\n", "\n", "\n", "", " ", "\n    "]), pieces), max_size=12).map(
    lambda parts: "".join(a + b for a, b in parts)
)

KEYS = ["cells", "worksheets", "source", "input", "cell_type", "metadata", "nbformat", "code", "markdown", "outputs"]
odd = (
    st.none() | st.booleans() | st.integers() | st.floats() | text | st.sampled_from(KEYS) | sources
    | st.sampled_from([10**4_000, -(10**300), 1e308])
)  # fmt: skip
shapes = st.recursive(
    odd, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | text, inner, max_size=4),
    max_leaves=25,
)  # fmt: skip
cells = st.fixed_dictionaries(
    {"cell_type": st.just("code") | odd},
    optional={"source": sources | st.lists(sources, max_size=3) | shapes, "input": sources},
)
notebooks = st.one_of(
    st.fixed_dictionaries({"cells": st.lists(cells | shapes, max_size=4)}),
    st.fixed_dictionaries(
        {"worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(cells, max_size=3)}) | shapes, max_size=3)}
    ),
    shapes,
)


@st.composite
def mutated(draw, whole):
    """Bytes with a few of them removed, replaced, repeated or put somewhere else."""
    data = bytearray(draw(whole))
    for _ in range(draw(st.integers(1, 6))):
        at, to = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        kind = draw(st.sampled_from(["cut", "noise", "flip", "twice", "move", "token"]))
        if kind == "cut":
            del data[at : min(to, at + 40)]
        elif kind == "noise":
            data[at:at] = draw(st.binary(max_size=8))
        elif kind == "flip" and data:
            data[at % len(data)] ^= draw(st.integers(1, 255))
        elif kind == "twice":
            data[at:at] = data[at : min(to, at + 200)]
        elif kind == "move":
            data[to:to] = data[at : at + 30]
        elif kind == "token":
            data[at:at] = draw(
                st.sampled_from(
                    [b'"', b"\\", b"[", b"{", b"]", b"}", b",", b"\\ud800", b"\\u0000", b"\xff\xfe", b"1e9", b"\n"]
                )
            )
    return bytes(data)


def as_json(value) -> bytes:
    return json.dumps(value).encode()


def deep(parts: tuple[str, int]) -> bytes:
    opening, depth = parts
    return ('{"cells": ' + opening * depth).encode()


def archived(parts: list[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # of names that occur twice
        for name, data in parts:
            archive.writestr(name if name[0] != "\0" else "a" + name, data)  # zipfile cuts names at the first NUL
    return stream.getvalue()


archives = st.lists(
    st.tuples(names | st.text(st.characters(codec="utf-8"), min_size=1, max_size=30), st.binary(max_size=60)),
    max_size=4,
).map(archived)
handed_in = st.one_of(
    st.tuples(names, st.binary(max_size=400)),
    st.tuples(names, notebooks.map(as_json)),
    st.tuples(
        names, notebooks.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    ),
    st.tuples(names, sources.map(lambda source: source.encode("utf-8", "surrogatepass"))),
    st.tuples(names, sources.map(lambda source: as_json({"cells": [{"source": source}]}))),
    st.tuples(names, mutated(st.sampled_from(FILES).map(lambda file: file[1]))),
    st.tuples(
        names,
        st.tuples(st.sampled_from(["[", '{"a":', '[{"cells":', '"']), st.sampled_from([10, 900, 100_000])).map(deep),
    ),
)
