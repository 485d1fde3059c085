"""The office's work calendar: the shipped arrangements, the years it imported, and the days it edited.

When the arrangement of a year comes in, what was counted on weekends alone (暂估) is counted again: each open
obligation whose dates change gets a new link in its chain. Nothing that has ended is counted again.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import CalendarDay, CalendarYear
from db.store import Store
from desktop.domain.calendar import DayKind, HolidayYear, NamedDay, WorkCalendar, YearStatus
from desktop.domain.changed import Changed
from desktop.domain.deadline import PlanRoll, Roll, Rule, RuleBook, Unit
from desktop.domain.errors import Refused
from desktop.domain.obligation_kind import ObligationKind
from desktop.domain.permit import PermitKind
from desktop.exchange.holidays import read_holiday_year
from desktop.services.catalogue import Catalogue
from desktop.services.clock import Clock
from desktop.services.obligations import Due, Obligations
from desktop.services.officers import certificate_due
from desktop.services.permits import permit_due
from desktop.services.rules import shipped_years

REASON = "日历更新"


@dataclass(frozen=True, slots=True)
class DueMove:
    """An open obligation whose dates the new arrangement changes."""

    obligation_id: int
    kind: ObligationKind
    title: str
    enterprise: str
    old_due_on: date
    new_due_on: date
    old_plan_on: date
    new_plan_on: date


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What taking in an arrangement, or editing a day, does: which obligations move, how many are merely confirmed.

    `confirmed_count` keep their dates and lose the mark 暂估.
    """

    year: int
    source: str
    off_count: int
    work_count: int
    replaces: YearStatus
    moves: tuple[DueMove, ...]
    confirmed_count: int


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year of the calendar and how much is known of it."""

    year: int
    status: YearStatus
    source: str
    imported_on: date | None
    off_days: tuple[NamedDay, ...]
    work_days: tuple[NamedDay, ...]
    edited_days: tuple[NamedDay, ...]
    workday_count: int


@dataclass(frozen=True, slots=True)
class _Link:
    """An open obligation with the last link of its chain."""

    id: int
    kind: ObligationKind
    title: str
    enterprise: str
    subject_id: int
    triggered_on: date
    rule: str | None
    raw_on: date
    due_on: date
    plan_on: date
    is_provisional: bool

    @property
    def dates(self) -> tuple[date, date, date]:
        return self.raw_on, self.due_on, self.plan_on


# A limit in hours never moves, whatever the calendar says, and so is left out.
LINKS_SQL = """
SELECT o.id, o.kind, o.title, COALESCE(e.name, ''), o.subject_id, o.triggered_on, d.rule, d.raw_on, d.due_on, d.plan_on,
       d.is_provisional
FROM obligation o
JOIN obligation_due d ON d.obligation_id = o.id
 AND d.sequence = (SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = o.id)
