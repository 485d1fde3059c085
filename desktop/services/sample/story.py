"""Two years of work by chance: what was planned is done or not, what is found is ordered, extended, cleared or not.

Fates are dealt like cards from a shuffled deck, so that even a small township has some of each. What lies after the
business date has not happened: a story simply breaks off there, and its obligations stay open.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.inspection import InspectionKind, InspectionOrigin
from desktop.services.sample.acts import Acts, Found, Item, Order, Result, Visit
from desktop.services.sample.days import Days
from desktop.services.sample.people import Crew
from desktop.services.sample.roster import Firm
from desktop.services.sample.words import HazardText, township

MAJOR_SHARE = 0.032
LEFT_OPEN = 2
SHORTEST = 4
ANSWERED_AFTER = 8  # working days from a proposal to the bureau's answer
UNPLANNED = ((InspectionOrigin.TIP, InspectionKind.CASE), (InspectionOrigin.ASSIGNED, InspectionKind.SPECIAL))


class Deck:
    """Deals each word as often as its weight says, in random order, again and again."""

    def __init__(self, rng: random.Random, weights: Mapping[str, int]) -> None:
        self._rng = rng
        self._cards = [word for word, weight in weights.items() for _ in range(weight)]
        self._rest: list[str] = []

    def deal(self) -> str:
        """The next word."""
        if not self._rest:
            self._rest = self._rng.sample(self._cards, len(self._cards))
        return self._rest.pop()


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit to be made: by the plan or for another reason."""

    on: date
    firm: Firm
    kind: InspectionKind
    origin: InspectionOrigin
    item: Item | None = None


