"""due, ics, plan and enterprise: what lies before the office, asked on the command line."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import builders
import pytest

from db.store import Store
from desktop.cli import run
from desktop.domain.obligation_kind import ObligationKind, SubjectType

Ask = Callable[..., Any]


@pytest.fixture
def ask(store: Store, data_folder: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Runs a command on the test's office and day; the answer is its JSON document."""

    def answered(*arguments: str) -> Any:
        assert run([*arguments, "--data", str(data_folder), "--on", builders.TODAY.isoformat(), "--json"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return json.loads(out)

    return answered


@pytest.fixture
def tell(store: Store, data_folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The same as text for people."""

    def told(*arguments: str) -> str:
        assert run([*arguments, "--data", str(data_folder), "--on", builders.TODAY.isoformat()]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return told


# ---- due ---------------------------------------------------------------------------------------------------------


def test_an_obligation_has_exactly_the_fields_of_the_contract(store: Store, ask: Ask) -> None:
    enterprise = builders.an_enterprise(store, "启东市宏达机械厂", uscc="91320681MA1000001X")
    officer = builders.an_officer(store, "陈刚", valid_until=None)
    hazard = builders.a_hazard(store, enterprise)
    duty = builders.an_obligation(
        store,
        ObligationKind.REINSPECT,
        (SubjectType.HAZARD, hazard),
        title="复查：配电箱未上锁",
        due_on=date(2026, 2, 20),
        enterprise_id=enterprise,
        officer_id=officer,
        rule=None,
    )
    with store.write("延期") as session:
        session.add(builders.a_link(duty, 2, date(2026, 2, 27)))
    assert ask("due") == {
        "on": "2026-03-02",
        "items": [
            {
                "id": duty,
                "kind": "reinspect",
                "title": "复查：配电箱未上锁",
                "enterprise": {"id": enterprise, "name": "启东市宏达机械厂", "uscc": "91320681MA1000001X"},
                "rule": None,
                "triggered_on": "2026-03-02",
                "original_due_on": "2026-02-20",
                "due_on": "2026-02-27",
                "plan_on": "2026-02-27",
                "days_left": -3,
                "provisional": False,
                "officer": "陈刚",
                "subject": {"type": "hazard", "id": hazard},
            }
        ],
    }


@pytest.fixture
def four_duties(store: Store) -> list[int]:
    """Duties of several kinds, made in no order."""
    enterprise = builders.an_enterprise(store)
    officer = builders.an_officer(store, "李敏", valid_until=None)
    made = []
    for days, kind, owner in (
        (30, ObligationKind.REVISIT, None),
        (-10, ObligationKind.RECTIFY, officer),
        (0, ObligationKind.DELIVER, officer),
        (-1, ObligationKind.REINSPECT, None),
    ):
        made.append(
            builders.an_obligation(
                store,
                kind,
                (SubjectType.HAZARD, 1),
                due_on=builders.TODAY + timedelta(days=days),
                enterprise_id=enterprise,
                officer_id=owner,
            )
        )
    return made


def _ids(document: Any) -> list[int]:
    return [item["id"] for item in document["items"]]


def test_the_most_overdue_comes_first(four_duties: list[int], ask: Ask) -> None:
    revisit, rectify, deliver, reinspect = four_duties
    found = ask("due")
    assert _ids(found) == [rectify, reinspect, deliver, revisit]
    assert [item["days_left"] for item in found["items"]] == [-10, -1, 0, 30]


def test_the_list_narrows_by_day_kind_and_officer(four_duties: list[int], ask: Ask) -> None:
    revisit, rectify, deliver, reinspect = four_duties
    assert _ids(ask("due", "--until", "2026-03-02")) == [rectify, reinspect, deliver]
    assert _ids(ask("due", "--kind", "revisit")) == [revisit]
    assert _ids(ask("due", "--kind", "复查", "--kind", "送达")) == [reinspect, deliver]
    assert _ids(ask("due", "--officer", "李敏")) == [rectify, deliver]
    assert _ids(ask("due", "--officer", "李敏", "--kind", "rectify", "--until", "2026-02-01")) == []


def test_people_read_overdue_days_and_never_a_negative_number(four_duties: list[int], tell: Callable[..., str]) -> None:
    told = tell("due")
    assert "逾期 10 天" in told
    assert "-10" not in told
    assert told.index("【逾期】2 项") < told.index("【今天】1 项") < told.index("【后续】1 项")


@pytest.mark.parametrize("arguments", [("--kind", "nothing"), ("--officer", "没有的人")])
def test_an_unknown_kind_or_officer_is_said_and_not_an_empty_list(
    arguments: tuple[str, str], store: Store, data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["due", *arguments, "--data", str(data_folder)]) == 2
    assert arguments[1] in capsys.readouterr().err


# ---- the calendar file -------------------------------------------------------------------------------------------


def _unfolded(content: bytes) -> list[str]:
    lines = content.decode("utf-8").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert lines[-1] == ""
    return content.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]


def _events(content: bytes) -> dict[str, dict[str, str]]:
    """The events by their UID, read without our own code."""
    found: dict[str, dict[str, str]] = {}
    event: dict[str, str] = {}
    for line in _unfolded(content):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT":
            found[event["UID"]] = event
        else:
            event[name] = value
    return found


def test_open_duties_and_planned_visits_stand_in_the_calendar_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "镇", tmp_path / "日历" / "镇安.ics"
    at = ("--data", str(folder), "--on", "2026-03-02", "--json")
    assert run(["init", "--office", "惠萍镇", "--code", "320681102", *at]) == 0
    store = Store(folder / "office.db")
    name = "启东市宏达机械制造有限公司（惠萍分厂）；原名,顺发\\机械" * 2
    enterprise = builders.an_enterprise(store, name)
    item = builders.a_plan_item(store, enterprise, planned_on=date(2026, 4, 16))
    store.close()
    capsys.readouterr()
    assert run(["ics", "--out", str(out), *at]) == 0
    events = _events(out.read_bytes())
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "events": len(events)}
    planned = events[f"plan-{item}@320681102.townsafe"]
    assert (planned["DTSTART;VALUE=DATE"], planned["DTEND;VALUE=DATE"]) == ("20260416", "20260417")
    assert planned["SUMMARY"] == "检查：" + name.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    reports = [event for event in events.values() if event["CATEGORIES"] == "报送"]
    assert {event["DTSTART;VALUE=DATE"] for event in reports} == {"20261225", "20271224"}
    assert any("期限 2027-12-25" in event["DESCRIPTION"] and "暂估" in event["DESCRIPTION"] for event in reports)


def test_an_entry_keeps_its_uid_when_the_file_is_written_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--data", str(tmp_path / "镇"), "--on", "2026-03-02")
    assert run(["init", "--office", "惠萍镇", "--code", "320681102", *at]) == 0
    found = []
    for name in ("a.ics", "b.ics"):
        assert run(["ics", "--out", str(tmp_path / name), *at]) == 0
        found.append(_events((tmp_path / name).read_bytes()).keys())
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_a_place_that_cannot_be_written_to_is_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ("--data", str(tmp_path / "镇"))
    assert run(["init", "--office", "惠萍镇", "--code", "320681102", *at]) == 0
    (tmp_path / "file").write_text("", encoding="utf-8")
    capsys.readouterr()
    assert run(["ics", "--out", str(tmp_path / "file" / "a.ics"), *at]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "写不进去" in err


# ---- plan --------------------------------------------------------------------------------------------------------


def test_the_plan_is_shown_against_what_was_done(store: Store, ask: Ask, tell: Callable[..., str]) -> None:
    first, second = builders.an_enterprise(store, is_key=True), builders.an_enterprise(store)
    item = builders.a_plan_item(store, first, month=1)
    builders.a_plan_item(store, second, month=4)
    builders.an_inspection(store, first, plan_item_id=item)
    shown = ask("plan", "show")
    assert (shown["year"], shown["planned"], shown["done"]) == (2026, 2, 1)
    assert shown["months"][0] == {"month": 1, "planned": 1, "done": 1}
    assert [row["done_on"] for row in shown["items"]] == ["2026-03-02", None]
    assert "完成率 50.0%" in tell("plan", "show", "--year", "2026")
    assert ask("plan", "show", "--year", "2025")["planned"] == 0


def test_the_share_tells_numerator_denominator_and_definition(store: Store, ask: Ask, tell: Callable[..., str]) -> None:
    key, other = builders.an_enterprise(store, is_key=True), builders.an_enterprise(store)
    for enterprise in (key, key, other):
        builders.an_inspection(store, enterprise)
    builders.a_plan_item(store, other)
    share = ask("plan", "share", "--year", "2026")
    assert (share["year"], share["floor"]) == (2026, 0.8)
    assert (share["planned"]["numerator"], share["planned"]["denominator"], share["planned"]["share"]) == (0, 1, 0.0)
    done = {each["counting"]: each for each in share["done"]}
    inspections = done["inspections"]
    assert (inspections["numerator"], inspections["denominator"], inspections["share"]) == (2, 3, 0.666667)
    assert "÷" in inspections["definition"]
    assert done["cases"]["share"] is None
    told = tell("plan", "share", "--year", "2026")
    assert "2 ÷ 3 = 66.7%" in told
    assert "0 ÷ 0 = —" in told


def test_a_suggested_plan_begins_with_key_targets_and_writes_nothing(store: Store, ask: Ask) -> None:
    key = builders.an_enterprise(store, "启东市红星铸造厂", is_key=True)
    suggested = ask("plan", "suggest", "--year", "2027")
    assert [(each["enterprise"]["id"], each["kind"]) for each in suggested["items"]] == [(key, "key")]
    assert "重点监管企业" in suggested["items"][0]["reason"]
    assert ask("plan", "show", "--year", "2027")["planned"] == 0


# ---- enterprise --------------------------------------------------------------------------------------------------


def test_an_enterprise_is_found_and_its_file_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from desktop.domain.enterprise import EnterpriseDraft
    from desktop.services import Services
    from desktop.services.clock import Clock

    at = ("--data", str(tmp_path / "镇"), "--on", "2026-03-02")
    assert run(["init", "--office", "惠萍镇", "--code", "320681102", *at]) == 0
    store = Store(tmp_path / "镇" / "office.db")
    services = Services(store, tmp_path / "镇", Clock.on(builders.TODAY))
    number = services.enterprises.register(EnterpriseDraft(name="启东市宏达机械厂", village="东兴镇村"))
    services.close()
    for words in (["宏达"], ["qdshd"], ["启东", "宏达"]):
        capsys.readouterr()
        assert run(["enterprise", "find", *words, *at, "--json"]) == 0
        assert [hit["id"] for hit in json.loads(capsys.readouterr().out)["items"]] == [number]
    assert run(["enterprise", "show", str(number), *at, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["enterprise"]["name"], shown["enterprise"]["village"]) == ("启东市宏达机械厂", "东兴镇村")
    assert run(["enterprise", "show", "启东市宏达机械厂", *at]) == 0
    assert "东兴镇村" in capsys.readouterr().out


@pytest.mark.parametrize("wanted", ["99", "91320681MA1000001X", "没有的厂", "²"])
def test_an_enterprise_that_is_not_there_is_status_2(
    wanted: str, store: Store, data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["enterprise", "show", wanted, "--data", str(data_folder)]) == 2
    assert wanted in capsys.readouterr().err


# ---- trail -------------------------------------------------------------------------------------------------------


def test_the_trail_of_an_enterprise_is_told_and_written(store: Store, ask: Ask, tell: Ask, tmp_path: Path) -> None:
    enterprise = builders.an_enterprise(store, "启东市宏达机械厂")
    builders.an_order(store, enterprise, number="（启惠）应急责改〔2026〕8号")
    store.close()
    first, second = tmp_path / "一.pdf", tmp_path / "二.pdf"
    told = ask("trail", str(enterprise), "--pdf", str(first))
    assert told["trail"]["on"] == builders.TODAY.isoformat()
    assert "（启惠）应急责改〔2026〕8号" in [entry["text"] for entry in told["trail"]["entries"]]
    text = tell("trail", "启东市宏达机械厂", "--pdf", str(second))
    assert "下达责令限期整改指令书" in text
    assert told["pdf_sha256"] in text
    assert first.read_bytes() == second.read_bytes()
