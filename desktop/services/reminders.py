"""What to remind of now, read from obligations alone, and what the user has put off.

What is put off is this user's habit, not a fact of the office: it lies in a small file beside the database, is in no
journal and no package, and losing it costs nothing but seeing the reminders again.
"""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, ClassVar

from desktop.domain.errors import Trouble
from desktop.domain.obligation import DueGroup
from desktop.domain.reminder import (
    AHEAD_DAYS,
    Duty,
    PutOff,
    Reminder,
    Snooze,
    Urgency,
    is_time_to_remind,
    reminders,
    until,
)
from desktop.services.clock import Clock
from desktop.services.obligations import DueItem, Obligations
from desktop.services.workbench import DueLine, alike
from desktop.system.file_names import write_whole

log = logging.getLogger(__name__)

FILE_NAME = "snoozes.json"


GROUPS = {Urgency.OVERDUE: DueGroup.OVERDUE, Urgency.TODAY: DueGroup.TODAY, Urgency.SOON: DueGroup.THIS_WEEK}


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One obligation to be reminded of."""

    item: DueItem
    urgency: Urgency
    has_risen: bool


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One line of the reminder window: rows that the workbench, too, tells as one."""

    rows: tuple[ReminderRow, ...]

    @property
    def urgency(self) -> Urgency:
        """How pressing it is."""
        return self.rows[0].urgency

    @property
    def has_risen(self) -> bool:
        """Whether it became more urgent while it was put off."""
        return self.rows[0].has_risen

    @property
    def due(self) -> DueLine:
        """The line as the workbench has it, for opening what discharges it."""
        return DueLine(tuple(row.item for row in self.rows), GROUPS[self.urgency], False)


class Reminders:
    """Reads reminders and puts them off. `morning` is when a day begins for who put something off until 明早."""

    DEPENDS_ON: ClassVar[frozenset[str]] = Obligations.DEPENDS_ON

    def __init__(self, folder: Path, clock: Clock, obligations: Obligations) -> None:
        self._file = folder / FILE_NAME
        self._clock = clock
        self._obligations = obligations
        self._snoozes: dict[int, Snooze] | None = None

    # ---- reading -------------------------------------------------------------------------------------------

    def rows(self, ahead: int = AHEAD_DAYS) -> list[ReminderRow]:
        """What is to be shown now: overdue, due today, and due within `ahead` days."""
        items = {item.id: item for item in self._obligations.due()}
        found: list[Reminder] = reminders(map(_duty, items.values()), self._kept(), self.now(), ahead)
        return [ReminderRow(items[each.id], each.urgency, each.has_risen) for each in found]

    def lines(self, ahead: int = AHEAD_DAYS) -> list[ReminderLine]:
        """The rows, alike ones of one enterprise together."""
        gathered: dict[tuple[object, ...], list[ReminderRow]] = {}
        for row in self.rows(ahead):
            gathered.setdefault((*alike(row.item), row.urgency, row.has_risen), []).append(row)
        return [ReminderLine(tuple(rows)) for rows in gathered.values()]

    def now(self) -> datetime:
        """The present moment on the business date, in whole seconds as they are written."""
        return datetime.combine(self._clock.today(), self._clock.now().time().replace(microsecond=0))

    def became_overdue(self, since: date) -> int:
        """How many obligations were not overdue on `since` and are so today."""
        return len(self._obligations.became_late(since))

    def is_time(self, seen: datetime, daily: time) -> bool:
        """Whether there is a reason to show reminders that was not there at `seen`."""
        return is_time_to_remind(seen, self.now(), daily, self._kept().values())

    # ---- putting off ---------------------------------------------------------------------------------------

    def put_off(self, rows: Collection[ReminderRow], choice: PutOff, morning: time) -> datetime:
        """Hide these until the time that is answered. Raises `Trouble` when it cannot be written; then nothing hides."""
        now = self.now()
        end = until(choice, now, morning)
        fresh = {row.item.id: Snooze(end, now, row.item.due_on, row.urgency) for row in rows}
        kept = {key: snooze for key, snooze in self._kept().items() if now < snooze.until}
        self._write(kept | fresh)
        return end

    def _kept(self) -> Mapping[int, Snooze]:
        if self._snoozes is None:
            self._snoozes = _read(self._file)
        return self._snoozes

    def _write(self, snoozes: dict[int, Snooze]) -> None:
        words = json.dumps({str(key): _plain(snooze) for key, snooze in snoozes.items()}, indent=1)
        try:
            write_whole(self._file, words.encode())
        except OSError as error:
            raise Trouble("cannot_write", path=str(self._file), said=str(error)) from error
        self._snoozes = snoozes


def _duty(item: DueItem) -> Duty:
    return Duty(item.id, item.due_on, item.plan_on)


def _plain(snooze: Snooze) -> dict[str, object]:
    return {
        "until": snooze.until.isoformat(timespec="seconds"),
        "since": snooze.since.isoformat(timespec="seconds"),
        "due_on": snooze.due_on.isoformat(),
        "urgency": int(snooze.urgency),
    }


def _read(file: Path) -> dict[int, Snooze]:
    """What the file holds; a file or an entry that cannot be read hides nothing."""
    try:
        data = json.loads(file.read_text("utf-8"))
        return {int(key): _snooze(value) for key, value in data.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.info("what was put off cannot be read (%s): everything is shown", type(error).__name__)
        return {}


def _snooze(value: Any) -> Snooze:
    return Snooze(
        datetime.fromisoformat(value["until"]),
        datetime.fromisoformat(value["since"]),
        date.fromisoformat(value["due_on"]),
        Urgency(value["urgency"]),
    )
