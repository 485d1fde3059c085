"""import on the command line: the report of the contract, all or nothing, the backup before, one undo."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.cli import run
from desktop.domain.uscc import make

Do = Callable[..., tuple[int, Any]]
HEADINGS = ("序号", "单位名称", "统一社会信用代码", "所在村", "联系电话", "成立日期")
CODES = [make("320681", number) for number in range(900, 906)]


@pytest.fixture
def do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Do:
    """Runs a command on a new office; the answer is its status and its JSON document."""

    def done(*arguments: str) -> tuple[int, Any]:
        status = run([*arguments, "--data", str(tmp_path / "镇"), "--on", "2026-03-02", "--json"])
        out, _ = capsys.readouterr()
        return status, json.loads(out)

    assert done("init", "--office", "惠萍镇", "--code", "320681102")[0] == 0
    return done


def a_roster(path: Path, *rows: tuple[Any, ...]) -> str:
    """A roster as a clerk keeps it: a title over the headings, and a line of totals."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "工贸"
    sheet.append(["惠萍镇生产经营单位名册"])
    sheet.append(list(HEADINGS))
    for number, row in enumerate(rows, 1):
        sheet.append([number, *row])
    sheet.append([None, f"合计：{len(rows)}家"])
    book.save(path)
    return str(path)


def a_firm(number: int, **other: Any) -> tuple[Any, ...]:
    facts = {"name": f"启东市第{number}机械厂", "uscc": CODES[number], "village": "东兴镇村", "phone": "13812345678",
             "established_on": "2008.6.18", **other}  # fmt: skip
    return tuple(facts.values())


def test_the_report_has_exactly_the_shape_of_the_contract(do: Do, tmp_path: Path) -> None:
    file = a_roster(tmp_path / "名册.xlsx", a_firm(1), a_firm(2, phone="138"))
    status, report = do("import", "enterprises", file, "--rows", "all")
    assert status == 0
    assert list(report) == ["file", "kind", "applied", "sheets", "counts", "rows"]
    assert (report["file"], report["kind"], report["applied"]) == (file, "enterprises", True)
    assert report["sheets"] == [
        {
            "name": "工贸",
            "header_row": 2,
            "columns": {"A": None, "B": "name", "C": "uscc", "D": "village", "E": "phone", "F": "established_on"},
            "rows": report["sheets"][0]["rows"],
        }
    ]
    assert list(report["counts"]) == ["read", "new", "changed", "unchanged", "rejected", "skipped"]
    assert (report["counts"]["new"], report["counts"]["skipped"]) == (2, 1)
    assert report["counts"]["read"] == sum(report["counts"].values()) - report["counts"]["read"]
    row = next(row for row in report["rows"] if row["row"] == 3)
    assert list(row) == ["sheet", "row", "action", "key", "values", "problems"]
    assert (row["sheet"], row["action"], row["key"]) == ("工贸", "new", CODES[1])
    assert row["values"]["established_on"] == "2008-06-18"
    problem = next(row for row in report["rows"] if row["row"] == 4)["problems"][0]
    assert list(problem) == ["column", "field", "code", "level", "value", "message"]
    assert (problem["column"], problem["field"], problem["code"]) == ("E", "phone", "phone_invalid")
    assert (problem["level"], problem["value"]) == ("warning", "138")


def test_one_bad_row_keeps_all_out_unless_the_good_are_accepted(do: Do, tmp_path: Path) -> None:
    file = a_roster(tmp_path / "名册.xlsx", a_firm(1), a_firm(2, name=None), a_firm(3))
    status, report = do("import", "enterprises", file)
    assert (status, report["applied"], report["counts"]["rejected"]) == (1, False, 1)
    assert do("enterprise", "find", "机械厂")[1]["items"] == []
    assert [row["row"] for row in report["rows"] if row["action"] == "rejected"] == [4]
    status, report = do("import", "enterprises", file, "--accept-good")
    assert (status, report["applied"]) == (1, True)
    assert len(do("enterprise", "find", "机械厂")[1]["items"]) == 2


def test_a_dry_run_says_what_the_import_then_does(do: Do, tmp_path: Path) -> None:
    file = a_roster(tmp_path / "名册.xlsx", a_firm(1), a_firm(2))
    status, tried = do("import", "enterprises", file, "--dry-run", "--rows", "all")
    assert (status, tried["applied"]) == (0, False)
    assert do("enterprise", "find", "机械厂")[1]["items"] == []
    assert list((tmp_path / "镇").glob("backups/*.tsbak")) == []
    status, done = do("import", "enterprises", file, "--rows", "all")
    assert {**done, "applied": False} == tried


def test_the_data_are_backed_up_before_and_one_undo_takes_the_import_back(do: Do, tmp_path: Path) -> None:
    file = a_roster(tmp_path / "名册.xlsx", *(a_firm(number) for number in range(6)))
    assert do("import", "enterprises", file)[0] == 0
    (backup,) = (tmp_path / "镇").glob("backups/*.tsbak")
    assert do("backup", "verify", str(backup))[1]["counts"]["enterprise"] == 0
    assert "名册.xlsx" in do("undo")[1]["undone"]["title"]
    assert do("enterprise", "find", "机械厂")[1]["items"] == []


