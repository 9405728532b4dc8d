"""Does ReLU make the loss convex? The exercises, in the order of the lesson."""

from solutions.relu_convexity.jensen import (
    derivation_relu_jensen,
    derivation_unit_convex_in_weights,
)
from solutions.relu_convexity.witnesses import (
    witness_negative_output_weight,
)
from solutions.relu_convexity.repairs import (
    repair_composition,
    repair_sigmoid_argument,
    repair_discontinuity,
)
from solutions.relu_convexity.witnesses import (
    witness_two_minima,
    witness_permutation,
)
from solutions.relu_convexity.jensen import expr_active_hessian
from solutions.relu_convexity.slices import (
    experiment_two_minima,
    plot_loss_slice,
)
from solutions.relu_convexity.argument import (
    choice_argument_chain,
    choice_when_convex,
)

__all__ = [
    "choice_argument_chain",
    "choice_when_convex",
    "derivation_relu_jensen",
    "derivation_unit_convex_in_weights",
    "experiment_two_minima",
    "expr_active_hessian",
    "plot_loss_slice",
    "repair_composition",
    "repair_discontinuity",
    "repair_sigmoid_argument",
    "witness_negative_output_weight",
    "witness_permutation",
    "witness_two_minima",
]
