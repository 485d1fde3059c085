"""Which enterprises, in which order: the questions of the roster page as SQL, and the order it remembers.

A list of 100,000 is handed out as ids; rows are read a page at a time. The whole order and each set of filters are
remembered under the newest journal entry, so that a keystroke costs one full-text query.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Any

from desktop.domain.hazard import OPEN
from desktop.services.late_ids import LateIds
from desktop.services.search_text import current_only, match_query, sort_key

MOST_LISTS = 24
MANY = 5000
"""Of so long a list the hits are put in order only as far as somebody looks."""
_INITIALS = re.compile(r"[0-9]*[a-z][a-z0-9]*")
YES, NO = "yes", "no"
UNKNOWN = ""
"""The facet value of what is not known: no village, no grade, no sector."""

HITS_SQL = "SELECT group_concat(rowid) FROM enterprise_search WHERE enterprise_search MATCH ?"
_OPEN_WORDS = ", ".join(f"'{status.value}'" for status in sorted(OPEN))

# The last link of each open obligation, as `obligations.OPEN_SQL` reads it, without the names.
LAST_DUE = """
obligation o JOIN obligation_due d ON d.obligation_id = o.id
 AND d.sequence = (SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = o.id)
 AND o.ended_on IS NULL
"""
OPEN_HAZARDS = f"SELECT enterprise_id FROM hazard WHERE status IN ({_OPEN_WORDS})"
OVERDUE = f"SELECT o.enterprise_id FROM {LAST_DUE} WHERE o.enterprise_id IS NOT NULL AND d.due_on < :today"
EXPIRED_PERMITS = "SELECT enterprise_id FROM permit WHERE archived_on IS NULL AND valid_until < :today"

_PLAIN_FACETS = {
    "risk_level": "COALESCE(e.risk_level, '')",
    "sector": "COALESCE(e.sector, '')",
    "village": "e.village",
    "status": "e.status",
    "size": "COALESCE(e.size, '')",
    "standard_level": "COALESCE(e.standard_level, '')",
    "code_state": "e.code_state",
}
_CLAIM_FACETS = {
    "is_key": "e.is_key",
    "archived": "e.archived_on IS NOT NULL",
    "has_open_hazard": f"e.id IN ({OPEN_HAZARDS})",
    "has_overdue": f"e.id IN ({OVERDUE})",
    "permit_expired": f"e.id IN ({EXPIRED_PERMITS})",
}
# What an attribute may hold that says no (`desktop.domain.classification.is_true`).
_NO_WORDS = "('否', '无', '没有', '不涉及', '未评估', '未创建', '0')"
# Facet → (table, the word, which rows of it count).
_SET_FACETS = {
    "tag": ("enterprise_tag", "tag", "1"),
    "attribute": ("enterprise_attribute", "attribute", f"value NOT IN {_NO_WORDS}"),
}
FACETS = (*_PLAIN_FACETS, *_SET_FACETS, *_CLAIM_FACETS)

_ON_ROSTER = {"archived": frozenset({NO})}

_RISK_RANK = "CASE e.risk_level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 WHEN 'yellow' THEN 2 WHEN 'blue' THEN 3 END"
_SIZE_RANK = "CASE e.size WHEN 'large' THEN 0 WHEN 'medium' THEN 1 WHEN 'small' THEN 2 WHEN 'micro' THEN 3 END"
_STANDARD_RANK = "CASE e.standard_level WHEN 'one' THEN 0 WHEN 'two' THEN 1 WHEN 'three' THEN 2 WHEN 'micro' THEN 3 END"
_STATUS_RANK = "CASE e.status WHEN 'operating' THEN 0 WHEN 'suspended' THEN 1 ELSE 2 END"


def _of_each(value: str, source: str) -> str:
    """A LEFT JOIN that gives each enterprise the `value` grouped out of `source`."""
    return f"LEFT JOIN (SELECT enterprise_id AS of_id, {value} AS v FROM {source} GROUP BY enterprise_id) x ON x.of_id = e.id"


# Sort key → (value, join). Words are put in pinyin order afterwards.
_SORTS: dict[str, tuple[str, str]] = {
    "uscc": ("COALESCE(e.uscc, e.legacy_code)", ""),
    "risk_level": (_RISK_RANK, ""),
    "size": (_SIZE_RANK, ""),
    "standard_level": (_STANDARD_RANK, ""),
    "status": (_STATUS_RANK, ""),
    "is_key": ("1 - e.is_key", ""),
    "employees": ("e.employees", ""),
    "established_on": ("e.established_on", ""),
    "created_at": ("e.created_at", ""),
    "sector": ("e.sector", ""),
    "open_hazard_count": ("x.v", _of_each("COUNT(*)", f"hazard WHERE status IN ({_OPEN_WORDS})")),
    "overdue_count": (
        "x.v",
        _of_each("COUNT(*)", f"{LAST_DUE} WHERE o.enterprise_id IS NOT NULL AND d.due_on < :today"),
    ),
    "last_inspected_on": ("x.v", _of_each("MAX(inspected_on)", "inspection WHERE status = 'done'")),
    "next_due_on": ("x.v", _of_each("MIN(d.due_on)", f"{LAST_DUE} WHERE o.enterprise_id IS NOT NULL")),
}
_WORD_SORTS = frozenset(
    {"village", "address", "legal_person", "principal", "contact", "phone", "grid_worker", "industry", "safety_officer"}
)
SORTS = ("name", *_SORTS, *sorted(_WORD_SORTS))


@dataclass(frozen=True, slots=True)
class EnterpriseQuery:
    """What to list: words that must all be found, filters by facet, and the order as (key, descending).

    Values of one facet widen it, facets narrow one another. Without an `archived` facet only the current roster is
    meant. Claims (`is_key`, `has_overdue` …) take "yes" and "no".
    """

    text: str = ""
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: tuple[str, bool] = ("name", False)


CURRENT = EnterpriseQuery()
"""The whole current roster, by name."""


class EnterpriseOrder:
    """Answers a query with ids. Remembers orders and filtered lists until the journal grows."""

    def __init__(self, with_below: Callable[[frozenset[str]], frozenset[str]]) -> None:
        self._with_below = with_below
        self._head: tuple[int, date] | None = None
        self._lists: dict[Any, tuple[int, ...]] = {}
        self._last: tuple[str, LateIds | None] = ("", None)

    def ids(
        self, connection: sqlite3.Connection, query: EnterpriseQuery, today: date, *, remembers: bool
    ) -> Sequence[int]:
        """The ids of all that match, in order. Inside an act nothing is remembered: it may yet be rolled back."""
        listed = self._listed(connection, query, today, remembers)
        match = match_query(query.text)
        if match is None:
            return listed
        is_late = len(listed) >= MANY and _given(query.facets) == _ON_ROSTER
        hits = column(connection, HITS_SQL, (current_only(match) if is_late else match,))[0]
        if hits is None:
            return ()
        return self._late(listed, hits, query.text) if is_late else _among(listed, hits)

    def _late(self, listed: tuple[int, ...], hits: str, typed: str) -> LateIds:
        """Whatever has one more letter of the same initials stands no earlier in the list than what was found before."""
        before, found = self._last
        narrows = found is not None and found.listed is listed and before != "" and typed.startswith(before)
        late = LateIds(listed, hits, found.start if found is not None and narrows else 0)
        self._last = (typed if _INITIALS.fullmatch(typed) else "", late)
        return late

    def _listed(
        self, connection: sqlite3.Connection, query: EnterpriseQuery, today: date, remembers: bool
    ) -> tuple[int, ...]:
        """What the facets leave of the order, remembered."""
        lists = self._current(connection, today) if remembers else {}
        facets = _given(query.facets)
        key = (query.sort, tuple(sorted((name, tuple(sorted(values))) for name, values in facets.items())))
        if key not in lists:
            order = lists.setdefault(query.sort, _order(connection, query.sort, today))
            where, values = conditions(EnterpriseQuery("", facets), self._with_below, today)
            kept = frozenset(column(connection, f"SELECT e.id FROM enterprise e WHERE {where}", values))
            lists[key] = order if len(kept) == len(order) else tuple([number for number in order if number in kept])
        return lists[key]

    def _current(self, connection: sqlite3.Connection, today: date) -> dict[Any, tuple[int, ...]]:
        """The lists that still hold."""
        head = (column(connection, "SELECT COALESCE(MAX(id), 0) FROM operation", ())[0], today)
        if head != self._head or len(self._lists) > MOST_LISTS:
            self._head, self._lists = head, {}
        return self._lists


def column(connection: sqlite3.Connection, sql: str, values: tuple[Any, ...] | dict[str, Any]) -> list[Any]:
    """The first column of a raw query: a hundred thousand ids without an object each."""
    return [row[0] for row in connection.execute(sql, values)]


def _among(listed: tuple[int, ...], hits: str) -> tuple[int, ...]:
    """Those of `listed` that are among `hits`, which come as one string of ids."""
    found = frozenset[int](json.loads(f"[{hits}]"))
    return tuple(compress(listed, map(found.__contains__, listed)))


def _given(facets: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The facets that say something; the current roster is meant unless the archive is asked for."""
    given = {name: values for name, values in facets.items() if values}
    return {"archived": frozenset({NO}), **given}


