"""Text that a student wrote or caused, made harmless to terminals, XML and the reader's patience."""

from __future__ import annotations

import re

LIMIT = 300

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # operating-system commands: titles, links
    r"|\x1b[PX^_].*?(?:\x1b\\|$)"  # device-control, privacy and application strings
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours and cursor movement
    r"|\x1b[@-Z\\-~]?",
    re.DOTALL,
)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ILLEGAL = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def plain(text: object, limit: int | None = LIMIT) -> str:
    """`text` without terminal escapes, control characters and reversed writing; cut after `limit` characters.

    Tabs and line ends become spaces. Lone surrogates and characters that XML forbids become U+FFFD, so the
    result can be encoded as UTF-8 and written into any report. HTML is not escaped here: templates do that.
    """
    raw = str(text)
    if raw.isprintable() and (limit is None or len(raw) <= limit):
        return " ".join(raw.split())  # what is removed below is never printable, and nearly every text is
    if limit is not None:
        raw = raw[: 20 * limit]  # a message of megabytes is not worth the time of the patterns below
    harmless = _ILLEGAL.sub("\ufffd", _CONTROLS.sub("", _ESCAPES.sub("", raw.replace("\r", "\n"))))
    line = " ".join(harmless.split())
    if limit is not None and len(line) > limit:
        return line[: limit - 2].rstrip() + " …"
    return line


def plain_lines(text: object, limit: int = 4000) -> str:
    """`plain` for a text of several lines, which stay apart."""
    lines = [plain(line, 1000) for line in str(text)[:limit].splitlines()]
    return "\n".join(lines).strip()
