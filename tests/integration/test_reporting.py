"""The year as the office sees it: figures with their rows, what is missing, the words, and what was sent."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import year_office
from sqlalchemy import select

from db.models import (
    Enterprise,
    Hazard,
    InspectionOfficer,
    Obligation,
    ObligationDue,
    Office,
    PenaltyCase,
    PlanItem,
    RectificationOrder,
    Submission,
)
from db.store import Store
from desktop.domain.errors import Refused
from desktop.domain.hazard import HazardLevel, HazardStatus
from desktop.domain.plan import PlanKind
from desktop.services.preflight import PreflightItem, Severity
from desktop.services.progress import Cancelled, Progress
from desktop.services.reporting import Reporting
from desktop.text import sentence

YEAR = year_office.YEAR


@pytest.fixture
def township(tmp_path: Path) -> Iterator[Store]:
    """A copy of the sample township."""
    store = year_office.a_copy(tmp_path)
    yield store
    store.close()


@pytest.fixture
def reporting(township: Store) -> Reporting:
    """The service over it."""
    return Reporting(township, year_office.a_clock())


def figure(reporting: Reporting, code: str, cut_off: date | None = None) -> int:
    return next(row.numerator for row in reporting.figures(YEAR, cut_off) if (row.code, row.part) == (code, ""))


def items(reporting: Reporting) -> dict[str, PreflightItem]:
    return {item.code: item for item in reporting.preflight(YEAR)}


# ---- cut-off ---------------------------------------------------------------------------------------------------


def test_the_cut_off_is_december_20_or_today_while_that_is_earlier(township: Store) -> None:
    assert Reporting(township, year_office.a_clock(date(2026, 12, 28))).cut_off(2026) == date(2026, 12, 20)
    assert Reporting(township, year_office.a_clock(date(2026, 11, 22))).cut_off(2026) == date(2026, 11, 22)
    assert Reporting(township, year_office.a_clock(date(2027, 1, 5))).cut_off(2026) == date(2026, 12, 20)
    assert Reporting(township, year_office.a_clock(date(2027, 1, 5))).cut_off(2026, date(2026, 12, 31)) == date(
        2026, 12, 31
    )


@pytest.mark.parametrize(
    ("wanted", "code"), [(date(2025, 12, 20), "cut_off_outside"), (date(2026, 12, 20), "cut_off_future")]
)
def test_a_cut_off_that_cannot_be_is_refused(reporting: Reporting, wanted: date, code: str) -> None:
    with pytest.raises(Refused) as caught:
        reporting.content(YEAR, wanted)
    assert caught.value.code == code
    assert "截止日期" in sentence(caught.value)


def test_what_happened_after_the_cut_off_is_not_told(township: Store, reporting: Reporting) -> None:
    cut = date(2026, 6, 30)
    with township.read() as session:
        later = session.scalars(select(Hazard).where(Hazard.found_on <= cut, Hazard.cleared_on > cut)).all()
        ids = {hazard.id for hazard in later}
    assert ids, "the sample has hazards cleared after the half year"
    records = reporting.content(YEAR, cut).records
    told = {row["id"]: row for row in records["hazards"]}
    assert all(told[number]["cleared_on"] is None and told[number]["status"] != "cleared" for number in ids)
    assert all(row["inspected_on"] is None or row["inspected_on"] <= "2026-06-30" for row in records["inspections"])
    assert all(row["ended_on"] is None or row["ended_on"] <= "2026-06-30" for row in records["obligations"])
    assert figure(reporting, "inspections", cut) < figure(reporting, "inspections")


def test_a_package_of_an_old_cut_off_is_the_same_after_later_work(township: Store, tmp_path: Path) -> None:
    """Work that goes on after the cut-off does not change what the cut-off said, but for the journal's head."""
    cut = date(2026, 6, 30)
    before = Reporting(township, year_office.a_clock()).content(YEAR, cut).csv_files
    with township.write("销号") as session:
        hazard = session.scalars(select(Hazard).where(Hazard.status == HazardStatus.ORDERED)).first()
        assert hazard is not None
        hazard.status, hazard.cleared_on = HazardStatus.CLEARED, date(2026, 11, 21)
    assert Reporting(township, year_office.a_clock()).content(YEAR, cut).csv_files == before


# ---- figures ---------------------------------------------------------------------------------------------------