LEFT JOIN enterprise e ON e.id = o.enterprise_id
WHERE o.ended_on IS NULL AND d.due_at IS NULL
ORDER BY d.due_on, o.id
"""


class WorkCalendars:
    """Gives the calendar in force and takes in what changes it."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"calendar_year", "calendar_day"})

    def __init__(self, store: Store, clock: Clock, rules: RuleBook) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._catalogue = Catalogue(store.glance)
        self._cached: WorkCalendar | None = None
        self._turn = 0
        store.subscribe(self._on_changed)

    def _on_changed(self, changed: Changed) -> None:
        if changed.touches(self.DEPENDS_ON):
            self._turn += 1
            self._cached = None

    # ---- questions -----------------------------------------------------------------------------------------

    def calendar(self) -> WorkCalendar:
        """The calendar in force: shipped, then imported years, then edited days."""
        found = self._cached
        if found is None:
            turn = self._turn
            with self._store.read() as session:
                found = _calendar(session)
            # A change that came in while we read has the last word: what was read may be older.
            if turn == self._turn:
                self._cached = found
        return found

    def years(self) -> list[YearRow]:
        """Every year that is known, and the next one to come, newest first."""
        calendar = self.calendar()
        with self._store.read() as session:
            imported = {row.year: row for row in session.scalars(select(CalendarYear))}
            edits = [_named(row) for row in session.scalars(select(CalendarDay).where(CalendarDay.is_edited))]
        shipped = {year.year: year.source for year in shipped_years()}
        this = self._clock.today().year
        numbers = {*shipped, *imported, this, this + 1, *(day.on.year for day in edits)}
        return [
            _year_row(
                number,
                calendar,
                imported[number].source if number in imported else shipped.get(number, ""),
                imported[number].imported_on if number in imported else None,
                tuple(day for day in edits if day.on.year == number),
            )
            for number in sorted(numbers, reverse=True)
        ]

    def preview(self, year: HolidayYear) -> CalendarChange:
        """What taking in an arrangement would do."""
        return self._tried(lambda session: _put_year(session, year, self._clock.today()), year)

    def preview_file(self, content: bytes, name: str) -> CalendarChange:
        """What taking in the arrangement of a file would do."""
        return self.preview(read_holiday_year(content, name))

    def preview_day(self, on: date, kind: DayKind | None, name: str = "") -> CalendarChange:
        """What editing a day would do."""
        return self._tried(lambda session: _put_day(session, on, kind, name), _edit_year(on, kind, name))

    # ---- acts ----------------------------------------------------------------------------------------------

    def import_year(self, year: HolidayYear) -> CalendarChange:
        """Take in a year's arrangement instead of what was known of it, and count anew what is open. Days that the office edited stay."""
        return self._applied(
            f"导入 {year.year} 年放假安排", lambda session: _put_year(session, year, self._clock.today()), year
        )

    def import_file(self, content: bytes, name: str) -> CalendarChange:
        """Take in the arrangement of a file."""
        return self.import_year(read_holiday_year(content, name))

    def edit_day(self, on: date, kind: DayKind | None, name: str = "") -> CalendarChange:
        """Make a day 休 or 班, or (None) take the office's edit of it back; what is open is counted anew."""
        return self._applied(
            f"修改工作日历 {on}", lambda session: _put_day(session, on, kind, name), _edit_year(on, kind, name)
        )

    def _tried(self, put: Callable[[Session], None], year: HolidayYear) -> CalendarChange:
        """Do it inside an act that is always rolled back: a preview cannot differ from the act itself."""
        found: list[CalendarChange] = []
        try:
            with self._store.write("预览") as session:
                found.append(self._done(session, put, year))
                raise _RolledBack
        except _RolledBack:
            return found[0]

    def _applied(self, title: str, put: Callable[[Session], None], year: HolidayYear) -> CalendarChange:
        with self._store.write(title) as session:
            return self._done(session, put, year)

    def _done(self, session: Session, put: Callable[[Session], None], year: HolidayYear) -> CalendarChange:
        before = self.calendar()
        put(session)
        session.flush()
        after = _calendar(session)
        counting = self._counting(after)
        changed = list(self._recounted(session, before, after))
        for link, due in changed:
            counting.move(session, link.id, due, reason=REASON)
        return _change(year, before, changed)

    # ---- counting anew -------------------------------------------------------------------------------------

    def _counting(self, calendar: WorkCalendar) -> Obligations:
        return Obligations(self._store, self._clock, self._rules, lambda: calendar)

    def _recounted(self, session: Session, before: WorkCalendar, after: WorkCalendar) -> Iterator[tuple[_Link, Due]]:
        """Each open obligation that stands otherwise under the new calendar, with its new link."""
        counting = self._counting(after)
        rows = session.connection().exec_driver_sql(LINKS_SQL).all()
        permits = session.connection().exec_driver_sql("SELECT id, kind FROM permit")
        kinds: dict[int, str] = {row[0]: row[1] for row in permits}
        for link in map(_link, rows):
            due = self._due_of(link, before, after, counting, kinds)
            if due is not None and (_dates(due), due.is_provisional) != (link.dates, link.is_provisional):
                yield link, due

    def _due_of(
        self, link: _Link, before: WorkCalendar, after: WorkCalendar, counting: Obligations, kinds: dict[int, str]
    ) -> Due | None:
        """The link as the new calendar gives it; None where it cannot be told how the old one came about."""
        if link.kind is ObligationKind.CERTIFICATE:
            return certificate_due(counting, link.raw_on)
        if link.kind is ObligationKind.PERMIT:
            return permit_due(counting, self._permit_kind(kinds.get(link.subject_id, "")), link.raw_on)
        rule = self._rules.rules.get(link.rule or "")
        if rule is None:
            return counting.due_on_day(link.raw_on, link.rule) if link.due_on == link.raw_on else None
        if rule.unit is Unit.WORKING_DAY:
            return self._counted_again(link, rule, before, counting)
        return _rolled(link.raw_on, rule, after)

    def _permit_kind(self, kind: str) -> PermitKind:
        return self._catalogue.permit_kinds.get(kind) or PermitKind(kind, kind, "")

    def _counted_again(self, link: _Link, rule: Rule, before: WorkCalendar, counting: Obligations) -> Due | None:
        """Working days from the trigger, but only when that is how the date that stands was counted."""
        old = self._counting(before).due_by_rule(rule.id, link.triggered_on, link.triggered_on)
        if _dates(old) != link.dates:
            return None
        return counting.due_by_rule(rule.id, link.triggered_on, link.triggered_on)


