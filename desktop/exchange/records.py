"""The records of a package as Frictionless tables: what columns there are, and how rows become CSV and rows again.

UTF-8, LF, rows by key, columns in the order of `resources/schemas/records.toml`. Personal numbers are masked before
they get here (`masked`), and a text cell never begins with a character that a spreadsheet would run as a formula: it
gets a leading apostrophe, which reading takes off again.
"""

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import Any

from desktop.domain.cell import APOSTROPHE, clean, neutral, plain
from desktop.domain.statistics import Figure, Row
from resources import resource

WHOLE = "all"
"""How the whole period is written in `figures.csv`, where a key may not be empty."""

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?")


class FieldType(StrEnum):
    """The kinds of value, as Frictionless names them."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Field:
    """One column."""

    name: str
    type: FieldType
    title: str
    description: str = ""
    unit: str = ""
    required: bool = False
    refers: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, its key, and whose ids they hold."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("id",)

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return [each.name for each in self.fields]

    def word(self, column: str, code: Any) -> str:
        """A code as people read it."""
        found = next((each for each in self.fields if each.name == column), None)
        return str(code or "") if found is None else found.words.get(str(code), str(code or ""))


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a table: the line as a text editor counts it (1 is the heading), the column, and what."""

    line: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is called, its unit, and how it is counted."""

    title: str
    unit: str
    text: str


@cache
def tables() -> Mapping[str, Table]:
    """All tables, in the order of the package."""
    data = tomllib.loads(resource("schemas/records.toml").read_text(encoding="utf-8"))
    return {row["name"]: _table(row) for row in data["table"]}


@cache
def schema_version() -> int:
    """The version of the tables; raised when a column is appended."""
    data = tomllib.loads(resource("schemas/records.toml").read_text(encoding="utf-8"))
    return int(data["version"])


def _table(row: Mapping[str, Any]) -> Table:
    fields = tuple(Field(**{**each, "type": FieldType(each["type"])}) for each in row["fields"])
    return Table(row["name"], row["title"], row["description"], fields, tuple(row.get("key", ("id",))))


@cache
def definitions() -> Mapping[str, Definition]:
    """The titles and definitions of all figures."""
    data = tomllib.loads(resource("report/figures.toml").read_text(encoding="utf-8"))
    return {code: Definition(*words) for code, words in data["figure"].items()}


@cache
def part_names() -> Mapping[str, str]:
    """What the parts of a figure are called: the fields, last year, and the months."""
    data = tomllib.loads(resource("report/figures.toml").read_text(encoding="utf-8"))
    return {**data["parts"], **{f"m{month:02d}": f"{month}月" for month in range(1, 13)}}


# ---- rows to CSV -------------------------------------------------------------------------------------------


def normal(table: Table, row: Row) -> dict[str, Any]:
    """A row with exactly the table's columns, as it reads after a round trip through CSV."""
    return {each.name: _normal(each, row.get(each.name)) for each in table.fields}


def _normal(column: Field, value: Any) -> Any:
    if value is None or value == "":
        return "" if column.type is FieldType.STRING else None
    match column.type:
        case FieldType.STRING:
            return clean(str(value))
        case FieldType.BOOLEAN:
            return bool(value)
        case FieldType.DATE:
            return str(value)[:10]
        case _:
            return value


