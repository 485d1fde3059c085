"""The photo 照片: what it shows of a finding, whose it is, and which photos look alike.

Two pictures are compared by their likeness: 64 bits of which half are set (`desktop.exchange.picture` makes them).
Copies of one picture that were scaled, packed anew or re-lit differ in none to four bits, pictures of different things
in about thirty.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import combinations


class PhotoRole(StrEnum):
    """What the picture is there for."""

    SCENE = "scene"
    BEFORE = "before"
    AFTER = "after"
    SCAN = "scan"


class PhotoOwner(StrEnum):
    """The kinds of record that may have photos. A photo has one record and never goes to another."""

    HAZARD = "hazard"
    INSPECTION = "inspection"
    REINSPECTION = "reinspection"
    DOCUMENT = "form_document"


class TwinKind(IntEnum):
    """Where two photos that look alike stand; the gravest first."""

    BEFORE_AS_AFTER = 0
    OTHER_ENTERPRISE = 1
    OTHER_RECORD = 2
    SAME_RECORD = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a photo stands, as far as it matters for what a twin means."""

    enterprise_id: int | None
    owner: tuple[str, int]
    role: PhotoRole


BITS = 64
NEAR = 4
"""Bits in which two likenesses may differ and still be taken for one picture: one in sixteen."""

_BANDS = NEAR + 1  # by which one band of two near likenesses is the same


def distance(first: int, second: int) -> int:
    """In how many bits two likenesses differ."""
    return (first ^ second).bit_count()


def nearest(likeness: int, known: Mapping[int, int]) -> int | None:
    """Which of `known` (likeness by id) looks most like this one; None where none is near."""
    found = min(((distance(likeness, other), key) for key, other in known.items()), default=(BITS, 0))
    return found[1] if found[0] <= NEAR else None


def alike(likenesses: Sequence[int]) -> list[list[int]]:
    """The places of `likenesses` in groups of two and more that look alike, each group and all of them in order.

    Whatever differs in at most `NEAR` bits comes together, and so does what is joined by a third. Of two such
    likenesses cut into `NEAR` + 1 bands, one band is the same: only those are compared that share a band, so that ten
    thousand take the time of a few reads and not of fifty million comparisons.
    """
    distinct = list(dict.fromkeys(likenesses))
    joined = _Joined()
    if len(distinct) < len(likenesses):
        for likeness, count in Counter(likenesses).items():
            if count > 1:
                joined.join(likeness, likeness)
    for mask in _MASKS:
        for first, second in _near(distinct, mask):
            joined.join(first, second)
    groups: dict[int, list[int]] = {}
    for place, likeness in enumerate(likenesses):
        if likeness in joined.above:
            groups.setdefault(joined.head(likeness), []).append(place)
    return sorted(groups.values())


def _near(likenesses: Sequence[int], mask: int) -> list[tuple[int, int]]:
    """The pairs of different likenesses that are near and share the band of this mask.

    Most are alone in their band: only those in company are put into lists, for every list that is made gives Python's
    search for garbage a reason to go through all that the program holds.
    """
    bands = [likeness & mask for likeness in likenesses]
    last = dict(zip(bands, likenesses, strict=False))
    crowds: dict[int, list[int]] = {}
    for band, likeness in zip(bands, likenesses, strict=False):
        if last[band] != likeness:
            if band in crowds:
                crowds[band].append(likeness)
            else:
                crowds[band] = [last[band], likeness]
    return [
        (first, second)
        for crowd in crowds.values()
        for first, second in combinations(crowd, 2)
        if (first ^ second).bit_count() <= NEAR
    ]


def _masks() -> Iterable[int]:
    """The bands take every fifth bit: each gets its share of the coarse bits, which many pictures have in common."""
    return (sum(1 << bit for bit in range(band, BITS, _BANDS)) for band in range(_BANDS))


_MASKS = tuple(_masks())


class _Joined:
    """Which likenesses belong together; `above` leads from each that has company to the one that stands for its group."""

    def __init__(self) -> None:
        self.above: dict[int, int] = {}

    def head(self, likeness: int) -> int:
        """The one that stands for its group."""
        while (above := self.above.setdefault(likeness, likeness)) != likeness:
            likeness = above
        return likeness

    def join(self, first: int, second: int) -> None:
        """These two are of one group."""
        self.above[self.head(second)] = self.head(first)


def twin_kind(group: Sequence[Standing]) -> TwinKind:
    """What it means that these photos are the same: the gravest that can be said of two of them."""
    roles: dict[tuple[str, int], set[PhotoRole]] = {}
    for each in group:
        roles.setdefault(each.owner, set()).add(each.role)
    if any({PhotoRole.BEFORE, PhotoRole.AFTER} <= found for found in roles.values()):
        return TwinKind.BEFORE_AS_AFTER
    if len({each.enterprise_id for each in group}) > 1:
        return TwinKind.OTHER_ENTERPRISE
    return TwinKind.OTHER_RECORD if len(roles) > 1 else TwinKind.SAME_RECORD
