"""Hits in the order of a long list: what is asked for first costs little, and all of it is always right."""

import random

import pytest

from desktop.services.late_ids import MOST_PICKED, LateIds


@pytest.fixture
def listed() -> tuple[int, ...]:
    numbers = list(range(1, 3001))
    random.Random(7).shuffle(numbers)
    return tuple(numbers)


def late(listed: tuple[int, ...], hits: list[int], start: int = 0) -> LateIds:
    return LateIds(listed, ",".join(map(str, hits)), start)


@pytest.mark.parametrize("share", [1, 3, 50, 2999])
def test_every_way_of_asking_gives_the_hits_in_the_order_of_the_list(listed: tuple[int, ...], share: int) -> None:
    hits = sorted(listed)[::share]
    wanted = tuple(number for number in listed if number in set(hits))
    assert len(late(listed, hits)) == len(wanted)
    assert tuple(late(listed, hits)) == wanted
    for asked in (slice(0, 32), slice(32, 64), slice(0, MOST_PICKED + 1), slice(-3, None), slice(5, None), slice(4, 1)):
        found = late(listed, hits)
        assert tuple(found[asked]) == wanted[asked]
        assert tuple(found[asked]) == wanted[asked]
    for place in (0, len(wanted) - 1, -1, len(wanted) // 2):
        assert late(listed, hits)[place] == wanted[place]


def test_a_place_behind_the_last_is_none(listed: tuple[int, ...]) -> None:
    found = late(listed, [5, 9])
    with pytest.raises(IndexError):
        _ = found[2]
    assert list(found[1:9]) == [number for number in listed if number in (5, 9)][1:]
    assert 5 in found
    assert 6 not in found


def test_one_more_letter_begins_where_the_last_search_found_its_first(listed: tuple[int, ...]) -> None:
    wide = late(listed, list(listed[700:]))
    assert wide[0] == listed[700]
    assert wide.start == 700
    narrow = late(listed, [listed[2000], listed[900]], wide.start)
    assert tuple(narrow) == (listed[900], listed[2000])
    assert narrow[0] == listed[900]
    assert narrow.start == 900


def test_what_is_looked_at_first_needs_no_order_of_all(
    listed: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = late(listed, list(listed))
    monkeypatch.setattr(LateIds, "all", property(lambda _self: pytest.fail("everything was put in order")))
    assert found[:32] == list(listed[:32])
    assert found[MOST_PICKED - 1] == listed[MOST_PICKED - 1]
