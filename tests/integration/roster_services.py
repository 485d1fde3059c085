"""An empty office with the services of the roster, for the tests of this folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from builders import an_office

from db.store import Store
from desktop.domain.enterprise import EnterpriseDraft
from desktop.domain.uscc import make
from desktop.services import Services
from desktop.services.clock import Clock

TODAY = date(2026, 11, 24)


class Day:
    """A business date that a test moves on."""

    def __init__(self, on: date = TODAY) -> None:
        self.on = on

    def __call__(self) -> date:
        return self.on


class Roster:
    """The services over one empty office, with a business date that can be moved on."""

    def __init__(self, services: Services, day: Day) -> None:
        self.day = day
        self.made = 0
        self.store: Store = services.store
        self.catalogue = services.catalogue
        self.calendars = services.calendars
        self.obligations = services.obligations
        self.permits = services.permits
        self.officers = services.officers
        self.offices = services.offices
        self.lists = services.roster
        self.enterprises = services.enterprises
        self.plans = services.plans
        self.views = services.views

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
def opened(folder: Path) -> Iterator[Roster]:
    """The services over a fresh, empty office in `folder`."""
    day = Day()
    clock = Clock(day, lambda: datetime.combine(day(), time(9, 30)))
    store = an_office(folder, now=clock.now)
    services = Services(store, folder, clock)
    try:
        yield Roster(services, day)
    finally:
        services.close()
