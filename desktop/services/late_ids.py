"""The hits of a search in the order of a long list, picked out as somebody asks for them.

A letter of initials hits most of a roster. What is painted after a keystroke is the first screen of it, and how many
there are; the tens of thousands behind are put in order when somebody scrolls there, or selects them all.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import overload

MOST_PICKED = 256
"""So many are looked for one by one; whoever wants more waits until all are in order."""


class LateIds(Sequence[int]):
    """Those of `listed` that are in `hits`, a string of ids with commas, each of which is in `listed` from `start` on."""

    def __init__(self, listed: tuple[int, ...], hits: str, start: int = 0) -> None:
        self.listed = listed
        self._start = start
        self._found = frozenset[int](json.loads(f"[{hits}]"))
        self._coming = islice(listed, start, None)
        self._head: list[int] = []
        self._all: tuple[int, ...] | None = None

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, number: object) -> bool:
        return number in self._found

    def __iter__(self) -> Iterator[int]:
        return iter(self.all)

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[int]: ...
    def __getitem__(self, place: int | slice) -> int | Sequence[int]:
        end = place.stop if isinstance(place, slice) else place + 1
        is_forward = not isinstance(place, slice) or (place.start or 0) >= 0
        if self._all is None and is_forward and end is not None and 0 < end <= MOST_PICKED:
            return self._picked(end)[place]
        return self.all[place]

    def _picked(self, count: int) -> list[int]:
        """The first `count`, or as many as there are."""
        missing = count - len(self._head)
        if missing > 0:
            self._head += islice(filter(self._found.__contains__, self._coming), missing)
        return self._head

    @property
    def start(self) -> int:
        """The place in the whole list before which there is none of them."""
        return self.listed.index(self[0], self._start) if self._found else self._start

    @property
    def all(self) -> tuple[int, ...]:
        """All of them."""
        if self._all is None:
            self._all = tuple(filter(self._found.__contains__, islice(self.listed, self._start, None)))
        return self._all
