"""Are two expressions the same on a domain? Refute first, then prove."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.expressions.tree import Tree
from autograder.judges.prove import PATIENCE, proof
from autograder.judges.refute import search
from autograder.judges.trial import RELATIONS
from autograder.judges.verdict import Agrees, Proved, Verdict


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
    prove: whether to try for a proof, or for how many seconds (4 unless told); it only ever upgrades Agrees to Proved.

    A side that is undefined, or not real, where the other is real, refutes. Points at which neither side has a value
    say nothing. Raises ValueError for an unknown relation or domain.
    """
    if relation not in RELATIONS:
        raise ValueError(f"{relation!r} is none of the relations {', '.join(RELATIONS)}")
    found = search(a, b, variables, relation, seed)
    if found.refuted:
        return found.refuted
    if found.doubt:
        return found.doubt
    by = proof(a, b, variables, relation, PATIENCE if prove is True else prove) if prove else None
    return Proved(by, found.agreed) if by else Agrees(found.agreed)
