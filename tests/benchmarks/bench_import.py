"""A roster of 20,000 rows taken in, from the workbook to the journaled, searchable, undoable act."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas
import pytest

from desktop.exchange.ledger import LedgerKind
from desktop.exchange.sheets import read_sheets
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.opening import create_office
from tests.benchmarks.measure import Line, once, show
from tests.benchmarks.rosters import HEADINGS, Row, roster, write_roster

COUNT = 20_000
TURNS = 3
PHASES = ("read", "understand", "plan", "apply")
TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return roster(COUNT)


@pytest.fixture(scope="module")
def book(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_roster(tmp_path_factory.mktemp("rosters") / "名册.xlsx", rows)


def test_import(book: Path, rows: list[Row], tmp_path: Path) -> None:
    """At most eight times the bare insertion of the same rows, and a sixth of pandas with openpyxl and to_sql."""
    ours: list[dict[str, float]] = []
    same_table, bare_table, undone, peers = [], [], [], []
    for turn in range(TURNS):
        with _office(tmp_path / f"ours{turn}") as services:
            ours.append(_whole(services, book))
            records = _records(services)
            undone.append(once(services.store.undo))
            assert services.roster.count() == 0
        with _office(tmp_path / f"raw{turn}") as services:
            same_table.append(once(partial(_insert_same, services.store.path, records)))
        bare_table.append(once(partial(_insert_bare, tmp_path / f"bare{turn}.db", rows)))
        peers.append(once(partial(_peer, tmp_path / f"peer{turn}.db", book)))
    best = min(ours, key=lambda spent: sum(spent.values()))
    whole = sum(best.values())
    what = f"import of {COUNT} rows"
    show(
        "import (the best of each)",
        [
            Line(what, whole, "executemany, table without indexes", min(bare_table), "≤ 8"),
            Line(what, whole, "executemany, same table", min(same_table), ""),
            Line(what, whole, "pandas, openpyxl, to_sql", min(peers), "≤ 0.17"),
            *(Line(f"  {name}", best[name], "the whole", whole, "") for name in PHASES),
            Line("  undo of it", min(undone), "the whole", whole, ""),
        ],
    )


@contextmanager
def _office(folder: Path) -> Iterator[Services]:
    services = create_office(folder, person="张所", clock=Clock.on(TODAY))
    try:
        yield services
    finally:
        services.close()


def _whole(services: Services, book: Path) -> dict[str, float]:
    """Seconds of each phase of one import."""
    spent: dict[str, float] = {}
    imports = services.imports

    def timed(name: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        made = work()
        spent[name] = time.perf_counter() - began
        return made

    sheets = timed("read", lambda: read_sheets(book))
    ledger = timed("understand", lambda: imports.read(str(book), sheets, LedgerKind.ENTERPRISES))
    plan = timed("plan", lambda: imports.plan(ledger))
    assert plan.counts["new"] == COUNT
    timed("apply", lambda: imports.apply(plan))
    return spent


def _records(services: Services) -> list[tuple[Any, ...]]:
    """The rows as they lie in the table after the import."""
    with sqlite3.connect(services.store.path) as connection:
        return connection.execute("SELECT * FROM enterprise ORDER BY id").fetchall()


def _insert_same(path: Path, records: list[tuple[Any, ...]]) -> None:
    """Into the office's own table with its indexes and a safe commit; no journal, no search index."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA cache_size=-32000")
    with connection:
        connection.executemany(f"INSERT INTO enterprise VALUES ({', '.join('?' * len(records[0]))})", records)
    connection.close()


def _insert_bare(path: Path, rows: list[Row]) -> None:
    """Into a table that has the columns of the sheet and nothing else, with the same safe commit."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    with connection:
        connection.execute(f"CREATE TABLE roster ({', '.join(f'c{place}' for place in range(len(HEADINGS)))})")
        connection.executemany(f"INSERT INTO roster VALUES ({', '.join('?' * len(HEADINGS))})", rows)
    connection.close()


def _peer(path: Path, book: Path) -> None:
    """What a data person would write."""
    frame = pandas.read_excel(book, engine="openpyxl")
    with sqlite3.connect(path) as connection:
        frame.to_sql("roster", connection, index=False)
    connection.close()