def test_every_figure_opens_the_rows_it_counts(township: Store, reporting: Reporting) -> None:
    tables = {"hazards": "hazard", "inspections": "inspection", "cases": "penalty_case", "enterprises": "enterprise"}
    rows = [
        row
        for row in reporting.figures(YEAR)
        if row.table in tables and row.unit != "万元" and "average" not in row.code
    ]
    assert len(rows) > 100
    with township.read() as session:
        for row in rows:
            if "ratio" in row.code or row.code == "fines_pre_share":
                continue
            assert len(row.rows) == row.numerator, row.code
            known = session.connection().exec_driver_sql(f"SELECT id FROM {tables[row.table]}").scalars().all()
            assert set(row.rows) | set(row.base) <= set(known)


def test_the_figures_agree_with_those_of_the_workbench(township: Store, reporting: Reporting) -> None:
    from desktop.services.figures import Figures
    from desktop.services.rules import rule_book

    year_end = {row.code: row for row in reporting.figures(YEAR) if row.part == ""}
    bench = {card.code: card for card in Figures(township, year_office.a_clock(), rule_book()).cards(YEAR)}
    pairs = (
        ("plan_completion", "plan_completion"),
        ("share_inspections", "key_share"),
        ("rectification_rate", "rectification_rate"),
        ("timely_reinspection", "timely_reinspection"),
    )
    for ours, theirs in pairs:
        assert (year_end[ours].numerator, year_end[ours].denominator) == (bench[theirs].part, bench[theirs].whole), ours
    assert year_end["majors_open"].numerator == bench["open_majors"].part


def test_an_empty_office_has_a_report_of_dashes(store: Store) -> None:
    reporting = Reporting(store, year_office.a_clock())
    assert all(row.numerator == 0 for row in reporting.figures(YEAR))
    assert reporting.preview(YEAR)
    codes = {item.code for item in reporting.preflight(YEAR)}
    assert "office_incomplete" in codes
    with pytest.raises(Refused, match="no_office"):
        reporting.export(YEAR, Path("unused.zip"))


# ---- preflight -------------------------------------------------------------------------------------------------


def test_overdue_items_want_a_word_and_the_report_prints_it(township: Store, reporting: Reporting) -> None:
    item = items(reporting)["overdue_unexplained"]
    assert (item.severity, item.page) == (Severity.ERROR, "workbench")
    assert item.count == figure(reporting, "overdue") == len(item.ids)
    for number in item.ids:
        reporting.explain(YEAR, number, "企业停产待修")
    assert "overdue_unexplained" not in items(reporting)
    texts = [cell.text for block in reporting.preview(YEAR) for row in getattr(block, "rows", ()) for cell in row]
    assert "企业停产待修" in texts
    reporting.explain(YEAR, item.ids[0], "")
    assert items(reporting)["overdue_unexplained"].ids == (item.ids[0],)


def test_what_is_wrong_in_the_records_is_named(township: Store, reporting: Reporting) -> None:
    before = items(reporting)
    with township.write("弄坏") as session:
        done = {row["id"] for row in reporting.content(YEAR).look.inspections}
        crew = session.scalars(select(InspectionOfficer).where(InspectionOfficer.inspection_id.in_(done))).all()
        victim = crew[0].inspection_id
        for each in crew:
            if each.inspection_id == victim:
                session.delete(each)
        session.add(Hazard(enterprise_id=1, found_on=date(2026, 5, 5), description="临时线", level=HazardLevel.GENERAL))
        session.add(
            Hazard(
                enterprise_id=1,
                found_on=date(2026, 5, 5),
                description="旧账",
                level=HazardLevel.GENERAL,
                status=HazardStatus.CLEARED,
            )
        )
        session.add(PenaltyCase(enterprise_id=1, cause="无日期"))
        session.add(PlanItem(year=YEAR, month=1, enterprise_id=1, kind=PlanKind.GENERAL))
        firm = session.get_one(Enterprise, 1)
        firm.uscc, firm.is_key = None, not firm.is_key
        session.query(Office).one().bureau = ""
    after = items(reporting)

    def grew(code: str) -> bool:
        return after[code].count == (before[code].count if code in before else 0) + 1

    for code in (
        "inspection_few_officers",
        "hazard_without_deadline",
        "cleared_without_day",
        "case_undated",
        "plan_undone",
        "uscc_missing",
        "key_mark",
    ):
        assert grew(code), code
    assert victim in after["inspection_few_officers"].ids
    assert after["office_incomplete"].text == "单位资料里还没有报送的市局名称。"
    order = list(Severity)
    ranks = [order.index(item.severity) for item in reporting.preflight(YEAR)]
    assert ranks == sorted(ranks), "the gravest first"


