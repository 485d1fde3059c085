"""Which photos look alike, and what it means."""

import random

from desktop.domain.photo import NEAR, PhotoRole, Standing, TwinKind, alike, distance, nearest, twin_kind


def _likeness(chance: random.Random) -> int:
    """Half of the bits, as the picture reader makes them."""
    return sum(1 << bit for bit in chance.sample(range(64), 32))


def _changed(likeness: int, bits: int, chance: random.Random) -> int:
    for bit in chance.sample(range(64), bits):
        likeness ^= 1 << bit
    return likeness


def _slowly(likenesses: list[int]) -> list[list[int]]:
    """The same by comparing each with each."""
    group = list(range(len(likenesses)))
    for one in range(len(likenesses)):
        for two in range(one):
            if distance(likenesses[one], likenesses[two]) <= NEAR and group[one] != group[two]:
                old, new = sorted((group[one], group[two]), reverse=True)
                group = [new if each == old else each for each in group]
    found = [[place for place, each in enumerate(group) if each == head] for head in sorted(set(group))]
    return [each for each in found if len(each) > 1]


def test_alike_finds_what_comparing_each_with_each_finds() -> None:
    for seed in range(6):
        chance = random.Random(seed)
        likenesses = [_likeness(chance) for _ in range(120)]
        likenesses += [_changed(each, chance.randrange(0, 8), chance) for each in likenesses[:60]]
        likenesses += [_changed(each, chance.randrange(0, 8), chance) for each in likenesses[100:140]]
        chance.shuffle(likenesses)
        expected = _slowly(likenesses)
        assert len(expected) > 10
        assert alike(likenesses) == expected


def test_four_bits_are_near_and_six_are_not() -> None:
    chance = random.Random(1)
    one = _likeness(chance)
    for _ in range(50):
        assert alike([one, _changed(one, 4, chance)]) == [[0, 1]]
        assert alike([one, _changed(one, 6, chance)]) == []


def test_what_is_joined_by_a_third_is_one_group() -> None:
    assert alike([0b0, 0b1111, 0b1111_1111, 1 << 40 | 0xFFFF_0000, 0b0]) == [[0, 1, 2, 4]]
    assert alike([]) == []


def test_nearest_is_the_best_of_those_that_are_near() -> None:
    assert nearest(0, {1: 0b1111, 2: 0b11, 3: 0xFFFF}) == 2
    assert nearest(0, {3: 0xFFFF}) is None
    assert nearest(0, {}) is None


def test_the_gravest_meaning_of_a_group_counts() -> None:
    here = Standing(1, ("hazard", 1), PhotoRole.BEFORE)
    assert twin_kind([here, here]) is TwinKind.SAME_RECORD
    assert twin_kind([here, Standing(1, ("hazard", 2), PhotoRole.BEFORE)]) is TwinKind.OTHER_RECORD
    assert twin_kind([here, Standing(2, ("hazard", 3), PhotoRole.BEFORE)]) is TwinKind.OTHER_ENTERPRISE
    after = Standing(1, ("hazard", 1), PhotoRole.AFTER)
    assert twin_kind([here, Standing(2, ("hazard", 3), PhotoRole.SCENE), after]) is TwinKind.BEFORE_AS_AFTER
