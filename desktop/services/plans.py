"""The annual plan 年度监督检查计划: items by month and officer, suggested, moved, and counted against what was done."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from db.models import Enterprise, PlanItem
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.plan import PlanKind, PlanSource, last_day_of
from desktop.services.clock import Clock
from desktop.services.obligations import Due, Obligations
from desktop.services.stored import day_of

# How often a grade is visited in a year when nobody says otherwise: a default of this program, not law. The office
# changes it in the settings (`plan.visits`).
DEFAULT_VISITS = {"red": 2, "orange": 1, "yellow": 0, "blue": 0}
DEFAULT_KEY_VISITS = 1
DEFAULT_DRAWN_PERCENT = 20


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """One enterprise to inspect in a month; the day and the officer may follow later."""

    year: int
    month: int
    enterprise_id: int
    kind: PlanKind = PlanKind.GENERAL
    planned_on: date | None = None
    officer_id: int | None = None
    reason: str = ""
    source: PlanSource = PlanSource.HAND


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An item of the plan as lists and the calendar show it."""

    id: int
    year: int
    month: int
    enterprise_id: int
    enterprise: str
    village: str
    sector: str | None
    risk_level: str | None
    is_key: bool
    kind: PlanKind
    source: PlanSource
    planned_on: date | None
    officer_id: int | None
    officer: str
    reason: str
    inspection_id: int | None
    done_on: date | None
    cancelled_on: date | None
    cancel_reason: str

    @property
    def is_open(self) -> bool:
        """Neither done nor cancelled."""
        return self.done_on is None and self.cancelled_on is None


@dataclass(frozen=True, slots=True)
class MonthLine:
    """Plan against done of one month."""

    month: int
    planned: int
    done: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed item with the reason it is proposed for."""

    draft: PlanDraft
    enterprise: str


@dataclass(frozen=True, slots=True)
class PlanPolicy:
    """How suggestions are made: visits a year by risk grade, for key enterprises, and the share drawn of the rest."""

    visits: dict[str, int] = field(default_factory=lambda: dict(DEFAULT_VISITS))
    key_visits: int = DEFAULT_KEY_VISITS
    drawn_percent: int = DEFAULT_DRAWN_PERCENT


PLAN_SQL = """
SELECT p.id, p.year, p.month, p.enterprise_id, e.name, e.village, e.sector, e.risk_level, e.is_key, p.kind, p.source,
       p.planned_on, p.officer_id, f.name, p.reason,
       (SELECT i.id FROM inspection i WHERE i.plan_item_id = p.id AND i.status = 'done' ORDER BY i.id LIMIT 1),
       (SELECT i.inspected_on FROM inspection i WHERE i.plan_item_id = p.id AND i.status = 'done' ORDER BY i.id LIMIT 1),
       p.cancelled_on, p.cancel_reason
