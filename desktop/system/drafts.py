"""What was typed into forms and not saved yet: one small file for each open form, beside the township's database.

A draft holds the fields of its form that differ from what the form was opened with, as they were typed, and nothing
else. It lies with the data that it belongs to, so it stays in the office's folder and never in a user's profile. The
file is whole or not there, whatever happens to the machine meanwhile.
"""

import contextlib
import json
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from desktop.system import held
from desktop.system.file_names import write_whole

log = logging.getLogger(__name__)

Plain = Any
"""What JSON holds: words, numbers, truth, nothing, and lists and objects of them."""

VERSION = 1
SUFFIX = ".draft.json"


@dataclass(frozen=True, slots=True)
class Draft:
    """One form's unsaved words.

    `form` and `wanted` say how to open that form again (its name, and the ids it was opened for); `title` is its
    heading; `said` are label and words of each field, to be read where the form itself is not open.
    """

    id: str
    form: str
    wanted: Mapping[str, Plain]
    title: str
    saved_at: datetime
    fields: Mapping[str, Plain]
    said: tuple[tuple[str, str], ...] = ()


class DraftFolder:
    """The drafts of one township. The folder is made with the first draft; errors of the disk pass through."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, draft: Draft) -> None:
        """Write a draft in the place of its former state."""
        self.path.mkdir(parents=True, exist_ok=True)
        write_whole(self._file(draft.id), json.dumps(_to_json(draft), ensure_ascii=False, indent=1).encode())

    def drop(self, draft_id: str) -> None:
        """Throw a draft away; one that is gone already is no error."""
        held.unlink(self._file(draft_id), missing_ok=True)

    def all(self) -> list[Draft]:
        """Every draft that can be read, the newest first; one that cannot is left where it is and noted in the log."""
        found = []
        for path in sorted(self.path.glob(f"*{SUFFIX}")):
            try:
                found.append(_from_json(path.name.removesuffix(SUFFIX), json.loads(path.read_text("utf-8"))))
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.warning("a draft cannot be read: %s", type(error).__name__)
        return sorted(found, key=lambda draft: draft.saved_at, reverse=True)

    def tidy(self) -> None:
        """Remove what a killed run left half written; only while no form is open."""
        for left in self.path.glob(f".*{SUFFIX}.*"):
            with contextlib.suppress(OSError):
                held.unlink(left, missing_ok=True)

    def _file(self, draft_id: str) -> Path:
        return self.path / f"{draft_id}{SUFFIX}"


def new_id() -> str:
    """A name for a draft that no other has; it tells nothing."""
    return uuid.uuid4().hex


def plain(value: object) -> Plain:
    """A value that a form was opened with, as JSON holds it; TypeError for one that a later start could not make."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return {"date": value.isoformat()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    raise TypeError(type(value).__name__)


def from_plain(value: Plain) -> Any:
    """The value again; what was a tuple is a list."""
    if isinstance(value, dict):
        return date.fromisoformat(value["date"][:10])
    return [from_plain(each) for each in value] if isinstance(value, list) else value


def _to_json(draft: Draft) -> dict[str, Plain]:
    return {
        "version": VERSION,
        "form": draft.form,
        "wanted": dict(draft.wanted),
        "title": draft.title,
        "saved_at": draft.saved_at.isoformat(timespec="seconds"),
        "fields": dict(draft.fields),
        "said": [list(each) for each in draft.said],
    }


def _from_json(draft_id: str, told: Any) -> Draft:
    if told["version"] != VERSION:
        raise ValueError("of another version")
    said = tuple((str(label), str(words)) for label, words in told["said"])
    moment = datetime.fromisoformat(told["saved_at"])
    return Draft(
        draft_id, str(told["form"]), dict(told["wanted"]), str(told["title"]), moment, dict(told["fields"]), said
    )
