"""The same functions, fast: for whoever wants to see what readable code pays, and what it buys.

The references in the topics are written to be read. These are written to be waited for as little as possible, in NumPy
alone, and each is held to the same values by tests/test_fast.py. Four things make them fast, each explained where it
is done:

- blocks.py: work on a piece that fits the cache, write into buffers that exist already (memory);
- sigmoids.py, relatives.py, losses.py: formulas that hold everywhere, so that no entry needs a decision (branches);
- gelu.py: a table, and the little that it leaves to compute (arithmetic);
- rows.py, distributions.py: short rows turned on their side, and care only where a block needs it (loops).

What they gain on a real machine, and where others are still faster, is measured in docs/speed.md. What they pay: the
references carry along what additions and subtractions round away, and these do not. So softmax misses 4 units now and
then (4.1 to 7 at the worst of a million random entries in rows of 10 to 1000), and logsumexp, log_softmax and
cce_with_logits miss 1 + kappa times as many where terms cancel.
"""

from solutions.fast.distributions import log_softmax, logsumexp, softmax
from solutions.fast.gelu import gelu
from solutions.fast.losses import bce_with_logits, cce_with_logits
from solutions.fast.relatives import elu, leaky_relu, mish, relu, selu, silu
from solutions.fast.sigmoids import log_sigmoid, sigmoid, softplus, tanh

# Every fast form, by the name that its reference has too: tests and benchmarks go through this list.
FORMS = {
    form.__name__: form
    for form in (
        sigmoid, log_sigmoid, softplus, tanh, relu, leaky_relu, elu, selu, silu, gelu, mish,
        softmax, log_softmax, logsumexp, bce_with_logits, cce_with_logits,
    )
}  # fmt: skip

__all__ = ["FORMS", *FORMS]  # noqa: PLE0604 - the names are strings
