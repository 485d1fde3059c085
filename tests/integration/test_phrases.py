"""Phrases on a real file: kept, found by initials, ranked by use, offered after three times, thrown away."""

from datetime import date, datetime

import builders
import pytest

from db.store import Store
from desktop.domain.errors import Invalid, Refused
from desktop.services.clock import Clock
from desktop.services.phrases import LONGEST, Phrases

BOX, DOOR = "配电箱未上锁", "配电箱门破损"


class Minute:
    """A clock that goes on a minute each time it is asked."""

    def __init__(self) -> None:
        self.minute = 0

    def __call__(self) -> datetime:
        self.minute += 1
        return datetime(2026, 3, 2, 9, self.minute)


@pytest.fixture
def phrases(store: Store) -> Phrases:
    return Phrases(store, Clock(lambda: date(2026, 3, 2), Minute()))


def test_initials_and_words_find_a_phrase(phrases: Phrases) -> None:
    phrases.keep(BOX)

    assert [row.text for row in phrases.find("PDX")] == [BOX]
    assert [row.text for row in phrases.find("未上锁")] == [BOX]
    assert phrases.find("dx") == []


def test_the_most_used_comes_first_then_the_last_used(phrases: Phrases) -> None:
    box, door, none = phrases.keep(BOX), phrases.keep(DOOR), phrases.keep("配电室积水")
    phrases.used(box)
    phrases.used(door)
    assert [row.id for row in phrases.find("pd")] == [door, box, none]
    phrases.used(box)
    assert [row.id for row in phrases.find("pd")] == [box, door, none]


def test_a_phrase_thrown_away_comes_back_with_its_count(phrases: Phrases) -> None:
    box = phrases.keep(BOX)
    phrases.used(box)
    phrases.throw_away([box])
    assert phrases.rows() == []

    assert phrases.keep(BOX) == box
    assert phrases.rows()[0].used_count == 1


def test_other_words_have_other_initials(phrases: Phrases) -> None:
    box = phrases.keep(BOX)
    phrases.keep(DOOR)
    phrases.change(box, "开关箱未上锁")

    assert [row.id for row in phrases.find("kgx")] == [box]
    with pytest.raises(Refused, match="phrase_known"):
        phrases.change(box, DOOR)


def test_what_was_written_three_times_is_offered_once(store: Store, phrases: Phrases) -> None:
    firm = builders.an_enterprise(store)
    for _ in range(3):
        builders.a_hazard(store, firm, description=BOX)
    builders.a_hazard(store, firm, description=DOOR)

    assert phrases.offers() == [(BOX, 3)]
    phrases.throw_away([phrases.keep(BOX)])
    assert phrases.offers() == []


def test_empty_and_endless_texts_are_no_phrases(phrases: Phrases) -> None:
    with pytest.raises(Invalid):
        phrases.keep("  ")
    with pytest.raises(Refused, match="phrase_too_long"):
        phrases.keep("长" * (LONGEST + 1))
