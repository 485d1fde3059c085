"""A ledger as somebody else keeps it, to plain rows: what each says, in our words, and what is wrong with it.

Reading decides nothing about the office's own records: whether a row is new, changed or refers to an enterprise that
nobody knows is for the service to say. Rows and columns are named as the spreadsheet shows them.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from desktop.domain.errors import Trouble
from desktop.exchange.ledger_cells import (
    DEADLINE_IN_DAYS,
    ERROR,
    Column,
    Fault,
    Reading,
    Value,
    read_cell,
    shown,
)
from desktop.exchange.ledger_fields import FieldSpec, FieldType, KindSpec, LedgerKind, kinds
from desktop.exchange.ledger_form import FormCell, form_of
from desktop.exchange.ledger_headings import (
    Guess,
    Header,
    beside,
    find_header,
    guess_kind,
    is_enough,
    missing_columns,
    telling_fields,
)
from desktop.exchange.ledger_rows import (
    RowShapes,
    checks_for,
    deadline_from_days,
    first_signs,
    is_other_header,
    is_total,
    key_of,
    may_be_no_data,
)
from desktop.exchange.sheet import Cell, Row, Sheet, collection_paused, column_of, letter

__all__ = [
    "Layout",
    "LedgerKind",
    "ParsedLedger",
    "ParsedRow",
    "Problem",
    "RowAction",
    "RowResult",
    "SheetReading",
    "Steps",
    "read_ledger",
    "read_map",
    "refusal_sentence",
    "results_unseen",
    "to_report",
]


REFUSALS: dict[str, str] = {
    "hidden": "工作表“{sheet}”是隐藏的，没有读取",
    "no_header": "工作表“{sheet}”里没有认出表头",
    "no_column": "工作表“{sheet}”缺少必需的列：{columns}",
    "other_kind": "工作表“{sheet}”像是{other}",
    "form": "工作表“{sheet}”是一张单企业表格，不是清单",
    "blank_form": "工作表“{sheet}”是一张没有填写的表格",
}
"""Why a sheet was left out; joined into the sentence of the file when no sheet is left."""

_CHUNK = 2000


class Steps(Protocol):
    """What long reading reports to; it may raise to stop the reading."""

    def step(self, done: int, total: int, label: str) -> None:
        """Say that `done` of `total` rows are read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a row: the column's letters (none for the row as a whole), the field, and what to say."""

    column: str
    field: str
    code: str
    level: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row of the spreadsheet. `values` holds the fields of the columns understood; `skipped` says why it is no data."""

    sheet: str
    row: int
    values: Mapping[str, Value]
    problems: tuple[Problem, ...] = ()
    skipped: str = ""
    key: str = ""

    @property
    def is_rejected(self) -> bool:
        """Whether an error stands against it."""
        return bool(self.problems) and any(problem.level == ERROR for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Layout:
    """A mapping that someone gave: column letters to fields, or to nothing for a column to leave alone."""

    columns: Mapping[str, str | None]
    header_row: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class SheetReading:
    """How one list was understood, and its rows. A form of one enterprise has neither columns nor a heading row."""

    name: str
    header_row: int
    columns: Mapping[str, str | None]
    headings: Mapping[str, str]
    signature: str
    rows: tuple[ParsedRow, ...] = ()
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class ParsedLedger:
    """A file that was read. `left_out` names the sheets that are no such ledger, with the code of the reason."""

    file: str
    kind: LedgerKind
    sheets: tuple[SheetReading, ...]
    left_out: tuple[tuple[str, str, str], ...] = ()

    @property
    def rows(self) -> Iterator[ParsedRow]:
        """Every row in the order of the file."""
        for sheet in self.sheets:
            yield from sheet.rows


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the reader was asked for."""

    file: str
    spec: KindSpec
    on: date
    only: str | None
    layouts: Sequence[Layout]
    remembered: Callable[[str], Layout | None] | None
    keep_codes: bool
    progress: Steps | None
    total: int

    def layout(self, sheet: Sheet) -> Layout | None:
        """The mapping given for a sheet, or for any."""
        named = [layout for layout in self.layouts if layout.sheet == sheet.name]
        return next(iter(named or [layout for layout in self.layouts if layout.sheet is None]), None)


