"""Smooth relatives of the ReLU: corners made round, and straight-edged copies of the result that a phone can compute."""

# ruff: noqa: F401, I001 - the order of these imports is the order of the exercises
from solutions.smooth_relatives.softplus import softplus
from solutions.smooth_relatives.silu import silu, silu_grad
from solutions.smooth_relatives.gelu import gelu
from solutions.smooth_relatives.gelu_slope import gelu_grad
from solutions.smooth_relatives.gelu_tanh import gelu_tanh
from solutions.smooth_relatives.gelu_tanh_slope import gelu_tanh_grad
from solutions.smooth_relatives.mish import mish, mish_grad
from solutions.smooth_relatives.hard import hard_sigmoid, hard_swish, hard_tanh
from solutions.smooth_relatives.hard_slopes import hard_sigmoid_grad, hard_tanh_grad
from solutions.smooth_relatives.hard_swish_slope import hard_swish_grad