def test_a_second_time_everything_is_unchanged_and_nothing_is_written(do: Do, tmp_path: Path) -> None:
    file = a_roster(tmp_path / "名册.xlsx", a_firm(1), a_firm(2))
    assert do("import", "enterprises", file)[0] == 0
    acts = do("journal")[1]["items"]
    status, report = do("import", "enterprises", file)
    assert (status, report["applied"]) == (0, True)
    assert (report["counts"]["unchanged"], report["counts"]["new"]) == (2, 0)
    assert do("journal")[1]["items"] == acts


def test_several_files_are_one_all_or_nothing(do: Do, tmp_path: Path) -> None:
    good = a_roster(tmp_path / "一.xlsx", a_firm(1), a_firm(2))
    bad = a_roster(tmp_path / "二.xlsx", a_firm(3), a_firm(4, name=None))
    status, reports = do("import", "enterprises", good, bad)
    assert (status, [report["applied"] for report in reports]) == (1, [False, False])
    assert do("enterprise", "find", "机械厂")[1]["items"] == []
    other = a_roster(tmp_path / "三.xlsx", a_firm(3), a_firm(1))
    status, reports = do("import", "enterprises", good, other)
    assert (status, [report["applied"] for report in reports]) == (0, [True, True])
    assert [report["counts"]["new"] for report in reports] == [2, 1]
    assert reports[1]["counts"]["unchanged"] == 1


def test_a_later_file_that_is_at_odds_with_an_earlier_one_takes_both_back(do: Do, tmp_path: Path) -> None:
    """Each file alone could be taken in; together they give one name two codes, and nothing may stay."""
    first = a_roster(tmp_path / "一.xlsx", a_firm(1))
    second = a_roster(tmp_path / "二.xlsx", a_firm(2, name="启东市第1机械厂"))
    assert all(do("import", "enterprises", file, "--dry-run")[0] == 0 for file in (first, second))
    status, reports = do("import", "enterprises", first, second)
    if status == 0:  # a name at odds with its code is only warned of
        assert {problem["code"] for row in reports[1]["rows"] for problem in row["problems"]} == {"name_mismatch"}
        return
    assert [report["applied"] for report in reports] == [False, False]
    assert do("enterprise", "find", "机械厂")[1]["items"] == []


def test_columns_can_be_named_and_a_sheet_chosen(do: Do, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, name in (("甲", "启东市甲厂"), ("乙", "启东市乙厂")):
        sheet = book.create_sheet(title)
        sheet.append(["什么", "另一列"])
        sheet.append([name, "东兴镇村"])
    book.save(tmp_path / "怪表.xlsx")
    layout = tmp_path / "对应.json"
    layout.write_text('{"A": "name", "B": "village"}', encoding="utf-8")
    file = str(tmp_path / "怪表.xlsx")
    status, report = do("import", "enterprises", file, "--sheet", "乙", "--map", str(layout))
    assert (status, [sheet["name"] for sheet in report["sheets"]]) == (0, ["乙"])
    assert [hit["name"] for hit in do("enterprise", "find", "启东市")[1]["items"]] == ["启东市乙厂"]


def test_a_csv_in_an_old_encoding_is_read(do: Do, tmp_path: Path) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(f"企业名称,统一社会信用代码\n启东市宏达机械厂,{CODES[0]}\n".encode("gb18030"))
    status, report = do("import", "enterprises", str(file))
    assert (status, report["counts"]["new"]) == (0, 1)


def test_people_read_row_numbers_and_reasons(tmp_path: Path, do: Do, capsys: pytest.CaptureFixture[str]) -> None:
    file = a_roster(tmp_path / "名册.xlsx", a_firm(1), a_firm(2, name=None))
    assert run(["import", "enterprises", file, "--data", str(tmp_path / "镇")]) == 1
    told = capsys.readouterr().out
    assert "没有导入" in told
    assert "不能导入 1" in told
    assert any(line.split()[:3] == ["工贸", "4", "不能导入"] for line in told.splitlines())


@pytest.mark.parametrize(
    ("name", "content", "more"),
    [
        ("没有.xlsx", None, []),
        ("空.xlsx", b"", []),
        ("坏.xlsx", b"PK\x03\x04 not a workbook", []),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n", []),
        ("话.csv", "今天天气很好\n".encode(), []),
        ("名册.csv", "企业名称\n启东市宏达机械厂\n".encode(), ["--sheet", "没有这张"]),
    ],
)
def test_a_file_that_is_no_ledger_is_status_2_and_changes_nothing(
    name: str, content: bytes | None, more: list[str], do: Do, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert run(["import", "enterprises", str(file), *more, "--data", str(tmp_path / "镇")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert name in err
    assert len(do("journal")[1]["items"]) == 1
