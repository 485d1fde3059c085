"""The library 资料库: the articles of law that are shipped word for word, and where each text was seen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from desktop.services.shipped import catalogue
from desktop.services.stored import day_of

_NUMBER = re.compile(r"第?(\d+)条?")


@dataclass(frozen=True, slots=True)
class Statute:
    """One article, word for word. From `recheck_from` on a newer law is in force whose text is not here."""

    code: str
    law: str
    article: str
    number: str
    chapter: str
    text: str
    status: str
    evidence: str
    in_force_from: date | None
    in_force_to: date | None
    recheck_from: date | None

    def needs_recheck(self, on: date) -> bool:
        """Whether newer law must be looked at first."""
        return self.recheck_from is not None and on >= self.recheck_from


class Library:
    """Reads what is shipped; it changes nothing and asks no office."""

    @cached_property
    def statutes(self) -> tuple[Statute, ...]:
        """Every article, law by law."""
        rechecks = {row["id"]: day_of(row["recheck_from"]) for row in catalogue("sources")}
        return tuple(
            Statute(
                row["id"],
                row["source"],
                row["article"],
                row["article_no"],
                row["chapter"],
                row["text"],
                row["status"],
                row["evidence"],
                day_of(row["in_force_from"]),
                day_of(row["in_force_to"]),
                rechecks.get(row["source_id"]),
            )
            for row in catalogue("statutes")
        )

    @cached_property
    def laws(self) -> tuple[str, ...]:
        """The laws and regulations in their order."""
        return tuple(dict.fromkeys(statute.law for statute in self.statutes))

    def find(self, typed: str, law: str = "") -> Sequence[Statute]:
        """The articles that hold every word typed; a number, 第36条 or 三十六 is an article's number."""
        words = typed.split()
        return [
            each for each in self.statutes if (not law or each.law == law) and all(_holds(each, word) for word in words)
        ]


def _holds(statute: Statute, word: str) -> bool:
    if (number := _NUMBER.fullmatch(word)) is not None:
        return statute.number == number[1]
    return word in statute.article or word in statute.text or word in statute.law or word in statute.chapter


def evidence_words(codes: str) -> str:
    """Where a text was seen, by the codes that stand beside it."""
    known = _evidence()
    return "；".join(known[code] for code in codes.split(";") if code in known)


@cache
def _evidence() -> dict[str, str]:
    return {row["id"]: row["text"] for row in catalogue("evidence")}
