"""The figures of a year, from a handful of records that can be counted by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from desktop.domain import cell
from desktop.domain.statistics import (
    ADDITIVE,
    FIELDS,
    Figure,
    Period,
    Unit,
    by_key,
    field_of,
    figures,
    not_adding_up,
)
from desktop.exchange.records import definitions, normal, part_names, tables

CUT = date(2026, 12, 20)


def row(table: str, **values: Any) -> dict[str, Any]:
    return normal(tables()[table], values)


def enterprise(number: int, sector: str = "sector.gm.jx", *, is_key: bool = True) -> dict[str, Any]:
    return row(
        "enterprises",
        id=number,
        name=f"企业{number}",
        code_state="none",
        sector=sector,
        status="operating",
        is_key=is_key,
    )


def visit(number: int, enterprise_id: int, on: str, **more: Any) -> dict[str, Any]:
    told = {
        "kind": "routine",
        "origin": "plan",
        "status": "done",
        "has_opening_meeting": True,
        "has_closing_meeting": True,
        "expert_count": 0,
        **more,
    }
    return row("inspections", id=number, enterprise_id=enterprise_id, inspected_on=on, **told)


def hazard(number: int, on: str, cleared_on: str | None = None, level: str = "general", **more: Any) -> dict[str, Any]:
    told = {"enterprise_id": 1, "status": "cleared" if cleared_on else "ordered", **more}
    return row("hazards", id=number, found_on=on, description="无", level=level, cleared_on=cleared_on, **told)


def case(
    number: int, filed: str | None, decided: str | None = None, fine: int | None = None, **more: Any
) -> dict[str, Any]:
    told = {"enterprise_id": 1, "is_accident": False, **more}
    return row("cases", id=number, cause="案由", filed_on=filed, decided_on=decided, fine_fen=fine, **told)


def duty(
    number: int, due: str, ended: str | None = None, end_kind: str = "done", kind: str = "reinspect"
) -> tuple[Any, Any]:
    told = {
        "subject_type": "hazard",
        "subject_id": 1,
        "enterprise_id": 1,
        "actor": "agency",
        "triggered_on": "2026-01-02",
    }
    owner = row("obligations", id=number, kind=kind, ended_on=ended, end_kind=end_kind if ended else None, **told)
    link = row(
        "obligation_dues",
        id=number,
        obligation_id=number,
        sequence=1,
        raw_on=due,
        due_on=due,
        plan_on=due,
        is_provisional=False,
        set_on="2026-01-02",
    )
    return owner, link


def counted(cut_off: date = CUT, **records: Any) -> dict[tuple[str, str], Figure]:
    records.setdefault("enterprises", [enterprise(1), enterprise(2, "sector.hc", is_key=False)])
    return by_key(figures(records, cut_off.year, cut_off))


def text(found: dict[tuple[str, str], Figure], code: str, part: str = "") -> str:
    return found[(code, part)].text


def test_an_enterprise_inspected_twice_counts_once_and_two_visits() -> None:
    found = counted(inspections=[visit(1, 1, "2026-03-02"), visit(2, 1, "2026-05-04"), visit(3, 2, "2026-05-05")])
    assert text(found, "enterprises_inspected") == "2"
    assert text(found, "inspections") == "3"
    assert text(found, "enterprises_inspected", "m05") == "2"
    assert text(found, "inspections", "sector.gm") == "2"


def test_visits_not_done_or_outside_the_period_do_not_count() -> None:
    rows = [visit(1, 1, "2025-12-31"), visit(2, 1, "2026-12-21"), visit(3, 1, "2026-05-01", status="cancelled")]
    assert text(counted(inspections=rows), "inspections") == "0"


def test_a_share_of_nothing_is_a_dash() -> None:
    found = counted(enterprises=[])
    shares = [figure for figure in found.values() if figure.unit is Unit.PERCENT]
    assert len(shares) > 20
    assert all(figure.value is None and figure.text == "—" for figure in shares)


def test_tips_and_assigned_visits_stand_outside_the_key_share() -> None:
    rows = [
        visit(1, 1, "2026-02-02"),
        visit(2, 2, "2026-02-03"),
        visit(3, 2, "2026-02-04", origin="tip"),
        visit(4, 2, "2026-02-05", origin="assigned"),
    ]
    share = counted(inspections=rows)[("share_inspections", "")]
    assert (share.numerator, share.denominator, share.rows, share.base) == (1, 2, (1,), (1, 2))
    assert text(counted(inspections=rows), "share_exempt") == "2"


def test_documents_of_a_tip_stand_outside_the_share_by_documents() -> None:
    visits = [
        visit(1, 1, "2026-02-02", document_number="1号"),
        visit(2, 2, "2026-02-03", origin="tip", document_number="2号"),
    ]
    orders = [
        row(
            "orders",
            id=number,
            enterprise_id=number,
            inspection_id=number,
            number=f"{number}",
            mode="delegated",
            status="delivered",
            issued_on="2026-02-05",
        )
        for number in (1, 2)
    ]
    again = [
        row(
            "reinspections",
            id=number,
            enterprise_id=number,
            order_id=number,
            reinspected_on="2026-03-01",
            document_number="复1",
        )
        for number in (1, 2)
    ]
    found = counted(inspections=visits, orders=orders, reinspections=again)
    assert (found[("share_documents", "")].numerator, found[("share_documents", "")].denominator) == (3, 3)
    assert text(found, "documents") == "6"


def test_hazards_are_counted_by_level_and_void_ones_are_not() -> None:
    rows = [
        hazard(1, "2026-01-05", "2026-02-01"),
        hazard(2, "2026-01-06"),
        hazard(3, "2026-01-07", level="major"),
        hazard(4, "2026-01-08", status="void"),
        hazard(5, "2025-06-01", level="major"),
    ]
    found = counted(hazards=rows)
    assert [text(found, code) for code in ("hazards_found", "hazards_rectified", "rectification_rate")] == [
        "3",
        "1",
        "33.3%",
    ]
    assert text(found, "rectification_rate_major") == "0.0%"
    assert text(found, "majors_open") == "2", "one of them was found the year before"
    assert found[("hazards_found", "last_year")].numerator == 1


def test_reinspections_in_time_late_and_never_made() -> None:
    duties = [
        duty(1, "2026-05-10", "2026-05-10"),
        duty(2, "2026-05-10", "2026-05-11"),
        duty(3, "2026-05-10"),
        duty(4, "2026-12-20"),
        duty(5, "2026-05-10", "2026-05-09", "void"),
    ]
    found = counted(obligations=[each[0] for each in duties], obligation_dues=[each[1] for each in duties])
    share = found[("timely_reinspection", "")]
    assert (share.numerator, share.denominator) == (1, 3), "due on the cut-off day is not late; void does not count"
    assert text(found, "overdue") == "1"


def test_an_extended_deadline_is_not_overdue() -> None:
    owner, link = duty(1, "2026-05-10", kind="rectify")
    longer = {**link, "id": 2, "sequence": 2, "due_on": "2026-12-30"}
    assert text(counted(obligations=[owner], obligation_dues=[longer, link]), "overdue") == "0"


def test_cases_before_and_after_accidents() -> None:
    rows = [
        case(1, "2026-03-01", "2026-04-01", 5_000_000),
        case(2, None, "2026-05-01", 10_000_000),
        case(3, "2026-06-01", "2026-07-01", 20_000_000, is_accident=True),
        case(4, "2026-06-02", "2026-07-02"),
        case(5, "2025-06-01", "2025-07-01", 5_000_000),
    ]
    found = counted(cases=rows)
    assert [text(found, code) for code in ("cases", "cases_pre", "cases_accident", "cases_pre_unfined")] == [
        "4",
        "3",
        "1",
        "1",
    ]
    assert [text(found, code) for code in ("cases_pre_50k", "cases_pre_100k")] == ["1", "1"]
    assert [text(found, code) for code in ("fines", "fines_pre", "fines_accident")] == ["35.00", "15.00", "20.00"]
    assert text(found, "fines_pre_average") == "7.50"
    assert text(found, "cases_pre_ratio") == "300.0%"
    assert text(found, "cases", "m05") == "1", "filing unknown: counted when decided"


def test_money_is_exact_and_rounds_half_up() -> None:
    figure = Figure("fines", "", Unit.WAN, 12_345_000)
    assert figure.value == Decimal("12.35")


def test_months_and_fields_add_up_and_a_slip_is_seen() -> None:
    found = counted(
        inspections=[visit(1, 1, "2026-03-02"), visit(2, 2, "2026-05-04")],
        hazards=[hazard(1, "2026-03-03")],
        cases=[case(1, "2026-04-05", "2026-05-06", 100)],
    )
    numbers = {key: figure.numerator for key, figure in found.items()}
    assert not_adding_up(numbers) == []
    assert not_adding_up({**numbers, ("cases", "m04"): 2}) == ["cases"]


def test_an_early_cut_off_has_only_the_months_begun() -> None:
    found = counted(date(2026, 3, 5))
    assert ("inspections", "m03") in found
    assert ("inspections", "m04") not in found


def test_february_29_compares_with_the_28th() -> None:
    assert Period.of_year(2024, date(2024, 2, 29)).year_before() == Period("2023-01-01", "2023-02-28")


def test_mines_count_with_industry_and_the_unknown_stands_apart() -> None:
    assert [field_of(each) for each in ("sector.mine.open", "sector.hc.station", "sector.x", "", None)] == [
        "sector.gm",
        "sector.hc",
        "sector.other",
        "none",
        "none",
    ]


def test_every_figure_and_part_has_a_name_and_a_definition() -> None:
    found = counted()
    assert {code for code, _ in found} == set(definitions())
    assert {part for _, part in found if part} <= set(part_names())
    assert set(definitions()) >= ADDITIVE
    assert set(FIELDS) <= set(part_names())


def test_personal_numbers_are_masked_wherever_they_stand() -> None:
    told = "联系人13812345678，身份证320681199001011234，证号T32068119900101123X，电话0513-83312345。"
    shown = cell.masked(told)
    assert shown == "联系人138****5678，身份证320681********4，证号T320681********X，电话0513-****2345。"
    assert cell.masked("启应急责改〔2026〕13号，整改30日") == "启应急责改〔2026〕13号，整改30日"


def test_no_cell_runs_and_every_text_comes_back() -> None:
    for told in ("=1+1", "+86", "-5", "@a", "\t=1", "\r=1", "'quoted", " =1", "＝1", "正常", "", "a=1"):
        shown = cell.neutral(told)
        assert not shown.lstrip().startswith(("=", "+", "-", "@", "＝"))
        assert cell.plain(shown) == told
