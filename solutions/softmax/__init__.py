"""Softmax, logsumexp and floating point: the exercises, in the order in which the notebook asks them."""

# ruff: noqa: F401, I001 - the order of these imports is the order of the exercises
from solutions.softmax.repairs import repair_softmax_formula
from solutions.softmax.identities import derivation_shift_invariance, derivation_two_classes
from solutions.softmax.values import softmax
from solutions.softmax.underflow import repair_underflow_claim
from solutions.softmax.smooth_maximum import logsumexp
from solutions.softmax.repairs import repair_lse_shift
from solutions.softmax.log_probabilities import log_softmax
from solutions.softmax.jacobian import expr_softmax_jacobian, softmax_jacobian
from solutions.softmax.backward import answer_jacobian_rank, softmax_vjp
from solutions.softmax.log_backward import log_softmax_vjp
from solutions.softmax.temperature import answer_temperature, choice_temperature
from solutions.softmax.dial import plot_temperature
from solutions.softmax.witnesses import witness_softmax_flattens, witness_tied_probabilities