def read_ledger(
    file: str,
    sheets: Sequence[Sheet],
    kind: LedgerKind,
    on: date,
    *,
    only: str | None = None,
    layouts: Sequence[Layout] = (),
    remembered: Callable[[str], Layout | None] | None = None,
    keep_codes: bool = False,
    progress: Steps | None = None,
) -> ParsedLedger:
    """Read every list of this kind in `sheets`.

    `only` names one sheet, which is then read whatever else it looks like. A layout given by hand goes before one
    that `remembered` finds under the signature of the headings, and that before our own understanding. With
    `keep_codes` a failed check digit only warns. Raises `Trouble` when no sheet is such a list.
    """
    chosen = _chosen(file, sheets, only)
    total = sum(len(sheet.rows) for sheet in chosen)
    wish = _Wish(file, kinds()[kind], on, only, layouts, remembered, keep_codes, progress, total)
    with collection_paused():
        return _read(chosen, wish)


def _read(chosen: Sequence[Sheet], wish: _Wish) -> ParsedLedger:
    readings: list[SheetReading] = []
    left_out: list[tuple[str, str, str]] = []
    for sheet in chosen:
        refusal = _read_sheet(sheet, wish, readings)
        if refusal:
            left_out.append((sheet.name, *refusal))
    if not readings:
        reasons = "；".join(refusal_sentence(*one) for one in left_out)
        raise Trouble(
            "ledger_not_a_list", name=wish.file, kind=wish.spec.label, reasons=f"{reasons}。" if reasons else ""
        )
    marked = _with_duplicates(readings, wish.spec.kind)
    return ParsedLedger(wish.file, wish.spec.kind, marked, tuple(left_out))


def refusal_sentence(sheet: str, code: str, detail: str) -> str:
    """Why a sheet was left out, in words."""
    return REFUSALS[code].format(sheet=sheet, columns=detail, other=detail)


def _chosen(file: str, sheets: Sequence[Sheet], only: str | None) -> list[Sheet]:
    if only is None:
        return list(sheets)
    named = [sheet for sheet in sheets if sheet.name.strip() == only.strip()]
    if not named:
        raise Trouble("ledger_no_sheet", name=file, sheet=only, sheets="、".join(sheet.name for sheet in sheets))
    return named


def _read_sheet(sheet: Sheet, wish: _Wish, readings: list[SheetReading]) -> tuple[str, str] | None:
    """Add what the sheet holds to `readings`, or say why not: code and detail."""
    layout = wish.layout(sheet)
    if layout is None and wish.only is None and sheet.is_hidden:
        return "hidden", ""
    if layout is None:
        form = form_of(sheet)
        if form is not None:
            return _read_form(sheet, form, wish, readings)
    header = find_header(sheet, wish.spec)
    if layout is not None:
        readings.append(_read_list(sheet, _laid_out(sheet, header, layout), wish, None))
        return None
    if header is None:
        guess = guess_kind(sheet)
        return ("other_kind", kinds()[guess.kind].label) if guess and guess.telling else ("no_header", "")
    header = _as_remembered(header, wish)
    refusal = _refusal(sheet, header, wish)
    if refusal is None:
        _read_all_lists(sheet, header, wish, readings)
    return refusal


def _as_remembered(header: Header, wish: _Wish) -> Header:
    layout = wish.remembered(header.signature) if wish.remembered else None
    if layout is None:
        return header
    columns = {column_of(key): value for key, value in layout.columns.items() if value in wish.spec.fields}
    return replace(header, columns={column: value for column, value in columns.items() if value})


