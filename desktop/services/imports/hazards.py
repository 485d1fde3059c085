"""A hazard ledger taken in: found again by its words and day; open ones get their deadline, cleared ones their end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from db.models import Enterprise, Hazard, Reinspection, ReinspectionOfficer, ReinspectionResult
from desktop.domain.errors import Refused
from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.exchange.ledger import ParsedRow
from desktop.services.clock import Clock
from desktop.services.imports.enterprises import Known, make_named
from desktop.services.imports.plan import Action, PlannedRow, day_of, first_fate
from desktop.services.obligations import Due, Obligations
from desktop.services.progress import Progress
from desktop.services.search_text import name_key

BATCH = 100
LONG_ENOUGH = (
    12  # characters from which the same words on the same day are the same hazard, whatever the unit is called
)


@dataclass(frozen=True, slots=True)
class HazardImport:
    """Plans and applies a hazard ledger."""

    clock: Clock
    obligations: Obligations

    def plan(self, session: Session, rows: Sequence[ParsedRow], progress: Progress) -> list[PlannedRow]:
        """New, or there already. What is there is never changed by a ledger: its deadline is an order's to set."""
        known = Known.of(session)
        by_unit, by_words = _hazards(session)
        planned = []
        for place, row in enumerate(rows):
            if place % BATCH == 0:
                progress.step(place, len(rows), "正在核对隐患")
            fate = first_fate(row)
            planned.append(self._match(known, by_unit, by_words, fate) if fate.action is Action.NEW else fate)
        return planned

    def _match(
        self,
        known: Known,
        by_unit: Mapping[tuple[int, str, str], int],
        by_words: Mapping[tuple[str, str], int],
        fate: PlannedRow,
    ) -> PlannedRow:
        values = fate.row.values
        words, on = name_key(str(values["description"])), str(values.get("found_on") or "")
        number = known.named(str(values.get("enterprise") or ""))
        found = by_unit.get((number, on, words)) if number is not None else None
        if found is None and len(words) >= LONG_ENOUGH:
            found = by_words.get((on, words))
        key = f"{values.get('enterprise')} {on}"
        if found is not None:
            same = PlannedRow(fate.row, Action.UNCHANGED, key, found, fate.problems)
            return same.with_problem(
                "duplicate_existing", "description", "同一天、同样内容的隐患已经登记过，不再重复登记。"
            )
        planned = PlannedRow(fate.row, Action.NEW, key, None, fate.problems)
        if number is None:
            text = "名册里没有这家企业，导入时将按这个名称新建，请事后补全。"
            return planned.with_problem("not_found", "enterprise", text)
        return planned

    # ---- applying ------------------------------------------------------------------------------------------

    def apply(self, session: Session, planned: Sequence[PlannedRow], progress: Progress) -> None:
        """Register the new ones with their enterprise, deadline and end."""
        new = [row for row in planned if row.action is Action.NEW]
        known = Known.of(session)
        names = [str(row.row.values.get("enterprise") or "") for row in new]
        wanted = dict.fromkeys(name for name in names if known.named(name) is None)
        made = make_named(session, self.clock, wanted)
        officers = _officers(session)
        for place, row in enumerate(new):
            if place % BATCH == 0:
                progress.step(place, len(new), "正在登记隐患")
            name = str(row.row.values.get("enterprise") or "")
            owner = known.named(name) or made[name]
            self._register(session, row.row.values, owner, officers)

    def _register(self, session: Session, values: Mapping[str, Any], owner: int, officers: Mapping[str, int]) -> None:
        found_on = day_of(values.get("found_on")) or self.clock.today()
        deadline, went_on = day_of(values.get("deadline")), day_of(values.get("reinspected_on"))
        is_cleared = values.get("result") == ReinspectionOutcome.CLEARED.value
        record = Hazard(
            enterprise_id=owner,
            found_on=found_on,
            description=str(values["description"]),
            category=str(values.get("category") or ""),
            level=HazardLevel(values.get("level") or HazardLevel.GENERAL.value),
            basis=str(values.get("basis") or ""),
            measures=str(values.get("measures") or ""),
            person_in_charge=str(values.get("person_in_charge") or ""),
            remark=str(values.get("remark") or ""),
            status=_status(is_cleared, deadline),
            cleared_on=went_on if is_cleared else None,
        )
        session.add(record)
        session.flush()
        if deadline is not None:
            self._expect(session, record, deadline)
        if went_on is not None:
            self._went_back(session, record, went_on, values, officers)
        if is_cleared and deadline is not None:
            self._end(session, record, went_on or deadline)

    def _expect(self, session: Session, record: Hazard, deadline: date) -> None:
        subject = (SubjectType.HAZARD, record.id)
        title = record.description[:24]
        self.obligations.open(
            session, kind=ObligationKind.RECTIFY, title=f"整改：{title}", subject=subject, actor=Actor.ENTERPRISE,
            triggered_on=record.found_on, due=self.obligations.due_on_day(deadline), enterprise_id=record.enterprise_id,
        )  # fmt: skip
        self.obligations.open(
            session, kind=ObligationKind.REINSPECT, title=f"复查：{title}", subject=subject, actor=Actor.AGENCY,
            triggered_on=deadline, due=self._reinspect_due(deadline, record.found_on),
            enterprise_id=record.enterprise_id,
        )  # fmt: skip

    def _reinspect_due(self, deadline: date, acted_on: date) -> Due:
        """By the rule of the day the deadline was set; before there was one, the expiry itself."""
        try:
            return self.obligations.due_by_rule("reinsp.due", deadline, acted_on)
        except Refused:
            return self.obligations.due_on_day(deadline)

    def _went_back(
        self, session: Session, record: Hazard, on: date, values: Mapping[str, Any], officers: Mapping[str, int]
    ) -> None:
        names = [name for name in str(values.get("officer") or "").replace("，", "、").split("、") if name]
        strangers = [name for name in names if name not in officers]
        visit = Reinspection(
            enterprise_id=record.enterprise_id,
            reinspected_on=on,
            remark=f"复查人：{'、'.join(strangers)}" if strangers else "",
        )
        session.add(visit)
        session.flush()
        is_cleared = values.get("result") != ReinspectionOutcome.FAILED.value
        outcome = ReinspectionOutcome.CLEARED if is_cleared else ReinspectionOutcome.FAILED
        session.add(ReinspectionResult(reinspection_id=visit.id, hazard_id=record.id, outcome=outcome))
        session.add_all(
            ReinspectionOfficer(reinspection_id=visit.id, officer_id=officers[name])
            for name in names
            if name in officers
        )
        session.flush()

    def _end(self, session: Session, record: Hazard, on: date) -> None:
        for kind in (ObligationKind.RECTIFY, ObligationKind.REINSPECT):
            self.obligations.end(session, (SubjectType.HAZARD, record.id), kind, EndKind.DONE, on, "台账导入")


def _status(is_cleared: bool, deadline: date | None) -> HazardStatus:
    if is_cleared:
        return HazardStatus.CLEARED
    return HazardStatus.REGISTERED if deadline is None else HazardStatus.ORDERED


def _hazards(session: Session) -> tuple[dict[tuple[int, str, str], int], dict[tuple[str, str], int]]:
    by_unit, by_words = {}, {}
    found = session.query(Hazard.id, Hazard.enterprise_id, Hazard.found_on, Hazard.description).join(
        Enterprise, Enterprise.id == Hazard.enterprise_id
    )
    for number, owner, on, description in found:
        words = name_key(description)
        by_unit[(owner, on.isoformat(), words)] = number
        by_words[(on.isoformat(), words)] = number
    return by_unit, by_words


def _officers(session: Session) -> dict[str, int]:
    rows = session.connection().exec_driver_sql("SELECT name, id FROM officer WHERE archived_on IS NULL")
    return {row[0]: row[1] for row in rows}
