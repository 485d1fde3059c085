"""An empty office with the services of the roster, for the tests of this folder."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from db.migrate import create_store, open_store
from db.store import Store
from desktop.domain.enterprise import EnterpriseDraft
from desktop.domain.uscc import make
from desktop.services.catalogue import Catalogue
from desktop.services.clock import Clock
from desktop.services.enterprises import Enterprises
from desktop.services.obligations import Obligations
from desktop.services.permits import Permits
from desktop.services.rules import key_targets, rule_book, shipped_calendar

TODAY = date(2026, 11, 24)


class Day:
    """A business date that a test moves on."""

    def __init__(self, on: date = TODAY) -> None:
        self.on = on

    def __call__(self) -> date:
        return self.on


@dataclass
class Roster:
    """The services of the roster over one empty office."""

    store: Store
    day: Day
    clock: Clock
    catalogue: Catalogue
    obligations: Obligations
    permits: Permits
    enterprises: Enterprises
    made: int = 0

    def an_enterprise(self, name: str = "", **fields: Any) -> int:
        """A registered enterprise; only what the test is about is named."""
        self.made += 1
        fields.setdefault("uscc", make("320681", self.made))
        return self.enterprises.register(EnterpriseDraft(name=name or f"启东试验{self.made:03d}机械厂", **fields))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What stands in the file."""
        with self.store.read() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql)]

    def write(self, sql: str, *values: object) -> None:
        """A record of another part of the program, put straight into the file."""
        with self.store.write("试验") as session:
            session.connection().exec_driver_sql(sql, values)


@contextmanager
def opened(folder: Path, template: Path) -> Iterator[Roster]:
    """A roster on a copy of the empty office `template`, which is made when it is not there."""
    if not template.exists():
        create_store(template).close()
    path = folder / "office.db"
    shutil.copy(template, path)
    day = Day()
    clock = Clock(day, lambda: datetime.combine(day(), datetime(2026, 1, 1, 9, 30).time()))
    store = open_store(path, person="张三", now=clock.now)
    rules, catalogue = rule_book(), Catalogue(store)
    obligations = Obligations(store, clock, rules, shipped_calendar)
    permits = Permits(store, clock, catalogue, obligations)
    enterprises = Enterprises(store, clock, catalogue, obligations, permits, rules, key_targets())
    try:
        yield Roster(store, day, clock, catalogue, obligations, permits, enterprises)
    finally:
        store.close()
