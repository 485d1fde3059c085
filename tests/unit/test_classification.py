"""Key targets, their share, suggested grades and the yearly cap."""

import csv
import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from desktop.domain.classification import (
    Counting,
    EnforcementAct,
    KeyShare,
    KeyTargets,
    RiskProfile,
    is_true,
    key_share,
    with_derived,
)
from desktop.domain.deadline import RuleBook
from desktop.domain.enterprise import RiskLevel, StandardLevel
from resources import resource


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(resource(f"catalogs/{name}.csv").read_text("utf-8").splitlines()))


DATA = tomllib.loads(resource("rules/key_targets.toml").read_text("utf-8"))
SECTORS = {row["id"]: row for row in rows("sectors")}
TARGETS = KeyTargets.from_data(DATA, {key: row["parent"] for key, row in SECTORS.items()})


def an_enterprise(
    sector: str | None = "sector.gm.jx",
    risk: RiskLevel | None = None,
    standard: StandardLevel | None = None,
    **attributes: str,
) -> RiskProfile:
    return RiskProfile(sector, {f"attr.{name}": value for name, value in attributes.items()}, risk, standard)


def traits(profile: RiskProfile) -> list[str]:
    return [trait.id for trait in TARGETS.classify(profile).traits]


@pytest.mark.parametrize("sector", SECTORS)
def test_the_fields_of_the_notice_are_the_sectors_marked_so(sector: str) -> None:
    assert TARGETS.classify(an_enterprise(sector)).is_in_focus == (SECTORS[sector]["seed_focus"] == "是")


def test_every_name_in_the_criteria_is_in_the_catalogues() -> None:
    known = {row["id"] for row in rows("risk_attributes")}
    criteria = [TARGETS.focus, *TARGETS.traits, *TARGETS.targets, *TARGETS.high_risk, *TARGETS.grades]
    assert {name.partition("=")[0] for each in criteria for name in each.any_of} <= known
    assert {name for each in criteria for name in each.sectors} <= set(SECTORS)
    assert all(each.source and each.status in ("verified", "recalled", "design") for each in criteria)


@pytest.mark.parametrize(
    ("profile", "trait"),
    [
        (an_enterprise(weak="是"), "weak"),
        (an_enterprise(risk=RiskLevel.RED), "high_risk"),
        (an_enterprise(risk=RiskLevel.ORANGE), "high_risk"),
        (an_enterprise(deepcast="true"), "mass_casualty"),
        (an_enterprise(dust_people="30"), "mass_casualty"),
        (an_enterprise("sector.hc.prod", key_process="KP-03"), "mass_casualty"),
        (an_enterprise(accident="1"), "accident"),
        (an_enterprise(many_problems="是"), "many_problems"),
        (an_enterprise(resist="是"), "resist"),
    ],
)
def test_each_trait_makes_a_key_target_of_a_focus_field(profile: RiskProfile, trait: str) -> None:
    found = TARGETS.classify(profile)
    assert [each.id for each in found.traits] == [trait]
    assert found.is_key
    assert all(each.source and each.article for each in found.reasons)


@pytest.mark.parametrize(
    "profile",
    [
        an_enterprise(),
        an_enterprise(risk=RiskLevel.YELLOW),
        an_enterprise(weak="否"),
        an_enterprise(dust_people="29"),
        an_enterprise(mhi="无"),
        an_enterprise(complaint="是"),
        an_enterprise("sector.other.ship", accident="是"),
        an_enterprise(None, accident="是"),
        an_enterprise("unknown", resist="是"),
    ],
)
def test_without_a_trait_or_outside_the_fields_it_is_no_key_target(profile: RiskProfile) -> None:
    assert not TARGETS.classify(profile).is_key


@pytest.mark.parametrize(
    ("profile", "target"),
    [
        (an_enterprise("sector.gm.ys", deepcast="是"), "deep_casting"),
        (an_enterprise("sector.gm.yj", gas="是"), "gas_or_molten_metal"),
        (an_enterprise("sector.gm.yj", molten="是"), "gas_or_molten_metal"),
        (an_enterprise(dust_kind="金属（铝镁等）"), "explosive_dust"),
        (an_enterprise("sector.gm.qg", dust_kind="木", dust_people="45人"), "explosive_dust"),
        (an_enterprise("sector.hc.prod", mhi="三级"), "two_key_one_major"),
        (an_enterprise("sector.hc.use", key_chem="KC-1-01"), "two_key_one_major"),
        (an_enterprise("sector.other.ship", complaint="是"), "accidents_and_tips"),
    ],
)
def test_the_enterprises_that_the_notice_names(profile: RiskProfile, target: str) -> None:
    found = TARGETS.classify(profile)
    assert ([each.id for each in found.targets], found.is_named) == ([target], True)


