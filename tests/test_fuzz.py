"""A little of the fuzzing, every time; `python -m tests.fuzz --minutes 10` does more, FUZZ_EXAMPLES=1000 too."""

import os

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.targets import TARGETS

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_whatever_comes_in(target):
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(target.inputs)
    def check(value):
        target.check(value)

    check()
