"""The sample township: the same seed gives the same data, every invariant holds, and each trouble is there to be found."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import builders
import pytest
from sqlalchemy import select

from db.journal import journaled_tables
from db.models import Enterprise, FormerName
from db.store import Store
from desktop.domain.enterprise import CodeState, RiskLevel, checked
from desktop.domain.errors import Refused
from desktop.domain.hazard import HazardStatus
from desktop.domain.obligation_kind import ObligationKind
from desktop.domain.order import OrderStatus
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.domain.uscc import UsccState, classify
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.enterprises import search_words
from desktop.services.obligations import DueQuery
from desktop.services.orders import OrderDraft
from desktop.services.progress import Cancelled, Progress
from desktop.services.reinspections import ReinspectionDraft, ResultDraft
from desktop.services.sample import Sample

LATE_AUTUMN = date(2026, 11, 24)
TOWNS = [(1, LATE_AUTUMN), (2, date(2026, 3, 2)), (3, date(2027, 1, 10))]


@dataclass
class Town:
    """A filled file with its services."""

    services: Services
    today: date

    def all(self, sql: str, **values: Any) -> list[Any]:
        """The rows of a query; `:today` is known."""
        given = {"today": self.today.isoformat(), **values}
        with self.services.store.read() as session:
            return list(session.connection().exec_driver_sql(sql, given).all())

    def one(self, sql: str) -> Any:
        """The single value of a query."""
        return self.all(sql)[0][0]


def _clock(today: date) -> Clock:
    return Clock(lambda: today, lambda: datetime(today.year, today.month, today.day, 9, 30))


def _town(folder: Path, seed: int, today: date, enterprises: int = 300) -> Town:
    clock = _clock(today)
    store = builders.an_office(folder, now=clock.now)
    services = Services(store, folder, clock)
    services.sample.fill(enterprises, seed=seed)
    return Town(services, today)


@pytest.fixture(scope="module", params=TOWNS, ids=lambda town: f"seed{town[0]}-{town[1]}")
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Towns of three seeds: late in a year, early in one, and in a year whose holidays are not published."""
    seed, today = request.param
    made = _town(tmp_path_factory.mktemp("sample"), seed, today)
    yield made
    made.services.close()


@pytest.fixture
def autumn(tmp_path: Path) -> Iterator[Town]:
    """A town to work in: late November, when deadlines reach into a year nobody has published."""
    made = _town(tmp_path, 1, LATE_AUTUMN)
    yield made
    made.services.close()


def _content(store: Store) -> str:
    digest = hashlib.sha256()
    with store.read() as session:
        for table in journaled_tables():
            for row in session.connection().exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY id"):
                digest.update(repr((table.name, *row)).encode())
    return digest.hexdigest()


# ---- the same, and not the same ---------------------------------------------------------------------------------


def _content_of(folder: Path, seed: int, today: date) -> str:
    made = _town(folder, seed, today, 60)
    try:
        return _content(made.services.store)
    finally:
        made.services.close()


def test_the_same_seed_and_day_give_the_same_data(tmp_path: Path) -> None:
    """Also the bytes of every cell; another seed or another day gives other data."""
    first = _content_of(tmp_path / "a", 5, LATE_AUTUMN)
    assert _content_of(tmp_path / "b", 5, LATE_AUTUMN) == first
    assert _content_of(tmp_path / "c", 6, LATE_AUTUMN) != first
    assert _content_of(tmp_path / "d", 5, date(2026, 11, 25)) != first


def test_a_file_with_enterprises_is_refused(autumn: Town) -> None:
    """Invented firms never mix with real ones."""
    with pytest.raises(Refused) as refused:
        autumn.services.sample.fill(60)
    assert refused.value.code == "not_empty"


@pytest.mark.parametrize(("enterprises", "years"), [(29, 2), (300, 0), (300, 11), (1_000_001, 2)])
def test_sizes_that_make_no_town_are_refused(store: Store, clock: Clock, enterprises: int, years: int) -> None:
    """Before anything is written."""
    with pytest.raises(Refused) as refused:
        Sample(store, clock).fill(enterprises, years)
    assert refused.value.code == "sample_size"


