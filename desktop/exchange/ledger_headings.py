"""Finds the heading rows of a list on a sheet and the field under each of them.

A heading row is the one, among the first rows, whose texts are best understood as headings of the ledger wanted:
titles, unit lines and data score less. Two and three rows are read together where the headings are merged or stand
under a common one. Positions are counted from 0 here.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from desktop.exchange.ledger_fields import FieldSpec, KindSpec, LedgerKind, bare, kinds, without_brackets, words
from desktop.exchange.sheet import Cell, Row, Sheet

_ROWS_LOOKED_AT = 30
_ROWS_WALKED = 300
_LONGEST_HEADING = 24
_FRAGMENT_WITHIN = 12
_TALLEST = 3
_NEARLY = 0.6
_DATA_ROW = 3
_NARROW = 3
"""A single understood heading makes a list only when there are at most so many columns."""


_EXACT_FROM, _BOTTOM_FROM, _FRAGMENT_FROM = 0, 200, 1000
"""Ranks: a heading that means the field outright, then one of two stacked headings alone, then a mere fragment."""

_NUMBER_BEFORE = re.compile(r"^[\d一二三四五六七八九十]{1,2}[.、．)）]\s*")
_NUMBER_AFTER = re.compile(r"\d+$")
_UNIT = re.compile(r"(亿元|百万元|千万元|十万元|万元|千元|元)")
_DATA = re.compile(r"\d{6,}|\d{4}[-./年]\d{1,2}")


@dataclass(frozen=True, slots=True)
class Header:
    """Heading rows `top` to `bottom`, the field of each understood column, and the text over every column."""

    top: int
    bottom: int
    columns: Mapping[int, str]
    texts: Mapping[int, str]
    score: float

    def unit(self, column: int) -> str:
        """The unit of money that the heading names: ``万元``."""
        found = _UNIT.search(self.texts.get(column, ""))
        return found[1] if found else ""

    @property
    def signature(self) -> str:
        """The same for the same headings in the same columns: under it a corrected mapping is remembered."""
        told = "\x1f".join(f"{column}={bare(text)}" for column, text in sorted(self.texts.items()) if text)
        return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Match:
    rank: int
    column: int
    field: str


def meaning(text: str, spec: KindSpec) -> tuple[str, int] | None:
    """The field that a single heading means, with a rank that is lower the surer it is."""
    word = heading_word(text)
    return _outright(word, spec) or _by_fragment(word, spec.kind)


@lru_cache(maxsize=4096)
def heading_word(text: str) -> str:
    """A heading reduced to its bare word: no brackets, no leading number, no unit after a stroke."""
    outside, inside = without_brackets(_NUMBER_BEFORE.sub("", text.strip()))
    return bare(outside) or bare(inside)


def _outright(word: str, spec: KindSpec) -> tuple[str, int] | None:
    found = spec.headings.get(word) or spec.headings.get(_NUMBER_AFTER.sub("", word) if len(word) > 2 else word)
    return (found[0], _EXACT_FROM + found[1]) if found else None


@lru_cache(maxsize=4096)
def _by_fragment(word: str, kind: LedgerKind, beyond: str = "") -> tuple[str, int] | None:
    """The field of the longest fragment in a short heading; it must not lie wholly in `beyond`, the heading above."""
    if not word or len(word) > _FRAGMENT_WITHIN + len(beyond) or word in words().plain_headings:
        return None
    if not _any_fragment(kind).search(word):
        return None
    best: tuple[int, str, int] | None = None
    for field in kinds()[kind].fields.values():
        for place, fragment in enumerate(field.fragments):
            length = sum(map(len, fragment))
            if _has(word, fragment, field, beyond) and (best is None or length > best[0]):
                best = (length, field.id, place)
    return (best[1], _FRAGMENT_FROM + best[2]) if best else None


@cache
def _any_fragment(kind: LedgerKind) -> re.Pattern[str]:
    """Any first part of a fragment: most words hold none, which this tells quickly."""
    parts = {fragment[0] for field in kinds()[kind].fields.values() for fragment in field.fragments}
    return re.compile("|".join(map(re.escape, sorted(parts))))


def _has(word: str, fragment: Sequence[str], field: FieldSpec, beyond: str) -> bool:
    if not all(part in word for part in fragment) or any(part in word for part in field.never):
        return False
    return not beyond or not all(part in beyond for part in fragment)


def find_header(sheet: Sheet, spec: KindSpec, start: int = 0, stop: int | None = None) -> Header | None:
    """The best heading rows beginning from row `start` to before `stop`, or nothing when none read like this ledger's.

    Wanted columns may be missing from it; `missing_columns` says which.
    """
    grid = _HeadingGrid(sheet)
    found: list[Header] = []
    for top in _candidate_rows(sheet, start, len(sheet.rows) if stop is None else stop):
        headers = (_header(grid, top, height, spec) for height in range(1, _TALLEST + 1))
        found += [header for header in headers if header is not None]
    return _reaching_down(_first_good(found, spec), grid) if found else None


def _first_good(found: Sequence[Header], spec: KindSpec) -> Header:
    """The best of them, unless another nearly as good stands wholly above it: then that heads a list of its own."""
    best = max(found, key=lambda header: header.score)
    while True:
        good = (
            header for header in found if header.score >= best.score * _NEARLY and not missing_columns(header, spec)
        )
        above = [header for header in good if header.bottom < best.top]
        if not above:
            return best
        best = max(above, key=lambda header: header.score)


def beside(header: Header, spec: KindSpec) -> Header | None:
    """The same headings once more to the right: a long list printed in two or three stretches side by side."""
    words_at = {column: heading_word(text) for column, text in header.texts.items()}
    named = next((column for column, field in header.columns.items() if field in spec.required), None)
    if named is None or len(header.columns) < 2:
        return None
    again = next((column for column in words_at if column > named and words_at[column] == words_at[named]), None)
    if again is None:
        return None
    shift = again - named
    if shift <= max(header.columns) - min(header.columns):
        return None
    columns = {column + shift: field for column, field in header.columns.items()}
    same = all(words_at.get(column + shift) == words_at.get(column) for column in header.columns)
    return Header(header.top, header.bottom, columns, header.texts, header.score) if same else None


def missing_columns(header: Header, spec: KindSpec) -> tuple[str, ...]:
    """The fields that this ledger cannot do without and that no column holds."""
    found = set(header.columns.values())
    return tuple(field for field in spec.required if field not in found)


def telling_fields(header: Header, spec: KindSpec) -> int:
    """How many of its columns only such a ledger has."""
    return sum(spec.fields[field].tells for field in set(header.columns.values()))


def _candidate_rows(sheet: Sheet, start: int, stop: int) -> Iterator[int]:
    """The first rows that hold more than one text, up to a number."""
    seen = 0
    for number in range(start, min(len(sheet.rows), stop, start + _ROWS_WALKED)):
        filled = sum(1 for cell in sheet.rows[number] if cell != "")
        seen += filled > 0
        if filled and seen <= _ROWS_LOOKED_AT:
            yield number
        if seen > _ROWS_LOOKED_AT:
            return


class _HeadingGrid:
    """The texts of a sheet with merged headings repeated over their columns, title lines left out."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.width = sheet.width
        self._across = {
            (m.top, column): m.left
            for m in sheet.merges
            for column in range(m.left, m.right + 1)
            if m.top == m.bottom and m.right > m.left and m.right - m.left < 400
        }
        self._data: dict[int, bool] = {}
        self._wide = {m.top for m in sheet.merges if m.right - m.left + 1 >= max(3, self.width * 0.8)}
        self.down = {(m.top, m.left): m.bottom for m in sheet.merges if m.bottom > m.top}

    def is_data(self, row: int) -> bool:
        """Whether several numbers, dates or codes stand in the row: headings have hardly any."""
        known = self._data.get(row)
        if known is None:
            known = sum(1 for cell in self.sheet.rows[row] if cell != "" and _looks_like_data(cell)) >= _DATA_ROW
            self._data[row] = known
        return known

    def is_title(self, row: int) -> bool:
        """Whether one merged cell fills the row."""
        return row in self._wide and sum(1 for cell in self.sheet.rows[row] if cell != "") == 1

    def text(self, row: int, column: int) -> str:
        """The text of a cell, or of the merged cell over it."""
        cell = self.sheet.rows[row][self._across.get((row, column), column)]
        return cell.strip() if isinstance(cell, str) else _shown(cell)

    def group(self, row: int, column: int, below: Row) -> str:
        """The common heading over a column: its own cell's, or without merges the nearest to the left over a sub-heading."""
        text = self.text(row, column)
        if text or self.sheet.merges:
            return text
        while column > 0 and not text and below[column] != "":
            column -= 1
            text = self.text(row, column) if below[column] != "" else ""
        return text


