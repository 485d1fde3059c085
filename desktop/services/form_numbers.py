"""Document numbers 文号: given out in the act that issues, never twice, kept for paper books, listed with every gap.

A row of numbers (`series`) is a code word, or all documents of inspections, or all of cases: then one running number
serves the whole inspection or case, and only the code word changes. A second document of the same kind in it draws
the next number. What is rolled back burns none. Rectification orders take theirs here too, in the act that issues
the order; an order that is taken back leaves its number void.

A row of numbers begins after the largest that the office used of it before, by hand or with an earlier version.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    DocumentNumber,
    Enterprise,
    FormDocument,
    Inspection,
    NumberSequence,
    PenaltyCase,
    RectificationOrder,
    Reinspection,
)
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import (
    BY_HAND,
    PATTERN,
    SERIES_SAID,
    Form,
    FormBook,
    Gap,
    NumberCounting,
    NumberState,
    RecordKind,
    gaps,
    is_pattern,
    last_in,
    series_of,
    with_places,
)
from desktop.domain.order import OrderStatus
from desktop.services.clock import Clock
from desktop.services.form_book import form_book
from desktop.services.form_issuers import FormIssuers
from desktop.services.office import COUNTING_KEY, ORDER_FORM, ORDER_PATTERN, Offices

PATTERN_KEY = "numbering.forms"
OLD_PATTERN = "{prefix}{town}应急责改〔{year}〕{number}号"  # of orders, where the office had not chosen one
ORDER = "rectification_order"
MOST_RESERVED = 500


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number in the book: where it stands, or why it stands nowhere."""

    id: int
    series: str
    year: int
    sequence: int
    text: str
    state: NumberState
    document_id: int | None
    form: str
    title: str
    enterprise: str
    reason: str
    taken_on: date
    taken_by: str


@dataclass(frozen=True, slots=True)
class SeriesBook:
    """One row of numbers of a year: what was given out, in order, and the gaps with their reasons.

    `start` is what was used of it before the program counted: the numbers up to it are not here, and not missing.
    """

    series: str
    name: str
    year: int
    start: int
    last: int
    rows: tuple[NumberRow, ...]
    gaps: tuple[Gap, ...]


