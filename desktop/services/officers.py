"""Officers 执法人员 with their chain of certificates, helpers, and the experts who may come along."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Enterprise, Expert, Officer, OfficerCertificate, OfficerRecusal
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.domain.officer import (
    ACTING,
    Certificate,
    CertificateDraft,
    CertificateState,
    ExpertDraft,
    OfficerDraft,
    RecusalDraft,
    certificate_on,
    certificate_state,
    latest,
)
from desktop.services.clock import Clock
from desktop.services.crew import certificates_of
from desktop.services.obligations import Due, Obligations, Subject

RENEWAL_RULE = "officer.cert_renew"


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer as lists show it, with the state of the certificate on the day asked for, and the work in hand."""

    id: int
    name: str
    duty: str
    phone: str
    is_helper: bool
    remark: str
    certificate_number: str
    valid_until: date | None
    state: CertificateState
    days_left: int | None
    certificate_count: int
    planned_count: int
    open_count: int
    overdue_count: int
    archived_on: date | None


@dataclass(frozen=True, slots=True)
class OfficerChoice:
    """An officer to pick for a day; `reason` says why one who may not act may not."""

    id: int
    name: str
    is_helper: bool
    state: CertificateState
    certificate_number: str
    valid_until: date | None

    @property
    def may_act(self) -> bool:
        """Whether this one counts as one of the two certified officers."""
        return self.state in ACTING

    @property
    def reason(self) -> str:
        """Why this one does not count; empty when it does."""
        if self.state is CertificateState.EXPIRED:
            return f"执法证已于 {self.valid_until} 到期"
        return {CertificateState.NONE: "当日没有有效的执法证", CertificateState.HELPER: "辅助人员，只能协助"}.get(
            self.state, ""
        )


@dataclass(frozen=True, slots=True)
class OfficerDetail:
    """An officer with the whole chain of certificates, the newest first."""

    row: OfficerRow
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """An industry expert."""

    id: int
    name: str
    field: str
    organisation: str
    phone: str
    inspection_count: int
    archived_on: date | None


@dataclass(frozen=True, slots=True)
class RecusalRow:
    """An officer who keeps away from an enterprise."""

    id: int
    officer: str
    enterprise: str
    reason: str
    from_on: date
    to_on: date | None


