"""A fresh office for each test: an empty database is made once a session and copied."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import builders
import pytest

from db.store import Store
from desktop.services.clock import Clock


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """The folder of an office, with a name as Chinese machines have them."""
    folder = tmp_path / "惠萍镇 数据"
    folder.mkdir()
    return folder


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still on the test's business date."""
    return Clock(lambda: builders.TODAY, lambda: datetime(2026, 3, 2, 9, 41))


@pytest.fixture
def today() -> date:
    """The test's business date."""
    return builders.TODAY


@pytest.fixture
def store(data_folder: Path) -> Iterator[Store]:
    """The store of an empty office."""
    store = builders.an_office(data_folder)
    yield store
    store.close()
