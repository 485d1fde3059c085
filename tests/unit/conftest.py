"""Domain and text are tested without Qt and SQLAlchemy: no code of ours may import them while these tests run.

The guard sits in the import statement itself, because other plugins of the test run have loaded Qt already.
"""

import builtins
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.calendar import HolidayYear, WorkCalendar
from desktop.domain.deadline import RuleBook
from desktop.exchange.holidays import read_holiday_years
from resources import resource

FORBIDDEN = frozenset({"PySide6", "shiboken6", "sqlalchemy", "alembic"})
OURS = frozenset({"desktop", "db", "resources"})
_import = builtins.__import__


def _guarded_import(
    name: str,
    globals: Mapping[str, Any] | None = None,
    locals: Mapping[str, Any] | None = None,
    fromlist: Sequence[str] = (),
    level: int = 0,
) -> Any:
    importer = str((globals or {}).get("__name__", ""))
    ours = importer.split(".")[0] in OURS or importer.split(".")[-1] in _UNIT_MODULES
    if level == 0 and ours and name.split(".")[0] in FORBIDDEN:
        raise ImportError(f"{importer} must not need {name} here")
    return _import(name, globals, locals, fromlist, level)


_UNIT_MODULES = frozenset(path.stem for path in Path(__file__).parent.glob("*.py"))


@pytest.fixture(autouse=True)
def _without_qt_and_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the code under test nor a test may import Qt or SQLAlchemy."""
    monkeypatch.setattr(builtins, "__import__", _guarded_import)


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """The rule book as shipped."""
    return RuleBook.from_data(tomllib.loads(resource("rules/deadlines.toml").read_text("utf-8"), parse_float=Decimal))


@pytest.fixture(scope="session")
def years() -> tuple[HolidayYear, ...]:
    """The holiday arrangements as shipped."""
    return read_holiday_years(resource("holidays/arrangements.json").read_bytes(), "arrangements.json")


@pytest.fixture(scope="session")
def calendar(years: tuple[HolidayYear, ...]) -> WorkCalendar:
    """The work calendar as shipped."""
    return WorkCalendar.of(years)


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of sample ledgers beside the checkout; tests that need it skip where it is absent."""
    folder = Path(__file__).parents[3] / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip("the sample folder is not here")
    return folder
