"""export, verify, merge, stats, check data, backup and restore on the command line, over a sample township."""

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from desktop.cli import run

Do = Callable[..., tuple[int, Any]]
ON = "2026-11-24"


@pytest.fixture(scope="module")
def township(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample township, made once."""
    folder = tmp_path_factory.mktemp("sample") / "镇"
    assert run(["sample", "--enterprises", "40", "--years", "1", "--data", str(folder), "--on", ON]) == 0
    return folder


@pytest.fixture
def folder(township: Path, tmp_path: Path) -> Path:
    """A copy of the township for one test."""
    return Path(shutil.copytree(township, tmp_path / "镇"))


@pytest.fixture
def do(folder: Path, capsys: pytest.CaptureFixture[str]) -> Do:
    """Runs a command on the township; the answer is its status and its JSON document."""

    def done(*arguments: str) -> tuple[int, Any]:
        status = run([*arguments, "--data", str(folder), "--on", ON, "--json"])
        out, _ = capsys.readouterr()
        return status, json.loads(out)

    return done


# ---- the package -------------------------------------------------------------------------------------------------


def test_a_package_is_written_and_verifies(do: Do, tmp_path: Path) -> None:
    status, made = do("export", "--year", "2026", "--out", str(tmp_path / "年终.zip"))
    assert status == 0
    assert {"code", "severity", "count", "text"} == set(made["preflight"][0])
    status, found = do("verify", str(tmp_path / "年终.zip"))
    assert (status, found["good"], found["faults"], found["sha256"]) == (0, True, [], made["sha256"])
    assert found["facts"]["Source-Organization"] == "惠萍镇"
    assert found["signed_by"] is None


def test_a_folder_gets_the_package_under_its_proper_name(do: Do, tmp_path: Path) -> None:
    _, made = do("export", "--year", "2026", "--out", str(tmp_path / "上报"), "--cut-off", "2026-10-31")
    assert Path(made["file"]).parent == tmp_path / "上报"
    assert Path(made["file"]).name.endswith("-惠萍镇-2026-年度执法-20261031.zip")


def test_the_same_data_give_the_same_bytes(do: Do, tmp_path: Path) -> None:
    first = do("export", "--year", "2026", "--out", str(tmp_path / "a.zip"))[1]
    assert do("export", "--year", "2026", "--out", str(tmp_path / "b.zip"))[1]["sha256"] == first["sha256"]


def test_a_signed_package_names_its_key(do: Do, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    made = do("export", "--year", "2026", "--out", str(tmp_path / "a.zip"), "--sign", str(key))[1]
    assert made["signed"] is True
    assert do("verify", str(tmp_path / "a.zip"))[1]["signed_by"]
    key.write_bytes(b"no key")
    status, told = do("export", "--year", "2026", "--out", str(tmp_path / "b.zip"), "--sign", str(key))
    assert (status, told["error"]["code"]) == (2, "signing_key")
    assert not (tmp_path / "b.zip").exists()


def test_an_altered_package_is_refused_with_every_fault_named(do: Do, tmp_path: Path) -> None:
    do("export", "--year", "2026", "--out", str(tmp_path / "a.zip"))
    with zipfile.ZipFile(tmp_path / "a.zip") as before, zipfile.ZipFile(tmp_path / "b.zip", "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            after.writestr(entry.filename, content + b" " if entry.filename.endswith("hazards.csv") else content)
    status, found = do("verify", str(tmp_path / "b.zip"))
    assert (status, found["good"]) == (1, False)
    assert ("hash", "data/records/hazards.csv") in {(each["code"], each["where"]) for each in found["faults"]}


@pytest.mark.parametrize("content", [b"", b"PK", "今天天气很好".encode()])
def test_what_is_no_package_is_found_wrong_without_a_data_folder(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    assert run(["verify", str(tmp_path / "a.zip")]) == 1
    out, err = capsys.readouterr()
    assert "没有通过" in out
    assert err == ""
    assert run(["verify", str(tmp_path / "没有.zip")]) == 2
    assert "没有这个文件" in capsys.readouterr().err


@pytest.mark.parametrize("cut_off", ["2025-12-31", "2026-11-25"])
def test_a_cut_off_that_cannot_be_is_refused(cut_off: str, do: Do, tmp_path: Path) -> None:
    status, told = do("export", "--year", "2026", "--out", str(tmp_path / "a.zip"), "--cut-off", cut_off)
    assert status == 2
    assert cut_off in told["error"]["message"]


def test_merging_does_not_depend_on_order_and_a_later_package_replaces(do: Do, tmp_path: Path) -> None:
    late, early, bad = (str(tmp_path / f"{name}.zip") for name in ("late", "early", "bad"))
    do("export", "--year", "2026", "--out", late)
    do("export", "--year", "2026", "--out", early, "--cut-off", "2026-10-31")
    written = []
    for number, order in enumerate(([late, early], [early, late, late])):
        status, merged = do("merge", *order, "--out", str(tmp_path / f"汇总{number}"))
        assert status == 0
        assert [member["file"] for member in merged["members"]] == ["late.zip"]
        assert [(each["earlier"], each["later"]) for each in merged["replaced"]] == [("early.zip", "late.zip")]
        written.append([Path(name).read_bytes() for name in merged["files"]])
    assert written[0] == written[1]
    sheets = openpyxl.load_workbook(tmp_path / "汇总0" / "汇总.xlsx").sheetnames
    assert sheets[0] == "2026年合计"
    Path(bad).write_bytes(b"PK")
    status, merged = do("merge", bad, late, "--out", str(tmp_path / "汇总2"))
    assert (status, [each["file"] for each in merged["rejected"]]) == (1, ["bad.zip"])
    assert len(merged["members"]) == 1


# ---- figures -----------------------------------------------------------------------------------------------------


def test_stats_tell_every_figure_of_the_period_with_its_definition(do: Do) -> None:
    status, year = do("stats", "--from", "2026-01-01", "--to", "2026-12-31")
    assert (status, year["from"], year["to"]) == (0, "2026-01-01", ON)
    figures = {(each["code"], each["part"]): each for each in year["figures"]}
    assert all(each["definition"] and each["title"] for each in figures.values())
    spring = do("stats", "--from", "2026-04-01", "--to", "2026-06-30")[1]
    by_month = {each["part"]: each["numerator"] for each in spring["figures"] if each["code"] == "inspections"}
    assert {part for part in by_month if part.startswith("m")} == {"m04", "m05", "m06"}
    assert by_month[""] == by_month["m04"] + by_month["m05"] + by_month["m06"] > 0
    assert by_month["m04"] == figures["inspections", "m04"]["numerator"]


@pytest.mark.parametrize(
    ("first", "last"), [("2025-12-01", "2026-01-31"), ("2026-12-01", "2026-12-31"), ("2026-03-02", "2026-03-01")]
)
def test_a_period_that_cannot_be_counted_is_status_2(first: str, last: str, do: Do) -> None:
    assert do("stats", "--from", first, "--to", last)[0] == 2


def test_every_ledger_of_the_township_is_written(do: Do, tmp_path: Path) -> None:
    from desktop.cli.parser import LEDGERS

    for name in LEDGERS:
        file = str(tmp_path / f"{name}.xlsx")
        status, told = do("ledger", name, "--from", "2026-01-01", "--to", ON, "--xlsx", file)
        assert (status, told["rows"] > 0) == (0, True), name
        openpyxl.load_workbook(file)


# ---- the data check ----------------------------------------------------------------------------------------------


def test_sound_data_pass_and_a_forged_journal_is_found(do: Do, folder: Path) -> None:
    status, found = do("check", "data")
    assert (status, found["good"]) == (0, True), found
    with sqlite3.connect(folder / "office.db") as connection:
        connection.execute("UPDATE operation SET title = '改过的' WHERE id = 1")
    connection.close()
    status, found = do("check", "data")
    assert (status, found["good"]) == (1, False)
    assert "journal_broken" in {each["code"] for each in found["findings"]}


# ---- backups -----------------------------------------------------------------------------------------------------


def test_a_backup_comes_back_and_what_is_lost_is_said(do: Do, folder: Path, tmp_path: Path) -> None:
    status, made = do("backup", "--to", str(tmp_path / "U盘"))
    assert (status, made["second_trouble"]) == (0, None)
    status, checked = do("backup", "verify", made["file"])
    assert (status, checked["good"], checked["office"]) == (0, True, "惠萍镇")
    do("export", "--year", "2026", "--out", str(tmp_path / "a.zip"))
    status, restored = do("restore", made["file"])
    assert status == 0
    assert [each["title"] for each in restored["lost"]] == ["导出年终包"]
    assert Path(restored["kept_as"]).is_file()
    assert Path(restored["backup_before"]).is_file()
    assert "导出年终包" not in {act["title"] for act in do("journal")[1]["items"]}


def test_a_damaged_file_is_replaced_by_its_backup(do: Do, folder: Path) -> None:
    made = do("backup")[1]["file"]
    before = do("due")[1]
    (folder / "office.db").write_bytes(b"damaged" * 1000)
    for ending in ("-wal", "-shm"):
        (folder / f"office.db{ending}").unlink(missing_ok=True)
    assert do("due")[0] == 3
    status, restored = do("restore", made)
    assert (status, restored["lost"], restored["backup_before"]) == (0, [], None)
    assert Path(restored["kept_as"]).read_bytes() == b"damaged" * 1000
    assert do("due")[1] == before


def test_a_backup_opens_as_another_folder_and_never_over_one(do: Do, tmp_path: Path) -> None:
    made = do("backup", "--to", str(tmp_path / "U盘"))[1]["file"]
    assert do("restore", made, "--as", str(tmp_path / "新"))[0] == 0
    assert (tmp_path / "新" / "office.db").is_file()
    status, told = do("restore", made, "--as", str(tmp_path / "新"))
    assert (status, told["error"]["code"]) == (1, "file_exists")


@pytest.mark.parametrize("command", [("backup", "verify"), ("restore",)])
def test_a_spoilt_backup_is_refused_and_the_data_stay(
    command: tuple[str, ...], do: Do, folder: Path, tmp_path: Path
) -> None:
    made = Path(do("backup", "--to", str(tmp_path / "U盘"))[1]["file"])
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= 0xFF
    made.write_bytes(content)
    before = do("due")[1]
    assert do(*command, str(made))[0] in (1, 2)
    assert do("due")[1] == before
    assert do(*command, str(tmp_path / "没有.tsbak"))[0] == 2
