"""The acts of the office as rows: what `plans`, `inspections`, `hazards`, `orders` and `reinspections` would write.

Each act takes its date; nothing here is random and nothing here asks what day it is. `tests/integration/test_sample.py`
holds the result against the same invariants as the work of the services.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from db.models import (
    Escalation,
    Extension,
    Hazard,
    Inspection,
    InspectionExpert,
    InspectionOfficer,
    NumberSequence,
    PenaltyCase,
    PlanItem,
    RectificationOrder,
    Reinspection,
    ReinspectionOfficer,
    ReinspectionRequest,
    ReinspectionResult,
    Supervision,
    Urging,
    UrgingHazard,
)
from desktop.domain.hazard import EscalationKind, HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionOrigin, InspectionStatus, Signature
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.order import OfficeMode, OrderStatus
from desktop.domain.plan import PlanKind, PlanSource, last_day_of
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.urging import Urge, UrgedItem, UrgingWay, script
from desktop.services.office import ORDER_FORM
from desktop.services.sample.duties import Duties
from desktop.services.sample.people import Team
from desktop.services.sample.roster import Firm
from desktop.services.sample.tables import Row, Tables, iso
from desktop.services.sample.words import HazardText

LONGEST_TITLE = 24


class Result(StrEnum):
    """What a round of re-inspection says of a hazard."""

    CLEARED = "cleared"
    AGAIN = "again"
    ESCALATED = "escalated"


@dataclass(slots=True)
class Item:
    """An item of the plan."""

    row: Row
    firm: Firm
    officer_id: int
    on: date | None
    duty: Row


@dataclass(slots=True)
class Visit:
    """An inspection that was made."""

    row: Row
    firm: Firm
    on: date
    team: Team
    unit_person: str
    hazards: "list[Found]" = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """A hazard and where it stands."""

    row: Row
    firm: Firm
    text: HazardText
    on: date
    status: HazardStatus = HazardStatus.REGISTERED
    due_on: date = date.max
    rectify: Row | None = None
    reinspect: Row | None = None
    reinspect_due_on: date = date.max
    file_case: Row | None = None
    escalation: Row | None = None
    proposal: Row | None = None


@dataclass(slots=True)
class Order:
    """A rectification order and its hazards."""

    row: Row
    firm: Firm
    issued_on: date
    officer_id: int
    unit_person: str
    hazards: list[Found]


@dataclass(slots=True)
class Case:
    """A penalty case; `duties` are the obligations to file it, which end with its number."""

    row: Row
    firm: Firm
    filed_on: date
    duties: list[Row]


def short(text: str) -> str:
    """A hazard's text as titles of obligations carry it."""
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"


