"""Regression losses: squares, absolute values and two ways to have both, each with its slope."""

# ruff: noqa: F401, I001 - the order of these imports is the order of the exercises
from solutions.regression_losses.squared import mse, mse_grad
from solutions.regression_losses.absolute import mae, mae_grad
from solutions.regression_losses.repairs import repair_huber_slope
from solutions.regression_losses.joined import huber, huber_grad
from solutions.regression_losses.smooth import log_cosh, log_cosh_grad
