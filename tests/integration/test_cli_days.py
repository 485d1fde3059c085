"""deadline, workdays and calendar import on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.store import Store
from desktop.cli import run

Ask = Callable[..., Any]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Runs a command that must succeed, and gives its JSON document. The user's own folder is an empty one."""
    monkeypatch.setenv("TOWNSAFE_HOME", str(tmp_path / "home"))

    def answered(*arguments: str) -> Any:
        assert run([*arguments, "--json"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return json.loads(out)

    return answered


def test_a_deadline_has_exactly_the_fields_of_the_contract(ask: Ask) -> None:
    assert ask("deadline", "insp.seizure", "--from", "2026-03-02") == {
        "rule": "insp.seizure",
        "name_zh": "查封、扣押期限",
        "from": "2026-03-02",
        "raw": "2026-04-01",
        "legal": "2026-04-01",
        "plan": "2026-04-01",
        "unit": "natural_day",
        "length": 30,
        "source": "行政强制法 (2012)",
        "article": "第二十五条第一款",
        "confidence": "verified",
        "provisional": False,
    }


@pytest.mark.parametrize("written", ["2026-10-01T09:30", "2026-10-01 09:30", "2026-10-0109:30"])
def test_a_limit_in_hours_gives_moments(ask: Ask, written: str) -> None:
    found = ask("deadline", "insp.measure_report", "--from", written)
    assert (found["from"], found["unit"], found["length"]) == ("2026-10-01T09:30:00", "hour", 24)
    assert found["raw"] == found["legal"] == found["plan"] == "2026-10-02T09:30:00"


def test_a_time_does_not_hurt_a_limit_in_days(ask: Ask) -> None:
    assert ask("deadline", "insp.seizure", "--from", "2026-03-02T17:00")["from"] == "2026-03-02"


def test_law_on_chooses_the_version_of_the_rule(ask: Ask) -> None:
    """Two versions of one family: the day of the act decides which is counted."""
    from desktop.services.rules import rule_book

    old, new = next(versions for versions in rule_book().families.values() if len(versions) > 1)[:2]
    day = new.in_force_from.isoformat()
    start = day if old.unit != "hour" else f"{day}T09:00"
    assert ask("deadline", old.family, "--from", start)["rule"] == new.id
    assert old.in_force_to is not None
    assert ask("deadline", old.family, "--from", start, "--law-on", old.in_force_to.isoformat())["rule"] == old.id


def test_a_year_without_an_arrangement_is_provisional(ask: Ask) -> None:
    assert ask("workdays", "2031-01-01", "2031-01-31")["provisional"] is True
    found = ask("workdays", "2026-09-28", "2026-10-12")
    assert (found["from"], found["to"], found["provisional"]) == ("2026-09-28", "2026-10-12", False)
    assert found["workdays"] == 7


def test_the_text_tells_counting_article_and_doubt(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deadline", "insp.seizure", "--from", "2031-03-02"]) == 0
    told = capsys.readouterr().out
    for words in ("查封、扣押期限", "自次日起算，30日", "行政强制法 (2012) 第二十五条第一款", "暂估"):
        assert words in told


ARRANGEMENT = {
    "year": 2027,
    "source": "试用的安排",
    "days": [
        {"date": "2027-03-01", "kind": "off", "name": "元旦"},
        {"date": "2027-03-06", "kind": "work", "name": "元旦"},
    ],
}


def test_an_imported_arrangement_counts_from_then_on(ask: Ask, store: Store, data_folder: Path, tmp_path: Path) -> None:
    store.close()
    file = tmp_path / "2027 放假安排.json"
    file.write_text(json.dumps(ARRANGEMENT, ensure_ascii=False), encoding="utf-8")
    at = ("--data", str(data_folder))
    before = ask("workdays", "2027-03-01", "2027-03-07", *at)
    assert (before["workdays"], before["provisional"]) == (5, True)
    change = ask("calendar", "import", str(file), *at)
    assert (change["year"], change["off_count"], change["work_count"], change["moves"]) == (2027, 1, 1, [])
    after = ask("workdays", "2027-03-01", "2027-03-06", *at)
    assert (after["workdays"], after["provisional"]) == (5, False)
    assert ask("workdays", "2027-03-01", "2027-03-01", *at)["workdays"] == 0


@pytest.mark.parametrize(
    "content", [None, b"", b"\xff\xfe\x00", "日期，名称\n".encode(), b'{"year": 2027, "days": []}']
)
def test_a_file_that_is_no_arrangement_is_status_2(
    content: bytes | None, store: Store, data_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.close()
    file = tmp_path / "安排.json"
    if content is not None:
        file.write_bytes(content)
    assert run(["calendar", "import", str(file), "--data", str(data_folder)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "安排.json" in err
    assert len(err.splitlines()) == 1
