"""Sigmoid and tanh: values, identities, slopes, bounds, and what a deep stack of them does to a gradient."""

# ruff: noqa: F401, I001 - the order of these imports is the order of the exercises
from solutions.sigmoid_tanh.values import sigmoid, complement
from solutions.sigmoid_tanh.logarithm import log_sigmoid
from solutions.sigmoid_tanh.identities import derivation_two_forms, derivation_reflection
from solutions.sigmoid_tanh.disguise import derivation_tanh_from_sigmoid
from solutions.sigmoid_tanh.hyperbolic import tanh
from solutions.sigmoid_tanh.slopes import derivation_sigmoid_slope, derivation_tanh_slope
from solutions.sigmoid_tanh.gradients import sigmoid_grad, tanh_grad
from solutions.sigmoid_tanh.bounds import expr_sup_of_derivative, repair_tanh_range, witness_tanh_stronger
from solutions.sigmoid_tanh.curvature import expr_sigmoid_second, expr_sharpest_bend
from solutions.sigmoid_tanh.depth import experiment_vanishing_product
from solutions.sigmoid_tanh.digits import choice_complement, answer_tanh_overflow
