"""Are two expressions the same on a domain? Refute first, then prove."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from autograder.expressions.tree import Tree
from autograder.judges.prove import PATIENCE, proof, proofs_wanted
from autograder.judges.refute import search
from autograder.judges.trial import RELATIONS
from autograder.judges.verdict import Agrees, Proved, Refuted, Undecidable, Verdict


def compare(
    a: Tree,
    b: Tree,
    variables: Mapping[str, str],
    *,
    relation: str = "=",
    seed: int = 0,
    prove: bool | float = True,
) -> Verdict:
    """Does `a relation b` hold at every point of the domain?

    variables: name to domain, as text (see `autograder.domains`); symbols that are not declared are real.
    relation: "=", "<=", "<", ">=" or ">". seed: of the random points; verdicts do not depend on it.
    prove: whether to try for a proof, or for how many seconds (4 unless told); it upgrades Agrees to Proved, and
    settles what no number of digits could.

    A side that is undefined, or not real, where the other is real, refutes. Points at which neither side has a value
    say nothing. Raises ValueError for an unknown relation or domain.
    """
    if relation not in RELATIONS:
        raise ValueError(f"{relation!r} is none of the relations {', '.join(RELATIONS)}")
    seen, points = _at_points(a, b, tuple(variables.items()), relation, seed)
    if not (prove and proofs_wanted()) or isinstance(seen, Refuted) or not points:
        return seen
    by = proof(a, b, variables, relation, PATIENCE if prove is True else prove)
    return Proved(by, points) if by else seen


@lru_cache(maxsize=8_192)  # a class writes the same lines again and again
def _at_points(
    a: Tree, b: Tree, variables: tuple[tuple[str, str], ...], relation: str, seed: int
) -> tuple[Refuted | Undecidable | Agrees, int]:
    """The verdict without a proof, and at how many points they agreed."""
    found = search(a, b, dict(variables), relation, seed)
    return found.refuted or found.doubt or Agrees(found.points), found.points
