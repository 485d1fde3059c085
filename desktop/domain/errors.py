"""The three kinds of trouble a user may hear of. Their Chinese sentences live in `desktop.text`.

An error carries a code and facts; the code never changes its meaning, the wording may.
"""

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]


class Said(Exception):
    """Whatever may be shown to a user: a code, and the facts its sentence needs."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, Any] = dict(facts)

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value!r}" for key, value in self.facts.items())
        return f"{self.code}({told})"


class Invalid(Said):
    """A draft cannot be saved as it stands: `problems` names the code of each field at fault."""

    def __init__(self, problems: Mapping[str, str], **facts: object) -> None:
        super().__init__("invalid", **facts)
        self.problems = dict(problems)

    def __str__(self) -> str:
        return f"invalid({self.problems!r})"


class Refused(Said):
    """What was asked is not allowed in this state of things, by law or by logic."""


class Trouble(Said):
    """The world got in the way: disk, file, printer, another program."""
