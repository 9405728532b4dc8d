"""The marks are fair: a file in, a result out, for whatever students do to their notebooks."""

import pytest

from tests.fairness.observed import observe
from tests.fairness.page import CASES, PAGE, entry_of, page

ASKED = [(case, name) for case in CASES for name in case.exercises]


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    return observe(CASES, tmp_path_factory.mktemp("fairness"))


@pytest.mark.parametrize(("case", "name"), ASKED, ids=lambda part: getattr(part, "name", part))
def test_the_marks_are_fair(observed, case, name):
    entry = entry_of(observed[case.name], name)
    if name in case.full:
        assert (entry["score"], entry["status"]) == (entry["max"], "passed"), entry["message"]
    elif name in case.part:
        assert 0 < entry["score"] < entry["max"], entry["message"]
    else:
        assert (entry["score"], entry["status"] == "passed") == (0, False), entry["message"]


def test_the_page_shows_what_was_seen(observed):
    assert PAGE.read_text("utf-8") == page(observed), "run: python -m tests.fairness --write"


def test_every_case_has_a_name_of_its_own():
    assert len({case.name for case in CASES}) == len({case.folder for case in CASES}) == len(CASES)
