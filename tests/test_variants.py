"""Questions with a student's own numbers: solvable, tidy, the same for one student and different between two."""

from __future__ import annotations

import pytest

from autograder import registry
from autograder.judges.values import plain
from autograder.judges.variants import variant_of

WITH_VARIANTS = [item for item in registry.exercises().values() if getattr(item.spec, "variant", None)]
CLASS = [f"student {number}" for number in range(500)]


@pytest.mark.parametrize("exercise", WITH_VARIANTS, ids=lambda item: item.id)
def test_five_hundred_variants_are_solvable_and_differ(exercise):
    variants = [variant_of(exercise, student) for student in CLASS]
    for variant in variants:
        answer = plain(exercise.reference(variant))
        assert answer is not None
        assert exercise.spec.question is None or exercise.spec.question(variant).strip()
    assert len({repr(variant) for variant in variants}) >= 4, "nearly every student gets the same question"


@pytest.mark.parametrize("exercise", WITH_VARIANTS, ids=lambda item: item.id)
def test_a_student_always_gets_the_same_variant(exercise):
    assert variant_of(exercise, "Emmy Noether") == variant_of(exercise, "Emmy Noether")
