"""What goes on after the inspections: cases that came another way, revisits that recur, and the report of each year."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from db.models import EnterpriseMeasure, Revisit, RevisitProgramme
from desktop.domain.obligation_kind import Actor, EndKind, ObligationKind, SubjectType
from desktop.services.office import REPORT_RULE
from desktop.services.sample.acts import Acts
from desktop.services.sample.days import Days
from desktop.services.sample.duties import Duties
from desktop.services.sample.people import Crew
from desktop.services.sample.roster import Firm
from desktop.services.sample.story import Story
from desktop.services.sample.tables import Row, Tables, iso
from desktop.services.sample.words import township

CLEAN_ENOUGH = 2


class Aftermath:
    """Writes cases, revisits and reports."""

    def __init__(
        self,
        rng: random.Random,
        today: date,
        days: Days,
        tables: Tables,
        duties: Duties,
        acts: Acts,
        crew: Crew,
    ) -> None:
        self._rng = rng
        self._today = today
        self._days = days
        self._duties = duties
        self._acts = acts
        self._crew = crew
        self._words = township()["words"]
        self._programmes = tables.of(
            RevisitProgramme, "enterprise_id", "case_id", "reason", "started_on", "ended_on", "end_reason"
        )
        self._visits = tables.of(Revisit, "programme_id", "revisited_on", "officers", "is_clean", "note")
        self._measures = tables.of(
            EnterpriseMeasure, "enterprise_id", "text", "person", "set_on", "progress", "done_on", "ended_reason"
        )

    # ---- cases ---------------------------------------------------------------------------------------------

    def cases(self, story: Story, firms: Sequence[Firm], first: date) -> None:
        """Cases filed straight after an inspection or an accident: about one a year for sixty enterprises."""
        working = [firm for firm in firms if firm.is_working]
        years = (self._today - first).days / 365
        for _ in range(max(4, round(len(firms) / 60 * years))):
            on = self._days.some(self._rng, first + timedelta(days=30), self._today)
            story.case(self._rng.choice(working), min(on, self._today), self._rng.choice(self._words["case_causes"]))
        for firm in [firm for firm in working if "attr.accident" in firm.attributes][:3]:
            on = self._days.some(self._rng, first + timedelta(days=30), self._today - timedelta(days=60))
            story.case(firm, on, self._words["accident_cause"], is_accident=True)

    # ---- revisits ------------------------------------------------------------------------------------------

    def revisits(self, firms: Sequence[Firm]) -> None:
        """Programmes after cases, each as far as it has come; and two whose first visit is late and soon."""
        for case in self._acts.cases:
            started = self._days.plus(case.filed_on, 40)
            if started <= self._today and self._rng.random() < 0.75:
                self._programme(case.firm, case.row[0], started, self._rng.choice(self._words["revisit_reasons"]))
        watched = [firm for firm in firms if firm.is_key and firm.is_working]
        for ago, firm in zip((44, 25), self._rng.sample(watched, min(2, len(watched))), strict=False):
            started = self._days.on_or_before(self._today - timedelta(days=ago))
            self._programme(firm, None, started, self._words["revisit_reasons"][1], is_visited=False)

    def _programme(
        self, firm: Firm, case_id: int | None, started: date, reason: str, *, is_visited: bool = True
    ) -> None:
        row = self._programmes.add(firm.id, case_id, reason, iso(started), None, "")
        due_rule, since, clean = "revisit.first", started, 0
        while True:
            duty = self._expect(row, firm, since, due_rule)
            on = self._visit_day(since, 30 if due_rule == "revisit.first" else 90)
            if not is_visited or on > self._today - timedelta(days=8):
                return
            is_clean = self._rng.random() < 0.8
            self._visit(row, on, is_clean=is_clean)
            self._duties.end(duty, EndKind.DONE, on)
            clean = clean + 1 if is_clean else 0
            if clean == CLEAN_ENOUGH and self._let_go(row, firm, on):
                return
            due_rule, since = "revisit.second", on

    def _expect(self, row: Row, firm: Firm, since: date, rule: str) -> Row:
        return self._duties.open(
            kind=ObligationKind.REVISIT,
            title=f"回访：{firm.name}",
            subject=(SubjectType.REVISIT, row[0]),
            actor=Actor.AGENCY,
            triggered_on=since,
            due=self._duties.by_rule(rule, since),
            enterprise_id=firm.id,
        )

    def _visit_day(self, since: date, length: int) -> date:
        """Shortly before the day it is due; one in ten some days after it."""
        span = (3, 14) if self._rng.random() < 0.1 else (-12, 0)
        return self._days.on_or_before(since + timedelta(days=length + self._rng.randint(*span)))

    def _visit(self, row: Row, on: date, *, is_clean: bool) -> None:
        note = self._rng.choice(self._words["revisit_clean" if is_clean else "revisit_found"])
        self._visits.add(row[0], iso(on), self._crew.team(on).names, int(is_clean), note)

    def _let_go(self, row: Row, firm: Firm, on: date) -> bool:
        """After enough clean visits the enterprise is let go: the duty that the last visit opened is waived."""
        ended = self._days.plus(on, 2)
        if ended > self._today:
            return False
        reason = self._words["revisit_end"]
        self._duties.end(self._expect(row, firm, on, "revisit.second"), EndKind.WAIVED, ended, reason)
        self._programmes.set(row, "ended_on", iso(ended))
        self._programmes.set(row, "end_reason", reason)
        return True

    # ---- own plans -----------------------------------------------------------------------------------------

    def measures(self, firms: Sequence[Firm]) -> None:
        """一企一策 of two key enterprises: a measure that is done, one that is late, and one that lies ahead."""
        chosen = [firm for firm in firms if firm.is_key and firm.is_working][:2]
        for place, firm in enumerate(chosen):
            for measure in self._words["measures"][place * 3 : place * 3 + 3]:
                self._measure(firm, measure)

    def _measure(self, firm: Firm, measure: Mapping[str, Any]) -> None:
        set_on = self._today - timedelta(days=measure["set_days_ago"])
        done_ago = measure.get("done_days_ago")
        done_on = None if done_ago is None else self._today - timedelta(days=done_ago)
        row = self._measures.add(
            firm.id, measure["text"], measure["person"], iso(set_on), measure.get("progress", ""),
            iso(done_on) if done_on else None, "",
        )  # fmt: skip
        duty = self._duties.open(
            kind=ObligationKind.MEASURE,
            title=f"一企一策：{measure['text']}",
            subject=(SubjectType.MEASURE, row[0]),
            actor=Actor.ENTERPRISE,
            triggered_on=set_on,
            due=self._duties.on_day(self._today + timedelta(days=measure["due_in_days"])),
            enterprise_id=firm.id,
        )
        if done_on is not None:
            self._duties.end(duty, EndKind.DONE, done_on, "措施已完成")

    # ---- reports -------------------------------------------------------------------------------------------

    def reports(self, years: Sequence[int]) -> None:
        """The yearly report to the bureau: sent for past years, open for this one and the next."""
        for year in years:
            duty = self._duties.open(
                kind=ObligationKind.REPORT,
                title=f"报送 {year} 年度执法工作总结",
                subject=(SubjectType.YEAR, year),
                actor=Actor.AGENCY,
                triggered_on=date(year, 1, 1),
                due=self._duties.by_rule(REPORT_RULE, date(year, 1, 1), date(year, 12, 31)),
                set_on=min(date(year, 1, 1), self._today),
            )
            if year < self._today.year:
                sent = self._days.on_or_before(date(year, 12, self._rng.randint(15, 24)))
                self._duties.end(duty, EndKind.DONE, sent)
