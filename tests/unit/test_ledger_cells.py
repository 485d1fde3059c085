"""Cells as clerks write them: what is stored of each, and what is said about it."""

from datetime import date
from decimal import Decimal

import pytest

from desktop.domain import uscc
from desktop.exchange.ledger_cells import (
    DEADLINE_IN_DAYS,
    Column,
    ReadCell,
    Reading,
    is_plainly_sound,
    read_cell,
    split_names,
    tidy,
)
from desktop.exchange.ledger_dates import read_date
from desktop.exchange.ledger_fields import LedgerKind, bare, choice, kinds, without_brackets
from desktop.exchange.sheet import Cell

ON = date(2026, 3, 2)
SOUND = uscc.make("320681", 1234)


def read(kind: str, field: str, cell: Cell, unit: str = "", **how: bool) -> ReadCell:
    return read_cell(cell, Reading(kinds()[LedgerKind(kind)].fields[field], ON, unit, **how))


def fault(cell: ReadCell) -> str:
    return "" if cell.fault is None else f"{cell.fault.code} {cell.fault.level}"


@pytest.mark.parametrize(
    ("written", "value", "fault"),
    [
        ("2020.4.16", "2020-04-16", ""),
        ("2020年4月16日", "2020-04-16", ""),
        ("2020年4月16号", "2020-04-16", ""),
        ("2020/4/16", "2020-04-16", ""),
        ("2020-04-16", "2020-04-16", ""),
        ("２０２０．４．１６", "2020-04-16", ""),
        ("20200416", "2020-04-16", ""),
        (20200416.0, "2020-04-16", ""),
        (43937, "2020-04-16", ""),
        (43937.0, "2020-04-16", ""),
        (43937.75, "2020-04-16", ""),
        ("43937", "2020-04-16", ""),
        (date(2020, 4, 16), "2020-04-16", ""),
        ("2020/4/16 10:30:00", "2020-04-16", ""),
        ("2020年4月16日 上午9时", "2020-04-16", ""),
        ("2020年4月16日（星期四）", "2020-04-16", ""),
        ("二〇二〇年四月十六日", "2020-04-16", ""),
        ("二○二○年十二月三十一日", "2020-12-31", ""),
        ("4/4/2020", "2020-04-04", ""),
        ("16/4/2020", "2020-04-16", "date_ambiguous"),
        ("4/16/2020", "2020-04-16", "date_ambiguous"),
        ("5/4/2020", None, "date_ambiguous"),
        ("20.4.16", "2020-04-16", "date_ambiguous"),
        ("4月16日", None, "date_ambiguous"),
        (2020.1, None, "date_ambiguous"),
        ("2008-06", "2008-06", "date_partial"),
        ("2008年6月", "2008-06", "date_partial"),
        ("200806", "2008-06", "date_partial"),
        (2008.0, "2008", "date_partial"),
        ("2008年", "2008", "date_partial"),
        ("2019.6.31", None, "date_invalid"),
        ("2019.2.29", None, "date_invalid"),
        ("2020.2.29", "2020-02-29", ""),
        ("2019.13.1", None, "date_invalid"),
        ("1080.1.1", None, "date_invalid"),
        ("春节前", None, "date_invalid"),
        ("2020年9月8日至10日", None, "date_invalid"),
        (float("nan"), None, "date_invalid"),
        (float("inf"), None, "date_invalid"),
        (-5.0, None, "date_invalid"),
        (True, None, "date_invalid"),
    ],
)
def test_dates(written: Cell, value: str | None, fault: str) -> None:
    found = read_date(written)
    assert (found.value, found.fault) == (value, fault)


def test_serial_numbers_of_old_macintosh_books_count_from_1904() -> None:
    assert read_date(42475.0, counts_from_1904=True).value == "2020-04-16"


@pytest.mark.parametrize("written", ["长期", "9999-09-09", "2099-12-31", "永久有效"])
def test_a_term_without_end_is_no_date_and_no_fault(written: str) -> None:
    assert read("permits", "valid_until", written) == ReadCell(None)


def test_a_term_given_by_its_month_ends_with_its_last_day() -> None:
    found = read("permits", "valid_until", "2024-02")
    assert (found.value, fault(found)) == ("2024-02-29", "date_partial warning")


