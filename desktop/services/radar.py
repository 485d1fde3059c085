"""反复违法雷达: what keeps coming back where, by the findings on record, and what may be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Setting
from db.store import Store
from desktop.domain.errors import Invalid
from desktop.domain.form import RecordKind
from desktop.domain.inspection import InspectionKind, InspectionOrigin
from desktop.domain.radar import Finding, RadarCell, RadarPolicy, SameBy, cells
from desktop.services.catalogue import Catalogue
from desktop.services.clock import Clock
from desktop.services.crew import Member
from desktop.services.forms import Forms
from desktop.services.inspections import InspectionDraft, Inspections
from desktop.services.stored import day_of
from desktop.text import label, long_day

MONTHS, TIMES = "radar.months", "radar.times"
REMINDER = "reminder_list"


@dataclass(frozen=True, slots=True)
class RadarRow:
    """A cell in the words of the screen. `example` and `basis` are those of its newest finding."""

    number: int
    cell: RadarCell
    same: str
    village: str
    sector: str
    enterprises: tuple[str, ...]
    repeated: tuple[str, ...]
    example: str
    basis: str

    @property
    def reason(self) -> str:
        """Why something is proposed, in a sentence."""
        cell = self.cell
        again = f"，其中{'、'.join(self.repeated)}一再发生" if self.repeated else ""
        return (
            f"反复违法：{self.same}（按{label(cell.same_by)}），{self.village}、{self.sector}，"
            f"{long_day(cell.first_on)}至{long_day(cell.last_on)} {cell.times} 次，"
            f"涉及 {len(cell.enterprise_ids)} 家{again}"
        )


@dataclass(frozen=True, slots=True)
class RadarReport:
    """All cells of the window. `unsorted_count` findings name neither clause nor item nor category, and are left out."""

    policy: RadarPolicy
    from_on: date
    to_on: date
    rows: tuple[RadarRow, ...]
    finding_count: int
    unsorted_count: int
    by: Mapping[SameBy, int]


@dataclass(frozen=True, slots=True)
class CheckTarget:
    """An enterprise of a proposed special check, with what is already on the way there."""

    enterprise_id: int
    enterprise: str
    times: int
    last_inspected_on: date | None
    planned_on: date | None


FINDINGS_SQL = """
SELECT h.id, h.enterprise_id, h.found_on, e.village, e.sector, h.clause, h.checklist_code, h.category
FROM hazard h JOIN enterprise e ON e.id = h.enterprise_id
WHERE h.status <> 'void' AND h.found_on BETWEEN ? AND ? ORDER BY h.id
"""
TARGETS_SQL = """
SELECT e.id, e.name,
       (SELECT MAX(i.inspected_on) FROM inspection i WHERE i.enterprise_id = e.id AND i.status = 'done'),
       (SELECT MIN(i.planned_on) FROM inspection i WHERE i.enterprise_id = e.id AND i.status = 'planned')