def _laid_out(sheet: Sheet, header: Header | None, layout: Layout) -> Header:
    """The header as someone laid it down; without a row given ours, else the first row with content."""
    columns = {column_of(key): value for key, value in layout.columns.items() if value}
    within = {column: value for column, value in sorted(columns.items()) if column < sheet.width}
    if layout.header_row is None and header is not None:
        return replace(header, columns=within)
    first = next((number for number, row in enumerate(sheet.rows) if any(cell != "" for cell in row)), 0)
    row = first if layout.header_row is None else min(layout.header_row, len(sheet.rows)) - 1
    texts = (
        {column: shown(cell).strip() for column, cell in enumerate(sheet.rows[row]) if cell != ""} if row >= 0 else {}
    )
    return Header(row, row, within, texts, 0.0)


def _refusal(sheet: Sheet, header: Header, wish: _Wish) -> tuple[str, str] | None:
    missing = missing_columns(header, wish.spec)
    guess = guess_kind(sheet, header) if wish.only is None else None
    telling = telling_fields(header, wish.spec)
    other = kinds()[guess.kind].label if guess and _is_rather(guess, telling, wish.spec.kind) else ""
    if other:
        return "other_kind", other
    if missing:
        return "no_column", "、".join(wish.spec.fields[name].label for name in missing)
    return None if is_enough(telling, wish.spec.kind) else ("no_header", "")


def _is_rather(guess: Guess, telling: int, kind: LedgerKind) -> bool:
    """Whether the sheet is so much more like another ledger that reading it as this one would be a mistake."""
    if guess.kind is kind:
        return False
    return (telling == 0 and guess.telling >= 2) or (guess.telling >= 3 and guess.telling >= telling + 2)


def _read_all_lists(sheet: Sheet, header: Header, wish: _Wish, readings: list[SheetReading]) -> None:
    """The list under `header`, and further lists with headings of their own below it."""
    while True:
        following = _next_header(sheet, header, wish)
        stretch: Header | None = header
        while stretch is not None:
            readings.append(_read_list(sheet, stretch, wish, following))
            stretch = beside(stretch, wish.spec)
        if following is None:
            return
        header = following


def _next_header(sheet: Sheet, header: Header, wish: _Wish) -> Header | None:
    """The heading row of a second list with another layout further down."""
    named = next(column for column, name in header.columns.items() if name in wish.spec.required)
    known = _heading_words(wish.spec)
    first = header.bottom + 1
    likely = [first + at for at, row in enumerate(sheet.rows[first:]) if row[named] in known or row[0] in known]
    for number in likely:
        if is_other_header(sheet.rows[number], wish.spec, header.columns):
            found = find_header(sheet, wish.spec, number, number + 1)
            if found is not None and not missing_columns(found, wish.spec):
                return found
    return None


def _heading_words(spec: KindSpec) -> frozenset[str]:
    """Headings as they are usually written: a quick way to see that a row within the data may be a heading row."""
    return frozenset(spec.headings) | {"序号", "编号"}


