"""The words to urge with."""

from datetime import date

import pytest

from desktop.domain.errors import Refused
from desktop.domain.hazard import EscalationKind, HazardLevel, HazardStatus, may_be_escalated, may_be_extended
from desktop.domain.supervision import Delisting, Readiness, lights, may_be_delisted, may_be_listed
from desktop.domain.urging import Urge, UrgedItem, UrgingWay, first_of, script

LATE = UrgedItem("配电箱未上锁。", "冲压车间", date(2026, 4, 13), -3)
SOON = UrgedItem("除尘风管未设泄爆口", "", date(2026, 4, 20), 4, is_major=True)
NO_DAY = UrgedItem("安全出口堵塞", "仓库")
URGE = Urge("宏达机械厂", (LATE, SOON, NO_DAY), "王厂长", "惠萍镇安监所")


@pytest.mark.parametrize("way", list(UrgingWay))
def test_every_script_names_the_enterprise_the_items_and_their_days(way: UrgingWay) -> None:
    said = script(URGE, way)
    assert "宏达机械厂" in said
    assert "配电箱未上锁" in said
    assert "4月13日" in said
    assert "4月20日" in said
    assert "逾期" in said
    assert "惠萍镇安监所" in said


def test_a_message_says_how_late_each_is_and_what_to_do_next() -> None:
    said = script(URGE, UrgingWay.WECHAT).splitlines()
    assert said[0] == "【惠萍镇安监所】王厂长，您好！宏达机械厂还有 3 项安全隐患没有销号："
    assert said[1] == "1. 冲压车间：配电箱未上锁（整改期限 2026年4月13日，逾期 3 天）"
    assert said[2] == "2. 【重大隐患】除尘风管未设泄爆口（整改期限 2026年4月20日，还有 4 天）"
    assert said[3] == "3. 仓库：安全出口堵塞（尚未下达整改期限）"
    assert any("立即整改" in line for line in said)
    assert any("期限届满前书面申请" in line for line in said)


def test_what_is_late_is_not_told_that_it_may_still_ask_for_time() -> None:
    assert "书面申请" not in script(Urge("甲厂", (LATE,)), UrgingWay.PHONE)


def test_a_short_message_stays_short_and_says_how_many_there_are() -> None:
    many = tuple(UrgedItem("很长很长很长很长很长很长的一条隐患描述", "", date(2026, 4, 20), 4) for _ in range(9))
    said = script(Urge("甲厂", many, office="安监所"), UrgingWay.SMS)
    assert "等共9项" in said
    assert len(said) < 140


def test_whoever_has_a_telephone_is_spoken_to() -> None:
    assert first_of(("张三", ""), ("李四", "138")) == ("李四", "138")
    assert first_of(("张三", ""), ("", "")) == ("张三", "")
    assert first_of(("", ""), ("", "")) == ("", "")


# ---- guards ------------------------------------------------------------------------------------------------


def test_only_an_open_major_hazard_is_listed_and_only_once() -> None:
    may_be_listed(HazardLevel.MAJOR, HazardStatus.ORDERED, is_listed=False)
    for level, status, listed, code in (
        (HazardLevel.GENERAL, HazardStatus.ORDERED, False, "supervision_only_major"),
        (HazardLevel.MAJOR, HazardStatus.CLEARED, False, "hazard_closed"),
        (HazardLevel.MAJOR, HazardStatus.AGAIN, True, "supervision_standing"),
    ):
        with pytest.raises(Refused, match=code):
            may_be_listed(level, status, listed)


def test_a_hazard_is_taken_off_when_it_was_cleared_or_accepted() -> None:
    may_be_delisted(Delisting(HazardStatus.CLEARED, None, None))
    may_be_delisted(Delisting(HazardStatus.ESCALATED, date(2026, 4, 1), None))
    with pytest.raises(Refused, match="supervision_not_accepted"):
        may_be_delisted(Delisting(HazardStatus.ESCALATED, None, None))
    with pytest.raises(Refused, match="supervision_ended"):
        may_be_delisted(Delisting(HazardStatus.CLEARED, None, date(2026, 4, 2)))


def test_the_five_lights_follow_the_words() -> None:
    found = dict(lights({"measures": "更换防爆电机", "funds": " ", "responsible": "王厂长"}))
    assert [each for each, is_lit in found.items() if is_lit] == [Readiness.MEASURES, Readiness.RESPONSIBLE]
    assert len(found) == 5


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (HazardStatus.REGISTERED, "hazard_has_no_deadline"),
        (HazardStatus.ESCALATED, "hazard_escalated"),
        (HazardStatus.CLEARED, "hazard_closed"),
        (HazardStatus.VOID, "hazard_closed"),
    ],
)
def test_what_has_no_running_deadline_is_not_extended(status: HazardStatus, code: str) -> None:
    with pytest.raises(Refused, match=code):
        may_be_extended(status, date(2026, 4, 20), date(2026, 4, 16))


def test_only_a_major_hazard_is_proposed_for_supervision() -> None:
    may_be_escalated(HazardStatus.AGAIN, HazardLevel.GENERAL, EscalationKind.CLOSURE)
    with pytest.raises(Refused, match="supervision_only_major"):
        may_be_escalated(HazardStatus.AGAIN, HazardLevel.GENERAL, EscalationKind.SUPERVISION)
