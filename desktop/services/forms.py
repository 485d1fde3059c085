"""Official documents 执法文书: filled from the records, tried out, issued with a number, made void, made again.

A document keeps everything it was made from: its values, who issued it, its date, its number and the fonts of the machine
that are in it. The file itself is made anew when it is wanted, and its hash tells whether it is still the one that was
issued.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum, auto
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Attachment, FormDocument, Inspection, RectificationOrder, Reinspection
from db.store import Store
from desktop.documents.blocks import Made
from desktop.documents.fonts import FontSet
from desktop.documents.forms.compose import Filling, compose
from desktop.documents.forms.page import Document
from desktop.documents.forms.pdf import missing_glyphs, pdf
from desktop.documents.forms.word import docx
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import DocumentStatus, Doubt, FieldType, Form, FormBook, Precedence, RecordKind, Seal
from desktop.domain.gate import GateWarning
from desktop.domain.order import OfficeMode, OrderStatus
from desktop.services.checklists import doubtful_answers
from desktop.services.clock import Clock
from desktop.services.form_book import form_book
from desktop.services.form_confirmations import FormConfirmations
from desktop.services.form_filling import Chain, Facts, chain_of, documents_of, done_forms
from desktop.services.form_fonts import FormFonts, PaperFonts, sha256_of, without_fonts
from desktop.services.form_issuers import FormIssuers
from desktop.services.form_numbers import FormNumbers
from desktop.services.gates import pass_gates
from desktop.services.office import Offices

UNISSUED = "草稿，未签发"
UNCONFIRMED = "待法制人员确认，不得使用"
VOIDED = "已作废"
PICTURE = "form_picture"
"""As the subject of an attachment: a picture that stands in a document."""

ORDER_STANDS = (
    "作废的只是文书，整改指令书 {number} 和各项整改期限仍然有效，但这个文号不能再出第二份文书。"
    "内容有误的，请在“隐患整改—指令书”作废指令书（文书一并作废），改正后重新下达。"
)
NUMBER_FREED = "作废后记录上不再有文号，重新签发时另编新号，原号在文号簿里注明作废。"

PictureOf = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A document as the form holds it. `number` is one from a paper book or written by hand; empty means the next."""

    form: str
    record_kind: RecordKind | None = None
    record_id: int | None = None
    dated_on: date | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as lists show it."""

    id: int
    form: str
    title: str
    number: str
    status: DocumentStatus
    record_kind: RecordKind | None
    record_id: int | None
    enterprise_id: int | None
    dated_on: date
    page_count: int | None
    made_by: str
    made_at: datetime
    issued_by: str
    issued_at: datetime | None
    void_reason: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentDetail:
    """A document with everything it was made from."""

    row: DocumentRow
    values: Mapping[str, Any]
    issuer: Mapping[str, str]

    @property
    def draft(self) -> FormDraft:
        """What a form starts from."""
        row = self.row
        return FormDraft(row.form, row.record_kind, row.record_id, row.dated_on, self.values, row.number)


@dataclass(frozen=True, slots=True)
class DocumentQuery:
    """Which documents; nothing given means all."""

    form: str = ""
    enterprise_id: int | None = None
    inspection_id: int | None = None
    case_id: int | None = None
    record: tuple[RecordKind, int] | None = None
    statuses: frozenset[DocumentStatus] = frozenset()


class Likeness(Enum):
    """How a document that is made again compares with the one that was issued."""

    SAME = auto()
    OTHER_FONTS = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step in the chain of documents of a visit or case: one of `forms`, made or recorded, needed or not, and next."""

    forms: tuple[str, ...]
    titles: tuple[str, ...]
    is_optional: bool
    is_done: bool
    is_next: bool
    documents: tuple[DocumentRow, ...]
    law: tuple[str, ...]


