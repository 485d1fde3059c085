"""Which enterprises are key targets and why, the share of enforcement that goes to them, and the yearly cap.

What makes a key target is data (`resources/rules/key_targets.toml`). A criterion whose status is `design` is our own
reading of the notice, and the office is asked to confirm it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from desktop.domain.deadline import RuleBook, Threshold
from desktop.domain.enterprise import RiskLevel, StandardLevel

Attributes = Mapping[str, str]
"""Risk attributes by catalogue id, in the words they are kept in."""

DUST_PEOPLE = 30
_UNTRUE = frozenset({"", "0", "false", "no", "否", "无", "没有", "不涉及", "未评估", "未创建", "n"})
_MAJOR_SOURCE = frozenset({"一级", "二级", "三级", "四级"})


@dataclass(frozen=True, slots=True)
class RiskProfile:
    """What classification needs to know of an enterprise."""

    sector: str | None = None
    attributes: Attributes = field(default_factory=dict)
    risk_level: RiskLevel | None = None
    standard_level: StandardLevel | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way to match: any of its attributes, grades or sectors is enough; with none of them it matches everyone."""

    id: str
    text: str
    source: str
    article: str
    status: str
    any_of: tuple[str, ...] = ()
    risk_levels: tuple[RiskLevel, ...] = ()
    sectors: tuple[str, ...] = ()
    level: RiskLevel | None = None
    notes: str = ""

    @property
    def needs_confirmation(self) -> bool:
        """Whether it is a reading of our own, or from memory, that the office must confirm."""
        return self.status not in ("verified", "partly")


@dataclass(frozen=True, slots=True)
class Classification:
    """What an enterprise is. `is_key` decides the share: in a focus field, with at least one of the traits."""

    is_in_focus: bool
    traits: tuple[Criterion, ...]
    targets: tuple[Criterion, ...]

    @property
    def is_key(self) -> bool:
        """Whether enforcement on it counts in the numerator of the key-target share."""
        return self.is_in_focus and bool(self.traits)

    @property
    def is_named(self) -> bool:
        """Whether it is of a kind that the notice names for severe action."""
        return bool(self.targets)

    @property
    def reasons(self) -> tuple[Criterion, ...]:
        """Every criterion that it meets, traits first, each with its source."""
        return self.traits + self.targets


@dataclass(frozen=True, slots=True, eq=False)
class KeyTargets:
    """The criteria, and the tree of sectors they refer to."""

    focus: Criterion
    traits: tuple[Criterion, ...]
    targets: tuple[Criterion, ...]
    high_risk: tuple[Criterion, ...]
    grades: tuple[Criterion, ...]
    lineages: Mapping[str, frozenset[str]]

    @classmethod
    def from_data(cls, data: Mapping[str, Any], parents: Mapping[str, str]) -> "KeyTargets":
        """The criteria of a parsed `key_targets.toml`; `parents` names the sector above each sector, "" at the top."""
        named = {key: tuple(_criterion(row) for row in data[key]) for key in ("trait", "target", "high_risk", "grade")}
        lineages = {sector: frozenset(_lineage(sector, parents)) for sector in parents}
        return cls(
            _criterion({"id": "focus", **data["focus"]}),
            named["trait"],
            named["target"],
            named["high_risk"],
            named["grade"],
            MappingProxyType(lineages),
        )

    def classify(self, profile: RiskProfile) -> Classification:
        """What the enterprise of `profile` is, and why."""
        attributes = with_derived(profile.attributes)
        return Classification(
            self._meets(self.focus, profile, attributes),
            tuple(each for each in self.traits if self._meets(each, profile, attributes)),
            tuple(each for each in self.targets if self._meets(each, profile, attributes)),
        )

    def suggested_grade(self, profile: RiskProfile) -> Criterion:
        """The grade that its risks suggest, with the reason; a suggestion of this program, not an official grading."""
        attributes = with_derived(profile.attributes)
        return next(each for each in self.grades if self._meets(each, profile, attributes))

    def is_high_risk(self, profile: RiskProfile) -> bool:
        """Whether it belongs to the 高危行业领域, which have the higher cap."""
        attributes = with_derived(profile.attributes)
        return any(self._meets(each, profile, attributes) for each in self.high_risk)

    def yearly_cap(self, profile: RiskProfile, book: RuleBook, on: date) -> Threshold | None:
        """How often it may be inspected in the year of `on` (应急〔2025〕11号); None before there was a cap."""
        field_of_risk = "high" if self.is_high_risk(profile) else "other"
        level = _CAP_LEVELS.get(profile.standard_level or StandardLevel.NONE, "未定级")
        return book.threshold_for(f"cap.{field_of_risk}.{level}", on)

    def _meets(self, criterion: Criterion, profile: RiskProfile, attributes: Attributes) -> bool:
        return (
            not (criterion.any_of or criterion.risk_levels or criterion.sectors)
            or any(_has(attributes, wanted) for wanted in criterion.any_of)
            or profile.risk_level in criterion.risk_levels
            or not self.lineages.get(profile.sector or "", _NOWHERE).isdisjoint(criterion.sectors)
        )


