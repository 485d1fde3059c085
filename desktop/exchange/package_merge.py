"""Adds up the verified packages of many offices: totals, what replaced what, and enterprises that two towns report.

The order of the packages has no part in the result, and a package given twice counts once. A package that does not
verify is left out and named; nothing of it is added to anything.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.domain.cell import neutral
from desktop.domain.statistics import Figure, Unit
from desktop.exchange.package_verify import Fault, Verified
from desktop.exchange.records import Table, cell_text, definitions, part_names, tables


@dataclass(frozen=True, slots=True)
class Member:
    """A package that takes part, and whose it is."""

    office_code: str
    office: str
    county: str
    year: int
    cut_off: str
    sequence: int
    sha256: str
    file: str
    signed_by: str
    package: Verified

    @property
    def identity(self) -> tuple[str, int]:
        """The office and the year: of these only the latest package counts."""
        return self.office_code or self.office, self.year

    @property
    def age(self) -> tuple[str, int, str]:
        """What makes one package later than another: cut-off, then the journal, then its own hash."""
        return self.cut_off, self.sequence, self.sha256


@dataclass(frozen=True, slots=True)
class Rejected:
    """A package that was left out, and why."""

    file: str
    sha256: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A figure that a later package changed."""

    code: str
    part: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """An earlier package of the same office and year, and what the later one changed."""

    office: str
    year: int
    earlier: str
    later: str
    differences: tuple[FigureDifference, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """An enterprise that more than one town reports in a year: found by code, or by name and address."""

    year: int
    by: str
    key: str
    names: tuple[str, ...]
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """The whole. `totals` are by year; distinct enterprises are added up, see `shared` for those counted twice."""

    members: tuple[Member, ...]
    rejected: tuple[Rejected, ...]
    replaced: tuple[Replaced, ...]
    shared: tuple[Shared, ...]
    totals: Mapping[int, tuple[Figure, ...]]

    @property
    def is_good(self) -> bool:
        """Whether every package could be added."""
        return not self.rejected


def merge(packages: Iterable[Verified]) -> Merged:
    """Add the packages up."""
    unique = {each.sha256: each for each in sorted(packages, key=lambda each: (each.sha256, each.path))[::-1]}
    good = [_member(each) for each in unique.values() if each.is_good]
    bad = [Rejected(each.path, each.sha256, each.faults) for each in unique.values() if not each.is_good]
    chosen, replaced = _latest(good)
    return Merged(
        tuple(chosen),
        tuple(sorted(bad, key=lambda each: (each.file, each.sha256))),
        tuple(replaced),
        tuple(_shared(chosen)),
        {year: tuple(_totals(chosen, year)) for year in sorted({each.year for each in chosen})},
    )


def _member(package: Verified) -> Member:
    told = package.facts
    number = told.get("TownSafe-Journal-Entry", "0")
    return Member(
        told.get("TownSafe-Office-Code", ""),
        told["Source-Organization"],
        told.get("TownSafe-County", ""),
        int(told["TownSafe-Year"]),
        told["TownSafe-Cut-Off"],
        int(number[:18]) if number.isdecimal() else 0,
        package.sha256,
        package.path,
        package.signed_by,
        package,
    )


def _latest(members: Iterable[Member]) -> tuple[list[Member], list[Replaced]]:
    """The latest package of each office and year, and how it differs from each earlier one."""
    groups: dict[tuple[str, int], list[Member]] = defaultdict(list)
    for member in members:
        groups[member.identity].append(member)
    chosen, replaced = [], []
    for identity in sorted(groups):
        ordered = sorted(groups[identity], key=lambda each: each.age)
        chosen.append(ordered[-1])
        replaced += [_replaced(earlier, ordered[-1]) for earlier in ordered[:-1]]
    return chosen, replaced


def _replaced(earlier: Member, later: Member) -> Replaced:
    return Replaced(
        later.office, later.year, earlier.file, later.file, tuple(_differences(earlier.package, later.package))
    )


def _differences(earlier: Verified, later: Verified) -> Iterator[FigureDifference]:
    before = {(figure.code, figure.part): figure.text for figure in earlier.figures}
    after = {(figure.code, figure.part): figure.text for figure in later.figures}
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield FigureDifference(*key, figure_title(*key), before.get(key, "—"), after.get(key, "—"))


def figure_title(code: str, part: str) -> str:
    """A figure as people call it."""
    title = definitions()[code].title
    return f"{title}（{part_names()[part]}）" if part else title


def _totals(members: Sequence[Member], year: int) -> Iterator[Figure]:
    """Counts and money are added; a share is the added parts over the added wholes, never a mean of shares."""
    added: dict[tuple[str, str], tuple[Unit, int, int | None]] = {}
    for figure in (figure for member in members if member.year == year for figure in member.package.figures):
        unit, numerator, denominator = added.get((figure.code, figure.part), (figure.unit, 0, None))
        whole = None if figure.denominator is None else (denominator or 0) + figure.denominator
        added[(figure.code, figure.part)] = (unit, numerator + figure.numerator, whole)
    for (code, part), (unit, numerator, denominator) in added.items():
        yield Figure(code, part, unit, numerator, denominator)


def _shared(members: Sequence[Member]) -> Iterator[Shared]:
    """Enterprises that several offices of one year hold: by code where there is one, else by name and address."""
    found: dict[tuple[int, str, str], dict[str, str]] = defaultdict(dict)
    for member in members:
        for row in member.package.records["enterprises"]:
            if not row["archived_on"]:
                found[(member.year, *_key(row))][member.office] = row["name"]
    for (year, by, key), names in sorted(found.items()):
        if len(names) > 1:
            yield Shared(year, by, key, tuple(sorted(set(names.values()))), tuple(sorted(names)))


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["uscc"]:
        return "uscc", row["uscc"]
    return "name", f"{_letters(row['name'])}|{_letters(row['address'])}"


def _letters(text: str) -> str:
    """Names and addresses are compared without spaces and brackets of either width."""
    return "".join(text.split()).replace("（", "(").replace("）", ")").casefold()


# ---- the records of all ------------------------------------------------------------------------------------

OWNER = ("office_code", "office", "year")


def record_files(merged: Merged) -> dict[str, bytes]:
    """Every table with its owner's columns in front, by file name; ids are unique only together with them."""
    return {f"{name}.csv": _records(merged, table) for name, table in tables().items()}


def _records(merged: Merged, table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*OWNER, *table.names])
    for member in merged.members:
        owner = [neutral(member.office_code), neutral(member.office), str(member.year)]
        for row in member.package.records[table.name]:
            writer.writerow([*owner, *(cell_text(column, row[column.name]) for column in table.fields)])
    return text.getvalue().encode("utf-8")
