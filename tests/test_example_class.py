"""The example class gets the marks a fair teacher would give, student by student."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import registry

ROOT = Path(__file__).parent.parent
CLASS = ROOT / "examples" / "submissions"
SIGMOID, SOFTMAX, RELU = "sigmoid_tanh", "softmax", "relu_convexity"
ALL = (SIGMOID, SOFTMAX, RELU)  # where most of the class has got to
COURSE = tuple(registry.topics())

# Whose work is right, and where it is not: topics that count, and exercise to status where it is not passed.
# "else" is the status of every exercise that is not named.
FAIR = {
    "Noor Haddad": (COURSE, {}),
    "Emma Lindqvist": (COURSE, {}),
    "नेहा शर्मा": (ALL, {}),
    "王小明": (ALL, {"else": "not_attempted"}),
    "Zoë Ångström": ((SIGMOID, RELU), {}),
    "Ivan Петров": ((SOFTMAX,), {}),
    "Μαρία Παπαδοπούλου": ((SOFTMAX,), {}),
    "Fatoumata Diallo": ((SIGMOID,), {}),
    "محمد علي": ((SIGMOID,), {}),
    "Łukasz Żak": ((SIGMOID,), {"log_sigmoid": "timeout"}),
    "Chidinma Okafor": ((SIGMOID,), {"sigmoid_grad": "error"}),
    "Éloïse Lefèvre": ((RELU,), {"witness_permutation": "not_attempted"}),
    "Nguyễn Văn An": ((SOFTMAX,), {"else": "unreadable"}),
    "Bakhyt Сейітов": (COURSE, {"else": "unreadable"}),
    "Tāne Ngata": (COURSE, {"else": "unreadable"}),
    "=1+1": ((SOFTMAX,), {"else": "not_attempted", "softmax": "failed", "logsumexp": "failed"}),
    "Aoife O'Sullivan": (ALL, {"else": "not_attempted"} | {
        exercise.id: "passed" for exercise in registry.exercises().values() if exercise.kind in "NGP"
    }),
    "José María Núñez": ((SIGMOID, SOFTMAX), {
        exercise.id: "unreadable" for exercise in registry.topics()[SOFTMAX]
    }),
    "김민준": ((SIGMOID,), {"else": "not_attempted"} | dict.fromkeys(
        ("sigmoid", "complement", "log_sigmoid", "sigmoid_grad", "tanh_grad"), "passed"
    )),
    "Sione Tupou": ((SOFTMAX,), {
        "else": "not_attempted", "softmax": "passed", "log_softmax": "passed", "logsumexp": "killed",
        "softmax_vjp": "memory", "softmax_jacobian": "error",
    }),
    # Handed in the notebook of Noor Haddad: right wherever the numbers happen to be the same.
    "Giulia Rossi": ((SIGMOID,), {"choice_complement": "failed"}),
}  # fmt: skip

# Who holds the first, second, third ... misconception of every exercise of ALL that has so many.
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

# Who has done all of ALL, right but for the first misconception of a few exercises.
USUAL = {
    "Hana Procházková": {"sigmoid", "sigmoid_grad", "softmax", "logsumexp"},
    "Mateo Quispe": {"sigmoid", "log_sigmoid", "softmax", "log_softmax"},
    "Ayşe Yıldız": {"sigmoid", "complement", "logsumexp", "derivation_reflection"},
    "Tomasz Zieliński": {"sigmoid", "log_sigmoid", "softmax", "softmax_jacobian", "witness_two_minima"},
    "Leilani Kahale": {"log_sigmoid", "softmax", "choice_complement"},
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("grades")
    words = ["-m", "autograder", "grade", str(CLASS), "--out", str(out), "--isolation", "available"]
    finished = subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd=ROOT, check=False)
    assert finished.returncode == 0, finished.stderr
    told = re.sub(r"\d+ of \d+ graded, .* left\n", "", finished.stderr)  # twice a minute, on a slow machine
    assert told == ""
    return out


@pytest.fixture(scope="module")
def results(run):
    records = (json.loads(path.read_text("utf-8")) for path in (run / "results").glob("*.json"))
    return {record["student"]: {e["id"]: e for e in record["exercises"]} | {"": record} for record in records}


def exercises_of(topics):
    return [exercise for topic in topics for exercise in registry.topics()[topic]]


@pytest.mark.parametrize("student", FAIR)
def test_the_marks_are_fair(results, student):
    topics, exceptions = FAIR[student]
    exercises = exercises_of(topics)
    expected = {e.id: exceptions.get(e.id, exceptions.get("else", "passed")) for e in exercises}
    got = results[student]
    assert {name: entry["status"] for name, entry in got.items() if name} == expected
    record = got[""]
    assert record["max"] == sum(exercise.points for exercise in exercises)
    assert record["total"] == sum(exercise.points for exercise in exercises if expected[exercise.id] == "passed")
    assert record["held"] == 0


@pytest.mark.parametrize("student", MISTAKEN)
def test_a_mistake_costs_points_and_is_named_and_nothing_else_costs_any(results, student):
    number = MISTAKEN.index(student)
    for exercise in exercises_of(ALL):
        entry = results[student][exercise.id]
        if number >= len(exercise.misconceptions):
            assert entry["status"] == "passed", exercise.id
            continue
        assert entry["status"] not in ("passed", "undecided", "not_attempted"), exercise.id
        assert entry["score"] < entry["max"], exercise.id
        assert entry["misconception"] == exercise.misconceptions[number].sentence, exercise.id


@pytest.mark.parametrize("student", USUAL)
def test_who_makes_a_few_mistakes_loses_points_for_these_alone(results, student):
    named = {id: entry["misconception"] for id, entry in results[student].items() if id and entry["status"] != "passed"}
    first = {exercise.id: exercise.misconceptions[0].sentence for exercise in exercises_of(ALL)}
    assert named == {id: first[id] for id in USUAL[student]}


def test_the_report_says_which_mistakes_are_made_most(run):
    _, section = (run / "report.html").read_text("utf-8").split('id="misconceptions"')
    counted = re.findall(r"<b>(\d+) ×</b>", section.split("<h2")[0])
    assert counted[:5] == ["5", "5", "4", "3", "2"]


def test_every_misconception_of_every_exercise_is_in_the_class():
    assert max(len(exercise.misconceptions) for exercise in exercises_of(ALL)) <= len(MISTAKEN)


def test_the_table_holds_the_same_as_the_results(run, results):
    with (run / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"].removeprefix("'"): row for row in csv.DictReader(file)}
    assert set(rows) == set(results) == set(FAIR) | set(MISTAKEN) | set(USUAL) == {path.name for path in CLASS.iterdir()}
    for student, row in rows.items():
        record = results[student][""]
        assert [float(row[name]) for name in ("total", "held", "max", "percent")] == pytest.approx(
            [record[name] for name in ("total", "held", "max", "percent")], abs=1e-4
        )
        scores = {name: row[name] for name in registry.exercises() if row[name] != ""}
        assert {name: float(score) for name, score in scores.items()} == pytest.approx(
            {entry["id"]: entry["score"] for entry in record["exercises"]}
        )


def test_the_run_says_what_it_stood_on(run):
    record = json.loads((run / "run.json").read_text("utf-8"))
    assert record["complete"]
    assert record["graded"] == record["submissions"] == len(FAIR) + len(MISTAKEN) + len(USUAL)
    assert record["isolation_layers"]
    assert record["versions"]["numpy"]


def test_nobody_elses_text_is_in_a_page_unescaped(run):
    page = (run / "report.html").read_text("utf-8")
    assert "<marquee>" not in page


def test_the_committed_class_is_what_the_exercises_make_of_it():
    checked = subprocess.run(
        [sys.executable, "examples/make_class.py", "--check"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert checked.stdout == ""
    assert checked.returncode == 0, checked.stderr
