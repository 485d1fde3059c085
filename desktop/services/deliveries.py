"""Service of papers 送达: who was handed what, when, how and by whom; the rows of the 送达回执 of a visit, order or case.

Recording the service of a rectification order delivers the order in the same act. Public notice delivers nothing by
itself: it opens a time limit of its own, and the paper counts as served when that has run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.models import (
    DocumentDelivery,
    Enterprise,
    FormDocument,
    Obligation,
    ObligationDue,
    RectificationOrder,
)
from db.store import Store
from desktop.domain.deadline import Rule, RuleBook
from desktop.domain.delivery import BY_OTHERS, DeliveryWay
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import DocumentStatus, FormBook, FormKind, RecordKind, Stage
from desktop.domain.gate import GateWarning
from desktop.domain.inspection import OfficerRole
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.officer import gate_two_officers
from desktop.domain.order import OrderStatus
from desktop.services.clock import Clock
from desktop.services.crew import crew_on
from desktop.services.form_book import form_book
from desktop.services.gates import pass_gates
from desktop.services.obligations import Obligations
from desktop.services.orders import Orders

PUBLIC_RULE, SERVICE_RULE = "svc.public", "pen.service"
ADDRESS_FORM, ORDER_FORM = "service_address_confirmation", "rectification_order"
AGREED = "同意"
CONSENT_ARTICLE = "第六十一条"  # of the law of 2021; what it replaced knew no electronic service
RECEIPT_SOURCE = "文书送达回执（2016年式样）"


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """One service as entered: each document becomes a row. An order that has no paper here is named by itself.

    `servers` are officers. `place` is where, or for electronic service the address it was sent to; a time of midnight
    means that only the day is known.
    """

    delivered_at: datetime
    way: DeliveryWay = DeliveryWay.DIRECT
    documents: tuple[int, ...] = ()
    order_id: int | None = None
    servers: tuple[int, ...] = ()
    place: str = ""
    recipient: str = ""
    witness: str = ""
    receipt_number: str = ""
    note: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A row of the receipt. `counts_on` is when a public notice counts as served; `is_waiting` while it has not yet."""

    id: int
    document_id: int | None
    order_id: int | None
    title: str
    number: str
    enterprise_id: int
    delivered_at: datetime
    way: DeliveryWay
    place: str
    recipient: str
    servers: tuple[str, ...]
    witness: str
    receipt_number: str
    note: str
    void_reason: str
    counts_on: date | None
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Servable:
    """Something that can be served: an issued document, or an order without one. `served` counts the rows that stand."""

    document_id: int | None
    order_id: int | None
    title: str
    number: str
    enterprise_id: int
    enterprise: str
    address: str
    inspection_id: int | None
    dated_on: date
    served: int


