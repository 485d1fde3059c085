"""The office itself: its name, in whose name it acts and since when, its numbers, settings and standing duties."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import NumberSequence, Obligation, Office, OfficePower, Setting
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import Actor, ObligationKind, SubjectType
from desktop.domain.order import OfficeMode
from desktop.services.clock import Clock
from desktop.services.obligations import Obligations

REPORT_RULE = "seed.yearend"
ORDER_FORM = "order"  # under which orders were counted before papers had numbers too

# The office's own choices, by key. What has no default here has none.
ORDER_PATTERN = "numbering.order"  # what orders alone looked like then
COUNTING_KEY = "numbering.counting"
SHORT_NAME = "office.short_name"
DEFAULTS: dict[str, Any] = {
    "key_share.counting": "inspections",
}

_CODE = re.compile(r"\d{6,12}")
_ENDINGS = ("街道办事处", "经济开发区", "开发区", "工业园区", "工业园", "产业园", "街道", "镇", "乡", "园区")


@dataclass(frozen=True, slots=True)
class OfficeDraft:
    """The office as entered. `code` is the statistical code of the town (six to twelve digits), `prefix` as 苏启."""

    name: str = ""
    code: str = ""
    county: str = ""
    bureau: str = ""
    address: str = ""
    phone: str = ""
    contact: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class PowerDraft:
    """In whose name the office acts from a day on, the paper that says so, and the list of powers."""

    mode: OfficeMode = OfficeMode.DELEGATED
    from_on: date | None = None
    to_on: date | None = None
    basis: str = ""
    powers: str = ""


@dataclass(frozen=True, slots=True)
class PowerRow:
    """One period of the office's powers."""

    id: int
    mode: OfficeMode
    from_on: date
    to_on: date | None
    basis: str
    powers: str


@dataclass(frozen=True, slots=True)
class OfficeDetail:
    """The office with its periods, newest first, and in whose name it acts today."""

    name: str
    code: str
    county: str
    bureau: str
    address: str
    phone: str
    contact: str
    prefix: str
    short_name: str
    created_at: datetime
    mode: OfficeMode
    powers: tuple[PowerRow, ...]

    @property
    def draft(self) -> OfficeDraft:
        """What a form starts from."""
        return OfficeDraft(
            self.name, self.code, self.county, self.bureau, self.address, self.phone, self.contact, self.prefix
        )


_WORDS = ("name", "code", "county", "bureau", "address", "phone", "contact", "prefix")


