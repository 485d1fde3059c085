"""Puts the sample together: who there is, what was planned, what came of it, what is open today.

Everything follows from the seed, the number of enterprises and years, and the business date; the time of day and the
machine have no part in it.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from types import MappingProxyType

from db.store import Store
from desktop.domain.errors import Refused
from desktop.services.catalogue import Catalogue
from desktop.services.clock import Clock
from desktop.services.obligations import Obligations
from desktop.services.progress import Progress
from desktop.services.rules import key_targets, rule_book, shipped_calendar
from desktop.services.sample.acts import Acts, Item
from desktop.services.sample.aftermath import Aftermath
from desktop.services.sample.days import Days
from desktop.services.sample.duties import Duties
from desktop.services.sample.people import Crew, write_office, write_people
from desktop.services.sample.plan import YearPlans
from desktop.services.sample.roster import Firm, Roster
from desktop.services.sample.scenes import Scenes
from desktop.services.sample.story import Appointment, Story
from desktop.services.sample.tables import Tables
from desktop.services.sample.words import township

FEWEST, MOST = 30, 1_000_000
MOST_YEARS = 10
STEP = 500
UNPLANNED_SHARE = 0.08
TITLE = "生成示例镇"


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made: the arguments, and how many rows each table got."""

    enterprises: int
    years: int
    seed: int
    first_on: date
    rows: Mapping[str, int]


class Sample:
    """Fills a new, empty office file with the invented township 惠萍镇."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def fill(self, enterprises: int = 300, years: int = 2, seed: int = 1, progress: Progress | None = None) -> Filled:
        """Make the township as of the business date. Refused where the file holds enterprises already.

        The work begins on 1 January: of this year less `years` - 1 when half of this year has passed, else a year
        earlier. Cancelling through `progress` leaves the file empty.
        """
        if not (FEWEST <= enterprises <= MOST and 1 <= years <= MOST_YEARS):
            raise Refused("sample_size", fewest=FEWEST, most=MOST, years=MOST_YEARS)
        today = self._clock.today()
        reported = progress or Progress()
        making = _Making(self._store, self._clock, today, enterprises, years, seed, reported)
        with self._store.fill(TITLE) as session:
            raw = session.connection().connection.driver_connection
            assert raw is not None
            for tables in making.all():
                tables.write(raw, reported)
        return Filled(enterprises, years, seed, making.first, MappingProxyType(making.tables.counts()))


def first_day(today: date, years: int) -> date:
    """The first of January from which `years` years of work are told up to `today`."""
    return date((today - timedelta(days=183)).year - years + 1, 1, 1)


class _Making:
    """One sample in the making; `all` yields whenever rows should be written."""

    def __init__(
        self, store: Store, clock: Clock, today: date, count: int, years: int, seed: int, progress: Progress
    ) -> None:
        self.first = first_day(today, years)
        self.tables = Tables()
        self._today = today
        self._count = count
        self._progress = progress
        self._facts = {"enterprises": count, "years": years, "seed": seed, "on": today.isoformat()}
        self._rng = random.Random(f"{seed}/{count}/{years}")
        self._permit_kinds = Catalogue(store.glance).permit_kinds
        obligations = Obligations(store, clock, rule_book(), shipped_calendar)
        self._duties = Duties(self.tables, obligations, self._permit_kinds)
        last = today + timedelta(days=400)
        self._days = Days(shipped_calendar(), self.first - timedelta(days=30), last)

    def all(self) -> Iterator[Tables]:
        """Everything, in chunks."""
        write_office(self.tables, self.first, self._facts)
        crew = write_people(self._rng, self.tables, self._duties, self._today)
        roster = Roster(self._rng, self._today, self.tables, self._duties, key_targets(), self._permit_kinds)
        firms = roster.invent(self._count)
        for done, firm in enumerate(firms, start=1):
            roster.write(firm)
            if done % STEP == 0 or done == self._count:
                self._progress.step(done, self._count, "生成企业名册")
                yield self.tables
        self._work(firms, crew)
        yield self.tables

    def _work(self, firms: Sequence[Firm], crew: Crew) -> None:
        rng, today, days = self._rng, self._today, self._days
        office = township()["office"]
        acts = Acts(self.tables, self._duties, f"{office['prefix']}{office['short_name']}")
        story = Story(rng, today, days, acts, crew)
        years = range(self.first.year, today.year + 1)
        items = self._plans(YearPlans(rng, today, days, acts, crew, firms), years)
        scenes = Scenes(rng, today, days, acts, crew, story, firms)
        self._visits(story, scenes, items, firms)
        aftermath = Aftermath(rng, today, days, self.tables, self._duties, acts, crew)
        aftermath.cases(story, firms, self.first)
        aftermath.revisits(firms)
        aftermath.measures(firms)
        aftermath.reports(range(years.start, years.stop + 1))
        acts.settle()
        acts.close_books()

    def _plans(self, plans: YearPlans, years: range) -> list[Item]:
        items = [item for year in years for item in plans.year(year)]
        items.extend(plans.ahead(self._today.year + 1))
        return items

    def _visits(self, story: Story, scenes: Scenes, items: Sequence[Item], firms: Sequence[Firm]) -> None:
        """Every visit in the order of its day, so that documents are numbered as they were made."""
        planned = [found for item in items if (found := story.appointment(item)) is not None]
        extra = round(len(planned) * UNPLANNED_SHARE)
        planned.extend(story.unplanned(firms, extra, self.first + timedelta(days=14)))
        acts: list[tuple[date, Callable[[], None]]] = [(each.on, partial(_visit, story, each)) for each in planned]
        acts.extend(scenes.appointments())
        acts.sort(key=lambda act: act[0])
        for done, (_, act) in enumerate(acts, start=1):
            act()
            if done % STEP == 0 or done == len(acts):
                self._progress.step(done, len(acts), "生成检查和整改记录")
        scenes.calendar()


def _visit(story: Story, appointment: Appointment) -> None:
    story.follow(story.visit(appointment))