def test_cancelling_leaves_the_file_empty(store: Store, clock: Clock) -> None:
    """Rows of the first enterprises are written by then, and gone again."""
    progress = Progress(lambda done, total, label: progress.cancel())
    with pytest.raises(Cancelled):
        Sample(store, clock).fill(600, progress=progress)
    with store.read() as session:
        for table in journaled_tables():
            assert session.connection().exec_driver_sql(f"SELECT COUNT(*) FROM {table.name}").scalar() == 0
    Sample(store, clock).fill(60)
    assert store.first_broken() is None


# ---- invariants -------------------------------------------------------------------------------------------------

_OPEN = (
    "(SELECT COUNT(*) FROM obligation o WHERE o.subject_type = 'hazard' AND o.subject_id = h.id "
    "AND o.ended_on IS NULL AND o.kind = '{kind}')"
)
RECTIFY, REINSPECT, FILE_CASE = (_OPEN.format(kind=kind) for kind in ("rectify", "reinspect", "file_case"))
_LAST = "(SELECT MAX(sequence) FROM obligation_due x WHERE x.obligation_id = d.obligation_id)"

NEVER = {
    "an ordered hazard has one deadline and one duty to go back": (
        f"SELECT h.id FROM hazard h WHERE h.status IN ('ordered', 'again') AND NOT ({RECTIFY} = 1 AND {REINSPECT} = 1)"
    ),
    "a hazard that is not ordered has no open duty": (
        f"SELECT h.id FROM hazard h WHERE h.status IN ('registered', 'cleared', 'void') AND {RECTIFY} + {REINSPECT} > 0"
    ),
    "an escalated hazard keeps its deadline, and nobody re-inspects it by the clock": (
        f"SELECT h.id FROM hazard h WHERE h.status = 'escalated' AND NOT ({RECTIFY} = 1 AND {REINSPECT} = 0)"
    ),
    "only what was escalated to a case is to be filed": (
        f"SELECT h.id FROM hazard h WHERE {FILE_CASE} > 0 AND NOT EXISTS "
        "(SELECT 1 FROM escalation e WHERE e.hazard_id = h.id AND e.kind = 'case')"
    ),
    "every escalation to a case has its duty to file it": (
        "SELECT e.id FROM escalation e WHERE e.kind = 'case' AND NOT EXISTS (SELECT 1 FROM obligation o "
        "WHERE o.subject_type = 'hazard' AND o.subject_id = e.hazard_id AND o.kind = 'file_case')"
    ),
    "an open proposal waits exactly for its answer": (
        "SELECT e.id FROM escalation e JOIN hazard h ON h.id = e.hazard_id WHERE e.kind <> 'case' AND "
        "(e.answered_on IS NULL AND h.status <> 'cleared') <> EXISTS (SELECT 1 FROM obligation o WHERE o.ended_on IS NULL "
        "AND o.subject_type = 'escalation' AND o.subject_id = e.id AND o.kind = 'propose')"
    ),
    "an urging is about hazards of its enterprise": (
        "SELECT u.id FROM urging u JOIN urging_hazard g ON g.urging_id = u.id JOIN hazard h ON h.id = g.hazard_id "
        "WHERE h.enterprise_id <> u.enterprise_id OR u.urged_at < h.found_on"
    ),
    "only a major hazard is supervised": (
        "SELECT s.id FROM supervision s JOIN hazard h ON h.id = s.hazard_id WHERE h.level <> 'major'"
    ),
    "an order is closed exactly when no hazard of it is open": (
        "SELECT r.id FROM rectification_order r WHERE r.status <> 'void' AND (r.status = 'closed') = EXISTS "
        "(SELECT 1 FROM hazard h WHERE h.order_id = r.id AND h.status NOT IN ('cleared', 'void'))"
    ),
    "a void order holds no hazard, any other holds one": (
        "SELECT r.id FROM rectification_order r WHERE (r.status = 'void') = EXISTS "
        "(SELECT 1 FROM hazard h WHERE h.order_id = r.id)"
    ),
    "an order is over hazards of its own enterprise": (
        "SELECT h.id FROM hazard h JOIN rectification_order r ON r.id = h.order_id WHERE h.enterprise_id <> r.enterprise_id"
    ),
    "an issued order that is not delivered has its duty to deliver": (
        "SELECT r.id FROM rectification_order r WHERE (r.status = 'issued') <> EXISTS (SELECT 1 FROM obligation o "
        "WHERE o.kind = 'deliver' AND o.subject_id = r.id AND o.ended_on IS NULL)"
    ),
    "a deadline ends on the day the hazard is cleared": (
        "SELECT h.id FROM hazard h JOIN obligation o ON o.subject_type = 'hazard' AND o.subject_id = h.id "
        "WHERE h.status = 'cleared' AND o.kind = 'rectify' AND o.end_kind <> 'void' AND o.ended_on <> h.cleared_on"
    ),
    "what was cleared under an order was cleared by a re-inspection of that day": (
        "SELECT h.id FROM hazard h WHERE h.status = 'cleared' AND h.order_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM reinspection_result x JOIN reinspection r ON r.id = x.reinspection_id "
        "WHERE x.hazard_id = h.id AND x.outcome = 'cleared' AND r.reinspected_on = h.cleared_on)"
    ),
    "rounds come after the order": (
        "SELECT x.id FROM reinspection_result x JOIN reinspection r ON r.id = x.reinspection_id "
        "JOIN hazard h ON h.id = x.hazard_id JOIN rectification_order o ON o.id = h.order_id "
        "WHERE r.reinspected_on <= o.issued_on"
    ),
    "an item of the plan is open exactly while its duty is": (
        "SELECT p.id FROM plan_item p WHERE (SELECT COUNT(*) FROM obligation o WHERE o.subject_type = 'plan_item' "
        "AND o.subject_id = p.id AND o.ended_on IS NULL) <> (p.cancelled_on IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM inspection i WHERE i.plan_item_id = p.id AND i.status = 'done'))"
    ),
    "an item is inspected once at most": (
        "SELECT plan_item_id FROM inspection WHERE status = 'done' AND plan_item_id IS NOT NULL GROUP BY 1 HAVING COUNT(*) > 1"
    ),
    "an item stands in the month and year of its day": (
        "SELECT id FROM plan_item WHERE planned_on IS NOT NULL AND strftime('%Y', planned_on) + 0 <> year "
        "OR strftime('%m', planned_on) + 0 <> month"
    ),
    "two with valid cards went to every inspection": (
        "SELECT i.id FROM inspection i WHERE i.status = 'done' AND (SELECT COUNT(*) FROM inspection_officer m "
        "JOIN officer_certificate c ON c.officer_id = m.officer_id AND c.number = m.certificate_number "
        "WHERE m.inspection_id = i.id AND m.role <> 'helper' AND i.inspected_on BETWEEN c.issued_on AND c.valid_until) <> 2"
    ),
    "two with valid cards went to every re-inspection": (
        "SELECT r.id FROM reinspection r WHERE (SELECT COUNT(*) FROM reinspection_officer m JOIN officer_certificate c "
        "ON c.officer_id = m.officer_id AND c.number = m.certificate_number WHERE m.reinspection_id = r.id "
        "AND r.reinspected_on BETWEEN c.issued_on AND c.valid_until) <> 2"
    ),
    "open work is nobody's whose card has run out": (
        "SELECT o.id FROM obligation o WHERE o.kind = 'inspect' AND o.ended_on IS NULL AND o.triggered_on > :today AND NOT "
        "EXISTS (SELECT 1 FROM officer_certificate c WHERE c.officer_id = o.officer_id AND c.valid_until >= :today)"
    ),
    "a chain counts 1, 2, 3": (
        "SELECT obligation_id FROM obligation_due GROUP BY 1 HAVING MIN(sequence) <> 1 OR MAX(sequence) <> COUNT(*)"
    ),
    "every obligation has a chain": (
        "SELECT id FROM obligation WHERE id NOT IN (SELECT obligation_id FROM obligation_due)"
    ),
    "an extension moves the deadline to the day that was granted": (
        "SELECT e.id FROM extension e WHERE e.is_granted AND NOT EXISTS (SELECT 1 FROM obligation o "
        "JOIN obligation_due d ON d.obligation_id = o.id WHERE o.kind = 'rectify' AND o.subject_id = e.hazard_id "
        "AND d.due_on = e.granted_due_on AND d.set_on = e.decided_on AND d.approver <> '' AND d.sequence > 1)"
    ),
    "an application is answered exactly when its duty has ended": (
        "SELECT e.id FROM extension e WHERE (e.decided_on IS NULL) <> EXISTS (SELECT 1 FROM obligation o "
        "WHERE o.subject_type = 'extension' AND o.subject_id = e.id AND o.ended_on IS NULL)"
    ),
    "an application comes before the deadline it wants moved": (
        "SELECT e.id FROM extension e JOIN obligation o ON o.kind = 'rectify' AND o.subject_id = e.hazard_id "
        "AND o.end_kind IS NOT 'void' JOIN obligation_due d ON d.obligation_id = o.id AND d.sequence = 1 "
        "WHERE e.applied_on > d.due_on"
    ),
    "a permit in force has one open duty, any other none": (
        "SELECT p.id FROM permit p JOIN enterprise e ON e.id = p.enterprise_id WHERE (SELECT COUNT(*) FROM obligation o "
        "WHERE o.subject_type = 'permit' AND o.subject_id = p.id AND o.ended_on IS NULL) "
        "<> (p.archived_on IS NULL AND e.archived_on IS NULL)"
    ),
    "a permit is due on its last day": (
        "SELECT p.id FROM permit p JOIN obligation o ON o.subject_type = 'permit' AND o.subject_id = p.id "
        f"JOIN obligation_due d ON d.obligation_id = o.id AND d.sequence = {_LAST} WHERE d.due_on <> p.valid_until"
    ),
    "an officer with cards has one open duty to renew": (
        "SELECT f.id FROM officer f WHERE (SELECT COUNT(*) FROM obligation o WHERE o.subject_type = 'officer' "
        "AND o.subject_id = f.id AND o.ended_on IS NULL) <> (1 - f.is_helper)"
    ),
    "a revisit is due exactly while the programme runs": (
        "SELECT p.id FROM revisit_programme p WHERE (SELECT COUNT(*) FROM obligation o "
        "WHERE o.subject_type = 'revisit_programme' AND o.subject_id = p.id AND o.ended_on IS NULL) <> (p.ended_on IS NULL)"
    ),
    "nothing is inspected at a closed or archived enterprise today": (
        "SELECT p.id FROM plan_item p JOIN enterprise e ON e.id = p.enterprise_id "
        "WHERE e.status <> 'operating' OR e.archived_on IS NOT NULL"
    ),
    "no two enterprises have the same name": "SELECT name_key FROM enterprise GROUP BY 1 HAVING COUNT(*) > 1",
    "a fine is decided": "SELECT id FROM penalty_case WHERE (fine_fen IS NULL) <> (decided_on IS NULL)",
    "no number is given twice": (
        "SELECT number FROM (SELECT number FROM rectification_order UNION ALL SELECT document_number FROM inspection "
        "WHERE status = 'done' UNION ALL SELECT document_number FROM reinspection UNION ALL SELECT number FROM penalty_case) "
        "GROUP BY 1 HAVING COUNT(*) > 1 OR number = ''"
    ),
}


