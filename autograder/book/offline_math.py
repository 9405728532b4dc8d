"""MathJax is served from the site. Its package brings 23 MB, of which a page of ours loads under two: the rest goes."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

# What tex-chtml.js fetches later: TeX fonts, and the extensions that TeX input autoloads by macro.
KEPT_FILES = ("tex-chtml.js",)
KEPT_FOLDERS = ("output/chtml/fonts/woff-v2", "input/tex/extensions")
AFTER_THE_COPY = 900


def superfluous(mathjax: Path) -> list[Path]:
    """The files under `mathjax` that no page of the book can ask for."""
    kept = {mathjax / name for name in KEPT_FILES}
    folders = [mathjax / folder for folder in KEPT_FOLDERS]
    return [
        path
        for path in mathjax.rglob("*")
        if path.is_file() and path not in kept and not any(path.is_relative_to(f) for f in folders)
    ]


def prune(app: Sphinx, failure: Exception | None) -> None:
    mathjax = Path(app.outdir) / "_static" / "mathjax"
    for path in superfluous(mathjax):
        path.unlink()
    for folder in sorted((p for p in mathjax.rglob("*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def setup(app: Sphinx) -> None:
    app.connect("build-finished", prune, priority=AFTER_THE_COPY)
