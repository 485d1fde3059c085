"""One of every trouble as it stands today: whoever looks around in the sample finds each of them, whatever the seed.

Days are counted back from the business date. A scene writes what happened until today; what is missing is the trouble.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from desktop.domain.enterprise import StandardLevel
from desktop.domain.hazard import HazardLevel
from desktop.domain.inspection import InspectionKind, InspectionOrigin, InspectionStatus
from desktop.domain.urging import ANSWERS, UrgingWay
from desktop.services.sample.acts import Acts, Found, Order, Result, Visit
from desktop.services.sample.days import Days
from desktop.services.sample.people import Crew
from desktop.services.sample.roster import Firm
from desktop.services.sample.story import Appointment, Story
from desktop.services.sample.tables import Row
from desktop.services.sample.words import township

_CAPPED = frozenset({StandardLevel.ONE, StandardLevel.TWO})


class Scenes:
    """Plays each scene at another enterprise."""

    def __init__(
        self, rng: random.Random, today: date, days: Days, acts: Acts, crew: Crew, story: Story, firms: Sequence[Firm]
    ) -> None:
        self._rng = rng
        self._today = today
        self._days = days
        self._acts = acts
        self._crew = crew
        self._story = story
        self._words = township()["words"]
        self._firms = self._candidates(firms)

    def _candidates(self, firms: Sequence[Firm]) -> Iterator[Firm]:
        """Working enterprises again and again: key ones, where a major hazard is possible first, none near its cap."""
        working = [firm for firm in firms if firm.is_working and firm.standard_level not in _CAPPED]
        self._rng.shuffle(working)
        working.sort(key=lambda firm: not any(text.level is HazardLevel.MAJOR for text in firm.hazards))
        key = [firm for firm in working if firm.is_key]
        while True:
            yield from key or working

    def appointments(self) -> Iterator[tuple[date, Callable[[], None]]]:
        """Each scene with the day of its visit, so that visits and numbers come in order."""
        for ago, play in (
            (76, self._voided_and_issued_again),
            (64, self._escalated_and_filed),
            (58, self._forgotten_major),
            (47, self._forgotten),
            (44, self._escalated),
            (40, self._failed_once),
            (33, self._extended),
            (31, self._extension_refused),
            (27, self._late_since_a_few_days),
            (24, self._extension_asked),
            (20, self._asked_for_return),
            (16, self._due_today),
            (13, self._due_this_week),
            (12, self._major_under_way),
            (4, self._not_delivered),
            (1, self._long_deadline),
            (1, self._not_ordered),
        ):
            on = self._ago(ago)
            yield on, partial(play, on)

    def _ago(self, days: int) -> date:
        return self._days.on_or_before(self._today - timedelta(days=days))

    def _ahead(self, days: int) -> date:
        return self._days.on_or_after(self._today + timedelta(days=days))

    # ---- building stones -----------------------------------------------------------------------------------

    def _visit(self, on: date, count: int, majors: int = 0) -> Visit:
        firm = next(self._firms)
        texts = self._story.texts(firm, count, majors)
        appointment = Appointment(on, firm, InspectionKind.ROUTINE, InspectionOrigin.OTHER)
        visit = self._acts.inspect(
            firm,
            on,
            self._crew.team(on),
            kind=appointment.kind,
            origin=appointment.origin,
            item=None,
            meetings=self._story.meetings(len(texts)),
            unit_person=firm.principal,
            refusal="",
            approved=(self._crew.head.name, self._days.on_or_before(on - timedelta(days=1))),
            result=f"发现问题{len(texts)}项",
        )
        for text in texts:
            self._acts.find(visit, text)
        return visit

    def _order(self, on: date, due_on: date, count: int = 2, majors: int = 0) -> Order:
        visit = self._visit(on, count, majors)
        return self._acts.order(visit, [(found, due_on) for found in visit.hazards], on, on)

    def _urge(self, order: Order, ago: int, way: UrgingWay, answer: str) -> None:
        self._acts.urge(order, self._ago(ago), way, answer, self._crew.head.name)

    def _round(self, order: Order, on: date, first: Result, again_on: date | None = None) -> None:
        """A round where the first hazard has a result of its own and the others are cleared."""
        note = {
            Result.CLEARED: self._words["cleared_notes"][0],
            Result.AGAIN: self._words["failed_notes"][0],
            Result.ESCALATED: self._words["escalation_reasons"][0],
        }
        told: list[tuple[Found, Result, str, date | None]] = [(order.hazards[0], first, note[first], again_on)]
        told += [(found, Result.CLEARED, note[Result.CLEARED], None) for found in order.hazards[1:]]
        self._acts.go_back(order, on, self._crew.team(on, order.officer_id), told)

    # ---- the scenes ----------------------------------------------------------------------------------------

    def _not_ordered(self, on: date) -> None:
        self._visit(on, 2)

    def _not_delivered(self, on: date) -> None:
        visit = self._visit(on, 2)
        due_on = self._ahead(12)
        self._acts.order(visit, [(found, due_on) for found in visit.hazards], on, None)

    def _due_this_week(self, on: date) -> None:
        self._order(on, self._ahead(2), 3)

    def _due_today(self, on: date) -> None:
        self._order(on, self._days.on_or_before(self._today))

    def _late_since_a_few_days(self, on: date) -> None:
        order = self._order(on, self._ago(5), 3)
        self._urge(order, 3, UrgingWay.PHONE, ANSWERS[1])

    def _forgotten(self, on: date) -> None:
        order = self._order(on, self._ago(26))
        self._urge(order, 19, UrgingWay.WECHAT, "")
        self._urge(order, 12, UrgingWay.PHONE, ANSWERS[3])

    def _forgotten_major(self, on: date) -> None:
        """Late, and put under supervision since; two of the five things are still missing."""
        order = self._order(on, self._ago(28), 2, majors=1)
        self._urge(order, 24, UrgingWay.VISIT, ANSWERS[2])
        major = next((found for found in order.hazards if found.text.level is HazardLevel.MAJOR), None)
        if major is not None:
            self._acts.supervise(major, self._ago(20), self._ahead(25), township()["supervision"])

    def _major_under_way(self, on: date) -> None:
        self._order(on, self._ahead(9), 2, majors=1)

    def _long_deadline(self, on: date) -> None:
        """Thirty days: near the end of a year the duty to go back falls into the next, whose holidays nobody knows."""
        self._order(on, on + timedelta(days=30))

    def _ask(self, order: Order, on: date, later: date) -> list[tuple[Found, tuple[Row, Row]]]:
        reason, done = self._words["extension_reasons"][1], self._words["extension_done"][0]
        return [(found, self._acts.apply(found, on, later, reason, done)) for found in order.hazards]

    def _extended(self, on: date) -> None:
        order, later = self._order(on, self._ago(3), 1), self._ahead(8)
        for found, asked in self._ask(order, self._ago(8), later):
            self._acts.grant(found, asked, later, self._ago(5), self._crew.head.name)

    def _extension_refused(self, on: date) -> None:
        order = self._order(on, self._ago(2), 1)
        for _, asked in self._ask(order, self._ago(8), self._ahead(20)):
            self._acts.refuse(asked, self._ago(4), self._crew.head.name, self._words["extension_refusals"][0])

    def _extension_asked(self, on: date) -> None:
        self._ask(self._order(on, self._ahead(3), 1), self._ago(2), self._ahead(15))

    def _asked_for_return(self, on: date) -> None:
        order = self._order(on, self._ahead(7))
        for found in order.hazards:
            self._acts.request(found, self._ago(3), self._words["requests"][0])

    def _failed_once(self, on: date) -> None:
        self._round(self._order(on, self._ago(18), 3), self._ago(9), Result.AGAIN, self._ahead(4))

    def _escalated(self, on: date) -> None:
        self._round(self._order(on, self._ago(20)), self._ago(3), Result.ESCALATED)

    def _escalated_and_filed(self, on: date) -> None:
        order = self._order(on, self._ago(40))
        self._round(order, self._ago(31), Result.ESCALATED)
        self._story.case(order.firm, self._ago(27), self._words["case_causes"][4], hazards=order.hazards)

    def _voided_and_issued_again(self, on: date) -> None:
        """The number of the void order stays used; the hazards stand under the next one."""
        visit = self._visit(on, 2)
        due_on = self._days.on_or_before(on + timedelta(days=15))
        items = [(found, due_on) for found in visit.hazards]
        self._acts.void_order(self._acts.order(visit, items, on, on), on, self._words["void_reason"])
        self._round(self._acts.order(visit, items, on, on), self._days.plus(due_on, 3), Result.CLEARED)

    # ---- the calendar --------------------------------------------------------------------------------------

    def calendar(self) -> None:
        """Checks outside the plan: two to come, one under way, one called off."""
        for days, status in (
            (0, InspectionStatus.UNDER_WAY),
            (1, InspectionStatus.PLANNED),
            (5, InspectionStatus.PLANNED),
            (3, InspectionStatus.CANCELLED),
        ):
            on = self._ahead(days)
            self._acts.schedule(next(self._firms), on, self._crew.team(self._today), self._ago(1), status)
