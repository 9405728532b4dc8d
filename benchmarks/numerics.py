"""python -m benchmarks.numerics: our fast forms beside readable NumPy, SciPy and torch.

With --write the result becomes docs/speed.md.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from benchmarks.contenders import MISSING, PEERS
from benchmarks.page import PAGE, TITLES, page
from benchmarks.timing import Measured, measure, plan


def main(
    sizes: Annotated[str, typer.Option(help="Numbers of entries, with commas.")] = "1e3,1e4,1e5,1e6,1e7",
    dtypes: Annotated[str, typer.Option(help="float64, float32 or both, with a comma.")] = "float64,float32",
    only: Annotated[str, typer.Option(help="Only functions with this in their name.")] = "",
    rounds: Annotated[int, typer.Option(help="How often all contenders take their turn.", min=2)] = 11,
    write: Annotated[bool, typer.Option(help="Generate docs/speed.md from what is measured.")] = False,
) -> None:
    """Measure our fast forms, the readable references, SciPy, torch and the textbook's formulas, in turns."""
    console = Console()
    steps = plan([int(float(size)) for size in sizes.split(",")], dtypes.split(","), only)
    if not steps:
        raise typer.BadParameter(f"no function has {only!r} in its name", param_hint="--only")
    for name in MISSING:
        console.print(f"{name} is not installed: its column stays empty (pip install '.[bench]' brings it).")
    columns = (TextColumn("{task.description:36}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    found = []
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(steps))
        results = measure(steps, rounds)
        for case, dtype, size in steps:
            progress.update(task, description=f"{case.name}, {dtype}, {size:.0e}")
            found.append(next(results))
            progress.advance(task)
    console.print(table(found))
    if write:
        PAGE.write_text(page(found), "utf-8")
        console.print(f"Written: {PAGE.parent.name}/{PAGE.name}")


def table(found: list[Measured]) -> Table:
    table = Table(title="Our time over theirs: below 1 we are faster (± half the distance of the quartiles)")
    table.add_column("function")
    table.add_column("dtype")
    for heading in ("entries", "ns an entry", *(TITLES[peer] for peer in PEERS)):
        table.add_column(heading, justify="right")
    for before, result in zip([None, *found], found, strict=False):
        if before and before.case is not result.case:
            table.add_section()
        cells = (cell(result.ratio(peer)) for peer in PEERS)
        table.add_row(result.case.name, result.dtype, f"{result.size:.0e}", f"{result.nanoseconds:.2f}", *cells)
    return table


def cell(ratio: tuple[float, float, float] | None) -> str:
    if ratio is None:
        return ""
    colour = "green" if ratio[0] <= 1 else "yellow"
    return f"[{colour}]{ratio[0]:.2f}[/] [dim]±{(ratio[2] - ratio[1]) / 2:.2f}[/]"


if __name__ == "__main__":
    typer.run(main)
