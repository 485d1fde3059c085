"""A roster that is written in many statements is what the same rows are one by one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db.models import Enterprise
from desktop.domain.uscc import make
from desktop.exchange.ledger import LedgerKind
from desktop.exchange.sheets import from_clipboard
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.enterprise_query import EnterpriseQuery
from desktop.services.enterprises import search_words
from desktop.services.imports.enterprises import ROWS_AT_ONCE
from desktop.services.imports.plan import Action, ImportPlan
from desktop.services.opening import create_office
from desktop.services.progress import Cancelled, Progress
from desktop.services.search_text import name_key, sort_key

COUNT = 2 * ROWS_AT_ONCE + 7
HEADINGS = (
    "企业名称",
    "统一社会信用代码",
    "村（社区）",
    "联系人",
    "风险等级",
    "企业规模",
    "从业人数",
    "注册资本（元）",
)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = create_office(tmp_path / "office", clock=Clock.on(date(2026, 1, 5)))
    yield made
    made.close()


def _planned(services: Services, count: int = COUNT) -> ImportPlan:
    rows = [
        (f"启东Ａ（{number}）重型机械厂", make("320681", number), "东兴镇村", "张伟", "黄", "小型", str(number), "0")
        for number in range(count)
    ]
    sheets = from_clipboard("\n".join("\t".join(row) for row in (HEADINGS, *rows)))
    return services.imports.plan(services.imports.read("名册", sheets, LedgerKind.ENTERPRISES))


def test_every_row_is_written_searchable_journaled_and_undone_as_one(services: Services) -> None:
    plan = _planned(services)
    assert plan.counts["new"] == COUNT
    services.imports.apply(plan)
    with services.store.read() as session:
        records = session.query(Enterprise).order_by(Enterprise.id).all()
        journaled = session.execute(
            text("SELECT after FROM operation_row WHERE table_name = 'enterprise' AND before IS NULL")
        ).all()
    assert [record.name for record in records] == [str(row.row.values["name"]) for row in plan.rows]
    assert [record.employees for record in records] == list(range(COUNT))
    for record in records:
        assert (record.name_key, record.sort_key) == (name_key(record.name), sort_key(record.name))
        assert record.search_text == search_words(record, [])
    assert len(journaled) == COUNT
    for number in (0, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, COUNT - 1):
        assert services.roster.count(EnterpriseQuery(text=make("320681", number))) == 1
    assert services.store.first_broken() is None
    services.store.undo()
    assert services.roster.count() == 0
    assert services.store.first_broken() is None


def test_the_same_roster_again_changes_nothing(services: Services) -> None:
    """A capital of nothing is a number as well: it is kept, and found again as it was."""
    services.imports.apply(_planned(services, 3))
    assert [row.action for row in _planned(services, 3).rows] == [Action.UNCHANGED] * 3


def test_a_row_that_breaks_a_rule_of_the_table_takes_all_with_it(services: Services) -> None:
    plan = _planned(services)
    values = plan.rows[-1].row.values
    assert isinstance(values, dict)
    values["size"] = "gigantic"
    head = services.store.head_hash()
    with pytest.raises(IntegrityError):
        services.imports.apply(plan)
    assert services.roster.count() == 0
    assert services.store.head_hash() == head


def test_an_import_that_is_stopped_half_way_leaves_nothing(services: Services) -> None:
    class Stopped(Progress):
        def step(self, done: int, total: int, label: str) -> None:
            if done >= ROWS_AT_ONCE:
                raise Cancelled

    plan = _planned(services)
    with pytest.raises(Cancelled):
        services.imports.apply(plan, progress=Stopped())
    assert services.roster.count() == 0
