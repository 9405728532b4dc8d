"""What each function owes: its points, its truth, how it is called, and how many units in the last place it may miss.

float64: `ulps` units in the last place, where log_softmax alone is allowed (1 + kappa) times as many. float32: 0.51
units, since references compute in float64 and round once; float16: 1 unit; to both the float64 allowance is added, as
small as it then is. Subnormal results: 2 smallest units.

| functions | ulps | why |
|---|---|---|
| nearly all | 4 | a few correctly rounded steps and one exponential or logarithm |
| gelu and gelu_tanh, their slopes | 7 | e^(-x^2/2), whose exponent has to be rounded |
| focal losses and slopes | 4 + gamma, at most 6 | a power gamma multiplies the error of its base |
| log_softmax | 4 (1 + kappa) | the weights are e^(z - max z), and z - max z is rounded: kappa of these differences. Softmax |
| | | and cce_with_logits put back what is lost; this one stays the formula to remember |

tests/test_settled.py shows that log_softmax, with that difference rounded to the nearest float and no other error, costs
more than 4 units. Nothing else is forgiven, and least of all what cancels: where numbers that are given lose digits to
each other, as p and g in softmax_vjp, p and q in kl, scores in multiclass_hinge, the references carry along what is
rounded away; where an exponential or a logarithm loses them, as in logsumexp, log_softmax_vjp and the slopes of the
losses with logits, floats cannot, and solutions/enough_digits.py asks for more digits. These four have points of their
own (tests/accuracy/crossings.py), at which 1e-17 of the terms is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mpmath import mp

from autograder.exercise import Exercise
from tests.accuracy import activations as act
from tests.accuracy import distributions as rows
from tests.accuracy import losses, sets, spreads

WHOLE, SINGLE, VECTOR, PRELU = "an array of points", "an array of one entry or row", "a vector", "x, alpha, upstream"


@dataclass(frozen=True)
class Owed:
    """One function's debt. variants: keyword arguments; the first are used on every point, the others on each eighth."""

    points: sets.Points
    truth: Callable
    called: str = WHOLE
    ulps: float | Callable[[Mapping[str, float]], float] = 4
    spread: Callable | None = None
    variants: tuple[Mapping[str, float], ...] = field(default=({},))


def alphas(*values: float, name: str = "alpha") -> tuple[dict[str, float], ...]:
    return tuple({name: value} for value in values)


FOCAL = tuple({"gamma": g, "alpha": a} for g, a in ((2.0, 0.25), (0.0, 0.25), (0.5, 0.75), (1.0, 0.5), (3.0, 0.9)))

BETAS = alphas(1.0, 0.5, 1.702, 0.1, name="beta")


def focusing(points: sets.Points, truth: Callable) -> Owed:
    return Owed(points, truth, SINGLE, ulps=lambda options: min(4 + options["gamma"], 6), variants=FOCAL)


