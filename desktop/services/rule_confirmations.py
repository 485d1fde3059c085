"""The office's word on rules that were marked 待法制人员确认: which rule, who confirmed it, when, and a remark."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import RuleConfirmation
from db.store import Store
from desktop.domain.deadline import Confidence, Rule, RuleBook, RuleChange
from desktop.domain.errors import Invalid, Refused
from desktop.services.clock import Clock
from desktop.services.rules import rule_book


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A named person's word that a rule is right."""

    rule: str
    confirmed_by: str
    confirmed_on: date
    remark: str


def is_doubtful(rule: Rule) -> bool:
    """Whether the shipped rule wants a person's word: its text was not seen, or it is marked so."""
    return rule.needs_confirmation or rule.confidence is Confidence.RECALLED


class RuleConfirmations:
    """Keeps who confirmed which rule. What a rule says is never changed here."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"rule_confirmation"})

    def __init__(self, store: Store, clock: Clock, book: RuleBook | None = None) -> None:
        self._store = store
        self._clock = clock
        self._book = book or rule_book()

    def confirm(self, rule_id: str, remark: str = "", by: str = "") -> None:
        """Confirm a rule in the name of `by` (default: whoever works here). Only a doubtful rule wants it."""
        name = by.strip() or self._store.person.strip()
        rule = self._doubtful(rule_id)
        if not name:
            raise Invalid({"by": "missing"})
        with self._store.write(f"确认期限规则“{rule.name_zh}”") as session:
            record = _find(session, rule_id)
            if record is None:
                record = RuleConfirmation(rule=rule_id)
                session.add(record)
            record.confirmed_by, record.confirmed_on, record.remark = name, self._clock.today(), remark.strip()

    def withdraw(self, rule_id: str) -> None:
        """Take a confirmation back; one that is not there needs no taking."""
        rule = self._doubtful(rule_id)
        with self._store.write(f"撤回对期限规则“{rule.name_zh}”的确认") as session:
            record = _find(session, rule_id)
            if record is not None:
                session.delete(record)

    def confirmed(self) -> dict[str, Confirmation]:
        """Every confirmation, by the rule's id."""
        with self._store.read() as session:
            rows = session.scalars(select(RuleConfirmation).order_by(RuleConfirmation.rule)).all()
            return {row.rule: Confirmation(row.rule, row.confirmed_by, row.confirmed_on, row.remark) for row in rows}

    def changes(self) -> list[RuleChange]:
        """The confirmations as `RuleBook.with_changes` takes them; one of a rule that is no longer shipped is left out."""
        return [RuleChange(rule, confirmed=True) for rule in self.confirmed() if rule in self._book.rules]

    def _doubtful(self, rule_id: str) -> Rule:
        rule = self._book.rules.get(rule_id)
        if rule is None:
            raise Refused("rule_unknown", rule=rule_id)
        if not is_doubtful(rule):
            raise Refused("rule_is_verified", name=rule.name_zh)
        return rule


def _find(session: Session, rule_id: str) -> RuleConfirmation | None:
    return session.scalars(select(RuleConfirmation).where(RuleConfirmation.rule == rule_id)).first()


SENTENCES: dict[str, str] = {
    "rule_is_verified": "“{name}”已核对过法条原文，不需要另行确认。",
}
