"""Two arguments with one wrong line each: a letter used twice, and a factor that does not cancel."""

from __future__ import annotations

import math

from autograder.calls import Repair
from autograder.exercise import exercise
from autograder.kinds import FindRepair

LOGITS = {"z1": "real", "z2": "real", "z3": "real"}


def _numbers(witness: dict, names: tuple[str, ...]) -> list[float]:
    values = [float(witness[name]) for name in names if name in witness]
    if len(values) < len(names) or not all(map(math.isfinite, values)):
        raise ValueError("a finite number is needed for each of " + ", ".join(names))
    return values


def _not_log_three(witness: dict) -> str | None:
    z1, z2, z3 = _numbers(witness, ("z1", "z2", "z3"))
    top = max(z1, z2, z3)
    log_p = z2 - top - math.log(sum(math.exp(z - top) for z in (z1, z2, z3)))
    if abs(log_p + math.log(3)) < 1e-9:
        return f"for z = ({z1:g}, {z2:g}, {z3:g}) the logarithm really is -log 3: the printed line passes here"
    return None


@exercise(
    FindRepair(
        lines=(
            "Class k has the weight w_k = exp(z_k) and the probability p_k = w_k / (w_1 + w_2 + w_3).",
            "The logarithm of a quotient is a difference: log p_k = z_k - log(w_1 + w_2 + w_3).",
            "With a sum sign, for class i:  log p_i = z_i - log( sum_{i=1}^{3} exp(z_i) ).",
            "For class 2 put i = 2 wherever i stands: log p_2 = z_2 - log(3 exp(z_2)) = -log 3.",
            "The same holds for every class: the loss is always log 3, that of a blind guess.",
        ),
        wrong=3,
        fix="z2 - log(exp(z1) + exp(z2) + exp(z3))",
        check_witness=_not_log_three,
        variables=LOGITS,
    ),
    title="One letter with two jobs",
    points=2,
    hints=(
        "A loss that no logit can change teaches nothing. On which line did the logits of the other classes vanish?",
        "The letter of the class that is asked for and the letter that runs through the sum are two different letters.",
        '`return Repair(line=..., fix="z2 - log(...)", witness={"z1": ..., "z2": ..., "z3": ...})`',
    ),
    claims=("S1-6.1.4a",),
)
def repair_softmax_formula() -> Repair:
    r"""Find the first wrong line, repair it, and show a point at which it fails. Everything is for three classes.

    1. Class $k$ has the weight $w_k = e^{z_k}$ and the probability $p_k = w_k / (w_1 + w_2 + w_3)$.
    2. The logarithm of a quotient is a difference: $\log p_k = z_k - \log(w_1 + w_2 + w_3)$.
    3. With a sum sign, for class $i$: $\log p_i = z_i - \log \sum_{i=1}^{3} e^{z_i}$.
    4. For class 2 put $i = 2$ wherever $i$ stands: $\log p_2 = z_2 - \log(3 e^{z_2}) = -\log 3$.
    5. The same holds for every class: the loss is always $\log 3$, that of a blind guess.

    Return `Repair(line, fix, witness)`: the number of the first line that is wrong; what that line should give for
    $\log p_2$, as an expression in `z1`, `z2`, `z3`; and logits at which $\log p_2$ is not $-\log 3$, as a dict with
    these three names.

    Judged: the line; that the fix equals $\log p_2$ for all real logits; that the witness tells the two apart. (The
    form of an answer: `Repair(line=1, fix="z1 + z2", witness={"z1": 0, "z2": 0, "z3": 0})`.)
    """
    return Repair(3, "z2 - log(exp(z1) + exp(z2) + exp(z3))", {"z1": 0, "z2": 1, "z3": 0})


repair_softmax_formula.misconception(
    "Line 4 does what line 3 tells it to. If obeying a line gives nonsense, which of the two should change?",
    lambda: Repair(4, "z2 - log(exp(z1) + exp(z2) + exp(z3))", {"z1": 0, "z2": 1, "z3": 0}),
)
repair_softmax_formula.misconception(
    "The right line, and a witness on which nothing can be seen: with equal logits every share is 1/3 anyway.",
    lambda: Repair(3, "z2 - log(exp(z1) + exp(z2) + exp(z3))", {"z1": 5, "z2": 5, "z3": 5}),
)
repair_softmax_formula.misconception(
    "Your sum leaves class 2 out. Is a share a part of the others, or a part of everything?",
    lambda: Repair(3, "z2 - log(exp(z1) + exp(z3))", {"z1": 0, "z2": 1, "z3": 0}),
)
repair_softmax_formula.misconception(
    "The logarithm of a sum is not the sum of the logarithms. What is log(e^0 + e^0 + e^0), and what is 0 + 0 + 0?",
    lambda: Repair(3, "z2 - (z1 + z2 + z3)", {"z1": 0, "z2": 1, "z3": 0}),
)
repair_softmax_formula.misconception(
    "Line 5 draws the conclusion, and does not make the mistake. Look further up for the cause.",
    lambda: Repair(5, "z2 - log(exp(z1) + exp(z2) + exp(z3))", {"z1": 0, "z2": 1, "z3": 0}),
)
repair_softmax_formula.alternative(
    "as the logarithm of one fraction",
    lambda: Repair(3, "log(exp(z2)/(exp(z1) + exp(z2) + exp(z3)))", {"z1": 5, "z2": 0, "z3": -5}),
)
repair_softmax_formula.alternative(
    "through logsumexp", lambda: Repair(3, "z2 - lse(z1, z2, z3)", {"z1": 0.5, "z2": 0.25, "z3": 0.125})
)


