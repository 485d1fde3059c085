"""Names, codes and phone numbers that belong to nobody. The same random numbers give the same inventions."""

import random
from collections.abc import Iterator

from desktop.domain.enterprise import CodeState
from desktop.domain.uscc import ALPHABET, check_digit, make
from desktop.services.sample.words import Trade, names, township

# A number prime to ten million: stepping by it visits every organisation number once, in an order that looks random.
_STEP = 7_368_787
_NUMBERS = 10**7
_ENDINGS = ("厂", "店", "部", "站", "点", "场", "宾馆", "酒楼", "超市", "中心", "院", "合作社")


class Invention:
    """Invents people, firms and their numbers, no name or code twice."""

    def __init__(self, rng: random.Random, taken: int = 0) -> None:
        self._rng = rng
        self._names: set[str] = set()
        self._number = rng.randrange(_NUMBERS) + taken
        self._parts = names()
        self._region = township()["office"]["region"]

    def person(self) -> str:
        """A name of two or three characters."""
        pick, parts = self._rng.choice, self._parts
        given = pick(parts["given_first"]) if self._rng.random() < 0.82 else ""
        return f"{pick(parts['surnames'])}{given}{pick(parts['given_second'])}"

    def phone(self) -> str:
        """A mobile number of a block that was never given out."""
        return f"1540077{self._rng.randrange(10_000):04d}"

    def firm(self, trade: Trade, *, is_person: bool) -> str:
        """A name of a firm: place, invented brand, trade and form."""
        for name in self._firms(trade, is_person):
            if name not in self._names:
                self._names.add(name)
                return name
        raise AssertionError("the names never end")

    def _firms(self, trade: Trade, is_person: bool) -> Iterator[str]:
        while True:
            yield self._firm(trade, is_person)

    def _firm(self, trade: Trade, is_person: bool) -> str:
        rng, parts = self._rng, self._parts
        brand, word = self._brand(), rng.choice(trade.words)
        place = rng.choices(parts["places"], parts["place_weights"])[0]
        if trade.form in ("shop", "bare", "station"):
            ending = "有限公司" if trade.form == "station" and rng.random() < 0.4 else ""
            return f"启东市惠萍{'' if trade.form == 'station' else '镇'}{brand}{word}{ending}"
        if trade.form == "cooperative":
            return f"启东市{brand}{word}专业合作社"
        if is_person:
            endings = ("经营部", "商行") if trade.size == "批发业" else ("厂", "加工厂")
            return f"启东市惠萍镇{brand}{word}{'' if word.endswith(_ENDINGS) else rng.choice(endings)}"
        if word.endswith(_ENDINGS):
            return f"{place}{brand}{word}{'（普通合伙）' if rng.random() < 0.08 else ''}"
        if rng.random() < 0.04:
            return f"{brand}{word}（南通）有限公司"
        return f"{place}{brand}{word}{'股份' if rng.random() < 0.02 else ''}有限公司"

    def _brand(self) -> str:
        rng, parts = self._rng, self._parts
        third = rng.choice(parts["brand_third"]) if rng.random() < 0.15 else ""
        return f"{rng.choice(parts['brand_first'])}{rng.choice(parts['brand_second'])}{third}"

    def former_firm(self, name: str) -> str:
        """An earlier name of a firm: another brand in the same name."""
        for place in sorted(self._parts["places"], key=len, reverse=True):
            if name.startswith(place):
                return f"{place}{self._brand()}{name[len(place) + 2 :]}"
        return f"{self._brand()}{name[2:]}"

    def code(self, *, is_person: bool) -> str:
        """A code that validates and belongs to nobody: its organisation part is of a series never issued."""
        self._number += 1
        code = make(self._region, self._number * _STEP % _NUMBERS)
        if not is_person:
            return code
        first = f"92{code[2:17]}"
        return first + check_digit(first)

    def misprinted(self, code: str) -> str:
        """The code with another last character, as licences of the early pilot bear them."""
        others = ALPHABET.replace(code[-1], "")
        return code[:-1] + self._rng.choice(others)

    def legacy_code(self) -> str:
        """A registration number of 15 digits as they were before the unified code, of a series that was not used."""
        self._number += 1
        return f"{self._region}99{self._number * _STEP % _NUMBERS:07d}"


def code_state(at: int, *, is_person: bool) -> CodeState:
    """Which kind of code the `at`-th enterprise has. By turns and not at random, so that a small town has every kind."""
    if at % 149 == 11:
        return CodeState.KEPT
    if at % 41 == 7:
        return CodeState.LEGACY
    if at % (9 if is_person else 97) == 5:
        return CodeState.NONE
    return CodeState.VALID
