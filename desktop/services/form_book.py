"""The shipped forms, read once when first asked for. Knows no database."""

import tomllib
from functools import cache
from typing import Any

from desktop.domain.form import FormBook
from resources import resource


@cache
def form_book() -> FormBook:
    """All official forms, as shipped."""
    common = _read("common")
    return FormBook.from_data(common, {name: _read(name) for name in common["forms"]})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resource(f"forms/{name}.toml").read_text(encoding="utf-8"))