def _moved(witness: dict) -> str | None:
    *_, c = _numbers(witness, ("z1", "z2", "c"))
    return "with c = 0 nothing was shifted, so nothing can show" if c == 0 else None


@exercise(
    FindRepair(
        lines=(
            "lse(z1 + c, z2 + c) = log(exp(z1 + c) + exp(z2 + c)).",
            "The exponential of a sum is a product: = log(exp(c)*(exp(z1) + exp(z2))).",
            "The common factor drops out, as it does in softmax: = log(exp(z1) + exp(z2)).",
            "That is lse(z1, z2).",
        ),
        wrong=3,
        fix="c + log(exp(z1) + exp(z2))",
        check_witness=_moved,
        variables={"z1": "real", "z2": "real", "c": "real"},
    ),
    title="Is logsumexp shift invariant?",
    points=2,
    hints=(
        "In softmax the factor $e^c$ cancels. Against what? And is there such a thing here?",
        "The logarithm of a product is the sum of the logarithms, and one of the two is very short.",
        '`return Repair(line=..., fix="... + log(exp(z1) + exp(z2))", witness={"z1": ..., "z2": ..., "c": ...})`',
    ),
    claims=("S1-6.1.4b",),
)
def repair_lse_shift() -> Repair:
    r"""Softmax does not notice a shift. Nor does logsumexp, says this argument: find its wrong line.

    Here $\mathrm{lse}(z) = \log\sum_k e^{z_k}$.

    1. $\mathrm{lse}(z_1 + c, z_2 + c) = \log(e^{z_1 + c} + e^{z_2 + c})$.
    2. The exponential of a sum is a product: $= \log(e^c (e^{z_1} + e^{z_2}))$.
    3. The common factor drops out, as it does in softmax: $= \log(e^{z_1} + e^{z_2})$.
    4. That is $\mathrm{lse}(z_1, z_2)$.

    Return `Repair(line, fix, witness)`: the number of the wrong line; the right side that this line should have, as
    an expression in `z1`, `z2`, `c`; and a dict with numbers for these three at which the printed line fails.

    Judged: the line; that the fix equals line 2 for all real numbers; that the witness tells the printed line from
    the truth. (The form of an answer: `Repair(line=1, fix="z1*c", witness={"z1": 0, "z2": 0, "c": 0})`.)
    """
    return Repair(3, "c + log(exp(z1) + exp(z2))", {"z1": 0, "z2": 0, "c": 1})


repair_lse_shift.misconception(
    "A logarithm turns products into sums, not into products. What is log(e * e)?",
    lambda: Repair(3, "c*log(exp(z1) + exp(z2))", {"z1": 0, "z2": 0, "c": 1}),
)
repair_lse_shift.misconception(
    "The right idea, counted twice: one factor e^c was taken out of the sum, not one for each term.",
    lambda: Repair(3, "2*c + log(exp(z1) + exp(z2))", {"z1": 0, "z2": 0, "c": 1}),
)
repair_lse_shift.misconception(
    "A shift by 0 is the one shift that every function survives. Pick a c at which something can go wrong.",
    lambda: Repair(3, "c + log(exp(z1) + exp(z2))", {"z1": 1, "z2": 2, "c": 0}),
)
repair_lse_shift.misconception(
    "Line 2 is sound: e^(z+c) = e^z e^c, and both terms share e^c. The harm is done after that.",
    lambda: Repair(2, "c + log(exp(z1) + exp(z2))", {"z1": 0, "z2": 0, "c": 1}),
)
repair_lse_shift.misconception(
    "Line 4 only gives line 3 its name. If the name is unwelcome, look at what it was given to.",
    lambda: Repair(4, "c + log(exp(z1) + exp(z2))", {"z1": 0, "z2": 0, "c": 1}),
)
repair_lse_shift.alternative("with lse", lambda: Repair(3, "lse(z1, z2) + c", {"z1": 3, "z2": -1, "c": -2}))
repair_lse_shift.alternative(
    "as the logarithm of a product",
    lambda: Repair(3, "log(exp(c)) + log(exp(z2) + exp(z1))", {"z1": 0, "z2": 0, "c": 0.5}),
)