class Officers:
    """Registers officers and experts, keeps certificates and the obligation to renew them in time."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"officer", "officer_certificate", "expert", "inspection_expert", "obligation", "obligation_due", "plan_item"}
    )

    def __init__(self, store: Store, clock: Clock, obligations: Obligations) -> None:
        self._store = store
        self._clock = clock
        self._obligations = obligations

    # ---- officers: acts ------------------------------------------------------------------------------------

    def register(self, draft: OfficerDraft, certificate: CertificateDraft | None = None) -> int:
        """Add an officer or a helper, with the certificate when it is at hand."""
        draft = draft.checked()
        card = certificate.checked() if certificate else None
        with self._store.write("登记执法人员") as session:
            record = Officer(name=draft.name)
            _fill_officer(record, draft)
            session.add(record)
            session.flush()
            if card is not None:
                self._insert_card(session, record, card)
            return record.id

    def change(self, officer_id: int, draft: OfficerDraft) -> None:
        """Correct what is kept of an officer."""
        draft = draft.checked()
        with self._store.write("修改执法人员") as session:
            record = session.get_one(Officer, officer_id)
            _fill_officer(record, draft)
            self._keep_obligation(session, record)

    def archive(self, officer_ids: Iterable[int]) -> None:
        """Put away who has left. Refused while open work is theirs: hand it over first."""
        with self._store.write("归档执法人员") as session:
            for record in (session.get_one(Officer, number) for number in officer_ids):
                count = _work_in_hand(session, record.id)
                if count:
                    raise Refused("officer_has_open_work", name=record.name, count=count)
                record.archived_on = record.archived_on or self._clock.today()
                self._keep_obligation(session, record)

    def bring_back(self, officer_ids: Iterable[int]) -> None:
        """Take officers out of the archive."""
        with self._store.write("恢复执法人员") as session:
            for record in (session.get_one(Officer, number) for number in officer_ids):
                record.archived_on = None
                self._keep_obligation(session, record)

    def add_certificate(self, officer_id: int, draft: CertificateDraft) -> int:
        """A new card in the chain. One that lasts longer than all before discharges the duty to renew and opens the next."""
        card = draft.checked()
        with self._store.write("登记执法证") as session:
            return self._insert_card(session, session.get_one(Officer, officer_id), card)

    def change_certificate(self, certificate_id: int, draft: CertificateDraft) -> None:
        """Correct what stands on a card."""
        card = draft.checked()
        with self._store.write("修改执法证") as session:
            record = session.get_one(OfficerCertificate, certificate_id)
            _refuse_number_of_another(session, card.number, record.officer_id)
            _fill_card(record, card)
            session.flush()
            self._keep_obligation(session, session.get_one(Officer, record.officer_id))

    def remove_certificate(self, certificate_id: int) -> None:
        """Take out a card that was entered by mistake; the journal keeps it."""
        with self._store.write("删除误录的执法证") as session:
            record = session.get_one(OfficerCertificate, certificate_id)
            owner = session.get_one(Officer, record.officer_id)
            session.delete(record)
            session.flush()
            self._keep_obligation(session, owner)

    def _insert_card(self, session: Session, owner: Officer, card: CertificateDraft) -> int:
        _refuse_number_of_another(session, card.number, owner.id)
        before = latest(certificates_of(session, owner.id))
        record = OfficerCertificate(officer_id=owner.id)
        _fill_card(record, card)
        session.add(record)
        session.flush()
        if before is not None and record.valid_until > before.valid_until:
            done_on = min(card.issued_on or self._clock.today(), self._clock.today())
            self._obligations.end(
                session, _subject(owner), ObligationKind.CERTIFICATE, EndKind.DONE, done_on, f"已换证：{card.number}"
            )
        self._keep_obligation(session, owner)
        return record.id

    def _keep_obligation(self, session: Session, owner: Officer) -> None:
        """Exactly one open obligation while the officer acts and holds a card, due when the last card ends."""
        session.flush()
        last = latest(certificates_of(session, owner.id))
        wanted = None if owner.archived_on or owner.is_helper or last is None else last.valid_until
        open_id = self._obligations.open_id(session, _subject(owner), ObligationKind.CERTIFICATE)
        if wanted is None:
            if open_id is not None:
                self._obligations.end(
                    session,
                    _subject(owner),
                    ObligationKind.CERTIFICATE,
                    EndKind.VOID,
                    self._clock.today(),
                    "不再需要换证",
                )
        elif open_id is None:
            self._open(session, owner, wanted)
        elif self._obligations.last_due_on(session, open_id) != wanted:
            self._obligations.move(session, open_id, certificate_due(self._obligations, wanted), reason="更正有效期")

    def _open(self, session: Session, owner: Officer, valid_until: date) -> None:
        self._obligations.open(
            session,
            kind=ObligationKind.CERTIFICATE,
            title=f"执法证换证：{owner.name}",
            subject=_subject(owner),
            actor=Actor.AGENCY,
            triggered_on=self._clock.today(),
            due=certificate_due(self._obligations, valid_until),
            officer_id=owner.id,
        )

    # ---- officers: questions -------------------------------------------------------------------------------

    def rows(self, on: date | None = None, *, with_archived: bool = False) -> list[OfficerRow]:
        """Officers first, then helpers, by name; certificates as they stand on `on` (default: today)."""
        day = on or self._clock.today()
        with self._store.read() as session:
            found = session.scalars(select(Officer).order_by(Officer.is_helper, Officer.id)).all()
            cards, load = _all_cards(session), _loads(session, self._clock.today())
            return [
                _row(officer, cards[officer.id], day, load.get(officer.id, (0, 0, 0)))
                for officer in found
                if with_archived or officer.archived_on is None
            ]

    def detail(self, officer_id: int, on: date | None = None) -> OfficerDetail:
        """One officer with every card."""
        row = next(row for row in self.rows(on, with_archived=True) if row.id == officer_id)
        with self._store.read() as session:
            cards = certificates_of(session, officer_id)
        return OfficerDetail(row, tuple(sorted(cards, key=lambda card: (card.valid_until, card.id), reverse=True)))

    def choices(self, on: date) -> list[OfficerChoice]:
        """Whom a form may offer for an act on `on`, those who may act first; the others say why not by their state."""
        offered = [
            OfficerChoice(row.id, row.name, row.is_helper, row.state, row.certificate_number, row.valid_until)
            for row in self.rows(on)
        ]
        return sorted(offered, key=lambda choice: (not choice.may_act, choice.is_helper))

    def valid_on(self, officer_id: int, on: date) -> str | None:
        """The number of the card that covers a day, or None."""
        with self._store.read() as session:
            card = certificate_on(certificates_of(session, officer_id), on)
        return card.number if card else None

    # ---- recusal -------------------------------------------------------------------------------------------

    def recuse(self, draft: RecusalDraft) -> int:
        """Note that an officer must keep away from an enterprise 回避, and why."""
        facts = draft.checked()
        with self._store.write("登记回避") as session:
            session.get_one(Officer, facts.officer_id)
            session.get_one(Enterprise, facts.enterprise_id)
            record = OfficerRecusal(
                officer_id=facts.officer_id,
                enterprise_id=facts.enterprise_id,
                reason=facts.reason,
                from_on=facts.from_on,
                to_on=facts.to_on,
            )
            session.add(record)
            session.flush()
            return record.id

    def end_recusal(self, recusal_id: int, to_on: date) -> None:
        """The reason to keep away has gone: `to_on` is the last day. The entry stays for the visits before."""
        with self._store.write("结束回避") as session:
            record = session.get_one(OfficerRecusal, recusal_id)
            if to_on < record.from_on:
                raise Invalid({"to_on": "ends_before_start"})
            record.to_on = to_on

    def recusals(self, officer_id: int | None = None, enterprise_id: int | None = None) -> list[RecusalRow]:
        """Who keeps away from whom, of one officer or one enterprise or of all, the newest first."""
        wanted = (
            select(OfficerRecusal, Officer.name, Enterprise.name)
            .join(Officer, Officer.id == OfficerRecusal.officer_id)
            .join(Enterprise, Enterprise.id == OfficerRecusal.enterprise_id)
            .order_by(OfficerRecusal.from_on.desc(), OfficerRecusal.id.desc())
        )
        if officer_id is not None:
            wanted = wanted.where(OfficerRecusal.officer_id == officer_id)
        if enterprise_id is not None:
            wanted = wanted.where(OfficerRecusal.enterprise_id == enterprise_id)
        with self._store.read() as session:
            return [
                RecusalRow(kept.id, officer, enterprise, kept.reason, kept.from_on, kept.to_on)
                for kept, officer, enterprise in session.execute(wanted)
            ]

    # ---- experts -------------------------------------------------------------------------------------------

    def register_expert(self, draft: ExpertDraft) -> int:
        """Add an industry expert."""
        draft = draft.checked()
        with self._store.write("登记行业专家") as session:
            record = Expert(name=draft.name)
            _fill_expert(record, draft)
            session.add(record)
            session.flush()
            return record.id

    def change_expert(self, expert_id: int, draft: ExpertDraft) -> None:
        """Correct what is kept of an expert."""
        draft = draft.checked()
        with self._store.write("修改行业专家") as session:
            _fill_expert(session.get_one(Expert, expert_id), draft)

    def archive_expert(self, expert_ids: Iterable[int]) -> None:
        """Put experts away."""
        with self._store.write("归档行业专家") as session:
            for record in (session.get_one(Expert, number) for number in expert_ids):
                record.archived_on = record.archived_on or self._clock.today()

    def experts(self, *, with_archived: bool = False) -> list[ExpertRow]:
        """The experts, with how many inspections each came along to."""
        sql = (
            "SELECT x.id, x.name, x.field, x.organisation, x.phone, "
            "(SELECT COUNT(*) FROM inspection_expert i WHERE i.expert_id = x.id), x.archived_on FROM expert x ORDER BY x.id"
        )
        with self._store.read() as session:
            rows = [
                ExpertRow(number, name, field, firm, phone, count, date.fromisoformat(gone) if gone else None)
                for number, name, field, firm, phone, count, gone in session.connection().exec_driver_sql(sql)
            ]
        return [row for row in rows if with_archived or row.archived_on is None]


def certificate_due(obligations: Obligations, valid_until: date) -> Due:
    """The link of a card: due on its last day, reminded by `officer.cert_renew` (a default of the office, not law)."""
    reminder = obligations.due_by_rule(RENEWAL_RULE, valid_until)
    return Due(valid_until, valid_until, reminder.plan_on, reminder.is_provisional, reminder.rule)


def _fill_officer(record: Officer, draft: OfficerDraft) -> None:
    for name in ("name", "duty", "phone", "is_helper", "remark"):
        setattr(record, name, getattr(draft, name))


def _fill_card(record: OfficerCertificate, card: CertificateDraft) -> None:
    for name in ("number", "issuer", "issued_on", "valid_until"):
        setattr(record, name, getattr(card, name))


def _fill_expert(record: Expert, draft: ExpertDraft) -> None:
    for name in ("name", "field", "organisation", "phone"):
        setattr(record, name, getattr(draft, name))


def _subject(owner: Officer) -> Subject:
    return SubjectType.OFFICER, owner.id


def _refuse_number_of_another(session: Session, number: str, officer_id: int) -> None:
    """A renewed card may carry the old number, but no number stands on the cards of two people."""
    same = select(Officer.name).join(OfficerCertificate, OfficerCertificate.officer_id == Officer.id)
    taken = same.where(OfficerCertificate.number == number, Officer.id != officer_id)
    for name in session.scalars(taken):
        raise Invalid({"number": "certificate_of_other"}, name=name)


def _work_in_hand(session: Session, officer_id: int) -> int:
    """Open obligations that were given to the officer, other than the renewal of the officer's own card."""
    sql = "SELECT COUNT(*) FROM obligation WHERE officer_id = ? AND ended_on IS NULL AND kind <> 'certificate'"
    return int(session.connection().exec_driver_sql(sql, (officer_id,)).scalar_one())