FROM enterprise e WHERE e.archived_on IS NULL AND e.id IN ({marks}) ORDER BY e.sort_key
"""


class Radar:
    """Counts what repeats, and proposes a special check or 清单提醒."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"hazard", "enterprise", "inspection", "inspection_answer", "setting"}
    )

    def __init__(
        self, store: Store, clock: Clock, catalogue: Catalogue, inspections: Inspections, forms: Forms
    ) -> None:
        self._store = store
        self._clock = clock
        self._catalogue = catalogue
        self._inspections = inspections
        self._forms = forms

    # ---- the policy ----------------------------------------------------------------------------------------

    def policy(self) -> RadarPolicy:
        """How the office counts."""
        default = RadarPolicy()
        return RadarPolicy(self._store.setting(MONTHS, default.months), self._store.setting(TIMES, default.times))

    def set_policy(self, policy: RadarPolicy) -> None:
        """Count otherwise from now on."""
        policy.checked()
        with self._store.write("修改反复违法雷达的口径") as session:
            _keep(session, MONTHS, policy.months)
            _keep(session, TIMES, policy.times)

    # ---- the count -----------------------------------------------------------------------------------------

    def report(self, on: date | None = None) -> RadarReport:
        """What repeats in the window that ends on `on`, by default today."""
        on, policy = on or self._clock.today(), self.policy()
        findings = self._findings(policy.first_day(on), on)
        found = cells(findings, policy, on)
        names, told = self._names(found), self._told(found)
        rows = tuple(self._row(number, cell, names, told) for number, cell in enumerate(found, 1))
        kinds = [same[0] for finding in findings if (same := finding.same) is not None]
        by = {kind: kinds.count(kind) for kind in SameBy}
        return RadarReport(policy, policy.first_day(on), on, rows, len(findings), len(findings) - len(kinds), by)

    def _findings(self, first: date, last: date) -> list[Finding]:
        with self._store.read() as session:
            rows = session.connection().exec_driver_sql(FINDINGS_SQL, (first.isoformat(), last.isoformat()))
            return [
                Finding(
                    number, enterprise_id, date.fromisoformat(found_on), village, sector or "", clause or "", code or "",
                    category,
                )
                for number, enterprise_id, found_on, village, sector, clause, code, category in rows
            ]  # fmt: skip

    def _names(self, found: Sequence[RadarCell]) -> dict[int, str]:
        wanted = sorted({number for cell in found for number in cell.enterprise_ids})
        rows = self._in("SELECT id, name FROM enterprise WHERE id IN ({marks})", wanted)
        return dict(rows)

    def _told(self, found: Sequence[RadarCell]) -> dict[int, tuple[str, str, str]]:
        """Description and basis of the newest finding of each cell, and the words of its checklist item."""
        wanted = [cell.hazard_ids[0] for cell in found]
        sql = (
            "SELECT h.id, h.description, h.basis, COALESCE((SELECT a.text FROM inspection_answer a "
            "WHERE a.code = h.checklist_code ORDER BY a.id DESC LIMIT 1), '') FROM hazard h WHERE h.id IN ({marks})"
        )
        return {number: (description, basis, item) for number, description, basis, item in self._in(sql, wanted)}

    def _in(self, sql: str, values: Sequence[int]) -> list[Any]:
        found: list[Any] = []
        with self._store.read() as session:
            for start in range(0, len(values), 500):
                some = tuple(values[start : start + 500])
                marks = ", ".join("?" * len(some))
                found += session.connection().exec_driver_sql(sql.replace("{marks}", marks), some).all()
        return found

    def _row(
        self, number: int, cell: RadarCell, names: Mapping[int, str], told: Mapping[int, tuple[str, str, str]]
    ) -> RadarRow:
        example, basis, item = told[cell.hazard_ids[0]]
        return RadarRow(
            number,
            cell,
            item if cell.same_by is SameBy.CHECKLIST and item else cell.same,
            cell.village or "未填村居",
            self._catalogue.sector_label(cell.sector) or cell.sector or "未分行业",
            tuple(names[each] for each in cell.enterprise_ids),
            tuple(names[each] for each in cell.repeated_ids),
            example,
            basis,
        )

    # ---- what may be done about it -------------------------------------------------------------------------

    def targets(self, row: RadarRow) -> list[CheckTarget]:
        """The enterprises that a special check would go to: a look at it before anything is written."""
        with_times = self._times(row)
        return [
            CheckTarget(number, name, with_times.get(number, 0), day_of(last), day_of(planned))
            for number, name, last, planned in self._in(TARGETS_SQL, row.cell.enterprise_ids)
        ]

    def _times(self, row: RadarRow) -> dict[int, int]:
        sql = "SELECT enterprise_id, COUNT(DISTINCT found_on) FROM hazard WHERE id IN ({marks}) GROUP BY enterprise_id"
        return dict(self._in(sql, row.cell.hazard_ids))

    def schedule_check(
        self, row: RadarRow, enterprise_ids: Sequence[int], planned_on: date | None, officers: tuple[Member, ...] = ()
    ) -> list[int]:
        """Put a special check of each enterprise into the calendar, as one act, with the reason."""
        problems = {} if enterprise_ids else {"enterprises": "missing"}
        if planned_on is None:
            problems["planned_on"] = "missing"
        elif planned_on < self._clock.today():
            problems["planned_on"] = "date_past"
        if problems:
            raise Invalid(problems)
        with self._store.write(f"安排专项检查 {len(enterprise_ids)} 家"):
            return [
                self._inspections.schedule(
                    InspectionDraft(
                        enterprise_id,
                        kind=InspectionKind.SPECIAL,
                        origin=InspectionOrigin.OTHER,
                        planned_on=planned_on,
                        officers=officers,
                        remark=row.reason,
                    )
                )
                for enterprise_id in enterprise_ids
            ]

    def draft_reminders(self, row: RadarRow, enterprise_ids: Sequence[int]) -> list[int]:
        """A draft of 清单提醒 for each enterprise, with what keeps coming back in it; nothing is issued."""
        if not enterprise_ids:
            raise Invalid({"enterprises": "missing"})
        with self._store.write(f"起草清单提醒 {len(enterprise_ids)} 份"):
            return [self._draft_reminder(row, enterprise_id) for enterprise_id in enterprise_ids]

    def _draft_reminder(self, row: RadarRow, enterprise_id: int) -> int:
        sql = (
            "SELECT enterprise_id, MAX(inspection_id) FROM hazard WHERE inspection_id NOTNULL AND id IN ({marks}) "
            "GROUP BY enterprise_id"
        )
        visit = dict(tuple(each) for each in self._in(sql, row.cell.hazard_ids)).get(enterprise_id)
        record = (RecordKind.INSPECTION, visit) if visit else (RecordKind.ENTERPRISE, enterprise_id)
        draft = self._forms.new(REMINDER, record, self._clock.today())
        what = row.example if row.cell.same_by is SameBy.CLAUSE else row.same
        since = f"{long_day(row.cell.first_on)}以来{row.village}{row.sector}已发生 {row.cell.times} 次"
        line = ["1", f"{what}（{since}）", row.basis, "", "", ""]
        return self._forms.save(replace(draft, values={**draft.values, "rows": [line]}))


def _keep(session: Session, key: str, value: int) -> None:
    kept = session.scalars(select(Setting).where(Setting.key == key)).first()
    if kept is None:
        session.add(Setting(key=key, value=value))
    else:
        kept.value = value
