"""Text that means harm: it is refused in words, and nothing of it is ever run or written out."""

import builtins

import pytest

from autograder.expressions import ExpressionError, parse

HOSTILE = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "(lambda: x)()",
    "f\"{__import__('os')}\"",
    "getattr(x, 'y')",
    "exp(*x)",
    "exp(**x)",
    "(x := 1)",
    "x if (lambda: y) else z",
    "(" * 300 + "x" + ")" * 300,
    "-" * 500 + "x",
    "x" + "**2" * 200,
    "sin(" * 200 + "x" + ")" * 200,
    "x" + "+x" * 1200,
    "1" * 5000,
    "0x" + "f" * 4000,
    "1e9999",
    "x[0]",
    "await x",
    "x; y",
    "\u0430 + 1",  # a Cyrillic a
    "\u221ax",
    "x\u200b + y",
    "x\u00b2",
    "\u202ex",
    "x\x00",
    "\ud800",
    "\u0663",
    "adj(x)",
    "number(1)",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused_and_never_run(text, monkeypatch):
    for name in ("eval", "exec", "compile", "__import__", "getattr"):
        original = getattr(builtins, name)
        monkeypatch.setattr(builtins, name, _watched(name, original))
    with pytest.raises(ExpressionError):
        parse(text)


def _watched(name, original):
    def call(*args, **kwargs):
        assert name not in ("eval", "exec"), f"{name} was called"
        assert name != "__import__" or args[0] != "os", "os was imported"
        assert name != "compile" or args[2:3] == ("eval",), args  # ast.parse, which builds a tree and runs nothing
        return original(*args, **kwargs)

    return call


@pytest.mark.parametrize("text", ["10**10**10", "9**9**9**9", "2**(2**(2**(2**2)))", "(1/3)**(10**10)", "10**-10**10"])
def test_a_tower_of_powers_is_read_at_once_and_never_written_out(text):
    assert parse(text).size < 10
