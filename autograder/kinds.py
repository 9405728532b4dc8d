"""The ten kinds of exercise: what each one has to say about itself, and nothing about how it is judged.

Formulas are text in the course's expression syntax (`autograder/expressions.py`); domains are text too
(`autograder/domains.py`): "real", "positive", "open(0,1)", "closed(-1,1)", "simplex(3)", "{0,1}" ...
A predicate returns None when its claim holds and otherwise the sentence a student should read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Predicate = Callable[..., str | None]
Target = str | tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """A named claim about a witness, a drawing, or the figures of an experiment."""

    claim: str
    predicate: Predicate
    weight: float = 1.0


@dataclass(frozen=True)
class Property:
    """A claim that ties several outputs together, such as f(x) + f(-x) = 1.

    inputs(rng, dtype) gives argument tuples, one per call; holds(inputs, outputs) is a predicate on them.
    """

    claim: str
    inputs: Callable[..., list[tuple]]
    holds: Predicate
    weight: float = 1.0


@dataclass(frozen=True)
class Numeric:
    """N: a function on arrays, judged against a truth of fifty digits.

    truth: elementwise, text in the course's syntax over the argument names ("1/(1+exp(-x))"), otherwise a function of
        nested lists of mpmath numbers (never of floats) which returns the same. What a rounding of a constant in a
        text does is forgiven: no pi or log(2) there that another term cancels.
    arguments: name to domain, in the order of the signature; a keyword parameter such as alpha may be among them.
    core: NumPy's gufunc notation: "()->()" elementwise, "(n)->(n)", "(n)->()", "(n)->(n,n)", "(n),(n)->(n)",
        "(m,n),(m,n)->()" for a mean over entries or rows, "(m),(m,n)->()" where one label belongs to each row.
    limits: values where formula and limit part, by name of the argument and its value: {("x", "-inf"): 0.0}.
    kinks: where a slope jumps, text over the arguments that vanishes there ("x", "Abs(y-y_hat)-delta"); where no text
        can say it, a function of the arguments by name (arrays and options) that gives numbers which vanish there.
    extremes: more inputs worth trying, as argument tuples of floats or lists.
    measured: arguments of a finite domain whose values count as measured all the same, with a rounding of their own.
    grain: text over the arguments of an elementwise function: how many smallest subnormals one rounding in the natural
        formula is worth, where it multiplies a factor that underflows before the product does ("Min(Abs(x), 1000)").
    fixed: keyword arguments passed on every call ({"axis": -1}).
    """

    kind = "N"
    truth: Target | Callable
    arguments: Mapping[str, str]
    core: str = "()->()"
    limits: Mapping[tuple[str, str], float] = field(default_factory=dict)
    kinks: tuple[str | Callable, ...] = ()
    extremes: tuple[tuple, ...] = ()
    measured: tuple[str, ...] = ()
    grain: str = "1"
    fixed: Mapping[str, Any] = field(default_factory=dict)
    properties: tuple[Property, ...] = ()
    dtypes: tuple[str, ...] = ("float64", "float32", "float16")


@dataclass(frozen=True)
class Gradient(Numeric):
    """G: a derivative or vector-Jacobian product: all of N, and agreement with the forward function.

    forward: the name of the function whose gradient this is. The student's own is used when there is one, and the
        formula `forward_truth` otherwise.
    at_kink: what the exercise states for the slope at a kink, in words ("0 at 0"); "" when there is none.
    of_output: whether the first argument is what the forward function returned, and not what it was given.
    """

    kind = "G"
    forward: str = ""
    forward_truth: Target | Callable | None = None
    at_kink: str = ""
    of_output: bool = False


@dataclass(frozen=True)
class Symbolic:
    """S: an exact expression, or a tuple of them.

    cases: the argument tuple of each call, and the target it must equal: {("sigmoid",): ("1/4", "0")}; a function
        without arguments has the one case {(): "..."}.
    variables: the symbols that may occur, and their domains.
    exact: refuse floating-point numbers in the answer. worked_out: refuse a derivative or an integral that is still
        to be carried out, where it would restate the question.
    """

    kind = "S"
    cases: Mapping[tuple, Target]
    variables: Mapping[str, str] = field(default_factory=dict)
    exact: bool = True
    worked_out: bool = False


@dataclass(frozen=True)
class Derivation:
    """D: a chain of steps from `start` to `end`, every neighbouring pair in the stated relation.

    min_steps: how many lines are demanded, the ends included.
    relations: the relations a step may use; "=" unless the exercise is about an inequality ("=", "<=").
    scaffold: lines given in the notebook, as (expression or None for a blank, rule); empty for a blank page.
    """

    kind = "D"
    start: str
    end: str
    variables: Mapping[str, str]
    min_steps: int = 3
    relations: tuple[str, ...] = ("=",)
    scaffold: tuple[tuple[str | None, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """A: a number, tuple or matrix for the student's own variant.

    variant(random) draws the numbers of one student's question from a `random.Random`, as a dict of tidy values.
    question(variant): the question in words, with the student's numbers.
    """

    kind = "A"
    variant: Callable[..., dict]
    question: Callable[[dict], str]
    tolerance: float = 0.0


@dataclass(frozen=True)
class Choice:
    """M: one of `options` and one of `reasons`, by key; the reference function says which, given the variant.

    variant: as for A; None where every student gets the same question.
    """

    kind = "M"
    options: Mapping[str, str]
    reasons: Mapping[str, str]
    variant: Callable[..., dict] | None = None
    question: Callable[[dict], str] | None = None


@dataclass(frozen=True)
class Plot:
    """P: draws on the Axes it is given; the checks look at a `Drawing`."""

    kind = "P"
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Experiment:
    """E: weights, a trajectory or predictions for a seed, from which the grader recomputes its own figures.

    measure(result, seed) -> {name: float}; raises ValueError with a sentence when the result is malformed.
    bands: name to (low, high, the claim in words).
    false_fail: how often an honest solution misses a band, and how that was measured.
    """

    kind = "E"
    measure: Callable[[Any, int], Mapping[str, float]]
    bands: Mapping[str, tuple[float, float, str]]
    false_fail: str
    seeds: int = 3


@dataclass(frozen=True)
class FindRepair:
    """X: a numbered text with one wrong line; the answer is a Repair(line, fix, witness).

    lines: the argument as shown to the student. wrong: the number of the wrong line, from 1.
    fix: the corrected line (text, or a tuple of texts), compared as symbols; or None when `check_fix` judges it.
    check_fix(fix): a predicate for fixes that are not one expression.
    check_witness(witness): a predicate: does this point show that the line as printed is wrong?
    """

    kind = "X"
    lines: tuple[str, ...]
    wrong: int
    check_witness: Predicate
    fix: Target | None = None
    check_fix: Predicate | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    probes: tuple[tuple, ...] = ()


@dataclass(frozen=True)
class Counterexample:
    """C: a witness, verified and never compared: any valid one passes.

    fields: what the dict must hold, name to a short description ("a real number", "a list of two floats").
    checks: claims about the witness; a later one is not reached while an earlier one fails.
    """

    kind = "C"
    fields: Mapping[str, str]
    checks: tuple[Check, ...]


Spec = Numeric | Gradient | Symbolic | Derivation | Answer | Choice | Plot | Experiment | FindRepair | Counterexample
