"""Text that means harm: it is refused in words, and nothing of it is ever run or written out."""

import builtins

import pytest

from autograder.expressions import ExpressionError, parse
from tests.attacks.expressions import HOSTILE, TOWERS


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


@pytest.mark.parametrize("text", TOWERS)
def test_a_tower_of_powers_is_read_at_once_and_never_written_out(text):
    assert parse(text).size < 10
