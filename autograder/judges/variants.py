"""Each student's own numbers: the same for the same student, different from the neighbour's."""

from __future__ import annotations

import hashlib
import random

from autograder.exercise import Exercise


def variant_of(exercise: Exercise, student: str) -> dict:
    """The variant of `exercise` for `student`, drawn with SHA-256(student, exercise) as the seed."""
    if getattr(exercise.spec, "variant", None) is None:
        return {}
    digest = hashlib.sha256(f"{student}\x00{exercise.id}".encode("utf-8", "surrogatepass")).digest()
    return exercise.spec.variant(random.Random(int.from_bytes(digest)))