class FormNumbers:
    """Gives out the numbers of documents and keeps the book of them."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {
            "document_number", "number_sequence", "form_document", "rectification_order", "inspection", "reinspection",
            "penalty_case", "enterprise", "setting", "office", "office_power", "form_issuer",
        }
    )  # fmt: skip

    def __init__(self, store: Store, clock: Clock, offices: Offices, book: FormBook | None = None) -> None:
        self._store = store
        self._clock = clock
        self._offices = offices
        self._given_book = book

    @cached_property
    def _book(self) -> FormBook:
        """The forms, read when the first number is wanted."""
        return self._given_book or form_book()

    @cached_property
    def _issuers(self) -> FormIssuers:
        return FormIssuers(self._store, self._offices, self._book)

    # ---- settings ------------------------------------------------------------------------------------------

    def counting(self) -> NumberCounting:
        """How numbers run."""
        return NumberCounting(self._offices.setting(COUNTING_KEY) or NumberCounting.CASE)

    def set_counting(self, counting: NumberCounting) -> None:
        """How numbers run from now on; those given out stay."""
        self._offices.set_setting(COUNTING_KEY, counting.value)

    def pattern(self, form_id: str = "") -> str:
        """What a number looks like: as the office chose, or as its orders looked before papers had numbers too.

        An old pattern of orders that names no code word can serve no other form, and stays with the orders.
        """
        chosen = self._offices.setting(PATTERN_KEY)
        if chosen:
            return str(chosen)
        old = self._old_pattern()
        whole = with_places(old, self._book.get(ORDER).code)
        if old and is_pattern(whole):
            return whole
        return old if old and form_id == ORDER else PATTERN

    def _old_pattern(self) -> str:
        """The pattern that orders had for themselves; empty in an office that never numbered any so."""
        kept = self._store.setting(ORDER_PATTERN)
        if kept:
            return str(kept)
        with self._store.read() as session:
            counted = session.scalars(select(NumberSequence.id).where(NumberSequence.form == ORDER_FORM)).first()
        return OLD_PATTERN if counted is not None else ""

    def set_pattern(self, pattern: str) -> None:
        """What numbers look like from now on; {code}, {year} and {number} must occur, so that each comes once."""
        wanted = pattern.strip()
        if not is_pattern(wanted):
            raise Invalid({"pattern": "form_pattern_invalid"})
        self._offices.set_setting(PATTERN_KEY, wanted)

    def pattern_shown(self, form_id: str) -> str:
        """The pattern in words: what is fixed as it is, the year and the running number named."""
        words = self._words(self._clock.today())
        form = self._book.get(form_id)
        return self._written(self.pattern(form_id), form, "年份", "顺序号", words)

    def sample(self, form_id: str, pattern: str = "", town: str = "", counting: NumberCounting | None = None) -> str:
        """The number that a document of this form of today would bear, with a pattern that is being typed.

        Raises `Invalid` when the pattern cannot be used.
        """
        wanted = pattern.strip() or self.pattern(form_id)
        if pattern.strip() and not is_pattern(wanted):
            raise Invalid({"pattern": "form_pattern_invalid"})
        form, today = self._book.get(form_id), self._clock.today()
        with self._store.read() as session:
            number = self._would_be(session, form, today, "", counting)
        return self._written(wanted, form, today.year, number, self._words(today), town)

    def peek(self, form_id: str, on: date, chain: str = "") -> str:
        """What the next document of a form would be numbered, to show in a form; the act alone takes the number."""
        form = self._book.get(form_id)
        with self._store.read() as session:
            number = self._would_be(session, form, on, chain)
            while True:
                text = self._text(form, on.year, number, self._words(on))
                if not self._is_taken(session, text):
                    return text
                number += 1

    def _would_be(
        self, session: Session, form: Form, on: date, chain: str, counting: NumberCounting | None = None
    ) -> int:
        series = series_of(form, counting or self.counting(), None)
        shared = self._of_chain(session, form, series, on.year, chain)
        if shared is not None:
            return shared
        counter = self._counter_of(session, series, on.year)
        last = counter.last if counter else self._used_before(session, series, form, on.year)
        kept = set(
            session.scalars(
                select(DocumentNumber.sequence).where(
                    DocumentNumber.series == series, DocumentNumber.year == on.year, DocumentNumber.code == form.code
                )
            )
        )
        while last + 1 in kept:
            last += 1
        return last + 1

    def _words(self, on: date) -> dict[str, str]:
        """The words of a number of that day: the prefix of the authority, and 应急 or 安监."""
        return {"prefix": self._issuers.on(on).prefix, **self._issuers.words(on)}

    # ---- giving out ----------------------------------------------------------------------------------------

    def take(
        self,
        session: Session,
        form: Form,
        document: FormDocument,
        chain: str,
        words: dict[str, str],
        given: str = "",
    ) -> str:
        """The number of a document that is being issued, in its transaction.

        `given` is a number from a paper book or one written by hand; it must be free. Without it the chain's own
        number is used, and where that stands on a document of this kind already, the next one.
        """
        return self._take(session, form, document.dated_on, chain, words, given, document)

    def take_for_order(self, session: Session, on: date, chain: str, given: str = "") -> str:
        """The number of a rectification order, in the act that issues it: a paper of it bears the same."""
        return self._take(session, self._book.get(ORDER), on, chain, self._words(on), given, None)

    def _take(
        self,
        session: Session,
        form: Form,
        on: date,
        chain: str,
        words: dict[str, str],
        given: str,
        document: FormDocument | None,
    ) -> str:
        year = on.year
        if given:
            return self._use_given(session, form, year, document, chain, given)
        series = series_of(form, self.counting(), document.record_kind if document else RecordKind.ORDER)
        sequence = self._of_chain(session, form, series, year, chain) or self._next(session, series, year, form)
        while True:
            text = self._text(form, year, sequence, words)
            if not self._is_taken(session, text):
                break
            self._skip(session, form, series, year, sequence, text)
            sequence = self._next(session, series, year, form)
        self._keep(session, form, series, year, sequence, text, document=document, chain=chain, state=NumberState.USED)
        return text

    def _of_chain(self, session: Session, form: Form, series: str, year: int, chain: str) -> int | None:
        """The running number that the inspection or case has in this year, unless this kind of document has used it."""
        if not chain or series == form.code:
            return None
        wanted = select(DocumentNumber).where(
            DocumentNumber.series == series, DocumentNumber.year == year, DocumentNumber.chain == chain
        )
        rows = session.scalars(wanted.order_by(DocumentNumber.id)).all()
        used = {row.sequence for row in rows if row.code == form.code}
        return next((row.sequence for row in rows if row.sequence not in used), None)

    def _next(self, session: Session, series: str, year: int, form: Form) -> int:
        """The next of the row that is not kept for a paper book."""
        if self._counter_of(session, series, year) is None:
            used = self._used_before(session, series, form, year)
            session.add(NumberSequence(form=series, year=year, last=used, start=used))
            session.flush()
        while True:
            number = self._offices.next_number(session, series, year)
            taken = select(DocumentNumber.id).where(
                DocumentNumber.series == series,
                DocumentNumber.year == year,
                DocumentNumber.sequence == number,
                DocumentNumber.code == form.code,
            )
            if session.scalars(taken).first() is None:
                return number

    @staticmethod
    def _counter_of(session: Session, series: str, year: int) -> NumberSequence | None:
        return session.scalars(
            select(NumberSequence).where(NumberSequence.form == series, NumberSequence.year == year)
        ).first()

    def _used_before(self, session: Session, series: str, form: Form, year: int) -> int:
        """The largest number of that year that the office used of a row before the program counts it."""
        codes = {form.code} if series == form.code else {each.code for each in self._sharing(series)}
        booked = set(session.scalars(select(DocumentNumber.text)))
        texts = {text for text in _texts_borne(session, codes & _BEARERS.keys()) if text not in booked}
        counted = session.scalars(
            select(DocumentNumber.sequence).where(
                DocumentNumber.year == year,
                DocumentNumber.code.in_(codes),
                DocumentNumber.series.not_in((series, BY_HAND)),
            )
        )
        old = self._counter_of(session, ORDER_FORM, year) if self._book.get(ORDER).code in codes else None
        return max([old.last if old else 0, *counted, *(last_in(text, year) for text in texts)], default=0)

    def _sharing(self, series: str) -> Iterable[Form]:
        """The forms that count in one row where an inspection or a case has one number."""
        forms = (form for form in self._book.forms.values() if form.has_number)
        return [form for form in forms if series_of(form, NumberCounting.CASE, None) == series]

    def _text(self, form: Form, year: int, sequence: int, words: dict[str, str]) -> str:
        return self._written(self.pattern(form.id), form, year, sequence, words)

    def _written(
        self, pattern: str, form: Form, year: int | str, sequence: int | str, words: dict[str, str], town: str = ""
    ) -> str:
        detail = self._offices.detail()
        return pattern.format(
            prefix=words.get("prefix") or detail.prefix,
            town=town or detail.short_name,
            word=words["word"],
            code=form.code,
            year=year,
            number=sequence,
        )

    def _skip(self, session: Session, form: Form, series: str, year: int, sequence: int, text: str) -> None:
        """A number that was written by hand elsewhere is passed over, and the book says so."""
        self._keep(
            session,
            form,
            series,
            year,
            sequence,
            f"{text}（未用）",
            reason=f"{text} 已另行使用，跳过",
            state=NumberState.VOID,
        )

    @staticmethod
    def _is_taken(session: Session, text: str) -> bool:
        """Whether a number stands in the book, or on an order, inspection or re-inspection that the book does not know."""
        places = (
            select(DocumentNumber.id).where(DocumentNumber.text == text),
            select(RectificationOrder.id).where(RectificationOrder.number == text),
            select(Inspection.id).where(Inspection.document_number == text),
            select(Reinspection.id).where(Reinspection.document_number == text),
        )
        return any(session.scalars(place).first() is not None for place in places)

    def _keep(
        self,
        session: Session,
        form: Form,
        series: str,
        year: int,
        sequence: int,
        text: str,
        *,
        state: NumberState,
        document: FormDocument | None = None,
        chain: str = "",
        reason: str = "",
    ) -> None:
        session.add(
            DocumentNumber(
                series=series,
                year=year,
                sequence=sequence,
                code=form.code,
                text=text,
                state=state,
                chain=chain,
                document_id=document.id if document else None,
                reason=reason,
                taken_on=self._clock.today(),
                taken_by=self._store.person,
            )
        )
        session.flush()

    def _use_given(
        self, session: Session, form: Form, year: int, document: FormDocument | None, chain: str, given: str
    ) -> str:
        """A number from a paper book, one that its record bears already, or one written by hand."""
        row = _row_of(session, given)
        if row is not None:
            is_own = row.state is NumberState.USED and row.document_id is None and document is not None
            is_fitting = row.code == form.code and (
                row.state is NumberState.RESERVED or (is_own and row.chain == chain)
            )
            if not is_fitting:
                raise Invalid({"number": "duplicate"}, number=given)
            row.state, row.document_id, row.chain = NumberState.USED, document.id if document else None, chain
            return given
        ordered = session.scalars(select(RectificationOrder.id).where(RectificationOrder.number == given)).first()
        if ordered is not None:
            raise Invalid({"number": "duplicate"}, number=given)
        hand = select(DocumentNumber.sequence).where(DocumentNumber.series == BY_HAND, DocumentNumber.year == year)
        sequence = max(session.scalars(hand), default=0) + 1
        self._keep(
            session, form, BY_HAND, year, sequence, given, document=document, chain=chain, state=NumberState.USED
        )
        return given

    # ---- what becomes of a number --------------------------------------------------------------------------

    def join(self, session: Session, number: str, chain: str) -> None:
        """Say to which order a number belongs, once that has an id."""
        row = _row_of(session, number)
        if row is not None and not row.chain:
            row.chain = chain

    def note(self, session: Session, form_id: str, number: str, chain: str) -> None:
        """A number that was written on the record of an act: the sheet of a paper book is used, one of others refused.

        One that the book does not know stays outside of it until a paper bears it.
        """
        row = _row_of(session, number) if number else None
        if row is None:
            return
        if row.state is not NumberState.RESERVED or row.code != self._book.get(form_id).code:
            raise Invalid({"document_number": "duplicate"}, number=number)
        row.state, row.chain = NumberState.USED, chain

    def put_on(self, session: Session, number: str, document: FormDocument) -> None:
        """The number of an order stands on a paper now. One from before the book stays outside of it."""
        row = _row_of(session, number)
        if row is not None:
            row.document_id = document.id

    def void(self, session: Session, document: FormDocument, reason: str) -> None:
        """The number of a document made void: it stays in the book, and never comes back."""
        for row in session.scalars(select(DocumentNumber).where(DocumentNumber.document_id == document.id)):
            row.state, row.reason = NumberState.VOID, reason

    def void_number(self, session: Session, number: str, reason: str) -> None:
        """The number of an order made void, whether a paper bears it or not."""
        row = _row_of(session, number)
        if row is not None and row.state is NumberState.USED:
            row.state, row.reason = NumberState.VOID, reason

    # ---- paper books ---------------------------------------------------------------------------------------

    def reserve(self, form_id: str, year: int, count: int, holder: str) -> list[str]:
        """The next numbers of a form, kept for a paper book. `holder` says who has it, or which book it is."""
        form = self._book.get(form_id)
        problems = {"holder": "missing"} if not holder.strip() else {}
        if not 1 <= count <= MOST_RESERVED:
            problems["count"] = "reserve_count"
        if problems:
            raise Invalid(problems, most=MOST_RESERVED)
        if not form.has_number:
            raise Refused("form_without_number", title=form.title)
        series = series_of(form, self.counting(), form.record)
        words = self._words(self._clock.today() if year == self._clock.today().year else date(year, 12, 31))
        with self._store.write(f"预留{form.title}文号 {count} 个") as session:
            texts: list[str] = []
            while len(texts) < count:
                sequence = self._next(session, series, year, form)
                text = self._text(form, year, sequence, words)
                if self._is_taken(session, text):
                    self._skip(session, form, series, year, sequence, text)
                    continue
                self._keep(
                    session, form, series, year, sequence, text, reason=holder.strip(), state=NumberState.RESERVED
                )
                texts.append(text)
            return texts

    def spoil(self, number_id: int, reason: str) -> None:
        """A reserved number whose sheet was spoilt or lost."""
        if not reason.strip():
            raise Invalid({"reason": "missing"})
        with self._store.write("作废预留文号") as session:
            row = session.get_one(DocumentNumber, number_id)
            if row.state is not NumberState.RESERVED:
                raise Refused("number_not_reserved", number=row.text)
            row.state, row.reason = NumberState.VOID, f"{row.reason}：{reason.strip()}"

    # ---- the book ------------------------------------------------------------------------------------------

    def years(self) -> list[int]:
        """The years that the book has something of, and this one, newest first."""
        with self._store.read() as session:
            known = set(session.scalars(select(DocumentNumber.year)))
            issued = session.scalars(select(RectificationOrder.issued_on))
            return sorted(known | {on.year for on in issued} | {self._clock.today().year}, reverse=True)

    def number_book(self, year: int) -> list[SeriesBook]:
        """Every row of numbers of a year: what was given out, and why what is missing is missing."""
        with self._store.read() as session:
            return list(self._books(session, year))

    def _books(self, session: Session, year: int) -> Iterator[SeriesBook]:
        counters = {row.form: row for row in session.scalars(select(NumberSequence).where(NumberSequence.year == year))}
        for series, rows in sorted(self._rows(session, year).items()):
            counter = counters.get(series)
            last = counter.last if counter else max(row.sequence for row in rows)
            start = (counter.start or 0) if counter else 0
            missing = gaps(last, {row.sequence for row in rows} | set(range(1, start + 1)))
            told = tuple(Gap(first, to, UNEXPLAINED) for first, to in missing)
            yield SeriesBook(series, self._series_name(series), year, start, last, tuple(rows), told)
        orders = tuple(self._orders(session, year))
        if orders:
            yield SeriesBook("order", EARLIER_ORDERS, year, 0, len(orders), orders, ())

    def _rows(self, session: Session, year: int) -> dict[str, list[NumberRow]]:
        wanted = (
            select(DocumentNumber, FormDocument.form, Enterprise.name)
            .outerjoin(FormDocument, FormDocument.id == DocumentNumber.document_id)
            .outerjoin(Enterprise, Enterprise.id == FormDocument.enterprise_id)
            .where(DocumentNumber.year == year)
            .order_by(DocumentNumber.series, DocumentNumber.sequence, DocumentNumber.id)
        )
        firms = _firms_of_orders(session)
        forms = {form.code: form.id for form in reversed(list(self._book.forms.values())) if form.has_number}
        found: dict[str, list[NumberRow]] = {}
        for number, form_id, firm in session.execute(wanted):
            form = self._book.get(form_id or forms[number.code])
            row = _number_row(number, form, firm or firms.get(number.text, ""))
            found.setdefault(number.series, []).append(row)
        return found

    def _series_name(self, series: str) -> str:
        """`检查类文书`, `案件类文书`, or the code word with the forms that bear it."""
        titles = [form.title for form in self._book.forms.values() if form.code == series]
        return SERIES_SAID.get(series) or f"{series}（{'、'.join(titles)}）"

    @staticmethod
    def _orders(session: Session, year: int) -> list[NumberRow]:
        """The orders from before the book stand beside it."""
        wanted = (
            select(RectificationOrder, Enterprise.name)
            .join(Enterprise, Enterprise.id == RectificationOrder.enterprise_id)
            .where(RectificationOrder.issued_on >= date(year, 1, 1), RectificationOrder.issued_on <= date(year, 12, 31))
            .where(RectificationOrder.number.not_in(select(DocumentNumber.text)))
        )
        rows = session.execute(wanted.order_by(RectificationOrder.issued_on, RectificationOrder.id)).all()
        return [
            NumberRow(
                id=row.id,
                series="order",
                year=year,
                sequence=at,
                text=row.number,
                state=NumberState.VOID if row.status is OrderStatus.VOID else NumberState.USED,
                document_id=None,
                form=ORDER,
                title="责令限期整改指令书",
                enterprise=firm,
                reason=row.void_reason,
                taken_on=row.issued_on,
                taken_by="",
            )
            for at, (row, firm) in enumerate(rows, 1)
        ]


UNEXPLAINED = "没有登记，请核对"  # numbers are given out in one act, so this says that something is wrong
EARLIER_ORDERS = "整改指令书（启用文号簿以前）"
_BEARERS = {
    "责改": RectificationOrder.number,
    "检记": Inspection.document_number,
    "复查": Reinspection.document_number,
    "立": PenaltyCase.number,
}


def _texts_borne(session: Session, codes: Iterable[str]) -> Iterator[str]:
    """The numbers that records bear, whoever gave them."""
    for code in codes:
        yield from session.scalars(select(_BEARERS[code]).where(_BEARERS[code] != ""))


def _row_of(session: Session, text: str) -> DocumentNumber | None:
    return session.scalars(select(DocumentNumber).where(DocumentNumber.text == text)).first()


def _firms_of_orders(session: Session) -> dict[str, str]:
    wanted = select(RectificationOrder.number, Enterprise.name)
    return dict(session.execute(wanted.join(Enterprise, Enterprise.id == RectificationOrder.enterprise_id)).all())


def _number_row(row: DocumentNumber, form: Form, enterprise: str) -> NumberRow:
    return NumberRow(
        id=row.id,
        series=row.series,
        year=row.year,
        sequence=row.sequence,
        text=row.text,
        state=row.state,
        document_id=row.document_id,
        form=form.id,
        title=form.title,
        enterprise=enterprise,
        reason=row.reason,
        taken_on=row.taken_on,
        taken_by=row.taken_by,
    )
