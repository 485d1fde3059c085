"""What can be chosen: sectors, risk attributes, classes of industry, regions, kinds of permit, villages in use.

The lists are shipped as data (`resources/catalogs`) and read when first asked for; only villages and tags come from
the office's own records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from db.glance import Glance
from desktop.domain.enterprise import Choices, RiskLevel
from desktop.services.shipped import catalogue
from desktop.services.stored import day_of

if TYPE_CHECKING:
    from desktop.domain.permit import PermitKind

# Kinds of the validity catalogue that are papers with an expiry. The others are periods of training and drills.
_PAPERS = frozenset(
    {"特种作业操作证", "考核合格证", "许可证", "评价", "标准化", "保险", "特种设备", "检测", "人员资格", "登记"}
)
# What must be done again or once, without a paper that ends: drills, plans, assessments, reports, training.
_DUTIES = frozenset({"预案", "演练", "重大危险源", "风险报告", "企业自查", "风险辨识", "培训", "评估"})
_NOT_OF_ENTERPRISES = frozenset({"VL-07", "VL-19"})  # each new worker's own; the township's own
# What has a field of its own on the enterprise, or follows from other attributes, is not asked for a second time.
_OWN_FIELDS = frozenset({"attr.staff", "attr.size", "attr.risk_grade", "attr.std_grade"})
_YES_NO = ("是", "否")
_UNIT_MONTHS = {"年": 12, "月": 1}


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of supervision in its tree; `is_focus` as the bureau's notice names it."""

    id: str
    label: str
    parent: str
    depth: int
    is_focus: bool
    regulator: str
    status: str


@dataclass(frozen=True, slots=True)
class RiskAttribute:
    """A risk attribute: how it is answered (bool, enum, multi, int …) and what may be answered."""

    id: str
    label: str
    category: str
    type: str
    values: tuple[str, ...]
    sectors: tuple[str, ...]
    is_derived: bool
    note: str

    @property
    def is_closed(self) -> bool:
        """Whether only the listed values may be given."""
        return self.type in ("bool", "enum") and bool(self.values)


@dataclass(frozen=True, slots=True)
class Grade:
    """A risk grade with its official name, its colour word and its rank: 4 is the gravest."""

    level: RiskLevel
    label: str
    colour: str
    rank: int