@pytest.mark.parametrize("rule", NEVER)
def test_an_invariant_holds(town: Town, rule: str) -> None:
    """Each query looks for what must never be."""
    assert town.all(NEVER[rule]) == []


def test_the_file_is_sound(town: Town) -> None:
    """Foreign keys, pages, journal and full-text index."""
    assert town.all("PRAGMA foreign_key_check") == []
    assert town.one("PRAGMA integrity_check") == "ok"
    assert town.services.store.first_broken() is None
    name = town.one("SELECT name FROM enterprise ORDER BY id LIMIT 1")
    assert [found.name for found in town.services.roster.find(name)] == [name]


def test_the_data_check_up_finds_nothing(town: Town) -> None:
    """The program's own check-up, written without a look at the sample, is content with it."""
    assert town.services.data_check.run() == []


_DAYS = {
    "inspection": ("inspected_on", "approved_on"),
    "hazard": ("found_on", "cleared_on"),
    "rectification_order": ("issued_on", "delivered_on"),
    "extension": ("applied_on", "decided_on"),
    "reinspection_request": ("received_on",),
    "reinspection": ("reinspected_on",),
    "escalation": ("escalated_on", "answered_on"),
    "supervision": ("listed_on", "published_on"),
    "revisit_programme": ("started_on", "ended_on"),
    "revisit": ("revisited_on",),
    "penalty_case": ("filed_on", "decided_on", "closed_on"),
    "obligation": ("ended_on",),
    "obligation_due": ("set_on",),
    "plan_item": ("cancelled_on",),
}


