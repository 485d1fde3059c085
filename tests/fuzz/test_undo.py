"""Any sequence of acts, undone, gives back the same content; redone, the same again; and the chain stays whole."""

import os
import shutil
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import builders
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from db.models import Enterprise, EnterpriseTag, Hazard, Obligation, ObligationDue, Setting
from desktop.domain.hazard import HazardStatus
from desktop.domain.obligation_kind import EndKind

# TOWNSAFE_FUZZ=84 makes the run of a release: a thousand sequences.
EXAMPLES = 12 * int(os.environ.get("TOWNSAFE_FUZZ", "1"))

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
picks = st.integers(0, 10**6)
codes = st.one_of(st.none(), st.sampled_from(["91320681MA1AAAAAA1", "91320681MA1BBBBBB2", "91320681MA1CCCCCC3"]))


class Acts(RuleBasedStateMachine):
    """An office in which anything is done, undone and redone; `states` is what undo and redo must give back."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="townsafe-fuzz-"))
        self.store = builders.an_office(self.folder)
        self.states = [builders.content(self.store)]
        self.at = 0

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        try:
            self._all_the_way()
        finally:
            self.store.close()
            shutil.rmtree(self.folder)

    def _all_the_way(self) -> None:
        while self.at:
            self.undo()
        assert builders.content(self.store) == self.states[0]
        assert self.store.undoable is None
        while self.at < len(self.states) - 1:
            self.redo()
        assert self.store.redoable is None
        assert self.store.first_broken() is None
        with self.store._lock, self.store._writer.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO enterprise_search (enterprise_search, rank) VALUES ('integrity-check', 1)"
            )

    # ---- what the acts need ------------------------------------------------------------------------------------

    def _done(self) -> None:
        """An act was done: it ends what could be redone, unless it changed nothing."""
        now = builders.content(self.store)
        undoable = self.store.undoable
        if now != self.states[self.at]:
            assert undoable is not None
            self.states[self.at + 1 :] = [now]
            self.at += 1

    def _some(self, table: Any, pick: int) -> int | None:
        with self.store.read() as session:
            ids = session.scalars(select(table.id).order_by(table.id)).all()
        return ids[pick % len(ids)] if ids else None

    # ---- acts --------------------------------------------------------------------------------------------------

    @rule(name=words, code=codes)
    def register(self, name: str, code: str | None) -> None:
        with suppress(IntegrityError):  # the code is taken
            builders.an_enterprise(self.store, name, uscc=code, code_state="none" if code is None else "kept")
        self._done()

    @rule(pick=picks, text=words)
    def rename(self, pick: int, text: str) -> None:
        number = self._some(Enterprise, pick)
        with self.store.write("改名") as session:
            session.execute(
                update(Enterprise).where(Enterprise.id == number).values(name=text, search_text=" ".join(text))
            )
        self._done()

    @rule(first=picks, second=picks)
    def swap_codes(self, first: int, second: int) -> None:
        one, two = self._some(Enterprise, first), self._some(Enterprise, second)
        if one is None or two is None or one == two:
            return
        with self.store.write("互换代码") as session:
            left, right = session.get_one(Enterprise, one), session.get_one(Enterprise, two)
            codes_before = left.uscc, right.uscc
            left.uscc = None
            session.flush()
            right.uscc = codes_before[0]
            session.flush()
            left.uscc = codes_before[1]
        self._done()

    @rule(pick=picks)
    def remove(self, pick: int) -> None:
        """With all that hangs on it when nothing refuses; otherwise nothing at all happens."""
        number = self._some(Enterprise, pick)
        with suppress(IntegrityError), self.store.write("删除") as session:
            session.execute(delete(EnterpriseTag).where(EnterpriseTag.enterprise_id == number))
            session.execute(delete(Enterprise).where(Enterprise.id == number))
        self._done()

    @rule(pick=picks, word=st.sampled_from(["重点", "粉尘", "有限空间"]))
    def tag(self, pick: int, word: str) -> None:
        number = self._some(Enterprise, pick)
        if number is not None:
            with suppress(IntegrityError):  # it has the tag
                builders.a_tag(self.store, number, word)
            self._done()

    @rule(pick=picks, count=st.integers(1, 3))
    def order(self, pick: int, count: int) -> None:
        number = self._some(Enterprise, pick)
        if number is not None:
            builders.an_order(self.store, number, count)
            self._done()

    @rule(pick=picks, days=st.integers(1, 40))
    def extend(self, pick: int, days: int) -> None:
        number = self._some(Obligation, pick)
        if number is None:
            return
        with self.store.write("延期") as session:
            last = session.scalars(
                select(ObligationDue)
                .where(ObligationDue.obligation_id == number)
                .order_by(ObligationDue.sequence.desc())
            ).first()
            assert last is not None
            session.add(builders.a_link(number, last.sequence + 1, last.due_on + timedelta(days=days)))
        self._done()

    @rule(pick=picks)
    def clear(self, pick: int) -> None:
        number = self._some(Hazard, pick)
        if number is None:
            return
        with self.store.write("销号") as session:
            hazard = session.get_one(Hazard, number)
            hazard.status, hazard.cleared_on = HazardStatus.CLEARED, date(2026, 3, 20)
            session.execute(
                update(Obligation)
                .where(Obligation.subject_id == number, Obligation.subject_type == "hazard")
                .values(ended_on=date(2026, 3, 20), end_kind=EndKind.DONE)
            )
        self._done()

    @rule(
        key=st.sampled_from("abc"),
        value=st.recursive(words | st.none() | st.integers(-(2**53), 2**53) | st.booleans(), st.lists),
    )
    def choose(self, key: str, value: Any) -> None:
        with self.store.write("设置") as session:
            session.execute(delete(Setting).where(Setting.key == key))
            session.add(Setting(key=key, value=value))
        self._done()

    @rule(text=words)
    def change_all(self, text: str) -> None:
        with self.store.write("批量修改") as session:
            session.execute(update(Enterprise).values(remark=text, search_text=text))
            session.execute(update(Hazard).values(remark=text))
        self._done()

    @rule(text=words)
    def fail(self, text: str) -> None:
        with suppress(ZeroDivisionError), self.store.write("出错") as session:
            session.execute(update(Enterprise).values(remark=text, search_text=text))
            session.execute(delete(Setting))
            raise ZeroDivisionError

    # ---- back and forth ----------------------------------------------------------------------------------------

    @precondition(lambda self: self.at > 0)
    @rule()
    def undo(self) -> None:
        self.store.undo()
        self.at -= 1
        assert builders.content(self.store) == self.states[self.at]

    @precondition(lambda self: self.at < len(self.states) - 1)
    @rule()
    def redo(self) -> None:
        self.store.redo()
        self.at += 1
        assert builders.content(self.store) == self.states[self.at]

    @invariant()
    def nothing_else_changed(self) -> None:
        if hasattr(self, "store"):
            assert builders.content(self.store) == self.states[self.at]
            assert (self.store.undoable is None) is (self.at == 0)


TestActs = Acts.TestCase
TestActs.settings = settings(max_examples=EXAMPLES, stateful_step_count=50, deadline=None, print_blob=True)