class _ListReader:
    """Reads the rows of one list, a chunk at a time and a column at a time within it."""

    def __init__(self, sheet: Sheet, header: Header, wish: _Wish, end: int) -> None:
        self._sheet = sheet
        self._header = header
        self._wish = wish
        self._end = end
        spec = wish.spec
        self._columns = [(column, self._column(column, spec.fields[name])) for column, name in header.columns.items()]
        self._names = tuple(header.columns.values())
        self._required = [place for place, name in enumerate(self._names) if name in spec.required]
        self._absent = [spec.fields[name] for name in spec.required if name not in self._names]
        wide = {m.top for m in sheet.merges if m.right - m.left >= 2 and m.right - m.left + 1 >= sheet.width * 0.5}
        self._shapes = RowShapes(spec, header.columns, header.texts, frozenset(wide))
        self._wide = wide
        self._checks = checks_for(spec.kind, frozenset(self._names), wish.on)
        self._filled = _filled_down(sheet, header, end)
        self._has_status = spec.kind is LedgerKind.HAZARDS and "status" in self._names
        self._after_note = False
        self._in_head = True

    def _column(self, column: int, spec: FieldSpec) -> Column:
        unit = self._header.unit(column) if spec.type is FieldType.MONEY else ""
        return Column(Reading(spec, self._wish.on, unit, self._sheet.counts_from_1904, self._wish.keep_codes))

    def rows(self) -> Iterator[ParsedRow]:
        """The rows under the headings, blank ones left out."""
        first = self._header.bottom + 1
        for start in range(first, self._end, _CHUNK):
            stop = min(start + _CHUNK, self._end)
            if self._wish.progress is not None:
                self._wish.progress.step(start, self._wish.total, f"正在读取“{self._sheet.name}”")
            yield from self._chunk(start, stop)

    def _chunk(self, start: int, stop: int) -> Iterator[ParsedRow]:
        raw = self._raw(start, stop)
        by_column = list(zip(*raw, strict=True))
        read = [column.read_all(by_column[place]) for place, column in self._columns]
        records = list(zip(*read, strict=True)) if read else [()] * len(raw)
        odd = self._odd_rows(start, by_column, read)
        faults = self._faults(by_column)
        others = self._others(by_column)
        name = self._sheet.name
        kind, names = self._wish.spec.kind, self._names
        is_plain = not (self._checks or self._absent or self._has_status)
        for at, record in enumerate(records):
            values: dict[str, Value] = dict(zip(names, record, strict=True))
            if is_plain and not (self._after_note or at in odd or at in faults or at in others):
                self._in_head = False
                yield ParsedRow(name, start + at + 1, values, (), "", key_of(kind, values))
                continue
            is_odd = self._after_note or at in odd
            row = self._weighed(start + at, raw[at], values, faults.get(at, []), others.get(at, ()), is_odd)
            if row is not None:
                yield row

    def _weighed(
        self,
        number: int,
        raw: Row,
        values: dict[str, Value],
        problems: list[Problem],
        others: Iterable[tuple[str, Value]],
        is_odd: bool,
    ) -> ParsedRow | None:
        """A row that needs a closer look; nothing for one without any content."""
        if is_odd:
            reason = self._reason(number, raw)
            if reason == "":
                return None
            if reason is not None:
                return ParsedRow(self._sheet.name, number + 1, {}, skipped=reason)
        self._after_note = self._in_head = False
        self._spread(values, others, problems)
        # The state of a hazard counts as the result of its re-inspection where none is written.
        if self._has_status and values.get("result") is None:
            values["result"] = values["status"]
        if is_odd or self._absent:
            self._demand(values, problems, raw)
        for check in self._checks:
            problems += [self._problem(one.field, one.fault, raw) for one in check(values)]
        key = key_of(self._wish.spec.kind, values)
        return ParsedRow(self._sheet.name, number + 1, values, tuple(problems), "", key)

    def _raw(self, start: int, stop: int) -> Sequence[Row]:
        raw = self._sheet.rows[start:stop]
        if not self._filled:
            return raw
        rows = list(raw)
        for number, cells in self._filled.items():
            if start <= number < stop:
                row = list(rows[number - start])
                for column, cell in cells.items():
                    row[column] = cell
                rows[number - start] = row
        return rows

    def _odd_rows(self, start: int, by_column: Sequence[Sequence[Cell]], read: Sequence[Sequence[Value]]) -> set[int]:
        """The rows that may be no data: they lack what is wanted, begin like a total or note, or are merged across."""
        signs = first_signs() | _HEADING_SIGNS
        odd = {number - start for number in self._wide if number >= start}
        for place in self._required:
            column, values = self._columns[place][0], read[place]
            odd |= {at for at, value in enumerate(values) if value is None}
            odd |= {at for at, cell in enumerate(by_column[column]) if str(cell)[:1] in signs and _begins_oddly(cell)}
        # A total may stand under 序号, with a count such as 8家 where a name is wanted.
        odd |= {at for at, cell in enumerate(by_column[0]) if str(cell)[:1] in signs and is_total(cell)}
        if self._in_head:
            odd |= {0, 1}
        return odd

    def _reason(self, number: int, row: Row) -> str | None:
        """Why a row is skipped: nothing to show for one without any content, None when it is data."""
        if all(cell == "" or (isinstance(cell, str) and cell.isspace()) for cell in row):
            return ""
        reason = self._shapes.why_skipped(number, row, self._after_note, self._in_head)
        self._after_note = self._after_note or reason == "说明或签名行"
        return reason or None

    def _faults(self, by_column: Sequence[Sequence[Cell]]) -> dict[int, list[Problem]]:
        found: dict[int, list[Problem]] = {}
        for place, column in self._columns:
            if not column.faults:
                continue
            for at, cell in enumerate(by_column[place]):
                fault = column.faults.get(cell)
                if fault is not None:
                    problem = _problem(letter(place), column.field.id, fault, cell)
                    found.setdefault(at, []).append(problem)
        return found

    def _others(self, by_column: Sequence[Sequence[Cell]]) -> dict[int, list[tuple[str, Value]]]:
        found: dict[int, list[tuple[str, Value]]] = {}
        for place, column in self._columns:
            if column.others:
                for at, cell in enumerate(by_column[place]):
                    if cell in column.others:
                        found.setdefault(at, []).append(column.others[cell])
        return found

    def _spread(self, values: dict[str, Value], others: Iterable[tuple[str, Value]], problems: list[Problem]) -> None:
        """Put what a cell held for another field where it belongs, unless that field has a value of its own."""
        for name, value in others:
            if name == DEADLINE_IN_DAYS and isinstance(value, int):
                read = deadline_from_days(values.get("found_on"), value)
                if read is not None:
                    values["deadline"] = read[0]
                    problems.append(self._problem("deadline", read[1], ()))
            elif values.get(name) is None:
                values[name] = value

    def _demand(self, values: Mapping[str, Value], problems: list[Problem], row: Row) -> None:
        """What the row lacks though this ledger cannot do without, unless another problem says so already."""
        told = {problem.field for problem in problems if problem.level == ERROR}
        for place in self._required:
            spec = self._columns[place][1].field
            if values[spec.id] is None and spec.id not in told:
                fault = Fault("missing", ERROR, f"没有填写“{spec.label}”，请补全。")
                problems.append(self._problem(spec.id, fault, row))
        for spec in self._absent:
            fault = Fault("missing", ERROR, f"表里没有“{spec.label}”这一列，请补上或重新对应。")
            problems.append(Problem("", spec.id, fault.code, fault.level, "", fault.message))

    def _problem(self, name: str, fault: Fault, row: Row) -> Problem:
        place = next((column for column, field_ in self._header.columns.items() if field_ == name), -1)
        cell = row[place] if 0 <= place < len(row) else ""
        return _problem(letter(place) if place >= 0 else "", name, fault, cell)