def _shown(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell == "" else str(cell)


def _header(grid: _HeadingGrid, top: int, height: int, spec: KindSpec) -> Header | None:
    bottom = top + height - 1
    if bottom >= len(grid.sheet.rows) or any(map(grid.is_data, range(top, bottom + 1))):
        return None
    if height > 1 and (grid.is_title(top) or _is_blank(grid.sheet.rows[bottom])):
        return None
    stacks = [_stack(grid, top, bottom, column) for column in range(grid.width)]
    matches = [match for column, stack in enumerate(stacks) for match in _matches(stack, column, spec)]
    if not matches:
        return None
    columns = _assigned(matches)
    if not columns or (len(columns) < 3 and any(_is_label(stacks[column][-1]) for column in columns)):
        return None
    if len(columns) == 1 and sum(any(stack) for stack in stacks) > _NARROW:
        return None
    texts = {column: " ".join(_different(stack)) for column, stack in enumerate(stacks) if any(stack)}
    score = _score(columns, matches, spec) - _data_cells(grid, top, bottom, stacks, columns) - 0.5 * (height - 1)
    plain = sum(heading_word(stack[-1]) in words().plain_headings for stack in stacks if stack[-1])
    return Header(top, bottom, columns, texts, score + 0.25 * min(plain, 4)) if score > 0 else None


def _is_blank(row: Row) -> bool:
    return all(cell == "" for cell in row)


def _is_label(text: str) -> bool:
    """``企业名称：`` stands before its value on a form; a column's heading has no colon."""
    return text.rstrip().endswith((":", "："))


def _stack(grid: _HeadingGrid, top: int, bottom: int, column: int) -> tuple[str, ...]:
    """The texts over a column from top to bottom; above the last row a common heading counts for all below it."""
    stack = [grid.group(row, column, grid.sheet.rows[row + 1]) for row in range(top, bottom)]
    return (*stack, grid.text(bottom, column))


def _different(stack: Sequence[str]) -> list[str]:
    return [text for place, text in enumerate(stack) if text and text not in stack[:place]]


def _matches(stack: Sequence[str], column: int, spec: KindSpec) -> Iterator[_Match]:
    """What the headings over one column may mean: all of them together, the lowest alone, or the one above a blank."""
    texts = _different(stack)
    if not texts or len(texts[-1]) > 2 * _LONGEST_HEADING:
        return
    wordings = [heading_word(text) for text in texts]
    joined, lowest, above = "".join(wordings), wordings[-1], "".join(wordings[:-1])
    found = _outright(joined, spec)
    if found:
        yield _Match(found[1], column, found[0])
    alone = _outright(lowest, spec) if above else None
    if alone:
        yield _Match(alone[1] + _BOTTOM_FROM, column, alone[0])
    fragment = _by_fragment(lowest, spec.kind) or _by_fragment(joined, spec.kind, above)
    if fragment:
        yield _Match(fragment[1], column, fragment[0])


def _assigned(matches: Sequence[_Match]) -> dict[int, str]:
    """One field a column and one column a field, the surest first, the leftmost of equals."""
    columns: dict[int, str] = {}
    for match in sorted(matches, key=lambda match: (match.rank, match.column)):
        if match.column not in columns and match.field not in columns.values():
            columns[match.column] = match.field
    return dict(sorted(columns.items()))


def _score(columns: Mapping[int, str], matches: Sequence[_Match], spec: KindSpec) -> float:
    score = 0.0
    for column, field in columns.items():
        rank = min(match.rank for match in matches if match.column == column and match.field == field)
        score += (3.0 if rank < _FRAGMENT_FROM else 2.0) + (2.0 if field in spec.required else 0.0)
    return score


def _data_cells(
    grid: _HeadingGrid, top: int, bottom: int, stacks: Sequence[Sequence[str]], columns: Mapping[int, str]
) -> float:
    """What speaks against headings: numbers, dates and long texts; under the columns understood they weigh more."""
    against = 0.0
    for row in range(top, bottom + 1):
        for column, cell in enumerate(grid.sheet.rows[row]):
            if cell != "" and _looks_like_data(cell):
                against += 3.0 if column in columns else 1.0
    return against + sum(1.0 for stack in stacks if len(stack[-1]) > 2 * _LONGEST_HEADING)


def _looks_like_data(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(_DATA.search(cell)) and len(cell) < 40
    return isinstance(cell, (int, float, date))


def _reaching_down(header: Header, grid: _HeadingGrid) -> Header:
    """The header with the rows that its merged cells reach into, or that only hold sub-headings, as part of it."""
    reach = [
        grid.down.get((row, column), header.bottom)
        for row in range(header.top, header.bottom + 1)
        for column in header.columns
    ]
    bottom = max(header.bottom, min(max(reach, default=header.bottom), header.bottom + _TALLEST))
    bottom = min(bottom, len(grid.sheet.rows) - 1)
    if bottom == header.bottom and _is_sub_heading(grid.sheet, header):
        bottom += 1
    return Header(header.top, bottom, header.columns, header.texts, header.score)


def _is_sub_heading(sheet: Sheet, header: Header) -> bool:
    """Whether the row below holds short words only under blank headings beside a group, and nothing elsewhere.

    That is what a merged two-row heading becomes in a file that keeps no merges.
    """
    if sheet.merges or header.bottom + 1 >= len(sheet.rows):
        return False
    above, below = sheet.rows[header.bottom], sheet.rows[header.bottom + 1]
    filled = [column for column, cell in enumerate(below) if cell != ""]
    if not filled or any(
        not isinstance(below[c], str) or len(str(below[c])) > 8 or _DATA.search(str(below[c])) for c in filled
    ):
        return False
    has_gap = any(above[column] == "" for column in filled)
    covered = all(above[c] == "" or (c + 1 < len(above) and above[c + 1] == "" and c + 1 in filled) for c in filled)
    return has_gap and covered


@dataclass(frozen=True, slots=True)
class Guess:
    """What a sheet seems to be, and how many telling columns say so."""

    kind: LedgerKind
    telling: int


def guess_kind(sheet: Sheet, near: Header | None = None) -> Guess | None:
    """The kind of ledger that `sheet` most likely is; nothing when it is no list that we know.

    With `near` only heading rows about that one are looked at, which is what a second opinion on it needs.
    """
    start, stop = (0, None) if near is None else (max(0, near.top - 2), near.bottom + 1)
    best: tuple[tuple[int, float], Guess] | None = None
    for kind, spec in kinds().items():
        header = find_header(sheet, spec, start, stop)
        if header is None or missing_columns(header, spec):
            continue
        telling = telling_fields(header, spec)
        if not is_enough(telling, kind):
            continue
        if best is None or (telling, header.score) > best[0]:
            best = ((telling, header.score), Guess(kind, telling))
    return best[1] if best else None


def is_enough(telling: int, kind: LedgerKind) -> bool:
    """Whether so many telling columns make a ledger of this kind: names alone make a roster and nothing else."""
    return telling > 0 or kind is LedgerKind.ENTERPRISES
