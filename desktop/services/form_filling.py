"""What the records know of a form: every field that names a source is filled from enterprise, visit, order or case.

A fact is a value by name (`order.problems`), as the form's file names it in `source`. What no record knows stays empty
and waits for a person; nothing is made up.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import (
    Base,
    DocumentDelivery,
    Enterprise,
    Expert,
    Extension,
    FormDocument,
    Hazard,
    Inspection,
    InspectionAnswer,
    InspectionExpert,
    InspectionOfficer,
    Obligation,
    ObligationDue,
    Officer,
    PenaltyCase,
    RectificationOrder,
    Reinspection,
    ReinspectionOfficer,
    ReinspectionResult,
)
from desktop.domain.errors import Refused
from desktop.domain.form import DocumentStatus, Form, FormBook, FormKind, RecordKind, Stage, in_capitals
from desktop.domain.hazard import HazardStatus
from desktop.domain.inspection import InspectionStatus, OfficerRole, Signature
from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.domain.order import OrderStatus
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.readable import long_day
from desktop.text import label

MODELS: Mapping[RecordKind, type[Base]] = {
    RecordKind.ENTERPRISE: Enterprise,
    RecordKind.INSPECTION: Inspection,
    RecordKind.ORDER: RectificationOrder,
    RecordKind.REINSPECTION: Reinspection,
    RecordKind.HAZARD: Hazard,
    RecordKind.CASE: PenaltyCase,
}
DECISIONS = frozenset(
    {
        "penalty_decision_unit",
        "penalty_decision_person",
        "spot_penalty_decision_unit",
        "spot_penalty_decision_person",
    }
)
COVERS = frozenset({"case_cover", "case_binder"})
NOT_PAGED = frozenset({"case_cover", "case_binder", "file_contents", "file_reference_note"})
ORDER_SAID = "责令限期整改"


@dataclass(frozen=True, slots=True)
class Chain:
    """The records that belong to one document: the enterprise, and what it was visited, ordered or fined for."""

    enterprise: Enterprise | None = None
    inspection: Inspection | None = None
    order: RectificationOrder | None = None
    reinspection: Reinspection | None = None
    hazard: Hazard | None = None
    case: PenaltyCase | None = None

    @property
    def key(self) -> str:
        """Under which documents share a number: their case, or else their inspection, or the order they go back to."""
        for name, record in (("case", self.case), ("inspection", self.inspection), ("order", self.order)):
            if record is not None:
                return f"{name}:{record.id}"
        return ""


def chain_of(session: Session, kind: RecordKind | None, record_id: int | None) -> Chain:
    """The chain of a record; refused when there is no such record."""
    if kind is None or record_id is None:
        return Chain()
    record = session.get(MODELS[kind], record_id)
    if record is None:
        raise Refused("form_record_missing", kind=kind, id=record_id)
    enterprise_id = record.id if isinstance(record, Enterprise) else record.enterprise_id  # type: ignore[attr-defined]
    enterprise = session.get_one(Enterprise, enterprise_id)
    match record:
        case Inspection():
            return Chain(enterprise, inspection=record)
        case RectificationOrder():
            return Chain(enterprise, _inspection(session, record.inspection_id), record)
        case Hazard():
            order = session.get(RectificationOrder, record.order_id) if record.order_id else None
            return Chain(enterprise, _inspection(session, record.inspection_id), order, hazard=record)
        case Reinspection():
            order = session.get(RectificationOrder, record.order_id) if record.order_id else None
            visit = _inspection(session, order.inspection_id) if order else None
            return Chain(enterprise, visit, order, record)
        case PenaltyCase():
            return Chain(enterprise, case=record)
        case _:
            return Chain(enterprise)


def _inspection(session: Session, record_id: int | None) -> Inspection | None:
    return session.get(Inspection, record_id) if record_id else None


def documents_of(session: Session, chain: Chain) -> list[FormDocument]:
    """The issued documents of the same case, inspection or order, oldest first."""
    found = select(FormDocument).where(FormDocument.status == DocumentStatus.ISSUED)
    if chain.case is not None:
        found = found.where(FormDocument.case_id == chain.case.id)
    elif chain.inspection is not None:
        found = found.where(FormDocument.inspection_id == chain.inspection.id)
    elif chain.order is not None:
        found = found.where(FormDocument.record_kind == RecordKind.ORDER, FormDocument.record_id == chain.order.id)
    else:
        return []
    return list(session.scalars(found.order_by(FormDocument.dated_on, FormDocument.id)))


def done_forms(session: Session, chain: Chain) -> set[str]:
    """The forms that come before and exist: as issued documents, or as acts that the office has on record."""
    done = {document.form for document in documents_of(session, chain)}
    if chain.inspection is not None:
        done |= {"inspection_scheme"} if chain.inspection.approved_on or chain.inspection.approved_by else set()
        done |= {"inspection_record"} if chain.inspection.status is InspectionStatus.DONE else set()
    if _has_order(session, chain):
        done.add("rectification_order")
    if chain.case is not None and chain.case.filed_on is not None:
        done.add("case_filing_approval")
    if chain.hazard is not None and _extension(session, chain.hazard) is not None:
        done.add("extension_application")
    return done


def _has_order(session: Session, chain: Chain) -> bool:
    """Whether anything was ordered: by the order of the chain, or in the visit that the chain is about."""
    if chain.order is not None:
        return chain.order.status is not OrderStatus.VOID
    if chain.inspection is None or chain.hazard is not None:
        return False
    wanted = select(RectificationOrder.id).where(
        RectificationOrder.inspection_id == chain.inspection.id, RectificationOrder.status != OrderStatus.VOID
    )
    return session.scalars(wanted).first() is not None


def _extension(session: Session, hazard: Hazard) -> Extension | None:
    wanted = select(Extension).where(Extension.hazard_id == hazard.id).order_by(Extension.id.desc())
    return session.scalars(wanted).first()


class Facts:
    """The facts of one chain, each worked out when a form asks for it."""

    def __init__(
        self, session: Session, book: FormBook, chain: Chain, issuer: Mapping[str, str], dated_on: date
    ) -> None:
        self._session = session
        self._book = book
        self._chain = chain
        self._issuer = issuer
        self._dated_on = dated_on

    def fill(self, form: Form) -> dict[str, Any]:
        """The values of a form's fields, as far as they are known."""
        found = {field.key: self.fact(field.source) for field in form.fields if field.source and field.is_entered}
        return {key: value for key, value in found.items() if value not in (None, "", [], {})}

    def fact(self, name: str) -> Any:
        """One fact by its name; None when its record is not in the chain."""
        part, _, key = name.partition(".")
        if part == "org":
            return self._org(key)
        if part == "document":
            return self._dated_on.isoformat()
        told = _FACTS[name]
        known = {
            "case": self._chain.case or self._chain.inspection or self._chain.order,
            "service": self._chain.enterprise,
            "file": self._chain.enterprise,
            "extension": self._chain.hazard,
        }
        record = known[part] if part in known else getattr(self._chain, part)
        return None if record is None else told(self)

    def _org(self, key: str) -> str:
        if key == "contact_and_phone":
            return "　".join(filter(None, (self._issuer.get("contact", ""), self._issuer.get("phone", ""))))
        return self._issuer.get(key, "")

    # ---- records -------------------------------------------------------------------------------------------

    @property
    def enterprise(self) -> Enterprise:
        """The enterprise."""
        assert self._chain.enterprise is not None
        return self._chain.enterprise

    @property
    def inspection(self) -> Inspection:
        """The visit."""
        assert self._chain.inspection is not None
        return self._chain.inspection

    @property
    def order(self) -> RectificationOrder:
        """The order."""
        assert self._chain.order is not None
        return self._chain.order

    @property
    def reinspection(self) -> Reinspection:
        """The re-inspection."""
        assert self._chain.reinspection is not None
        return self._chain.reinspection

    @property
    def case(self) -> PenaltyCase:
        """The case."""
        assert self._chain.case is not None
        return self._chain.case

    # ---- the visit -----------------------------------------------------------------------------------------

    @cached_property
    def crew(self) -> list[tuple[str, str]]:
        """The officers of the visit with the card numbers of that day, the lead first; helpers are not named."""
        if self._chain.inspection is None:
            return []
        rows = self._session.execute(
            select(Officer.name, InspectionOfficer.certificate_number, InspectionOfficer.role)
            .join(InspectionOfficer, InspectionOfficer.officer_id == Officer.id)
            .where(InspectionOfficer.inspection_id == self._chain.inspection.id)
            .order_by(InspectionOfficer.id)
        ).all()
        officers = [row for row in rows if row.role is not OfficerRole.HELPER]
        officers.sort(key=lambda row: row.role is not OfficerRole.LEAD)
        return [(row.name, row.certificate_number) for row in officers]

    @cached_property
    def experts(self) -> list[Expert]:
        """The experts who came along."""
        found = (
            select(Expert)
            .join(InspectionExpert, InspectionExpert.expert_id == Expert.id)
            .where(InspectionExpert.inspection_id == self.inspection.id)
        )
        return list(self._session.scalars(found.order_by(InspectionExpert.id)))

    @cached_property
    def found_hazards(self) -> list[Hazard]:
        """The hazards of the visit, in the order they were found."""
        found = select(Hazard).where(Hazard.inspection_id == self.inspection.id, Hazard.status != HazardStatus.VOID)
        return list(self._session.scalars(found.order_by(Hazard.id)))

    def findings(self) -> list[str]:
        """What the record says: the hazards one by one, or where there are none what was written of the site."""
        said = [self.inspection.site_record.strip()] if self.inspection.site_record.strip() else []
        if self.inspection.signature is Signature.REFUSED:  # the law wants it in the record, with its reason
            refused = [f"被检查单位负责人拒绝签字：{self.inspection.refusal_note.strip()}"]
        else:
            refused = []
        return [*said, *map(problem, self.found_hazards), *refused]

    def content(self) -> str:
        """What the visit looks at: the parts of its checklist, in their order."""
        found = (
            select(InspectionAnswer.sector, InspectionAnswer.grp)
            .where(InspectionAnswer.inspection_id == self.inspection.id)
            .order_by(InspectionAnswer.sequence)
        )
        parts = dict.fromkeys(group or sector for sector, group in self._session.execute(found))
        return "、".join(filter(None, parts))

    def found_due_on(self) -> date | None:
        """The earliest deadline of the hazards of the visit that still run or ran."""
        return min(filter(None, map(self._current_due, self.found_hazards)), default=None)

    def _current_due(self, hazard: Hazard) -> date | None:
        wanted = _deadlines(hazard).order_by(Obligation.id.desc(), ObligationDue.sequence.desc())
        return self._session.scalars(wanted).first()

    def found_managers(self) -> str:
        """Who in the enterprise sees to it that the hazards of the visit are put right."""
        return "、".join(dict.fromkeys(filter(None, (each.person_in_charge.strip() for each in self.found_hazards))))

    @cached_property
    def going_back(self) -> Reinspection | None:
        """The last re-inspection of what the visit found."""
        found = (
            select(Reinspection)
            .join(ReinspectionResult, ReinspectionResult.reinspection_id == Reinspection.id)
            .join(Hazard, Hazard.id == ReinspectionResult.hazard_id)
            .where(Hazard.inspection_id == self.inspection.id)
        )
        return self._session.scalars(found.order_by(Reinspection.reinspected_on.desc(), Reinspection.id.desc())).first()

    def of_going_back(self, tell: Callable[[Reinspection], Any]) -> Any:
        """A fact of the last re-inspection; None before there is one."""
        return None if self.going_back is None else tell(self.going_back)

    def went_back(self, visit: Reinspection) -> str:
        """Who went back."""
        found = (
            select(Officer.name)
            .join(ReinspectionOfficer, ReinspectionOfficer.officer_id == Officer.id)
            .where(ReinspectionOfficer.reinspection_id == visit.id)
        )
        return "、".join(self._session.scalars(found.order_by(ReinspectionOfficer.id)))

    def found_again(self, visit: Reinspection) -> str:
        """What was found on going back, by the numbers of the visit's own hazards."""
        places = {hazard.id: at for at, hazard in enumerate(self.found_hazards, 1)}
        return self._told(visit, places)

    def reminders(self) -> list[list[str]]:
        """What an enterprise is reminded of: the hazards found, their basis, and until when they are to be put right."""
        rows = []
        for at, hazard in enumerate(self.found_hazards, 1):
            due_on = self._current_due(hazard)
            until = f"{long_day(due_on)}前" if due_on else ""
            rows.append([str(at), problem(hazard), hazard.basis.strip(), "", until, ""])
        return rows

    def checklist(self) -> list[list[str]]:
        """What was answered, in the wording of that day; what nobody answered is not on the paper."""
        kept = select(InspectionAnswer).where(
            InspectionAnswer.inspection_id == self.inspection.id, InspectionAnswer.answer.is_not(None)
        )
        found = self._session.scalars(kept.order_by(InspectionAnswer.sequence))
        return [[str(at), each.text, _result(each)] for at, each in enumerate(found, 1)]

    # ---- the order -----------------------------------------------------------------------------------------

    @cached_property
    def ordered_hazards(self) -> list[Hazard]:
        """The hazards of the order; their places in this list are their item numbers."""
        found = select(Hazard).where(Hazard.order_id == self.order.id, Hazard.status != HazardStatus.VOID)
        return list(self._session.scalars(found.order_by(Hazard.id)))

    @cached_property
    def deadlines(self) -> dict[date, list[int]]:
        """The item numbers by the deadline that the order set, earliest first; later extensions do not change it."""
        found: dict[date, list[int]] = {}
        for number, hazard in enumerate(self.ordered_hazards, 1):
            due_on = self._first_due(hazard)
            if due_on is not None:
                found.setdefault(due_on, []).append(number)
        return dict(sorted(found.items()))

    def _first_due(self, hazard: Hazard) -> date | None:
        wanted = _deadlines(hazard).where(Obligation.triggered_on == self.order.issued_on)
        return self._session.scalars(wanted.order_by(Obligation.id, ObligationDue.sequence)).first()

    # ---- the re-inspection ---------------------------------------------------------------------------------

    def opinion(self) -> str:
        """Item by item, then the sum. Item numbers are those of the order."""
        places = {hazard.id: at for at, hazard in enumerate(self.ordered_hazards, 1)} if self._chain.order else {}
        return self._told(self.reinspection, places)

    def _told(self, visit: Reinspection, places: Mapping[int, int]) -> str:
        wanted = select(ReinspectionResult).where(ReinspectionResult.reinspection_id == visit.id)
        results = list(self._session.scalars(wanted.order_by(ReinspectionResult.id)))
        said = []
        for at, result in enumerate(results, 1):
            word = "已整改" if result.outcome is ReinspectionOutcome.CLEARED else "未整改"
            note = result.note.strip().rstrip("。；;")
            said.append(f"第{places.get(result.hazard_id, at)}项{word}{f'，{note}' if note not in ('', word) else ''}")
        cleared = sum(result.outcome is ReinspectionOutcome.CLEARED for result in results)
        whole = f"本次复查{len(results)}项，已整改{cleared}项，未整改{len(results) - cleared}项"
        return "\n".join(["；".join(said) + "。", whole]) if results else ""

    def reinspectors(self) -> list[str]:
        """The card numbers of those who went back."""
        wanted = select(ReinspectionOfficer).where(ReinspectionOfficer.reinspection_id == self.reinspection.id)
        return [row.certificate_number for row in self._session.scalars(wanted.order_by(ReinspectionOfficer.id))]

    # ---- extension, case, file -----------------------------------------------------------------------------

    @cached_property
    def extension(self) -> Extension | None:
        """The last application to extend the hazard's deadline."""
        assert self._chain.hazard is not None
        return _extension(self._session, self._chain.hazard)

    def of_extension(self, tell: Callable[[Extension], Any]) -> Any:
        """A fact of the application; None without one."""
        return None if self.extension is None else tell(self.extension)

    def old_due_on(self) -> date | None:
        """The deadline as it stood when the extension was asked for."""
        assert self._chain.hazard is not None
        if self._chain.order is None or self.extension is None:
            return None
        wanted = _deadlines(self._chain.hazard).where(ObligationDue.set_on <= self.extension.applied_on)
        return self._session.scalars(wanted.order_by(ObligationDue.id.desc())).first()

    def extended_days(self) -> str:
        """By how many days the deadline is to move."""
        old = self.old_due_on()
        return str((self.extension.requested_due_on - old).days) if old and self.extension else ""

    def case_name(self) -> str:
        """The name under which documents and file go: the party and the cause; of a mere visit, the visit."""
        if self._chain.case is None:
            return f"{self.enterprise.name}现场检查"
        cause = self.case.cause.strip()
        return f"{self.enterprise.name}{cause}{'' if cause.endswith('案') else '案'}"

    def case_subject(self) -> str:
        """The name of the case as it stands before 案 in a heading."""
        return self.case_name().removesuffix("案") if self._chain.case is not None else ""

    def case_result(self) -> str:
        """The fine in both ways of writing, once it is decided."""
        fen = self.case.fine_fen
        if self.case.decided_on is None or not fen:
            return ""
        plain = f"{fen // 100}" if fen % 100 == 0 else f"{fen // 100}.{fen % 100:02d}"
        return f"罚款{in_capitals(fen)}（{plain}元）"

    def decision(self) -> FormDocument | None:
        """The penalty decision of the case, once it is issued."""
        return next((each for each in reversed(self.documents) if each.form in DECISIONS), None)

    def decision_number(self) -> str:
        """Its number."""
        decision = self.decision() if self._chain.case is not None else None
        return decision.number if decision is not None else ""

    def decision_day(self) -> str:
        """Its date; the day that was registered where the paper itself was not made here."""
        if self._chain.case is None:
            return ""
        decision = self.decision()
        return _iso(decision.dated_on if decision is not None else self.case.decided_on)

    def archive_number(self) -> str:
        """The number of the file, year and four figures: the one on its cover, or the next that no cover has.

        Only for a closed case; files are numbered in the order in which they are put away.
        """
        if self._chain.case is None or self.case.closed_on is None:
            return ""
        found = select(FormDocument).where(FormDocument.form.in_(COVERS), FormDocument.status == DocumentStatus.ISSUED)
        covers = [(each.case_id, str(each.content.get("archive_no", ""))) for each in self._session.scalars(found)]
        own = next((number for case, number in covers if case == self.case.id and number), "")
        year = str(self.case.closed_on.year)
        taken = [int(text[4:]) for _, text in covers if re.fullmatch(rf"{year}\d{{4}}", text)]
        return own or f"{year}{max(taken, default=0) + 1:04}"

    def binder_title(self) -> str:
        """What the binder calls the file: of which region."""
        return f"{self._issuer.get('region', '')}安全生产行政处罚案卷"

    @cached_property
    def documents(self) -> list[FormDocument]:
        """The issued documents of the chain."""
        return documents_of(self._session, self._chain)

    def service_rows(self) -> list[list[str]]:
        """The services on record, one a row, and the documents that still wait for theirs; who receives signs by hand."""
        rows = []
        for document in self.documents:
            form = self._book.get(document.form)
            if form.kind is FormKind.EXTERNAL and form.stage is not Stage.SERVICE:
                name = f"{form.title}{document.number}"
                served = [_served_row(name, each) for each in self._deliveries(document)]
                rows += served or [[name, "", "", self._served_on(document), "", ""]]
        return rows

    def service_remark(self) -> str:
        """What the form wants told beside the rows: how it was left, by whom witnessed, the number of the mail."""
        told = []
        for document in self.documents:
            for each in self._deliveries(document):
                receipt = f"邮件号{each.receipt_number}" if each.receipt_number else ""
                witness = f"证明人{each.witness}" if each.witness else ""
                words = "，".join(filter(None, (each.note, witness, receipt)))
                told.append(f"{label(each.way)}：{words}" if words else "")
        return "\n".join(dict.fromkeys(filter(None, told)))

    def _deliveries(self, document: FormDocument) -> list[DocumentDelivery]:
        """The services of a document that stand; those of an order also from before it had a paper here."""
        is_of = DocumentDelivery.document_id == document.id
        if document.form == "rectification_order" and document.record_kind is RecordKind.ORDER:
            is_of = is_of | (DocumentDelivery.order_id == document.record_id)
        wanted = select(DocumentDelivery).where(is_of, DocumentDelivery.void_reason == "")
        return list(self._session.scalars(wanted.order_by(DocumentDelivery.delivered_at, DocumentDelivery.id)))

    def _served_on(self, document: FormDocument) -> str:
        if document.record_kind is not RecordKind.ORDER or document.form != "rectification_order":
            return ""
        order = self._session.get(RectificationOrder, document.record_id)
        return long_day(order.delivered_on) if order is not None and order.delivered_on else ""

    def file_rows(self) -> list[list[str]]:
        """The contents of the file: each document with its first page, the last one with its last page too."""
        rows, page = [], 1
        paged = [each for each in self.documents if each.form not in NOT_PAGED]
        for at, document in enumerate(paged, 1):
            pages = document.page_count or 1
            last = page + pages - 1
            shown = f"{page}-{last}" if at == len(paged) and pages > 1 else str(page)
            number = f"（{document.number}）" if document.number else ""
            title = f"{self._book.get(document.form).title}{number}"
            rows.append([str(at), title, long_day(document.dated_on), shown, ""])
            page = last + 1
        return rows

    def file_note(self) -> str:
        """How many pieces and pages the file has."""
        paged = [each for each in self.documents if each.form not in NOT_PAGED]
        pages = sum(each.page_count or 1 for each in paged)
        return f"本卷共{len(paged)}件{pages}页。" if paged else ""