def test_what_has_happened_cannot_lie_ahead() -> None:
    assert fault(read("hazards", "found_on", "2026.3.3")) == "date_future error"
    assert fault(read("hazards", "found_on", "2026.3.2")) == ""
    assert fault(read("hazards", "deadline", "2026.12.1")) == ""
    assert fault(read("enterprises", "established_on", "2027")) == "date_partial warning"
    assert fault(read("enterprises", "established_on", "2027.1.1")) == "date_future warning"


def test_a_bad_date_keeps_a_hazard_out_but_not_an_enterprise() -> None:
    assert fault(read("hazards", "deadline", "2019.6.31")) == "date_invalid error"
    assert fault(read("enterprises", "established_on", "2019.6.31")) == "date_invalid warning"


@pytest.mark.parametrize(("written", "days"), [("立即整改", 0), ("当场", 0), ("7日内", 7), ("限期15天", 15)])
def test_a_deadline_in_words_is_counted_from_the_inspection(written: str, days: int) -> None:
    found = read("hazards", "deadline", written)
    assert (found.other, found.other_value) == (DEADLINE_IN_DAYS, days)


def test_working_days_are_not_counted_by_guess() -> None:
    assert fault(read("hazards", "deadline", "15个工作日")) == "date_invalid error"


@pytest.mark.parametrize(
    ("written", "value", "told"),
    [
        ("13812345678", "13812345678", ""),
        (13812345678.0, "13812345678", ""),
        ("138 1234 5678", "13812345678", ""),
        ("138-1234-5678", "13812345678", ""),
        ("+86 13812345678", "13812345678", ""),
        ("１３８１２３４５６７８", "13812345678", ""),
        ("0513-83312345", "051383312345", ""),
        ("(0513)83312345", "051383312345", ""),
        ("0513－83312345", "051383312345", ""),
        ("83312345", "83312345", ""),
        ("400-820-8820", "4008208820", ""),
        ("83312345-801", "83312345-801", ""),
        ("13812345678/0513-83312345", "13812345678、051383312345", ""),
        ("13812345678、13912345678", "13812345678、13912345678", ""),
        ("13812345678 13912345678", "13812345678、13912345678", ""),
        ("无", None, ""),
        ("1381234567", "1381234567", "phone_invalid warning"),
        ("138123456789", "138123456789", "phone_invalid warning"),
        ("张三", None, "phone_invalid warning"),
        ("1.38E+10", None, "number_as_float warning"),
        (1.5, None, "number_as_float warning"),
    ],
)
def test_phones(written: Cell, value: str | None, told: str) -> None:
    found = read("enterprises", "phone", written)
    assert (found.value, fault(found)) == (value, told)


def test_a_code_is_brought_to_its_plain_form_and_nothing_else() -> None:
    spread = f" {SOUND[:2].lower()} {SOUND[2:10]}\u3000{SOUND[10:]}".translate({ord("9"): "９"})
    assert read("enterprises", "uscc", spread) == ReadCell(SOUND)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (SOUND[:-1] + ("0" if SOUND[-1] != "0" else "1"), "uscc_check_digit error"),
        (SOUND[:-1], "uscc_format error"),
        (SOUND + "0", "uscc_format error"),
        ("91320681O00000008N", "uscc_format error"),
        ("9.13207E+17", "number_as_float error"),
        (9.132070000000000e17, "number_as_float error"),
        ("#N/A", "formula_error warning"),
        ("=A1", "formula_error warning"),
        ("########", "formula_error warning"),
        ("9132\ufffd", "encoding warning"),
    ],
)
def test_codes_that_are_wrong(written: Cell, told: str) -> None:
    assert fault(read("enterprises", "uscc", written)) == told


def test_a_slip_of_o_for_zero_is_told_with_the_code_meant_and_never_mended() -> None:
    assert "0" in SOUND
    slipped = SOUND.replace("0", "O", 1)
    found = read("enterprises", "uscc", slipped)
    assert found.value == slipped
    assert found.fault is not None
    assert SOUND in found.fault.message


def test_a_failed_check_digit_only_warns_when_the_code_is_kept() -> None:
    wrong = SOUND[:-1] + ("0" if SOUND[-1] != "0" else "1")
    found = read("enterprises", "uscc", wrong, keep_codes=True)
    assert (found.value, fault(found)) == (wrong, "uscc_check_digit warning")


@pytest.mark.parametrize("written", ["330106000349996", 330106000349996.0, "3301062015292"])
def test_an_old_registration_number_goes_where_it_belongs(written: Cell) -> None:
    found = read("enterprises", "uscc", written)
    assert (found.value, fault(found), found.other) == (None, "legacy_code warning", "legacy_code")
    assert found.other_value in ("330106000349996", "3301062015292")


