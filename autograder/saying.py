"""What the commands say besides their tables: how a run stands, how to go on, what is missing."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from autograder.grading.run import Run


def say_what_lacked(layers: dict[str, bool]) -> None:
    lacking = [name for name, holds in layers.items() if not holds]
    if not any(layers.values()) and lacking:
        typer.echo("Not isolated: the code ran as you would run it, and only its time was limited.", err=True)
    elif lacking:
        typer.echo(f"Not fully isolated: {', '.join(lacking)} missing. `autograder doctor` tells more.", err=True)


def say_what_is_settled(run: Run, out: Path) -> None:
    """What a person has decided of this run, what waits for one, and why decisions were not taken."""
    command = shlex.join(["autograder", "settle", str(out)])
    if run.decided:
        typer.echo(f"Answers decided by you: {run.decided}.")
    if run.waiting:
        typer.echo(f"{run.waiting} {'student has' if run.waiting == 1 else 'students have'} points held: {command}")
    if run.faults:
        faults = "\n".join(run.faults)
        typer.echo(f"{faults}\nNone of your decisions is in this table: put that right, then {command}", err=True)


def in_words(result: dict) -> str:
    lines = []
    for entry in result["exercises"]:
        lines.append(f"{entry['id']}: {entry['score']:g} of {entry['max']:g}")
        lines += [f"    {line}" for line in entry["message"].split("\n")]
    held = f", {result['held']:g} held for a person to decide" if result["held"] else ""
    return "\n".join([*lines, *result.get("notes", ()), f"{result['total']:g} of {result['max']:g} points{held}"])


def as_json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def standing(run: Run, out: Path) -> str:
    """What is done, and how to go on."""
    if run.complete:
        return f"all are graded and kept in {out}, and only the reports are not written. To write them: {again()}"
    done = f"{len(run.done)} of {len(run.submissions)} submissions are graded and kept in {out}."
    return f"{done}\nTo go on: {again()}"


def again() -> str:
    words = [word for word in sys.argv[1:] if word != "--resume"]
    return shlex.join(["autograder", *words, "--resume"])


def fail(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
