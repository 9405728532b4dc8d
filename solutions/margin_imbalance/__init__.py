"""Margins and imbalance: hinge losses that ask for more than being right, and a focal loss that forgets the easy ones."""

# ruff: noqa: F401, I001 - the order of these imports is the order of the exercises
from solutions.margin_imbalance.binary_hinge import hinge, hinge_grad
from solutions.margin_imbalance.many_classes import multiclass_hinge
from solutions.margin_imbalance.many_classes_slope import multiclass_hinge_grad
from solutions.margin_imbalance.repairs import repair_focal_code
from solutions.margin_imbalance.focal_probabilities import focal
from solutions.margin_imbalance.weights import answer_focal_focus
from solutions.margin_imbalance.focal_slope import focal_grad
from solutions.margin_imbalance.focal_logits import focal_with_logits
from solutions.margin_imbalance.focal_logits_slope import focal_with_logits_grad
