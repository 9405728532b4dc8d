"""A figure without a text alternative says nothing to a reader who cannot see it: a warning, so a red build."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
SHORTEST = 25
HOW = 'give the cell the metadata {"mystnb": {"image": {"alt": "what the figure shows"}}}'


def fault(alternative: str) -> str | None:
    """What is wrong with a text alternative; None when it can stand."""
    words = alternative.strip()
    if not words:
        return f"figure without alt text: {HOW}"
    if len(words) < SHORTEST:
        return f'alt text "{words}" is too short to say what the figure shows'
    return None


def check(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for image in doctree.findall(nodes.image):
        reason = fault(image.get("alt", ""))
        if reason:
            logger.warning(reason, location=image, type="course", subtype="alt")


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", check)
