"""The figures of the workbench: each with its definition, its target and the rows behind it.

They read the same tables as the year-end statistics; a figure of nothing is None, which reads as a dash.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from db.store import Store
from desktop.domain.classification import Counting, EnforcementAct, KeyShare, key_share
from desktop.domain.deadline import RuleBook
from desktop.services.clock import Clock

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a share (`part` of `whole`) or a plain count (`whole` None), the rows counted and those left out."""

    code: str
    title: str
    part: int
    whole: int | None
    target: Decimal | None
    definition: str
    table: str
    row_ids: tuple[int, ...]
    missing_ids: tuple[int, ...] = ()
    note: str = ""

    @property
    def share(self) -> float | None:
        """The share, None for a count and for a share of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def meets_target(self) -> bool | None:
        """Whether the target is reached; None where there is none or nothing to judge."""
        if self.target is None or self.share is None:
            return None
        return self.share >= float(self.target)


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One record behind a figure."""

    id: int
    enterprise: str
    what: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Week:
    """What was done in a week (Monday `first_on` to Sunday)."""

    first_on: date
    inspections: int
    found: int
    cleared: int


@dataclass(frozen=True, slots=True)
class Load:
    """What lies before one officer: open plan items of the month, open obligations, late ones."""

    officer_id: int
    officer: str
    planned: int
    due: int
    overdue: int


COUNTED = "i.status = 'done' AND i.inspected_on BETWEEN ? AND ?"


