"""Which layers of isolation this machine can give: for `autograder doctor`."""

from __future__ import annotations

from autograder.sandbox.layers import LAYERS, Layer
from autograder.sandbox.zygote_client import Zygote, unsupported


def probe() -> list[Layer]:
    """Every layer of this machine, tried now in children of a warm process (a second or two)."""
    if reason := unsupported():
        return [Layer(name, False, reason, "grade on Linux, or in a Linux container") for name in LAYERS]
    with Zygote(memory=256 * 2**20) as zygote:
        return zygote.layers()