class Deliveries:
    """Records service, keeps its clocks, and tells the rows of receipts."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"document_delivery", "form_document", "rectification_order", "enterprise", "obligation", "obligation_due"}
    )

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rules: RuleBook,
        obligations: Obligations,
        orders: Orders,
        book: FormBook | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._obligations = obligations
        self._orders = orders
        self._given_book = book

    @property
    def _book(self) -> FormBook:
        return self._given_book or form_book()

    # ---- what is in the way --------------------------------------------------------------------------------

    def gates(self, draft: DeliveryDraft) -> list[GateWarning]:
        """Two servers with certificates of that day, a witness where it was left, a word of consent for electronic service."""
        on = draft.delivered_at.date()
        with self._store.read() as session:
            found = [*self._servers_gate(session, draft, on), *self._left_gate(draft)]
            if draft.way is DeliveryWay.ELECTRONIC:
                found += self._electronic_gate(session, draft, on)
        return found

    def _servers_gate(self, session: Session, draft: DeliveryDraft, on: date) -> list[GateWarning]:
        """No law makes service by one void, so this is said and may be passed with a reason."""
        if draft.way in BY_OTHERS:
            return []
        crew = crew_on(session, [(officer, OfficerRole.MEMBER) for officer in draft.servers], on)
        said = gate_two_officers(self._rules.gates["two_officers"], crew, on)
        if not said:
            return []
        text = "送达回执每份文书要有两名送达人：" + "".join(each.text for each in said)
        return [GateWarning("svc.servers", text, RECEIPT_SOURCE)]

    @staticmethod
    def _left_gate(draft: DeliveryDraft) -> list[GateWarning]:
        if draft.way is not DeliveryWay.LEFT or (draft.witness.strip() and draft.note.strip()):
            return []
        text = "留置送达的，要在备注栏说明情况，并由证明人签字；现在还没有填齐"
        return [GateWarning("svc.left", text, f"{RECEIPT_SOURCE}注3")]

    def _electronic_gate(self, session: Session, draft: DeliveryDraft, on: date) -> list[GateWarning]:
        firms = {each.enterprise_id for each in self._chosen(session, draft)}
        if all(_has_agreed(session, firm, on) for firm in firms):
            return []
        rule = self._rules.rule_for(SERVICE_RULE, on)
        text = "当事人同意并签订确认书的，才可以电子送达；没有找到签发过的、写明同意的《送达地址确认书》"
        source = f"{rule.source} {CONSENT_ARTICLE}" if CONSENT_ARTICLE in rule.article else ""
        return [GateWarning("svc.electronic", text, source)]

    def public_rule(self, on: date) -> Rule:
        """The period of public notice that is in force on a day."""
        return self._obligations.rule_for(PUBLIC_RULE, on)

    def counts_on(self, on: date) -> date:
        """When a notice of that day counts as served."""
        return self._obligations.due_by_rule(PUBLIC_RULE, on).due_on

    # ---- acts ----------------------------------------------------------------------------------------------

    def record(self, draft: DeliveryDraft) -> list[int]:
        """Record a service of one or several documents: a row each, and each order among them is delivered."""
        self._check(draft)
        warnings = self.gates(draft)
        with self._store.write("登记送达") as session:
            chosen = self._chosen(session, draft)
            if not chosen:
                raise Invalid({"documents": "missing"})
            if any(draft.delivered_at.date() < each.dated_on for each in chosen):
                raise Invalid({"delivered_on": "before_issue"})
            rows = [self._add(session, draft, each) for each in chosen]
            pass_gates(session, self._store, self._clock, warnings, draft.reasons, ("document_delivery", rows[0]))
            return rows

    def _check(self, draft: DeliveryDraft) -> None:
        problems = {}
        if draft.delivered_at > self._clock.now() and draft.delivered_at.date() > self._clock.today():
            problems["delivered_on"] = "date_future"
        if len(set(draft.servers)) > 2:
            problems["servers"] = "servers_too_many"
        if draft.way is DeliveryWay.DIRECT and not draft.recipient.strip():
            problems["recipient"] = "missing"
        if draft.way is DeliveryWay.MAIL and not draft.receipt_number.strip():
            problems["receipt_number"] = "missing"
        if draft.way in (DeliveryWay.ELECTRONIC, DeliveryWay.PUBLIC) and not draft.place.strip():
            problems["place"] = "missing"
        if problems:
            raise Invalid(problems)

    def _add(self, session: Session, draft: DeliveryDraft, served: Servable) -> int:
        on = draft.delivered_at.date()
        names = [member.name for member in crew_on(session, [(one, OfficerRole.MEMBER) for one in draft.servers], on)]
        row = DocumentDelivery(
            document_id=served.document_id,
            order_id=served.order_id,
            delivered_at=draft.delivered_at,
            way=draft.way,
            place=draft.place.strip(),
            recipient=draft.recipient.strip(),
            first_server=names[0] if names else "",
            second_server=names[1] if len(names) > 1 else "",
            witness=draft.witness.strip(),
            receipt_number=draft.receipt_number.strip(),
            note=draft.note.strip(),
        )
        session.add(row)
        session.flush()
        if draft.way is DeliveryWay.PUBLIC:
            self._await_notice(session, row, served)
        else:
            self._deliver_order(session, served.order_id, on, row.recipient)
        return row.id

    def _await_notice(self, session: Session, row: DocumentDelivery, served: Servable) -> None:
        on = row.delivered_at.date()
        self._obligations.open(
            session,
            kind=ObligationKind.DELIVER,
            title=f"公告期满：{served.title}{served.number}",
            subject=(SubjectType.DELIVERY, row.id),
            actor=Actor.AGENCY,
            triggered_on=on,
            due=self._obligations.due_by_rule(PUBLIC_RULE, on),
            enterprise_id=served.enterprise_id,
        )
        if served.order_id is not None:
            self._orders.await_notice(session, served.order_id)

    def _deliver_order(self, session: Session, order_id: int | None, on: date, to: str) -> None:
        """A second service of an order changes nothing: its clocks run from the first."""
        if order_id is None:
            return
        session.flush()
        if session.get_one(RectificationOrder, order_id).status is OrderStatus.ISSUED:
            self._orders.deliver(order_id, on, to)

    def notice_ended(self, delivery_id: int) -> None:
        """The public notice has run its time: the paper counts as served on the last day of it, never before."""
        with self._store.write("登记公告期满") as session:
            row = session.get_one(DocumentDelivery, delivery_id)
            due_on = _open_notice(session, delivery_id)
            if due_on is None:
                raise Refused("notice_not_waiting")
            if self._clock.today() < due_on:
                raise Refused("notice_running", on=due_on)
            subject = (SubjectType.DELIVERY, delivery_id)
            self._obligations.end(session, subject, ObligationKind.DELIVER, EndKind.DONE, due_on)
            self._deliver_order(session, row.order_id, due_on, "公告送达")

    def void(self, delivery_id: int, reason: str) -> None:
        """Strike a row out that was entered wrongly; an order that it delivered waits to be delivered again."""
        if not reason.strip():
            raise Invalid({"reason": "missing"})
        with self._store.write("作废送达登记") as session:
            row = session.get_one(DocumentDelivery, delivery_id)
            if row.void_reason:
                raise Refused("delivery_void")
            row.void_reason = reason.strip()
            ended_on = _ended_notice(session, delivery_id)
            subject = (SubjectType.DELIVERY, delivery_id)
            self._obligations.end(session, subject, None, EndKind.VOID, self._clock.today(), reason.strip())
            if row.order_id is not None:
                self._take_back(session, row, row.order_id, ended_on)

    def _take_back(self, session: Session, row: DocumentDelivery, order_id: int, ended_on: date | None) -> None:
        """The order is undelivered when this row was what delivered it, and no other row that stands does."""
        session.flush()
        order = session.get_one(RectificationOrder, order_id)
        counted_on = ended_on if row.way is DeliveryWay.PUBLIC else row.delivered_at.date()
        others = select(DocumentDelivery).where(
            DocumentDelivery.order_id == order_id, DocumentDelivery.void_reason == "", DocumentDelivery.id != row.id
        )
        standing = [each for each in session.scalars(others) if _has_counted(session, each)]
        if standing and order.delivered_on == counted_on:
            first = min(standing, key=lambda each: each.delivered_at)
            order.delivered_on, order.delivered_to = first.delivered_at.date(), first.recipient
        elif not standing and order.delivered_on == counted_on:
            self._orders.not_delivered(session, order_id)

    # ---- questions -----------------------------------------------------------------------------------------

    def servable(
        self,
        *,
        document_id: int | None = None,
        order_id: int | None = None,
        inspection_id: int | None = None,
        case_id: int | None = None,
    ) -> list[Servable]:
        """What can be served together with a document, order, visit or case: the issued papers that go to the party."""
        with self._store.read() as session:
            return self._servable(session, document_id, order_id, inspection_id, case_id)

    def can_be_served(self, document_id: int) -> bool:
        """Whether a document is issued and goes to the party."""
        with self._store.read() as session:
            record = session.get_one(FormDocument, document_id)
            return record.status is DocumentStatus.ISSUED and goes_out(self._book, record)

    def _servable(
        self,
        session: Session,
        document_id: int | None,
        order_id: int | None,
        inspection_id: int | None,
        case_id: int | None,
    ) -> list[Servable]:
        asked = session.get_one(FormDocument, document_id) if document_id is not None else None
        if asked is not None and asked.status is not DocumentStatus.ISSUED:
            raise Refused("form_document_state", status=asked.status, number=asked.number)
        order = session.get_one(RectificationOrder, order_id) if order_id is not None else None
        if order is not None:
            inspection_id = order.inspection_id
        if asked is not None:
            inspection_id, case_id = asked.inspection_id, asked.case_id
        papers = {each.id: each for each in self._papers(session, inspection_id, case_id, order_id)}
        if asked is not None:
            papers[asked.id] = asked
        found = [_paper(session, self._book, each) for _, each in sorted(papers.items())]
        if order is not None and all(each.order_id != order.id for each in found):
            found.insert(0, _bare_order(session, order))
        return found

    def _papers(
        self, session: Session, inspection_id: int | None, case_id: int | None, order_id: int | None
    ) -> Sequence[FormDocument]:
        wanted = select(FormDocument).where(FormDocument.status == DocumentStatus.ISSUED)
        if case_id is not None:
            wanted = wanted.where(FormDocument.case_id == case_id)
        elif inspection_id is not None:
            wanted = wanted.where(FormDocument.inspection_id == inspection_id)
        elif order_id is not None:
            wanted = wanted.where(FormDocument.record_kind == RecordKind.ORDER, FormDocument.record_id == order_id)
        else:
            return []
        return [each for each in session.scalars(wanted) if goes_out(self._book, each)]

    def _chosen(self, session: Session, draft: DeliveryDraft) -> list[Servable]:
        found = []
        for document_id in draft.documents:
            record = session.get_one(FormDocument, document_id)
            if record.status is not DocumentStatus.ISSUED:
                raise Refused("form_document_state", status=record.status, number=record.number)
            found.append(_paper(session, self._book, record))
        if draft.order_id is not None and all(each.order_id != draft.order_id for each in found):
            order = session.get_one(RectificationOrder, draft.order_id)
            if order.status is OrderStatus.VOID:
                raise Refused("order_void", number=order.number)
            found.append(_bare_order(session, order))
        return found

    def rows(
        self,
        *,
        document_id: int | None = None,
        order_id: int | None = None,
        inspection_id: int | None = None,
        case_id: int | None = None,
    ) -> list[DeliveryRow]:
        """The rows of a document, order, visit or case, the oldest first; those struck out too."""
        wanted = (
            select(DocumentDelivery)
            .outerjoin(FormDocument, FormDocument.id == DocumentDelivery.document_id)
            .outerjoin(RectificationOrder, RectificationOrder.id == DocumentDelivery.order_id)
        )
        if document_id is not None:
            wanted = wanted.where(DocumentDelivery.document_id == document_id)
        if order_id is not None:
            wanted = wanted.where(DocumentDelivery.order_id == order_id)
        if inspection_id is not None:
            is_of_visit = FormDocument.inspection_id == inspection_id
            wanted = wanted.where(is_of_visit | (RectificationOrder.inspection_id == inspection_id))
        if case_id is not None:
            wanted = wanted.where(FormDocument.case_id == case_id)
        with self._store.read() as session:
            found = session.scalars(wanted.order_by(DocumentDelivery.delivered_at, DocumentDelivery.id)).all()
            return [self._row(session, row) for row in found]

    def row(self, delivery_id: int) -> DeliveryRow:
        """One row."""
        with self._store.read() as session:
            return self._row(session, session.get_one(DocumentDelivery, delivery_id))

    def _row(self, session: Session, row: DocumentDelivery) -> DeliveryRow:
        document = session.get(FormDocument, row.document_id) if row.document_id is not None else None
        order = session.get(RectificationOrder, row.order_id) if row.order_id is not None else None
        served = _paper(session, self._book, document) if document is not None else None
        if served is None:
            assert order is not None
            served = _bare_order(session, order)
        waits_until = _open_notice(session, row.id)
        return DeliveryRow(
            id=row.id,
            document_id=row.document_id,
            order_id=row.order_id,
            title=served.title,
            number=served.number,
            enterprise_id=served.enterprise_id,
            delivered_at=row.delivered_at,
            way=row.way,
            place=row.place,
            recipient=row.recipient,
            servers=tuple(filter(None, (row.first_server, row.second_server))),
            witness=row.witness,
            receipt_number=row.receipt_number,
            note=row.note,
            void_reason=row.void_reason,
            counts_on=waits_until or _ended_notice(session, row.id),
            is_waiting=waits_until is not None,
        )


def goes_out(book: FormBook, document: FormDocument) -> bool:
    """Whether a document is one for the party, and not the receipt itself."""
    form = book.get(document.form)
    return form.kind is FormKind.EXTERNAL and form.stage is not Stage.SERVICE


def _paper(session: Session, book: FormBook, document: FormDocument) -> Servable:
    is_order = document.form == ORDER_FORM and document.record_kind is RecordKind.ORDER
    firm = session.get(Enterprise, document.enterprise_id) if document.enterprise_id is not None else None
    return Servable(
        document_id=document.id,
        order_id=document.record_id if is_order else None,
        title=book.get(document.form).title,
        number=document.number,
        enterprise_id=document.enterprise_id or 0,
        enterprise=firm.name if firm else "",
        address=firm.address if firm else "",
        inspection_id=document.inspection_id,
        dated_on=document.dated_on,
        served=_served(session, DocumentDelivery.document_id == document.id),
    )


def _bare_order(session: Session, order: RectificationOrder) -> Servable:
    firm = session.get_one(Enterprise, order.enterprise_id)
    return Servable(
        document_id=None,
        order_id=order.id,
        title="责令限期整改指令书",
        number=order.number,
        enterprise_id=firm.id,
        enterprise=firm.name,
        address=firm.address,
        inspection_id=order.inspection_id,
        dated_on=order.issued_on,
        served=_served(session, DocumentDelivery.order_id == order.id),
    )


def _served(session: Session, condition: ColumnElement[bool]) -> int:
    wanted = select(DocumentDelivery.id).where(condition, DocumentDelivery.void_reason == "")
    return len(session.scalars(wanted).all())


def _has_agreed(session: Session, enterprise_id: int, on: date) -> bool:
    """Whether the party has agreed to electronic service in a confirmation that was issued by that day."""
    wanted = select(FormDocument.content).where(
        FormDocument.form == ADDRESS_FORM,
        FormDocument.enterprise_id == enterprise_id,
        FormDocument.status == DocumentStatus.ISSUED,
        FormDocument.dated_on <= on,
    )
    last = session.scalars(wanted.order_by(FormDocument.dated_on.desc(), FormDocument.id.desc())).first()
    return last is not None and last.get("agree") == AGREED


def _has_counted(session: Session, row: DocumentDelivery) -> bool:
    return row.way is not DeliveryWay.PUBLIC or _ended_notice(session, row.id) is not None


def _open_notice(session: Session, delivery_id: int) -> date | None:
    """Until when a public notice still runs, or waits to be noted as ended."""
    wanted = (
        select(ObligationDue.due_on)
        .join(Obligation, Obligation.id == ObligationDue.obligation_id)
        .where(
            Obligation.subject_type == SubjectType.DELIVERY,
            Obligation.subject_id == delivery_id,
            Obligation.ended_on.is_(None),
        )
    )
    return session.scalars(wanted.order_by(ObligationDue.sequence.desc())).first()


def _ended_notice(session: Session, delivery_id: int) -> date | None:
    """The day on which a public notice counted as served."""
    wanted = select(Obligation.ended_on).where(
        Obligation.subject_type == SubjectType.DELIVERY,
        Obligation.subject_id == delivery_id,
        Obligation.end_kind == EndKind.DONE,
    )
    return session.scalars(wanted).first()
