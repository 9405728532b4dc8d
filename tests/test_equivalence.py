"""Equal pairs are never called wrong, unequal ones never right, whatever the seed."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from time import perf_counter, process_time

import pytest

from autograder.domains import DomainError, parse_domain
from autograder.expressions import parse
from autograder.expressions.values import Budget
from autograder.judges.equivalence import compare
from autograder.judges.prove import proof
from autograder.judges.trial import Outcome, attempt
from autograder.judges.verdict import Agrees, Proved, Refuted, Undecidable

DATA = Path(__file__).parent / "data"
TOOK = "milliseconds for a pair, and of them on the processor"  # conftest.py sums it up


def pytest_generate_tests(metafunc):
    if "pair" in metafunc.fixturenames:
        pairs = [pair for file in metafunc.config.getoption("pairs") for pair in json.loads(file.read_text())]
        metafunc.parametrize("pair", pairs, ids=_name)


def _name(pair):
    return "-".join(str(pair[key]) for key in ("id", "topic", "kind") if key in pair)


def right(verdict, pair):
    return isinstance(verdict, Agrees | Proved if pair["equal"] else Refuted)


def test_a_labelled_pair_is_judged_as_labelled(pair, record_property):
    a, b, started, worked = parse(pair["a"]), parse(pair["b"]), perf_counter(), process_time()
    verdict = compare(a, b, pair["vars"])
    record_property(TOOK, (1000 * (perf_counter() - started), 1000 * (process_time() - worked)))
    if "limit" in pair:  # a known limit of the judge; one that is gone is to be taken off the list
        assert not right(verdict, pair), "this limit is no longer one"
        assert not isinstance(verdict, Refuted | Proved), verdict
    else:
        assert right(verdict, pair), verdict


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_seed_gives_the_same_verdict(pair, seed):
    verdict = compare(parse(pair["a"]), parse(pair["b"]), pair["vars"], seed=seed, prove=False)
    assert right(verdict, pair) != ("limit" in pair), verdict


def test_no_pair_is_proved_that_differs_where_both_sides_have_a_value(pair):
    a, b = parse(pair["a"]), parse(pair["b"])
    by = proof(a, b, pair["vars"])
    if by and not pair["equal"]:  # a proof says nothing about holes and kinks, where one side has no value
        refuted = compare(a, b, pair["vars"], prove=False)
        assert "undefined" in refuted.got + refuted.expected, by


def test_the_repository_has_two_hundred_pairs_of_its_own_half_of_them_unequal():
    own = json.loads((DATA / "curriculum_pairs.json").read_text())
    labels = [pair["equal"] for pair in own if "limit" not in pair]
    assert len(labels) >= 200
    assert 0.4 < sum(labels) / len(labels) < 0.6
    assert len({pair["topic"] for pair in own}) == 24
    assert all(pair["note"] for pair in own)


def test_every_known_limit_is_written_down():
    page = (DATA.parents[1] / "chapters" / "expressions.md").read_text()
    for file in sorted(DATA.glob("*_pairs.json")):
        for pair in json.loads(file.read_text()):
            assert "limit" not in pair or f"`{pair['a']}`" in page, pair["id"]


REAL = dict.fromkeys("abcxymz", "real") | {"t": "closed(0,1)"}

PROVABLE = [
    ("lse(a, b, c)", "=", "Max(a, b, c) + lse(a - Max(a, b, c), b - Max(a, b, c), c - Max(a, b, c))"),
    ("exp(a)/(exp(a) + exp(b) + exp(c))", "=", "exp(a - m)/(exp(a - m) + exp(b - m) + exp(c - m))"),
    ("D(lse(a, b), a)", "=", "sigmoid(a - b)"),
    ("softplus(x) - softplus(-x)", "=", "x"),
    ("log(cosh(x))", "=", "Abs(x) + log(1 + exp(-2*Abs(x))) - log(2)"),
    ("0", "<", "D(sigmoid(x), x)"),
    ("D(sigmoid(x), x)", "<=", "1/4"),
    ("tanh(x)", "<", "1"),
    ("Max(0, x)", "<", "softplus(x)"),
    ("softplus(x)", "<=", "Max(0, x) + log(2)"),
    ("Max(0, t*a + (1-t)*b)", "<=", "t*Max(0, a) + (1-t)*Max(0, b)"),
    ("x**2 + y**2", ">=", "2*x*y"),
]


@pytest.mark.parametrize(("left", "relation", "right"), PROVABLE)
def test_what_cancels_is_proved(left, relation, right):
    verdict = compare(parse(left), parse(right), REAL, relation=relation)
    assert isinstance(verdict, Proved), verdict


@pytest.mark.parametrize(
    ("left", "relation", "right"),
    [
        ("D(sigmoid(x), x)", "<", "1/4"),
        ("D(sigmoid(x), x)", "<=", "24/100"),
        ("Max(0, x)", "<", "Abs(x)"),
        ("log(x)", "<=", "x"),
        ("tanh(x)", ">", "x"),
    ],
)
def test_a_false_inequality_is_refuted(left, relation, right):
    assert isinstance(compare(parse(left), parse(right), REAL, relation=relation), Refuted)


@pytest.mark.parametrize(
    ("left", "right", "variables"),
    [
        ("x/x", "1", {"x": "real"}),
        ("sqrt(x)**2", "Abs(x)", {"x": "real"}),
        ("D(Abs(x), x)", "sign(x)", {"x": "real"}),
        ("D(Max(0, x), x)", "where(x > 0, 1, 0)", {"x": "real"}),
        ("where(x > 1000, x, softplus(x))", "softplus(x)", {"x": "real"}),
        ("where(And(x > 1/3, x < 1/3 + 1/10**6), 0, x)", "x", {"x": "real"}),
        ("where((x - 7)**2 < 1/10**6, 0, x)", "x", {"x": "real"}),
        ("where(Abs(x - pi) < 1/1000, 0, x)", "x", {"x": "real"}),
        ("x*(x-1)*(x+1)*(x-2)*(x+3)*(2*x-1)", "0*x", {"x": "real"}),
        ("log(exp(z))", "z", {"z": "complex"}),
        ("trace(A@B)", "trace(A)*trace(B)", {"A": "matrix(2,2)", "B": "matrix(2,2)"}),
        ("where(exp(x) >= 2, 1, 0)", "where(exp(x) > 2, 1, 0)", {"x": "real"}),
        ("where(a >= b, a, b + 1)", "Max(a, b)", {"a": "real", "b": "real"}),
        ("where(a > b, a, where(a < b, b, a + 1))", "Max(a, b)", {"a": "real", "b": "real"}),
        ("log(p1) + log(p2)", "log(p1*p2) + (p1 + p2)", {"p": "simplex(2)"}),
        ("p1 + p2", "1", {"p": "simplex(3)"}),
        ("A@B", "B@A", {"A": "matrix(2,2)", "B": "matrix(2,2)"}),
        ("A + T(A)", "2*A", {"A": "matrix(2,2)"}),
        ("sqrt(2)", "1.41421356237309504880168872420969807857", {}),
        ("Matrix([[1, 2]])", "Matrix([[1], [2]])", {}),
        ("x", "y", {"x": "real"}),
        ("Int(where(z > 1000, 1, 0), z, 0, x)", "0*x", {"x": "real"}),
        ("where(x > 1000, x + 1/10**450, x)", "x", {"x": "real"}),
        ("grad(det(A), A)", "det(A)*T(inv(A))", {"A": "matrix(2,2)"}),
        ("sin(2520*pi*10**30*x)", "0*x", {"x": "open(0,pi)"}),
    ],
)
def test_what_differs_in_a_corner_only_is_refuted(left, right, variables):
    assert isinstance(compare(parse(left), parse(right), variables), Refuted)


@pytest.mark.parametrize(
    ("left", "right", "variables"),
    [
        ("D(Abs(x), x)", "sign(x)", {"x": "nonzero"}),
        ("grad(log(det(A)**2)/2, A)", "T(inv(A))", {"A": "matrix(2,2)"}),
        ("inv(A@B)", "inv(B)@inv(A)", {"A": "matrix(2,2)", "B": "matrix(2,2)"}),
        ("grad(scalar(T(v)@A@v), v)", "2*A@v", {"A": "symmatrix(2,2)", "v": "vector(2)"}),
        ("exp(conj(z))", "conj(exp(z))", {"z": "complex"}),
        ("Heaviside(x)", "(1 + sign(x))/2", {"x": "real"}),
        ("Int(exp(-z**2/(2*s**2)), z, -oo, oo)", "s*sqrt(2*pi)", {"s": "positive"}),
        ("p1 + p2 + p3", "1", {"p": "simplex(3)"}),
        ("A + T(A)", "2*A", {"A": "symmatrix(2,2)"}),
        ("1 - erf(x)", "erfc(x)", {"x": "real"}),
        ("1 + tanh(x)", "2*sigmoid(2*x)", {"x": "real"}),
        ("where(x > 0, log(1 + exp(-x)) + x, log(1 + exp(x)))", "softplus(x)", {"x": "real"}),
        ("(1 + exp(-x))**y", "exp(y*softplus(-x))", {"x": "real", "y": "positive"}),
        ("y**2", "y", {"y": "{0,1}"}),
        ("sqrt(2)*sqrt(3)", "sqrt(6)", {}),
        ("(-1)**n", "cos(pi*n)", {"n": "integer"}),
        ("Int(exp(-z), z, 0, oo)", "1", {}),
        ("1 - 2*sin((x/2 - pi/2)/2)**2", "sin(x/2)", {"x": "real"}),
        ("where(x > 0, x, 1 + cos(pi/2))", "where(x > 0, x, 1)", {"x": "real"}),
        ("where(x == sqrt(2), 2*sqrt(2), (x**2 - 2)/(x - sqrt(2)))", "x + sqrt(2)", {"x": "real"}),
        ("sqrt(x**2)", "x", {"x": "closed(0,pi)"}),
    ],
)
def test_what_is_equal_is_not_called_wrong(left, right, variables):
    assert isinstance(compare(parse(left), parse(right), variables), Agrees | Proved)


@pytest.mark.parametrize(
    ("left", "right"),
    [("1 + tanh(x)", "2*sigmoid(2*x)"), ("log(1 + exp(x))", "softplus(x)"), ("1 - erf(-x)", "erfc(-x)")],
)
@pytest.mark.parametrize("place", [-70, -800, -900_000])
def test_what_rounding_swallows_is_no_difference(left, right, place):
    trial = attempt(parse(left), parse(right), {"x": Fraction(place)}, "=", Budget())
    assert trial.outcome in (Outcome.SAME, Outcome.TOO_FAR)


def test_a_difference_below_fifty_digits_is_still_one():
    trial = attempt(parse("1 + tanh(x)"), parse("3*sigmoid(2*x)"), {"x": Fraction(-800)}, "=", Budget())
    assert trial.outcome is Outcome.DIFFERENT


def test_the_witness_is_readable():
    verdict = compare(parse("sigmoid(x)"), parse("sigmoid(-x)"), {"x": "real"})
    assert verdict.sentence == "x = 1: got 0.731059, expected 0.268941"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("where(x > 10**6, x, softplus(x))", "softplus(x)"),
        ("where(x < -10**5, 0, exp(x)) + 1", "exp(x) + 1"),
        ("where(x > 10**6, 1 + exp(-x), 2)", "where(x > 10**6, 1, 2)"),
    ],
)
def test_a_branch_that_was_only_seen_blurred_is_undecided(left, right):
    assert isinstance(compare(parse(left), parse(right), {"x": "real"}), Undecidable)


def test_a_proof_settles_what_no_number_of_digits_can():
    left, right = parse("where(x > 10**6, x + log(1 + exp(-x)), log(1 + exp(x)))"), parse("softplus(x)")
    assert isinstance(compare(left, right, {"x": "real"}, prove=False), Undecidable)
    assert isinstance(compare(left, right, {"x": "real"}), Proved)


def test_nowhere_defined_is_neither_right_nor_wrong():
    assert isinstance(compare(parse("log(0)*x"), parse("1/0 + x"), {"x": "real"}), Undecidable)


def test_a_laborious_expression_ends():
    tower = parse("+".join(f"Int(Int(sin(z*w*{k}), z, 0, x), w, 0, y)" for k in range(1, 20)))
    verdict = compare(tower, parse("0"), {"x": "real", "y": "real"}, prove=False)
    assert isinstance(verdict, Refuted | Undecidable)


def test_the_prover_dies_alone_and_comes_back(monkeypatch):
    from autograder.judges import prove

    hopeless = parse("(" + "+".join(f"exp(x{i})*sin(x{i})" for i in range(12)) + ")**60")
    prove._PROVER.stop()
    monkeypatch.setattr(prove, "_START_UP", 0.0)
    assert proof(hopeless, parse("1"), {}, patience=0.05) is None
    assert prove._PROVER.process is None
    monkeypatch.undo()
    assert proof(parse("tanh(x)"), parse("2*sigmoid(2*x) - 1"), {"x": "real"})


def test_importing_starts_no_process_and_reads_no_file_from_the_current_folder(tmp_path):
    (tmp_path / "sympy.py").write_text("raise SystemExit('a student wrote this')")
    script = (
        "import sys; sys.path[:] = [p for p in sys.path if p]\n"
        "from autograder.expressions import parse\n"
        "from autograder.judges.equivalence import compare\n"
        "from autograder.judges.prove import _PROVER\n"
        "assert _PROVER.process is None\n"
        "print(type(compare(parse('tanh(x)'), parse('2*sigmoid(2*x)-1'), {'x': 'real'})).__name__)"
    )
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    run = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip() == "Proved", run.stderr


@pytest.mark.parametrize("text", ["open(1,0)", "foo", "simplex(0)", "matrix(2)", "{}", "open(0,x)"])
def test_a_text_that_names_no_domain_is_refused(text):
    with pytest.raises(DomainError):
        parse_domain(text)


def test_an_unknown_relation_is_refused():
    with pytest.raises(ValueError, match="relations"):
        compare(parse("x"), parse("x"), {"x": "real"}, relation="~")
