"""Whatever an office does with its documents, no number is ever given out twice and every one is accounted for."""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

import builders
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.errors import Invalid, Refused
from desktop.domain.form import DocumentStatus, NumberCounting, NumberState, RecordKind
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.forms import DocumentQuery, Forms
from desktop.services.office import OfficeDraft
from desktop.services.orders import OrderDraft

FORMS = ("inspection_scheme", "inspection_record", "inspection_scheme", "questioning_notice", "special_matter_approval")
VISITS = 3
YEARS = (2022, 2023)

Step = tuple[str, int, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("issue", "issue", "issue", "order", "order", "void", "reserve", "fail", "hand", "undo", "count")
        ),
        st.integers(0, len(FORMS) - 1),
        st.integers(0, VISITS - 1),
        st.integers(0, 1),
    ),
    max_size=25,
)


class Broken(Exception):
    """The disk, in the middle of an issue."""


class Office:
    """An office that does as it is told, and remembers every number that was ever seen."""

    def __init__(self, folder: Path) -> None:
        self.store = builders.an_office(folder)
        self.services = Services(self.store, folder, Clock(lambda: builders.TODAY, lambda: datetime(2026, 3, 2, 9, 41)))
        self.services.offices.establish(OfficeDraft("惠萍镇", "320681115", "启东市", "启东市应急管理局", prefix="苏启"))
        self.firm = builders.an_enterprise(self.store)
        self.visits = [builders.an_inspection(self.store, self.firm) for _ in range(VISITS)]
        self.void: set[str] = set()
        self.seen: set[str] = set()

    @property
    def forms(self) -> Forms:
        return self.services.forms

    def take(self, step: Step) -> None:
        """One step; what an office may not do is refused, and changes nothing."""
        what, form, visit, year = step
        match what:
            case "issue":
                self.issue(FORMS[form], visit, YEARS[year])
            case "hand":
                self.issue(FORMS[form], visit, YEARS[year], f"（苏启）应急检记〔{YEARS[year]}〕{form + 1}号")
            case "order":
                self.order(visit, YEARS[year])
            case "fail":
                with patch.object(Forms, "_seal", side_effect=Broken):
                    self.issue(FORMS[form], visit, YEARS[year])
            case "void":
                issued = self.forms.rows(DocumentQuery(statuses=frozenset({DocumentStatus.ISSUED})))
                if issued:
                    chosen = issued[visit % len(issued)]
                    self.forms.void(chosen.id, "写错")
                    self.void |= {chosen.number} - {""}
            case "reserve":
                self.forms.numbers.reserve("inspection_record", YEARS[year], visit + 1, "现场本")
            case "count":
                self.forms.numbers.set_counting(list(NumberCounting)[visit % 2])
            case "undo":
                last = self.store.last_act()
                if last is not None and last.title.startswith(("签发", "预留", "作废", "下达")):
                    with suppress(Refused):  # what gave a number out stays
                        self.store.undo_last()

    def order(self, visit: int, year: int) -> None:
        """Of a visit; it takes its number in the act that issues it, and an undo leaves that void."""
        hazard = builders.a_hazard(self.store, self.firm)
        on = date(year, 6, 1)
        draft = OrderDraft(self.firm, ((hazard, date(year, 6, 20)),), on, inspection_id=self.visits[visit])
        reasons = {warning.gate: "移交" for warning in self.services.orders.gates(draft)}
        self.services.orders.issue(replace(draft, reasons=reasons))

    def issue(self, form: str, visit: int, year: int, number: str = "") -> None:
        on = date(year, 6, 1)
        draft = self.forms.new(form, (RecordKind.INSPECTION, self.visits[visit]), on)
        reasons = {warning.gate: "现场手写" for warning in self.forms.gates(draft)}
        if self.forms.doubts(draft.form, on):
            self.forms.confirmations.confirm(draft.form, on)
        with suppress(Invalid, Broken):
            self.forms.issue(replace(draft, number=number, reasons=reasons))

    def check(self) -> None:
        """Nothing twice, nothing lost, and what was void stays void."""
        rows = self.forms.rows()
        numbers = [row.number for row in rows if row.number]
        assert len(numbers) == len(set(numbers))
        books = [book for year in YEARS for book in self.forms.numbers.number_book(year)]
        kept = {row.text: row for book in books for row in book.rows}
        assert len(kept) == sum(len(book.rows) for book in books)
        for row in rows:
            if row.number:
                wanted = NumberState.USED if row.status is DocumentStatus.ISSUED else NumberState.VOID
                assert kept[row.number].state is wanted
                assert kept[row.number].document_id == row.id
        for row in self.services.orders.rows():
            assert kept[row.number].state is NumberState.USED
        assert all(kept[number].state is NumberState.VOID for number in self.void)
        assert self.seen <= set(kept), "a number that was given out is no longer in the book"
        self.seen = set(kept)
        assert all(book.gaps == () for book in books), "a number is missing without a word"


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_no_number_is_given_out_twice_and_none_is_unaccounted_for(steps: list[Step]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="townsafe-numbers-"))
    with patch.object(Forms, "_seal"):
        office = Office(folder)
        try:
            for step in steps:
                office.take(step)
                office.check()
        finally:
            office.store.close()
            shutil.rmtree(folder)
