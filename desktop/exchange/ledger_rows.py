"""What the rows of a list are: data, or blanks, totals, notes, signatures and headings repeated, which are skipped.

Also what a row says against itself, and which rows say the same thing twice.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from desktop.exchange.ledger_cells import ERROR, WARNING, Fault, Value, shown
from desktop.exchange.ledger_fields import KindSpec, LedgerKind, bare, words
from desktop.exchange.ledger_headings import meaning
from desktop.exchange.sheet import Cell, Row

_TOTAL_AFTER = re.compile(r"(共?\d+[家户个条项件处人次]*)?")
_COUNTED = re.compile(r"共(计|有)?\d+(家|户|个|条|项|件|处|人)(企业|单位|隐患|问题)?")
_COLON = re.compile(r"[^:：]{1,10}[:：]")
_GROUP = re.compile(
    r"([一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十\d]+[部类]).*"
)
_NUMBERING = re.compile(r"[(（]?(\d{1,2}|[①-⑳]|[甲乙丙丁戊己庚辛壬癸]|[a-z])[)）]?", re.IGNORECASE)

BLANK, TOTAL, NOTE, GROUP, NUMBERING, REPEATED, INSTRUCTION = (
    "空行",
    "合计行",
    "说明或签名行",
    "分组标题行",
    "栏目编号行",
    "重复的表头",
    "填写说明行",
)


def is_total(cell: Cell) -> bool:
    """Whether a cell begins a row that sums up others."""
    if not isinstance(cell, str) or len(cell) > 24:
        return False
    word = bare(cell)
    if _COUNTED.fullmatch(word):
        return True
    return any(word.startswith(total) and _TOTAL_AFTER.fullmatch(word[len(total) :]) for total in words().totals)


def is_note(cell: Cell) -> bool:
    """Whether a cell begins a note, a signature line or the like."""
    if not isinstance(cell, str):
        return False
    text = "".join(cell.split()).replace("：", ":").replace("(", "").replace("（", "")
    return text.startswith(words().notes)


@cache
def first_signs() -> frozenset[str]:
    """The first letters of totals, notes and group titles, for a quick look."""
    starts = (*words().totals, *words().notes, "共")
    return frozenset(start[0] for start in starts) | frozenset(" \u3000(（\n第一二三四五六七八九十")


def may_be_no_data(cell: Cell) -> bool:
    """Whether the cell that should name something begins like a total or a note; a quick look spares most the full one."""
    if not isinstance(cell, str) or cell[:1] not in first_signs():
        return False
    return is_total(cell) or is_note(cell) or _GROUP.fullmatch(cell.strip()) is not None


@dataclass(frozen=True, slots=True)
class RowShapes:
    """Tells what rows of one list are; `columns` are the understood ones, `wide` rows with a merged cell across."""

    spec: KindSpec
    columns: Mapping[int, str]
    headings: Mapping[int, str]
    wide: frozenset[int]

    def why_skipped(self, number: int, row: Row, after_note: bool, after_header: bool) -> str:
        """The reason to skip a row that lacks something wanted, or looks odd; nothing when it is data."""
        filled = [cell for cell in row if cell != "" and not (isinstance(cell, str) and cell.isspace())]
        if not any(self._is_filled(row[column]) for column in self.columns):
            return self._unread(filled)
        if any(is_total(cell) for cell in filled[:3]) and len(filled) <= max(4, len(row) // 2 + 2):
            return TOTAL
        if is_note(filled[0]) and self._is_only_note(row, filled):
            return NOTE
        if after_note and len(filled) <= 2 and len(filled) < len(self.columns):
            return NOTE
        return self._rest(number, row, filled, after_header)

    def _is_only_note(self, row: Row, filled: Sequence[Cell]) -> bool:
        """Names begin like notes as well (说明书印刷厂): with a colon it is a note, else a row that says little."""
        if not self._has_required(row):
            return True
        return len(filled) <= (4 if _COLON.match(str(filled[0])) else 1)

    @staticmethod
    def _is_filled(cell: Cell) -> bool:
        return cell != "" and not (isinstance(cell, str) and cell.isspace())

    @staticmethod
    def _unread(filled: Sequence[Cell]) -> str:
        if filled and any(is_total(cell) for cell in filled[:3]):
            return TOTAL
        return NOTE if any(is_note(cell) for cell in filled[:3]) else BLANK

    def _has_required(self, row: Row) -> bool:
        return all(
            self._is_filled(row[column]) for column, field in self.columns.items() if field in self.spec.required
        )

    def _rest(self, number: int, row: Row, filled: Sequence[Cell], after_header: bool) -> str:
        if len(filled) <= 2 and not self._has_required(row) and self._is_group(number, filled):
            return GROUP
        if len(filled) == 1 and len(self.columns) >= 3 and self._is_group(number, filled):
            return GROUP
        if number in self.wide and len(filled) <= 2 and len(self.columns) >= 3:
            return GROUP
        if self._is_numbering(filled):
            return NUMBERING
        if self._is_repeated(row):
            return REPEATED
        if after_header and self._is_instruction(row, filled):
            return INSTRUCTION
        return ""

    def _is_group(self, number: int, filled: Sequence[Cell]) -> bool:
        return number in self.wide or any(isinstance(cell, str) and _GROUP.fullmatch(cell.strip()) for cell in filled)

    @staticmethod
    def _is_numbering(filled: Sequence[Cell]) -> bool:
        """Whether the row only numbers the columns: 1 2 3 … or 甲 乙 1 2 3."""
        if len(filled) < 3:
            return False
        texts = [shown(cell).strip() for cell in filled]
        if not all(_NUMBERING.fullmatch(text) for text in texts):
            return False
        digits = [int(text.strip("()（）")) for text in texts if text.strip("()（）").isdecimal()]
        return not digits or digits == list(range(digits[0], digits[0] + len(digits)))

    def _is_repeated(self, row: Row) -> bool:
        """Whether the headings occur again, as at the top of every printed page."""
        same = sum(
            1 for column in self.columns if isinstance(row[column], str) and self._is_heading(column, str(row[column]))
        )
        return same >= max(2, min(3, len(self.columns)))

    def _is_heading(self, column: int, text: str) -> bool:
        return bare(text) != "" and bare(text) in bare(self.headings.get(column, ""))

    def _is_instruction(self, row: Row, filled: Sequence[Cell]) -> bool:
        """Whether the row says how to fill in the template, and holds none of what is wanted."""
        told = sum(1 for cell in filled if isinstance(cell, str) and any(w in cell for w in words().instructions))
        return told > 0 and (not self._has_required(row) or told * 2 >= len(filled))


def is_other_header(row: Row, spec: KindSpec, columns: Mapping[int, str]) -> bool:
    """Whether a row within the data is a heading row of another layout: a second list below the first."""
    found = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str) and 0 < len(cell) <= 24:
            read = meaning(cell, spec)
            if read is not None:
                found[column] = read[0]
    known = sum(1 for column, field in found.items() if columns.get(column) != field)
    return len(set(found.values())) >= 3 and known > 0 and set(spec.required) <= set(found.values())


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A fault and the field it is reported under."""

    field: str
    fault: Fault