class Acts:
    """Writes what is done, and keeps every obligation in step with it."""

    def __init__(self, tables: Tables, duties: Duties, prefix: str) -> None:
        self._duties = duties
        self._prefix = prefix
        self._numbers: dict[tuple[str, int], int] = {}
        self._sequences = tables.of(NumberSequence, "form", "year", "last")
        self._items = tables.of(
            PlanItem, "year", "month", "enterprise_id", "kind", "source", "planned_on", "officer_id", "reason",
            "cancelled_on", "cancel_reason",
        )  # fmt: skip
        self._inspections = tables.of(
            Inspection, "enterprise_id", "plan_item_id", "kind", "origin", "status", "planned_on", "inspected_on",
            "approved_by", "approved_on", "opening_meeting", "site_record", "closing_meeting", "unit_person", "signature",
            "refusal_note", "document_number", "result", "remark",
        )  # fmt: skip
        self._crew = tables.of(InspectionOfficer, "inspection_id", "officer_id", "role", "certificate_number")
        self._experts = tables.of(InspectionExpert, "inspection_id", "expert_id")
        self._orders = tables.of(
            RectificationOrder, "enterprise_id", "inspection_id", "number", "mode", "status", "issued_on", "delivered_on",
            "delivered_to", "void_reason",
        )  # fmt: skip
        self._hazards = tables.of(
            Hazard, "enterprise_id", "inspection_id", "order_id", "found_on", "description", "location", "category",
            "level", "status", "basis", "measures", "person_in_charge", "cleared_on", "remark",
        )  # fmt: skip
        self._extensions = tables.of(
            Extension, "hazard_id", "applied_on", "reason", "done_so_far", "requested_due_on", "is_granted",
            "granted_due_on", "approver", "decided_on", "refusal",
        )  # fmt: skip
        self._requests = tables.of(ReinspectionRequest, "hazard_id", "received_on", "remark")
        self._rounds = tables.of(
            Reinspection, "enterprise_id", "order_id", "reinspected_on", "document_number", "unit_person"
        )
        self._rounds_made: list[tuple[date, Row]] = []
        self._round_crew = tables.of(ReinspectionOfficer, "reinspection_id", "officer_id", "certificate_number")
        self._results = tables.of(ReinspectionResult, "reinspection_id", "hazard_id", "outcome", "note")
        self._escalations = tables.of(
            Escalation, "hazard_id", "kind", "escalated_on", "reason", "answered_on", "answer"
        )
        self._urgings = tables.of(Urging, "enterprise_id", "urged_at", "way", "person", "text", "answer", "urged_by")
        self._urged = tables.of(UrgingHazard, "urging_id", "hazard_id")
        self._supervisions = tables.of(
            Supervision, "hazard_id", "listed_by", "level", "listed_on", "number", "supervisor", "measures", "funds",
            "responsible", "interim_control", "published_on",
        )  # fmt: skip
        self._cases = tables.of(
            PenaltyCase, "enterprise_id", "number", "cause", "filed_on", "decided_on", "fine_fen", "is_accident",
            "closed_on",
        )  # fmt: skip
        self.cases: list[Case] = []
        self.orders: list[Order] = []

    # ---- numbers -------------------------------------------------------------------------------------------

    def _number(self, form: str, word: str, on: date) -> str:
        """The next number of a form, in the pattern that `office` gives orders: 苏启惠应急责改〔2026〕12号."""
        last = self._numbers.get((form, on.year), 0) + 1
        self._numbers[(form, on.year)] = last
        return f"{self._prefix}应急{word}〔{on.year}〕{last}号"

    def close_books(self) -> None:
        """What can be numbered only when everything is known: rounds and cases, each by its day; then the sequences."""
        for on, row in sorted(self._rounds_made, key=lambda made: (made[0], made[1][0])):
            self._rounds.set(row, "document_number", self._number("reinspection", "复查", on))
        for case in sorted(self.cases, key=lambda case: (case.filed_on, case.row[0])):
            number = self._number("case", "立", case.filed_on)
            self._cases.set(case.row, "number", number)
            for duty in case.duties:
                self._duties.end(duty, EndKind.DONE, case.filed_on, f"立案号 {number}")
        for (form, year), last in sorted(self._numbers.items()):
            self._sequences.add(form, year, last)

    # ---- plan ----------------------------------------------------------------------------------------------

    def plan(
        self,
        firm: Firm,
        year: int,
        month: int,
        on: date | None,
        officer_id: int,
        source: PlanSource,
        reason: str,
        set_on: date,
    ) -> Item:
        """An item of the plan with its obligation to inspect."""
        kind = PlanKind.KEY if firm.is_key else PlanKind.GENERAL
        row = self._items.add(
            year, month, firm.id, kind.value, source.value, iso(on) if on else None, officer_id, reason, None, ""
        )
        duty = self._duties.open(
            kind=ObligationKind.INSPECT,
            title=f"检查：{firm.name}",
            subject=(SubjectType.PLAN_ITEM, row[0]),
            actor=Actor.AGENCY,
            triggered_on=date(year, month, 1),
            due=self._duties.on_day(on or last_day_of(year, month)),
            enterprise_id=firm.id,
            officer_id=officer_id,
            set_on=set_on,
        )
        return Item(row, firm, officer_id, on, duty)

    def move_item(self, item: Item, on: date, set_on: date) -> None:
        """Another day for an item."""
        item.on = on
        self._items.set(item.row, "planned_on", iso(on))
        self._items.set(item.row, "month", on.month)
        self._duties.move(item.duty, self._duties.on_day(on), reason="改期", set_on=set_on)

    def cancel_item(self, item: Item, on: date, reason: str) -> None:
        """An item that is taken out of the plan."""
        self._items.set(item.row, "cancelled_on", iso(on))
        self._items.set(item.row, "cancel_reason", reason)
        self._duties.end(item.duty, EndKind.VOID, on, reason)

    # ---- inspections and hazards ---------------------------------------------------------------------------

    def schedule(
        self, firm: Firm, on: date, team: Team, set_on: date, status: InspectionStatus = InspectionStatus.PLANNED
    ) -> None:
        """An inspection that stands in the calendar outside the plan; one that was called off has no open duty."""
        is_off = status is InspectionStatus.CANCELLED
        row = self._inspections.add(
            firm.id, None, InspectionKind.SPECIAL.value, InspectionOrigin.ASSIGNED.value, status.value, iso(on), None, "",
            None, "", "", "", "", None, "", "", "", "（取消：市局调整专项检查安排）" if is_off else "",
        )  # fmt: skip
        self._write_crew(row[0], team, on)
        duty = self._duties.open(
            kind=ObligationKind.INSPECT,
            title=f"检查：{firm.name}",
            subject=(SubjectType.INSPECTION, row[0]),
            actor=Actor.AGENCY,
            triggered_on=set_on,
            due=self._duties.on_day(on),
            enterprise_id=firm.id,
            officer_id=team.acting[0].id,
        )
        if is_off:
            self._duties.end(duty, EndKind.VOID, set_on, "市局调整专项检查安排")

    def _write_crew(self, inspection_id: int, team: Team, on: date) -> None:
        for officer_id, role, number in team.members(on):
            self._crew.add(inspection_id, officer_id, role.value, number)
        if team.expert_id is not None:
            self._experts.add(inspection_id, team.expert_id)

    def inspect(
        self,
        firm: Firm,
        on: date,
        team: Team,
        *,
        kind: InspectionKind,
        origin: InspectionOrigin,
        item: Item | None,
        meetings: tuple[str, str, str],
        unit_person: str,
        refusal: str,
        approved: tuple[str, date],
        result: str,
    ) -> Visit:
        """An inspection that was made; its obligation is done."""
        planned = item.on if item is not None else None
        signature = Signature.REFUSED if refusal else Signature.SIGNED
        row = self._inspections.add(
            firm.id, item.row[0] if item else None, kind.value, origin.value, InspectionStatus.DONE.value,
            iso(planned or on), iso(on), approved[0], iso(approved[1]), *meetings, unit_person, signature.value, refusal,
            self._number("inspection", "检记", on), result, "",
        )  # fmt: skip
        self._write_crew(row[0], team, on)
        if item is not None:
            self._duties.end(item.duty, EndKind.DONE, on)
        return Visit(row, firm, on, team, unit_person)

    def find(self, visit: Visit, text: HazardText, *, cleared: bool = False) -> Found:
        """A hazard that the visit found; `cleared` when it was put right on the spot."""
        status = HazardStatus.CLEARED if cleared else HazardStatus.REGISTERED
        row = self._hazards.add(
            visit.firm.id, visit.row[0], None, iso(visit.on), text.text, text.location, text.category, text.level.value,
            status.value, text.basis, text.measures, visit.firm.safety_officer, iso(visit.on) if cleared else None, "",
        )  # fmt: skip
        found = Found(row, visit.firm, text, visit.on, status)
        visit.hazards.append(found)
        return found

    def _move_hazard(self, found: Found, status: HazardStatus) -> None:
        found.status = status
        self._hazards.set(found.row, "status", status.value)

    def void_hazard(self, found: Found, reason: str) -> None:
        """A hazard that was registered by mistake."""
        self._move_hazard(found, HazardStatus.VOID)
        self._hazards.set(found.row, "remark", f"（作废：{reason}）")

    # ---- orders --------------------------------------------------------------------------------------------

    def order(self, visit: Visit, items: Sequence[tuple[Found, date]], on: date, delivered_on: date | None) -> Order:
        """An order over hazards, each with its deadline and the duty to go back."""
        status = OrderStatus.DELIVERED if delivered_on else OrderStatus.ISSUED
        number = self._number(ORDER_FORM, "责改", on)
        officer_id = visit.team.acting[0].id
        row = self._orders.add(
            visit.firm.id, visit.row[0], number, OfficeMode.DELEGATED.value, status.value, iso(on),
            iso(delivered_on) if delivered_on else None, visit.unit_person if delivered_on else "", "",
        )  # fmt: skip
        for found, due_on in items:
            self._put_under(row[0], found, due_on, on, officer_id)
        order = Order(row, visit.firm, on, officer_id, visit.unit_person, [found for found, _ in items])
        self.orders.append(order)
        if delivered_on != on:
            self._expect_delivery(order, number, delivered_on)
        return order

    def _put_under(self, order_id: int, found: Found, due_on: date, on: date, officer_id: int) -> None:
        self._move_hazard(found, HazardStatus.ORDERED)
        self._hazards.set(found.row, "order_id", order_id)
        found.due_on = due_on
        found.rectify = self._duties.open(
            kind=ObligationKind.RECTIFY,
            title=f"整改：{short(found.text.text)}",
            subject=(SubjectType.HAZARD, found.row[0]),
            actor=Actor.ENTERPRISE,
            triggered_on=on,
            due=self._duties.on_day(due_on),
            enterprise_id=found.firm.id,
            officer_id=officer_id,
        )
        self._expect_reinspection(found, due_on, on, officer_id)

    def _expect_reinspection(self, found: Found, expiry_on: date, acted_on: date, officer_id: int) -> None:
        due = self._duties.by_rule("reinsp.due", expiry_on, acted_on)
        found.reinspect_due_on = due.due_on
        found.reinspect = self._duties.open(
            kind=ObligationKind.REINSPECT,
            title=f"复查：{short(found.text.text)}",
            subject=(SubjectType.HAZARD, found.row[0]),
            actor=Actor.AGENCY,
            triggered_on=expiry_on,
            due=due,
            enterprise_id=found.firm.id,
            officer_id=officer_id,
            set_on=acted_on,
        )

    def _expect_delivery(self, order: Order, number: str, delivered_on: date | None) -> None:
        duty = self._duties.open(
            kind=ObligationKind.DELIVER,
            title=f"送达 {number}",
            subject=(SubjectType.ORDER, order.row[0]),
            actor=Actor.AGENCY,
            triggered_on=order.issued_on,
            due=self._duties.on_day(order.issued_on),
            enterprise_id=order.firm.id,
            officer_id=order.officer_id,
        )
        if delivered_on is not None:
            self._duties.end(duty, EndKind.DONE, delivered_on)

    def void_order(self, order: Order, on: date, reason: str) -> None:
        """An order that was wrong: its hazards are without an order again, its number stays used."""
        self._orders.set(order.row, "status", OrderStatus.VOID.value)
        self._orders.set(order.row, "void_reason", reason)
        for found in order.hazards:
            self._move_hazard(found, HazardStatus.REGISTERED)
            self._hazards.set(found.row, "order_id", None)
            for duty in (found.rectify, found.reinspect):
                assert duty is not None
                self._duties.end(duty, EndKind.VOID, on, reason)
        self.orders.remove(order)

    def settle(self) -> None:
        """Close every order whose hazards are all cleared."""
        for order in self.orders:
            if all(found.status is HazardStatus.CLEARED for found in order.hazards):
                self._orders.set(order.row, "status", OrderStatus.CLOSED.value)

    # ---- extensions and applications -----------------------------------------------------------------------

    def apply(self, found: Found, on: date, wanted_on: date, reason: str, done: str) -> tuple[Row, Row]:
        """An application for more time; the answer is due by `rect.ext_reply`."""
        asked = self._extensions.add(found.row[0], iso(on), reason, done, iso(wanted_on), None, None, "", None, "")
        duty = self._duties.open(
            kind=ObligationKind.EXTENSION_REPLY,
            title="答复整改延期申请",
            subject=(SubjectType.EXTENSION, asked[0]),
            actor=Actor.AGENCY,
            triggered_on=on,
            due=self._duties.by_rule("rect.ext_reply", on),
            enterprise_id=found.firm.id,
        )
        return asked, duty

    def grant(self, found: Found, asked: tuple[Row, Row], due_on: date, on: date, approver: str) -> None:
        """More time: one more link for the deadline and for the duty to go back."""
        self._decide(asked, on, approver, granted=due_on, refusal="")
        assert found.rectify is not None
        assert found.reinspect is not None
        reason = f"准予延期：{self._extensions.get(asked[0], 'reason')}"
        self._duties.move(found.rectify, self._duties.on_day(due_on), reason=reason, set_on=on, approver=approver)
        back = self._duties.by_rule("reinsp.due", due_on, on)
        self._duties.move(found.reinspect, back, reason=reason, set_on=on, approver=approver)
        found.due_on, found.reinspect_due_on = due_on, back.due_on

    def refuse(self, asked: tuple[Row, Row], on: date, approver: str, refusal: str) -> None:
        """No more time: the old expiry stays."""
        self._decide(asked, on, approver, granted=None, refusal=refusal)

    def _decide(self, asked: tuple[Row, Row], on: date, approver: str, granted: date | None, refusal: str) -> None:
        row, duty = asked
        for name, value in (
            ("is_granted", int(granted is not None)),
            ("granted_due_on", iso(granted) if granted else None),
            ("approver", approver),
            ("decided_on", iso(on)),
            ("refusal", refusal),
        ):
            self._extensions.set(row, name, value)
        self._duties.end(duty, EndKind.DONE, on)

    def request(self, found: Found, on: date, remark: str) -> None:
        """The enterprise says it is done: the clock of the re-inspection starts at once."""
        self._requests.add(found.row[0], iso(on), remark)
        if on < found.due_on:
            assert found.reinspect is not None
            due = self._duties.by_rule("reinsp.due", on)
            self._duties.move(found.reinspect, due, reason=f"企业 {on} 提出复查申请", set_on=on)
            found.reinspect_due_on = due.due_on

    # ---- re-inspection -------------------------------------------------------------------------------------

    def go_back(
        self, order: Order, on: date, team: Team, results: Sequence[tuple[Found, Result, str, date | None]]
    ) -> None:
        """One round over hazards of an order: (hazard, result, note, new deadline where there is to be one)."""
        row = self._rounds.add(order.firm.id, order.row[0], iso(on), "", order.unit_person)
        self._rounds_made.append((on, row))
        for each in team.acting:
            card = each.card_on(on)
            assert card is not None, "nobody goes without a valid card"
            self._round_crew.add(row[0], each.id, card.number)
        for found, result, note, again_on in results:
            outcome = ReinspectionOutcome.CLEARED if result is Result.CLEARED else ReinspectionOutcome.FAILED
            self._results.add(row[0], found.row[0], outcome.value, note)
            if result is Result.CLEARED:
                self._clear(found, on)
            elif result is Result.AGAIN:
                assert again_on is not None
                self._again(found, on, again_on, team.acting[0].id)
            else:
                self._escalate(found, on, note)

    def _clear(self, found: Found, on: date) -> None:
        self._move_hazard(found, HazardStatus.CLEARED)
        self._hazards.set(found.row, "cleared_on", iso(on))
        for duty in (found.rectify, found.reinspect):
            if duty is not None and self._duties.is_open(duty):
                self._duties.end(duty, EndKind.DONE, on)
        if found.proposal is not None and self._duties.is_open(found.proposal):
            self._duties.end(found.proposal, EndKind.VOID, on, "隐患已复查合格")

    def _again(self, found: Found, on: date, again_on: date, officer_id: int) -> None:
        self._move_hazard(found, HazardStatus.AGAIN)
        assert found.rectify is not None
        assert found.reinspect is not None
        self._duties.end(found.reinspect, EndKind.DONE, on, "复查不合格")
        self._duties.move(found.rectify, self._duties.on_day(again_on), reason=f"{on} 复查不合格，继续整改", set_on=on)
        found.due_on = again_on
        self._expect_reinspection(found, again_on, on, officer_id)

    def _escalate(self, found: Found, on: date, reason: str) -> None:
        """A general hazard leads to a case; a major one to a proposal to stop the work."""
        is_major = found.text.level is HazardLevel.MAJOR
        kind = EscalationKind.SUSPENSION if is_major else EscalationKind.CASE
        self._move_hazard(found, HazardStatus.ESCALATED)
        found.escalation = self._escalations.add(found.row[0], kind.value, iso(on), reason, None, None)
        assert found.reinspect is not None
        self._duties.end(found.reinspect, EndKind.DONE, on, "转入处理程序")
        if kind is EscalationKind.CASE:
            found.file_case = self._duties.open(
                kind=ObligationKind.FILE_CASE,
                title="复查不合格，办理立案",
                subject=(SubjectType.HAZARD, found.row[0]),
                actor=Actor.AGENCY,
                triggered_on=on,
                due=self._duties.by_rule("case.file_after_failed", on),
                enterprise_id=found.firm.id,
            )
        else:
            found.proposal = self._duties.open(
                kind=ObligationKind.PROPOSE,
                title=f"提请停产停业整顿，登记答复：{found.text.text[:20]}",
                subject=(SubjectType.ESCALATION, found.escalation[0]),
                actor=Actor.AGENCY,
                triggered_on=on,
                due=self._duties.by_rule("case.propose", on),
                enterprise_id=found.firm.id,
            )

    def answer(self, found: Found, on: date, words: str) -> None:
        """The bureau answers a proposal."""
        if found.proposal is None or found.escalation is None:
            return
        self._escalations.set(found.escalation, "answered_on", iso(on))
        self._escalations.set(found.escalation, "answer", words)
        self._duties.end(found.proposal, EndKind.DONE, on, words)

    # ---- urging, supervision -------------------------------------------------------------------------------

    def urge(self, order: Order, on: date, way: UrgingWay, answer: str, by: str) -> None:
        """Urge about what is open of an order; the words are those that the program makes."""
        opened = [found for found in order.hazards if found.status is not HazardStatus.CLEARED]
        items = tuple(
            UrgedItem(found.text.text, found.text.location, found.due_on, (found.due_on - on).days,
                      found.text.level is HazardLevel.MAJOR)
            for found in opened
        )  # fmt: skip
        words = script(Urge(order.firm.name, items, order.firm.principal), way)
        moment = f"{iso(on)} 09:30:00.000000"
        row = self._urgings.add(order.firm.id, moment, way.value, order.firm.principal, words, answer, by)
        for found in opened:
            self._urged.add(row[0], found.row[0])

    def supervise(self, found: Found, on: date, due_on: date, words: Mapping[str, str]) -> None:
        """A major hazard is put under supervision; what is not in `words` is not in place yet."""
        row = self._supervisions.add(
            found.row[0], words["listed_by"], words["level"], iso(on), words["number"].format(year=on.year),
            words["supervisor"], found.text.measures, words["funds"], found.firm.principal, words["interim_control"],
            iso(on),
        )  # fmt: skip
        self._duties.open(
            kind=ObligationKind.SUPERVISE,
            title=f"挂牌督办：{found.text.text[:20]}",
            subject=(SubjectType.SUPERVISION, row[0]),
            actor=Actor.AGENCY,
            triggered_on=on,
            due=self._duties.on_day(due_on),
            enterprise_id=found.firm.id,
        )

    # ---- cases ---------------------------------------------------------------------------------------------

    def file_case(
        self,
        firm: Firm,
        on: date,
        cause: str,
        *,
        decided_on: date | None,
        fine_fen: int | None,
        closed_on: date | None,
        is_accident: bool = False,
        hazards: Sequence[Found] = (),
    ) -> Case:
        """A case in the ledger, with what became of it; hazards that led to it have their duty done."""
        row = self._cases.add(
            firm.id, "", cause, iso(on), iso(decided_on) if decided_on else None, fine_fen, int(is_accident),
            iso(closed_on) if closed_on else None,
        )  # fmt: skip
        duties = [found.file_case for found in hazards if found.file_case is not None]
        case = Case(row, firm, on, duties)
        self.cases.append(case)
        return case
