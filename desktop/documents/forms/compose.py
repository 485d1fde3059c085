"""A form and what is filled in become a document: the layout of the form's file, read block by block.

The little language of the layout: a blank is `label|field*share`, where the label may be left out (the field's own is
printed) and `field[2]` is the second of several; `<|field` stands right without a rule, `>` keeps a place free. In a
table `#text` or `#field` is a label, `^` continues the cell above, `field*3` spans three columns; a cell written out
may have a sentence with blanks (`text`), lines at its foot (`below`) and a heading (`label`). `written` is a section of
a circular: its heading and paragraphs without rules, in the type size of official papers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from desktop.documents.forms import wording
from desktop.documents.forms.page import (
    SPACE,
    Blank,
    Block,
    Cell,
    Document,
    Face,
    Gap,
    Grid,
    Line,
    Picture,
    Piece,
    Pieces,
    Row,
    Ruled,
    Seal,
    Sheet,
    Signs,
    Text,
)
from desktop.domain.form import Field, FieldType, Form, FormBook

HEADING = "安全生产行政执法文书"
ROW_HEIGHT = 26.0
LIST_HEIGHT = 24.0

_TOKEN = re.compile(r"\{([\w.]+)(?:\[(\d)\])?\}")
_BLANK = re.compile(r"(?:(?P<label>[^|]*)\|)?(?P<field>\w*)(?:\[(?P<at>\d)\])?(?:\*(?P<share>\d+))?")
_DECORATION = re.compile(r"^（[^）]*）(?=\S)")
_TWO_PEOPLE = re.compile(r"[、，,；;\n]+")
_STOPS = "。；，、"
ABOVE_TABLE = 5.0
NARROW = frozenset({"序号", "编号", "页号", "单位", "数量", "性别", "年龄", "价格", "日期", "送达日期", "送达方式"})
"""Columns whose values stand in the middle of their cells."""
PEN = {FieldType.SIGNATURE: 5.5, FieldType.DATE: 0.0}
"""How many characters wide a blank must be for a pen; others at least this many:"""
PEN_ELSE = 3.0


@dataclass(frozen=True, slots=True)
class Filling:
    """What is printed into a form: its values, who issues it, its number and date. Pictures lie by their hash."""

    values: Mapping[str, Any]
    issuer: Mapping[str, str]
    dated_on: date
    number: str = ""
    mark: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def compose(book: FormBook, form: Form, filling: Filling) -> Document:
    """The form as a document."""
    return _Composer(book, form, filling).document()


class _Composer:
    """Reads the layout of one form with one filling."""

    def __init__(self, book: FormBook, form: Form, filling: Filling) -> None:
        self._book = book
        self._form = form
        self._filling = filling

    def document(self) -> Document:
        """The whole of it."""
        form, filling = self._form, self._filling
        numbered = any("number_line" in block for block in form.layout)
        return Document(
            title=form.printed_title,
            heading=HEADING if form.has_heading else "",
            number=self._number() if form.has_field("number") and not numbered else "",
            blocks=tuple(self._blocks()),
            on=filling.dated_on.isoformat(),
            author=filling.issuer.get("dept", ""),
            foot=self._plain(form.copies_text),
            has_continuation=form.has_continuation,
            has_page_count=form.has_page_count,
            has_annex=any("（此栏不够，可另附页）" in text for text in form.wording()),
            paper=form.paper,
            has_title=not any("centre" in block for block in form.layout),
            mark=filling.mark,
        )

    def _number(self) -> str:
        if self._filling.number:
            return self._filling.number
        prefix, word = self._filling.issuer.get("prefix", ""), self._word("word")
        return f"（{prefix or SPACE * 3}）{word}{self._form.code}〔{SPACE * 2}〕{SPACE * 2}号"

    def _word(self, key: str) -> str:
        return self._filling.words.get(key) or self._book.printed("word", key, self._filling.dated_on)

    # ---- blocks --------------------------------------------------------------------------------------------

    def _blocks(self) -> Iterator[Block]:
        last: Block | None = None
        for block in self._form.layout:
            for made in self._block(block):
                if isinstance(made, Grid) and isinstance(last, Line | Text):
                    yield Gap(ABOVE_TABLE)
                yield made
                last = made

    def _block(self, block: Mapping[str, Any]) -> Iterator[Block]:
        match block:
            case {"to": name}:
                said = (*self._field_pieces(name, 1), Piece("："))
                yield Text(said if "size" not in block else _plainly(said), size=block.get("size", 10.5))
            case {"written": name, "label": label, "size": size}:
                yield from self._written_out(name, label, size)
            case {"checks": name, "text": text}:
                yield from self._checks(name, text, block)
            case {"text": _}:
                yield from self._text(block)
            case {"line": cells}:
                yield self._line(cells, block.get("size", 10.5), is_plain=block.get("plain", False))
            case {"ruled": name}:
                yield self._ruled(name, block)
            case {"table": rows, "widths": widths}:
                yield Grid(tuple(self._row(row) for row in rows), tuple(map(float, widths)))
            case {"rows": name}:
                yield self._list(name, block)
            case {"signs": lines}:
                yield Signs(tuple(self._line(each) for each in lines), block.get("every_page", False))
            case {"seal": on} if "plain" not in block:
                yield Seal(self._seal_label(), self._day(on))
            case {"seal": on, "plain": label}:
                yield Seal(f"（{label}）" if label else "", self._day(on))
            case {"centre": text, "font": font, "size": size}:
                said = self._pieces(text)
                yield Text(_plainly(said), Face(font), float(size), is_centred=True)
            case {"number_line": name}:
                yield Text((Piece(self._number_line(name)),), size=block.get("size", 15), is_centred=True)
            case {"note": text}:
                yield Text(self._pieces(text), is_note=True)
            case {"gap": height}:
                yield Gap(float(height))
            case {"page": title}:
                yield Sheet(title)
            case {"picture": name, "height": height}:
                content = self._filling.pictures.get(str(self._filling.values.get(name, "")), b"")
                yield Picture(content, float(height))
            case _:
                raise ValueError(f"{self._form.id}: unknown block {dict(block)!r}")

    def _written_out(self, name: str, label: str, size: float) -> Iterator[Text]:
        """A section of a circular: its heading, then its paragraphs without rules; empty it leaves two lines."""
        yield Text((Piece(f"{SPACE * 2}{label}"),), Face.HEADING, size, holds=True)
        said = wording.paragraphs(self._form.field(name), self._filling.values.get(name))
        for line in said or ("",) * 2:
            yield Text((Piece(line),), size=size)

    def _number_line(self, name: str) -> str:
        if name == "number":
            return self._number()
        return f"第 {self._filling.values.get(name) or SPACE * 3} 号"

    def _seal_label(self) -> str:
        label = next((each.label for each in self._form.fields if each.type is FieldType.SEAL), "（印章）")
        label = self._plain(label)
        return label if "（" in label else f"（{label}）"

    def _day(self, name: str) -> Pieces:
        if not name:
            return ()
        said = wording.printed(self._form.field(name), self._filling.values.get(name))
        return (Piece(said),) if said else wording.unruled(wording.empty_day())

    # ---- text ----------------------------------------------------------------------------------------------

    def _text(self, block: Mapping[str, Any]) -> Iterator[Text]:
        text: str = block["text"]
        if "repeat" in block:
            text = text.replace(block["repeat"], self._repeated(block["repeat"], block["joiner"]))
        whole = _TOKEN.fullmatch(text)
        if whole and whole[1].startswith("clause."):
            text = self._book.printed("clause", whole[1].split(".")[1], self._filling.dated_on)
        for line in text.split("\n"):
            yield Text(self._pieces(line))

    def _repeated(self, phrase: str, joiner: str) -> str:
        """A phrase once for each value of its fields, so that hazards with different deadlines each have theirs."""
        names = [name for name, _ in _TOKEN.findall(phrase)]
        values = [self._filling.values.get(name) for name in names]
        count = max((len(value) for value in values if isinstance(value, list | tuple)), default=1)
        turns = [_TOKEN.sub(rf"{{\g<1>[{at}]}}", phrase) for at in range(1, count + 1)]
        return joiner.join(turns)

    def _pieces(self, text: str, *, is_ruled: bool = True) -> Pieces:
        found: list[Piece] = []
        end = 0
        for token in _TOKEN.finditer(text):
            found += [Piece(text[end : token.start()])] if token.start() > end else []
            pieces = self._token(token[1], int(token[2] or 0))
            end = token.end()
            if text[end : end + 1] in tuple(_STOPS):  # what was written with a stop of its own has one, not two
                pieces = _without_stop(pieces)
            found += pieces if is_ruled else wording.unruled(pieces)
        found += [Piece(text[end:])] if end < len(text) else []
        return tuple(found)

    def _token(self, name: str, at: int) -> Pieces:
        kind, _, key = name.partition(".")
        if kind == "cite":
            said = self._book.printed("cite", key, self._filling.dated_on)
            return (Piece(said),) if said else wording.filled(self._given(name)) or (wording.blank(3),)
        if kind == "org":
            return wording.filled(self._filling.issuer.get(key, "")) or (wording.blank(12),)
        if self._form.has_field(kind):
            if key:
                ends = self._filling.values.get(kind)
                end = ends.get(key) if isinstance(ends, Mapping) else None
                return wording.pieces_of(Field(kind, "", FieldType.DATE), end)
            return self._field_pieces(kind, at)
        return (Piece(self._word(kind)),)

    def _given(self, name: str) -> str:
        return str(self._filling.values.get(name) or "")

    def _field_pieces(self, name: str, at: int) -> Pieces:
        known = self._form.field(name)
        value = self._filling.values.get(name)
        return wording.pieces_of(known, wording.one_of(value, at) if at else value)

    def _plain(self, text: str) -> str:
        return "".join(piece.text for piece in self._pieces(text, is_ruled=False))

    def _checks(self, name: str, text: str, block: Mapping[str, Any]) -> Iterator[Text]:
        known = self._form.field(name)
        chosen = self._filling.values.get(name) or ()
        if block.get("pick"):
            said = chosen if isinstance(chosen, str) and chosen else "、".join(known.choices)
            yield Text(self._pieces(text.replace(f"{{{name}}}", said)))
            return
        lines = text.split("\n")
        at = 0
        for line in lines:
            if "□" in line:
                is_chosen = at < len(known.choices) and known.choices[at] in chosen
                line = line.replace("□", "☑" if is_chosen else "□", 1)
                at += 1
            yield Text(self._pieces(f"{SPACE * 2}{line}" if block.get("column") else line))

    # ---- blanks and ruled lines ----------------------------------------------------------------------------

    def _line(self, cells: list[str], size: float = 10.5, *, is_plain: bool = False) -> Line:
        return Line(tuple(self._blank(cell, is_plain=is_plain) for cell in cells), size)

    def _blank(self, cell: str, *, is_plain: bool = False) -> Blank:
        read = _BLANK.fullmatch(cell)
        if read is None or cell.startswith(">"):
            return Blank((), (), int(cell.partition("*")[2] or 1), is_plain=True)
        name, at, share = read["field"], int(read["at"] or 1), int(read["share"] or 1)
        known = self._form.field(name) if name else None
        if read["label"] == "<":
            assert known is not None
            said = wording.printed(known, wording.one_of(self._filling.values.get(name), at))
            return Blank((), (Piece(said),) if said else wording.unruled(wording.narrow_day()), share, is_plain=True)
        least = PEN.get(known.type, PEN_ELSE) if known else 0.0
        label = self._label(known, read["label"])
        if known is None:
            return Blank(label, (), share, is_plain=True)
        value = self._value(known, at)
        if known.type in (FieldType.DATE, FieldType.PERIOD, FieldType.MOMENT) and (is_plain or not value):
            return Blank(label, self._field_pieces(name, at if known.count > 1 else 0), share, is_plain=True)
        return Blank(label, (Piece(value),) if value else (), share, least=least)

    def _value(self, known: Field, at: int) -> str:
        if not known.is_entered:
            return ""
        value = self._filling.values.get(known.key)
        return wording.printed(known, wording.one_of(value, at) if known.count > 1 else value)

    def _label(self, known: Field | None, given: str | None) -> Pieces:
        if given is not None:
            return self._pieces(given)
        assert known is not None
        return (Piece(_DECORATION.sub("", self._plain(known.label))),)

    def _ruled(self, name: str, block: Mapping[str, Any]) -> Ruled:
        known = self._form.field(name)
        return Ruled(
            label=self._plain(block.get("label", "")),
            paragraphs=wording.ended(wording.paragraphs(known, self._filling.values.get(name)), block.get("end", "")),
            lines=block["lines"],
            note=block.get("note", ""),
            is_filling=block.get("fill", False),
            size=block.get("size", 10.5),
        )

    # ---- tables --------------------------------------------------------------------------------------------

    def _row(self, row: Any) -> Row:
        if isinstance(row, Mapping):
            return Row(tuple(self._cell(each) for each in row["cells"]), float(row["height"]))
        return Row(tuple(self._cell(each) for each in row), ROW_HEIGHT)

    def _cell(self, cell: Any) -> Cell:
        if isinstance(cell, Mapping):
            return Cell(
                self._sentence_and_field(cell),
                span=cell.get("span", 1),
                heading=cell.get("label", ""),
                below=tuple(self._line(each) for each in cell.get("below", ())),
            )
        if cell == "^":
            return Cell((), is_label=True, is_merged=True)
        text, _, span = cell.partition("*")
        if text.startswith("#"):
            name = text[1:]
            said = _DECORATION.sub("", self._form.field(name).label) if self._form.has_field(name) else name
            return Cell((Piece(self._plain(said)),), int(span or 1), is_label=True)
        name, _, at = text.rstrip("]").partition("[")
        return Cell(self._written(name, int(at or 1)), int(span or 1))

    def _sentence_and_field(self, cell: Mapping[str, Any]) -> Pieces:
        """A sentence with its blanks, a field, or the one above the other."""
        said = self._pieces(cell["text"]) if "text" in cell else ()
        written = self._written(cell["field"], 1) if "field" in cell else ()
        return (*said, Piece("\n"), *written) if said and written else said or written

    def _written(self, name: str, at: int) -> Pieces:
        """A value in a table, without rules; a date that is not yet known leaves room between 年, 月 and 日."""
        known = self._form.field(name)
        if not known.is_entered:
            return ()
        value = self._filling.values.get(name)
        if known.type in (FieldType.LONG_TEXT, FieldType.ITEMS):
            return (Piece("\n".join(wording.paragraphs(known, value))),)
        said = self._value(known, at)
        if not said and known.type in (FieldType.DATE, FieldType.MOMENT):
            return wording.unruled(wording.pieces_of(known, None))
        return (Piece(said),) if said else ()

    def _list(self, name: str, block: Mapping[str, Any]) -> Grid:
        known = self._form.field(name)
        height = float(block.get("height", LIST_HEIGHT))
        given = self._filling.values.get(name) or ()
        head = Row(tuple(Cell((Piece(each),), is_label=True) for each in known.columns), LIST_HEIGHT)
        width = len(known.columns)
        rows = [
            Row(
                tuple(
                    _list_cell(str(each or ""), name, is_halved=at == block.get("halves"))
                    for at, (each, name) in enumerate(zip([*row, *[""] * width], known.columns, strict=False))
                ),
                height,
            )
            for row in given
        ]
        empty = tuple(
            _list_cell("", name, is_halved=at == block.get("halves")) for at, name in enumerate(known.columns)
        )
        rows += [Row(empty, height)] * max(0, block["least"] - len(rows))
        return Grid((head, *rows), tuple(map(float, block["widths"])), header_rows=1)


def _list_cell(said: str, column: str, *, is_halved: bool) -> Cell:
    """A cell of a list. Of one that is halved the first name stands above and the others below."""
    if is_halved:
        first, *others = [each.strip() for each in _TWO_PEOPLE.split(said, maxsplit=1)]
        return Cell((), halves=((Piece(first),), (Piece("".join(others)),)))
    return Cell((Piece(said),), is_centred=column in NARROW)


def _plainly(pieces: Pieces) -> Pieces:
    """Without rules below what is known; a blank keeps its rule."""
    return tuple(piece if piece.is_blank else Piece(piece.text) for piece in pieces)


def _without_stop(pieces: Pieces) -> Pieces:
    if not pieces or not pieces[-1].is_filled or pieces[-1].is_blank:
        return pieces
    return (*pieces[:-1], Piece(pieces[-1].text.rstrip(_STOPS), is_filled=True))