def _all_cards(session: Session) -> defaultdict[int, list[Certificate]]:
    found: defaultdict[int, list[Certificate]] = defaultdict(list)
    for card in session.scalars(select(OfficerCertificate)):
        found[card.officer_id].append(Certificate(card.number, card.issuer, card.issued_on, card.valid_until, card.id))
    return found


def _loads(session: Session, today: date) -> dict[int, tuple[int, int, int]]:
    """Officer → inspections planned ahead, open obligations, those of them that are late."""
    sql = """
        SELECT o.officer_id, SUM(o.kind = 'inspect'), COUNT(*), SUM(d.due_on < ?)
        FROM obligation o JOIN obligation_due d ON d.obligation_id = o.id
         AND d.sequence = (SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = o.id)
        WHERE o.ended_on IS NULL AND o.officer_id IS NOT NULL GROUP BY 1
    """
    rows = session.connection().exec_driver_sql(sql, (today.isoformat(),))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _row(officer: Officer, cards: list[Certificate], on: date, load: tuple[int, int, int]) -> OfficerRow:
    shown = certificate_on(cards, on) or latest(cards)
    return OfficerRow(
        id=officer.id,
        name=officer.name,
        duty=officer.duty,
        phone=officer.phone,
        is_helper=officer.is_helper,
        remark=officer.remark,
        certificate_number=shown.number if shown else "",
        valid_until=shown.valid_until if shown else None,
        state=certificate_state(cards, on, is_helper=officer.is_helper),
        days_left=(shown.valid_until - on).days if shown else None,
        certificate_count=len(cards),
        planned_count=load[0],
        open_count=load[1],
        overdue_count=load[2],
        archived_on=officer.archived_on,
    )