OWED: dict[str, Owed] = {
    # sigmoid_tanh
    "sigmoid": Owed(sets.one_line, act.sigmoid),
    "complement": Owed(sets.one_line, lambda x: act.sigmoid(-x)),
    "log_sigmoid": Owed(sets.one_line, lambda x: -act.softplus(-x)),
    "sigmoid_grad": Owed(sets.one_line, act.sigmoid_grad),
    "tanh_grad": Owed(sets.one_line, act.sech_squared),
    "tanh": Owed(sets.one_line, mp.tanh),
    # relu_family
    "relu": Owed(sets.one_line, lambda x: act.leaky_relu(x, 0)),
    "relu_grad": Owed(sets.one_line, lambda x: act.leaky_relu_grad(x, 0)),
    "leaky_relu": Owed(sets.one_line, act.leaky_relu, variants=alphas(0.01, 0.0, 0.3, 1.5)),
    "leaky_relu_grad": Owed(sets.one_line, act.leaky_relu_grad, variants=alphas(0.01, 0.0, 0.3, 1.5)),
    "prelu_backward": Owed(sets.pushed_line, act.prelu_backward, PRELU, variants=alphas(0.25, 0.01, 1.5)),
    "elu": Owed(sets.one_line, act.elu, variants=alphas(1.0, 0.3, 2.5)),
    "elu_grad": Owed(sets.one_line, act.elu_grad, variants=alphas(1.0, 0.3, 2.5)),
    "selu": Owed(sets.one_line, act.selu),
    "selu_grad": Owed(sets.one_line, act.selu_grad),
    # smooth_relatives
    "softplus": Owed(sets.one_line, act.softplus),
    "silu": Owed(sets.one_line, act.silu, variants=BETAS),
    "silu_grad": Owed(sets.one_line, act.silu_grad, variants=BETAS),
    "gelu": Owed(sets.one_line, act.gelu, ulps=7),
    "gelu_grad": Owed(sets.one_line, act.gelu_grad, ulps=7),
    "gelu_tanh": Owed(sets.one_line, act.gelu_tanh, ulps=7),
    "gelu_tanh_grad": Owed(sets.one_line, act.gelu_tanh_grad, ulps=7),
    "mish": Owed(sets.one_line, act.mish),
    "mish_grad": Owed(sets.one_line, act.mish_grad),
    "hard_sigmoid": Owed(sets.one_line, act.hard_sigmoid),
    "hard_swish": Owed(sets.one_line, act.hard_swish),
    "hard_tanh": Owed(sets.one_line, lambda x: act.clipped(x, -1, 1)),
    "hard_sigmoid_grad": Owed(sets.one_line, act.hard_sigmoid_grad),
    "hard_swish_grad": Owed(sets.one_line, act.hard_swish_grad),
    "hard_tanh_grad": Owed(sets.one_line, act.hard_tanh_grad),
    # softmax
    "softmax": Owed(sets.some_logits, rows.softmax),
    "logsumexp": Owed(sets.both(sets.crossed("crossings_lse"), sets.logits), rows.logsumexp),
    "log_softmax": Owed(sets.some_logits, rows.log_softmax, spread=spreads.log_softmax),
    "softmax_jacobian": Owed(sets.few_logits, rows.softmax_jacobian, VECTOR),
    "softmax_vjp": Owed(sets.pushed_distributions, rows.softmax_vjp),
    "log_softmax_vjp": Owed(sets.both(sets.crossed("crossings_vjp"), sets.pushed_logarithms), rows.log_softmax_vjp),
    # regression_losses
    "mse": Owed(sets.measured, losses.mse, SINGLE),
    "mse_grad": Owed(sets.measured, losses.mse_grad, SINGLE),
    "mae": Owed(sets.measured, losses.mae, SINGLE),
    "mae_grad": Owed(sets.measured, losses.mae_grad, SINGLE),
    "huber": Owed(sets.measured, losses.huber, SINGLE, variants=alphas(1.0, 0.5, 2.0, 1e-3, name="delta")),
    "huber_grad": Owed(sets.measured, losses.huber_grad, SINGLE, variants=alphas(1.0, 0.5, 2.0, 1e-3, name="delta")),
    "log_cosh": Owed(sets.measured, losses.log_cosh, SINGLE),
    "log_cosh_grad": Owed(sets.measured, losses.log_cosh_grad, SINGLE),
    # cross_entropy
    "bce": Owed(sets.labelled_probabilities, losses.bce, SINGLE),
    "bce_grad": Owed(sets.labelled_probabilities, losses.bce_grad, SINGLE),
    "bce_with_logits": Owed(sets.labelled_line, losses.bce_with_logits, SINGLE),
    "bce_with_logits_grad": Owed(sets.both(sets.crossed_line, sets.labelled_line), losses.bce_with_logits_grad, SINGLE),
    "cross_entropy": Owed(sets.distributions, rows.cross_entropy, SINGLE),
    "cross_entropy_grad": Owed(sets.some_distributions, rows.cross_entropy_grad, SINGLE),
    "kl": Owed(sets.distributions, rows.kl, SINGLE),
    "kl_grad": Owed(sets.some_distributions, rows.cross_entropy_grad, SINGLE),
    "cce_with_logits": Owed(sets.targets_and_logits, rows.cce_with_logits, SINGLE),
    "cce_with_logits_grad": Owed(
        sets.both(sets.crossed("crossings_cce"), sets.some_targets_and_logits), rows.cce_with_logits_grad, SINGLE
    ),
    # margin_imbalance
    "hinge": Owed(sets.signed_line, losses.hinge, SINGLE),
    "hinge_grad": Owed(sets.signed_line, losses.hinge_grad, SINGLE),
    "multiclass_hinge": Owed(
        sets.classes_and_logits,
        rows.multiclass_hinge,
        SINGLE,
        variants=alphas(1.0, 0.3, 5.0, name="margin"),
    ),
    "multiclass_hinge_grad": Owed(
        sets.some_classes_and_logits,
        rows.multiclass_hinge_grad,
        SINGLE,
        variants=alphas(1.0, 0.25, 5.0, name="margin"),
    ),
    "focal": focusing(sets.hard_probabilities, losses.focal),
    "focal_grad": focusing(sets.hard_probabilities, losses.focal_grad),
    "focal_with_logits": focusing(sets.hard_line, losses.focal_with_logits),
    "focal_with_logits_grad": focusing(sets.hard_line, losses.focal_with_logits_grad),
}


def numeric(exercises: Iterable[Exercise]) -> list[Exercise]:
    """The exercises whose accuracy is owed: all of the kinds N and G."""
    return [item for item in exercises if item.kind in ("N", "G")]