def conditions(
    query: EnterpriseQuery, with_below: Callable[[frozenset[str]], frozenset[str]], today: date, without: str = ""
) -> tuple[str, dict[str, Any]]:
    """The WHERE of a query over `enterprise e`, and its named values; `without` leaves one facet out."""
    values: dict[str, Any] = {"today": today.isoformat()}
    parts = ["1"]
    for name, wanted in _given(query.facets).items():
        if name != without:
            chosen = with_below(wanted) if name == "sector" else wanted
            parts.append(_facet(name, chosen, values))
    match = match_query(query.text)
    if match is not None:
        values["match"] = match
        parts.append("e.id IN (SELECT rowid FROM enterprise_search WHERE enterprise_search MATCH :match)")
    return " AND ".join(parts), values


def _facet(name: str, wanted: Iterable[str], values: dict[str, Any]) -> str:
    chosen = sorted(wanted)
    if name in _CLAIM_FACETS:
        if chosen == [NO, YES]:
            return "1"
        return _CLAIM_FACETS[name] if chosen == [YES] else f"NOT ({_CLAIM_FACETS[name]})"
    marks = []
    for at, value in enumerate(chosen):
        values[f"{name}_{at}"] = value
        marks.append(f":{name}_{at}")
    if name in _SET_FACETS:
        table, word, counting = _SET_FACETS[name]
        return f"e.id IN (SELECT enterprise_id FROM {table} WHERE {word} IN ({', '.join(marks)}) AND {counting})"
    return f"{_PLAIN_FACETS[name]} IN ({', '.join(marks)})"


