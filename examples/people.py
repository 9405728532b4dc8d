"""The example class: who they are, and what they handed in. tests/test_example_class.py says what each deserves."""

from __future__ import annotations

import json

from autograder import registry
from copies import Copy, as_bytes, as_version_3, but, mistaken, other_way, right, where
from mishaps import (
    COMMENTS,
    CRASHES,
    DIARY,
    FRENCH,
    NOISE,
    OTHER_COURSE,
    SCRIPT,
    SPY,
    cluttered,
    untidy,
)

SIGMOID, SOFTMAX, RELU = "sigmoid_tanh", "softmax", "relu_convexity"
TOPICS = (SIGMOID, SOFTMAX, RELU)  # where most of the class has got to
COURSE = tuple(registry.topics())  # two have done everything
MISTAKEN = (
    "Olga Kowalczyk",
    "Priya Raghunathan",
    "佐藤 陽翔",
    "Amélie Dubois",
    "Kwame Mensah",
    "لیلا حسینی",
    "Nils Ødegård",
    "অনন্যা চক্রবর্তী",
)
# What many get wrong, beside much that is right: whose answer to which exercise is its first misconception.
USUAL = {
    "Hana Procházková": ("sigmoid", "sigmoid_grad", "softmax", "logsumexp"),
    "Mateo Quispe": ("sigmoid", "log_sigmoid", "softmax", "log_softmax"),
    "Ayşe Yıldız": ("sigmoid", "complement", "logsumexp", "derivation_reflection"),
    "Tomasz Zieliński": ("sigmoid", "log_sigmoid", "softmax", "softmax_jacobian", "witness_two_minima"),
    "Leilani Kahale": ("log_sigmoid", "softmax", "choice_complement"),
}


def submissions() -> dict[str, bytes]:
    """Every file of the class: path below examples/submissions to content."""
    files: dict[str, bytes] = {}
    for person in PEOPLE:
        files |= person()
    for number, name in enumerate(MISTAKEN):
        files |= handed_in(name, *(Copy(topic, name).answer(mistaken(number)) for topic in TOPICS))
    for name, mistakes in USUAL.items():
        files |= handed_in(name, *(Copy(topic, name).answer(where(mistakes, mistaken(0))) for topic in TOPICS))
    return files


def handed_in(name: str, *copies: Copy, below: str = "") -> dict[str, bytes]:
    return {f"{name}/{below}{copy.topic}_exercises.ipynb": copy.data for copy in copies}


def perfect() -> dict[str, bytes]:
    """Everything right, as the course itself would write it; keeps a diary in the notebook."""
    name = "Noor Haddad"
    copies = [Copy(topic, name).answer(right) for topic in COURSE]
    for copy in copies:
        copy.insert(2, DIARY, "markdown").insert(len(copy.cells), "sigmoid(np.linspace(-3, 3, 7))")
    return handed_in(name, *copies)


def perfect_in_another_way() -> dict[str, bytes]:
    """Everything right, nothing written as in the solutions; handed in below a folder for each week."""
    name = "Emma Lindqvist"
    week = enumerate(COURSE, 3)
    return {
        f"{name}/week {number}/{topic}_exercises.ipynb": Copy(topic, name).answer(other_way(0)).data
        for number, topic in week
    }


def a_third_way() -> dict[str, bytes]:
    """Right in yet another way; every magic there is."""
    name = "नेहा शर्मा"
    return handed_in(name, *(cluttered(Copy(topic, name).answer(other_way(1))) for topic in TOPICS))


def untouched() -> dict[str, bytes]:
    return handed_in("王小明", *(Copy(topic, "王小明") for topic in TOPICS))


def partly() -> dict[str, bytes]:
    """Did what is numeric, and left everything that smells of proof."""
    name = "Aoife O'Sullivan"
    return handed_in(name, *(Copy(t, name).answer(lambda e: e.reference if e.kind in "NGP" else None) for t in TOPICS))


def endless() -> dict[str, bytes]:
    """One loop without an end; all else right."""
    name = "Łukasz Żak"
    copy = Copy(SIGMOID, name).answer(right)
    copy.put("log_sigmoid", CRASHES["endless loop"])
    return handed_in(name, copy)


def crash_at_import() -> dict[str, bytes]:
    """The first cell fails, as it does on every machine but his; all else right."""
    name = "Ivan Петров"
    copy = Copy(SOFTMAX, name).answer(right)
    return handed_in(name, copy.insert(1, CRASHES["at import"]))


def syntax_error() -> dict[str, bytes]:
    """One bracket missing in one function, and a helper behind it in the same cell."""
    name = "Chidinma Okafor"
    copy = Copy(SIGMOID, name).answer(right)
    return handed_in(name, copy.put("sigmoid_grad", CRASHES["syntax error"]))