def test_provisional_dates_and_unconfirmed_rules_are_named(township: Store, reporting: Reporting) -> None:
    with township.write("下达") as session:
        duty = session.scalars(select(Obligation).where(Obligation.ended_on.is_(None))).first()
        assert duty is not None
        session.add(
            ObligationDue(
                obligation_id=duty.id,
                sequence=9,
                raw_on=date(2027, 3, 1),
                due_on=date(2027, 3, 1),
                plan_on=date(2027, 3, 1),
                is_provisional=True,
                rule="reinsp.due.o18",
                set_on=date(2026, 11, 1),
            )
        )
    found = items(reporting)
    assert found["deadline_provisional"].count >= 1
    assert "整改复查" in found["rule_unconfirmed"].text
    with township.write("确认") as session:
        from db.models import RuleConfirmation

        for rule in reporting.content(YEAR).look.rules_used:
            session.add(RuleConfirmation(rule=rule, confirmed_by="李法制", confirmed_on=date(2026, 11, 2)))
    assert "rule_unconfirmed" not in items(reporting)


def test_an_order_issued_after_the_cut_off_leaves_no_dangling_link(township: Store, reporting: Reporting) -> None:
    with township.write("下达") as session:
        order = RectificationOrder(enterprise_id=1, number="迟1号", mode="delegated", issued_on=date(2026, 11, 1))
        session.add(order)
        session.flush()
        session.add(
            Hazard(
                enterprise_id=1,
                found_on=date(2026, 5, 5),
                description="x",
                level=HazardLevel.GENERAL,
                order_id=order.id,
                status=HazardStatus.ORDERED,
            )
        )
    from desktop.exchange.records import broken_links

    for cut in (date(2026, 6, 30), date(2026, 11, 22)):
        assert list(broken_links(reporting.content(YEAR, cut).records)) == []


# ---- words -----------------------------------------------------------------------------------------------------


def test_a_section_is_rewritten_shown_and_given_back(reporting: Reporting, township: Store) -> None:
    computed = reporting.section_text(YEAR, "experience")
    reporting.save_section(YEAR, "experience", "我们的做法。\n共检查{inspections}家次。")
    assert {name: own for name, _, own in reporting.sections(YEAR)}["experience"]
    assert reporting.section_text(YEAR, "experience") == f"我们的做法。\n共检查{figure(reporting, 'inspections')}家次。"
    assert any(getattr(block, "text", "") == "我们的做法。" for block in reporting.preview(YEAR))
    assert any(item.code == "section_rewritten" for item in reporting.preflight(YEAR))
    township.undo()
    assert reporting.section_text(YEAR, "experience") == computed
    township.redo()
    reporting.reset_section(YEAR, "experience")
    assert reporting.section_text(YEAR, "experience") == computed


def test_another_year_keeps_its_own_words(reporting: Reporting) -> None:
    reporting.save_section(YEAR, "team", "甲")
    assert reporting.section_text(YEAR - 1, "team", date(YEAR - 1, 12, 20)) != "甲"


def test_an_unknown_section_is_refused(reporting: Reporting) -> None:
    with pytest.raises(Refused, match="report_section"):
        reporting.save_section(YEAR, "overdue:1", "x")


# ---- export ----------------------------------------------------------------------------------------------------


def test_an_export_is_noted_and_the_next_tells_what_changed(
    township: Store, reporting: Reporting, tmp_path: Path
) -> None:
    assert reporting.difference(YEAR) == []
    made = reporting.export(YEAR, tmp_path / "a.zip")
    (noted,) = reporting.submissions(YEAR)
    assert (noted.sha256, noted.file_name, noted.cut_off) == (made.sha256, "a.zip", date(2026, 11, 22))
    with township.read() as session:
        assert json.loads(session.query(Submission).one().figures)["inspections|"] == str(
            figure(reporting, "inspections")
        )
    assert reporting.difference(YEAR) == []
    with township.write("登记案件") as session:
        session.add(PenaltyCase(enterprise_id=1, cause="x", filed_on=date(2026, 5, 5)))
    changed = {(each.code, each.part): each for each in reporting.difference(YEAR)}
    assert ("cases", "") in changed
    assert ("cases", "m05") in changed
    assert int(changed[("cases", "")].after) == int(changed[("cases", "")].before) + 1
    assert ("inspections", "") not in changed


def test_a_cancelled_export_leaves_nothing(township: Store, reporting: Reporting, tmp_path: Path) -> None:
    progress = Progress(lambda done, total, label: progress.cancel() if done == 3 else None)
    with pytest.raises(Cancelled):
        reporting.export(YEAR, tmp_path / "a.zip", progress=progress)
    assert not (tmp_path / "a.zip").exists()
    assert reporting.submissions(YEAR) == []


def test_progress_runs_to_its_end(reporting: Reporting, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    reporting.export(YEAR, tmp_path / "a.zip", progress=Progress(lambda done, total, _: steps.append((done, total))))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