FROM plan_item p JOIN enterprise e ON e.id = p.enterprise_id LEFT JOIN officer f ON f.id = p.officer_id
"""


class Plans:
    """Adds, moves, cancels and suggests items of the plan; each open item has its obligation to inspect."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"plan_item", "inspection", "enterprise", "officer"})

    def __init__(self, store: Store, clock: Clock, obligations: Obligations) -> None:
        self._store = store
        self._clock = clock
        self._obligations = obligations

    # ---- acts ----------------------------------------------------------------------------------------------

    def add(self, draft: PlanDraft) -> int:
        """Put one enterprise into the plan."""
        with self._store.write("列入检查计划") as session:
            return self._insert(session, draft)

    def add_many(self, drafts: Sequence[PlanDraft]) -> list[int]:
        """Put many in at once, as one act: a suggestion taken over, a list pasted."""
        with self._store.write(f"列入检查计划 {len(drafts)} 项") as session:
            return [self._insert(session, draft) for draft in drafts]

    def _insert(self, session: Session, draft: PlanDraft) -> int:
        _check(draft)
        enterprise = session.get_one(Enterprise, draft.enterprise_id)
        item = PlanItem(
            year=draft.year,
            month=draft.month,
            enterprise_id=draft.enterprise_id,
            kind=draft.kind,
            source=draft.source,
            planned_on=draft.planned_on,
            officer_id=draft.officer_id,
            reason=draft.reason,
        )
        session.add(item)
        session.flush()
        self._obligations.open(
            session,
            kind=ObligationKind.INSPECT,
            title=f"检查：{enterprise.name}",
            subject=(SubjectType.PLAN_ITEM, item.id),
            actor=Actor.AGENCY,
            triggered_on=date(draft.year, draft.month, 1),
            due=self._due(draft.year, draft.month, draft.planned_on),
            enterprise_id=draft.enterprise_id,
            officer_id=draft.officer_id,
        )
        return item.id

    def _due(self, year: int, month: int, planned_on: date | None) -> Due:
        """A planned day is its own due date; without one the month's end is."""
        return self._obligations.due_on_day(planned_on or last_day_of(year, month))

    def move(self, item_id: int, planned_on: date, reason: str = "改期") -> None:
        """Set or change the day, as dragging in the calendar does. Another year is another plan, and refused."""
        with self._store.write("调整检查日期") as session:
            item = self._open_item(session, item_id)
            if planned_on.year != item.year:
                raise Refused("plan_other_year", year=item.year, on=planned_on)
            item.planned_on, item.month = planned_on, planned_on.month
            subject = (SubjectType.PLAN_ITEM, item_id)
            duty = self._obligations.open_id(session, subject, ObligationKind.INSPECT)
            if duty is not None:
                self._obligations.move(session, duty, self._obligations.due_on_day(planned_on), reason=reason)

    def assign(self, item_ids: Iterable[int], officer_id: int | None) -> None:
        """Hand items to an officer."""
        with self._store.write("指派检查人员") as session:
            for item_id in item_ids:
                self._open_item(session, item_id).officer_id = officer_id
                self._obligations.assign(session, (SubjectType.PLAN_ITEM, item_id), officer_id)

    def cancel(self, item_id: int, reason: str) -> None:
        """Take an item out of the plan; it stays in the record with the reason."""
        if not reason.strip():
            raise Invalid({"cancel_reason": "missing"})
        with self._store.write("取消计划项") as session:
            item = self._open_item(session, item_id)
            item.cancelled_on, item.cancel_reason = self._clock.today(), reason.strip()
            self._obligations.end(
                session, (SubjectType.PLAN_ITEM, item_id), None, EndKind.VOID, self._clock.today(), reason.strip()
            )

    def _open_item(self, session: Session, item_id: int) -> PlanItem:
        item = session.get_one(PlanItem, item_id)
        if item.cancelled_on is not None:
            raise Refused("plan_cancelled")
        done = session.connection().exec_driver_sql(
            "SELECT 1 FROM inspection WHERE plan_item_id = ? AND status = 'done'", (item_id,)
        )
        if done.first() is not None:
            raise Refused("plan_done")
        return item

    # ---- questions -----------------------------------------------------------------------------------------

    def row(self, item_id: int) -> PlanRow:
        """One item."""
        return self._rows("WHERE p.id = ?", (item_id,))[0]

    def rows(self, year: int, *, month: int | None = None, officer_id: int | None = None) -> list[PlanRow]:
        """The items of a year, by month and day."""
        where, values = "WHERE p.year = ?", [year]
        if month is not None:
            where, values = where + " AND p.month = ?", [*values, month]
        if officer_id is not None:
            where, values = where + " AND p.officer_id = ?", [*values, officer_id]
        return self._rows(where, tuple(values))

    def between(self, first: date, last: date) -> list[PlanRow]:
        """The items planned for a day from `first` to `last`."""
        return self._rows("WHERE p.planned_on BETWEEN ? AND ?", (first.isoformat(), last.isoformat()))

    def unscheduled(self, year: int) -> list[PlanRow]:
        """Open items of a year that have no day yet: the pool beside the calendar."""
        return [row for row in self._rows("WHERE p.year = ? AND p.planned_on IS NULL", (year,)) if row.is_open]

    def open_of(self, enterprise_id: int) -> list[PlanRow]:
        """Open items of one enterprise."""
        return [row for row in self._rows("WHERE p.enterprise_id = ?", (enterprise_id,)) if row.is_open]

    def _rows(self, where: str, values: tuple[Any, ...]) -> list[PlanRow]:
        with self._store.read() as session:
            found = session.connection().exec_driver_sql(
                f"{PLAN_SQL} {where} ORDER BY p.month, p.planned_on IS NULL, p.planned_on, e.sort_key, p.id", values
            )
            return [_row(row) for row in found]

    def by_month(self, year: int) -> list[MonthLine]:
        """Plan against done, month by month; cancelled items count in neither."""
        rows = [row for row in self.rows(year) if row.cancelled_on is None]
        return [
            MonthLine(
                month,
                sum(row.month == month for row in rows),
                sum(row.month == month and row.done_on is not None for row in rows),
            )
            for month in range(1, 13)
        ]

    # ---- suggestions ---------------------------------------------------------------------------------------

    def policy(self) -> PlanPolicy:
        """How this office wants suggestions made."""
        stored = self._store.setting("plan.policy") or {}
        return PlanPolicy(
            {**DEFAULT_VISITS, **stored.get("visits", {})},
            int(stored.get("key_visits", DEFAULT_KEY_VISITS)),
            int(stored.get("drawn_percent", DEFAULT_DRAWN_PERCENT)),
        )

    def suggest(self, year: int) -> list[Suggestion]:
        """Key enterprises and high grades each year, long unvisited first; of the rest a share is drawn (双随机).

        The draw depends on the year alone, so that it can be repeated before witnesses. What the plan already holds
        is taken off.
        """
        policy = self.policy()
        with self._store.read() as session:
            rows = (
                session.connection()
                .exec_driver_sql(
                    "SELECT e.id, e.name, e.risk_level, e.is_key, "
                    "(SELECT MAX(i.inspected_on) FROM inspection i WHERE i.enterprise_id = e.id AND i.status = 'done'), "
                    "(SELECT COUNT(*) FROM plan_item p WHERE p.enterprise_id = e.id AND p.year = ? "
                    " AND p.cancelled_on IS NULL) "
                    "FROM enterprise e WHERE e.archived_on IS NULL AND e.status = 'operating' ORDER BY e.id",
                    (year,),
                )
                .all()
            )
        wanted = [(row, _visits(row, policy), _why(row)) for row in rows]
        rest = [row for row, visits, _ in wanted if visits == 0 and row[5] == 0]
        drawn = random.Random(year).sample(rest, len(rest) * policy.drawn_percent // 100)
        chosen = [(row, visits - row[5], why) for row, visits, why in wanted if visits > row[5]]
        chosen += [(row, 1, "随机抽取") for row in drawn]
        chosen.sort(key=lambda entry: (not entry[0][3], entry[0][4] or "", entry[0][0]))
        today = self._clock.today()
        return _spread(year, chosen, today.month if year == today.year else 1)


def _visits(row: Any, policy: PlanPolicy) -> int:
    by_grade = policy.visits.get(row[2] or "", 0)
    return max(by_grade, policy.key_visits) if row[3] else by_grade


def _why(row: Any) -> str:
    grade = {"red": "红色风险", "orange": "橙色风险"}.get(row[2] or "", "")
    words = [word for word in ("重点监管企业" if row[3] else "", grade) if word]
    last = "从未检查" if row[4] is None else f"上次检查 {row[4]}"
    return "、".join([*words, last])


def _spread(year: int, chosen: Sequence[tuple[Any, int, str]], first: int) -> list[Suggestion]:
    """Spread the visits evenly over the months from `first` on, several of one enterprise as far apart as that allows."""
    left = 13 - first
    total = sum(visits for _, visits, _ in chosen) or 1
    suggestions, placed = [], 0
    for row, visits, why in chosen:
        for turn in range(visits):
            month = first + (placed * left // total + turn * left // visits) % left
            kind = PlanKind.KEY if row[3] else PlanKind.GENERAL
            draft = PlanDraft(year, month, row[0], kind, reason=why, source=PlanSource.SUGGESTED)
            suggestions.append(Suggestion(draft, row[1]))
            placed += 1
    return sorted(suggestions, key=lambda each: (each.draft.month, each.draft.kind != PlanKind.KEY))


def _check(draft: PlanDraft) -> None:
    problems = {}
    if not 1 <= draft.month <= 12:
        problems["month"] = "number_invalid"
    if not 2000 <= draft.year <= 2100:
        problems["year"] = "number_invalid"
    if draft.planned_on is not None and (draft.planned_on.year, draft.planned_on.month) != (draft.year, draft.month):
        problems["planned_on"] = "other_month"
    if problems:
        raise Invalid(problems)


def _row(row: Any) -> PlanRow:
    values: list[Any] = [
        *row[:8],
        bool(row[8]),
        PlanKind(row[9]),
        PlanSource(row[10]),
        day_of(row[11]),
        row[12],
        row[13] or "",
        row[14],
        row[15],
        day_of(row[16]),
        day_of(row[17]),
        row[18],
    ]
    return PlanRow(*values)
