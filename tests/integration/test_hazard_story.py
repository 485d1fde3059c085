"""The story of a hazard as it is read back from what the acts wrote."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from desktop.domain.hazard import EscalationKind
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.hazard_story import HazardStories, StoryKind
from desktop.services.hazards import ExtensionDraft, HazardDraft
from desktop.services.opening import create_office
from desktop.services.orders import OrderDraft
from desktop.services.reinspections import ReinspectionDraft, ResultDraft

TODAY = date(2026, 4, 16)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = create_office(tmp_path / "office", clock=Clock(lambda: TODAY, lambda: datetime(2026, 4, 16, 9)))
    made.sample.fill(enterprises=30)
    yield made
    made.close()


def a_hazard(services: Services) -> int:
    return services.hazards.register(HazardDraft(1, date(2026, 4, 1), "配电箱未上锁", basis="某规程 4.1"))


def ordered(services: Services) -> tuple[int, int]:
    hazard = a_hazard(services)
    order = services.orders.issue(
        OrderDraft(1, ((hazard, date(2026, 4, 20)),), date(2026, 4, 2), date(2026, 4, 2), "周厂长")
    )
    return hazard, order


def crew(services: Services) -> tuple[int, ...]:
    return tuple(each.id for each in services.officers.choices(TODAY) if each.may_act)[:2]


def test_a_story_runs_from_finding_to_clearing(services: Services) -> None:
    hazard, _ = ordered(services)
    ask = ExtensionDraft(date(2026, 4, 12), "等配件", date(2026, 4, 30))
    services.hazards.extend([hazard], ask, "王所", date(2026, 4, 13))
    services.hazards.request_reinspection([hazard], date(2026, 4, 15), "电话")
    services.reinspections.record(
        ReinspectionDraft(1, TODAY, crew(services), (ResultDraft(hazard, ReinspectionOutcome.CLEARED, "已上锁"),))
    )
    story = HazardStories(services.store).story(hazard)
    assert [entry.kind for entry in story.entries] == [
        StoryKind.FOUND,
        StoryKind.ORDER,
        StoryKind.DELIVERY,
        StoryKind.APPLICATION,
        StoryKind.ANSWER,
        StoryKind.REQUEST,
        StoryKind.CLEARED,
    ]
    assert [link.due_on for link in story.deadlines] == [date(2026, 4, 20), date(2026, 4, 30)]
    assert (story.deadlines[1].reason, story.deadlines[1].approver) == ("准予延期：等配件", "王所")
    assert story.basis == "某规程 4.1"
    assert story.waiting_extension_id is None


def test_an_unanswered_application_and_an_undelivered_order_wait(services: Services) -> None:
    hazard = a_hazard(services)
    services.orders.issue(OrderDraft(1, ((hazard, date(2026, 4, 20)),), date(2026, 4, 2)))
    (asked,) = services.hazards.apply_extension([hazard], ExtensionDraft(TODAY, "等配件", date(2026, 4, 30)))
    story = HazardStories(services.store).story(hazard)
    assert (story.waiting_extension_id, story.is_delivery_due) == (asked, True)


def test_a_void_order_stays_in_the_story_and_its_deadline_does_not_count(services: Services) -> None:
    hazard, order = ordered(services)
    services.orders.void(order, "文号有误")
    story = HazardStories(services.store).story(hazard)
    assert story.entries[-1].kind is StoryKind.VOID_ORDER
    assert story.deadlines == ()


def test_an_escalation_waits_for_its_case_until_it_is_filed(services: Services) -> None:
    hazard, _ = ordered(services)
    services.hazards.escalate(hazard, EscalationKind.CASE, TODAY, "拒不整改")
    stories = HazardStories(services.store)
    assert stories.story(hazard).is_case_due
    services.hazards.case_filed(hazard, TODAY, "9号")
    told = stories.story(hazard)
    assert not told.is_case_due
    assert told.entries[-1].text == "立案号 9号"


def test_what_was_put_right_on_the_spot_says_so(services: Services) -> None:
    hazard = a_hazard(services)
    services.hazards.clear_on_the_spot(hazard, date(2026, 4, 2))
    assert HazardStories(services.store).story(hazard).entries[-1].title == "当场整改，销号"
