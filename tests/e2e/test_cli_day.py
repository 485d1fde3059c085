"""An office's day by the command line alone, each command a process of its own on a console that is not UTF-8."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.domain.uscc import make

ROOT = Path(__file__).parents[2]
TODAY = "2026-11-24"


@dataclass
class Console:
    """Types commands on one office."""

    folder: Path

    def types(self, *arguments: str, status: int = 0) -> str:
        """Run `townsafe …`; the answer is what stands on standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "desktop", *arguments, "--data", str(self.folder), "--on", TODAY],
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "gbk"},
            timeout=100,
            check=False,
        )
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        assert done.returncode == status, (arguments, done.returncode, out, err)
        assert "Traceback" not in err
        assert status or err == ""
        return out

    def asks(self, *arguments: str, status: int = 0) -> Any:
        """The same with `--json`: one document, read back."""
        return json.loads(self.types(*arguments, "--json", status=status))


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path / "惠萍镇 数据")


def a_roster(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年惠萍镇企业名册"])
    sheet.append(["序号", "生产经营单位", "统一社会信用代码", "所属村居", "行业", "企业联系人", "联系电话"])
    for number in range(1, 31):
        code = make("320681", 5000 + number)
        sheet.append([number, f"启东市新来第{number}机械厂", code, "东兴镇村", "机械", "王强", "13812345678"])
    book.save(path)


def test_a_day_from_the_roster_to_the_sealed_package(console: Console, tmp_path: Path) -> None:
    console.types("init", "--office", "惠萍镇", "--code", "320681102", "--prefix", "苏启")
    a_roster(tmp_path / "名册.xlsx")
    assert console.asks("import", "enterprises", str(tmp_path / "名册.xlsx"), "--dry-run")["applied"] is False
    report = console.asks("import", "enterprises", str(tmp_path / "名册.xlsx"))
    assert (report["applied"], report["counts"]["new"]) == (True, 30)
    (found,) = console.asks("enterprise", "find", "xld7jxc")["items"]
    assert found["name"] == "启东市新来第7机械厂"
    assert "东兴镇村" in console.types("enterprise", "show", str(found["id"]))
    assert [item["kind"] for item in console.asks("due")["items"]] == ["report", "report"]
    assert console.asks("deadline", "seed.yearend", "--from", "2026-01-01")["legal"] == "2026-12-25"
    made = console.asks("export", "--year", "2026", "--out", str(tmp_path / "年终.zip"))
    assert console.asks("verify", made["file"])["good"] is True
    assert console.asks("undo")["undone"]["title"] == "导出年终包"
    assert "名册.xlsx" in console.asks("undo", "--last")["undone"]["title"]
    assert console.asks("enterprise", "find", "新来")["items"] == []
    assert "已撤销" in console.types("journal")


def test_a_day_in_the_sample_township(console: Console, tmp_path: Path) -> None:
    console.types("sample", "--enterprises", "60", "--years", "1", "--seed", "3")
    days = [item["days_left"] for item in console.asks("due")["items"]]
    assert days == sorted(days)
    assert days[0] < 0
    assert "逾期" in console.types("due")
    assert console.asks("check", "data")["good"] is True
    console.types("ics", "--out", str(tmp_path / "镇安.ics"))
    share = console.asks("plan", "share", "--year", "2026")
    assert share["done"][0]["denominator"] > 0
    made = console.asks("export", "--year", "2026", "--out", str(tmp_path))
    console.types("merge", made["file"], "--out", str(tmp_path / "汇总"))
    backup = console.asks("backup")["file"]
    console.types("undo")
    assert [each["title"] for each in console.asks("restore", backup)["lost"]] == ["撤销：导出年终包"]
    assert days == [item["days_left"] for item in console.asks("due")["items"]]


def test_what_cannot_be_done_is_said_and_nothing_is_changed(console: Console, tmp_path: Path) -> None:
    assert console.types("due", status=3) == ""
    assert console.types("没有这个命令", status=2) == ""
    console.types("init", "--office", "惠萍镇", "--code", "320681102")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    before = (console.folder / "office.db").read_bytes()
    assert console.types("import", "enterprises", str(tmp_path / "坏.xlsx"), status=2) == ""
    assert console.asks("verify", str(tmp_path / "坏.xlsx"), status=1)["good"] is False
    assert console.types("init", "--office", "别的镇", "--code", "320681103", status=1) == ""
    assert (console.folder / "office.db").read_bytes() == before
