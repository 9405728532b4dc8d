"""Hostile words from a submission, through `autograder grade`, into every file of a run: parsed, and nothing is live."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from autograder.sandbox.zygote_client import unsupported
from tests.attacks.classroom import FILE, handed_in

pytestmark = pytest.mark.skipif(bool(unsupported()), reason="isolation needs Linux")
ROOT = Path(__file__).resolve().parents[1]
MARK = "<script>alert(666)</script><img src=x onerror=alert(666)><a href='javascript:alert(666)'>"
BYTES = "\ud800\x00\x07\x0b\x1b[31m\u202e\ufffe]]>&\"'--></style></svg>"
WORDS = f"{MARK}{BYTES}"
CELLS = (
    f"STUDENT = {MARK + chr(0x202E)!r}",
    f"def sigmoid(x):\n    print({WORDS!r})\n    raise ValueError({WORDS!r})",
    f"def complement(x):\n    raise type({MARK + chr(0x202E)!r}, (Exception,), {{}})({WORDS!r})",
    f"def expr_sigmoid_second():\n    return {WORDS!r}",
    f"def tanh(x):\n    import sys, warnings\n    sys.stderr.write({MARK!r})\n    warnings.warn({MARK!r}, RuntimeWarning)\n"
    "    return np.tanh(x)",
    f"def log_sigmoid(x):\n    return type({MARK!r}, (), {{}})()",
    f"def derivation_reflection():\n    return [{{{WORDS!r}: {WORDS!r}}}] * 3",
    f"<script>alert(666)</script> {BYTES[8:]}",
)
STUDENTS = ("=cmd|' (1)'!A1", "<script>alert(666)<", "a\u202eb\x07c", "&amp; \"quoted'", "-->")


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    for student in STUDENTS:
        (folder / "class" / student).mkdir(parents=True)
        (folder / "class" / student / FILE).write_bytes(handed_in(*CELLS))
    command = [sys.executable, "-m", "autograder", "grade", folder / "class", "--out", folder / "out"]
    run = subprocess.run([*command, "--isolation", "available"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "out"


def test_every_student_has_a_result_that_says_what_happened(out):
    results = [json.loads(path.read_text("utf-8")) for path in (out / "results").glob("*.json")]
    assert len(results) == len(STUDENTS)
    for result in results:
        told = {entry["id"]: entry for entry in result["exercises"]}
        assert "alert(666)" in told["sigmoid"]["message"]  # it is told, so that what follows proves something
        assert told["sigmoid"]["status"] == told["complement"]["status"] == "error"
        assert told["tanh"]["score"] > 0


def test_no_page_holds_anything_live(out):
    pages = [out / "report.html", *(out / "students").glob("*.html")]
    assert len(pages) == len(STUDENTS) + 1
    for path in pages:
        text = path.read_bytes().decode("utf-8")  # strictly: no lone surrogate was written
        soup = BeautifulSoup(text, "html.parser")
        assert not [script for script in soup.find_all("script") if "666" in script.get_text()]
        assert not soup.find_all("img", onerror=True)
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")], (path.name, tag.name)
            assert not str(tag.get("href", "")).strip().lower().startswith(("javascript", "data:text"))
        assert "alert(666)" in soup.get_text()
        assert not re.search("[\x00\x07\x0b\x1b\ufffe]", text)
        assert "\u202e" not in text


def test_other_formats_are_read_by_their_parsers(out):
    tree = ElementTree.fromstring((out / "junit.xml").read_bytes())
    assert len(tree.findall(".//testsuite")) == len(STUDENTS)
    assert "alert(666)" in "".join(tree.itertext()) + "".join(str(node.attrib) for node in tree.iter())
    assert not [node for node in tree.iter() if node.tag in ("script", "img", "a")]
    sent = [json.loads(path.read_bytes().decode("utf-8")) for path in (out / "gradescope").glob("*.json")]
    assert len(sent) == len(STUDENTS)
    for one in sent:
        formats = {one.get("output_format", "text"), *(test.get("output_format", "text") for test in one["tests"])}
        assert formats <= {"text"}
    with open(out / "grades.csv", newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(STUDENTS)
    for row in rows:
        assert not row["student"].startswith(("=", "+", "-", "@", "\t"))
        assert not re.search("[\x00-\x1f]", row["student"])
        assert float(row["total"]) > 0
