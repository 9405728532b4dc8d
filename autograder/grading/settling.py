"""Points that are held become points given or not, as a person has decided, and are held again once that is taken back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder import registry
from autograder.feedback.untrusted import plain
from autograder.grading.decisions import FILE, CannotSettle, Decision, as_file, at, read_decisions, work_of
from autograder.grading.stopping import held_back
from autograder.grading.store import Store, write
from autograder.grading.student import result
from autograder.grading.submissions import by_name

BEFORE = ("status", "score", "held", "message")  # what a decision changes of an entry, kept so that it can be undone


def settle_run(folder: Path) -> tuple[int, int, bool]:
    """Apply decisions.csv to the results and the table of the run in `folder`.

    How many answers are decided, how many still wait, and whether the file was not there and has been written: with a
    line for each answer that waits. The reports are left to whoever calls. Raises CannotSettle, Busy and OSError.
    """
    if not (folder / "results").is_dir():
        raise CannotSettle(f"{folder} holds no run: give the folder that was --out of `autograder grade`.")
    store = Store(folder)
    with store.claimed(), held_back():
        students = sorted(_students(store), key=by_name)
        store.expect(students)
        decided, faults = settle(store, students, students, all_or_nothing=True)
        if faults:
            raise CannotSettle("\n".join([*faults, "Nothing was changed."]))
        waiting = list(_waiting(store, students))
        new = not (folder / FILE).exists() and bool(waiting)
        if new:
            waiting.sort(key=lambda pair: (pair[1]["id"], by_name(pair[0])))
            write(folder / FILE, as_file(waiting, store.kept()))
        store.write_table(students, store.columns() or registry.exercises())
        store.write_record(_record(folder) | {"decisions": decided})
    return decided, len(waiting), new


def settle(
    store: Store, students: Sequence[str], everybody: Collection[str], all_or_nothing: bool = False
) -> tuple[int, list[str]]:
    """Bring the results of `students` in line with decisions.csv; how many are decided, and what is at fault in it.

    A file with a fault decides nothing: then earlier decisions are taken back too, or, with `all_or_nothing`, no
    result is touched. Lines about those of `everybody` who are not among `students` are left for later.
    """
    decisions, faults = read_decisions(store.folder, everybody)
    wanted: dict[str, list[Decision]] = {}
    for decision in decisions:
        wanted.setdefault(decision.student, []).append(decision)
    digests = store.kept()
    changed, made = [], 0
    for student in students:
        made += len(wanted.get(student, ()))
        if student in wanted or store.mentions(student, "decided"):
            kept = store.load(student)
            now, more = _settled(kept, wanted.get(student, ()), work_of(digests[student]))
            faults += more
            changed.append((student, kept, now))
    if faults and all_or_nothing:
        return 0, faults
    for student, kept, now in changed:
        now = _settled(kept)[0] if faults else now
        if now != kept:
            store.keep(now, digests[student])
    return 0 if faults else made, faults


def _settled(
    kept: Mapping[str, Any], decisions: Iterable[Decision] = (), work: str = ""
) -> tuple[dict[str, Any], list[str]]:
    """The result as the grader left it, and then as these decisions make it; what is at fault in them."""
    entries = {entry["id"]: _undecided(entry) for entry in kept["exercises"]}
    faults = []
    for decision in decisions:
        try:
            entries[decision.exercise] = _decided(entries, decision, work)
        except ValueError as fault:
            faults.append(at(decision.line, str(fault)))
    sums = result(kept["student"], list(entries.values()))
    return {**kept, **sums}, faults


def _decided(entries: Mapping[str, dict], decision: Decision, work: str) -> dict[str, Any]:
    """Raises ValueError with what is at fault."""
    who, what = plain(decision.student, 80), plain(decision.exercise, 80)
    entry = entries.get(decision.exercise)
    if entry is None:
        raise ValueError(f"there is no exercise {what!r} among those of {who}")
    if not entry["held"]:
        given = f"they are decided, {entry['score']:g} of {entry['max']:g}"
        raise ValueError(f"no points of {what} are held for {who}: {given}")
    if decision.work not in ("", work):
        todo = f"look at {what} again, then empty the column work of this line"
        raise ValueError(f"{who} has handed in something else since then: {todo}")
    top = round(entry["score"] + entry["held"], 4)
    if not entry["score"] <= decision.score <= top:
        possible = f"{what} of {who} takes a score from {entry['score']:g} to {top:g}"
        raise ValueError(f"{decision.score:g} is out of range: {possible}")
    score = round(decision.score, 4)
    message = f"Decided by your teacher: {score:g} of {entry['max']:g} points."
    return entry | {
        "status": "passed" if score == entry["max"] else "partial" if score else "failed",
        "score": score,
        "held": 0.0,
        "message": "\n".join(filter(None, (message, plain(decision.reason, 1_000)))),
        "decided": {"reason": decision.reason, "before": {name: entry[name] for name in BEFORE}},
    }


def _undecided(entry: Mapping[str, Any]) -> dict[str, Any]:
    before = entry.get("decided", {}).get("before", {})
    return {name: before.get(name, value) for name, value in entry.items() if name != "decided"}


def _waiting(store: Store, students: Iterable[str]) -> Iterator[tuple[str, dict]]:
    for student in students:
        yield from ((student, entry) for entry in store.load(student)["exercises"] if entry["held"])


def _students(store: Store) -> list[str]:
    """Whose results are there. Raises CannotSettle when one of them is not what the run has kept."""
    again = "run `autograder grade` with --resume, which grades it again, and settle then."
    students = []
    for path in store.results.glob("*.json"):
        try:
            students.append(str(json.loads(path.read_text("utf-8"))["student"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise CannotSettle(f"{plain(path.name, 80)} in {store.results} is not whole: {again}") from None
    store.expect(students)
    for student in set(students) - store.kept().keys():
        raise CannotSettle(f"the result of {plain(student, 80)} is not what the run has kept: {again}")
    return students


def _record(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / "run.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
