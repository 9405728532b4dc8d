"""Text made harmless: the short way through lets nothing pass that the long way would stop."""

from __future__ import annotations

import sys

from autograder.feedback import untrusted


def test_nothing_printable_is_ever_taken_out():
    patterns = (untrusted._CONTROLS, untrusted._ILLEGAL, untrusted._ESCAPES)
    printable = filter(str.isprintable, map(chr, range(sys.maxunicode + 1)))
    assert [letter for letter in printable if any(pattern.search(letter) for pattern in patterns)] == []


def test_the_short_way_folds_and_cuts_like_the_long_one():
    assert untrusted.plain("  two  words ") == untrusted.plain("\ttwo\nwords\x00") == "two words"
    assert untrusted.plain("x" * 300) == "x" * 300
    assert untrusted.plain("x" * 301) == untrusted.plain("x" * 301 + "\x00")
