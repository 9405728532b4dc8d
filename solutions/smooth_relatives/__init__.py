"""The smooth relatives of the ReLU, and the straight-edged copies of them that a phone can compute."""

# ruff: noqa: F401, I001 - the order of these imports is the order of the exercises
from solutions.smooth_relatives.softplus import softplus
from solutions.smooth_relatives.silu import silu, silu_grad
from solutions.smooth_relatives.gelu import gelu
from solutions.smooth_relatives.gelu_slope import gelu_grad
