"""What each kind of ledger may hold: the fields, the headings that mean them, and the words for our codes.

Read once from `resources/ledgers`; new synonyms are added there, not here.
"""

import csv
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from resources import resource


class LedgerKind(StrEnum):
    """The ledgers that are understood."""

    ENTERPRISES = "enterprises"
    HAZARDS = "hazards"
    INSPECTIONS = "inspections"
    OFFICERS = "officers"
    PERMITS = "permits"
    CASES = "cases"
    PLAN = "plan"


class FieldType(StrEnum):
    """How the cells of a field are read."""

    NAME = "name"
    TEXT = "text"
    LONG_TEXT = "long_text"
    PERSON = "person"
    PERSON_NAME = "person_name"
    PEOPLE = "people"
    PHONE = "phone"
    USCC = "uscc"
    LEGACY = "legacy"
    DATE = "date"
    DATE_PARTIAL = "date_partial"
    COUNT = "count"
    MONEY = "money"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field of a ledger. `past` marks a day that must lie behind, `tells` a field that makes the kind."""

    id: str
    label: str
    type: FieldType
    required: bool = False
    choice: str = ""
    tells: bool = False
    past: bool = False
    fragments: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindSpec:
    """A kind of ledger. `headings` gives the field that a bare heading means outright, and how far down its list."""

    kind: LedgerKind
    label: str
    required: tuple[str, ...]
    fields: Mapping[str, FieldSpec]
    headings: Mapping[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """The words for the codes of one choice: whole ones, and in order those that count when they occur."""

    words: Mapping[str, str]
    fragments: tuple[tuple[str, str, tuple[str, ...]], ...]

    def code(self, word: str) -> str | None:
        """The code that `word` (bare) means."""
        known = self.words.get(word)
        if known is not None or not word:
            return known
        fitting = (
            code for fragment, code, never in self.fragments if fragment in word and not any(n in word for n in never)
        )
        return next(fitting, None)


@dataclass(frozen=True, slots=True)
class Words:
    """What is no data: see `words.toml`."""

    nothing: frozenset[str]
    errors: frozenset[str]
    totals: tuple[str, ...]
    notes: tuple[str, ...]
    instructions: tuple[str, ...]
    plain_headings: frozenset[str] = field(default_factory=frozenset)


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BRACKETS = {"(": ")", "[": "]", "【": "】", "〔": "〕", "<": ">", "《": "》", "{": "}"}


def bare(text: str) -> str:
    """`text` reduced to what identifies a word: half width, lower case, only letters and digits."""
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).lower()
    return "".join(filter(_counts, plain))


def _counts(letter: str) -> bool:
    return letter.isalnum() or letter in "√✓×#"


def without_brackets(text: str) -> tuple[str, str]:
    """`text` without what stands in brackets, and that; a bracket left open reaches to the end."""
    plain = unicodedata.normalize("NFKC", text)
    outside: list[str] = []
    inside: list[str] = []
    waiting: list[str] = []
    for letter in plain:
        if letter in _BRACKETS:
            waiting.append(_BRACKETS[letter])
        elif waiting and letter == waiting[-1]:
            waiting.pop()
        else:
            (inside if waiting else outside).append(letter)
    return "".join(outside), "".join(inside)


@cache
def kinds() -> Mapping[LedgerKind, KindSpec]:
    """Every kind of ledger, as the resources describe it."""
    told = _toml("headings.toml")
    return {kind: _kind(kind, told[kind.value]) for kind in LedgerKind}


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(resource(f"ledgers/{name}").read_text("utf-8"))


def _kind(kind: LedgerKind, told: dict[str, Any]) -> KindSpec:
    required = tuple(told["required"])
    fields = {key: _field(key, value, key in required) for key, value in told["fields"].items()}
    headings: dict[str, tuple[str, int]] = {}
    for key, value in told["fields"].items():
        for rank, heading in enumerate(value["is"]):
            headings.setdefault(bare(heading), (key, rank))
    return KindSpec(kind, told["label"], required, fields, headings)


def _field(key: str, told: dict[str, Any], required: bool) -> FieldSpec:
    return FieldSpec(
        id=key,
        label=told["label"],
        type=FieldType(told["type"]),
        required=required,
        choice=told.get("choice", ""),
        tells=told.get("tells", False),
        past=told.get("past", False),
        fragments=tuple(tuple(fragment.split("&")) for fragment in told.get("has", ())),
        never=tuple(told.get("never", ())),
    )


@cache
def choice(name: str) -> Choice:
    """The words for the codes of `name` (``"risk_grade"``); those for sectors include the catalogue's own."""
    told = _toml("choices.toml")[name]
    words: dict[str, str] = {}
    fragments: list[tuple[str, str, tuple[str, ...]]] = []
    for entry in told:
        for word in (entry["code"], *entry["is"]):
            words.setdefault(bare(word), entry["code"])
        never = tuple(entry.get("never", ()))
        fragments += [(fragment, entry["code"], never) for fragment in entry.get("has", ())]
    if name == "sector":
        words |= _catalogue_sectors()
    return Choice(words, tuple(fragments))


def _catalogue_sectors() -> dict[str, str]:
    lines = resource("catalogs/sectors.csv").read_text("utf-8-sig").splitlines()
    return {bare(row["text"]): row["id"] for row in csv.DictReader(lines)}


@cache
def words() -> Words:
    """The words that are no data."""
    told = _toml("words.toml")
    return Words(
        nothing=frozenset(told["nothing"]) | {word.upper() for word in told["nothing"]},
        errors=frozenset(told["errors"]),
        totals=tuple(bare(word) for word in told["totals"]),
        notes=tuple(told["notes"]),
        instructions=tuple(told["instructions"]),
        plain_headings=frozenset(bare(word) for word in told["plain_headings"]),
    )
