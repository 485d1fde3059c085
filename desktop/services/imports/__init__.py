"""A ledger in: read, planned, previewed, applied in one act, undone in one step. The preview is what is done."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import ImportBatch, ImportMapping
from desktop.domain.errors import Refused
from desktop.exchange.ledger import Layout, LedgerKind, ParsedLedger, ParsedRow, RowAction, RowResult, read_ledger
from desktop.exchange.sheet import Sheet, collection_paused
from desktop.services import Services
from desktop.services.imports.plan import Action, ImportPlan, PlannedRow
from desktop.services.progress import Progress

KINDS = {
    "enterprises": "企业名册",
    "hazards": "隐患台账",
    "inspections": "检查台账",
    "officers": "执法人员",
    "permits": "证照资质",
    "cases": "处罚案件",
    "plan": "检查计划",
}


class Planner(Protocol):
    """What each kind of ledger brings."""

    def plan(self, session: Session, rows: Sequence[ParsedRow], progress: Progress) -> list[PlannedRow]: ...

    def apply(self, session: Session, planned: Sequence[PlannedRow], progress: Progress) -> None: ...


class Imports:
    """Plans and applies ledgers, and remembers how a sender's layout was understood."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store

    def read(
        self,
        file: str,
        sheets: Sequence[Sheet],
        kind: LedgerKind,
        *,
        only: str | None = None,
        layouts: Sequence[Layout] = (),
        progress: Progress | None = None,
    ) -> ParsedLedger:
        """Understand the sheets of a file as a ledger of this kind, the way this sender's layout was understood before.

        A code that fails its check digit is kept and marked: real codes of early pilot areas fail it.
        """

        def remembered(signature: str) -> Layout | None:
            columns = self.remembered(kind.value, signature)
            return None if columns is None else Layout(columns)

        on = self._services.clock.today()
        return read_ledger(
            file,
            sheets,
            kind,
            on,
            only=only,
            layouts=layouts,
            remembered=remembered,
            keep_codes=True,
            progress=progress,
        )

    def plan(self, ledger: ParsedLedger, progress: Progress | None = None) -> ImportPlan:
        """The fate of every row as things stand now."""
        head = self._store.head_hash()
        with self._store.read() as session, collection_paused():
            rows = [row for sheet in ledger.sheets for row in sheet.rows]
            planned = self._planner(ledger.kind).plan(session, rows, progress or Progress())
        return ImportPlan(ledger, ledger.kind, tuple(planned), head)

    def apply(self, plan: ImportPlan, *, accept_good: bool = False, progress: Progress | None = None) -> None:
        """Do what the plan says, as one act. Refused when rows are rejected (unless the good ones are to be taken)
        and when the data changed since the preview."""
        if not plan.is_clean and not accept_good:
            raise Refused("import_has_rejected", count=plan.counts["rejected"])
        if plan.is_empty:
            raise Refused("import_changes_nothing")
        steps = progress or Progress()
        name = Path(plan.ledger.file).name
        with self._store.write(f"导入{KINDS[plan.kind]}：{name}") as session:
            self._refuse_if_moved_on(plan)
            with collection_paused():
                self._planner(plan.kind).apply(session, plan.rows, steps)
            session.add(self._batch(plan))
            self._remember(session, plan)
            steps.step(1, 1, "正在保存")

    def _refuse_if_moved_on(self, plan: ImportPlan) -> None:
        with self._store.read() as session:
            head = (
                session.connection()
                .exec_driver_sql("SELECT hash FROM operation WHERE hash <> '' ORDER BY id DESC LIMIT 1")
                .scalar()
            )
        if (head or "0" * 64) != plan.head:
            raise Refused("import_moved_on")

    def _planner(self, kind: str) -> Planner:
        services, clock = self._services, self._services.clock
        if kind == "enterprises":
            from desktop.services.imports.enterprises import EnterpriseImport
            from desktop.services.rules import key_targets

            return EnterpriseImport(clock, key_targets())
        if kind == "hazards":
            from desktop.services.imports.hazards import HazardImport

            return HazardImport(clock, services.obligations)
        from desktop.services.imports import records

        if kind == "inspections":
            return records.InspectionImport(clock)
        if kind == "officers":
            return records.OfficerImport(services.officers)
        if kind == "permits":
            kinds = {key: value.label for key, value in services.catalogue.permit_kinds.items()}
            return records.PermitImport(clock, services.permits, kinds, next(iter(kinds)))
        if kind == "plan":
            return records.PlanImport(clock, services.plans)
        return records.CaseImport(clock, services.cases)

    def _batch(self, plan: ImportPlan) -> ImportBatch:
        counts, path = plan.counts, Path(plan.ledger.file)
        return ImportBatch(
            kind=plan.kind,
            file_name=path.name,
            sha256=sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            applied_at=self._services.clock.now(),
            read_count=counts["read"],
            new_count=counts["new"],
            changed_count=counts["changed"],
            unchanged_count=counts["unchanged"],
            rejected_count=counts["rejected"],
            skipped_count=counts["skipped"],
        )

    # ---- remembered mappings -------------------------------------------------------------------------------

    def remembered(self, kind: str, signature: str) -> dict[str, str | None] | None:
        """How the columns of this layout were understood last time."""
        with self._store.read() as session:
            found = session.scalars(
                select(ImportMapping).where(ImportMapping.kind == kind, ImportMapping.signature == signature)
            ).first()
        return None if found is None else dict(json.loads(found.columns))

    def _remember(self, session: Session, plan: ImportPlan) -> None:
        for sheet in plan.ledger.sheets:
            found = session.scalars(
                select(ImportMapping).where(ImportMapping.kind == plan.kind, ImportMapping.signature == sheet.signature)
            ).first()
            record = found or ImportMapping(kind=plan.kind, signature=sheet.signature)
            record.columns = json.dumps(dict(sheet.columns), ensure_ascii=False, sort_keys=True)
            record.used_at = self._services.clock.now()
            session.add(record)
            session.flush()

    def write_problem_rows(self, plan: ImportPlan, sheets: Sequence[Sheet], path: Path) -> int:
        """The rows with problems as a workbook for whoever sent the ledger; the answer is how many."""
        from desktop.exchange.problem_rows import write_problem_rows

        results = [
            RowResult(each.row, RowAction(each.action.value), each.problems[len(each.row.problems) :])
            for each in plan.rows
        ]
        return write_problem_rows(path, plan.ledger, sheets, results)

    # ---- report --------------------------------------------------------------------------------------------

    def report(self, plan: ImportPlan, *, applied: bool, all_rows: bool = False) -> dict[str, Any]:
        """The import report that other programs read: every row that was rejected, changed or carries a problem."""
        ledger = plan.ledger
        return {
            "file": ledger.file,
            "kind": plan.kind,
            "applied": applied,
            "sheets": [
                {
                    "name": sheet.name,
                    "header_row": sheet.header_row,
                    "columns": dict(sheet.columns),
                    "rows": len(sheet.rows),
                }
                for sheet in ledger.sheets
            ],
            "counts": plan.counts,
            "rows": [_reported(row) for row in plan.rows if all_rows or _is_worth_telling(row)],
        }


def _is_worth_telling(row: PlannedRow) -> bool:
    return row.action in {Action.REJECTED, Action.CHANGED} or bool(row.problems)


def _reported(planned: PlannedRow) -> dict[str, Any]:
    values: Mapping[str, Any] = planned.row.values
    return {
        "sheet": planned.row.sheet,
        "row": planned.row.row,
        "action": planned.action.value,
        "key": planned.key,
        "values": {name: value for name, value in values.items() if value not in (None, "")},
        "problems": [
            {
                "column": problem.column,
                "field": problem.field,
                "code": problem.code,
                "level": problem.level,
                "value": problem.value,
                "message": problem.message,
            }
            for problem in planned.problems
        ],
    }