def _problem(column: str, name: str, fault: Fault, cell: Cell) -> Problem:
    return Problem(column, name, fault.code, fault.level, shown(cell), fault.message)


def _begins_oddly(cell: Cell) -> bool:
    return cell in _HEADINGS or may_be_no_data(cell)


_HEADINGS = frozenset({"企业名称", "单位名称", "姓名", "隐患内容"})
_HEADING_SIGNS = frozenset(heading[0] for heading in _HEADINGS)


def _filled_down(sheet: Sheet, header: Header, end: int) -> dict[int, dict[int, Cell]]:
    """The cells that a merged cell above stands for: one value for several rows in a column that is understood."""
    filled: dict[int, dict[int, Cell]] = {}
    for merge in sheet.merges:
        if merge.bottom <= merge.top or merge.top <= header.bottom or merge.left not in header.columns:
            continue
        cell = sheet.rows[merge.top][merge.left] if merge.top < len(sheet.rows) else ""
        for number in range(merge.top + 1, min(merge.bottom + 1, end)):
            filled.setdefault(number, {})[merge.left] = cell
    return filled


def _read_list(sheet: Sheet, header: Header, wish: _Wish, following: Header | None) -> SheetReading:
    end = following.top if following is not None else len(sheet.rows)
    rows = tuple(_ListReader(sheet, header, wish, end).rows())
    named = sorted(set(header.texts) | set(header.columns))
    return SheetReading(
        sheet.name,
        header.bottom + 1,
        {letter(column): header.columns.get(column) for column in named},
        {letter(column): header.texts.get(column, "") for column in named},
        header.signature,
        rows,
    )


