"""The shipped catalogues as they lie in `resources/catalogs`, each read once when it is first asked for."""

import csv
from collections.abc import Mapping
from functools import cache

from resources import resource


@cache
def catalogue(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of `catalogs/NAME.csv`, by column, as shipped: sectors, risk_attributes, regions …"""
    text = resource(f"catalogs/{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines(keepends=True)))
