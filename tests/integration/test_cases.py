"""Penalty cases as records."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from db.migrate import create_store
from db.models import Enterprise
from db.store import Store
from desktop.domain.errors import Invalid
from desktop.services.cases import CaseDraft, Cases
from desktop.services.clock import Clock


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Store, Cases]]:
    store = create_store(tmp_path / "office.db")
    with store.write("建立") as session:
        session.add(Enterprise(id=1, name="甲厂", name_key="甲厂", sort_key="jia", created_at=datetime(2026, 1, 1)))
    yield store, Cases(store, Clock.on(date(2026, 5, 6)))
    store.close()


def test_a_case_is_found_by_its_number_cause_or_enterprise(kept: tuple[Store, Cases]) -> None:
    _, cases = kept
    case = cases.register(
        CaseDraft(1, "未设置安全警示标志", "启应急罚〔2026〕3号", date(2026, 4, 1), fine_fen=2_000_000)
    )
    assert cases.ids("警示") == cases.ids("甲厂 2026") == [case]
    assert cases.ids("没有的") == []
    assert cases.rows([case])[0].fine_fen == 2_000_000


def test_a_case_decided_before_it_was_filed_is_refused(kept: tuple[Store, Cases]) -> None:
    store, cases = kept
    with pytest.raises(Invalid) as refused:
        cases.register(CaseDraft(1, "", filed_on=date(2026, 4, 1), decided_on=date(2026, 3, 1), fine_fen=-1))
    assert refused.value.problems == {"cause": "missing", "decided_on": "before_filing", "fine": "number_invalid"}
    assert store.undoable is not None
    assert store.undoable.title == "建立"


def test_a_mended_case_can_be_undone(kept: tuple[Store, Cases]) -> None:
    store, cases = kept
    case = cases.register(CaseDraft(1, "未培训"))
    cases.change(case, CaseDraft(1, "未按规定培训", closed_on=date(2026, 5, 1)))
    assert cases.draft_of(case).cause == "未按规定培训"
    store.undo()
    assert cases.of(1)[0].cause == "未培训"
