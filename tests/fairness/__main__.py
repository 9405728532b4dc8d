"""`python -m tests.fairness` grades the cases and shows the page; `--write` keeps it in docs/fairness.md."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.fairness.observed import observe
from tests.fairness.page import CASES, PAGE, page

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        text = page(observe(CASES, Path(folder)))
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text, "utf-8")
    else:
        print(text)
