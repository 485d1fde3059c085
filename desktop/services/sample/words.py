"""The parts that the sample is invented from, as read from `resources/sample`. Nothing in them is a real person or firm."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from desktop.domain.hazard import HazardLevel
from resources import resource


@dataclass(frozen=True, slots=True)
class Trade:
    """What a kind of enterprise is called, how many people it has, and which risks, permits and crafts go with it."""

    sector: str
    industry: str
    weight: int
    staff: int
    spread: float
    words: tuple[str, ...]
    form: str
    person: int
    size: str
    risks: tuple[tuple[str, str, float], ...]
    permits: tuple[tuple[str, float], ...]
    crafts: tuple[str, ...]
    craft_share: int


@dataclass(frozen=True, slots=True)
class HazardText:
    """An example of a hazard, and where it can be found: a sector, an attribute, or anywhere."""

    category: str
    location: str
    text: str
    measures: str
    basis: str
    level: HazardLevel
    when: tuple[str, ...]

    def fits(self, sector: str, attributes: Mapping[str, str]) -> bool:
        """Whether it can be found at an enterprise of this sector with these attributes."""
        return not self.when or any(_meets(wanted, sector, attributes) for wanted in self.when)


def _meets(wanted: str, sector: str, attributes: Mapping[str, str]) -> bool:
    name, _, value = wanted.partition("=")
    if name.startswith("sector."):
        return sector.startswith(name)
    return attributes.get(name) == value if value else name in attributes


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resource(f"sample/{name}.toml").read_text(encoding="utf-8"))


@cache
def names() -> Mapping[str, Any]:
    """Parts of names of people and firms."""
    return _read("names")


@cache
def township() -> Mapping[str, Any]:
    """The office, its people, places, and the sentences of its records."""
    return _read("township")


@cache
def trades() -> tuple[Trade, ...]:
    """The kinds of enterprise."""
    return tuple(_trade(row) for row in _read("trades")["trade"])


def _trade(row: Mapping[str, Any]) -> Trade:
    risks = [(*_named(key), share / 100) for key, share in row["risks"].items()]
    permits = [(kind, share / 100) for kind, share in row.get("permits", {}).items()]
    rest = {key: row[key] for key in ("sector", "industry", "weight", "staff", "spread", "form", "person", "size")}
    return Trade(
        **rest,
        words=tuple(row["words"]),
        risks=tuple(risks),
        permits=tuple(permits),
        crafts=tuple(row["crafts"]),
        craft_share=row["craft_share"],
    )


def _named(key: str) -> tuple[str, str]:
    name, _, value = key.partition("=")
    return name, value or "是"


@cache
def hazard_texts() -> tuple[HazardText, ...]:
    """The library of examples."""
    return tuple(
        HazardText(
            row["category"],
            row["location"],
            row["text"],
            row["measures"],
            row.get("basis", ""),
            HazardLevel(row.get("level", "general")),
            tuple(row.get("when", ())),
        )
        for row in _read("hazards")["hazard"]
    )
