"""The reader takes what students hand in, whatever happened to it on the way."""

import json

import pytest

from autograder.notebooks.magics import plain_python
from autograder.notebooks.parse import parsed
from autograder.notebooks.read import (
    LARGEST_CODE,
    LARGEST_FILE,
    MOST_CELLS,
    Unreadable,
    declared_student,
    read_bytes,
    read_program,
)
from autograder.notebooks.statements import bound_names, error_line, split_around_errors

ANSWER = "def f(x):\n    return 2 * x\n"
STUB = 'def f(x):\n    """Double x."""\n    raise NotImplementedError("yours to write")\n'


def notebook(*sources, **more):
    return {"cells": [{"cell_type": "code", "source": source} for source in sources], **more}


def names_after(program):
    """What the cells define when they are run the way a kernel runs them, each on its own."""
    scope = {}
    for cell in program.cells:
        try:
            exec(compile(cell, "cell", "exec"), scope)
        except Exception:
            continue
    return scope


def runs(name, data):
    return names_after(read_bytes(name, data))["f"](21)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"])
@pytest.mark.parametrize("name", ["work.ipynb", "work.py"])
def test_every_usual_encoding_is_read(name, encoding):
    source = f"# für Übungen, naïve\n{ANSWER}"
    text = json.dumps(notebook(source), ensure_ascii=False) if name.endswith("ipynb") else source
    assert runs(name, text.encode(encoding)) == 42


def test_a_coding_line_is_believed():
    assert runs("work.py", f"# -*- coding: koi8-r -*-\n# привет\n{ANSWER}".encode("koi8-r")) == 42
    program = read_bytes("work.py", "# -*- coding: koi8-r -*-\nSTUDENT = 'Мария'\n".encode("koi8-r"))
    assert program.student == "Мария"


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems(ending):
    assert runs("work.py", ANSWER.replace("\n", ending).encode()) == 42


