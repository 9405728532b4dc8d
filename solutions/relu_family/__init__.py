"""The ReLU family: one bend, six ways to treat what lies left of it, and what each does to a gradient."""

# ruff: noqa: F401, I001 - the order of these imports is the order of the exercises
from solutions.relu_family.relu import relu, relu_grad
from solutions.relu_family.leaky import leaky_relu, leaky_relu_grad
from solutions.relu_family.prelu import prelu_backward
from solutions.relu_family.elu import elu, elu_grad
from solutions.relu_family.selu import selu, selu_grad