class Forms:
    """What the office does with official forms."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {
            "form_document", "document_number", "form_confirmation", "form_issuer", "office", "office_power", "setting",
            "enterprise", "inspection", "inspection_officer", "hazard", "rectification_order", "reinspection",
            "reinspection_result", "extension", "penalty_case", "obligation_due",
        }
    )  # fmt: skip

    def __init__(
        self,
        store: Store,
        clock: Clock,
        offices: Offices,
        picture_of: PictureOf = lambda _: b"",
        book: FormBook | None = None,
        fonts: FormFonts | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._offices = offices
        self._picture_of = picture_of
        self.book = book or form_book()
        self.fonts = fonts or FormFonts(offices)
        self.confirmations = FormConfirmations(store, clock, self.book)
        self.issuers = FormIssuers(store, offices, self.book)
        self.numbers = FormNumbers(store, clock, offices, self.book)

    # ---- filling -------------------------------------------------------------------------------------------

    def new(
        self, form_id: str, record: tuple[RecordKind, int] | None = None, dated_on: date | None = None
    ) -> FormDraft:
        """A draft of a form (by id, title, code word…) for a record, filled with all that is known; dated as the act it documents, or today."""
        form = self.book.find(form_id)
        kind, record_id = record or (None, None)
        with self._store.read() as session:
            chain = chain_of(session, kind, record_id)
            on = dated_on or self._natural_date(form, chain)
            values = Facts(session, self.book, chain, self._issuer(on), on).fill(form)
        if form.date_field and not values.get(form.date_field):
            values[form.date_field] = on.isoformat()
        number = str(values.pop("number", ""))
        return FormDraft(form.id, kind, record_id, on, values, number)

    def _natural_date(self, form: Form, chain: Chain) -> date:
        """The day of the act that the form documents, where the records know it."""
        match form.record:
            case RecordKind.ORDER if chain.order is not None:
                return chain.order.issued_on
            case RecordKind.REINSPECTION if chain.reinspection is not None:
                return chain.reinspection.reinspected_on
            case RecordKind.INSPECTION if chain.inspection is not None and chain.inspection.inspected_on is not None:
                return chain.inspection.inspected_on
            case _:
                return self._clock.today()

    def _issuer(self, on: date) -> dict[str, str]:
        told = self.issuers.on(on)
        names = {name: getattr(told, name) for name in told.__dataclass_fields__}
        return {**names, **self.issuers.words(on)}

    # ---- what is in the way --------------------------------------------------------------------------------

    def doubts(self, form_id: str, dated_on: date) -> tuple[Doubt, ...]:
        """What in a form of that date still waits for a named person's word."""
        return self.confirmations.open_doubts(self.book.get(form_id), dated_on)

    def gates(self, draft: FormDraft) -> list[GateWarning]:
        """What should have come before, which required fields are blank, what no font can print: passed with a reason."""
        form = self.book.get(draft.form)
        with self._store.read() as session:
            chain = chain_of(session, draft.record_kind, draft.record_id)
            done = done_forms(session, chain)
            begun = self._begun(session, chain)
        warnings = list(self.book.warnings(form, done, begun - {form.id}))
        warnings += self._powers_gate(form, self._dated(draft))
        blank = self._blank(form, draft)
        if blank:
            text = f"《{form.title}》还有栏目空着：{'、'.join(blank)}"
            warnings.append(GateWarning(f"form_blank.{form.id}", text))
        unknown = self.missing_glyphs(draft)
        if unknown:
            text = f"现有的字体里没有这些字，印出来会是“〓”：{'、'.join(sorted(unknown))}"
            warnings.append(GateWarning(f"form_glyphs.{form.id}", text))
        return warnings

    def _powers_gate(self, form: Form, on: date) -> list[GateWarning]:
        """Without a mandate of that day nothing goes out under a seal: the case is handed over."""
        is_sealed = form.seal in (Seal.AUTHORITY, Seal.ENFORCEMENT)
        if not is_sealed or self._offices.mode_on(on) is not OfficeMode.NEITHER:
            return []
        text = f"本单位当日既无委托也无赋权，《{form.title}》应由上级机关出具、盖章，请移交"
        return [GateWarning("office_mode", text)]

    def _blank(self, form: Form, draft: FormDraft) -> list[str]:
        on = self._dated(draft)
        names = [form.field(key).label for key in form.missing(draft.values)]
        issuer = self._issuer(on)
        clauses = [self.book.printed(kind, key, on) for kind, key in form.tokens() if kind == "clause"]
        for key, name in (("gov", "复议机关"), ("higher", "复议机关（上级部门）"), ("court", "人民法院")):
            if not issuer[key] and any(f"{{org.{key}}}" in clause for clause in clauses):
                names.append(name)
        return names

    @staticmethod
    def _begun(session: Session, chain: Chain) -> set[str]:
        if chain.case is None:
            return set()
        wanted = select(FormDocument.form).where(
            FormDocument.case_id == chain.case.id, FormDocument.status == DocumentStatus.DRAFT
        )
        return set(session.scalars(wanted))

    def missing_glyphs(self, draft: FormDraft) -> frozenset[str]:
        """The characters that no font in use has: to be told before anything is printed."""
        return missing_glyphs(self._document(self._unsaved(draft)), self.fonts.now())

    # ---- drafts --------------------------------------------------------------------------------------------

    def preview(self, draft: FormDraft) -> Made:
        """The PDF of a draft, marked on every page as not issued or not confirmed."""
        return pdf(self._document(self._unsaved(draft)), self.fonts.now())

    def preview_word(self, draft: FormDraft) -> bytes:
        """The Word file of a draft, marked likewise."""
        return docx(self._document(self._unsaved(draft)))

    def save(self, draft: FormDraft, document_id: int | None = None) -> int:
        """Keep a draft, new or over the one that was kept. It takes no number."""
        form = self.book.get(draft.form)
        with self._store.write(f"保存《{form.title}》草稿") as session:
            record = self._unsaved(draft, session)
            if document_id is None:
                session.add(record)
                session.flush()
                self._attach_pictures(session, form, record)
                return record.id
            kept = session.get_one(FormDocument, document_id)
            _require(kept, DocumentStatus.DRAFT)
            for name in ("form", "record_kind", "record_id", "enterprise_id", "inspection_id", "case_id"):
                setattr(kept, name, getattr(record, name))
            kept.number, kept.dated_on, kept.content, kept.issuer = (
                record.number, record.dated_on, record.content, record.issuer
            )  # fmt: skip
            self._attach_pictures(session, form, kept)
            return kept.id

    def _attach_pictures(self, session: Session, form: Form, record: FormDocument) -> None:
        """A picture in a document belongs to it, so that every backup takes it along."""
        for each in form.fields:
            sha256 = record.content.get(each.key)
            if each.type is not FieldType.PICTURE or not sha256:
                continue
            mine = select(Attachment.id).where(
                Attachment.sha256 == sha256, Attachment.subject_type == PICTURE, Attachment.subject_id == record.id
            )
            if session.scalars(mine).first() is None:
                size = len(self._picture_of(sha256))
                session.add(
                    Attachment(
                        sha256=sha256, name=each.label, size=size, subject_type=PICTURE, subject_id=record.id,
                        added_at=self._clock.now(),
                    )
                )  # fmt: skip

    def discard(self, document_id: int) -> None:
        """Throw a draft away."""
        with self._store.write("删除文书草稿") as session:
            record = session.get_one(FormDocument, document_id)
            _require(record, DocumentStatus.DRAFT)
            session.delete(record)

    def _unsaved(self, draft: FormDraft, session: Session | None = None) -> FormDocument:
        if session is None:
            with self._store.read() as reading:
                return self._unsaved(draft, reading)
        form = self.book.get(draft.form)
        chain = chain_of(session, draft.record_kind, draft.record_id)
        on = self._dated(draft)
        unknown = [key for key in draft.values if not form.has_field(key) and not key.startswith("cite.")]
        if unknown:
            raise Invalid(dict.fromkeys(unknown, "form_field_unknown"), title=form.title, field="、".join(unknown))
        return FormDocument(
            form=form.id,
            record_kind=draft.record_kind,
            record_id=draft.record_id,
            enterprise_id=chain.enterprise.id if chain.enterprise else None,
            inspection_id=chain.inspection.id if chain.inspection else None,
            case_id=chain.case.id if chain.case else None,
            status=DocumentStatus.DRAFT,
            number=draft.number.strip() if form.has_number else "",
            dated_on=on,
            content=dict(draft.values),
            issuer=self._issuer(on),
            made_by=self._store.person,
            made_at=self._clock.now(),
        )

    def _dated(self, draft: FormDraft) -> date:
        return draft.dated_on or self._clock.today()

    # ---- issuing -------------------------------------------------------------------------------------------

    def issue(self, draft: FormDraft, document_id: int | None = None) -> int:
        """Issue a document: all of it happens or none, its number included. Nothing doubtful is issued unconfirmed."""
        form = self.book.get(draft.form)
        on = self._dated(draft)
        self._refuse_unfit(form, on)
        self._refuse_doubtful_items(draft)
        warnings = self.gates(draft)
        with self._store.write(f"签发《{form.title}》") as session:
            chain = chain_of(session, draft.record_kind, draft.record_id)
            saved = self.save(draft, document_id)
            record = session.get_one(FormDocument, saved)
            pass_gates(session, self._store, self._clock, warnings, draft.reasons, ("form_document", record.id))
            if form.has_number:
                record.number = self._number(session, form, record, chain)
            record.status = DocumentStatus.ISSUED
            record.issued_by, record.issued_at = self._store.person, self._clock.now()
            self._seal(record)
            session.flush()
            return record.id

    def _refuse_unfit(self, form: Form, on: date) -> None:
        if not self.book.is_in_force(form, on):
            raise Refused("form_not_in_force", title=form.title, on=on)
        doubts = self.confirmations.open_doubts(form, on)
        if doubts:
            raise Refused("form_unconfirmed", title=form.title, said="；".join(doubt.text for doubt in doubts))

    def _refuse_doubtful_items(self, draft: FormDraft) -> None:
        """No item of a checklist goes onto the paper in a wording that was only recalled, or that newer law overtook."""
        if draft.form != "inspection_checklist" or draft.record_kind is not RecordKind.INSPECTION:
            return
        assert draft.record_id is not None
        with self._store.read() as session:
            doubtful = doubtful_answers(session, draft.record_id)
        if doubtful:
            raise Refused("checklist_unconfirmed", count=len(doubtful), said="、".join(row.code for row in doubtful))

    def _number(self, session: Session, form: Form, record: FormDocument, chain: Chain) -> str:
        """The number of its record where that has one; else the next, which the record then bears too."""
        owner = _owner(form, chain)
        if isinstance(owner, RectificationOrder):
            self._refuse_second(session, record, owner.number)
            self.numbers.put_on(session, owner.number, record)
            return owner.number
        known = owner.document_number if owner is not None else ""
        words = {key: str(value) for key, value in record.issuer.items()}
        number = self.numbers.take(session, form, record, chain.key, words, record.number or known)
        if owner is not None and not known:
            owner.document_number = number
        return number

    @staticmethod
    def _refuse_second(session: Session, record: FormDocument, number: str) -> None:
        """An order has one paper. One that was made void keeps its number: then the order itself is issued anew."""
        wanted = select(FormDocument.id).where(
            FormDocument.form == record.form,
            FormDocument.number == number,
            FormDocument.id != record.id,
            FormDocument.status != DocumentStatus.DRAFT,
        )
        if session.scalars(wanted).first() is not None:
            raise Invalid({"number": "duplicate"}, number=number)

    def _seal(self, record: FormDocument) -> None:
        """Keep the hash of the paper, and which fonts of this machine are in it."""
        document, chosen = self._document(record), self.fonts.now()
        made = pdf(document, chosen)
        record.issuer = {**record.issuer, **self.fonts.kept(partial(pdf, document), chosen, made)}
        record.sha256 = sha256_of(made)
        record.page_count = _pages(made.content)

    def void(self, document_id: int, reason: str) -> None:
        """Make a document void. It stays, with its number and the reason; the number never comes back."""
        if not reason.strip():
            raise Invalid({"reason": "missing"})
        with self._store.write("作废文书") as session:
            record = session.get_one(FormDocument, document_id)
            _require(record, DocumentStatus.ISSUED)
            record.status, record.void_reason = DocumentStatus.VOID, reason.strip()
            record.voided_by, record.voided_at = self._store.person, self._clock.now()
            self.numbers.void(session, record, reason.strip())
            chain = chain_of(session, record.record_kind, record.record_id)
            owner = _owner(self.book.get(record.form), chain)
            if owner is not None and not isinstance(owner, RectificationOrder):
                owner.document_number = "" if owner.document_number == record.number else owner.document_number

    def void_means(self, document_id: int) -> str:
        """What making a document void means for the record that it was made from, to be told before; often nothing."""
        with self._store.read() as session:
            record = session.get_one(FormDocument, document_id)
            chain = chain_of(session, record.record_kind, record.record_id)
            owner = _owner(self.book.get(record.form), chain)
            if isinstance(owner, RectificationOrder):
                return "" if owner.status is OrderStatus.VOID else ORDER_STANDS.format(number=owner.number)
            return NUMBER_FREED if owner is not None and owner.document_number == record.number else ""

    # ---- files ---------------------------------------------------------------------------------------------

    def file(self, document_id: int) -> Made:
        """The PDF of a document: of an issued one the same bytes as when it was issued, where its fonts are here.

        Where they are not, a note says so.
        """
        with self._store.read() as session:
            record = session.get_one(FormDocument, document_id)
            paper = self._fonts_of(record)
            return replace(pdf(self._document(record), paper.fonts), note=paper.note(partial(self._reprint, record)))

    def _reprint(self, record: FormDocument, chosen: FontSet) -> Made:
        """The paper as it was issued, without a mark on it, in these fonts."""
        return pdf(self._document(record, is_reprint=True), chosen)

    def _fonts_of(self, record: FormDocument) -> PaperFonts:
        is_draft = record.status is DocumentStatus.DRAFT
        return PaperFonts(self.fonts.now()) if is_draft else self.fonts.of(record.issuer)

    def word(self, document_id: int) -> bytes:
        """The Word file of a document."""
        with self._store.read() as session:
            return docx(self._document(session.get_one(FormDocument, document_id)))

    def is_as_issued(self, document_id: int) -> bool:
        """Whether the file that is made now is the one that was issued."""
        return self.likeness(document_id) is Likeness.SAME

    def likeness(self, document_id: int) -> Likeness:
        """How the file that is made now compares with the one that was issued.

        Without the fonts it was issued in, the same document in the bundled fonts tells whether its data are the same.
        """
        with self._store.read() as session:
            record = session.get_one(FormDocument, document_id)
            paper = self._fonts_of(record)
            if paper.lacking:
                return Likeness.OTHER_FONTS if paper.is_same(partial(self._reprint, record)) else Likeness.OTHER
            return Likeness.SAME if sha256_of(self._reprint(record, paper.fonts)) == record.sha256 else Likeness.OTHER

    def font_note(self, document_id: int) -> str:
        """The sentence on fonts that an issued document lacks here; empty when all of them are here."""
        with self._store.read() as session:
            record = session.get_one(FormDocument, document_id)
            return self._fonts_of(record).note(partial(self._reprint, record))

    def _document(self, record: FormDocument, *, is_reprint: bool = False) -> Document:
        form = self.book.get(record.form)
        pictures = [each for each in form.fields if each.type is FieldType.PICTURE and record.content.get(each.key)]
        filling = Filling(
            values=record.content,
            issuer=without_fonts(record.issuer),
            dated_on=record.dated_on,
            number=record.number,
            words={key: record.issuer[key] for key in self.book.words},
            pictures={record.content[each.key]: self._picture_of(record.content[each.key]) for each in pictures},
            mark="" if is_reprint else self._mark(form, record),
        )
        return compose(self.book, form, filling)

    def _mark(self, form: Form, record: FormDocument) -> str:
        match record.status:
            case DocumentStatus.ISSUED:
                return ""
            case DocumentStatus.VOID:
                return VOIDED
            case _:
                open_doubts = self.confirmations.open_doubts(form, record.dated_on)
                return UNCONFIRMED if open_doubts else UNISSUED

    # ---- lists ---------------------------------------------------------------------------------------------

    def rows(self, query: DocumentQuery = DocumentQuery()) -> list[DocumentRow]:
        """The documents of a query, newest first."""
        wanted = select(FormDocument)
        for name in ("form", "enterprise_id", "inspection_id", "case_id"):
            value = getattr(query, name)
            wanted = wanted.where(getattr(FormDocument, name) == value) if value else wanted
        if query.record is not None:
            wanted = wanted.where(
                FormDocument.record_kind == query.record[0], FormDocument.record_id == query.record[1]
            )
        if query.statuses:
            wanted = wanted.where(FormDocument.status.in_(query.statuses))
        with self._store.read() as session:
            found = session.scalars(wanted.order_by(FormDocument.dated_on.desc(), FormDocument.id.desc())).all()
            return [self._row(record) for record in found]

    def steps(self, chain_name: str, record: tuple[RecordKind, int]) -> list[StepRow]:
        """The documents that follow one another (`FormBook.chains`) for a record: what is done, and what comes next."""
        with self._store.read() as session:
            chain = chain_of(session, *record)
            done = done_forms(session, chain)
            made = documents_of(session, chain)
        rows = []
        is_next_known = False
        for names, is_optional in self.book.chains[chain_name]:
            is_done = not done.isdisjoint(names)
            is_open = not is_done and not is_optional and any(self._may_follow(name, done) for name in names)
            is_next = is_open and not is_next_known
            is_next_known = is_next_known or is_next
            rows.append(
                StepRow(
                    names,
                    tuple(self.book.get(name).title for name in names),
                    is_optional,
                    is_done,
                    is_next,
                    tuple(self._row(each) for each in made if each.form in names),
                    tuple(dict.fromkeys(law for name in names for law in self._law(name))),
                )
            )
        return rows

    def _may_follow(self, form_id: str, done: set[str]) -> bool:
        """Whether what must come before is there: nothing is re-inspected where nothing was ordered."""
        form = self.book.get(form_id)
        is_soft = form.before_kind in (Precedence.NONE, Precedence.SOFT)
        return is_soft or not self.book.warnings(form, done)

    def _law(self, form_id: str) -> tuple[str, ...]:
        return self.book.law(self.book.get(form_id), self._clock.today())

    def detail(self, document_id: int) -> DocumentDetail:
        """One document with what it was made from."""
        with self._store.read() as session:
            record = session.get_one(FormDocument, document_id)
            return DocumentDetail(self._row(record), dict(record.content), without_fonts(record.issuer))

    def again(self, document_id: int) -> FormDraft:
        """A draft like a document, without its number: to issue it anew after it was made void."""
        return replace(self.detail(document_id).draft, number="")

    def _row(self, record: FormDocument) -> DocumentRow:
        return DocumentRow(
            id=record.id,
            form=record.form,
            title=self.book.get(record.form).title,
            number=record.number,
            status=record.status,
            record_kind=record.record_kind,
            record_id=record.record_id,
            enterprise_id=record.enterprise_id,
            dated_on=record.dated_on,
            page_count=record.page_count,
            made_by=record.made_by,
            made_at=record.made_at,
            issued_by=record.issued_by,
            issued_at=record.issued_at,
            void_reason=record.void_reason,
            sha256=record.sha256,
        )


def _owner(form: Form, chain: Chain) -> RectificationOrder | Reinspection | Inspection | None:
    """The record that bears the number of this form, as the act was registered."""
    return {
        "rectification_order": chain.order,
        "reinspection_opinion": chain.reinspection,
        "inspection_record": chain.inspection,
    }.get(form.id)


def _require(record: FormDocument, status: DocumentStatus) -> None:
    if record.status is not status:
        raise Refused("form_document_state", status=record.status, number=record.number)


def _pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))
