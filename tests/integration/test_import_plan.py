"""An annual plan that came as a sheet."""

from datetime import date
from pathlib import Path

from desktop.domain.obligation_kind import ObligationKind
from desktop.exchange.ledger import LedgerKind
from desktop.exchange.ledger_headings import guess_kind
from desktop.exchange.sheets import from_clipboard
from desktop.services.clock import Clock
from desktop.services.imports.plan import Action
from desktop.services.obligations import DueQuery
from desktop.services.opening import create_office

SHEET = "序号\t单位名称\t计划月份\t检查内容\n1\t宏达机械厂\t3\t粉尘\n2\t顺发木业\t13\t消防\n3\t永盛化工\t\t\n"


def test_a_plan_is_put_into_its_months_and_not_twice(tmp_path: Path) -> None:
    services = create_office(tmp_path / "office", clock=Clock.on(date(2026, 1, 5)))
    sheets = from_clipboard(SHEET)
    guess = guess_kind(sheets[0])
    assert guess is not None
    assert guess.kind is LedgerKind.PLAN
    plan = services.imports.plan(services.imports.read("计划", sheets, LedgerKind.PLAN))
    assert [row.action for row in plan.rows] == [Action.NEW, Action.REJECTED, Action.REJECTED]
    assert {problem.code for row in plan.rows for problem in row.problems} >= {"number_invalid", "missing"}
    services.imports.apply(plan, accept_good=True)
    due = services.obligations.due(DueQuery(kinds=frozenset({ObligationKind.INSPECT})))
    assert [(item.enterprise, item.due_on) for item in due] == [("宏达机械厂", date(2026, 3, 31))]
    again = services.imports.plan(services.imports.read("计划", sheets, LedgerKind.PLAN))
    assert again.rows[0].action is Action.UNCHANGED
    services.store.undo()
    assert services.plans.rows(2026) == []
    services.close()
