"""Phrases 常用语: words the office writes again and again, found by the initials of their pinyin, ranked by use.

Nothing is shipped. A phrase is kept because somebody said 存为常用语; what was written three times is offered.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select

from db.models import Hazard, Inspection, Phrase
from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.services.clock import Clock
from desktop.services.search_text import initials

OFFERED_AFTER = 3
LONGEST = 500
SHORTEST = 4
SHOWN = 8


@dataclass(frozen=True, slots=True)
class PhraseRow:
    """A phrase with how often it was put in."""

    id: int
    text: str
    initials: str
    used_count: int
    used_at: datetime | None


class Phrases:
    """Keeps the phrases and tells which fit what was typed after a semicolon."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset({"phrase"})

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    # ---- acts ----------------------------------------------------------------------------------------------

    def keep(self, text: str) -> int:
        """Keep a text as a phrase; one that was thrown away comes back with its count."""
        words = _checked(text)
        with self._store.write("存为常用语") as session:
            record = session.scalars(select(Phrase).where(Phrase.text == words)).first()
            if record is None:
                record = Phrase(text=words, initials=_spellings(words))
                session.add(record)
            record.archived_on = None
            session.flush()
            return record.id

    def change(self, phrase_id: int, text: str) -> None:
        """Other words for a phrase; its count stays."""
        words = _checked(text)
        with self._store.write("修改常用语") as session:
            record = session.get_one(Phrase, phrase_id)
            other = session.scalars(select(Phrase).where(Phrase.text == words, Phrase.id != phrase_id)).first()
            if other is not None:
                raise Refused("phrase_known")
            record.text, record.initials = words, _spellings(words)

    def throw_away(self, phrase_ids: Iterable[int]) -> None:
        """Offer these no more."""
        with self._store.write("删除常用语") as session:
            for phrase_id in phrase_ids:
                session.get_one(Phrase, phrase_id).archived_on = self._clock.today()

    def used(self, phrase_id: int) -> None:
        """A phrase was put into a text: it ranks higher next time."""
        with self._store.write("使用常用语") as session:
            record = session.get_one(Phrase, phrase_id)
            record.used_count, record.used_at = record.used_count + 1, self._clock.now()

    # ---- questions -----------------------------------------------------------------------------------------

    def rows(self) -> list[PhraseRow]:
        """All phrases, the most used first, then the last used."""
        with self._store.read() as session:
            found = session.scalars(select(Phrase).where(Phrase.archived_on.is_(None)))
            return sorted(map(_row, found), key=_rank)

    def find(self, typed: str, most: int = SHOWN) -> list[PhraseRow]:
        """Those whose initials begin with what was typed, or whose words hold it; the most used first."""
        wanted = typed.strip().lower()
        rows = [row for row in self.rows() if _fits(row, wanted)]
        return rows[:most]

    def offers(self) -> list[tuple[str, int]]:
        """Texts that the office wrote three times or more and has not kept or thrown away, with how often."""
        with self._store.read() as session:
            known = set(session.scalars(select(Phrase.text)))
            counts: Counter[str] = Counter()
            for column in (Hazard.description, Hazard.measures, Inspection.opening_meeting, Inspection.closing_meeting):
                for text in session.scalars(select(column)):
                    counts[text.strip()] += 1
        often = [(text, count) for text, count in counts.items() if count >= OFFERED_AFTER and text not in known]
        kept = [(text, count) for text, count in often if SHORTEST <= len(text) <= LONGEST]
        return sorted(kept, key=lambda each: (-each[1], each[0]))


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid({"text": "missing"})
    if len(words) > LONGEST:
        raise Refused("phrase_too_long", most=LONGEST)
    return words


def _spellings(words: str) -> str:
    return " ".join(initials(words[:40]))


def _fits(row: PhraseRow, wanted: str) -> bool:
    return not wanted or any(each.startswith(wanted) for each in row.initials.split()) or wanted in row.text.lower()


def _rank(row: PhraseRow) -> tuple[int, float, str]:
    return (-row.used_count, -(row.used_at.timestamp() if row.used_at else 0.0), row.text)


def _row(record: Phrase) -> PhraseRow:
    return PhraseRow(record.id, record.text, record.initials, record.used_count, record.used_at)
