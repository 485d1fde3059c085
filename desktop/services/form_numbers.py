"""Document numbers 文号: given out in the act that issues, never twice, kept for paper books, listed with every gap.

A row of numbers (`series`) is a code word, or all documents of inspections, or all of cases: then one running number
serves the whole inspection or case, and only the code word changes. A second document of the same kind in it draws
the next number. What is rolled back burns none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import DocumentNumber, FormDocument, NumberSequence, RectificationOrder
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import (
    PATTERN,
    Form,
    FormBook,
    Gap,
    NumberCounting,
    NumberState,
    gaps,
    is_pattern,
    series_of,
)
from desktop.domain.order import OrderStatus
from desktop.services.clock import Clock
from desktop.services.office import Offices

PATTERN_KEY, COUNTING_KEY = "numbering.forms", "numbering.counting"
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
    title: str
    reason: str
    taken_on: date
    taken_by: str


@dataclass(frozen=True, slots=True)
class SeriesBook:
    """One row of numbers of a year: what was given out, in order, and the gaps with their reasons."""

    series: str
    name: str
    year: int
    last: int
    rows: tuple[NumberRow, ...]
    gaps: tuple[Gap, ...]


class FormNumbers:
    """Gives out the numbers of documents and keeps the book of them."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(
        {"document_number", "number_sequence", "form_document", "rectification_order", "setting"}
    )

    def __init__(self, store: Store, clock: Clock, offices: Offices, book: FormBook) -> None:
        self._store = store
        self._clock = clock
        self._offices = offices
        self._book = book

    # ---- settings ------------------------------------------------------------------------------------------

    def counting(self) -> NumberCounting:
        """How numbers run."""
        return NumberCounting(self._offices.setting(COUNTING_KEY) or NumberCounting.CASE)

    def set_counting(self, counting: NumberCounting) -> None:
        """How numbers run from now on; those given out stay."""
        self._offices.set_setting(COUNTING_KEY, counting.value)

    def pattern(self) -> str:
        """What a number looks like."""
        return str(self._offices.setting(PATTERN_KEY) or PATTERN)

    def set_pattern(self, pattern: str) -> None:
        """What numbers look like from now on; {code}, {year} and {number} must occur, so that each comes once."""
        wanted = pattern.strip()
        if not is_pattern(wanted):
            raise Invalid({"pattern": "form_pattern_invalid"})
        self._offices.set_setting(PATTERN_KEY, wanted)

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
        if given:
            return self._use_given(session, form, document, chain, given)
        year = document.dated_on.year
        series = series_of(form, self.counting(), document.record_kind)
        sequence = self._of_chain(session, form, series, year, chain) or self._next(session, series, year, form.code)
        while True:
            text = self._text(form, year, sequence, words)
            if not self._is_taken(session, text):
                break
            self._skip(session, form, series, year, sequence, text)
            sequence = self._next(session, series, year, form.code)
        self._keep(session, form, series, year, sequence, text, document=document, chain=chain)
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

    def _next(self, session: Session, series: str, year: int, code: str) -> int:
        """The next of the row that is not kept for a paper book."""
        while True:
            number = self._offices.next_number(session, series, year)
            taken = select(DocumentNumber.id).where(
                DocumentNumber.series == series,
                DocumentNumber.year == year,
                DocumentNumber.sequence == number,
                DocumentNumber.code == code,
            )
            if session.scalars(taken).first() is None:
                return number

    def _text(self, form: Form, year: int, sequence: int, words: dict[str, str]) -> str:
        detail = self._offices.detail()
        return self.pattern().format(
            prefix=words.get("prefix") or detail.prefix,
            town=detail.short_name,
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
        kept = session.scalars(select(DocumentNumber.id).where(DocumentNumber.text == text)).first()
        ordered = session.scalars(select(RectificationOrder.id).where(RectificationOrder.number == text)).first()
        return kept is not None or ordered is not None

    def _keep(
        self,
        session: Session,
        form: Form,
        series: str,
        year: int,
        sequence: int,
        text: str,
        *,
        document: FormDocument | None = None,
        chain: str = "",
        reason: str = "",
        state: NumberState | None = None,
    ) -> None:
        session.add(
            DocumentNumber(
                series=series,
                year=year,
                sequence=sequence,
                code=form.code,
                text=text,
                state=state or (NumberState.USED if document else NumberState.RESERVED),
                chain=chain,
                document_id=document.id if document else None,
                reason=reason,
                taken_on=self._clock.today(),
                taken_by=self._store.person,
            )
        )
        session.flush()

    def _use_given(self, session: Session, form: Form, document: FormDocument, chain: str, given: str) -> str:
        row = session.scalars(select(DocumentNumber).where(DocumentNumber.text == given)).first()
        if row is not None:
            if row.state is not NumberState.RESERVED or row.code != form.code:
                raise Invalid({"number": "duplicate"}, number=given)
            row.state, row.document_id, row.chain = NumberState.USED, document.id, chain
            return given
        if self._is_taken(session, given):
            raise Invalid({"number": "duplicate"}, number=given)
        year = document.dated_on.year
        hand = select(DocumentNumber.sequence).where(DocumentNumber.series == BY_HAND, DocumentNumber.year == year)
        sequence = max(session.scalars(hand), default=0) + 1
        self._keep(session, form, BY_HAND, year, sequence, given, document=document, chain=chain)
        return given

    def void(self, session: Session, document: FormDocument, reason: str) -> None:
        """The number of a document made void: it stays in the book, and never comes back."""
        for row in session.scalars(select(DocumentNumber).where(DocumentNumber.document_id == document.id)):
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
        word = self._book.printed("word", "word", date(year, 12, 31))
        with self._store.write(f"预留{form.title}文号 {count} 个") as session:
            texts: list[str] = []
            while len(texts) < count:
                sequence = self._next(session, series, year, form.code)
                text = self._text(form, year, sequence, {"word": word})
                if self._is_taken(session, text):
                    self._skip(session, form, series, year, sequence, text)
                    continue
                self._keep(session, form, series, year, sequence, text, reason=holder.strip())
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

    def number_book(self, year: int) -> list[SeriesBook]:
        """Every row of numbers of a year: what was given out, and why what is missing is missing."""
        with self._store.read() as session:
            return list(self._books(session, year))

    def _books(self, session: Session, year: int) -> Iterator[SeriesBook]:
        wanted = select(DocumentNumber, FormDocument.form).outerjoin(
            FormDocument, FormDocument.id == DocumentNumber.document_id
        )
        rows = session.execute(
            wanted.where(DocumentNumber.year == year).order_by(DocumentNumber.series, DocumentNumber.sequence)
        ).all()
        by_series: dict[str, list[NumberRow]] = {}
        for number, form_id in rows:
            title = self._book.get(form_id).title if form_id else ""
            by_series.setdefault(number.series, []).append(_number_row(number, title))
        lasts = {
            row.form: row.last
            for row in session.scalars(select(NumberSequence).where(NumberSequence.year == year))
            if row.form in by_series or row.form.startswith("chain:")
        }
        for series, found in sorted(by_series.items()):
            last = lasts.get(series, max(row.sequence for row in found))
            missing = gaps(last, {row.sequence for row in found})
            told = tuple(Gap(first, to, UNEXPLAINED) for first, to in missing)
            yield SeriesBook(series, SERIES_SAID.get(series, series), year, last, tuple(found), told)
        orders = tuple(self._orders(session, year))
        if orders:
            yield SeriesBook("order", "责令限期整改指令书", year, len(orders), orders, ())

    @staticmethod
    def _orders(session: Session, year: int) -> list[NumberRow]:
        """The orders are numbered in their own act, and stand in the book beside the others."""
        wanted = select(RectificationOrder).where(
            RectificationOrder.issued_on >= date(year, 1, 1), RectificationOrder.issued_on <= date(year, 12, 31)
        )
        rows = session.scalars(wanted.order_by(RectificationOrder.issued_on, RectificationOrder.id)).all()
        return [
            NumberRow(
                id=row.id,
                series="order",
                year=year,
                sequence=at,
                text=row.number,
                state=NumberState.VOID if row.status is OrderStatus.VOID else NumberState.USED,
                document_id=None,
                title="责令限期整改指令书",
                reason=row.void_reason,
                taken_on=row.issued_on,
                taken_by="",
            )
            for at, row in enumerate(rows, 1)
        ]


BY_HAND = "hand"
UNEXPLAINED = "没有登记，请核对"  # numbers are given out in one act, so this says that something is wrong
SERIES_SAID = {"chain:inspection": "检查类文书", "chain:case": "案件类文书", BY_HAND: "手工编号"}


def _number_row(row: DocumentNumber, title: str) -> NumberRow:
    return NumberRow(
        id=row.id,
        series=row.series,
        year=row.year,
        sequence=row.sequence,
        text=row.text,
        state=row.state,
        document_id=row.document_id,
        title=title,
        reason=row.reason,
        taken_on=row.taken_on,
        taken_by=row.taken_by,
    )