class Story:
    """Tells what became of the plans."""

    def __init__(self, rng: random.Random, today: date, days: Days, acts: Acts, crew: Crew) -> None:
        self._rng = rng
        self._today = today
        self._days = days
        self._acts = acts
        self._crew = crew
        self._words = township()["words"]
        self._left_open = 0
        self._item_fates = Deck(rng, {"day": 70, "early": 8, "moved": 15, "cancelled": 3, "late": 4})
        self._order_fates = Deck(
            rng, {"plain": 71, "requested": 12, "extended": 7, "refused": 2, "late": 6, "forgotten": 2}
        )
        self._results = Deck(rng, {"cleared": 89, "again": 8, "escalated": 3})
        self._second_results = Deck(rng, {"cleared": 7, "escalated": 3})
        self._visit_fates = Deck(rng, {"order": 93, "spot": 6, "void": 1})

    # ---- from the plan to the visit ------------------------------------------------------------------------

    def appointment(self, item: Item) -> Appointment | None:
        """What became of an item: a visit, or nothing yet, or nothing at all."""
        if item.on is None or item.on > self._today or self._is_left_open(item.on):
            return None
        fate, on = self._item_fates.deal(), item.on
        if fate == "cancelled":
            self._acts.cancel_item(item, on, self._rng.choice(self._words["cancel_reasons"]))
            return None
        if fate == "late" and (self._today - on).days <= 60:
            return None
        if fate == "moved":
            on = self._moved(item, on)
        elif fate == "late":
            on = self._days.plus(on, self._rng.randint(2, 9))
        elif fate == "early":
            on = self._days.on_or_before(on - timedelta(days=self._rng.randint(1, 3)))
        if on > self._today:
            return None
        kind = InspectionKind.ROUTINE if self._rng.random() < 0.88 else InspectionKind.SPECIAL
        return Appointment(on, item.firm, kind, InspectionOrigin.PLAN, item)

    def _is_left_open(self, on: date) -> bool:
        """The first items of the last weeks stay undone, so that the workbench always has a late inspection."""
        if self._left_open >= LEFT_OPEN or not 3 <= (self._today - on).days <= 40:
            return False
        self._left_open += 1
        return True

    def _moved(self, item: Item, on: date) -> date:
        """Another day of the same year, settled a day or two before."""
        later = self._days.plus(on, self._rng.randint(3, 15))
        if later.year != on.year:
            return on
        self._acts.move_item(item, later, set_on=self._days.on_or_before(on - timedelta(days=self._rng.randint(0, 2))))
        return later

    def unplanned(self, firms: Sequence[Firm], count: int, first: date) -> Iterator[Appointment]:
        """Tips and assigned checks, which stand outside the plan."""
        working = [firm for firm in firms if firm.is_working]
        for _ in range(count):
            origin, kind = self._rng.choice(UNPLANNED)
            on = self._days.some(self._rng, first, self._today)
            yield Appointment(min(on, self._days.on_or_before(self._today)), self._rng.choice(working), kind, origin)

    # ---- the visit -----------------------------------------------------------------------------------------

    def visit(self, appointment: Appointment, texts: Sequence[HazardText] | None = None) -> Visit:
        """A visit with its meetings and what it found; `texts` says what, otherwise chance does."""
        rng, firm, on = self._rng, appointment.firm, appointment.on
        if texts is None:
            texts = self._some_texts(firm)
        item = appointment.item
        visit = self._acts.inspect(
            firm,
            on,
            self._crew.team(on, item.officer_id if item else None, is_risky=firm.is_key),
            kind=appointment.kind,
            origin=appointment.origin,
            item=item,
            meetings=self.meetings(len(texts)),
            unit_person=firm.principal if rng.random() < 0.7 else firm.safety_officer,
            refusal=self._words["refusal"] if rng.random() < 0.012 else "",
            approved=(self._crew.head.name, self._days.on_or_before(on - timedelta(days=1))),
            result=f"发现问题{len(texts)}项" if texts else "未发现问题",
        )
        for text in texts:
            is_easy = text.level is HazardLevel.GENERAL and rng.random() < 0.07
            self._acts.find(visit, text, cleared=is_easy)
        return visit

    def meetings(self, count: int) -> tuple[str, str, str]:
        pick, words = self._rng.choice, self._words
        site = pick(words["site_found"]).format(count=count) if count else pick(words["site_clean"])
        return pick(words["opening"]), site, pick(words["closing"])

    def _some_texts(self, firm: Firm) -> Sequence[HazardText]:
        rng = self._rng
        count = rng.choices((0, 1, 2, 3, 4, 5), (18, 22, 24, 18, 12, 6) if firm.is_key else (30, 28, 22, 12, 6, 2))[0]
        return self.texts(firm, count, majors=sum(rng.random() < MAJOR_SHARE for _ in range(count)))

    def texts(self, firm: Firm, count: int, majors: int = 0) -> Sequence[HazardText]:
        """Different hazards that can be found at an enterprise; no major ones where none is possible."""
        grave = [text for text in firm.hazards if text.level is HazardLevel.MAJOR]
        plain = [text for text in firm.hazards if text.level is HazardLevel.GENERAL]
        chosen = self._rng.sample(grave, min(majors, len(grave)))
        return [*chosen, *self._rng.sample(plain, min(count - len(chosen), len(plain)))]

    # ---- from the visit to the order -----------------------------------------------------------------------

    def follow(self, visit: Visit) -> None:
        """What is ordered after a visit, and all that follows until today."""
        waiting = [found for found in visit.hazards if found.status is HazardStatus.REGISTERED]
        if not waiting:
            return
        fate = self._visit_fates.deal()
        if fate == "void" and len(waiting) > 1:
            self._acts.void_hazard(waiting.pop(), self._words["void_hazard"])
        on = visit.on if self._rng.random() < 0.9 else self._days.plus(visit.on, 1)
        if on > self._today:
            return
        items = [(found, self._deadline(found, on)) for found in waiting]
        delivered = on if self._rng.random() < 0.94 else self._days.plus(on, 1)
        order = self._acts.order(visit, items, on, delivered if delivered <= self._today else None)
        for due_on in sorted({due_on for _, due_on in items}):
            self._pursue(order, [found for found, day in items if day == due_on])

    def _deadline(self, found: Found, on: date) -> date:
        """The last day for putting a hazard right; offices prefer that it is a working one."""
        choices = (
            ((15, 20, 30), (2, 3, 5)) if found.text.level is HazardLevel.MAJOR else ((7, 10, 15, 30), (20, 24, 45, 11))
        )
        days = self._rng.choices(*choices)[0]
        due_on = self._days.on_or_before(on + timedelta(days=days))
        # A long holiday may lie between: then the first working day after it.
        return due_on if (due_on - on).days > SHORTEST else self._days.on_or_after(on + timedelta(days=days))

    # ---- from the order to the end -------------------------------------------------------------------------

    def _pursue(self, order: Order, group: list[Found]) -> None:
        """The hazards of an order with the same deadline share their fate until somebody goes back."""
        fate, issued = self._order_fates.deal(), order.issued_on
        due_on = group[0].due_on
        if fate == "requested":
            self._request(group, self._days.some(self._rng, issued + timedelta(days=3), due_on - timedelta(days=1)))
        elif fate in ("extended", "refused"):
            applied = self._days.some(self._rng, max(issued, due_on - timedelta(days=7)), due_on - timedelta(days=1))
            if not self._apply(group, applied, is_granted=fate == "extended"):
                return
        on = self._return_day(group, fate)
        if on is None or on > self._today:
            return
        self._go_back(order, group, on, self._results)

    def _request(self, group: Sequence[Found], on: date) -> None:
        if on > self._today:
            return
        remark = self._rng.choice(self._words["requests"])
        for found in group:
            self._acts.request(found, on, remark)

    def _apply(self, group: Sequence[Found], on: date, *, is_granted: bool) -> bool:
        """Application and answer; False when today comes before the answer."""
        if on > self._today:
            return False
        decided = self._days.plus(on, self._rng.randint(1, 3))
        later = self._days.on_or_after(group[0].due_on + timedelta(days=self._rng.randint(7, 15)))
        reason, done = (
            self._rng.choice(self._words["extension_reasons"]),
            self._rng.choice(self._words["extension_done"]),
        )
        for found in group:
            asked = self._acts.apply(found, on, later, reason, done)
            if decided > self._today:
                continue
            if is_granted:
                self._acts.grant(found, asked, later, decided, self._crew.head.name)
            else:
                refusal = self._rng.choice(self._words["extension_refusals"])
                self._acts.refuse(asked, decided, self._crew.head.name, refusal)
        return decided <= self._today

    def _return_day(self, group: Sequence[Found], fate: str) -> date | None:
        """When somebody goes back: in time as a rule, sometimes late, and of late orders one is forgotten."""
        due_on, last_on = group[0].due_on, group[0].reinspect_due_on
        if fate == "forgotten" and (self._today - last_on).days < 150:
            return None
        if fate in ("late", "forgotten"):
            return self._days.plus(last_on, self._rng.randint(1, 14))
        earliest = min(due_on, last_on - timedelta(days=9))
        return self._days.some(self._rng, earliest, last_on)

    def _go_back(self, order: Order, group: list[Found], on: date, deck: Deck) -> None:
        results = [(found, Result(deck.deal())) for found in group]
        again_on = self._days.on_or_after(on + timedelta(days=self._rng.choice((7, 10, 15))))
        notes = {
            Result.CLEARED: self._words["cleared_notes"],
            Result.AGAIN: self._words["failed_notes"],
            Result.ESCALATED: self._words["escalation_reasons"],
        }
        told = [
            (found, result, self._note(found, result, notes[result]), again_on if result is Result.AGAIN else None)
            for found, result in results
        ]
        self._acts.go_back(order, on, self._crew.team(on, order.officer_id), told)
        again = [found for found, result in results if result is Result.AGAIN]
        if again:
            self._second_round(order, again)
        escalated = [found for found, result in results if result is Result.ESCALATED]
        if escalated:
            self._after_escalation(order, escalated, on)

    def _note(self, found: Found, result: Result, choices: Sequence[str]) -> str:
        if result is Result.ESCALATED and found.text.level is HazardLevel.MAJOR:
            return str(self._words["suspension_reason"])
        return self._rng.choice(choices)

    def _second_round(self, order: Order, group: list[Found]) -> None:
        on = self._days.some(self._rng, group[0].due_on, group[0].reinspect_due_on)
        if on <= self._today:
            self._go_back(order, group, on, self._second_results)

    def _after_escalation(self, order: Order, group: list[Found], on: date) -> None:
        """A case for what is not major, and in the end it is put right after all."""
        filed = self._days.plus(on, self._rng.randint(1, 5))
        if any(found.file_case is not None for found in group) and filed <= self._today:
            self.case(order.firm, filed, self._rng.choice(self._words["case_causes"]), hazards=group)
        answered = self._days.plus(on, ANSWERED_AFTER)
        if answered <= self._today:
            for found in group:
                self._acts.answer(found, answered, self._words["proposal_answer"])
        done = self._days.plus(on, self._rng.randint(15, 40))
        if done <= self._today:
            note = self._rng.choice(self._words["cleared_notes"])
            told = [(found, Result.CLEARED, note, None) for found in group]
            self._acts.go_back(order, done, self._crew.team(done, order.officer_id), told)

    # ---- cases ---------------------------------------------------------------------------------------------

    def case(
        self, firm: Firm, filed_on: date, cause: str, *, is_accident: bool = False, hazards: Sequence[Found] = ()
    ) -> None:
        """A case with its decision, payment and end as far as they have come."""
        fines = township()["penalty"]
        decided = self._days.plus(filed_on, self._rng.randint(14, 50))
        closed = self._days.plus(decided, self._rng.randint(8, 30))
        yuan = self._rng.choice(fines["accident_fines_yuan" if is_accident else "fines_yuan"])
        is_decided = decided <= self._today
        self._acts.file_case(
            firm,
            filed_on,
            cause,
            decided_on=decided if is_decided else None,
            fine_fen=yuan * 100 if is_decided else None,
            closed_on=closed if closed <= self._today else None,
            is_accident=is_accident,
            hazards=hazards,
        )
