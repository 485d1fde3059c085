"""ledger: each ledger of a period as an Excel file that opens, with masked numbers and no formulas."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import builders
import openpyxl
import pytest

from db.store import Store
from desktop.cli import run
from desktop.cli.parser import LEDGERS
from desktop.domain.hazard import HazardStatus
from desktop.services.ledgers import LedgerName

Write = Callable[..., list[list[Any]]]


@pytest.fixture
def write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Store, Write]:
    """An office to fill, and the rows of a ledger of its first quarter."""
    folder = tmp_path / "镇"
    at = ("--data", str(folder), "--on", "2026-03-31", "--json")
    assert run(["init", "--office", "惠萍镇", "--code", "320681102", *at]) == 0
    capsys.readouterr()
    store = Store(folder / builders.FILE)

    def rows(name: str, first: str = "2026-01-01", last: str = "2026-03-31") -> list[list[Any]]:
        out = tmp_path / "台账" / f"{name}.xlsx"
        assert run(["ledger", name, "--from", first, "--to", last, "--xlsx", str(out), *at]) == 0
        told = json.loads(capsys.readouterr().out)
        sheet = openpyxl.load_workbook(out).worksheets[0]
        found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        kept = [row for row in found if isinstance(row[0], int)]
        assert told == {"ledger": name, "from": first, "to": last, "file": str(out), "rows": len(kept)}
        assert "惠萍镇" in sheet.cell(1, 1).value
        return kept

    return store, rows


def test_the_command_knows_the_ledgers_that_there_are() -> None:
    assert tuple(LedgerName) == LEDGERS


def test_every_ledger_holds_what_the_office_recorded(write: tuple[Store, Write]) -> None:
    store, rows = write
    officer = builders.an_officer(store, "陈刚", phone="13812345678")
    enterprise = builders.an_enterprise(store, "=启东市宏达机械厂", phone="13987654321")
    visit = builders.an_inspection(store, enterprise, (officer,))
    builders.an_inspection(store, enterprise, inspected_on=date(2025, 12, 31))
    builders.a_hazard(store, enterprise, inspection_id=visit)
    builders.a_hazard(store, enterprise, description="已作废的隐患", status=HazardStatus.VOID)
    builders.an_order(store, enterprise)
    builders.a_plan_item(store, enterprise, month=2)
    builders.a_plan_item(store, enterprise, month=4)
    builders.a_permit(store, enterprise)
    store.close()
    counted = {name: len(rows(name)) for name in LEDGERS}
    assert counted == {
        "roster": 1,
        "inspections": 1,
        "hazards": 2,
        "orders": 1,
        "reinspections": 0,
        "plan": 1,
        "officers": 1,
        "cases": 0,
        "permits": 1,
    }
    roster = rows("roster")[0]
    assert roster[1] == "'=启东市宏达机械厂"
    assert "139****4321" in roster
    assert "138****5678" in rows("officers")[0]
    assert len(rows("inspections", "2025-01-01", "2026-12-31")) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["roster", "--from", "2026-03-02", "--to", "2026-03-01", "--xlsx", "a.xlsx"], "先后对调"),
        (["people", "--from", "2026-03-01", "--to", "2026-03-02", "--xlsx", "a.xlsx"], "NAME 不能是“people”"),
        (["roster", "--from", "2026-03-01", "--to", "2026-03-02"], "缺少参数：--xlsx"),
    ],
)
def test_an_unusable_period_or_name_is_status_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ledger", *arguments]) == 2
    assert said in capsys.readouterr().err
