"""Urging 催办: whom to urge about what, with which words, and the log of every time: when, how, whom, what was answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from db.models import Enterprise, Hazard, Urging, UrgingHazard
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.hazard import HazardLevel, may_be_urged
from desktop.domain.urging import Urge, UrgedItem, UrgingWay, first_of
from desktop.services.clock import Clock
from desktop.services.hazards import HazardRow, Hazards
from desktop.services.office import Offices


@dataclass(frozen=True, slots=True)
class UrgingDraft:
    """One urging as it was done: its words are kept as they were said or sent."""

    enterprise_id: int
    hazard_ids: tuple[int, ...]
    urged_at: datetime
    way: UrgingWay
    person: str
    phone: str = ""
    text: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class UrgingRow:
    """An urging in the record."""

    id: int
    enterprise_id: int
    enterprise: str
    urged_at: datetime
    way: UrgingWay
    person: str
    phone: str
    text: str
    answer: str
    urged_by: str
    hazard_count: int


@dataclass(frozen=True, slots=True)
class UrgingSubject:
    """An enterprise to urge: its open hazards of a selection, whom to speak to, what was said to it last."""

    enterprise_id: int
    hazard_ids: tuple[int, ...]
    urge: Urge
    phone: str
    last: UrgingRow | None


_ROWS = """
SELECT u.id, u.enterprise_id, e.name, u.urged_at, u.way, u.person, u.phone, u.text, u.answer, u.urged_by,
       (SELECT COUNT(*) FROM urging_hazard g WHERE g.urging_id = u.id)
FROM urging u JOIN enterprise e ON e.id = u.enterprise_id
"""


class Urgings:
    """Says what to urge and keeps the log of it. An urging changes no deadline and ends no duty."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"urging", "urging_hazard", "enterprise"}) | Hazards.DEPENDS_ON

    def __init__(self, store: Store, clock: Clock, hazards: Hazards, offices: Offices) -> None:
        self._store = store
        self._clock = clock
        self._hazards = hazards
        self._offices = offices

    # ---- acts ----------------------------------------------------------------------------------------------

    def log(self, draft: UrgingDraft) -> int:
        """Note one urging."""
        return self.log_many([draft])[0]

    def log_many(self, drafts: Sequence[UrgingDraft]) -> list[int]:
        """Note urgings of several enterprises in one act, all of them or none."""
        for draft in drafts:
            self._check(draft)
        with self._store.write("登记催办" if len(drafts) == 1 else f"登记催办 {len(drafts)} 家") as session:
            return [self._insert(session, draft) for draft in drafts]

    def _insert(self, session: Session, draft: UrgingDraft) -> int:
        for hazard_id in draft.hazard_ids:
            hazard = session.get_one(Hazard, hazard_id)
            if hazard.enterprise_id != draft.enterprise_id:
                raise Refused("urging_other_hazard")
            may_be_urged(hazard.status)
        record = Urging(
            enterprise_id=draft.enterprise_id,
            urged_at=draft.urged_at,
            way=draft.way,
            person=draft.person.strip(),
            phone=draft.phone.strip(),
            text=draft.text.strip(),
            answer=draft.answer.strip(),
            urged_by=self._store.person,
        )
        session.add(record)
        session.flush()
        session.add_all(UrgingHazard(urging_id=record.id, hazard_id=hazard_id) for hazard_id in draft.hazard_ids)
        session.flush()
        return record.id

    def answer(self, urging_id: int, answer: str) -> None:
        """What the enterprise answered later, to a message or a paper."""
        if not answer.strip():
            raise Invalid({"answer": "missing"})
        with self._store.write("登记催办答复") as session:
            session.get_one(Urging, urging_id).answer = answer.strip()

    def _check(self, draft: UrgingDraft) -> None:
        problems = {}
        if not draft.hazard_ids:
            problems["hazards"] = "missing"
        if draft.urged_at > self._clock.now():
            problems["urged_at"] = "moment_future"
        if not draft.person.strip():
            problems["person"] = "missing"
        if problems:
            raise Invalid(problems)

    # ---- questions -----------------------------------------------------------------------------------------

    def subjects(self, hazard_ids: Sequence[int]) -> list[UrgingSubject]:
        """The enterprises behind these hazards in their order, each with those of its hazards that are open."""
        gathered: dict[int, list[HazardRow]] = {}
        for row in self._hazards.rows(hazard_ids):
            if row.is_open:
                gathered.setdefault(row.enterprise_id, []).append(row)
        office = self._offices.detail().name if self._offices.exists() else ""
        with self._store.read() as session:
            return [self._subject(session, number, rows, office) for number, rows in gathered.items()]

    def _subject(self, session: Session, enterprise_id: int, rows: Sequence[HazardRow], office: str) -> UrgingSubject:
        firm = session.get_one(Enterprise, enterprise_id)
        person, phone = first_of(
            (firm.contact, firm.phone),
            (firm.safety_officer, firm.safety_phone),
            (firm.principal, firm.phone),
            (firm.legal_person, ""),
        )
        items = tuple(
            UrgedItem(row.description, row.location, row.due_on, row.days_left, row.level is HazardLevel.MAJOR)
            for row in sorted(rows, key=lambda row: (row.due_on is None, row.due_on, row.id))
        )
        last = next(iter(self.of_enterprise(enterprise_id)), None)
        return UrgingSubject(
            enterprise_id, tuple(row.id for row in rows), Urge(firm.name, items, person, office), phone, last
        )

    def of_enterprise(self, enterprise_id: int) -> list[UrgingRow]:
        """Every urging of an enterprise, newest first."""
        return list(self._rows("WHERE u.enterprise_id = ?", enterprise_id))

    def of_hazard(self, hazard_id: int) -> list[UrgingRow]:
        """Every urging about a hazard, newest first."""
        return list(self._rows("JOIN urging_hazard h ON h.urging_id = u.id WHERE h.hazard_id = ?", hazard_id))

    def row(self, urging_id: int) -> UrgingRow:
        """One urging."""
        return next(self._rows("WHERE u.id = ?", urging_id))

    def _rows(self, where: str, number: int) -> Iterator[UrgingRow]:
        with self._store.read() as session:
            sql = f"{_ROWS} {where} ORDER BY u.urged_at DESC, u.id DESC"
            yield from [_row(row) for row in session.connection().exec_driver_sql(sql, (number,))]


def _row(row: Any) -> UrgingRow:
    number, enterprise_id, enterprise, at, way, *rest = row
    return UrgingRow(number, enterprise_id, enterprise, datetime.fromisoformat(at), UrgingWay(way), *rest)