def _deadlines(hazard: Hazard) -> Select[date]:
    """Every day by which a hazard was ever to be put right; the one that asks says which, and in what order."""
    return (
        select(ObligationDue.due_on)
        .join(Obligation, Obligation.id == ObligationDue.obligation_id)
        .where(
            Obligation.kind == ObligationKind.RECTIFY,
            Obligation.subject_type == SubjectType.HAZARD,
            Obligation.subject_id == hazard.id,
        )
    )


def _result(item: InspectionAnswer) -> str:
    """`不符合：冲压车间，冲床未装光电保护`."""
    told = "，".join(filter(None, (item.location, item.note)))
    return f"{label(item.answer)}：{told}" if told else label(item.answer)


def problem(hazard: Hazard) -> str:
    """A hazard as documents name it: where, and what."""
    place, text = hazard.location.strip(), hazard.description.strip()
    return f"{place}：{text}" if place and place not in text else text


def _served_row(name: str, row: DocumentDelivery) -> list[str]:
    servers = "\n".join(filter(None, (row.first_server, row.second_server)))
    return [name, "", row.place, long_day(row.delivered_at.date()), label(row.way), servers]


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def _numbers(numbers: Iterable[int]) -> str:
    return "、".join(map(str, numbers))


def _two(values: Sequence[str]) -> list[str]:
    return list(values[:2])


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