def counts_sql(facet: str, where: str) -> str:
    """SQL for (value, count) of a facet under the other conditions."""
    if facet in _SET_FACETS:
        table, word, counting = _SET_FACETS[facet]
        return (
            f"SELECT f.{word}, COUNT(*) FROM enterprise e JOIN {table} f ON f.enterprise_id = e.id "
            f"WHERE {where} AND {counting} GROUP BY 1"
        )
    if facet in _CLAIM_FACETS:
        return (
            f"SELECT CASE WHEN {_CLAIM_FACETS[facet]} THEN '{YES}' ELSE '{NO}' END, COUNT(*) "
            f"FROM enterprise e WHERE {where} GROUP BY 1"
        )
    return f"SELECT {_PLAIN_FACETS[facet]}, COUNT(*) FROM enterprise e WHERE {where} GROUP BY 1"


def _order(connection: sqlite3.Connection, sort: tuple[str, bool], today: date) -> tuple[int, ...]:
    """All ids in order; what is not known comes last either way, equals stand by name."""
    key, descending = sort
    if key == "name":
        names = column(connection, "SELECT id FROM enterprise ORDER BY sort_key, id", ())
        return tuple(reversed(names)) if descending else tuple(names)
    value, join = (f"NULLIF(e.{key}, '')", "") if key in _WORD_SORTS else _SORTS[key]
    rows = connection.execute(
        f"SELECT e.id, {value} FROM enterprise e {join} ORDER BY e.sort_key, e.id", {"today": today.isoformat()}
    ).fetchall()
    known = [row for row in rows if row[1] is not None]
    if key in _WORD_SORTS:
        place = {word: sort_key(word) for word in {row[1] for row in known}}
        known.sort(key=lambda row: place[row[1]], reverse=descending)
    else:
        known.sort(key=lambda row: row[1], reverse=descending)
    return (*(row[0] for row in known), *(row[0] for row in rows if row[1] is None))
