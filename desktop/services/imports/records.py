"""Inspections, officers, permits and cases taken in: each found again by its number, or by what it is about."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from db.models import Inspection, InspectionOfficer
from desktop.domain.inspection import InspectionKind, InspectionOrigin, InspectionStatus, OfficerRole
from desktop.domain.officer import CertificateDraft, OfficerDraft
from desktop.domain.permit import PermitDraft
from desktop.domain.plan import PlanKind, PlanSource
from desktop.exchange.ledger import ParsedRow
from desktop.services.cases import CaseDraft, Cases
from desktop.services.clock import Clock
from desktop.services.crew import certificate_number
from desktop.services.imports.enterprises import Known, make_named
from desktop.services.imports.plan import ERROR, Action, PlannedRow, day_of, first_fate
from desktop.services.officers import Officers
from desktop.services.permits import Permits
from desktop.services.plans import PlanDraft, Plans
from desktop.services.progress import Progress

BATCH = 100
Values = Mapping[str, Any]
Existing = Mapping[tuple[Any, ...], int]


def plan_by_key(
    rows: Sequence[ParsedRow],
    existing: Existing,
    keys_of: Callable[[Values], Iterable[tuple[Any, ...]]],
    progress: Progress,
    label: str,
) -> list[PlannedRow]:
    """New unless one of a row's keys is there already; records of acts that were done are never changed by a ledger."""
    planned = []
    for place, row in enumerate(rows):
        if place % BATCH == 0:
            progress.step(place, len(rows), label)
        fate = first_fate(row)
        if fate.action is Action.NEW:
            fate = _there_or_new(fate, existing, keys_of)
        planned.append(fate)
    return planned


def _there_or_new(
    fate: PlannedRow, existing: Existing, keys_of: Callable[[Values], Iterable[tuple[Any, ...]]]
) -> PlannedRow:
    for key in keys_of(fate.row.values):
        if all(part not in (None, "") for part in key) and key in existing:
            return PlannedRow(fate.row, Action.UNCHANGED, " ".join(map(str, key[1:])), existing[key], fate.problems)
    return fate