def test_our_own_readings_ask_for_confirmation() -> None:
    assert {each.id for each in TARGETS.traits if each.needs_confirmation} == {"high_risk", "mass_casualty"}
    assert not any(each.needs_confirmation for each in TARGETS.targets)


def test_derived_attributes_follow_from_what_was_entered() -> None:
    assert with_derived({"attr.dust_people": "30"})["attr.dust30"] == "是"
    assert "attr.dust30" not in with_derived({"attr.dust_people": "29"})
    assert "attr.dust_metal" not in with_derived({"attr.dust_kind": "木"})
    assert with_derived({"attr.mhi": "四级"})["attr.two_key_one_major"] == "是"
    assert "attr.two_key_one_major" not in with_derived({"attr.mhi": "无", "attr.key_process": ""})


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        ("是", True),
        ("1", True),
        ("true", True),
        ("KP-01|KP-02", True),
        ("否", False),
        ("0", False),
        ("False", False),
        ("无", False),
        (" ", False),
        (None, False),
    ],
)
def test_yes_and_no_as_people_keep_them(value: str | None, truth: bool) -> None:
    assert is_true(value) is truth


@pytest.mark.parametrize(
    ("profile", "level"),
    [
        (an_enterprise("sector.hc.prod", mhi="一级"), RiskLevel.RED),
        (an_enterprise("sector.hc.prod", mhi="三级"), RiskLevel.ORANGE),
        (an_enterprise(deepcast="是"), RiskLevel.ORANGE),
        (an_enterprise(confined="是"), RiskLevel.YELLOW),
        (an_enterprise("sector.fw.retail_temp"), RiskLevel.YELLOW),
        (an_enterprise(), RiskLevel.BLUE),
        (an_enterprise(None), RiskLevel.BLUE),
    ],
)
def test_the_gravest_risk_suggests_the_grade(profile: RiskProfile, level: RiskLevel) -> None:
    assert TARGETS.suggested_grade(profile).level is level


@pytest.mark.parametrize(
    ("profile", "cap"),
    [
        (an_enterprise("sector.hc.prod", standard=StandardLevel.ONE), 2),
        (an_enterprise("sector.hc.prod", standard=StandardLevel.TWO), 4),
        (an_enterprise("sector.mine.open", standard=StandardLevel.THREE), 8),
        (an_enterprise("sector.fw.wholesale"), 12),
        (an_enterprise("sector.gm.yj", smelt="是"), 12),
        (an_enterprise(standard=StandardLevel.ONE), 1),
        (an_enterprise(standard=StandardLevel.TWO), 2),
        (an_enterprise(standard=StandardLevel.THREE), 4),
        (an_enterprise(standard=StandardLevel.MICRO), 6),
        (an_enterprise(standard=StandardLevel.NONE), 6),
    ],
)
def test_the_yearly_cap_by_field_and_standardisation(profile: RiskProfile, cap: int, book: RuleBook) -> None:
    threshold = TARGETS.yearly_cap(profile, book, date(2026, 6, 1))
    assert threshold is not None
    assert threshold.value == cap
    assert TARGETS.yearly_cap(profile, book, date(2024, 12, 31)) is None


def acts(counting: Counting, key: int, other: int, exempt_key: int = 0, exempt_other: int = 0) -> list[EnforcementAct]:
    return [
        *[EnforcementAct(counting, True)] * key,
        *[EnforcementAct(counting, False)] * other,
        *[EnforcementAct(counting, True, True)] * exempt_key,
        *[EnforcementAct(counting, False, True)] * exempt_other,
    ]


def test_the_share_is_counted_three_ways_with_exempt_acts_apart() -> None:
    all_acts = acts(Counting.INSPECTIONS, 8, 2, 1, 4) + acts(Counting.DOCUMENTS, 3, 1) + acts(Counting.CASES, 0, 1)
    shares = {counting: key_share(all_acts, counting) for counting in Counting}
    assert shares[Counting.INSPECTIONS] == KeyShare(Counting.INSPECTIONS, 8, 10, 1, 5)
    assert [shares[counting].share for counting in Counting] == [Fraction(4, 5), Fraction(3, 4), Fraction(0)]
    assert shares[Counting.INSPECTIONS].share_with_exempt == Fraction(9, 15)


def test_exactly_the_floor_is_enough_and_nothing_is_not_judged(book: RuleBook) -> None:
    floor = book.thresholds["key_share"].value
    assert floor == Decimal("0.8")
    assert KeyShare(Counting.CASES, 4, 5).meets(floor) is True
    assert KeyShare(Counting.CASES, 799, 1000).meets(floor) is False
    assert KeyShare(Counting.CASES, 0, 0).meets(floor) is None
    assert KeyShare(Counting.CASES, 0, 0).share is None


def test_the_definition_says_what_was_counted() -> None:
    definitions = {KeyShare(counting, 0, 0).definition for counting in Counting}
    assert len(definitions) == 3
    assert all("重点监管执法量占比" in text for text in definitions)
