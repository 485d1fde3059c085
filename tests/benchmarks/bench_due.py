"""The due list of 10,000 open obligations against its bare SQL."""

import sqlite3
from datetime import date, timedelta
from pathlib import Path

from db.migrate import create_store
from desktop.services.clock import Clock
from desktop.services.obligations import OPEN_SQL, Obligations
from desktop.services.rules import rule_book, shipped_calendar
from tests.benchmarks.measure import Line, paired, show

COUNT = 10_000
TODAY = date(2026, 6, 1)


def test_due_list(tmp_path: Path) -> None:
    """At most three times the bare query."""
    store = create_store(tmp_path / "office.db")
    _fill(store.path, tmp_path)
    obligations = Obligations(store, Clock.on(TODAY), rule_book(), shipped_calendar)
    connection = sqlite3.connect(store.path)
    assert len(obligations.due()) == COUNT
    ours, limit = paired(
        lambda: obligations.due(),
        lambda: connection.execute(f"{OPEN_SQL} ORDER BY last.due_on, o.id").fetchall(),
    )
    show("due list", [Line(f"{COUNT} open obligations", ours, "the same query, rows fetched", limit, "≤ 3")])
    connection.close()
    store.close()


def _fill(path: Path, scratch: Path) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.executemany(
            "INSERT INTO enterprise (id, name, name_key, sort_key, code_state, address, village, grid_worker, "
            "legal_person, principal, contact, phone, safety_officer, safety_phone, industry, status, is_key, remark, "
            "search_text, created_at) VALUES (?, ?, ?, '', 'none', '', '', '', '', '', '', '', '', '', '', "
            "'operating', 0, '', '', '2026-01-01 00:00:00')",
            [(number, f"企业{number}", f"企业{number}") for number in range(1, 1001)],
        )
        connection.executemany(
            "INSERT INTO obligation (id, kind, title, subject_type, subject_id, enterprise_id, actor, triggered_on, "
            "end_reason) VALUES (?, 'rectify', '整改', 'hazard', ?, ?, 'enterprise', '2026-01-01', '')",
            [(number, number, number % 1000 + 1) for number in range(1, COUNT + 1)],
        )
        connection.executemany(
            "INSERT INTO obligation_due (obligation_id, sequence, raw_on, due_on, plan_on, is_provisional, set_on, "
            "reason, approver) VALUES (?, ?, ?, ?, ?, 0, '2026-01-01', '', '')",
            [_link(number, sequence) for number in range(1, COUNT + 1) for sequence in range(1, 2 + number % 2)],
        )
    connection.close()


def _link(number: int, sequence: int) -> tuple[int, int, str, str, str]:
    day = (TODAY + timedelta(days=number % 90 - 45 + sequence)).isoformat()
    return number, sequence, day, day, day
