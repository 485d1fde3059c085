"""The status machine, on a small invented noun: every pair of statuses, and guards."""

from enum import StrEnum
from itertools import product

import pytest

from desktop.domain.errors import Refused
from desktop.domain.flow import Flow


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"
    GONE = "gone"


def needs_a_key(keys: int) -> None:
    if keys == 0:
        raise Refused("no_key")


DOOR: Flow[Door, int] = Flow(
    "door",
    {
        Door.OPEN: {Door.SHUT: ()},
        Door.SHUT: {Door.OPEN: (), Door.LOCKED: (needs_a_key,), Door.GONE: ()},
        Door.LOCKED: {Door.SHUT: (needs_a_key,)},
    },
)
ALLOWED = {("open", "shut"), ("shut", "open"), ("shut", "locked"), ("shut", "gone"), ("locked", "shut")}


@pytest.mark.parametrize(("status", "to"), list(product(Door, Door)))
def test_only_the_moves_of_the_table_are_allowed(status: Door, to: Door) -> None:
    assert DOOR.can(status, to, 1) == ((status.value, to.value) in ALLOWED)


def test_a_move_outside_the_table_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(Refused) as told:
        DOOR.check(Door.SHUT, Door.SHUT, 1)
    assert told.value.code == "move_not_allowed"
    assert told.value.facts["allowed"] == ["gone", "locked", "open"]


def test_a_guard_refuses_with_its_own_reason() -> None:
    with pytest.raises(Refused, match="no_key"):
        DOOR.check(Door.SHUT, Door.LOCKED, 0)


def test_a_status_without_moves_is_final() -> None:
    assert [door for door in Door if DOOR.is_final(door)] == [Door.GONE]
    assert DOOR.allowed(Door.GONE) == frozenset()