def test_a_code_under_the_heading_of_old_numbers_is_seen() -> None:
    assert read("enterprises", "legacy_code", SOUND) == ReadCell(None, None, "uscc", SOUND)


def test_the_quick_check_of_a_code_agrees_with_the_rule() -> None:
    """Quick and careful must never differ, or a large file would be judged otherwise than a small one."""
    for number in range(0, 5000, 7):
        code = uscc.make("320681", number)
        assert is_plainly_sound(code)
        for place in range(uscc.LENGTH):
            other = code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :]
            check = uscc.classify(other)
            assert is_plainly_sound(other) == (check.is_valid and not check.organisation_doubt)


@pytest.mark.parametrize(
    ("written", "value", "told"),
    [
        (86.0, 86, ""), ("86人", 86, ""), ("约50", 50, ""), ("50余人", 50, ""), ("1,200", 1200, ""), ("12名", 12, ""), ("3月", 3, ""),
        ("０", 0, ""), ("暂无", None, ""), (86.5, None, "number_invalid warning"), (-1.0, None, "number_invalid warning"),
        ("50-60", None, "number_invalid warning"), ("很多", None, "number_invalid warning"),
        (1e300, None, "number_invalid warning"), ("1" * 40, None, "number_invalid warning"),
    ],
)  # fmt: skip
def test_counts(written: Cell, value: int | None, told: str) -> None:
    found = read("enterprises", "employees", written)
    assert (found.value, fault(found)) == (value, told)


@pytest.mark.parametrize(
    ("written", "unit", "value", "told"),
    [
        ("20000", "", "20000.00", ""),
        (20000.0, "", "20000.00", ""),
        ("2万元", "", "20000.00", ""),
        ("2", "万元", "20000.00", ""),
        ("2.5", "万元", "25000.00", ""),
        ("2万元", "万元", "20000.00", ""),
        ("20000元", "万元", "20000.00", ""),
        ("￥20,000.50", "", "20000.50", ""),
        ("人民币贰万元", "", None, "number_invalid warning"),
        ("100万美元", "", None, "number_invalid warning"),
        ("5", "", "5.00", "other warning"),
        ("警告", "", None, "number_invalid warning"),
        ("1" * 60, "", None, "number_invalid warning"),
    ],
)
def test_money(written: Cell, unit: str, value: str | None, told: str) -> None:
    found = read("cases", "fine", written, unit)
    assert (found.value, fault(found)) == (value, told)
    assert value is None or Decimal(value) >= 0


@pytest.mark.parametrize(
    ("kind", "field", "written", "code"),
    [
        ("hazards", "level", "一般事故隐患", "general"),
        ("hazards", "level", "重大隐患", "major"),
        ("hazards", "level", "非重大", "general"),
        ("hazards", "result", "已整改", "cleared"),
        ("hazards", "result", "复查合格，已销号", "cleared"),
        ("hazards", "result", "未整改", "failed"),
        ("hazards", "result", "整改不到位", "failed"),
        ("hazards", "result", "正在整改", "none"),
        ("hazards", "result", "否", "failed"),
        ("enterprises", "risk_grade", "红", "red"),
        ("enterprises", "risk_grade", "橙色", "orange"),
        ("enterprises", "risk_grade", "一般风险（黄色）", "yellow"),
        ("enterprises", "risk_grade", "低风险", "blue"),
        ("enterprises", "risk_grade", "重大", "red"),
        ("enterprises", "status", "在产", "operating"),
        ("enterprises", "status", "已停产", "suspended"),
        ("enterprises", "status", "注销", "closed"),
        ("enterprises", "standard_level", "三级", "three"),
        ("enterprises", "standard_level", "小微", "micro"),
        ("enterprises", "standard_level", "无", "none"),
        ("enterprises", "standard_level", "安全生产标准化二级", "two"),
        ("enterprises", "size", "小型", "small"),
        ("enterprises", "size", "微型企业", "micro"),
        ("enterprises", "sector", "机械", "sector.gm.jx"),
        ("enterprises", "sector", "加油站", "sector.hc.station"),
        ("enterprises", "sector", "危险化学品经营（不带储存设施）", "sector.hc.trade_nostore"),
        ("enterprises", "sector", "烟花爆竹零售（长期）", "sector.fw.retail_long"),
        ("inspections", "kind", "双随机抽查", "routine"),
        ("inspections", "kind", "节前专项检查", "special"),
    ],
)
def test_choices(kind: str, field: str, written: str, code: str) -> None:
    assert read(kind, field, written) == ReadCell(code)


