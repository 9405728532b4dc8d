"""A zip file among the students' folders: the work of one of them, or the class itself, left where it was unpacked?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from autograder.feedback.untrusted import plain

SHOWN = 3  # names in a sentence


def is_the_class(name: str, inside: Sequence[tuple[str, ...]], beside: Collection[str]) -> tuple[bool, str]:
    """Whether it is the class, which then is graded from the folders; and what the teacher should be told, if anything.

    name: of the zip file. inside: the path of every file in it. beside: the names of the students who stand beside it.
    It is the class when it holds at least half of them, and two at the least: one may be chance.
    """
    there = {parts[0] if len(parts) > 1 else PurePosixPath(parts[0]).stem for parts in inside}
    twice = there & set(beside)
    if len(twice) > 1 and 2 * len(twice) >= len(beside):
        missing = {parts[0] for parts in inside if len(parts) > 1} - twice
        rest = f" Not graded, because only in there: {_some(missing)}; unpack it again for them." if missing else ""
        said = f"{plain(name, 80)} was left out: it is the class itself, and {_some(twice)} stand beside it.{rest}"
        return True, said
    homes = defaultdict(set)
    for parts in inside:
        if len(parts) > 1 and parts[-1].lower().endswith(".ipynb"):
            homes[parts[-1]].add(parts[0])
    notebook, folders = max(homes.items(), key=lambda pair: (len(pair[1]), pair[0]), default=("", set()))
    if len(folders) < 2:
        return False, ""
    advice = "Should it be a whole class, unpack it, or give it alone to `autograder grade`."
    where = f"{plain(notebook, 80)} lies in {_some(folders)}"
    return False, f"{plain(name, 80)} was graded as the work of one student, though {where}. {advice}"


def _some(names: Collection[str]) -> str:
    words = [plain(name, 60) for name in sorted(names)[:SHOWN]]
    if len(names) > SHOWN:
        words.append(f"{len(names) - SHOWN} more")
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
