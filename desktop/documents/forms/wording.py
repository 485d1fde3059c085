"""What stands in a field, as it is printed: dates with 年月日, amounts in capitals, items numbered, blanks where nothing is."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from desktop.documents.forms.page import SPACE, Piece, Pieces
from desktop.domain.form import Field, FieldType, in_capitals, in_characters

# How many characters wide a blank in running text is, so that a pen has room.
ROOM: Mapping[FieldType, int] = {
    FieldType.ORGANISATION: 15,
    FieldType.PARTY: 15,
    FieldType.LONG_TEXT: 30,
    FieldType.TEXT: 14,
    FieldType.NUMBER: 12,
    FieldType.PERSON: 6,
    FieldType.OFFICER: 6,
    FieldType.OFFICERS: 6,
    FieldType.COUNT: 3,
    FieldType.CHOICE: 7,
    FieldType.MONEY: 9,
    FieldType.MONEY_IN_CAPITALS: 12,
}
USUAL_ROOM = 9


def blank(count: int) -> Piece:
    """A ruled blank of so many characters."""
    return Piece(SPACE * count, is_filled=True)


def filled(text: str) -> Pieces:
    """What was entered, on a rule."""
    return (Piece(text, is_filled=True),) if text else ()


def one_of(value: Any, at: int) -> Any:
    """The `at`-th value (from 1) of a field that stands several times; a single value is the first."""
    if isinstance(value, list | tuple):
        return value[at - 1] if at <= len(value) else None
    return value if at == 1 else None


def printed(field: Field, value: Any) -> str:
    """The value as one text; empty when there is none."""
    if value in (None, "", [], ()):
        return ""
    if isinstance(value, list | tuple):
        join = "、" if field.type in (FieldType.OFFICERS, FieldType.PERSON, FieldType.CHECKS) else "；"
        return join.join(printed(field, each) for each in value)
    match field.type:
        case FieldType.DATE:
            return _day(str(value)) or str(value)
        case FieldType.DATE_IN_CHARACTERS:
            on = _as_date(str(value))
            return in_characters(on) if on else str(value)
        case FieldType.MOMENT:
            return _moment(str(value)) or str(value)
        case FieldType.MONTH:
            return re.sub(r"^(\d{4})-0?(\d{1,2})$", r"\1年\2月", str(value))
        case FieldType.MONEY_IN_CAPITALS:
            return _capitals(str(value))
        case FieldType.PERIOD | FieldType.DATES if isinstance(value, Mapping):
            return "至".join(_end(field, value, end) for end in ("from", "to"))
        case _:
            return str(value)


def _capitals(value: str) -> str:
    try:
        fen = Decimal(value) * 100
    except InvalidOperation:
        return value
    return in_capitals(int(fen)) if fen == int(fen) and fen >= 0 else value


def _end(field: Field, value: Mapping[str, Any], end: str) -> str:
    text = str(value.get(end) or "")
    said = _moment(text) if field.type is FieldType.PERIOD else _day(text)
    if end == "to" and not field.ends_with_year and field.type is FieldType.PERIOD and _year(value, "from") == text[:4]:
        return re.sub(r"^\d{4}年", "", said)
    return said


def _year(value: Mapping[str, Any], end: str) -> str:
    return str(value.get(end) or "")[:4]


def _as_date(value: str) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _day(value: str) -> str:
    on = _as_date(value)
    return f"{on.year}年{on.month}月{on.day}日" if on else ""


def _moment(value: str) -> str:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return ""
    return f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute}分" if "T" in value or ":" in value else _day(value)


# ---- blanks ------------------------------------------------------------------------------------------------


def empty_day() -> Pieces:
    """____年__月__日"""
    return (blank(3), Piece("年"), blank(2), Piece("月"), blank(2), Piece("日"))


def narrow_day() -> Pieces:
    """The same beside a signature, where there is less room."""
    return (blank(2), Piece("年"), blank(2), Piece("月"), blank(2), Piece("日"))


def _empty_moment(*, with_year: bool = True) -> Pieces:
    year = (blank(3), Piece("年")) if with_year else ()
    day = (blank(2), Piece("月"), blank(2), Piece("日"))
    return (*year, *day, blank(2), Piece("时"), blank(2), Piece("分"))


def unruled(pieces: Iterable[Piece]) -> Pieces:
    """The same without rules, as dates stand under a signature: blanks are free space."""
    return tuple(Piece(piece.text) for piece in pieces)


def pieces_of(field: Field, value: Any) -> Pieces:
    """The value in running text: on a rule, or a blank of fitting width."""
    match field.type:
        case FieldType.DATE if not value:
            return empty_day()
        case FieldType.MOMENT:
            return _moment_pieces(str(value or ""))
        case FieldType.PERIOD:
            ends = value if isinstance(value, Mapping) else {}
            if all(_has_time(str(ends.get(end) or "")) for end in ("from", "to")):
                return filled(printed(field, value))
            last = _moment_pieces(str(ends.get("to") or ""), with_year=field.ends_with_year)
            return (*_moment_pieces(str(ends.get("from") or "")), Piece("至"), *last)
        case FieldType.DATES if not value:
            return (*empty_day(), Piece("至"), *empty_day())
    return filled(printed(field, value)) or (blank(ROOM.get(field.type, USUAL_ROOM)),)


def _has_time(value: str) -> bool:
    return "T" in value or ":" in value


def _moment_pieces(value: str, *, with_year: bool = True) -> Pieces:
    """A moment; of a day whose time is not known yet, the hours stay blank."""
    if not value:
        return _empty_moment(with_year=with_year)
    said = filled(_moment(value) or value)
    return said if _has_time(value) else (*said, blank(2), Piece("时"), blank(2), Piece("分"))


# ---- writing of several paragraphs -------------------------------------------------------------------------


def paragraphs(field: Field, value: Any) -> tuple[str, ...]:
    """Long writing, a paragraph a line: items numbered, each ending with ； and the last with 。; questions and answers."""
    if not value:
        return ()
    if field.type is FieldType.ITEMS and isinstance(value, list | tuple):
        return _items([str(each).strip() for each in value if str(each).strip()])
    if field.type is FieldType.DIALOGUE and isinstance(value, list | tuple):
        return tuple(f"{SPACE * 2}{who}：{said}" for pair in value for who, said in zip("问答", pair, strict=True))
    return tuple(f"{SPACE * 2}{line.strip()}" for line in str(value).splitlines() if line.strip())


def _items(items: list[str]) -> tuple[str, ...]:
    ended = [item.rstrip("；;。.") + ("；" if at < len(items) - 1 else "。") for at, item in enumerate(items)]
    if len(ended) == 1:
        return (f"{SPACE * 2}{ended[0]}",)
    return tuple(f"{SPACE * 2}{at}.{item}" for at, item in enumerate(ended, 1))


def ended(lines: tuple[str, ...], end: str) -> tuple[str, ...]:
    """The writing with the full stop that the form prints behind it; one that is there already is enough."""
    if not lines or not end or lines[-1].endswith(end):
        return lines
    return (*lines[:-1], lines[-1] + end)
