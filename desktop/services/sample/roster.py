"""The enterprises of the sample: what they do, what is dangerous there, who is responsible, what papers they hold."""

import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from math import exp, log

from db.models import Enterprise, EnterpriseAttribute, EnterpriseTag, FormerName, Permit
from desktop.domain.classification import DUST_PEOPLE, KeyTargets, RiskProfile
from desktop.domain.deadline import add_months
from desktop.domain.enterprise import CodeState, EnterpriseStatus, RiskLevel, Size, StandardLevel
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.permit import PermitKind
from desktop.services.sample.duties import Duties
from desktop.services.sample.invention import Invention, code_state
from desktop.services.sample.tables import Tables, iso
from desktop.services.sample.words import HazardText, Trade, hazard_texts, township, trades
from desktop.services.search_text import name_key, search_text, sort_key
from desktop.services.shipped import catalogue

# Of the whole roster, the gravest first; the rest is blue.
SHARES = ((RiskLevel.RED, 0.04), (RiskLevel.ORANGE, 0.12), (RiskLevel.YELLOW, 0.35))

# How much a risk weighs when the roster is graded: an invention for the sample, not a standard.
_WEIGHTS: Mapping[str, float] = {
    "attr.mhi=一级": 100, "attr.mhi=二级": 95, "attr.mhi=三级": 60, "attr.mhi=四级": 50, "attr.key_process": 55,
    "attr.key_chem": 30, "attr.deepcast": 60, "attr.gas": 45, "attr.molten": 50, "attr.smelt": 45, "attr.nh3": 30,
    "attr.dust": 26, "attr.toxic": 24, "attr.libat": 18, "attr.spray": 13, "attr.confined": 12, "attr.accident": 40,
    "attr.resist": 30, "attr.many_problems": 16, "attr.weak": 12, "attr.complaint": 10, "attr.contractor": 4,
}  # fmt: skip
_GRAVE_DUST = 25

# What any enterprise may have on record, with its share.
_COMMON = (
    ("attr.weak", 0.035),
    ("attr.many_problems", 0.025),
    ("attr.accident", 0.012),
    ("attr.complaint", 0.01),
    ("attr.resist", 0.004),
)
_DUST_KINDS = {"GB-17": "纺织纤维", "GB-13": "粮食饲料", "GB-29": "塑料橡胶", "GB-21": "木", "GB-32": "金属（铝镁等）"}
_CRAFT, _PRINCIPAL, _SAFETY_OFFICER = "VL-01", "VL-03", "VL-04"
_ISSUERS = {
    "VL-01": "江苏省应急管理厅",
    "VL-09": "江苏省应急管理厅",
    "VL-10": "南通市应急管理局",
    "VL-13": "启东市应急管理局",
}


@dataclass(slots=True)
class Firm:
    """An enterprise while the sample is made. `hazards` are the examples that can be found there."""

    id: int
    name: str
    trade: Trade
    is_person: bool
    employees: int
    attributes: dict[str, str]
    score: float
    principal: str = ""
    safety_officer: str = ""
    risk_level: RiskLevel = RiskLevel.BLUE
    standard_level: StandardLevel = StandardLevel.NONE
    status: EnterpriseStatus = EnterpriseStatus.OPERATING
    is_key: bool = False
    is_archived: bool = False
    hazards: Sequence[HazardText] = field(default_factory=tuple)

    @property
    def is_working(self) -> bool:
        """Whether it can be inspected."""
        return self.status is EnterpriseStatus.OPERATING


