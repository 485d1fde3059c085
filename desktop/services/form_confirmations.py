"""The office's word on what is marked 待法制人员确认 in forms: on what, who confirmed it, when, and a remark.

A confirmation is kept under the mark of the doubt. A clause that stands in several forms is confirmed once; a version
of it that comes into force later is a doubt of its own.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import FormConfirmation
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import Doubt, Form, FormBook
from desktop.services.clock import Clock
from desktop.services.form_book import form_book


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A named person's word that something in a form is right."""

    mark: str
    confirmed_by: str
    confirmed_on: date
    remark: str


class FormConfirmations:
    """Keeps who confirmed what. What a form says is never changed here."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"form_confirmation"})

    def __init__(self, store: Store, clock: Clock, book: FormBook | None = None) -> None:
        self._store = store
        self._clock = clock
        self._book = book or form_book()

    def confirm(self, form_id: str, dated_on: date, remark: str = "", by: str = "") -> None:
        """Confirm all that is doubtful in a form of that date, in the name of `by` (default: whoever works here)."""
        name = by.strip() or self._store.person.strip()
        form = self._book.get(form_id)
        doubts = self._book.doubts(form, dated_on)
        if not doubts:
            raise Refused("form_is_verified", title=form.title)
        if not name:
            raise Invalid({"by": "missing"})
        with self._store.write(f"确认文书《{form.title}》") as session:
            for doubt in doubts:
                record = _find(session, doubt.mark) or FormConfirmation(mark=doubt.mark)
                session.add(record)
                record.confirmed_by, record.confirmed_on, record.remark = name, self._clock.today(), remark.strip()

    def withdraw(self, mark: str) -> None:
        """Take a confirmation back; one that is not there needs no taking."""
        with self._store.write("撤回对文书内容的确认") as session:
            record = _find(session, mark)
            if record is not None:
                session.delete(record)

    def confirmed(self) -> dict[str, Confirmation]:
        """Every confirmation, by its mark."""
        with self._store.read() as session:
            rows = session.scalars(select(FormConfirmation).order_by(FormConfirmation.mark)).all()
            return {row.mark: Confirmation(row.mark, row.confirmed_by, row.confirmed_on, row.remark) for row in rows}

    def open_doubts(self, form: Form, dated_on: date) -> tuple[Doubt, ...]:
        """What in a form of that date nobody has confirmed yet."""
        known = self.confirmed()
        return tuple(doubt for doubt in self._book.doubts(form, dated_on) if doubt.mark not in known)


def _find(session: Session, mark: str) -> FormConfirmation | None:
    return session.scalars(select(FormConfirmation).where(FormConfirmation.mark == mark)).first()