def test_an_unknown_choice_is_left_out_and_told() -> None:
    found = read("enterprises", "risk_grade", "优秀")
    assert (found.value, fault(found)) == (None, "choice_unknown warning")


def test_every_sector_of_the_catalogue_is_known_by_its_own_name() -> None:
    assert choice("sector").words[bare("商场、市场、住宿、餐饮")] == "sector.other.commerce"
    assert len(set(choice("sector").words.values())) >= 40


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("张三、李四", ["张三", "李四"]),
        ("张三,李四；王五", ["张三", "李四", "王五"]),
        ("张三/李四", ["张三", "李四"]),
        ("张三 李四", ["张三", "李四"]),
        ("张 三", ["张三"]),
        ("张 三、李 四", ["张三", "李四"]),
        ("张三（组长）、李四", ["张三", "李四"]),
        ("张三\n李四", ["张三", "李四"]),
        ("组长：张三", ["组长", "张三"]),
        ("张三、张三", ["张三"]),
        ("无", []),
    ],
)
def test_names_in_one_cell(written: str, names: list[str]) -> None:
    assert split_names(written) == names


def test_a_number_written_behind_a_name_is_told() -> None:
    found = read("enterprises", "contact", "张三13812345678")
    assert (found.value, fault(found)) == ("张三", "other warning")


def test_blanks_between_chinese_characters_go_and_others_stay() -> None:
    assert tidy(" 启东 市\u3000某某\u200b公司 ") == "启东市某某公司"
    assert tidy("ABB  Turbo 系统 公司") == "ABB Turbo系统公司"


def test_a_name_must_have_letters_and_an_end() -> None:
    assert fault(read("enterprises", "name", 12.0)) == "other error"
    assert fault(read("enterprises", "name", "厂" * 101)) == "too_long error"
    assert fault(read("enterprises", "remark", "字" * 501)) == "too_long warning"


def test_brackets_of_any_kind_are_taken_off_headings() -> None:
    assert without_brackets("注册资本（万元）") == ("注册资本", "万元")
    assert without_brackets("企业[单位]名称(全称") == ("企业名称", "单位全称")


def test_a_column_reads_the_same_cell_once_and_remembers_its_fault() -> None:
    column = Column(Reading(kinds()[LedgerKind.ENTERPRISES].fields["employees"], ON))
    assert [column[cell] for cell in ("12人", "许多", "12人")] == [12, None, 12]
    assert list(column.faults) == ["许多"]


DAYS = ("2008-06-18", "1999-12-31", "", "2026-03-02")


@pytest.mark.parametrize(
    "odd",
    ["", "2026-03-03", "1899-12-31", "2099-01-01", "9999-12-31", "20200416", "2020-W01-1", "2020.4.16", "2020-02-30",
     "２０２０-04-16", "2008", "长期", "0000-00-00"],
)  # fmt: skip
@pytest.mark.parametrize(("kind", "field"), [("enterprises", "established_on"), ("hazards", "found_on"),
                                             ("hazards", "deadline"), ("permits", "valid_until")])  # fmt: skip
def test_days_read_all_at_once_are_what_each_is_by_itself(kind: str, field: str, odd: str) -> None:
    """Whatever one cell among many says, the quick look over all of them must not pass it by."""
    cells = (*DAYS, odd)
    column = Column(Reading(kinds()[LedgerKind(kind)].fields[field], ON))
    assert list(column.read_all(cells)) == [read(kind, field, cell).value for cell in cells]
    faulty = {cell for cell in cells if read(kind, field, cell).fault is not None}
    assert {cell for cell in cells if cell in column.faults} == faulty


def test_no_heading_means_two_fields_of_one_kind() -> None:
    """A heading listed twice would be decided by the order of the file, which nobody would see."""
    import tomllib

    from resources import resource

    told = tomllib.loads(resource("ledgers/headings.toml").read_text("utf-8"))
    for kind, ledger in told.items():
        seen: dict[str, str] = {}
        for field, facts in ledger["fields"].items():
            for heading in facts["is"]:
                assert seen.setdefault(bare(heading), field) == field, f"{kind}: {heading}"


def test_nothing_is_read_from_signs_that_stand_for_nothing() -> None:
    for written in ("无", "/", "—", " ", "", "－", "暂无"):
        assert read("enterprises", "address", written) == ReadCell(None)