@pytest.mark.parametrize("table", _DAYS)
def test_nothing_has_happened_after_today(town: Town, table: str) -> None:
    """The future holds only what is due."""
    for column in _DAYS[table]:
        assert town.all(f"SELECT id, {column} FROM {table} WHERE {column} > :today") == []


@pytest.mark.parametrize(
    ("table", "column"),
    [("inspection", "inspected_on"), ("reinspection", "reinspected_on"), ("plan_item", "planned_on")],
)
def test_the_office_works_on_working_days(town: Town, table: str, column: str) -> None:
    """Make-up Saturdays count, holidays do not."""
    calendar = town.services.calendars.calendar()
    days = town.all(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")
    assert [day for (day,) in days if not calendar.is_workday(date.fromisoformat(day))] == []


def test_due_dates_are_those_of_the_rules(town: Town) -> None:
    """Every first link of a duty that follows a rule is worked out again, by the law of the day it was set."""
    rows = town.all(
        "SELECT o.kind, o.rule, o.triggered_on, d.set_on, d.raw_on, d.due_on, d.plan_on, d.is_provisional FROM obligation o "
        "JOIN obligation_due d ON d.obligation_id = o.id AND d.sequence = 1 "
        "WHERE o.kind IN ('reinspect', 'extension_reply', 'file_case', 'revisit')"
    )
    assert len(rows) > 100
    for _, rule, triggered_on, set_on, raw_on, due_on, plan_on, is_provisional in rows:
        found = town.services.obligations.due_by_rule(
            rule, date.fromisoformat(triggered_on), date.fromisoformat(set_on)
        )
        assert (raw_on, due_on, plan_on) == tuple(
            day.isoformat() for day in (found.raw_on, found.due_on, found.plan_on)
        )
        assert (bool(is_provisional), rule) == (found.is_provisional, found.rule)


# ---- the roster -------------------------------------------------------------------------------------------------


def test_codes_are_what_they_are_said_to_be(town: Town) -> None:
    """They validate, or are kept as misprinted, or are old numbers; all are of series never issued."""
    states = {CodeState.VALID: UsccState.VALID, CodeState.KEPT: UsccState.CHECK_DIGIT_FAILED}
    for uscc, legacy, state in town.all("SELECT uscc, legacy_code, code_state FROM enterprise"):
        if state in states:
            found = classify(uscc)
            assert (found.state, uscc[2:9]) == (states[state], "320681Y")
            assert state == CodeState.KEPT or not found.organisation_doubt
        else:
            assert uscc is None
            assert (legacy is not None) == (state == CodeState.LEGACY)
        assert legacy is None or classify(legacy).state is UsccState.LEGACY
    assert {row[0] for row in town.all("SELECT DISTINCT code_state FROM enterprise")} == set(CodeState)


def test_every_record_could_have_been_typed_in(town: Town) -> None:
    """Sectors, attributes, phones and dates pass the same check as a clerk's; keys and classification agree with it."""
    services = town.services
    with services.store.read() as session:
        for record in session.scalars(select(Enterprise)).all():
            detail = services.enterprises.detail(record.id)
            draft = replace(detail.draft, keeps_code=record.code_state is CodeState.KEPT)
            again = checked(draft, services.catalogue.choices, town.today)
            assert (again.draft, again.code_state) == (draft, record.code_state)
            assert detail.classification.is_key == record.is_key
            former = session.scalars(select(FormerName.name).where(FormerName.enterprise_id == record.id)).all()
            assert record.search_text == search_words(record, former)


def test_two_enterprises_have_a_plan_of_their_own_with_a_measure_that_is_late(town: Town) -> None:
    rows = town.services.measures.rows()
    assert len({row.enterprise_id for row in rows}) == 2
    assert [sum(row.done_on is not None for row in rows), sum(row.is_overdue for row in rows)] == [2, 1]
    assert all(row.done_on is None or row.done_on <= town.today for row in rows)


def test_permits_are_of_kinds_that_the_catalogue_knows(town: Town) -> None:
    """And run out after they were given."""
    kinds = {row[0] for row in town.all("SELECT DISTINCT kind FROM permit")}
    assert kinds <= set(town.services.catalogue.permit_kinds)
    trades = {row[0] for row in town.all("SELECT DISTINCT trade FROM permit WHERE trade <> ''")}
    assert trades <= set(town.services.catalogue.trades)
    assert town.all("SELECT id FROM permit WHERE valid_until <= issued_on") == []


def test_shares_are_those_of_a_township(town: Town) -> None:
    """Grades, sectors, people, results: within what one expects."""
    levels = dict(town.all("SELECT risk_level, COUNT(*) FROM enterprise GROUP BY 1"))
    assert levels == {RiskLevel.RED: 12, RiskLevel.ORANGE: 36, RiskLevel.YELLOW: 105, RiskLevel.BLUE: 147}
    assert 35 <= town.one("SELECT SUM(is_key) FROM enterprise") <= 90
    assert town.one("SELECT COUNT(DISTINCT sector) FROM enterprise") >= 20
    sectors = dict(town.all("SELECT sector, COUNT(*) FROM enterprise GROUP BY 1"))
    assert max(sectors, key=lambda sector: sectors[sector]) == "sector.gm.jx"
    assert 250 <= town.one("SELECT SUM(status = 'operating') FROM enterprise") <= 295
    assert 20 <= town.one("SELECT AVG(employees) FROM enterprise") <= 60
    majors, hazards = town.all("SELECT SUM(level = 'major'), COUNT(*) FROM hazard")[0]
    assert 0.01 <= majors / hazards <= 0.06
    cleared, ordered = town.all("SELECT SUM(status = 'cleared'), COUNT(*) FROM hazard WHERE order_id IS NOT NULL")[0]
    assert 0.75 <= cleared / ordered <= 0.97


def test_enforcement_goes_where_the_notice_wants_it(autumn: Town) -> None:
    """This year's share on key targets is above the floor, last year's was below."""
    now = autumn.services.figures.key_share_done(2026)
    before = autumn.services.figures.key_share_done(2025)
    assert now.share is not None
    assert before.share is not None
    assert before.share < 0.8 < now.share < 0.95


def test_no_enterprise_is_inspected_beyond_its_cap(town: Town) -> None:
    """The sample is an example; it keeps to 应急〔2025〕11号."""
    for (enterprise_id,) in town.all("SELECT DISTINCT enterprise_id FROM inspection"):
        meter = town.services.enterprises.cap(enterprise_id)
        assert meter.cap is None or meter.counted <= meter.cap


# ---- troubles ---------------------------------------------------------------------------------------------------

_DUE = (
    "SELECT COUNT(*) FROM obligation o JOIN obligation_due d ON d.obligation_id = o.id "
    f"AND d.sequence = {_LAST} WHERE o.ended_on IS NULL AND o.kind = "
)
TROUBLES = {
    "a late inspection": f"{_DUE} 'inspect' AND d.due_on < :today",
    "a late rectification": f"{_DUE} 'rectify' AND d.due_on < :today",
    "a rectification due today or before the weekend": f"{_DUE} 'rectify' AND d.due_on BETWEEN :today AND date(:today, '6 days')",
    "a late re-inspection": f"{_DUE} 'reinspect' AND d.due_on < :today",
    "an order that was not delivered": f"{_DUE} 'deliver'",
    "an application without an answer": f"{_DUE} 'extension_reply'",
    "a case to be filed": f"{_DUE} 'file_case'",
    "a late revisit": f"{_DUE} 'revisit' AND d.due_on < :today",
    "a revisit to come": f"{_DUE} 'revisit' AND d.due_on >= :today",
    "a permit that ran out": f"{_DUE} 'permit' AND d.due_on < :today",
    "a permit that runs out soon": f"{_DUE} 'permit' AND d.due_on BETWEEN :today AND date(:today, '60 days')",
    "a card that ran out": f"{_DUE} 'certificate' AND d.due_on < :today",
    "a card that runs out soon": f"{_DUE} 'certificate' AND d.due_on BETWEEN :today AND date(:today, '90 days')",
    "a report to be sent": f"{_DUE} 'report'",
    "an open deadline that was extended": f"{_DUE} 'rectify' AND d.sequence > 1 AND d.approver <> ''",
    "an extension that was refused": "SELECT COUNT(*) FROM extension WHERE is_granted = 0",
    "a wish to be re-inspected early": "SELECT COUNT(*) FROM reinspection_request",
    "a hazard without an order": "SELECT COUNT(*) FROM hazard WHERE status = 'registered'",
    "a hazard that failed once": "SELECT COUNT(*) FROM hazard WHERE status = 'again'",
    "a hazard that was escalated": "SELECT COUNT(*) FROM hazard WHERE status = 'escalated'",
    "an open major hazard": "SELECT COUNT(*) FROM hazard WHERE level = 'major' AND status NOT IN ('cleared', 'void')",
    "a hazard put right on the spot": "SELECT COUNT(*) FROM hazard WHERE status = 'cleared' AND order_id IS NULL",
    "a hazard cleared in the second round": (
        "SELECT COUNT(*) FROM hazard h WHERE h.status = 'cleared' AND (SELECT COUNT(*) FROM reinspection_result x "
        "WHERE x.hazard_id = h.id) > 1"
    ),
    "a void order": "SELECT COUNT(*) FROM rectification_order WHERE status = 'void'",
    "a cancelled item of the plan": "SELECT COUNT(*) FROM plan_item WHERE cancelled_on IS NOT NULL AND cancel_reason <> ''",
    "a moved item of the plan": "SELECT COUNT(*) FROM obligation_due WHERE reason = '改期'",
    "an inspection in the calendar": "SELECT COUNT(*) FROM inspection WHERE status = 'planned'",
    "an inspection under way": "SELECT COUNT(*) FROM inspection WHERE status = 'under_way'",
    "a tip that was followed": "SELECT COUNT(*) FROM inspection WHERE origin = 'tip' AND status = 'done'",
    "an expert who came along": "SELECT COUNT(*) FROM inspection_expert",
    "a case of before any accident": "SELECT COUNT(*) FROM penalty_case WHERE NOT is_accident AND fine_fen > 0",
    "an urging that was answered": "SELECT COUNT(*) FROM urging WHERE answer <> ''",
    "an urging without an answer": "SELECT COUNT(*) FROM urging WHERE answer = ''",
    "a supervised hazard that lacks something": (
        "SELECT COUNT(*) FROM supervision WHERE delisted_on IS NULL AND contingency = '' AND measures <> ''"
    ),
    "a supervision with its deadline": f"{_DUE} 'supervise' AND d.due_on > :today",
    "a case under way": "SELECT COUNT(*) FROM penalty_case WHERE closed_on IS NULL",
    "an enterprise that was let go": "SELECT COUNT(*) FROM revisit_programme WHERE ended_on IS NOT NULL",
    "a suspended enterprise": "SELECT COUNT(*) FROM enterprise WHERE status = 'suspended'",
    "an archived enterprise": "SELECT COUNT(*) FROM enterprise WHERE archived_on IS NOT NULL",
    "a former name": "SELECT COUNT(*) FROM former_name",
    "a founding day known by its year": "SELECT COUNT(*) FROM enterprise WHERE LENGTH(established_on) = 4",
    "a day in a year not published": "SELECT COUNT(*) FROM obligation_due WHERE is_provisional",
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_some_of_every_trouble_is_there(town: Town, trouble: str) -> None:
    """Whatever the seed and the season."""
    assert town.one(TROUBLES[trouble]) > 0


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 2, 17), date(2026, 7, 4), date(2026, 12, 31)])
def test_a_small_town_stands_on_any_day(tmp_path: Path, today: date) -> None:
    """Holidays, weekends, the turn of the year: thirty enterprises are enough for the invariants and the scenes."""
    made = _town(tmp_path, 7, today, 30)
    try:
        assert [rule for rule, sql in NEVER.items() if made.all(sql)] == []
        for status in (HazardStatus.REGISTERED, HazardStatus.ORDERED, HazardStatus.AGAIN, HazardStatus.ESCALATED):
            assert made.one(f"SELECT COUNT(*) FROM hazard WHERE status = '{status.value}'") > 0
    finally:
        made.services.close()