def _read_form(
    sheet: Sheet, form: Mapping[str, FormCell], wish: _Wish, readings: list[SheetReading]
) -> tuple[str, str] | None:
    if wish.spec.kind is not LedgerKind.ENTERPRISES:
        return "form", ""
    if "name" not in form:
        return "blank_form", ""
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for name, cell in form.items():
        reading = Reading(wish.spec.fields[name], wish.on, "", sheet.counts_from_1904, wish.keep_codes)
        read = read_cell(cell.cell, reading)
        values[name] = read.value
        if read.other and values.get(read.other) is None:
            values[read.other] = read.other_value
        if read.fault is not None:
            where = f"第 {cell.row + 1} 行："
            fault = replace(read.fault, message=where + read.fault.message)
            problems.append(_problem(letter(cell.column), name, fault, cell.cell))
    row = ParsedRow(sheet.name, form["name"].row + 1, values, tuple(problems), "", key_of(wish.spec.kind, values))
    readings.append(SheetReading(sheet.name, 0, {}, {}, "", (row,), is_form=True))
    return None


def _with_duplicates(readings: Sequence[SheetReading], kind: LedgerKind) -> tuple[SheetReading, ...]:
    """Mark every row that says again what an earlier row of the file says."""
    seen: dict[str, ParsedRow] = {}
    several = len({reading.name for reading in readings}) > 1
    marked: list[SheetReading] = []
    for reading in readings:
        rows = list(reading.rows)
        for at, row in enumerate(rows):
            if not row.key or row.skipped:
                continue
            first = seen.setdefault(row.key, row)
            if first is not row:
                rows[at] = replace(row, problems=(*row.problems, _duplicate(first, reading, kind, several)))
        marked.append(replace(reading, rows=tuple(rows)) if rows else reading)
    return tuple(marked)


def _duplicate(first: ParsedRow, reading: SheetReading, kind: LedgerKind, several: bool) -> Problem:
    name = _key_field(kind, first.values)
    column = next((key for key, value in reading.columns.items() if value == name), "")
    where = f"工作表“{first.sheet}”第 {first.row} 行" if several else f"第 {first.row} 行"
    message = f"与{where}重复，请删去一行或改正。"
    return Problem(column, name, "duplicate_in_file", ERROR, str(first.values.get(name) or ""), message)


def _key_field(kind: LedgerKind, values: Mapping[str, Value]) -> str:
    """The field by which a repetition is best shown."""
    if kind is LedgerKind.ENTERPRISES and values.get("uscc"):
        return "uscc"
    return "description" if kind is LedgerKind.HAZARDS else kinds()[kind].required[0]


def read_map(data: bytes, name: str, kind: LedgerKind) -> tuple[Layout, ...]:
    """The layouts in a ``--map`` file, JSON in one of three forms.

    ``{"A": "name", "H": null}``, with a heading row ``{"columns": {…}, "header_row": 3}``, or by sheet
    ``{"sheets": {"工贸": {…}}}``. Raises `Trouble` for what cannot be understood.
    """
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Trouble("ledger_map_unreadable", name=name) from error
    by_sheet = told.get("sheets") if isinstance(told, dict) else None
    if isinstance(by_sheet, dict):
        return tuple(_layout(value, name, kind, str(sheet)) for sheet, value in by_sheet.items())
    return (_layout(told, name, kind, None),)


