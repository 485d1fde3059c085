"""The trail of the office's duty 尽职留痕: what was done about an enterprise, as the record stood at the end of a day.

Two readings of the same acts are compared: the record as it stood that day, and the record as it stands now. An act
of that day which was written down only later, or altered, or taken out since, is marked: a trail that could be
mended afterwards without a trace would prove nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FactKey = tuple[str, int, str]
"""Table, id and which of the record's acts: an order is issued, and delivered."""


class TrailKind(StrEnum):
    """What an act is about, in the order in which acts of one day follow one another."""

    PLAN = "plan"
    INSPECTION = "inspection"
    HAZARD = "hazard"
    ORDER = "order"
    EXTENSION = "extension"
    URGING = "urging"
    REINSPECTION = "reinspection"
    ESCALATION = "escalation"
    CASE = "case"
    REVISIT = "revisit"
    MEASURE = "measure"
    DOCUMENT = "document"
    GATE = "gate"


class TrailMark(StrEnum):
    """What the record says of an act beside the act itself."""

    NONE = "none"
    LATER = "later"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class TrailFact:
    """An act on a day; `column` is the field that says it was done, empty where the row itself does."""

    on: date
    kind: TrailKind
    key: FactKey
    title: str
    text: str = ""
    who: str = ""
    rank: int = 0
    column: str = ""

    @property
    def words(self) -> tuple[date, str, str, str]:
        """What is compared."""
        return self.on, self.title, self.text, self.who


@dataclass(frozen=True, slots=True)
class MarkedFact:
    """A fact as it stood, its mark, and what stands there now where that differs."""

    fact: TrailFact
    mark: TrailMark = TrailMark.NONE
    now: TrailFact | None = None


def compared(then: Iterable[TrailFact], now: Iterable[TrailFact], on: date) -> list[MarkedFact]:
    """The acts up to `on`, oldest first: those known on that day, and those of that time that came in later."""
    known = {fact.key: fact for fact in then if fact.on <= on}
    current = {fact.key: fact for fact in now}
    marked = [_marked(fact, current.get(key)) for key, fact in known.items()]
    marked += [MarkedFact(fact, TrailMark.LATER) for key, fact in current.items() if key not in known and fact.on <= on]
    return sorted(marked, key=_order)


def _marked(then: TrailFact, now: TrailFact | None) -> MarkedFact:
    if now is None:
        return MarkedFact(then, TrailMark.GONE)
    return MarkedFact(then) if now.words == then.words else MarkedFact(then, TrailMark.CHANGED, now)


_KINDS = tuple(TrailKind)


def _order(marked: MarkedFact) -> tuple[object, ...]:
    fact = marked.fact
    return fact.on, _KINDS.index(fact.kind), fact.rank, fact.key


def days_late(due_on: date, ended_on: date | None, on: date) -> int:
    """By how many days a duty was late on `on`: until it was done, or until that day; 0 when it was not."""
    return max(((ended_on or on) - due_on).days, 0)