class Roster:
    """Makes the enterprises and writes their rows."""

    def __init__(
        self,
        rng: random.Random,
        today: date,
        tables: Tables,
        duties: Duties,
        targets: KeyTargets,
        permit_kinds: Mapping[str, PermitKind],
    ) -> None:
        self._rng = rng
        self._today = today
        self._duties = duties
        self._targets = targets
        self._kinds = permit_kinds
        self._invention = Invention(rng)
        self._industries = {row["id"]: row["text"] for row in catalogue("industry_gbt4754")}
        self._sizes = _size_limits()
        self._grid = {village: self._invention.person() for village in township()["places"]["villages"]}
        self._found_at: dict[tuple[str, frozenset[tuple[str, str]]], tuple[HazardText, ...]] = {}
        self._enterprises = tables.of(Enterprise, *_COLUMNS)
        self._attributes = tables.of(EnterpriseAttribute, "enterprise_id", "attribute", "value")
        self._tags = tables.of(EnterpriseTag, "enterprise_id", "tag")
        self._former = tables.of(FormerName, "enterprise_id", "name", "name_key", "until_on")
        self._permits = tables.of(
            Permit, "enterprise_id", "kind", "person", "trade", "number", "issuer", "issued_on", "valid_until",
            "archived_on",
        )  # fmt: skip

    # ---- who there is --------------------------------------------------------------------------------------

    def invent(self, count: int) -> list[Firm]:
        """The enterprises, graded against one another, not yet written."""
        firms = [self._firm(number, trade) for number, trade in enumerate(_dealt(count, self._rng), start=1)]
        ranked = sorted(firms, key=lambda firm: -firm.score)
        start = 0
        for level, share in SHARES:
            end = start + round(share * count)
            for firm in ranked[start:end]:
                firm.risk_level = level
            start = end
        for firm in firms:
            profile = RiskProfile(firm.trade.sector, firm.attributes, firm.risk_level)
            firm.is_key = self._targets.classify(profile).is_key
            firm.standard_level = self._standard(firm)
        return firms

    def _firm(self, number: int, trade: Trade) -> Firm:
        rng = self._rng
        is_person = rng.random() * 100 < trade.person
        employees = max(
            1, round(exp(rng.gauss(log(trade.staff / (3 if is_person and trade.staff > 6 else 1)), trade.spread)))
        )
        attributes = self._risks(trade, employees)
        firm = Firm(
            id=number,
            name=self._invention.firm(trade, is_person=is_person),
            trade=trade,
            is_person=is_person,
            employees=employees,
            attributes=attributes,
            score=_score(attributes, employees) + rng.random() * 9,
        )
        firm.hazards = self._hazards(trade.sector, attributes)
        firm.status = rng.choices(tuple(EnterpriseStatus), (93, 4.5, 2.5))[0]
        firm.is_archived = firm.status is EnterpriseStatus.CLOSED and rng.random() < 0.4
        firm.principal = self._invention.person()
        firm.safety_officer = self._invention.person() if employees > 8 else firm.principal
        return firm

    def _risks(self, trade: Trade, employees: int) -> dict[str, str]:
        rng, found = self._rng, dict[str, str]()
        for name, value, share in trade.risks:
            if name == "attr.dust_kind":
                if "attr.dust" in found:
                    found[name] = value
            elif rng.random() < share:
                found.setdefault(name, value)
        if "attr.dust" in found:
            found.setdefault("attr.dust_kind", _DUST_KINDS.get(trade.industry, "其他"))
            found["attr.dust_people"] = str(max(1, min(employees, round(employees * rng.uniform(0.15, 0.5)))))
        if "attr.nh3" in found:
            found["attr.nh3_t"] = f"{rng.uniform(0.4, 8):.1f}"
        if "attr.confined" in found:
            found["attr.confined_n"] = f"{rng.randint(1, 6)}处，{rng.choice(('地下', '地上', '密闭设备'))}"
        for name, share in _COMMON:
            if rng.random() < share:
                found[name] = "是"
        return found

    def _hazards(self, sector: str, attributes: Mapping[str, str]) -> tuple[HazardText, ...]:
        key = (
            sector,
            frozenset((name, value if name == "attr.dust_kind" else "") for name, value in attributes.items()),
        )
        if key not in self._found_at:
            self._found_at[key] = tuple(text for text in hazard_texts() if text.fits(sector, attributes))
        return self._found_at[key]

    # ---- their rows ----------------------------------------------------------------------------------------

    def write(self, firm: Firm) -> None:
        """All rows of one enterprise."""
        rng = self._rng
        former = self._former_name(firm)
        state = code_state(firm.id, is_person=firm.is_person)
        uscc, legacy = self._codes(firm, state)
        village, address = self._place()
        legal = firm.principal if rng.random() < 0.85 else self._invention.person()
        contact = firm.safety_officer if rng.random() < 0.6 else self._invention.person()
        phone = self._invention.phone()
        fields = (firm.name, *former, uscc or "", legacy or "", village, address, legal, firm.principal, contact, phone,
                  firm.safety_officer)  # fmt: skip
        established = self._established()
        self._enterprises.add(
            firm.name, name_key(firm.name), sort_key(firm.name), uscc, state.value, legacy, address, village,
            self._grid[village], legal, firm.principal, contact, phone, firm.safety_officer, self._invention.phone(),
            firm.trade.sector, self._industries[firm.trade.industry], firm.trade.industry, firm.risk_level.value,
            self._size(firm).value, firm.standard_level.value, self._standard_until(firm), firm.employees, established, self._capital(firm),
            firm.status.value, int(firm.is_key), self._remark(), search_text(filter(None, fields), firm.name, firm.is_archived),
            f"{iso(self._today.replace(month=1, day=1))} 08:30:00.000000",
            iso(self._today - timedelta(days=rng.randint(20, 300))) if firm.is_archived else None,
        )  # fmt: skip
        for name, value in firm.attributes.items():
            self._attributes.add(firm.id, name, value)
        self._write_tags(firm)
        if firm.status is not EnterpriseStatus.CLOSED:
            self._write_permits(firm)

    def _former_name(self, firm: Firm) -> tuple[str, ...]:
        if firm.id % 27 != 4:
            return ()
        name = self._invention.former_firm(firm.name)
        self._former.add(firm.id, name, name_key(name), iso(self._today - timedelta(days=self._rng.randint(90, 2500))))
        return (name,)

    def _codes(self, firm: Firm, state: CodeState) -> tuple[str | None, str | None]:
        """The code and the old number; some of long standing have both."""
        if state is CodeState.NONE:
            return None, None
        if state is CodeState.LEGACY:
            return None, self._invention.legacy_code()
        code = self._invention.code(is_person=firm.is_person)
        legacy = self._invention.legacy_code() if self._rng.random() < 0.06 else None
        return (self._invention.misprinted(code) if state is CodeState.KEPT else code), legacy

    def _place(self) -> tuple[str, str]:
        rng, places = self._rng, township()["places"]
        village = rng.choices(places["villages"], places["village_weights"])[0]
        if village == places["park"]:
            return village, f"启东市惠萍镇{rng.choice(places['roads'])}{rng.randint(1, 320)}号"
        return village, f"启东市惠萍镇{village}{rng.randint(1, 28)}组{rng.randint(1, 60)}号"

    def _standard(self, firm: Firm) -> StandardLevel:
        if firm.is_person or firm.employees < 20:
            return self._rng.choices((StandardLevel.MICRO, StandardLevel.NONE), (38, 62))[0]
        weights = (1, 9, 46, 14, 30) if firm.risk_level in (RiskLevel.RED, RiskLevel.ORANGE) else (0, 3, 30, 27, 40)
        return self._rng.choices(tuple(StandardLevel), weights)[0]

    def _standard_until(self, firm: Firm) -> str | None:
        if firm.standard_level is StandardLevel.NONE:
            return None
        return iso(self._today + timedelta(days=self._rng.randint(-160, 1095)))

    def _established(self) -> str:
        """The day as it is known: of some only the month or the year."""
        rng = self._rng
        day = iso(date(1986, 1, 1) + timedelta(days=int(14_000 * rng.random() ** 0.7)))
        return day[: rng.choices((10, 7, 4), (86, 8, 6))[0]]

    def _size(self, firm: Firm) -> Size:
        large, medium, small = self._sizes[firm.trade.size]
        for size, least in ((Size.LARGE, large), (Size.MEDIUM, medium), (Size.SMALL, small)):
            if firm.employees >= least:
                return size
        return Size.MICRO

    def _capital(self, firm: Firm) -> int | None:
        if firm.is_person:
            return None
        wan = self._rng.choice((50, 100, 200, 300, 500, 1000)) * (4 if firm.employees > 100 else 1)
        return wan * 10_000 * 100

    def _remark(self) -> str:
        return str(self._rng.choice(township()["words"]["remarks"]))

    def _write_tags(self, firm: Firm) -> None:
        places = township()["places"]
        if self._rng.random() < 0.22:
            chosen = self._rng.choices(places["tags"], places["tag_weights"], k=2)
            for tag in dict.fromkeys(chosen):
                self._tags.add(firm.id, tag)

    # ---- permits -------------------------------------------------------------------------------------------

    def _write_permits(self, firm: Firm) -> None:
        rng = self._rng
        for kind, share in firm.trade.permits:
            if rng.random() < share:
                person = {_PRINCIPAL: firm.principal, _SAFETY_OFFICER: firm.safety_officer}.get(kind, "")
                self._write_permit(firm, kind, person, "")
        if firm.trade.crafts and rng.random() * 100 < firm.trade.craft_share:
            for _ in range(min(5, 1 + firm.employees // 35)):
                self._write_permit(firm, _CRAFT, self._invention.person(), rng.choice(firm.trade.crafts))

    def _write_permit(self, firm: Firm, kind: str, person: str, trade: str) -> None:
        """A paper somewhere in its term: of sixteen one has run out unnoticed, and some were renewed in time."""
        rng, months = self._rng, self._kinds[kind].months or 12
        term = months * 30
        age = term + rng.randint(15, 150) if rng.random() < 0.06 else rng.randint(1, term)
        issued = self._today - timedelta(days=age)
        if age < 500 and rng.random() < 0.5:
            before = add_months(issued, -months)
            self._permit(firm, kind, person, trade, before, issued - timedelta(days=1), renewed_on=issued)
        self._permit(firm, kind, person, trade, issued, add_months(issued, months) - timedelta(days=1))

    def _permit(
        self, firm: Firm, kind: str, person: str, trade: str, issued: date, until: date, renewed_on: date | None = None
    ) -> None:
        number = f"示例{self._permits.last_id + 1:06d}"
        paper = self._permits.add(
            firm.id, kind, person, trade, number, _ISSUERS.get(kind, "启东市有关部门（示例）"), iso(issued), iso(until),
            iso(renewed_on) if renewed_on else None,
        )  # fmt: skip
        if firm.is_archived:
            return
        whose = f"{firm.name} {person}".strip()
        duty = self._duties.open(
            kind=ObligationKind.PERMIT,
            title=f"{self._kinds[kind].label}换证：{whose}",
            subject=(SubjectType.PERMIT, paper[0]),
            actor=Actor.ENTERPRISE,
            triggered_on=issued,
            due=self._duties.permit_due(kind, until),
            enterprise_id=firm.id,
        )
        if renewed_on:
            self._duties.end(duty, EndKind.DONE, renewed_on, "已换证")


_COLUMNS = (
    "name", "name_key", "sort_key", "uscc", "code_state", "legacy_code", "address", "village", "grid_worker",
    "legal_person", "principal", "contact", "phone", "safety_officer", "safety_phone", "sector", "industry",
    "industry_code", "risk_level", "size", "standard_level", "standard_valid_until", "employees", "established_on",
    "registered_capital_fen", "status", "is_key", "remark", "search_text", "created_at", "archived_on",
)  # fmt: skip


def _score(attributes: Mapping[str, str], employees: int) -> float:
    total = 3.5 * log(employees)
    for name, value in attributes.items():
        total += _WEIGHTS.get(name) or _WEIGHTS.get(f"{name}={value}", 0)
        if (name == "attr.dust_kind" and "金属" in value) or (name == "attr.dust_people" and int(value) >= DUST_PEOPLE):
            total += _GRAVE_DUST
    return total


def _dealt(count: int, rng: random.Random) -> Iterator[Trade]:
    """The trades in their shares, as exactly as `count` allows, in random order."""
    kinds = trades()
    bounds = list(accumulate(kind.weight for kind in kinds))
    places = [bounds[-1] * (turn + 0.5) / count for turn in range(count)]
    rng.shuffle(places)
    return (kinds[bisect_right(bounds, place)] for place in places)


def _size_limits() -> dict[str, tuple[int, int, int]]:
    """From how many people an enterprise is large, medium and small, by industry; turnover is not known here."""
    rows = [row for row in catalogue("enterprise_size") if row["metric"] == "从业人员"]
    return {row["industry"]: (int(row["large_min"]), int(row["medium_min"]), int(row["small_min"])) for row in rows}
