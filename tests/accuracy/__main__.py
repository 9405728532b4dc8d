"""The worst points of some functions, at a glance: `python -m tests.accuracy [ID or TOPIC ...]`; all without a name."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from autograder import registry
from tests.accuracy.measure import DTYPES, worst
from tests.accuracy.owed import OWED, numeric

if __name__ == "__main__":
    asked = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        for item in numeric(registry.exercises().values()):
            if asked and not asked & {item.id, item.topic}:
                continue
            if item.id not in OWED:
                print("BAD  no budget for", item.id)
                continue
            for dtype in DTYPES:
                found = worst(item.id, item.reference, dtype, Path(folder))
                print("BAD " if found.share > 1 else "good", found, flush=True)