_FACTS: Mapping[str, Callable[[Facts], Any]] = {
    "enterprise.name": lambda its: its.enterprise.name,
    "enterprise.address": lambda its: its.enterprise.address,
    "enterprise.legal_rep": lambda its: its.enterprise.legal_person or its.enterprise.principal,
    "enterprise.phone": lambda its: its.enterprise.phone,
    "enterprise.contact": lambda its: its.enterprise.contact,
    "enterprise.industry": lambda its: its.enterprise.industry,
    "inspection.day": lambda its: _iso(its.inspection.inspected_on or its.inspection.planned_on),
    "inspection.period": lambda its: {"from": _iso(its.inspection.inspected_on), "to": ""},
    "inspection.approved_on": lambda its: _iso(its.inspection.approved_on),
    "inspection.kind": lambda its: label(its.inspection.kind),
    "inspection.officers": lambda its: [name for name, _ in its.crew],
    "inspection.two_officers": lambda its: _two([name for name, _ in its.crew]),
    "inspection.two_certificates": lambda its: _two([number for _, number in its.crew]),
    "inspection.findings": lambda its: its.findings(),
    "inspection.problems": lambda its: [problem(each) for each in its.found_hazards],
    "inspection.problems_text": lambda its: "\n".join(problem(each) for each in its.found_hazards),
    "inspection.experts": lambda its: "、".join(each.name for each in its.experts),
    "inspection.expert_organisations": lambda its: "、".join(
        dict.fromkeys(each.organisation for each in its.experts if each.organisation)
    ),
    "inspection.checklist": lambda its: its.checklist(),
    "inspection.content": lambda its: its.content(),
    "inspection.due_on": lambda its: _iso(its.found_due_on()),
    "inspection.managers": lambda its: its.found_managers(),
    "inspection.went_back_on": lambda its: its.of_going_back(lambda visit: _iso(visit.reinspected_on)),
    "inspection.went_back": lambda its: its.of_going_back(its.went_back),
    "inspection.found_again": lambda its: its.of_going_back(its.found_again),
    "inspection.reminders": lambda its: its.reminders(),
    "inspection.result": lambda its: its.inspection.result,
    "order.number": lambda its: its.order.number,
    "order.kind": lambda its: its.order and ORDER_SAID,
    "order.day": lambda its: _iso(its.order.issued_on),
    "order.problems": lambda its: [problem(each) for each in its.ordered_hazards],
    "order.item_numbers": lambda its: _one_or_all([_numbers(numbers) for numbers in its.deadlines.values()]),
    "order.due_dates": lambda its: _one_or_all([_iso(on) for on in its.deadlines]),
    "order.two_certificates": lambda its: _two([number for _, number in its.crew]),
    "reinspection.day": lambda its: _iso(its.reinspection.reinspected_on),
    "reinspection.number": lambda its: its.reinspection.document_number,
    "reinspection.opinion": lambda its: its.opinion(),
    "reinspection.two_certificates": lambda its: _two(its.reinspectors()),
    "extension.requested_on": lambda its: its.of_extension(lambda asked: _iso(asked.requested_due_on)),
    "extension.days": lambda its: its.extended_days(),
    "extension.reason": lambda its: its.of_extension(lambda asked: asked.reason),
    "extension.passed": lambda its: its.of_extension(
        lambda asked: {True: "通过", False: "不通过", None: ""}[asked.is_granted]
    ),
    "extension.agreed": lambda its: its.of_extension(
        lambda asked: {True: "是", False: "否", None: ""}[asked.is_granted]
    ),
    "extension.refusal": lambda its: its.of_extension(lambda asked: asked.refusal),
    "extension.granted_on": lambda its: its.of_extension(lambda asked: _iso(asked.granted_due_on)),
    "extension.old_due_on": lambda its: _iso(its.old_due_on()),
    "case.or_inspection_name": lambda its: its.case_name(),
    "case.name": lambda its: its.case_name() if its._chain.case else "",
    "case.subject": lambda its: its.case_subject(),
    "case.cause": lambda its: its.case.cause if its._chain.case else "",
    "case.result": lambda its: its.case_result() if its._chain.case else "",
    "case.filed_on": lambda its: _iso(its.case.filed_on) if its._chain.case else "",
    "case.closed_on": lambda its: _iso(its.case.closed_on) if its._chain.case else "",
    "case.decision_number": lambda its: its.decision_number(),
    "case.decision_day": lambda its: its.decision_day(),
    "service.rows": lambda its: its.service_rows(),
    "service.remark": lambda its: its.service_remark(),
    "file.rows": lambda its: its.file_rows(),
    "file.number": lambda its: its.archive_number(),
    "file.title": lambda its: its.binder_title(),
    "file.note": lambda its: its.file_note(),
}
SOURCES = frozenset(_FACTS)
"""Every fact there is, beside those of the issuer (`org.…`) and the date (`document.day`)."""
