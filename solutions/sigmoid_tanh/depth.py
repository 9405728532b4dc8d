"""Twenty slopes in a row: what a chain of sigmoids leaves of a gradient."""

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Experiment

CHAINS, LAYERS = 500, 20


def slope(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def figures(result, seed):
    """What the grader recomputes from the pre-activations and the running products that came back."""
    arrays = []
    for name in ("z", "product"):
        if not isinstance(result, dict) or name not in result:
            raise ValueError("a dict with the arrays 'z' and 'product' was asked for")
        array = np.asarray(result[name], dtype=float)
        if array.shape != (CHAINS, LAYERS):
            raise ValueError(f"{name} has shape {array.shape}, asked for was ({CHAINS}, {LAYERS})")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} holds numbers that are not finite")
        arrays.append(array)
    z, product = arrays
    truth = np.cumprod(slope(z), axis=1)
    ceiling = 0.25 ** np.arange(1, LAYERS + 1)
    return {
        "distance of z from standard normal": max(abs(z.mean()) / 0.05, abs(z.std() - 1) / 0.04),
        "likeness of neighbours": (z[:, 1:] * z[:, :-1]).mean(),
        "error of product": np.abs(product / truth - 1).max(),
        "entries above the ceiling": float((product > ceiling * (1 + 1e-9)).sum()),
        "log10 of the median after 20 layers": np.log10(max(np.median(product[:, -1]), 1e-300)),
    }


@exercise(
    Experiment(
        measure=figures,
        bands={
            "distance of z from standard normal": (0, 1, "the pre-activations have mean 0 and standard deviation 1"),
            "likeness of neighbours": (-0.06, 0.06, "every layer draws its own pre-activations"),
            "error of product": (0, 1e-9, "column k of product is the product of the first k + 1 slopes"),
            "entries above the ceiling": (0, 0, "no product of k slopes is above 4^-k"),
            "log10 of the median after 20 layers": (
                -14.12,
                -13.79,
                "after 20 layers, a typical chain passes on about 1e-14 of the gradient",
            ),
        },
        false_fail="none of 5000 seeds (0 to 4999) missed a band; each reaches 5 standard deviations to both sides",
    ),
    title="Twenty sigmoids in a row",
    points=2,
    claims=("S1-6.1.3h", "S2-N08", "S2-N09"),
    hints=(
        "A chain of 20 layers is a product of 20 slopes. If every slope were the best possible, what would it be?",
        "Draw all pre-activations at once, one row a chain, one column a layer; take the slope of each "
        "entry; multiply along the row, keeping every partial product.",
        "`z = np.random.default_rng(seed).standard_normal((500, 20))`",
    ),
)
def experiment_vanishing_product(seed: int) -> dict[str, np.ndarray]:
    r"""Measure how much of a gradient survives 20 sigmoids with weights of 1.

    Take 500 chains of 20 layers. In layer k of chain i the pre-activation $z_{ik}$ is a standard normal random number,
    each drawn for itself. What the chain passes on of a gradient after its first k + 1 layers is the product

    $$P_{ik} = \sigma'(z_{i0}) \, \sigma'(z_{i1}) \cdots \sigma'(z_{ik})$$

    Before you run it, write down a guess: which power of ten is a typical $P_{i,19}$? (The ceiling is $4^{-20}$, about
    $10^{-12}$.)

    Return `{"z": the pre-activations, "product": P}`, two float64 arrays of shape (500, 20), drawn with a generator
    made from `seed`.

    Judged for seeds of the grader's choice, recomputed from what you return: that z has mean 0 (± 0.05) and standard
    deviation 1 (± 0.04), that the layers are drawn independently, that `product` is the running product of the slopes
    and nowhere above the ceiling $4^{-k}$, and that the median of $P_{i,19}$ is where such chains have it.

    Example: where z is 0 throughout, the columns of `product` are 0.25, 0.0625, 0.015625 and so on.
    """
    z = np.random.default_rng(seed).standard_normal((CHAINS, LAYERS))
    return {"z": z, "product": np.cumprod(slope(z), axis=1)}


@experiment_vanishing_product.alternative("layer by layer")
def layer_by_layer(seed):
    rng = np.random.default_rng(seed)
    gradient, z, product = np.ones(500), [], []
    for _ in range(20):
        z.append(rng.normal(size=500))
        s = 1 / (1 + np.exp(-z[-1]))
        gradient = gradient * s * (1 - s)
        product.append(gradient)
    return {"z": np.stack(z, axis=1), "product": np.stack(product, axis=1)}


@experiment_vanishing_product.alternative("sums of logarithms, old-style generator")
def by_logarithms(seed):
    z = np.random.RandomState(seed).randn(500, 20)
    return {"z": z, "product": np.exp(np.cumsum(-np.logaddexp(0, z) - np.logaddexp(0, -z), axis=1))}


@experiment_vanishing_product.misconception(
    "You multiplied the activations σ(z); what a gradient is multiplied by on its way back are the slopes σ'(z)."
)
def activations(seed):
    z = np.random.default_rng(seed).standard_normal((CHAINS, LAYERS))
    return {"z": z, "product": np.cumprod(1 / (1 + np.exp(-z)), axis=1)}


@experiment_vanishing_product.misconception(
    "Each chain meets the same pre-activation in all of its layers. Draw a new one for every layer: 500 "
    "times 20 numbers."
)
def same_everywhere(seed):
    z = np.repeat(np.random.default_rng(seed).standard_normal((CHAINS, 1)), LAYERS, axis=1)
    return {"z": z, "product": np.cumprod(slope(z), axis=1)}


@experiment_vanishing_product.misconception(
    "These pre-activations lie between 0 and 1: `random` is uniform. A standard normal is asked for."
)
def uniform(seed):
    z = np.random.default_rng(seed).random((CHAINS, LAYERS))
    return {"z": z, "product": np.cumprod(slope(z), axis=1)}


@experiment_vanishing_product.misconception(
    "The product runs down the chains instead of along the layers: one row is one chain."
)
def wrong_axis(seed):
    z = np.random.default_rng(seed).standard_normal((CHAINS, LAYERS))
    return {"z": z, "product": np.maximum(np.cumprod(slope(z), axis=0), 1e-300)}


@experiment_vanishing_product.misconception(
    "Only the slopes are here, not yet their running product along the chain: `np.cumprod` is your friend."
)
def not_multiplied(seed):
    z = np.random.default_rng(seed).standard_normal((CHAINS, LAYERS))
    return {"z": z, "product": slope(z)}