class _RolledBack(Exception):
    """Takes a preview's act back."""


def _change(year: HolidayYear, before: WorkCalendar, changed: list[tuple[_Link, Due]]) -> CalendarChange:
    return CalendarChange(
        year=year.year,
        source=year.source,
        off_count=year.off_count,
        work_count=len(year.days) - year.off_count,
        replaces=before.year_status(year.year),
        moves=tuple(_move(link, due) for link, due in changed if _dates(due) != link.dates),
        confirmed_count=sum(_dates(due) == link.dates for link, due in changed),
    )


def _rolled(raw_on: date, rule: Rule, calendar: WorkCalendar) -> Due:
    """A raw day that no calendar moves, with the legal and planning day that follow from it."""
    legal = calendar.next_workday_on_or_after(raw_on) if rule.roll is Roll.FORWARD else raw_on
    plan = calendar.previous_workday_on_or_before(raw_on)
    depends = rule.roll is Roll.FORWARD or rule.plan_roll is PlanRoll.BACKWARD
    return Due(raw_on, legal, plan, depends and calendar.is_provisional(plan, legal), rule.id)


def _dates(due: Due) -> tuple[date, date, date]:
    return due.raw_on, due.due_on, due.plan_on


def _link(row: Any) -> _Link:
    number, kind, title, enterprise, subject, triggered, rule, raw, due, plan, provisional = row
    day = date.fromisoformat
    return _Link(
        number, ObligationKind(kind), title, enterprise, subject, day(triggered), rule, day(raw), day(due), day(plan),
        bool(provisional),
    )  # fmt: skip


def _move(link: _Link, due: Due) -> DueMove:
    return DueMove(
        link.id, link.kind, link.title, link.enterprise, link.due_on, due.due_on, link.plan_on, due.plan_on
    )  # fmt: skip


# ---- the calendar as it is kept ----------------------------------------------------------------------------------


