"""Cross-entropy and KL: losses of probabilities and of logits, their slopes, and what they do at 0, 1 and infinity."""

# ruff: noqa: F401, I001 - the order of these imports is the order of the exercises
from solutions.cross_entropy.binary import bce, bce_grad
from solutions.cross_entropy.binary_logits import bce_with_logits, bce_with_logits_grad
from solutions.cross_entropy.distributions import cross_entropy, cross_entropy_grad
from solutions.cross_entropy.divergence import kl
from solutions.cross_entropy.divergence_slope import kl_grad
from solutions.cross_entropy.classes import cce_with_logits
from solutions.cross_entropy.classes_slope import cce_with_logits_grad