class OfEnterprises:
    """What the ledgers that name an enterprise have in common: unknown ones are said, and made with the name alone."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def mark_unknown(self, known: Known, planned: list[PlannedRow], field: str) -> list[PlannedRow]:
        """Say which rows name an enterprise that the roster does not have."""
        text = "名册里没有这家企业，导入时将按这个名称新建，请事后补全。"
        return [
            row.with_problem("not_found", field, text)
            if row.action is Action.NEW and known.named(str(row.row.values.get(field) or "")) is None
            else row
            for row in planned
        ]

    def owners(self, session: Session, rows: Sequence[PlannedRow], field: str) -> dict[str, int]:
        """The enterprise of every name in these rows."""
        known = Known.of(session)
        names = dict.fromkeys(str(row.row.values.get(field) or "") for row in rows)
        made = make_named(session, self.clock, [name for name in names if known.named(name) is None])
        return {name: known.named(name) or made[name] for name in names}


def new_of(planned: Sequence[PlannedRow]) -> list[PlannedRow]:
    """The rows that will be added."""
    return [row for row in planned if row.action is Action.NEW]


class InspectionImport(OfEnterprises):
    """An inspection ledger: visits that were made."""

    def plan(self, session: Session, rows: Sequence[ParsedRow], progress: Progress) -> list[PlannedRow]:
        """Found again by enterprise, day and document number."""
        known = Known.of(session)
        existing: dict[tuple[Any, ...], int] = {}
        found = session.connection().exec_driver_sql(
            "SELECT id, enterprise_id, inspected_on, document_number FROM inspection WHERE status = 'done'"
        )
        for number, owner, on, paper in found:
            existing[("day", owner, on)] = number
            existing[("paper", paper)] = number

        def keys(values: Values) -> Iterable[tuple[Any, ...]]:
            yield ("paper", values.get("document_number"))
            yield ("day", known.named(str(values.get("enterprise") or "")), values.get("inspected_on"))

        planned = plan_by_key(rows, existing, keys, progress, "正在核对检查记录")
        return self.mark_unknown(known, planned, "enterprise")

    def apply(self, session: Session, planned: Sequence[PlannedRow], progress: Progress) -> None:
        """Add the visits; names that are no officers of this office stay in the remark."""
        new = new_of(planned)
        owners = self.owners(session, new, "enterprise")
        people = session.connection().exec_driver_sql("SELECT name, id FROM officer WHERE archived_on IS NULL")
        officers = {row[0]: row[1] for row in people}
        for place, row in enumerate(new):
            if place % BATCH == 0:
                progress.step(place, len(new), "正在登记检查")
            self._add(session, row.row.values, owners, officers)

    def _add(self, session: Session, values: Values, owners: Mapping[str, int], officers: Mapping[str, int]) -> None:
        on = day_of(values.get("inspected_on")) or self.clock.today()
        names = [name for name in str(values.get("officers") or "").split("、") if name]
        strangers = "、".join(name for name in names if name not in officers)
        notes = [str(values.get("remark") or ""), f"检查人员：{strangers}" if strangers else ""]
        record = Inspection(
            enterprise_id=owners[str(values.get("enterprise") or "")],
            kind=InspectionKind(values.get("kind") or InspectionKind.ROUTINE.value),
            origin=InspectionOrigin.OTHER,
            status=InspectionStatus.DONE,
            inspected_on=on,
            document_number=str(values.get("document_number") or ""),
            result=str(values.get("result") or ""),
            remark="；".join(note for note in notes if note),
        )
        session.add(record)
        session.flush()
        crew = [officers[name] for name in dict.fromkeys(names) if name in officers]
        for place, officer in enumerate(crew):
            role = OfficerRole.MEMBER if place else OfficerRole.LEAD
            number = certificate_number(session, officer, on)
            session.add(
                InspectionOfficer(inspection_id=record.id, officer_id=officer, role=role, certificate_number=number)
            )


class OfficerImport:
    """A list of officers with their certificates."""

    def __init__(self, officers: Officers) -> None:
        self.officers = officers

    def plan(self, session: Session, rows: Sequence[ParsedRow], progress: Progress) -> list[PlannedRow]:
        """Found again by certificate number; a known name with a new card renews the certificate."""
        by_name: dict[str, int] = {}
        existing: dict[tuple[Any, ...], int] = {}
        run = session.connection().exec_driver_sql
        for number, name in run("SELECT id, name FROM officer WHERE archived_on IS NULL"):
            by_name[name] = number
        for number, card, until in run("SELECT officer_id, number, valid_until FROM officer_certificate"):
            existing[("card", card, until)] = number

        def keys(values: Values) -> Iterable[tuple[Any, ...]]:
            yield ("card", values.get("cert_number"), values.get("valid_until"))

        planned = plan_by_key(rows, existing, keys, progress, "正在核对人员")
        return [self._known_name(row, by_name) for row in planned]

    def _known_name(self, row: PlannedRow, by_name: Mapping[str, int]) -> PlannedRow:
        number = by_name.get(str(row.row.values.get("name") or ""))
        if row.action is not Action.NEW or number is None:
            return row
        if not row.row.values.get("valid_until"):
            return PlannedRow(row.row, Action.UNCHANGED, str(row.row.values["name"]), number, row.problems)
        changes = {"valid_until": (None, row.row.values["valid_until"])}
        return PlannedRow(row.row, Action.CHANGED, str(row.row.values["name"]), number, row.problems, changes)

    def apply(self, session: Session, planned: Sequence[PlannedRow], progress: Progress) -> None:
        """Register new people, and put new cards on known ones."""
        for place, row in enumerate(planned):
            progress.step(place, len(planned), "正在登记人员")
            values, card = row.row.values, _card(row.row.values)
            if row.action is Action.NEW:
                draft = OfficerDraft(
                    name=str(values["name"]), duty=str(values.get("duty") or ""), phone=str(values.get("phone") or "")
                )
                self.officers.register(draft, card)
            elif row.action is Action.CHANGED and row.target_id is not None and card is not None:
                self.officers.add_certificate(row.target_id, card)
        session.flush()


def _card(values: Values) -> CertificateDraft | None:
    until = day_of(values.get("valid_until"))
    if until is None:
        return None
    return CertificateDraft(
        str(values.get("cert_number") or ""), str(values.get("issuer") or ""), day_of(values.get("issued_on")), until
    )


class PermitImport(OfEnterprises):
    """Permits of enterprises and certificates of their people."""

    def __init__(self, clock: Clock, permits: Permits, kinds: Mapping[str, str], default_kind: str) -> None:
        super().__init__(clock)
        self.permits = permits
        self.kinds = kinds
        self.default_kind = default_kind

    def plan(self, session: Session, rows: Sequence[ParsedRow], progress: Progress) -> list[PlannedRow]:
        """Found again by number and end, or by holder, person, trade and end."""
        known = Known.of(session)
        existing: dict[tuple[Any, ...], int] = {}
        found = session.connection().exec_driver_sql(
            "SELECT id, enterprise_id, number, person, trade, valid_until FROM permit WHERE archived_on IS NULL"
        )
        for number, owner, card, person, trade, until in found:
            existing[("card", card, until)] = number
            existing[("person", owner, person, trade, until)] = number

        def keys(values: Values) -> Iterable[tuple[Any, ...]]:
            owner = known.named(str(values.get("holder") or ""))
            yield ("card", values.get("number"), values.get("valid_until"))
            yield ("person", owner, values.get("person"), values.get("trade"), values.get("valid_until"))

        planned = plan_by_key(rows, existing, keys, progress, "正在核对证照")
        planned = [self._needs_holder(row) for row in planned]
        return self.mark_unknown(known, planned, "holder")

    def _needs_holder(self, row: PlannedRow) -> PlannedRow:
        if row.action is Action.NEW and not row.row.values.get("holder"):
            return row.with_problem("missing", "holder", "没有写明持证单位，无法归到企业名下。", ERROR)
        return row

    def apply(self, session: Session, planned: Sequence[PlannedRow], progress: Progress) -> None:
        """Add the permits with their obligations."""
        new = new_of(planned)
        owners = self.owners(session, new, "holder")
        for place, row in enumerate(new):
            if place % BATCH == 0:
                progress.step(place, len(new), "正在登记证照")
            values = row.row.values
            self.permits.add(
                PermitDraft(
                    owners[str(values.get("holder") or "")],
                    self._kind(values),
                    str(values.get("person") or ""),
                    str(values.get("trade") or ""),
                    str(values.get("number") or ""),
                    str(values.get("issuer") or ""),
                    day_of(values.get("issued_on")),
                    day_of(values.get("valid_until")),
                    str(values.get("remark") or ""),
                )
            )

    def _kind(self, values: Values) -> str:
        told = str(values.get("kind") or "")
        return (
            told
            if told in self.kinds
            else next((k for k, label in self.kinds.items() if label == told), self.default_kind)
        )


class CaseImport(OfEnterprises):
    """Penalty cases as records."""

    def __init__(self, clock: Clock, cases: Cases) -> None:
        super().__init__(clock)
        self.cases = cases

    def plan(self, session: Session, rows: Sequence[ParsedRow], progress: Progress) -> list[PlannedRow]:
        """Found again by number, or by enterprise, cause and day of the decision."""
        known = Known.of(session)
        existing: dict[tuple[Any, ...], int] = {}
        found = session.connection().exec_driver_sql(
            "SELECT id, number, enterprise_id, cause, decided_on FROM penalty_case"
        )
        for number, paper, owner, cause, on in found:
            existing[("number", paper)] = number
            existing[("cause", owner, cause, on)] = number

        def keys(values: Values) -> Iterable[tuple[Any, ...]]:
            owner = known.named(str(values.get("enterprise") or ""))
            yield ("number", values.get("number"))
            yield ("cause", owner, values.get("cause"), values.get("decided_on"))

        planned = plan_by_key(rows, existing, keys, progress, "正在核对案件")
        return self.mark_unknown(known, planned, "enterprise")

    def apply(self, session: Session, planned: Sequence[PlannedRow], progress: Progress) -> None:
        """Add the cases."""
        new = new_of(planned)
        owners = self.owners(session, new, "enterprise")
        for place, row in enumerate(new):
            if place % BATCH == 0:
                progress.step(place, len(new), "正在登记案件")
            values = row.row.values
            fine = values.get("fine")
            self.cases.insert(
                session,
                CaseDraft(
                    owners[str(values.get("enterprise") or "")],
                    str(values["cause"]),
                    str(values.get("number") or ""),
                    day_of(values.get("filed_on")),
                    day_of(values.get("decided_on")),
                    None if fine in (None, "") else int(Decimal(str(fine)) * 100),
                    closed_on=day_of(values.get("closed_on")),
                    remark=str(values.get("remark") or ""),
                ),
            )


class PlanImport(OfEnterprises):
    """Items of the annual plan: an enterprise with its month, or its day."""

    def __init__(self, clock: Clock, plans: Plans) -> None:
        super().__init__(clock)
        self.plans = plans

    def plan(self, session: Session, rows: Sequence[ParsedRow], progress: Progress) -> list[PlannedRow]:
        """Found again by enterprise and month; without month and day nobody knows when to go."""
        known = Known.of(session)
        existing: dict[tuple[Any, ...], int] = {}
        found = session.connection().exec_driver_sql(
            "SELECT id, enterprise_id, year, month FROM plan_item WHERE cancelled_on IS NULL"
        )
        for number, owner, year, month in found:
            existing[("item", owner, year, month)] = number

        def keys(values: Values) -> Iterable[tuple[Any, ...]]:
            owner = known.named(str(values.get("enterprise") or ""))
            yield ("item", owner, *self._when(values))

        planned = plan_by_key(rows, existing, keys, progress, "正在核对计划")
        return self.mark_unknown(known, [self._needs_month(row) for row in planned], "enterprise")

    def _when(self, values: Values) -> tuple[int, int | None]:
        """Year and month; a month alone is meant for the present year."""
        on, month = day_of(values.get("planned_on")), values.get("month")
        if on is not None:
            return on.year, on.month
        return self.clock.today().year, int(month) if month not in (None, "") else None

    def _needs_month(self, row: PlannedRow) -> PlannedRow:
        _, month = self._when(row.row.values)
        if row.action is not Action.NEW or (month is not None and 1 <= month <= 12):
            return row
        if month is None:
            return row.with_problem("missing", "month", "没有写计划月份或计划日期，不知道安排在什么时候。", ERROR)
        return row.with_problem("number_invalid", "month", f"“{month}”不是月份，请填 1 到 12。", ERROR)

    def apply(self, session: Session, planned: Sequence[PlannedRow], progress: Progress) -> None:
        """Put the enterprises into the plan, key ones as such, with their obligation to inspect."""
        new = new_of(planned)
        owners = self.owners(session, new, "enterprise")
        run = session.connection().exec_driver_sql
        officers = {row[0]: row[1] for row in run("SELECT name, id FROM officer WHERE archived_on IS NULL")}
        keys = {row[0] for row in run("SELECT id FROM enterprise WHERE is_key")}
        for place, row in enumerate(new):
            if place % BATCH == 0:
                progress.step(place, len(new), "正在列入计划")
            values = row.row.values
            year, month = self._when(values)
            owner = owners[str(values.get("enterprise") or "")]
            draft = PlanDraft(
                year,
                month or 1,
                owner,
                PlanKind.KEY if owner in keys else PlanKind.GENERAL,
                day_of(values.get("planned_on")),
                officers.get(str(values.get("officer") or "")),
                str(values.get("reason") or ""),
                PlanSource.IMPORT,
            )
            self.plans.add(draft)
