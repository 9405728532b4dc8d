"""Words in, words out: the commands. What they do lives a floor below."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from click import Context
from typer.core import TyperGroup

from autograder import registry
from autograder.grading.decisions import CannotSettle
from autograder.grading.executors import NoExecutor
from autograder.grading.store import Busy
from autograder.grading.submissions import NoSubmissions
from autograder.notebooks.read import Unreadable
from autograder.sandbox import IsolationMissing
from autograder.saying import again, as_json_text, fail, in_words, say_what_is_settled, say_what_lacked, standing

OK, INCOMPLETE, USAGE, NOT_ISOLATED, INTERRUPTED = 0, 1, 2, 3, 130
EXPECTED = (NoSubmissions, NoExecutor, Busy, CannotSettle, Unreadable, registry.UnknownExercise)
ENOUGH_FOR_A_POOL = 40  # submissions: to start a second process costs as much as grading thirty


class Plainly(TyperGroup):
    """Commands whose errors are one sentence and an exit code, never a traceback."""

    def invoke(self, ctx: Context):
        try:
            return super().invoke(ctx)
        except EXPECTED as error:
            fail(str(error.args[0] if error.args else error), USAGE)
        except IsolationMissing as error:
            advice = "`autograder doctor` tells what is missing; --isolation available goes without it."
            fail(f"{error}\n{advice}", NOT_ISOLATED)
        except KeyboardInterrupt:
            fail("Stopped.", INTERRUPTED)
        except OSError as error:
            fail(f"{error.filename or 'a file'}: {error.strerror or error}", USAGE)


app = typer.Typer(
    cls=Plainly,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Judges the course's notebooks: grade a class, check your own, keep the course in order.",
)


class Isolation(StrEnum):
    strict = "strict"
    available = "available"
    none = "none"


@app.command()
def grade(
    submissions: Annotated[
        Path, typer.Argument(metavar="SUBMISSIONS", help="a folder with a folder per student, or a .zip of that")
    ],
    out: Annotated[Path, typer.Option(help="where the table, the results and the reports go")],
    seed: Annotated[int, typer.Option(help="the seed of every random choice")] = 0,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="how many processes work (default: one a core in a large class)")
    ] = None,
    time_limit: Annotated[float, typer.Option(min=0.1, help="seconds for one exercise")] = 10.0,
    memory: Annotated[int, typer.Option(min=64, help="megabytes for one submission")] = 1024,
    isolation: Annotated[Isolation, typer.Option(help="what to demand of the machine")] = Isolation.strict,
    executor: Annotated[str, typer.Option(help="local, or dask:ADDRESS")] = "local",
    resume: Annotated[bool, typer.Option("--resume", help="go on where an earlier run stopped")] = False,
) -> None:
    """Grade a class."""
    from autograder.grading.bar import bar
    from autograder.grading.executors import cores, make_executor
    from autograder.grading.run import Run
    from autograder.grading.stopping import heeding
    from autograder.grading.store import Store
    from autograder.grading.submissions import find_submissions
    from autograder.grading.worker import Settings
    from autograder.reports import write_all

    if submissions.is_dir() and out.resolve().is_relative_to(submissions.resolve()):
        fail(f"{out} lies inside {submissions}, where it would be graded next time: choose another --out.", USAGE)
    with heeding() as stop:
        found = find_submissions(submissions, partial(typer.echo, err=True))
        make, width = make_executor(executor, jobs or (cores() if len(found) >= ENOUGH_FOR_A_POOL else 1))
        run = Run(found, Store(out), Settings(seed, time_limit, memory, isolation.value), stopping=lambda: stop)
        try:
            with bar(len(found)) as told:
                run.on_progress, run.on_preparing = told, told.preparing
                run.grade(make, width, resume)
            write_all(out)
        except KeyboardInterrupt:
            fail(f"Stopped: {standing(run, out)}", stop.exit_code)
        except (OSError, NoExecutor, IsolationMissing) as error:
            if not run.done:
                raise
            code = NOT_ISOLATED if isinstance(error, IsolationMissing) else INCOMPLETE
            fail(f"{getattr(error, 'strerror', None) or error}\nSo far {standing(run, out)}", code)
    typer.echo(f"{len(found)} submissions graded in {run.seconds:.1f} s.")
    typer.echo(f"  table   {out / 'grades.csv'}\n  report  {out / 'report.html'}")
    say_what_lacked(run.layers)
    say_what_is_settled(run, out)
    if run.lost:
        typer.echo(f"{len(run.lost)} of them came to grief; their results say how. To try again: {again()}", err=True)
    raise typer.Exit(INCOMPLETE if run.faults else OK)


@app.command()
def settle(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a run: what was --out of `grade`")],
) -> None:
    """Decide on the points that are held, by DIR/decisions.csv; where there is no such file, write one to fill in."""
    from autograder.grading.decisions import FILE
    from autograder.grading.settling import settle_run
    from autograder.reports import write_all

    decided, waiting, new = settle_run(out)
    write_all(out)
    typer.echo(f"Decided by you: {decided}. Still waiting: {waiting}. Table and reports are written anew.")
    if new:
        typer.echo(f"Fill in {out / FILE}, a score for each and a reason for the student; then the same command again.")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a notebook or a Python file")],
    as_json: Annotated[bool, typer.Option("--json", help="the result as `grade` writes it")] = False,
) -> None:
    """Judge your own notebook, as `grade` judges it."""
    from autograder.grading.run import pack
    from autograder.grading.student import grade as graded
    from autograder.grading.student import read
    from autograder.grading.submissions import one_file
    from autograder.sandbox import Sandbox

    if not file.is_file():
        fail(f"there is no file {file}: give the notebook you want checked.", USAGE)
    if file.suffix.lower() not in (".ipynb", ".py"):
        fail(f"{file} is neither a notebook (.ipynb) nor a Python file (.py).", USAGE)
    work = read(pack(one_file(file)))
    if not work.recognised or not work.programs:
        fail(work.problems[0][1] if work.problems else f"{file} holds no code.", USAGE)
    with Sandbox(isolation="available") as sandbox:
        result = graded(work, sandbox)
    typer.echo(as_json_text(result) if as_json else in_words(result))
    say_what_lacked(sandbox.layers)


@app.command(name="list")
def list_exercises(as_json: Annotated[bool, typer.Option("--json", help="everything, as a list")] = False) -> None:
    """Every exercise of the course; exit code 1 when one of them lacks something."""
    records = [
        {
            "id": item.id,
            "topic": item.topic,
            "name": item.id,
            "title": item.title,
            "kind": item.kind,
            "points": item.points,
            "claims": list(item.claims),
            "hints": list(item.hints),
            "misconceptions": [mistake.sentence for mistake in item.misconceptions],
            "alternatives": [alternative.note for alternative in item.alternatives],
        }
        for item in registry.exercises().values()
    ]
    if as_json:
        typer.echo(as_json_text(records))
    else:
        for topic in registry.topics():
            typer.echo(topic)
            for item in (record for record in records if record["topic"] == topic):
                typer.echo(f"  {item['kind']}  {item['points']:>4g}  {item['name']:<34}{item['title']}")
    gaps = registry.gaps()
    for gap in gaps:
        typer.echo(gap, err=True)
    raise typer.Exit(INCOMPLETE if gaps else OK)


@app.command()
def ledger(as_json: Annotated[bool, typer.Option("--json", help="everything, as a list")] = False) -> None:
    """Every claim of the sources, its verdict and where it is proved; exit code 1 while some are missing."""
    from autograder.ledger import claims, evidence, missing

    found = evidence()
    gaps = {gap.claim.id: gap.why for gap in missing(found)}
    records = [
        {
            "id": claim.id,
            "claim": claim.claim,
            "verdict": claim.verdict,
            "evidence": [
                {"verdict": entry.verdict, "lesson": entry.lesson, "cell": entry.cell}
                for entry in found.get(claim.id, ())
            ],
            "missing": gaps.get(claim.id),
        }
        for claim in claims().values()
    ]
    if as_json:
        typer.echo(as_json_text(records))
    else:
        for record in records:
            where = ", ".join("{verdict} in {lesson}, cell {cell}".format_map(entry) for entry in record["evidence"])
            typer.echo(f"{record['id']:<14}{record['verdict']:<24}{record['missing'] or where or 'nothing to compute'}")
        typer.echo(f"{len(records)} claims, {len(gaps)} of them still without evidence.")
    raise typer.Exit(INCOMPLETE if gaps else OK)


@app.command()
def sync(
    check_only: Annotated[bool, typer.Option("--check", help="only compare; exit code 1 when one is stale")] = False,
) -> None:
    """Derive the exercise notebooks from the reference functions."""
    from autograder.notebooks.derive import stale
    from autograder.notebooks.derive import sync as derive

    if check_only:
        sentences = stale()
        for sentence in sentences:
            typer.echo(sentence)
        raise typer.Exit(INCOMPLETE if sentences else OK)
    for path in derive():
        typer.echo(f"wrote {path.relative_to(registry.root())}")


@app.command()
def hint(
    exercise: Annotated[str, typer.Argument(metavar="ID", help="the name of the function")],
    level: Annotated[int, typer.Option(min=1, max=3, help="1 a question, 2 the idea, 3 the first line")] = 1,
) -> None:
    """A hint for an exercise."""
    hints = registry.find(exercise).hints
    typer.echo(hints[min(level, len(hints)) - 1])


@app.command()
def doctor() -> None:
    """What is installed, and which isolation layers hold here; exit code 3 when strict cannot hold."""
    from autograder.grading.versions import versions
    from autograder.sandbox.layers import MEANING
    from autograder.sandbox.probe import probe

    for name, number in versions().items():
        typer.echo(f"{name:<12}{number}")
    layers = probe()
    for layer in layers:
        typer.echo(f"{'holds  ' if layer.holds else 'MISSING'}  {layer.name} ({MEANING[layer.name]}): {layer.why}")
        if layer.remedy:
            typer.echo(f"         to have it: {layer.remedy}")
    strict = all(layer.holds for layer in layers)
    typer.echo("Every layer holds: --isolation strict works." if strict else "--isolation strict cannot hold here.")
    raise typer.Exit(OK if strict else NOT_ISOLATED)


def main() -> None:
    """The console script."""
    try:
        app()
    except Exception as error:  # the last resort: a sentence, and how to get the rest
        if os.environ.get("AUTOGRADER_DEBUG"):
            raise
        typer.echo(
            f"autograder stumbled over itself ({type(error).__name__}: {error}); nothing graded so far is lost. "
            "Set AUTOGRADER_DEBUG=1 to see where, and please report it.",
            err=True,
        )
        sys.exit(INCOMPLETE)