_NOWHERE: frozenset[str] = frozenset()


def _lineage(sector: str, parents: Mapping[str, str]) -> Iterator[str]:
    """The sector and all above it."""
    while sector:
        yield sector
        sector = parents.get(sector, "")


_CAP_LEVELS = {StandardLevel.ONE: "一级", StandardLevel.TWO: "二级", StandardLevel.THREE: "三级"}


def _criterion(row: Mapping[str, Any]) -> Criterion:
    levels = tuple(RiskLevel(level) for level in row.get("risk_levels", ()))
    level = RiskLevel(row["level"]) if "level" in row else None
    words = {key: row.get(key, "") for key in ("id", "text", "source", "article", "status", "notes")}
    return Criterion(
        **words,
        any_of=tuple(row.get("any_of", ())),
        sectors=tuple(row.get("sectors", ())),
        risk_levels=levels,
        level=level,
    )


def is_true(value: str | None) -> bool:
    """Whether an attribute kept as `value` says yes: anything but nothing, 否, 无 and the like."""
    return value is not None and value.strip().lower() not in _UNTRUE


def _has(attributes: Attributes, wanted: str) -> bool:
    """Whether the attribute `wanted` is there; `attr.x=v` asks for one value."""
    name, _, value = wanted.partition("=")
    return attributes.get(name, "").strip() == value if value else is_true(attributes.get(name))


def with_derived(attributes: Attributes) -> Attributes:
    """The attributes with those that follow from others: 两重点一重大, metal dust, and dust places by their people.

    A derived attribute that was entered by hand stays as entered when nothing says otherwise.
    """
    return {**attributes, **dict.fromkeys(_derived(attributes), "是")}


def _derived(attributes: Attributes) -> Iterator[str]:
    if is_true(attributes.get("attr.key_process")) or is_true(attributes.get("attr.key_chem")):
        yield "attr.two_key_one_major"
    if attributes.get("attr.mhi", "").strip() in _MAJOR_SOURCE:
        yield "attr.two_key_one_major"
    if "金属" in attributes.get("attr.dust_kind", ""):
        yield "attr.dust_metal"
    if _number(attributes.get("attr.dust_people", "")) >= DUST_PEOPLE:
        yield "attr.dust30"


def _number(text: str) -> int:
    digits = text.strip().removesuffix("人")
    return int(digits) if digits.isascii() and digits.isdigit() else 0


class Counting(StrEnum):
    """What an act of enforcement (执法量) is counted in; the notice does not say, so the office chooses."""

    INSPECTIONS = "inspections"
    DOCUMENTS = "documents"
    CASES = "cases"


_COUNTED = {Counting.INSPECTIONS: "检查次数", Counting.DOCUMENTS: "出具执法文书份数", Counting.CASES: "立案件数"}


@dataclass(frozen=True, slots=True)
class EnforcementAct:
    """One inspection, document or case; exempt is what the office did not choose: tips, assigned cases and the like."""

    counting: Counting
    is_key: bool
    is_exempt: bool = False


@dataclass(frozen=True, slots=True)
class KeyShare:
    """The share of enforcement on key targets. Exempt acts stand apart: in neither figure, but told beside them."""

    counting: Counting
    numerator: int
    denominator: int
    exempt_key: int = 0
    exempt: int = 0

    @property
    def share(self) -> Fraction | None:
        """The share; of nothing there is none."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def share_with_exempt(self) -> Fraction | None:
        """The share when exempt acts are counted in."""
        whole = self.denominator + self.exempt
        return Fraction(self.numerator + self.exempt_key, whole) if whole else None

    def meets(self, floor: Decimal) -> bool | None:
        """Whether the share is not below `floor`; None when there is nothing to judge."""
        return None if self.share is None else self.share >= Fraction(floor)

    @property
    def definition(self) -> str:
        """How it was counted, to print beside the figure."""
        return (
            f"重点监管执法量占比（按{_COUNTED[self.counting]}计）＝对危险化学品、冶金等工贸（含非煤矿山）、烟花爆竹领域中"
            "基础薄弱、风险较高、易群死群伤、发生过事故、多次发现问题或抗拒执法企业的执法量÷全部执法量；"
            "举报核查、交办转办等不由本单位安排的执法量单列，不计入分子分母。"
        )


def key_share(acts: Iterable[EnforcementAct], counting: Counting) -> KeyShare:
    """The share among the acts of one counting; the others are left out."""
    counted = [act for act in acts if act.counting is counting]
    chosen = [act for act in counted if not act.is_exempt]
    exempt = [act for act in counted if act.is_exempt]
    return KeyShare(
        counting, sum(act.is_key for act in chosen), len(chosen), sum(act.is_key for act in exempt), len(exempt)
    )