class Figures:
    """Computes the figures from the records as they are today."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"plan_item", "inspection", "hazard", "obligation", "obligation_due", "enterprise", "officer", "penalty_case"}
    )

    def __init__(self, store: Store, clock: Clock, rules: RuleBook) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules

    def cards(self, year: int | None = None) -> list[Figure]:
        """The five cards of the workbench, for the year up to today."""
        wanted = year or self._clock.today().year
        return [
            self.plan_completion(wanted),
            self.key_share_done(wanted),
            self.rectification_rate(wanted),
            self.timely_reinspection(wanted),
            self.open_majors(),
        ]

    # ---- figures -------------------------------------------------------------------------------------------

    def plan_completion(self, year: int) -> Figure:
        """Items of the plan that are done, of all that were not cancelled."""
        rows = self._all(
            "SELECT p.id, EXISTS (SELECT 1 FROM inspection i WHERE i.plan_item_id = p.id AND i.status = 'done'), p.month "
            "FROM plan_item p WHERE p.year = ? AND p.cancelled_on IS NULL ORDER BY p.month, p.id",
            (year,),
        )
        today = self._clock.today()
        so_far = [row for row in rows if (year, row[2]) <= (today.year, today.month)]
        definition = "本年度计划项中已完成检查的项数÷全部计划项数（已取消的不计）。"
        note = f"截至本月应完成 {len(so_far)} 项"
        return _of_rows("plan_completion", "计划完成率", rows, definition, "plan_item", note)

    def key_share_done(self, year: int, counting: Counting | None = None) -> Figure:
        """The key-target share of what was done, in the counting the office chose, against the floor of the notice."""
        chosen = counting or Counting(self._store.setting("key_share.counting", Counting.INSPECTIONS.value))
        acts = self._acts(year, chosen)
        share = key_share([act for _, act in acts], chosen)
        return self._share_figure("key_share", "重点监管执法占比", share, acts, chosen)

    def key_share_planned(self, year: int) -> Figure:
        """The same share of the plan, so that it is seen while planning."""
        rows = self._all(
            "SELECT p.id, e.is_key FROM plan_item p JOIN enterprise e ON e.id = p.enterprise_id "
            "WHERE p.year = ? AND p.cancelled_on IS NULL",
            (year,),
        )
        acts = [(row[0], EnforcementAct(Counting.INSPECTIONS, bool(row[1]))) for row in rows]
        share = key_share([act for _, act in acts], Counting.INSPECTIONS)
        figure = self._share_figure("key_share_planned", "计划中的重点占比", share, acts, Counting.INSPECTIONS)
        return replace(figure, table="plan_item")

    def shares(self, year: int) -> dict[Counting, KeyShare]:
        """The share in all three countings."""
        return {counting: key_share([act for _, act in self._acts(year, counting)], counting) for counting in Counting}

    def _share_figure(
        self,
        code: str,
        title: str,
        share: KeyShare,
        acts: Sequence[tuple[int, EnforcementAct]],
        counting: Counting,
    ) -> Figure:
        counted = [(row_id, act) for row_id, act in acts if not act.is_exempt]
        note = f"另有不计入的举报、交办等 {share.exempt} 项" if share.exempt else ""
        return Figure(
            code,
            title,
            share.numerator,
            share.denominator,
            self._rules.thresholds["key_share"].value,
            share.definition,
            _TABLE[counting],
            tuple(row_id for row_id, act in counted if act.is_key),
            tuple(row_id for row_id, act in counted if not act.is_key),
            note,
        )

    def _acts(self, year: int, counting: Counting) -> list[tuple[int, EnforcementAct]]:
        rows = self._all(_ACTS_SQL[counting], self._year(year))
        return [(row[0], EnforcementAct(counting, bool(row[1]), bool(row[2]))) for row in rows]

    def rectification_rate(self, year: int) -> Figure:
        """Hazards found in the year that are cleared, of all found (void ones left out)."""
        rows = self._all(
            "SELECT id, status = 'cleared' FROM hazard WHERE found_on BETWEEN ? AND ? AND status <> 'void' ORDER BY id",
            self._year(year),
        )
        definition = "本年度发现的隐患中已复查销号（含当场整改）的条数÷本年度发现的隐患条数（作废的不计）。"
        return _of_rows("rectification_rate", "隐患整改率", rows, definition, "hazard")

    def timely_reinspection(self, year: int) -> Figure:
        """Re-inspections that were due by today and made in time, of all that were due."""
        first, last = self._year(year)
        today = min(last, self._clock.today().isoformat())
        rows = self._all(
            "SELECT o.subject_id, o.ended_on IS NOT NULL AND o.ended_on <= d.due_on "
            "FROM obligation o JOIN obligation_due d ON d.obligation_id = o.id AND d.sequence = "
            "(SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = o.id) "
            "WHERE o.kind = 'reinspect' AND o.end_kind IS NOT 'void' AND o.end_kind IS NOT 'waived' "
            "AND ((o.ended_on BETWEEN ? AND ?) OR (d.due_on BETWEEN ? AND ? AND d.due_on < ?)) ORDER BY o.id",
            (first, today, first, last, today),
        )
        definition = "本年度已办和已逾期的复查时限中，在法定期限内完成复查的件数÷全部件数（作废、免办的不计）。"
        return _of_rows("timely_reinspection", "按期复查率", rows, definition, "hazard")

    def open_majors(self) -> Figure:
        """Major hazards that are still open, of whatever year."""
        rows = self._all(
            "SELECT id FROM hazard WHERE level = 'major' AND status NOT IN ('cleared', 'void') ORDER BY found_on, id",
            (),
        )
        ids = tuple(row[0] for row in rows)
        return Figure(
            "open_majors",
            "未销号重大隐患",
            len(ids),
            None,
            None,
            "尚未复查销号的重大事故隐患条数，不分发现年度。",
            "hazard",
            ids,
        )

    def lines(self, table: str, ids: Sequence[int]) -> list[FigureLine]:
        """The records of `table` behind a figure, in the order of `ids`."""
        marks = ", ".join("?" * len(ids))
        found = {
            row[0]: FigureLine(row[0], row[1], row[2] or "", None if row[3] is None else date.fromisoformat(row[3]))
            for row in self._all(_LINES_SQL[table].format(marks=marks), tuple(ids))
        }
        return [found[key] for key in ids if key in found]

    # ---- trend and load ------------------------------------------------------------------------------------

    def trend(self, weeks: int = WEEKS) -> list[Week]:
        """Inspections made, hazards found and cleared, week by week up to the present one."""
        today = self._clock.today()
        monday = today - timedelta(days=today.weekday())
        first = monday - timedelta(weeks=weeks - 1)
        span = (first.isoformat(), (monday + timedelta(days=6)).isoformat())
        made = self._by_week(f"SELECT i.inspected_on, COUNT(*) FROM inspection i WHERE {COUNTED} GROUP BY 1", span)
        found = self._by_week(
            "SELECT found_on, COUNT(*) FROM hazard WHERE status <> 'void' AND found_on BETWEEN ? AND ? GROUP BY 1", span
        )
        cleared = self._by_week(
            "SELECT cleared_on, COUNT(*) FROM hazard WHERE status = 'cleared' AND cleared_on BETWEEN ? AND ? GROUP BY 1",
            span,
        )
        starts = [first + timedelta(weeks=number) for number in range(weeks)]
        return [Week(day, made.get(day, 0), found.get(day, 0), cleared.get(day, 0)) for day in starts]

    def _by_week(self, sql: str, span: tuple[str, str]) -> dict[date, int]:
        counted: dict[date, int] = {}
        for text, count in self._all(sql, span):
            day = date.fromisoformat(text)
            monday = day - timedelta(days=day.weekday())
            counted[monday] = counted.get(monday, 0) + count
        return counted

    def loads(self) -> list[Load]:
        """What lies before each officer who is not archived."""
        today = self._clock.today()
        rows = self._all(
            "SELECT f.id, f.name, "
            "(SELECT COUNT(*) FROM plan_item p WHERE p.officer_id = f.id AND p.year = ? AND p.month = ? "
            " AND p.cancelled_on IS NULL "
            " AND NOT EXISTS (SELECT 1 FROM inspection i WHERE i.plan_item_id = p.id AND i.status = 'done')), "
            "COUNT(o.id), COALESCE(SUM(d.due_on < ?), 0) "
            "FROM officer f LEFT JOIN obligation o ON o.officer_id = f.id AND o.ended_on IS NULL "
            "LEFT JOIN obligation_due d ON d.obligation_id = o.id AND d.sequence = "
            "(SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = o.id) "
            "WHERE f.archived_on IS NULL GROUP BY f.id ORDER BY COUNT(o.id) DESC, f.id",
            (today.year, today.month, today.isoformat()),
        )
        return [Load(*row) for row in rows]

    def _year(self, year: int) -> tuple[str, str]:
        return f"{year}-01-01", f"{year}-12-31"

    def _all(self, sql: str, values: tuple[Any, ...]) -> Sequence[Any]:
        with self._store.read() as session:
            return session.connection().exec_driver_sql(sql, values).all()


def _of_rows(code: str, title: str, rows: Sequence[Any], definition: str, table: str, note: str = "") -> Figure:
    """A share without a target, of rows that are an id and whether it counts."""
    counted, missing = tuple(row[0] for row in rows if row[1]), tuple(row[0] for row in rows if not row[1])
    return Figure(code, title, len(counted), len(rows), None, definition, table, counted, missing, note)


_TABLE = {Counting.INSPECTIONS: "inspection", Counting.DOCUMENTS: "document", Counting.CASES: "penalty_case"}

# What the office did not choose by itself (tips, assigned cases) is exempt: told beside the share, not in it.
_ACTS_SQL = {
    Counting.INSPECTIONS: (
        "SELECT i.id, e.is_key, i.origin IN ('tip', 'assigned') FROM inspection i "
        f"JOIN enterprise e ON e.id = i.enterprise_id WHERE {COUNTED} ORDER BY i.id"
    ),
    Counting.DOCUMENTS: (
        "SELECT d.id, e.is_key, d.is_exempt FROM ("
        "SELECT i.id * 3 AS id, i.enterprise_id, i.inspected_on AS made_on, i.origin IN ('tip', 'assigned') AS is_exempt "
        "FROM inspection i WHERE i.status = 'done' AND i.document_number <> '' "
        "UNION ALL SELECT o.id * 3 + 1, o.enterprise_id, o.issued_on, COALESCE(i.origin IN ('tip', 'assigned'), 0) "
        "FROM rectification_order o LEFT JOIN inspection i ON i.id = o.inspection_id WHERE o.status <> 'void' "
        "UNION ALL SELECT r.id * 3 + 2, r.enterprise_id, r.reinspected_on, COALESCE(i.origin IN ('tip', 'assigned'), 0) "
        "FROM reinspection r LEFT JOIN rectification_order o ON o.id = r.order_id "
        "LEFT JOIN inspection i ON i.id = o.inspection_id WHERE r.document_number <> '') d "
        "JOIN enterprise e ON e.id = d.enterprise_id WHERE d.made_on BETWEEN ? AND ? ORDER BY d.id"
    ),
    Counting.CASES: (
        "SELECT c.id, e.is_key, 0 FROM penalty_case c JOIN enterprise e ON e.id = c.enterprise_id "
        "WHERE COALESCE(c.filed_on, c.decided_on) BETWEEN ? AND ? ORDER BY c.id"
    ),
}

_LINES_SQL = {
    "plan_item": "SELECT p.id, e.name, p.month || ' 月 ' || p.reason, p.planned_on FROM plan_item p "
    "JOIN enterprise e ON e.id = p.enterprise_id WHERE p.id IN ({marks})",
    "inspection": "SELECT i.id, e.name, i.document_number, i.inspected_on FROM inspection i "
    "JOIN enterprise e ON e.id = i.enterprise_id WHERE i.id IN ({marks})",
    # Documents of three kinds under one number: what it is stands in the rest of a division by three.
    "document": "SELECT d.id, e.name, d.number, d.made_on FROM ("
    "SELECT id * 3 AS id, enterprise_id, document_number AS number, inspected_on AS made_on FROM inspection "
    "UNION ALL SELECT id * 3 + 1, enterprise_id, number, issued_on FROM rectification_order "
    "UNION ALL SELECT id * 3 + 2, enterprise_id, document_number, reinspected_on FROM reinspection) d "
    "JOIN enterprise e ON e.id = d.enterprise_id WHERE d.id IN ({marks})",
    "penalty_case": "SELECT c.id, e.name, c.number || ' ' || c.cause, c.filed_on FROM penalty_case c "
    "JOIN enterprise e ON e.id = c.enterprise_id WHERE c.id IN ({marks})",
    "hazard": "SELECT h.id, e.name, h.description, h.found_on FROM hazard h "
    "JOIN enterprise e ON e.id = h.enterprise_id WHERE h.id IN ({marks})",
}
