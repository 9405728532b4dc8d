"""grades.xlsx: the table for a spreadsheet, right in every script and every country.

A CSV file cannot be that: Excel guesses the encoding, takes commas for its country's, and reads 2.5 as the 2nd of May.
"""

from __future__ import annotations

from pathlib import Path

from autograder.reports.run import Run

SUMS = ("total", "held", "max", "percent")


def write_spreadsheet(run: Run) -> Path | None:
    """Write grades.xlsx: the sums first, then a column an exercise, empty where it does not count. A
    score that a person has decided on carries the reason as a note.

    None, and no such file, where XlsxWriter is not installed. Raises OSError where it cannot be written.
    """
    path = run.folder / "grades.xlsx"
    path.unlink(missing_ok=True)
    try:
        from xlsxwriter import Workbook
    except ImportError:
        return None
    exercises = {id: column for column, id in enumerate(run.exercises, 1 + len(SUMS))}
    with Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("grades")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 28)
        for column, name in enumerate(("student", *SUMS, *exercises)):
            sheet.write_string(0, column, name, head)
        for row, student in enumerate(run.students, 1):
            sheet.write_string(row, 0, student.name)  # as a string: nothing in it is ever calculated
            for column, name in enumerate(SUMS, 1):
                sheet.write_number(row, column, getattr(student, name))
            for result in sorted(student.results, key=lambda result: exercises[result.id]):
                sheet.write_number(row, exercises[result.id], result.score)
                if result.decided:
                    sheet.write_comment(row, exercises[result.id], result.message)
    return path
