"""urge script and urge log: what is said to an enterprise, and the note of it, on the command line."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import builders
import pytest

from db.store import Store
from desktop.cli import run

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(store: Store, data_folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the test's office and day."""

    def ran(*arguments: str) -> tuple[int, str, str]:
        status = run([*arguments, "--data", str(data_folder), "--on", builders.TODAY.isoformat()])
        out, err = capsys.readouterr()
        return status, out, err

    return ran


@pytest.fixture
def firm(store: Store) -> int:
    """One hazard that is late by ten days, one with time left; the contact has a telephone."""
    enterprise = builders.an_enterprise(store, "启东市宏达机械厂", contact="陈红", phone="13800000001")
    builders.an_order(store, enterprise, due_on=date(2026, 2, 20))
    builders.an_order(store, enterprise, due_on=date(2026, 3, 20))
    return enterprise


def _document(answer: tuple[int, str, str]) -> Any:
    status, out, err = answer
    assert (status, err) == (0, "")
    return json.loads(out)


def test_the_words_of_each_way_are_printed(firm: int, call: Run) -> None:
    told = {way: call("urge", "script", str(firm), "--way", way) for way in ("wechat", "sms", "phone")}
    assert all(status == 0 for status, _, _ in told.values())
    assert "陈红，您好" in told["wechat"][1]
    assert "逾期10天" in told["sms"][1]
    assert "请问是陈红吗？" in told["phone"][1]
    assert call("urge", "script", "启东市宏达机械厂", "--way", "电话")[1] == told["phone"][1]
    assert call("urge", "script", str(firm))[1] == told["wechat"][1]


def test_the_script_is_a_document_too(firm: int, call: Run) -> None:
    found = _document(call("urge", "script", str(firm), "--way", "sms", "--json"))
    assert list(found) == ["on", "enterprise", "way", "person", "phone", "hazards", "text", "last"]
    assert found["enterprise"] == {"id": firm, "name": "启东市宏达机械厂"}
    assert (found["way"], found["person"], found["phone"], found["last"]) == ("sms", "陈红", "13800000001", None)
    assert [each["days_left"] for each in found["hazards"]] == [-10, 18]
    assert found["text"].startswith("启东市宏达机械厂有2项隐患未销号")


def test_only_what_is_late_or_named_is_urged(firm: int, call: Run) -> None:
    whole = _document(call("urge", "script", str(firm), "--json"))["hazards"]
    late = _document(call("urge", "script", str(firm), "--late", "--json"))["hazards"]
    assert late == [whole[0]]
    named = _document(call("urge", "script", str(firm), "--hazard", str(whole[1]["id"]), "--json"))["hazards"]
    assert named == [whole[1]]


def test_an_urging_is_noted_with_when_how_whom_and_the_answer(firm: int, call: Run) -> None:
    arguments = ("--way", "phone", "--at", "2026-03-01T09:30", "--person", "吴刚", "--answer", "正在整改")
    noted = _document(call("urge", "log", str(firm), *arguments, "--json"))
    urging = noted["urging"]
    assert (urging["urged_at"], urging["way"], urging["person"]) == ("2026-03-01T09:30:00", "phone", "吴刚")
    assert (urging["answer"], urging["phone"]) == ("正在整改", "13800000001")
    assert "请问是陈红吗？" in urging["text"]
    assert len(noted["hazards"]) == 2
    assert _document(call("urge", "script", str(firm), "--json"))["last"] == urging
    acts = _document(call("journal", "--json"))
    assert "登记催办" in json.dumps(acts, ensure_ascii=False)


def test_people_read_what_was_noted(firm: int, call: Run) -> None:
    status, out, err = call("urge", "log", str(firm), "--way", "微信", "--text", "请抓紧", "--late")
    assert (status, err) == (0, "")
    assert "已登记催办" in out
    assert "陈红 13800000001" in out
    assert "1 项" in out
    assert "上次催办" in call("urge", "script", str(firm))[1]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("script", "1", "--way", "pigeon"), 2, "没有“pigeon”这种催办方式"),
        (("script", "没有的厂"), 2, "没有代码或名称为“没有的厂”的企业"),
        (("script", "1", "--hazard", "99"), 2, "没有编号为 99 的未销号隐患"),
        (("log", "1"), 2, "缺少参数：--way"),
        (("log", "1", "--way", "phone", "--at", "2026-03-01"), 2, "请写明催办的时刻"),
        (("log", "1", "--way", "phone", "--at", "2026-03-05T09:00"), 2, "现在"),
        (("log", "1", "--way", "phone", "--person", ""), 2, "请用 --person 写明"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    firm: int, call: Run, arguments: tuple[str, ...], status: int, said: str
) -> None:
    named = tuple(str(firm) if each == "1" else each for each in arguments)
    answered, out, err = call("urge", *named)
    assert (answered, out) == (status, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert "没有答复" not in call("urge", "script", str(firm))[1], "nothing was noted"


def test_an_enterprise_with_nothing_open_is_not_urged(store: Store, call: Run) -> None:
    enterprise = builders.an_enterprise(store)
    status, out, err = call("urge", "script", str(enterprise))
    assert (status, out) == (1, "")
    assert err.startswith("没有还没销号的隐患")


def test_the_help_is_chinese(call: Run) -> None:
    status, out, _ = call("urge", "log", "--help")
    assert status == 0
    assert "登记一次催办" in out
    assert "wechat 微信" in out
