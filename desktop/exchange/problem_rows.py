"""The rows of somebody's ledger that could not be taken in, or not without a remark, as a sheet to send back to them.

The sender finds his own headings, his own words and the row numbers of his own file, with what to mend beside them.
"""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from desktop.domain.errors import Trouble
from desktop.exchange.ledger import ParsedLedger, Problem, RowResult, SheetReading
from desktop.exchange.ledger_cells import ERROR, shown
from desktop.exchange.sheet import Cell, Sheet, column_of
from desktop.system.file_names import refuse_long, write_whole

_NUMBER_HEADING, _PROBLEM_HEADING = "原行号", "问题说明"
_WIDEST = 40
_BAD_IN_NAMES = str.maketrans("[]:*?/\\", "       ")
_MIDNIGHT_TAIL = " 00:00"


def has_problems(result: RowResult) -> bool:
    """Whether the sender has to look at this row again."""
    return bool(result.row.problems or result.problems)


def write_problem_rows(path: Path, ledger: ParsedLedger, sheets: Sequence[Sheet], results: Iterable[RowResult]) -> int:
    """Write the rows with problems to a workbook at `path` and return how many there are.

    `sheets` are those that the ledger was read from; each list becomes a sheet of its own. Every value is written as
    text, so nothing in it can act as a formula. Raises `Trouble` when the file cannot be written.
    """
    import xlsxwriter  # type: ignore[import-untyped] # no stubs are published

    wanted = [result for result in results if has_problems(result)]
    grids = {sheet.name: sheet for sheet in sheets}
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        _write_lists(book, ledger, grids, wanted)
    refuse_long(path)
    try:
        write_whole(path, made.getvalue())
    except OSError as error:
        raise Trouble("problem_rows_unwritable", name=path.name) from error
    return len(wanted)


def _write_lists(book: Any, ledger: ParsedLedger, grids: dict[str, Sheet], wanted: Sequence[RowResult]) -> None:
    formats = _Formats(book)
    taken: set[str] = set()
    for reading in ledger.sheets:
        places = {(row.sheet, row.row) for row in reading.rows}
        results = [result for result in wanted if (result.row.sheet, result.row.row) in places]
        if results:
            page = book.add_worksheet(_free_name(reading.name, taken))
            _write_list(page, reading, grids[reading.name], results, formats)
    if not taken:
        book.add_worksheet("没有问题").write_string(0, 0, "没有需要更正的行。")


class _Formats:
    """The looks of headings, text and the cells at fault."""

    def __init__(self, book: Any) -> None:
        self.heading: Any = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E8EDF3"})
        self.text: Any = book.add_format({"border": 1, "num_format": "@", "text_wrap": True, "valign": "top"})
        self.fault: Any = book.add_format(
            {"border": 1, "num_format": "@", "text_wrap": True, "valign": "top", "bg_color": "#FCE4E4"}
        )


def _free_name(name: str, taken: set[str]) -> str:
    """A sheet name that Excel accepts and that is not there yet."""
    plain = name.translate(_BAD_IN_NAMES).strip(" '")[:28] or "表"
    free, number = plain, 1
    while free.lower() in taken:
        number += 1
        free = f"{plain}{number}"
    taken.add(free.lower())
    return free


def _write_list(
    page: Any, reading: SheetReading, sheet: Sheet, results: Sequence[RowResult], formats: _Formats
) -> None:
    columns = [column_of(letters) for letters in reading.headings] or list(range(sheet.width))
    headings = [_NUMBER_HEADING, *(" ".join(text.split()) for text in reading.headings.values())]
    headings += [""] * (len(columns) + 1 - len(headings)) + [_PROBLEM_HEADING]
    for at, heading in enumerate(headings):
        page.write_string(0, at, heading, formats.heading)
        page.set_column(at, at, min(_WIDEST, max(8, 2 * len(heading) + 2)))
    page.set_column(len(columns) + 1, len(columns) + 1, _WIDEST + 20)
    page.freeze_panes(1, 0)
    for number, result in enumerate(results, 1):
        _write_row(page, number, sheet, columns, result, formats)


def _write_row(
    page: Any, number: int, sheet: Sheet, columns: Sequence[int], result: RowResult, formats: _Formats
) -> None:
    problems = (*result.row.problems, *result.problems)
    at_fault = {column_of(problem.column) for problem in problems if problem.column}
    page.write_number(number, 0, result.row.row, formats.text)
    cells = sheet.rows[result.row.row - 1]
    for at, column in enumerate(columns, 1):
        cell = cells[column] if column < len(cells) else ""
        page.write_string(number, at, _as_text(cell), formats.fault if column in at_fault else formats.text)
    page.write_string(number, len(columns) + 1, explanation(problems), formats.text)


def _as_text(cell: Cell) -> str:
    """A cell as it was seen, at most as long as Excel allows."""
    return shown(cell).removesuffix(_MIDNIGHT_TAIL)[:32_000]


def explanation(problems: Sequence[Problem]) -> str:
    """All that is to be mended in a row, what keeps it out first."""
    ordered = sorted(problems, key=lambda problem: problem.level != ERROR)
    return "\n".join(problem.message if problem.level == ERROR else f"（提醒）{problem.message}" for problem in ordered)
