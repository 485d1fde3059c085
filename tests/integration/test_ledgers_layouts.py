"""Single peculiarities of ledgers, each by itself: mappings by hand, several lists, duplicates, forms, rows sent back."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.domain.errors import Trouble
from desktop.domain.uscc import make
from desktop.exchange.ledger import (
    Layout,
    LedgerKind,
    ParsedLedger,
    read_ledger,
    read_map,
    refusal_sentence,
    results_unseen,
    to_report,
)
from desktop.exchange.problem_rows import write_problem_rows
from desktop.exchange.sheet import Merge, Sheet
from desktop.exchange.sheets import read_sheets

ON = date(2026, 3, 2)
CODES = [make("320681", 800_000 + number) for number in range(6)]


def a_sheet(*rows: Sequence[Any], name: str = "表1", **told: Any) -> Sheet:
    width = max(map(len, rows))
    return Sheet(name, [[*row, *[""] * (width - len(row))] for row in rows], **told)


def read(kind: str, *sheets: Sheet, **how: Any) -> ParsedLedger:
    return read_ledger("台账.xlsx", sheets, LedgerKind(kind), ON, **how)


def said(ledger: ParsedLedger) -> list[tuple[int, str, str, str]]:
    return [(row.row, one.field, one.code, one.level) for row in ledger.rows for one in row.problems]


def skipped(ledger: ParsedLedger) -> list[int]:
    return [row.row for row in ledger.rows if row.skipped]


def trouble(kind: str, *sheets: Sheet, **how: Any) -> Trouble:
    with pytest.raises(Trouble) as caught:
        read(kind, *sheets, **how)
    return caught.value


ROSTER = ("企业名称", "统一社会信用代码", "地址")


def test_a_mapping_given_by_hand_goes_before_our_own_understanding() -> None:
    sheet = a_sheet(("甲", "乙", "丙"), ("启东宏源机械厂", CODES[0], "东兴路1号"))
    layout = Layout({"A": "name", "B": "uscc", "C": None}, header_row=1)
    [row] = read("enterprises", sheet, layouts=[layout]).rows
    assert (row.row, dict(row.values)) == (2, {"name": "启东宏源机械厂", "uscc": CODES[0]})


def test_a_mapping_may_leave_out_the_heading_row() -> None:
    sheet = a_sheet(("名册",), ROSTER, ("启东宏源机械厂", CODES[0], "东兴路1号"))
    reading = read("enterprises", sheet, layouts=[Layout({"A": "name", "C": "remark"})]).sheets[0]
    assert reading.header_row == 2
    assert reading.columns == {"A": "name", "B": None, "C": "remark"}


def test_a_mapping_without_a_needed_column_makes_every_row_lack_it() -> None:
    sheet = a_sheet(("企业名称", "隐患内容"), ("启东宏源机械厂", "未接地"))
    ledger = read("hazards", sheet, layouts=[Layout({"A": "enterprise", "B": "description"}, 1)])
    assert said(ledger) == [(2, "found_on", "missing", "error")]


def test_a_mapping_is_found_again_by_the_headings_it_was_made_for() -> None:
    sheet = a_sheet(("企业名称", "编码", "地址"), ("启东宏源机械厂", CODES[0], "东兴路1号"))
    signature = read("enterprises", sheet).sheets[0].signature
    kept = {signature: Layout({"A": "name", "B": "uscc", "C": None})}
    again = a_sheet(("2026年名册", "", ""), ("企业 名称", "编码", "地址"), ("启东兴隆机械厂", CODES[1], "东兴路2号"))
    [row] = read("enterprises", again, remembered=kept.get).rows
    assert row.values == {"name": "启东兴隆机械厂", "uscc": CODES[1]}
    other = a_sheet(("编码", "企业名称", "地址"), (CODES[1], "启东兴隆机械厂", "东兴路2号"))
    assert read("enterprises", other, remembered=kept.get).sheets[0].columns["A"] is None


@pytest.mark.parametrize(
    ("told", "layouts"),
    [
        ({"a": "name", "H": None}, (Layout({"A": "name", "H": None}),)),
        ({"columns": {"A": "name"}, "header_row": 3}, (Layout({"A": "name"}, 3),)),
        ({"sheets": {"工贸": {"columns": {"B": "uscc"}}}}, (Layout({"B": "uscc"}, None, "工贸"),)),
    ],
)
def test_mapping_files(told: Any, layouts: tuple[Layout, ...]) -> None:
    assert read_map(json.dumps(told).encode(), "对应.json", LedgerKind.ENTERPRISES) == layouts


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "ledger_map_unreadable"),
        (b"[1]", "ledger_map_unreadable"),
        (b'"A"', "ledger_map_unreadable"),
        (b'{"columns": 3}', "ledger_map_unreadable"),
        (b"\xff\xfe\x00", "ledger_map_unreadable"),
        (b'{"A": "deadline"}', "ledger_map_field"),
        (b'{"A": ["name"]}', "ledger_map_field"),
        (b'{"AAAA": "name"}', "ledger_map_column"),
        ('{"企业": "name"}'.encode(), "ledger_map_column"),
        (b"[" * 100_000, "ledger_map_unreadable"),
    ],
)
def test_mapping_files_that_say_nothing_sensible(data: bytes, code: str) -> None:
    with pytest.raises(Trouble) as caught:
        read_map(data, "对应.json", LedgerKind.ENTERPRISES)
    assert caught.value.code == code


def test_rows_around_the_data_are_no_data() -> None:
    sheet = a_sheet(
        ("惠萍镇企业名册",),
        ("序号", *ROSTER),
        (1, 2, 3, 4),
        ("", "（必填，与营业执照一致）", "请填写18位代码", "请填写到门牌号"),
        ("一、工贸企业",),
        (1, "启东宏源机械厂", CODES[0], "东兴路1号"),
        (),
        (2, "启东兴隆机械厂", CODES[1], "东兴路2号"),
        ("小计", "共2家"),
        ("序号", *ROSTER),
        (3, "上海启东合计算量具厂", CODES[2], "东兴路3号"),
        (4,),
        ("合 计", "", "", 3),
        ("填表人：张三", "", "审核人：李四"),
        ("", "注：不含个体工商户"),
        ("", "第二条说明文字"),
    )
    ledger = read("enterprises", sheet)
    assert [row.row for row in ledger.rows if not row.skipped] == [6, 8, 11]
    assert skipped(ledger) == [3, 4, 5, 9, 10, 12, 13, 14, 15, 16]
    assert said(ledger) == []


def test_an_enterprise_may_be_called_like_a_total_or_a_note() -> None:
    names = ("合计算盘厂", "注塑制品厂", "说明书印刷厂有限公司", "审核咨询有限公司", "一、二三纺织厂", "第一纺织厂")
    rows = [(name, CODES[at], f"东兴路{at}号") for at, name in enumerate(names)]
    ledger = read("enterprises", a_sheet(ROSTER, *rows))
    assert [row.values["name"] for row in ledger.rows if not row.skipped] == list(names)


def test_a_second_list_below_with_other_headings_is_read_by_its_own() -> None:
    sheet = a_sheet(
        ("一、工贸企业", "", "", ""),
        ("序号", "企业名称", "统一社会信用代码", "地址"),
        (1, "启东宏源机械厂", CODES[0], "东兴路1号"),
        ("二、危化企业", "", "", ""),
        ("企业名称", "地址", "联系电话", "统一社会信用代码"),
        ("启东兴隆加油站", "东兴路2号", "13812345678", CODES[1]),
    )
    ledger = read("enterprises", sheet)
    assert [(one.name, one.header_row) for one in ledger.sheets] == [("表1", 2), ("表1", 5)]
    found = [(row.row, row.values["name"], row.values["uscc"]) for row in ledger.rows if not row.skipped]
    assert found == [(3, "启东宏源机械厂", CODES[0]), (6, "启东兴隆加油站", CODES[1])]


def test_a_list_printed_in_two_stretches_side_by_side_is_read_whole() -> None:
    sheet = a_sheet(
        ("名册", "", "", "", "", ""),
        ("序号", "企业名称", "联系电话", "序号", "企业名称", "联系电话"),
        (1, "甲机械厂", "13812345678", 3, "丙机械厂", "13812345680"),
        (2, "乙机械厂", "13812345679", "", "", ""),
    )
    ledger = read("enterprises", sheet)
    names = [(row.row, row.values["name"]) for row in ledger.rows if not row.skipped]
    assert names == [(3, "甲机械厂"), (4, "乙机械厂"), (3, "丙机械厂")]


def test_a_heading_that_occurs_twice_counts_once() -> None:
    sheet = a_sheet(("企业名称", "地址", "备注", "备注"), ("甲机械厂", "1号", "先", "后"))
    reading = read("enterprises", sheet).sheets[0]
    assert reading.columns == {"A": "name", "B": "address", "C": "remark", "D": None}


def test_sheets_that_are_no_such_list_are_left_out_with_the_reason() -> None:
    roster = a_sheet(ROSTER, ("启东宏源机械厂", CODES[0], "东兴路1号"), name="名册")
    hazards = a_sheet(
        ("企业名称", "隐患内容", "检查日期", "整改期限"), ("甲厂", "未接地", "2026.1.5", "2026.1.9"), name="隐患"
    )
    words = a_sheet(("下拉选项",), ("红",), ("橙",), name="选项")
    hidden = a_sheet(ROSTER, ("旧数据厂", CODES[1], "东兴路9号"), name="旧", is_hidden=True)
    ledger = read("enterprises", roster, hazards, words, hidden)
    assert [one.name for one in ledger.sheets] == ["名册"]
    assert {sheet: code for sheet, code, _ in ledger.left_out} == {
        "隐患": "other_kind", "选项": "no_header", "旧": "hidden",
    }  # fmt: skip
    assert all(refusal_sentence(*one) for one in ledger.left_out)


def test_a_sheet_that_is_named_is_read_though_it_is_hidden() -> None:
    hidden = a_sheet(ROSTER, ("旧数据厂", CODES[1], "东兴路9号"), name="旧", is_hidden=True)
    assert len(list(read("enterprises", hidden, only="旧").rows)) == 1
    assert trouble("enterprises", hidden, only="新").code == "ledger_no_sheet"


def test_a_missing_column_is_named_in_the_refusal() -> None:
    refused = trouble("hazards", a_sheet(("企业名称", "隐患描述", "整改期限"), ("甲厂", "未接地", "2026.1.9")))
    assert refused.code == "ledger_not_a_list"
    assert "检查日期" in refused.facts["reasons"]


def test_the_english_heading_of_the_registrar_is_no_name() -> None:
    """RegOrgName is the registration authority 登记机关; taken for a name it would fill the roster with bureaus."""
    sheet = a_sheet(("RegOrgName", "UniSCID", "EntName"), ("启东市市场监督管理局", CODES[0], "启东宏源机械厂"))
    [row] = read("enterprises", sheet).rows
    assert row.values["name"] == "启东宏源机械厂"


def test_a_row_repeated_in_the_file_is_told_with_the_first_row() -> None:
    rows = (("甲厂", CODES[0], "1号"), ("乙厂", "", "2号"), ("甲厂", CODES[0].lower(), "1号"), ("乙厂", "", "2号"))
    ledger = read("enterprises", a_sheet(ROSTER, *rows))
    assert said(ledger) == [(4, "uscc", "duplicate_in_file", "error"), (5, "name", "duplicate_in_file", "error")]
    assert "第 2 行" in next(row for row in ledger.rows if row.row == 4).problems[0].message


def test_the_same_name_with_other_codes_is_no_repetition() -> None:
    ledger = read("enterprises", a_sheet(ROSTER, ("甲厂", CODES[0], "1号"), ("甲厂", CODES[1], "1号")))
    assert said(ledger) == []


def test_a_repetition_on_another_sheet_names_that_sheet() -> None:
    first, second = (a_sheet(ROSTER, ("甲厂", CODES[0], "1号"), name=name) for name in ("东片", "西片"))
    [_, row] = read("enterprises", first, second).rows
    assert "“东片”" in row.problems[0].message


def test_dates_that_contradict_each_other() -> None:
    head = ("企业名称", "隐患内容", "检查日期", "整改期限", "复查日期", "复查结果")
    ledger = read(
        "hazards",
        a_sheet(
            head,
            ("甲厂", "未接地一", "2026.1.5", "2026.1.4", "", ""),
            ("甲厂", "未接地二", "2026.1.5", "2026.1.9", "2026.1.10", "已整改"),
            ("甲厂", "未接地三", "2026.1.5", "2026.1.9", "2026.1.4", "已整改"),
            ("甲厂", "未接地四", "2026.1.5", "2026.1.5", "2026.1.5", "已整改"),
        ),
    )
    assert said(ledger) == [
        (2, "deadline", "date_order", "error"),
        (3, "reinspected_on", "date_order", "warning"),
        (4, "reinspected_on", "date_order", "error"),
    ]


def test_a_deadline_in_words_becomes_a_day_and_is_told() -> None:
    head = ("企业名称", "隐患内容", "检查日期", "整改期限")
    rows = (("甲厂", "未接地一", "2026.1.5", "立即整改"), ("甲厂", "未接地二", "2026.1.5", "15日内"))
    ledger = read("hazards", a_sheet(head, *rows))
    assert [row.values["deadline"] for row in ledger.rows] == ["2026-01-05", "2026-01-20"]
    assert [code for _, _, code, _ in said(ledger)] == ["other", "other"]


def test_the_state_of_a_hazard_stands_in_for_its_result() -> None:
    head = ("企业名称", "隐患内容", "检查日期", "隐患状态", "复查结果")
    rows = (("甲厂", "一号未接地", "2026.1.5", "关闭", ""), ("甲厂", "二号未接地", "2026.1.5", "关闭", "未整改"))
    ledger = read("hazards", a_sheet(head, *rows))
    assert [row.values["result"] for row in ledger.rows] == ["cleared", "failed"]


def test_an_expired_card_is_told_and_taken() -> None:
    head = ("企业名称", "姓名", "工种", "证书编号", "有效期至")
    [row] = read("permits", a_sheet(head, ("甲厂", "张三", "低压电工", "T1", "2025.12.31"))).rows
    assert [(one.code, one.level) for one in row.problems] == [("expired", "warning")]
    assert not row.is_rejected


def test_money_takes_the_unit_of_its_heading() -> None:
    head = ("当事人", "案由", "立案日期", "罚款金额（万元）")
    [row] = read("cases", a_sheet(head, ("甲厂", "未培训", "2026.1.5", "2.5"))).rows
    assert row.values["fine"] == "25000.00"


def test_sub_headings_say_whose_telephone_it_is() -> None:
    sheet = a_sheet(
        ("企业名称", "法定代表人", "", "安全管理人员", "", "统一社会信用代码"),
        ("", "姓名", "电话", "姓名", "电话", ""),
        ("启东宏源机械厂", "张三", "13812345678", "李四", "13912345678", CODES[0]),
        merges=(Merge(0, 0, 1, 0), Merge(0, 1, 0, 2), Merge(0, 3, 0, 4), Merge(0, 5, 1, 5)),
    )
    reading = read("enterprises", sheet).sheets[0]
    assert [field for field in reading.columns.values() if field] == [
        "name", "legal_person", "phone", "safety_officer", "safety_phone", "uscc",
    ]  # fmt: skip
    assert reading.header_row == 2
    assert len(reading.rows) == 1


def test_the_best_of_several_telephones_is_taken() -> None:
    sheet = a_sheet(
        ("企业名称", "传真", "企业电话", "联系电话", "地址"), ("甲厂", "1", "83312345", "13812345678", "1号")
    )
    assert read("enterprises", sheet).sheets[0].columns["D"] == "phone"


def test_errors_of_formulas_are_told_where_they_stand() -> None:
    ledger = read("enterprises", a_sheet(ROSTER, ("#REF!", CODES[0], "1号"), ("乙厂", CODES[1], "#N/A")))
    assert said(ledger) == [(2, "name", "formula_error", "error"), (3, "address", "formula_error", "warning")]


def test_ghost_columns_and_a_far_blank_area_change_nothing() -> None:
    rows = [(*ROSTER, *[""] * 253), ("甲厂", CODES[0], "1号", *[""] * 253)] + [("",) * 256] * 500
    ledger = read("enterprises", a_sheet(*rows))
    assert [(row.row, row.skipped) for row in ledger.rows] == [(2, "")]
    assert ledger.sheets[0].columns == {"A": "name", "B": "uscc", "C": "address"}


class Stopped(Exception):
    """The reader was asked to stop."""


def test_reading_tells_how_far_it_is_and_can_be_stopped() -> None:
    class Impatient:
        steps = 0

        def step(self, done: int, total: int, label: str) -> None:
            assert 0 <= done < total
            assert label
            self.steps += 1
            if self.steps == 3:
                raise Stopped

    rows = [(f"启东{number}厂", "", f"{number}号") for number in range(10_000)]
    with pytest.raises(Stopped):
        read("enterprises", a_sheet(ROSTER, *rows), progress=Impatient())


def test_the_report_has_the_shape_of_the_contract() -> None:
    wrong = CODES[0][:-1] + ("0" if CODES[0][-1] != "0" else "1")
    ledger = read("enterprises", a_sheet(ROSTER, ("甲厂", wrong, "1号"), ("乙厂", CODES[1], "2号"), ("合计", 2)))
    report = to_report(ledger, results_unseen(ledger), applied=False)
    assert json.loads(json.dumps(report)) == report
    assert report["sheets"] == [
        {"name": "表1", "header_row": 1, "columns": {"A": "name", "B": "uscc", "C": "address"}, "rows": 3}
    ]
    assert report["counts"] == {"read": 3, "new": 1, "changed": 0, "unchanged": 0, "rejected": 1, "skipped": 1}
    [row] = report["rows"]
    assert (row["sheet"], row["row"], row["action"], row["key"]) == ("表1", 2, "rejected", wrong)
    [problem] = row["problems"]
    assert {**problem, "message": ""} == {
        "column": "B", "field": "uscc", "code": "uscc_check_digit", "level": "error", "value": wrong, "message": "",
    }  # fmt: skip
    assert len(to_report(ledger, results_unseen(ledger), applied=False, all_rows=True)["rows"]) == 3


def test_rows_with_problems_go_back_under_the_senders_own_headings(tmp_path: Path) -> None:
    sheets = (
        a_sheet(("名册",), ROSTER, ("=HYPERLINK(\"x\")", CODES[0], "-1号"), ("乙厂", CODES[1], "@2号"), name="工贸/A"),
        a_sheet(ROSTER, ("丙厂", "91320681O00000008N", "+3号"), name="工贸:A"),
    )  # fmt: skip
    ledger = read("enterprises", *sheets)
    path = tmp_path / "问题行.xlsx"
    assert write_problem_rows(path, ledger, sheets, results_unseen(ledger)) == 2
    book = openpyxl.load_workbook(path)
    assert len(book.worksheets) == 2
    first, second = ([list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets)
    assert first[0] == ["原行号", *ROSTER, "问题说明"]
    assert first[1][:4] == [3, '=HYPERLINK("x")', CODES[0], "-1号"]
    assert "公式" in first[1][4]
    assert second[1][0] == 2
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    assert read_sheets(path)[0].rows[1][1] == '=HYPERLINK("x")'


def test_problem_rows_that_cannot_be_written_are_trouble(tmp_path: Path) -> None:
    sheet = a_sheet(ROSTER, ("#REF!", CODES[0], "1号"))
    ledger = read("enterprises", sheet)
    with pytest.raises(Trouble) as caught:
        write_problem_rows(tmp_path / "没有" / "问题行.xlsx", ledger, [sheet], results_unseen(ledger))
    assert caught.value.code == "problem_rows_unwritable"


def test_a_form_of_one_enterprise_tells_where_a_value_is_wrong() -> None:
    form = a_sheet(
        ("企业基本信息表",),
        ("企业名称", "启东宏源机械厂", "法定代表人", "张三"),
        ("统一社会信用代码", "91320681O00000008N", "联系电话", "13812345678"),
        ("企业地址", "惠萍镇东兴路1号", "从业人员", "86人"),
        ("成立时间", "2019.6.31", "所属行业", "机械"),
    )
    ledger = read("enterprises", form)
    [row] = ledger.rows
    assert ledger.sheets[0].is_form
    assert row.values["employees"] == 86
    assert {(one.field, one.code, one.column) for one in row.problems} == {
        ("uscc", "uscc_format", "B"), ("established_on", "date_invalid", "B"),
    }  # fmt: skip


def test_a_total_under_the_number_is_no_enterprise() -> None:
    """Where the sum row says 合计 under 序号 and counts under the name, the count is not a name."""
    heads = ("序号", "单位名称", "统一社会信用代码", "地址")
    rows = ((1, "甲厂", CODES[1], "1号"), (2, "乙厂", CODES[2], "2号"), ("合计", "2家", None, None))
    ledger = read("enterprises", a_sheet(heads, *rows))
    counts = to_report(ledger, results_unseen(ledger), applied=False)["counts"]
    assert counts == {"read": 3, "new": 2, "changed": 0, "unchanged": 0, "rejected": 0, "skipped": 1}
