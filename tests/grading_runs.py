"""What the tests of whole runs share: a class to grade, the command in a process of its own, and what it left."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
SIGMOID = "import numpy as np\ndef sigmoid(x):\n    return {} / (1 + np.exp(-x))\n"


def lay_out(folder, number, first=""):
    """A class in which every third is right; `first` is what each one's file begins with."""
    for n in range(number):
        (folder / f"student {n:02}").mkdir(parents=True)
        (folder / f"student {n:02}" / "work.py").write_text(first + SIGMOID.format(1 + n % 3), "utf-8")
    return folder


@contextmanager
def started(place, out, *more, before=()):
    """The command in a process of its own; what it says goes into a file beside `out`."""
    words = ["-m", "autograder", "grade", str(place), "--out", str(out), "--isolation", "available", *more]
    with out.with_suffix(".said").open("w") as said:
        process = subprocess.Popen([*before, sys.executable, *words], cwd=ROOT, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def said(out):
    return out.with_suffix(".said").read_text("utf-8")


def wait_for_results(process, out, number):
    journal = out / "journal.jsonl"
    while not journal.exists() or journal.read_text("utf-8").count("}") < number:
        assert process.poll() is None, said(out)
        time.sleep(0.005)


def table(out):
    return (out / "grades.csv").read_bytes()


def rows(out):
    """The students of the table."""
    return [line.split(",")[0] for line in table(out).decode().splitlines()[1:]]


def journal(out):
    """The students of the journal, once for every time that a result of theirs was kept."""
    return [json.loads(line)["student"] for line in (out / "journal.jsonl").read_text("utf-8").split("\n") if line]


def record(out):
    return json.loads((out / "run.json").read_text("utf-8"))


def without_times(out):
    """Student to result, less the seconds that it took."""
    found = {}
    for path in (out / "results").iterdir():
        result = json.loads(path.read_text("utf-8"))
        for entry in result["exercises"]:
            del entry["seconds"]
        found[result["student"]] = result
    return found


def descendants(pid):
    """Whoever is there at this moment; some may end while one looks."""
    try:
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for_the_end_of(pids):
    """A process that outlives those it works for would keep the test from ending."""
    while any(map(is_alive, pids)):
        time.sleep(0.05)


def send(process, number):
    os.kill(process.pid, number)