def rough_handling() -> dict[str, bytes]:
    """No metadata, no ids, cells renamed, doubled, reordered and deleted; all answers right."""
    name = "Zoë Ångström"
    return handed_in(name, *(untidy(Copy(topic, name).answer(right)) for topic in (SIGMOID, RELU)))


def broken_json() -> dict[str, bytes]:
    """The upload broke off."""
    name = "Nguyễn Văn An"
    data = Copy(SOFTMAX, name).answer(right).data
    return {f"{name}/softmax_exercises.ipynb": data[: len(data) * 2 // 3]}


def empty_file() -> dict[str, bytes]:
    """One file is empty, the other one is fine."""
    name = "José María Núñez"
    return handed_in(name, Copy(SIGMOID, name).answer(right)) | {f"{name}/softmax_exercises.ipynb": b""}


def noisy() -> dict[str, bytes]:
    """Prints, warns, changes the folder, and is right."""
    name = "Fatoumata Diallo"
    copy = Copy(SIGMOID, name).answer(right).insert(2, NOISE)
    place = copy.place("sigmoid")
    copy.cells[place]["source"] = copy.cells[place]["source"].replace("    e =", "    print('x =', x)\n    e =")
    return handed_in(name, copy)


def format_of_2013() -> dict[str, bytes]:
    name = "Μαρία Παπαδοπούλου"
    copy = Copy(SOFTMAX, name).answer(right)
    return {f"{name}/softmax_exercises.ipynb": as_bytes(as_version_3(copy.notebook))}


def helper_elsewhere() -> dict[str, bytes]:
    """The helper stands in a cell below its use; the file has a byte order mark and the line ends of Windows."""
    name = "محمد علي"
    copy = Copy(SIGMOID, name).answer(right)
    copy.put("sigmoid", "def sigmoid(x):\n    return safe(x) / (1 + np.exp(-np.abs(x)))")
    copy.insert(len(copy.cells), "def safe(x):\n    return np.exp(np.minimum(x, 0))")
    text = copy.data.decode().replace("\n", "\r\n").replace("\\n", "\\r\\n")
    return {f"{name}/sigmoid_tanh_exercises.ipynb": text.encode("utf-8-sig")}


def as_a_script() -> dict[str, bytes]:
    """No notebook: a .py file in latin-1, and one helper file beside it."""
    return {f"김민준/{path}": text.encode("latin-1") for path, text in SCRIPT.items()}


def spy() -> dict[str, bytes]:
    """Looks for the answers instead of looking for an answer."""
    name = "=1+1"
    copy = Copy(SOFTMAX, name)
    return handed_in(name, copy.insert(2, SPY["cell"]).put("softmax", SPY["softmax"]).put("logsumexp", SPY["logsumexp"]))


def copied() -> dict[str, bytes]:
    """The notebook of Noor Haddad with another name in it: what has numbers of one's own does not fit."""
    copy = Copy(SIGMOID, "Noor Haddad").answer(right).replace('"Noor Haddad"', '"Giulia Rossi"')
    return handed_in("Giulia Rossi", copy)


def destructive() -> dict[str, bytes]:
    """Ends the process, fills the memory, recurses without end; and two answers that are right."""
    name = "Sione Tupou"
    copy = Copy(SOFTMAX, name).answer(lambda e: e.reference if e.id in ("softmax", "log_softmax") else None)
    copy.put("logsumexp", CRASHES["exit"]).put("softmax_vjp", CRASHES["memory"])
    copy.put("softmax_jacobian", CRASHES["recursion"])
    return handed_in(name, copy.insert(len(copy.cells), "import sys\nsys.exit('bye')"))


def another_course() -> dict[str, bytes]:
    return {"Bakhyt Сейітов/lab1.ipynb": as_bytes(OTHER_COURSE)}


def no_notebook() -> dict[str, bytes]:
    return {"Tāne Ngata/homework.pdf": b"%PDF-1.4\n"}


def french() -> dict[str, bytes]:
    """A notebook in latin-1, with comments that need it; partly in her own words, no STUDENT at all."""
    name = "Éloïse Lefèvre"
    copy = Copy(RELU, name).answer(but(right, witness_permutation=None)).replace(f'STUDENT = "{name}"', FRENCH)
    return {f"{name}/relu_convexity_exercises.ipynb": json.dumps(
        copy.replace("# ", COMMENTS).notebook, ensure_ascii=False, indent=1
    ).encode("latin-1", errors="xmlcharrefreplace")}  # fmt: skip


PEOPLE = (
    perfect,
    perfect_in_another_way,
    a_third_way,
    untouched,
    partly,
    endless,
    crash_at_import,
    syntax_error,
    rough_handling,
    broken_json,
    empty_file,
    noisy,
    format_of_2013,
    helper_elsewhere,
    as_a_script,
    spy,
    copied,
    destructive,
    another_course,
    no_notebook,
    french,
)