def _layout(told: object, name: str, kind: LedgerKind, sheet: str | None) -> Layout:
    columns = told.get("columns", told) if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(columns, dict):
        raise Trouble("ledger_map_unreadable", name=name)
    row = told.get("header_row")
    header_row = row if isinstance(row, int) and not isinstance(row, bool) and row >= 1 else None
    return Layout({_letters(key, name): _field(value, name, kind) for key, value in columns.items()}, header_row, sheet)


def _letters(key: object, name: str) -> str:
    try:
        column_of(str(key))
    except ValueError as error:
        raise Trouble("ledger_map_column", name=name, column=str(key)) from error
    return str(key).upper()


def _field(value: object, name: str, kind: LedgerKind) -> str | None:
    spec = kinds()[kind]
    if value is None:
        return None
    if not isinstance(value, str) or value not in spec.fields:
        fields = "、".join(spec.fields)
        raise Trouble("ledger_map_field", name=name, field=str(value), kind=spec.label, fields=fields)
    return value


class RowAction(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row with what becomes of it. `problems` are those that only the office's records could show."""

    row: ParsedRow
    action: RowAction
    problems: tuple[Problem, ...] = ()
    values: Mapping[str, Value] | None = None
    key: str = ""
    further: Mapping[str, Any] = field(default_factory=dict)


def results_unseen(ledger: ParsedLedger) -> list[RowResult]:
    """What becomes of the rows as far as the file alone can tell: everything sound is new."""
    return [RowResult(row, _unseen(row)) for row in ledger.rows]


def _unseen(row: ParsedRow) -> RowAction:
    if row.skipped:
        return RowAction.SKIPPED
    return RowAction.REJECTED if row.is_rejected else RowAction.NEW


def to_report(
    ledger: ParsedLedger, results: Sequence[RowResult], *, applied: bool, all_rows: bool = False
) -> dict[str, Any]:
    """The import report of the command line: see the interface's section on it."""
    counts = dict.fromkeys(("read", *RowAction), 0)
    for result in results:
        counts["read"] += 1
        counts[result.action] += 1
    return {
        "file": ledger.file,
        "kind": ledger.kind.value,
        "applied": applied,
        "sheets": [_sheet_report(sheet) for sheet in ledger.sheets],
        "counts": {str(key): count for key, count in counts.items()},
        "rows": [_row_report(result) for result in results if all_rows or _is_told(result)],
    }


def _is_told(result: RowResult) -> bool:
    is_notable = result.action in (RowAction.REJECTED, RowAction.CHANGED)
    return is_notable or bool(result.row.problems or result.problems)


def _sheet_report(sheet: SheetReading) -> dict[str, Any]:
    return {
        "name": sheet.name,
        "header_row": sheet.header_row,
        "columns": dict(sheet.columns),
        "rows": len(sheet.rows),
    }


def _row_report(result: RowResult) -> dict[str, Any]:
    row = result.row
    told: dict[str, Any] = {
        "sheet": row.sheet,
        "row": row.row,
        "action": result.action.value,
        "key": result.key or row.key,
        "values": dict(row.values if result.values is None else result.values),
        "problems": [_problem_report(problem) for problem in (*row.problems, *result.problems)],
    }
    if row.skipped:
        told["skipped"] = row.skipped
    return told | dict(result.further)


def _problem_report(problem: Problem) -> dict[str, Any]:
    return {
        "column": problem.column or None,
        "field": problem.field,
        "code": problem.code,
        "level": problem.level,
        "value": problem.value,
        "message": problem.message,
    }