# ---- the services take over -------------------------------------------------------------------------------------


def test_deadlines_near_the_end_of_the_year_are_provisional(autumn: Town) -> None:
    """Going back in January: nobody knows the holidays of 2027 in November."""
    late = [item for item in autumn.services.obligations.due(DueQuery()) if item.kind is ObligationKind.REINSPECT]
    assert any(item.is_provisional and item.due_on.year == 2027 for item in late)


def test_the_chain_goes_on_where_the_sample_stops(autumn: Town) -> None:
    """An order of the sample is delivered, its hazards cleared, and it closes; a new one gets the next number."""
    services = autumn.services
    order = services.orders.rows(statuses=frozenset({OrderStatus.ISSUED}))[0]
    services.orders.deliver(order.id, autumn.today, "王某")
    hazards = autumn.all(f"SELECT id FROM hazard WHERE order_id = {order.id}")
    results = tuple(ResultDraft(row[0], ReinspectionOutcome.CLEARED) for row in hazards)
    acting = tuple(choice.id for choice in services.officers.choices(autumn.today) if choice.may_act)[:2]
    services.reinspections.record(ReinspectionDraft(order.enterprise_id, autumn.today, acting, results))
    assert services.orders.row(order.id).status is OrderStatus.CLOSED
    waiting, owner = autumn.all("SELECT id, enterprise_id FROM hazard WHERE status = 'registered'")[0]
    last = autumn.one("SELECT last FROM number_sequence WHERE form = 'order' AND year = 2026")
    made = services.orders.issue(OrderDraft(owner, ((waiting, date(2026, 12, 8)),), autumn.today, autumn.today))
    assert services.orders.row(made).number == f"苏启惠应急责改〔2026〕{last + 1}号"


def test_the_yearly_reports_are_in_their_place(autumn: Town) -> None:
    """Sent for last year, open for this one and the next: opening the office adds none."""
    assert autumn.services.offices.ensure_standing() == 0
    rows = autumn.all("SELECT subject_id, ended_on IS NULL FROM obligation WHERE kind = 'report' ORDER BY 1")
    assert rows == [(2025, 0), (2026, 1), (2027, 1)]


def test_a_sample_is_made_in_a_moment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The time is printed, not judged: the machine is not ours alone."""
    start = time.perf_counter()
    made = _town(tmp_path, 1, LATE_AUTUMN)
    spent = time.perf_counter() - start
    count = made.one("SELECT COUNT(*) FROM enterprise")
    made.services.close()
    with capsys.disabled():
        print(f"\n示例镇 {count} 家企业：{spent:.2f} 秒")  # noqa: T201 (a figure for whoever runs the tests)
    assert count == 300
