"""Make the example class: `python examples/make_class.py` writes examples/submissions, `--check` only compares.

The notebooks follow the exercises, so a new exercise finds its way into the class by itself: two students have done
everything. Every misconception of the three topics that have a lesson is in the notebook of one of the eight who are
mistaken throughout; five more make a few of the mistakes that are made most.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from people import submissions

FOLDER = Path(__file__).parent / "submissions"


def main() -> int:
    made = submissions()
    there = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    changed = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
    if "--check" in sys.argv[1:]:
        for name in changed:
            print(f"examples/submissions/{name} is stale; run: python examples/make_class.py")
        return 1 if changed else 0
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, data in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    print(f"{len({name.split('/')[0] for name in made})} students, {len(changed)} files changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