Check = Callable[[Mapping[str, Value]], Sequence[FieldFault]]


def checks_for(kind: LedgerKind, fields: frozenset[str], on: date) -> Sequence[Check]:
    """What to hold against the rows of a ledger with these fields."""
    checks: list[Check] = []
    for earlier, later, level, told in _ORDERS.get(kind, ()):
        if {earlier, later} <= fields:
            checks.append(_order(earlier, later, level, told))
    if kind in (LedgerKind.PERMITS, LedgerKind.OFFICERS) and "valid_until" in fields:
        checks.append(_expiry(on))
    return checks


_ORDERS: Mapping[LedgerKind, Sequence[tuple[str, str, str, str]]] = {
    LedgerKind.HAZARDS: (
        ("found_on", "deadline", ERROR, "“整改期限”（{later}）早于检查日期（{earlier}），请核对这两个日期。"),
        ("deadline", "reinspected_on", WARNING, "“复查日期”（{later}）晚于整改期限（{earlier}），请核对是否逾期复查。"),
        ("found_on", "reinspected_on", ERROR, "“复查日期”（{later}）早于检查日期（{earlier}），请核对这两个日期。"),
    ),
    LedgerKind.OFFICERS: (
        ("issued_on", "valid_until", ERROR, "“有效期至”（{later}）早于发证日期（{earlier}），请核对证面。"),
    ),
    LedgerKind.PERMITS: (
        ("issued_on", "valid_until", ERROR, "“有效期至”（{later}）早于发证日期（{earlier}），请核对证面。"),
    ),
    LedgerKind.CASES: (
        ("filed_on", "decided_on", ERROR, "“处罚决定日期”（{later}）早于立案日期（{earlier}），请核对。"),
        ("decided_on", "closed_on", ERROR, "“结案日期”（{later}）早于处罚决定日期（{earlier}），请核对。"),
    ),
    LedgerKind.PLAN: (),
}
"""Earlier field, later field, how grave a reversal is, what is said. A late re-inspection is a fact, not an error."""