def _calendar(session: Session) -> WorkCalendar:
    imported = {row.year: row.source for row in session.scalars(select(CalendarYear))}
    days = session.scalars(select(CalendarDay).order_by(CalendarDay.on_date)).all()
    own = {number: [_named(day) for day in days if not day.is_edited and _owner(day.on_date, imported) == number]
           for number in sorted(imported)}  # fmt: skip
    shipped = [year for year in shipped_years() if year.year not in imported]
    taken_in = [HolidayYear(number, tuple(own[number]), imported[number]) for number in own]
    return WorkCalendar.of([*shipped, *taken_in], [_named(day) for day in days if day.is_edited])


def _owner(on: date, imported: dict[int, str]) -> int:
    """The arrangement that an imported day came with: its own year's, else the neighbour's that reaches into it."""
    if on.year in imported:
        return on.year
    return on.year + 1 if on.month == 12 else on.year - 1


def _named(row: CalendarDay) -> NamedDay:
    return NamedDay(row.on_date, DayKind.WORK if row.is_workday else DayKind.OFF, row.name)


def _put_year(session: Session, year: HolidayYear, today: date) -> None:
    """The arrangement instead of the one that was imported for this year before; edited days are left alone."""
    known = session.scalars(select(CalendarYear).where(CalendarYear.year == year.year)).first()
    if known is None:
        session.add(CalendarYear(year=year.year, source=year.source, imported_on=today))
    else:
        known.source, known.imported_on = year.source, today
    session.flush()
    imported = {row.year: row.source for row in session.scalars(select(CalendarYear))}
    rows = {row.on_date: row for row in session.scalars(select(CalendarDay))}
    wanted = {day.on: day for day in year.days}
    for on, row in rows.items():
        if not row.is_edited and on not in wanted and _owner(on, imported) == year.year:
            session.delete(row)
    for on, day in wanted.items():
        if on not in rows:
            session.add(CalendarDay(on_date=on, is_workday=day.kind is DayKind.WORK, name=day.name, is_edited=False))
        elif not rows[on].is_edited:
            rows[on].is_workday, rows[on].name = day.kind is DayKind.WORK, day.name


def _put_day(session: Session, on: date, kind: DayKind | None, name: str) -> None:
    row = session.scalars(select(CalendarDay).where(CalendarDay.on_date == on)).first()
    if kind is None:
        if row is None or not row.is_edited:
            raise Refused("day_not_edited", on=on)
        _take_edit_back(session, row)
    elif row is None:
        session.add(CalendarDay(on_date=on, is_workday=kind is DayKind.WORK, name=name.strip(), is_edited=True))
    else:
        row.is_workday, row.name, row.is_edited = kind is DayKind.WORK, name.strip(), True


def _take_edit_back(session: Session, row: CalendarDay) -> None:
    """The imported day that the edit covered is in the journal; without one the row goes, and the plain week holds."""
    images = session.connection().exec_driver_sql(
        "SELECT after FROM operation_row WHERE table_name = 'calendar_day' AND row_id = ? AND after IS NOT NULL "
        "ORDER BY id DESC",
        (row.id,),
    )
    for (image,) in images:
        before = json.loads(image)
        if not before["is_edited"]:
            row.is_workday, row.name, row.is_edited = bool(before["is_workday"]), before["name"], False
            return
    session.delete(row)


def _edit_year(on: date, kind: DayKind | None, name: str) -> HolidayYear:
    return HolidayYear(on.year, () if kind is None else (NamedDay(on, kind, name),), "本单位修改")


def _year_row(
    number: int, calendar: WorkCalendar, source: str, imported_on: date | None, edits: tuple[NamedDay, ...]
) -> YearRow:
    named = sorted((day for day in calendar.days.values() if day.on.year == number), key=lambda day: day.on)
    return YearRow(
        year=number,
        status=calendar.year_status(number),
        source=source,
        imported_on=imported_on,
        off_days=tuple(day for day in named if day.kind is DayKind.OFF),
        work_days=tuple(day for day in named if day.kind is DayKind.WORK),
        edited_days=edits,
        workday_count=calendar.count_workdays(date(number, 1, 1), date(number, 12, 31)),
    )
