"""Two questions on what floating point does to a true formula, with numbers of the student's own."""

import math

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Answer, Choice


def a_confident_x(random):
    """An x from one of three regions: nothing is lost, something is lost, all is lost."""
    return {"x": random.choice([*range(-30, -4), *range(14, 33), *range(40, 61)])}


@exercise(
    Choice(
        variant=a_confident_x,
        question=lambda variant: (
            f"In float64, with a sigmoid that is right to the last digit: how many digits of "
            f"`1 - sigmoid({variant['x']})` are right, and why?"
        ),
        options={
            "all": "about 16, all that float64 has",
            "some": "some, but fewer than 13",
            "none": "none: the result is exactly 0",
        },
        reasons={
            "small_subtrahend": "σ(x) is small against 1: its rounding error is far below the last digit of the result",
            "spacing_near_one": "σ(x) was rounded to the spacing of the floats just below 1, about 1e-16, and "
            "the result is not much larger than that",
            "rounded_to_one": "σ(x) lies closer to 1 than half that spacing, so it was rounded to 1 itself",
            "exact_subtraction": "the subtraction of two close numbers is exact, so nothing is lost",
            "overflow": "the exponential inside the sigmoid overflows",
            "inexact_exp": "`np.exp` is inaccurate for arguments of this size",
        },
    ),
    title="One minus sigmoid: how many digits survive?",
    points=1,
    claims=("S1-6.1.1a", "S1-6.1.3a", "S1-6.2d2"),
    hints=(
        "How large is σ at your x, and how far is the nearest other float64 number?",
        "Just below 1 the numbers of float64 are 1.1e-16 apart. Compare this with 1 - σ(x), which is about e^{-x} for "
        "positive x, and remember that the error of σ(x) survives the subtraction unchanged.",
        "`np.spacing(sigmoid(x))`, next to `np.exp(-x)`, for your x",
    ),
)
def choice_complement(variant: dict) -> dict[str, str]:
    r"""How many digits of `1 - sigmoid(x)` are right in float64, if `sigmoid` is right to the last digit?

    Say it for your own x, `variant["x"]`, and why. Return `dict(answer=..., reason=...)`, each one of the keys below.

    Judged: the answer, then the reason (a reason counts only with the right answer).

    Example of the form: `dict(answer="some", reason="overflow")`.
    """
    x = variant["x"]
    if x < 0:
        return {"answer": "all", "reason": "small_subtrahend"}
    if math.exp(-x) > 2**-54:
        return {"answer": "some", "reason": "spacing_near_one"}
    return {"answer": "none", "reason": "rounded_to_one"}


choice_complement.misconception(
    "The subtraction itself is exact, as you say. But what is subtracted had been rounded before: exactly so its error "
    "comes to the front.",
    lambda variant: {"answer": "all", "reason": "exact_subtraction"},
)
choice_complement.misconception(
    "Nothing overflows here: the sigmoid was promised to be right to the last digit. What happens after it?",
    lambda variant: {"answer": "none", "reason": "overflow"},
)
choice_complement.misconception(
    "`np.exp` is good to the last digit nearly everywhere. The loss does not happen inside the sigmoid but after it.",
    lambda variant: {"answer": "some", "reason": "inexact_exp"},
)

OVERFLOWS = {  # form: (as the student reads it, log of the largest exponential that it forms at x = 1)
    "exponentials": ("(np.exp(u) - np.exp(-u)) / (np.exp(u) + np.exp(-u))", 1),
    "one exponential": ("(np.exp(2*u) - 1) / (np.exp(2*u) + 1)", 2),
}
LARGEST = {"float16": 65504, "float32": (2 - 2**-23) * 2**127, "float64": (2 - 2**-52) * 2**1023}


def a_form_and_a_type(random):
    times, over = random.choice([(m, 2**k) for m in (1, 3, 5, 7) for k in range(1, 6) if 2**k > 2 * m])
    return {
        "form": random.choice(sorted(OVERFLOWS)),
        "dtype": random.choice(sorted(LARGEST)),
        "times": times,
        "over": over,
    }


def in_words(variant):
    code, _ = OVERFLOWS[variant["form"]]
    scaled = "x" if variant["times"] == 1 else f"{variant['times']} * x"
    scaled += "" if variant["over"] == 1 else f" / {variant['over']}"
    return (
        f"A layer computes tanh of u = {scaled} in {variant['dtype']}, as `{code}`. What is the smallest whole number "
        f"x > 0 at which this is nan?"
    )


@exercise(
    Answer(variant=a_form_and_a_type, question=in_words),
    title="The smallest x that breaks tanh",
    points=1,
    claims=("S4-A23",),
    hints=(
        "nan comes from inf / inf. What is the largest u for which `np.exp(u)` is still a number in your float type?",
        "exp overflows just above the logarithm of `np.finfo(dtype).max`. Work out which exponential your "
        "form computes, set its exponent equal to that, solve for x, and go to the next whole number.",
        "`limit = np.log(float(np.finfo(variant['dtype']).max))`",
    ),
)
def answer_tanh_overflow(variant: dict) -> int:
    r"""The printed formula for tanh is a quotient of exponentials, and as code it gives inf/inf = nan for a large x.

    `variant` holds your own case: `variant["form"]` is `"exponentials"`, for `(exp(u) - exp(-u)) / (exp(u) +
    exp(-u))`, or `"one exponential"`, for `(exp(2u) - 1) / (exp(2u) + 1)`; `variant["dtype"]` is the float type in
    which it is computed; and u = `variant["times"] * x / variant["over"]`.

    Return the smallest whole number x > 0 at which the result is nan. Find it on paper or with a few lines of NumPy.

    Judged: the number, exactly.

    Example: for `"exponentials"` in float64 with u = x it is 710, since `np.exp(709.0)` is 8.2e307 and `np.exp(710.0)`
    is inf.
    """
    _, exponent = OVERFLOWS[variant["form"]]
    limit = math.log(LARGEST[variant["dtype"]])
    return math.floor(limit * variant["over"] / (exponent * variant["times"])) + 1


answer_tanh_overflow.misconception(
    "That is the last x at which all is still well. The first that breaks is one further.",
    lambda variant: answer_tanh_overflow.reference(variant) - 1,
)
answer_tanh_overflow.misconception(
    "You found the u that breaks. The question is about x, and u is a multiple of x.",
    lambda variant: answer_tanh_overflow.reference({**variant, "times": 1, "over": 1}),
)
answer_tanh_overflow.misconception(
    "Look again at what is inside the exponential in your form: u or 2u?",
    lambda variant: answer_tanh_overflow.reference(
        {**variant, "form": next(form for form in OVERFLOWS if form != variant["form"])}
    ),
)
answer_tanh_overflow.misconception(
    "You counted in powers of two: 16, 128, 1024 are where 2**u overflows. exp grows faster.",
    lambda variant: (
        math.floor(
            math.log2(LARGEST[variant["dtype"]]) * variant["over"] / (OVERFLOWS[variant["form"]][1] * variant["times"])
        )
        + 1
    ),
)
answer_tanh_overflow.misconception(
    "That is where tanh becomes so flat that it is rounded to 1. The question is where the exponentials "
    "run out of range.",
    lambda variant: math.ceil(math.log(8 / np.finfo(variant["dtype"]).eps) / 2 * variant["over"] / variant["times"]),
)