def to_csv(table: Table, rows: Iterable[Row]) -> bytes:
    """The table as a CSV file, rows in the order of its key."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    for row in sorted(rows, key=lambda row: tuple(row[name] for name in table.key)):
        writer.writerow([cell_text(each, row[each.name]) for each in table.fields])
    return text.getvalue().encode("utf-8")


def cell_text(column: Field, value: Any) -> str:
    """A value as it stands in a CSV file."""
    if value is None:
        return ""
    if column.type is FieldType.STRING:
        return neutral(value)
    if column.type is FieldType.BOOLEAN:
        return "true" if value else "false"
    return str(value)


# ---- CSV to rows -------------------------------------------------------------------------------------------


def from_csv(table: Table, content: bytes) -> tuple[list[dict[str, Any]], list[CellFault]]:
    """The rows of a CSV file, and every cell that is not what the table says. Later columns may be unknown here."""
    try:
        text = content.decode("utf-8")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        return [], [CellFault(1, "", "encoding")]
    except csv.Error as error:
        return [], [CellFault(1, "", "csv", str(error))]
    if not lines or lines[0][: len(table.fields)] != table.names:
        return [], [CellFault(1, "", "columns", "、".join(lines[0][:8]) if lines else "")]
    return _rows(table, lines)


def _rows(table: Table, lines: Sequence[Sequence[str]]) -> tuple[list[dict[str, Any]], list[CellFault]]:
    rows: list[dict[str, Any]] = []
    faults: list[CellFault] = []
    seen: set[tuple[Any, ...]] = set()
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(lines[0]):
            faults.append(CellFault(number, "", "width"))
            continue
        row, found = _row(table, line, number)
        key = tuple(row[name] for name in table.key)
        if key in seen:
            found.append(CellFault(number, table.key[0], "duplicate_key", str(key[0])))
        seen.add(key)
        rows.append(row)
        faults.extend(found)
    return rows, faults


def _row(table: Table, line: Sequence[str], number: int) -> tuple[dict[str, Any], list[CellFault]]:
    row: dict[str, Any] = {}
    faults = []
    for column, cell in zip(table.fields, line, strict=False):
        code, value = _read(column, cell)
        row[column.name] = value
        if code:
            faults.append(CellFault(number, column.name, code, cell[:60]))
    return row, faults


def _read(column: Field, cell: str) -> tuple[str, Any]:
    if cell == "":
        empty = "" if column.type is FieldType.STRING else None
        return ("required" if column.required else ""), empty
    try:
        value = _READERS[column.type](cell)
    except (ValueError, InvalidOperation):
        return "type", None
    if column.words and value not in column.words:
        return "enum", value
    return "", value


def _read_text(cell: str) -> str:
    if neutral(cell) != cell and not cell.startswith(APOSTROPHE):
        raise ValueError("a cell that a spreadsheet would run")
    return plain(cell)


def _read_whole(cell: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(cell):
        raise ValueError(cell)
    return int(cell)


def _read_number(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell):
        raise ValueError(cell)
    return Decimal(cell)


def _read_boolean(cell: str) -> bool:
    return {"true": True, "false": False}[cell] if cell in ("true", "false") else _not_a_boolean(cell)


def _not_a_boolean(cell: str) -> bool:
    raise ValueError(cell)


def _read_date(cell: str) -> str:
    if date.fromisoformat(cell).isoformat() != cell:
        raise ValueError(cell)
    return cell


_READERS: Mapping[FieldType, Any] = {
    FieldType.STRING: _read_text,
    FieldType.INTEGER: _read_whole,
    FieldType.NUMBER: _read_number,
    FieldType.BOOLEAN: _read_boolean,
    FieldType.DATE: _read_date,
}


def broken_links(records: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, CellFault]]:
    """Each cell that holds an id which its table does not have; the line is that of the sorted file."""
    known = {name: {row["id"] for row in rows} for name, rows in records.items() if name != "figures"}
    for name, rows in records.items():
        for column in (each for each in tables()[name].fields if each.refers):
            for number, row in enumerate(rows, start=2):
                value = row[column.name]
                if value is not None and value not in known.get(column.refers, ()):
                    yield name, CellFault(number, column.name, "foreign_key", str(value))


# ---- figures -----------------------------------------------------------------------------------------------


def figure_rows(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """The figures as rows of `figures.csv`, with title and definition."""
    return [_figure_row(figure) for figure in figures]


def _figure_row(figure: Figure) -> dict[str, Any]:
    told = definitions()[figure.code]
    part = figure.part or WHOLE
    title = told.title if part == WHOLE else f"{told.title}（{part_names()[part]}）"
    return {
        "code": figure.code,
        "part": part,
        "title": title,
        "unit": told.unit,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "definition": told.text,
    }


# ---- the data package --------------------------------------------------------------------------------------


def datapackage(files: Mapping[str, bytes], office: Mapping[str, Any]) -> bytes:
    """`datapackage.json` for these CSV files (by table name); `office` says whose, which year and cut-off."""
    package = {
        "profile": "tabular-data-package",
        "name": f"townsafe-{office['office_code'] or 'office'}-{office['year']}".lower(),
        "title": f"{office['office']}{office['year']}年度安全生产执法数据",
        "description": "镇（园区）安监所年度执法记录。文本单元格若以公式字符开头，前面加有一个半角撇号，读取时去掉。",
        "version": str(schema_version()),
        "townsafe": dict(office),
        "resources": [_resource(tables()[name], content) for name, content in files.items()],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "profile": "tabular-data-resource",
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    links = [
        {"fields": [each.name], "reference": {"resource": each.refers, "fields": ["id"]}}
        for each in table.fields
        if each.refers
    ]
    return {
        "fields": [_field(each) for each in table.fields],
        "primaryKey": list(table.key),
        **({"foreignKeys": links} if links else {}),
        "missingValues": [""],
    }


def _field(column: Field) -> dict[str, Any]:
    words = "；".join(f"{code} {word}" for code, word in column.words.items())
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.words:
        constraints["enum"] = list(column.words)
    described = "。".join(text for text in (column.description, words) if text)
    return {
        "name": column.name,
        "type": column.type.value,
        "title": column.title,
        **({"description": described} if described else {}),
        **({"unit": column.unit} if column.unit else {}),
        **({"constraints": constraints} if constraints else {}),
    }
