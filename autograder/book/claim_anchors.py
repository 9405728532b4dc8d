"""Gives the first card of every claim on a page an anchor, so that the ledger can point at the proof itself."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

ID = re.compile(r'<span class="claim-id">([^<]+)</span>')


def anchor(claim: str) -> str:
    """The fragment of a claim's card: "S1-6.1.1a" becomes "claim-S1-6-1-1a"."""
    return "claim-" + re.sub(r"[^A-Za-z0-9]+", "-", claim)


def place(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    seen: set[str] = set()
    for card in list(doctree.findall(nodes.raw)):
        found = ID.search(card.astext()) if "html" in card.get("format", "") else None
        if found and found[1] not in seen:
            seen.add(found[1])
            mark = f'<span class="claim-anchor" id="{anchor(found[1])}"></span>'
            card.parent.insert(card.parent.index(card), nodes.raw("", mark, format="html"))


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", place)
