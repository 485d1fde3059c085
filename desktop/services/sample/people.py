"""The office of the sample and its people: eight officers, one with an expired card and one helper; three experts."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from db.models import Expert, Office, OfficePower, Officer, OfficerCertificate, Setting
from desktop.domain.deadline import add_months
from desktop.domain.form import NumberCounting
from desktop.domain.inspection import OfficerRole
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.order import OfficeMode
from desktop.services.office import COUNTING_KEY, SHORT_NAME
from desktop.services.sample.duties import Duties
from desktop.services.sample.invention import Invention
from desktop.services.sample.tables import Tables, iso
from desktop.services.sample.words import township

CARD_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Card:
    """An enforcement certificate."""

    number: str
    issued_on: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Inspector:
    """An officer with all cards, the oldest first; a helper has none."""

    id: int
    name: str
    cards: tuple[Card, ...]

    def card_on(self, day: date) -> Card | None:
        """The card that covers a day."""
        return next((card for card in reversed(self.cards) if card.issued_on <= day <= card.valid_until), None)


@dataclass(frozen=True, slots=True)
class Team:
    """Who went: two with valid cards, perhaps a helper and an expert."""

    acting: tuple[Inspector, Inspector]
    helper: Inspector | None
    expert_id: int | None

    @property
    def names(self) -> str:
        """The names of the two, as a text field wants them."""
        return "、".join(each.name for each in self.acting)

    def members(self, day: date) -> list[tuple[int, OfficerRole, str]]:
        """Everyone with the role and the number of the card shown on the day."""
        roles = (OfficerRole.LEAD, OfficerRole.MEMBER)
        found = []
        for each, role in zip(self.acting, roles, strict=True):
            card = each.card_on(day)
            assert card is not None, "nobody goes without a valid card"
            found.append((each.id, role, card.number))
        if self.helper is not None:
            found.append((self.helper.id, OfficerRole.HELPER, ""))
        return found


class Crew:
    """The officers and experts, and who can go on a day."""

    def __init__(self, rng: random.Random, inspectors: Sequence[Inspector], helper: Inspector, experts: Sequence[int]):
        self._rng = rng
        self.inspectors = tuple(inspectors)
        self.helper = helper
        self._experts = tuple(experts)
        self._able: dict[date, tuple[Inspector, ...]] = {}

    @property
    def head(self) -> Inspector:
        """The head of the office, who approves."""
        return self.inspectors[0]

    def able(self, day: date) -> tuple[Inspector, ...]:
        """Those whose card covers the day."""
        if day not in self._able:
            self._able[day] = tuple(each for each in self.inspectors if each.card_on(day) is not None)
        return self._able[day]

    def lead(self, day: date) -> Inspector:
        """One who can lead; the head goes along less often."""
        able = self.able(day)
        return self._rng.choice(able if self._rng.random() < 0.15 else able[1:])

    def team(self, day: date, lead: int | None = None, *, is_risky: bool = False) -> Team:
        """Two who can go, the lead first when the lead can."""
        rng, able = self._rng, self.able(day)
        first = next((each for each in able if each.id == lead), None) or self.lead(day)
        second = rng.choice([each for each in able if each is not first])
        helper = self.helper if rng.random() < 0.3 else None
        expert = rng.choice(self._experts) if rng.random() < (0.4 if is_risky else 0.06) else None
        return Team((first, second), helper, expert)


def write_office(tables: Tables, first: date, facts: Mapping[str, Any]) -> None:
    """The office, in whose name it acts, and the mark that all of this is invented."""
    office = township()["office"]
    given = {key: office[key] for key in ("name", "code", "county", "bureau", "address", "phone", "contact", "prefix")}
    since = first.replace(month=1, day=1)
    tables.of(Office, *given, "created_at").add(*given.values(), f"{iso(since)} 08:30:00.000000")
    powers = tables.of(OfficePower, "mode", "from_on", "basis", "powers")
    powers.add(OfficeMode.DELEGATED.value, iso(since.replace(year=since.year - 2)), office["basis"], office["powers"])
    settings = tables.of(Setting, "key", "value")
    settings.add(COUNTING_KEY, json.dumps(NumberCounting.FORM.value))  # as its records and orders are numbered
    settings.add(SHORT_NAME, json.dumps(office["short_name"], ensure_ascii=False))
    settings.add("sample", json.dumps(dict(facts), ensure_ascii=False, sort_keys=True))


def write_people(rng: random.Random, tables: Tables, duties: Duties, today: date) -> Crew:
    """Officers with their cards and the duty to renew them, and experts."""
    invention = Invention(rng)
    officers = tables.of(Officer, "name", "duty", "phone", "is_helper")
    cards = tables.of(OfficerCertificate, "officer_id", "number", "issuer", "issued_on", "valid_until")
    inspectors, helper = [], None
    for number, row in enumerate(township()["officer"], start=1):
        is_helper = row.get("helper", False)
        name = invention.person()
        officers.add(name, row["duty"], invention.phone(), int(is_helper))
        held = () if is_helper else _cards(number, today + timedelta(days=row["left"]))
        for card in held:
            cards.add(number, card.number, "江苏省人民政府（示例）", iso(card.issued_on), iso(card.valid_until))
        if held:
            _write_duties(duties, number, name, held)
            inspectors.append(Inspector(number, name, held))
        else:
            helper = Inspector(number, name, held)
    assert helper is not None
    experts = tables.of(Expert, "name", "field", "organisation", "phone")
    ids = [
        experts.add(invention.person(), row["field"], row["organisation"], invention.phone())[0]
        for row in township()["expert"]
    ]
    return Crew(rng, inspectors, helper, ids)


def _cards(number: int, until: date) -> tuple[Card, ...]:
    """The card that runs out on `until` and the one before it."""
    issued = add_months(until, -CARD_MONTHS) + timedelta(days=1)
    before = Card(f"示例10{number:04d}", add_months(issued, -CARD_MONTHS), issued - timedelta(days=1))
    return before, Card(f"示例20{number:04d}", issued, until)


def _write_duties(duties: Duties, number: int, name: str, held: Sequence[Card]) -> None:
    """The last card is to be renewed; the one before it was."""
    for card, following in zip(held, (*held[1:], None), strict=True):
        duty = duties.open(
            kind=ObligationKind.CERTIFICATE,
            title=f"执法证换证：{name}",
            subject=(SubjectType.OFFICER, number),
            actor=Actor.AGENCY,
            triggered_on=card.issued_on,
            due=duties.certificate_due(card.valid_until),
            officer_id=number,
        )
        if following is not None:
            duties.end(duty, EndKind.DONE, following.issued_on, f"已换证：{following.number}")