FORMS = {
    "no metadata, no ids": notebook(ANSWER),
    "source as a list of lines": notebook(ANSWER.splitlines(keepends=True)),
    "nbformat 3": {"worksheets": [{"cells": [{"cell_type": "code", "input": ANSWER, "language": "python"}]}]},
    "an unknown kernel": notebook(ANSWER, metadata={"kernelspec": {"name": "conda-env-ml-py"}}, nbformat=4),
    "from Colab": notebook(ANSWER, metadata={"colab": {"provenance": []}}, nbformat=4, nbformat_minor=0),
    "a version nobody knows": notebook(ANSWER, nbformat=99),
    "odd things among the cells": {"cells": [None, 7, {"cell_type": "code"}, {"cell_type": "code", "source": ANSWER}]},
    "a copy of the stub below the answer": notebook(ANSWER, STUB),
    "a copy of the stub above the answer": notebook(STUB, ANSWER),
    "stub and answer in one cell": notebook(STUB + "\n" + ANSWER + "\n" + STUB),
    "a lone surrogate and a NUL in a comment": notebook("# \ud800 \0\n" + ANSWER),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_notebook(form):
    assert runs("work.ipynb", json.dumps(FORMS[form]).encode()) == 42


def test_markdown_and_raw_cells_are_no_code():
    cells = [{"cell_type": kind, "source": "f = None"} for kind in ("markdown", "raw", "heading")]
    assert read_bytes("work.ipynb", json.dumps({"cells": cells}).encode()).cells == ()


MAGICS = {
    "%%time": f"%%time\n{ANSWER}",
    "%%capture with an argument": f"%%capture out\n{ANSWER}",
    "two cell magics": f"%%time\n%%capture\n{ANSWER}",
    "%matplotlib": f"%matplotlib inline\n{ANSWER}",
    "!pip": f"!pip install numpy\n%pip install sympy\n{ANSWER}",
    "shell output in a variable": f"files = !ls\n{ANSWER}",
    "%time before an assignment": "%time f = lambda x: 2 * x",
    "help": f"f?\n?print\n{ANSWER}",
    "a magic inside a function": "def f(x):\n    %timeit x\n    return 2 * x",
    "exported by nbconvert": f"get_ipython().run_line_magic('matplotlib', 'inline')\n{ANSWER}",
    "old notation": f"get_ipython().magic('pylab')\n{ANSWER}",
    "prompts copied along": ">>> def f(x):\n...     return 2 * x",
    "a magic beside a syntax error": f"!ls\nprint 'hello'\n%matplotlib inline\n{ANSWER}",
}


@pytest.mark.parametrize("magic", MAGICS)
def test_magics_do_no_harm(magic):
    program = read_bytes("work.ipynb", json.dumps(notebook(MAGICS[magic])).encode())
    assert names_after(program)["f"](21) == 42
    assert not any("get_ipython" in cell for cell in program.cells)


@pytest.mark.parametrize("magic", ["bash", "html", "javascript", "writefile f.py", "latex"])
def test_cells_in_another_language_are_dropped(magic):
    assert plain_python(f"%%{magic}\nf = 1") == ""


def test_the_reader_warns_about_nothing():
    doubtful = "import re\nodd = re.match('\\d', '1') is 1\n"
    assert set(bound_names(read_bytes("work.py", (doubtful + ANSWER).encode()).cells)) == {"re", "odd", "f"}


def test_a_percent_sign_in_plain_python_stays():
    source = 'x = 7\nprint("%d" % x, 10 % 3)\ns = """\n%matplotlib\n!ls\n"""\n'
    assert plain_python(source) == source


def test_magics_keep_the_line_numbers():
    source = "%%time\n!ls\n\nraise ValueError"
    assert plain_python(source).rstrip("\n").split("\n").index("raise ValueError") == 3


def test_a_syntax_error_costs_only_its_statement():
    cell = f"{ANSWER}\nx = (1,\n\ndef g(x):\n    # to do\n\ndef h(x):\n    return x\n\nwhile True print(1)\ny = 3\n"
    parts = split_around_errors(cell)
    sound = [part for part in parts if error_line(part) is None]
    assert set(bound_names(sound)) == {"f", "h", "y"}
    assert [part.strip() for part in parts if part not in sound] == [
        "x = (1,",
        "def g(x):\n    # to do",
        "while True print(1)",
    ]
    for part in parts:  # every part stands on the lines it came from
        first = len(part) - len(part.lstrip("\n"))
        assert cell.split("\n")[first] == part.lstrip("\n").split("\n")[0]


def test_a_monstrous_cell_takes_no_time():
    read_bytes("work.py", b"x = (\n" * 20_000)
    read_bytes("work.py", b"-" * 100_000 + b"1")
    read_bytes("work.py", b"(" * 100_000)
    read_bytes("work.ipynb", json.dumps(notebook("!ls\n" * 30_000)).encode())
    read_bytes("work.py", b"def f(x): 1\n" * 30_000)
    read_bytes("work.py", b"%%time\n" * 200_000 + ANSWER.encode())
    read_bytes("work.py", b"%%time\n" + b"\n" * 200_000 + b"%%time\n" + b"\n" * 200_000 + ANSWER.encode())


def test_more_fields_than_a_parser_can_find_in_time_are_a_syntax_error():
    fields = "".join(f"{{a{number}}}" for number in range(200_000))
    assert parsed(f"f'{fields}'") is None
    assert parsed(f'rF"""{fields}"""') is None
    assert parsed("f'{a}{b}'") is not None
    assert parsed(f"g = '{fields}', {{}}") is not None


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.ipynb", b"", "empty"),
        ("a.py", b" \n ", "empty"),
        ("a.ipynb", b'{"cells": [{"cell_type"', "not a whole notebook"),
        ("a.ipynb", b"<!DOCTYPE html><html>", "web page"),
        ("a.ipynb", b"[1, 2]", "no cells"),
        ("a.ipynb", b'{"metadata": {}}', "no cells"),
        ("a.ipynb", b"[" * 200_000, "not a notebook"),
        ("a.ipynb", b"\x00\xff\x13garbage", "not a whole notebook"),
        ("a.py", b"x" * (LARGEST_FILE + 1), "larger than"),
        ("a.py", b"#" * (LARGEST_CODE + 1), "too much"),
        ("a.ipynb", json.dumps(notebook(*[STUB] * (MOST_CELLS + 1))).encode(), "cells"),
    ],
)
def test_what_cannot_be_read_says_why_in_one_sentence(name, data, says):
    with pytest.raises(Unreadable) as caught:
        read_bytes(name, data)
    reason = caught.value.reason
    assert says in reason
    assert name in reason
    assert reason.endswith(".")
    assert "\n" not in reason


def test_a_missing_file_is_unreadable(tmp_path):
    with pytest.raises(Unreadable, match=r"nowhere\.ipynb cannot be opened"):
        read_program(tmp_path / "nowhere.ipynb")


@pytest.mark.parametrize(
    ("cells", "student"),
    [
        (["STUDENT = 'Zoë Ångström'"], "Zoë Ångström"),
        (["STUDENT: str = 'Łukasz'"], "Łukasz"),
        (["x = STUDENT = '  王  小明 '"], "王 小明"),
        (["STUDENT = 'your name'", "STUDENT = 'Amara'"], "Amara"),
        (["STUDENT = 'your name'"], None),
        (["STUDENT = input()", "def f():\n    STUDENT = 'inner'"], None),
        (["# STUDENT = 'a comment'", "STUDENT ="], None),
    ],
)
def test_the_declared_name_is_found_without_running_anything(cells, student):
    assert declared_student(cells) == student