class Offices:
    """The one office of this file."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"office", "office_power", "setting", "number_sequence"})

    def __init__(self, store: Store, clock: Clock, obligations: Obligations) -> None:
        self._store = store
        self._clock = clock
        self._obligations = obligations

    # ---- the office ----------------------------------------------------------------------------------------

    def establish(self, draft: OfficeDraft, power: PowerDraft | None = None) -> None:
        """Set the office up in a new file, with its first period of powers and its yearly report."""
        words, period = _checked(draft), _checked_period(power) if power else None
        with self._store.write("设立单位") as session:
            if session.scalars(select(Office.id)).first() is not None:
                raise Refused("office_exists")
            session.add(Office(**words, created_at=self._clock.now()))
            if period is not None:
                session.add(period)
            session.flush()
            self._open_reports(session)

    def change(self, draft: OfficeDraft) -> None:
        """Correct what is kept of the office."""
        words = _checked(draft)
        with self._store.write("修改单位资料") as session:
            record = _office(session)
            for name, value in words.items():
                setattr(record, name, value)

    def exists(self) -> bool:
        """Whether the office has been set up."""
        with self._store.read() as session:
            return session.scalars(select(Office.id)).first() is not None

    def detail(self) -> OfficeDetail:
        """The office; refused with what to do when it is not set up."""
        with self._store.read() as session:
            record = _office(session)
            words = {name: getattr(record, name) for name in _WORDS}
            return OfficeDetail(
                **words,
                short_name=self._short_name(record),
                created_at=record.created_at,
                mode=self.mode_on(self._clock.today()),
                powers=tuple(self.powers()),
            )

    # ---- in whose name -------------------------------------------------------------------------------------

    def powers(self) -> list[PowerRow]:
        """Every period, newest first."""
        with self._store.read() as session:
            rows = session.scalars(select(OfficePower).order_by(OfficePower.from_on.desc())).all()
            return [PowerRow(row.id, row.mode, row.from_on, row.to_on, row.basis, row.powers) for row in rows]

    def mode_on(self, on: date) -> OfficeMode:
        """In whose name the office acts on a day; without a paper for that day, in nobody's."""
        for row in self.powers():
            if row.from_on <= on and (row.to_on is None or on <= row.to_on):
                return row.mode
        return OfficeMode.NEITHER

    def change_mode(self, draft: PowerDraft) -> int:
        """A new period. The one that was open ends the day before; periods never overlap."""
        period = _checked_period(draft)
        with self._store.write("变更执法权限") as session:
            for other in session.scalars(select(OfficePower).where(OfficePower.to_on.is_(None))):
                if other.from_on < period.from_on:
                    other.to_on = period.from_on - timedelta(days=1)
            session.flush()
            _refuse_overlap(period, session.scalars(select(OfficePower)).all())
            session.add(period)
            session.flush()
            return period.id

    def correct_mode(self, power_id: int, draft: PowerDraft) -> None:
        """Correct a period that was entered wrongly."""
        period = _checked_period(draft)
        with self._store.write("更正执法权限") as session:
            record = session.get_one(OfficePower, power_id)
            _refuse_overlap(period, [other for other in session.scalars(select(OfficePower)) if other.id != power_id])
            for name in ("mode", "from_on", "to_on", "basis", "powers"):
                setattr(record, name, getattr(period, name))

    # ---- numbers -------------------------------------------------------------------------------------------

    def next_number(self, session: Session, form: str, year: int) -> int:
        """The next number of a form, taken in the act that uses it: what is rolled back burns none."""
        row = session.scalars(
            select(NumberSequence).where(NumberSequence.form == form, NumberSequence.year == year)
        ).first()
        if row is None:
            row = NumberSequence(form=form, year=year, last=0)
            session.add(row)
        row.last += 1
        session.flush()
        return row.last

    def _short_name(self, record: Office) -> str:
        """How the town is called in numbers: the office's own choice, or its name without 镇, 街道, …"""
        chosen = self.setting(SHORT_NAME)
        if chosen:
            return str(chosen)
        ending = next((each for each in _ENDINGS if record.name.endswith(each) and record.name != each), "")
        return record.name.removesuffix(ending)

    # ---- settings ------------------------------------------------------------------------------------------

    def setting(self, key: str) -> Any:
        """A choice of the office, or its default."""
        return self._store.setting(key, DEFAULTS.get(key))

    def set_setting(self, key: str, value: Any) -> None:
        """Keep a choice of the office; None goes back to the default."""
        with self._store.write("修改设置") as session:
            record = session.scalars(select(Setting).where(Setting.key == key)).first()
            if value is None:
                if record is not None:
                    session.delete(record)
            elif record is None:
                session.add(Setting(key=key, value=value))
            else:
                record.value = value

    # ---- standing duties -----------------------------------------------------------------------------------

    def ensure_standing(self) -> int:
        """Open the yearly report of this year and the next where it is missing; the answer is how many were."""
        if not self.exists() or not self._missing_years():
            return 0
        with self._store.write("列出年度报送") as session:
            return self._open_reports(session)

    def _missing_years(self) -> list[int]:
        this = self._clock.today().year
        with self._store.read() as session:
            known = set(session.scalars(select(Obligation.subject_id).where(Obligation.kind == ObligationKind.REPORT)))
        return [year for year in (this, this + 1) if year not in known]

    def _open_reports(self, session: Session) -> int:
        """The report is due on a fixed day of each year; a year before the notice has none."""
        missing = [year for year in self._missing_years() if self._is_ruled(year)]
        for year in missing:
            start = date(year, 1, 1)
            self._obligations.open(
                session,
                kind=ObligationKind.REPORT,
                title=f"报送 {year} 年度执法工作总结",
                subject=(SubjectType.YEAR, year),
                actor=Actor.AGENCY,
                triggered_on=start,
                due=self._obligations.due_by_rule(REPORT_RULE, start, date(year, 12, 31)),
            )
        return len(missing)

    def _is_ruled(self, year: int) -> bool:
        try:
            self._obligations.rule_for(REPORT_RULE, date(year, 12, 31))
        except Refused:
            return False
        return True


def _office(session: Session) -> Office:
    record = session.scalars(select(Office)).first()
    if record is None:
        raise Refused("no_office")
    return record


def _checked(draft: OfficeDraft) -> dict[str, str]:
    words = {name: getattr(draft, name).strip() for name in _WORDS}
    problems: dict[str, str] = {}
    if not words["name"]:
        problems["name"] = "missing"
    if not _CODE.fullmatch(words["code"]):
        problems["code"] = "office_code"
    if problems:
        raise Invalid(problems)
    return words


def _checked_period(draft: PowerDraft) -> OfficePower:
    problems: dict[str, str] = {}
    if draft.from_on is None:
        problems["from_on"] = "missing"
    elif draft.to_on is not None and draft.to_on < draft.from_on:
        problems["to_on"] = "ends_before_start"
    if problems or draft.from_on is None:
        raise Invalid(problems)
    return OfficePower(
        mode=draft.mode,
        from_on=draft.from_on,
        to_on=draft.to_on,
        basis=draft.basis.strip(),
        powers=draft.powers.strip(),
    )


def _refuse_overlap(period: OfficePower, others: Iterable[OfficePower]) -> None:
    for other in others:
        ends_before = other.to_on is not None and other.to_on < period.from_on
        starts_after = period.to_on is not None and period.to_on < other.from_on
        if not (ends_before or starts_after):
            raise Invalid({"from_on": "power_overlaps"}, from_on=other.from_on, to_on=other.to_on)