@dataclass(frozen=True, slots=True)
class Industry:
    """A section or division of GB/T 4754, with the sector that is usually meant."""

    id: str
    code: str
    label: str
    section: str
    default_sector: str


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative region with its statistical code."""

    id: str
    label: str
    level: str
    code: str
    parent: str


_GRADE_CODES = {"红": RiskLevel.RED, "橙": RiskLevel.ORANGE, "黄": RiskLevel.YELLOW, "蓝": RiskLevel.BLUE}


class Catalogue:
    """The lists to choose from, each in its shipped order."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"enterprise", "enterprise_tag"})

    def __init__(self, glance: Glance) -> None:
        self._glance = glance

    # ---- sectors -------------------------------------------------------------------------------------------

    @cached_property
    def sectors(self) -> Mapping[str, Sector]:
        """Every sector by its id, parents before their children."""
        rows = {row["id"]: row for row in catalogue("sectors")}
        found: dict[str, Sector] = {}

        def add_below(parent: str, depth: int) -> None:
            for row in rows.values():
                # A sector whose parent is not a row of its own (`sector.other`) stands at the top.
                above = row["parent"] if row["parent"] in rows else ""
                if above == parent:
                    found[row["id"]] = Sector(
                        row["id"], row["text"], above, depth, row["seed_focus"] == "是", row["regulator"], row["status"]
                    )
                    add_below(row["id"], depth + 1)

        add_below("", 0)
        return found

    def sector_label(self, sector: str | None) -> str:
        """The name of a sector; nothing chosen has none."""
        known = self.sectors.get(sector or "")
        return known.label if known else ""

    def with_below(self, sectors: frozenset[str]) -> frozenset[str]:
        """These sectors and all below them."""
        found: set[str] = set(sectors)
        for sector in self.sectors.values():
            if sector.parent in found:
                found.add(sector.id)
        return frozenset(found)

    # ---- risk attributes and grades ------------------------------------------------------------------------

    @cached_property
    def attributes(self) -> Mapping[str, RiskAttribute]:
        """Every risk attribute that is kept as such, by its id."""
        rows = [_attribute(row) for row in catalogue("risk_attributes") if row["id"] not in _OWN_FIELDS]
        return {row.id: row for row in rows}

    def attributes_for(self, sector: str | None) -> list[RiskAttribute]:
        """The attributes to ask an enterprise of this sector for: its own and the general ones."""
        lineage: set[str] = set()
        known = self.sectors.get(sector or "")
        while known is not None:
            lineage.add(known.id)
            known = self.sectors.get(known.parent)
        return [each for each in self.attributes.values() if not each.sectors or lineage.intersection(each.sectors)]

    @cached_property
    def grades(self) -> Mapping[RiskLevel, Grade]:
        """The four risk grades, the gravest first."""
        return {
            _GRADE_CODES[row["colour"]]: Grade(
                _GRADE_CODES[row["colour"]], row["text"], row["colour"], int(row["rank"])
            )
            for row in catalogue("risk_grades")
        }

    # ---- industry, size, region ----------------------------------------------------------------------------

    @cached_property
    def industries(self) -> Mapping[str, Industry]:
        """Sections and divisions of GB/T 4754 by their id."""
        return {
            row["id"]: Industry(
                row["id"],
                row["division"] or row["section"],
                row["text"],
                row["section"] or row["parent_section"],
                row["default_sector"],
            )
            for row in catalogue("industry_gbt4754")
        }

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """Cities, counties and townships with the codes in force."""
        return tuple(
            Region(row["id"], row["text"], row["level"], row["code"], row["parent"])
            for row in catalogue("regions")
            if not row["in_force_to"]
        )

    @cached_property
    def size_rules(self) -> tuple[Mapping[str, str], ...]:
        """The lower limits of 大型、中型、小型 by industry and measure, as the catalogue gives them."""
        return catalogue("enterprise_size")

    # ---- permits -------------------------------------------------------------------------------------------

    @cached_property
    def permit_kinds(self) -> "Mapping[str, PermitKind]":
        """Permits, certificates and recurring duties, by the id of the validity catalogue; `other` is the last."""
        from desktop.domain.permit import OTHER, PermitKind

        kinds = [
            _permit_kind(row)
            for row in catalogue("validity")
            if row["category"] in _PAPERS | _DUTIES and row["id"] not in _NOT_OF_ENTERPRISES
        ]
        return {kind.id: kind for kind in [*kinds, PermitKind(OTHER, "其他证照", "其他")]}

    def permit_label(self, kind: str) -> str:
        """The name of a kind of permit."""
        return self.permit_kinds[kind].label if kind in self.permit_kinds else kind

    @cached_property
    def trades(self) -> tuple[str, ...]:
        """The trades 工种 of the special-operations catalogue."""
        return tuple(row["text"] for row in catalogue("special_operations"))

    # ---- what the office uses ------------------------------------------------------------------------------

    def villages(self) -> list[str]:
        """Villages and communities of the roster, most used first."""
        return self._words("SELECT village FROM enterprise WHERE village <> '' GROUP BY 1 ORDER BY COUNT(*) DESC, 1")

    def tags(self) -> list[str]:
        """Tags in use, most used first."""
        return self._words("SELECT tag FROM enterprise_tag GROUP BY 1 ORDER BY COUNT(*) DESC, 1")

    def _words(self, sql: str) -> list[str]:
        with self._glance.look() as connection:
            return [str(row[0]) for row in connection.execute(sql)]

    @cached_property
    def choices(self) -> Choices:
        """The ids that a draft of an enterprise may name."""
        attributes = {
            each.id: frozenset(each.values) if each.is_closed else frozenset() for each in self.attributes.values()
        }
        return Choices(frozenset(self.sectors), frozenset(self.industries), attributes)


def _attribute(row: Mapping[str, str]) -> RiskAttribute:
    is_derived = "推出" in row["values"]
    kind = row["data_type"]
    listed = tuple(row["values"].split("|")) if "|" in row["values"] else ()
    if row["values"].endswith(".csv"):
        listed = tuple(each["text"] for each in catalogue(row["values"].removesuffix(".csv")))
    return RiskAttribute(
        row["id"],
        row["text"],
        row["category"],
        kind,
        _YES_NO if kind == "bool" else listed,
        tuple(filter(None, row["sectors"].split(";"))),
        is_derived,
        row["note"],
    )


def _permit_kind(row: Mapping[str, str]) -> "PermitKind":
    from desktop.domain.permit import PermitKind, PermitNature  # with the rules of time, which no list needs

    value, remind, unit = row["value"], row["remind_before"], row["unit"]
    nature = PermitNature.PAPER
    if row["category"] in _DUTIES:
        nature = PermitNature.ONCE if value and unit not in _UNIT_MONTHS else PermitNature.RECURRING
    return PermitKind(
        row["id"],
        row["text"].removesuffix("有效期"),
        row["category"],
        int(value) * _UNIT_MONTHS[row["unit"]] if value and row["unit"] in _UNIT_MONTHS else None,
        int(remind) if remind and row["remind_unit"] == "月" else None,
        int(remind) if remind and row["remind_unit"] == "日" else None,
        row["rule"],
        row["source"],
        row["status"],
        nature,
        int(value) if value and unit == "日" else None,
        int(value) if value and unit == "工作日" else None,
        row["article"],
        day_of(row["in_force_from"]),
        day_of(row["in_force_to"]),
        row["note"],
    )
