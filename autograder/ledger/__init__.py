"""The ledger: every claim of the source texts, its verdict, and the executed cell that establishes it."""

from autograder.ledger.claims import Claim, Missing, claims, evidence, missing
from autograder.ledger.statements import ClaimError, prove, refute, show

__all__ = ["Claim", "ClaimError", "Missing", "claims", "evidence", "missing", "prove", "refute", "show"]
