"""Kind G: derivatives and vector-Jacobian products."""

from autograder.judges.numeric import plan

__all__ = ["plan"]