_AFTER_ONLY = ("deadline", "reinspected_on")


def _order(earlier: str, later: str, level: str, told: str) -> Check:
    """For most pairs the later must not precede; a re-inspection must not come after its deadline."""
    is_late = (earlier, later) == _AFTER_ONLY

    def check(values: Mapping[str, Value]) -> Sequence[FieldFault]:
        first, second = values[earlier], values[later]
        if not isinstance(first, str) or not isinstance(second, str) or len(first) != len(second):
            return ()
        if not (second > first if is_late else second < first):
            return ()
        message = told.format(earlier=first, later=second)
        return (FieldFault(later, Fault("date_order", level, message)),)

    return check


def _expiry(on: date) -> Check:
    today = on.isoformat()

    def check(values: Mapping[str, Value]) -> Sequence[FieldFault]:
        until = values["valid_until"]
        if not isinstance(until, str) or until >= today:
            return ()
        message = f"“有效期至”（{until}）已过，证件已过期，请确认是否已换证。"
        return (FieldFault("valid_until", Fault("expired", WARNING, message)),)

    return check


def deadline_from_days(found_on: Value, days: int) -> tuple[str, Fault] | None:
    """The deadline so many days after the inspection, and what is said about it."""
    if not isinstance(found_on, str):
        return None
    deadline = (date.fromisoformat(found_on) + timedelta(days=days)).isoformat()
    meant = "立即整改，按检查当日" if days == 0 else f"{days} 日内，按检查日期起算"
    return deadline, Fault("other", WARNING, f"“整改期限”写的是{meant}读作 {deadline}，请核对。")


def key_of(kind: LedgerKind, values: Mapping[str, Value]) -> str:
    """What tells a row from the others of its kind; nothing when it cannot be told."""
    if kind is LedgerKind.ENTERPRISES:
        code = values.get("uscc") or values.get("legacy_code")
        return str(code) if code else _joined(values, ("name",), ("address",))
    needed, further = _KEYS[kind]
    return _joined(values, needed, further)


_KEYS: Mapping[LedgerKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    LedgerKind.HAZARDS: (("enterprise", "found_on", "description"), ("location",)),
    LedgerKind.INSPECTIONS: (("enterprise", "inspected_on"), ("document_number",)),
    LedgerKind.OFFICERS: (("name",), ("cert_number",)),
    LedgerKind.PERMITS: (("holder",), ("person", "kind", "trade", "number", "valid_until")),
    LedgerKind.CASES: (("enterprise", "cause"), ("number", "decided_on")),
    LedgerKind.PLAN: (("enterprise",), ("month", "planned_on")),
}


def _joined(values: Mapping[str, Value], needed: Sequence[str], further: Sequence[str]) -> str:
    if not all(values.get(field) for field in needed):
        return ""
    parts = [values.get(field) for field in (*needed, *further)]
    return "|".join(str(part) for part in parts if part is not None)
