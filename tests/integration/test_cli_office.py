"""init, sample, undo, journal and version; and every way in which a data folder cannot be used."""

import json
import shutil
import sqlite3
from pathlib import Path

import builders
import pytest

from db.head import HEAD
from db.store import Store
from desktop.cli import run
from desktop.system.instance import InstanceLock

Captured = pytest.CaptureFixture[str]
INIT = ("init", "--office", "惠萍镇", "--code", "320681102", "--prefix", "苏启")


def said(capsys: Captured) -> str:
    """The one sentence of an error; nothing is on standard output."""
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
    return err


def answer(capsys: Captured, *arguments: str) -> dict[str, object]:
    """The document of a command that must succeed."""
    assert run([*arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert isinstance(document, dict)
    return document


# ---- a new office ------------------------------------------------------------------------------------------------


def test_init_makes_an_office_with_its_yearly_report(tmp_path: Path, capsys: Captured) -> None:
    at = ("--data", str(tmp_path / "惠萍镇"), "--on", "2026-03-02")
    made = answer(capsys, *INIT, *at)
    assert (made["office"], made["code"], made["county"], made["prefix"]) == ("惠萍镇", "320681102", "启东市", "苏启")
    items = answer(capsys, "due", *at)["items"]
    assert isinstance(items, list)
    assert (items[0]["kind"], items[0]["due_on"]) == ("report", "2026-12-25")


def test_without_data_the_office_lies_in_the_users_own_folder(home_folder: Path, capsys: Captured) -> None:
    assert run(INIT) == 0
    assert (home_folder / "office" / "office.db").is_file()
    capsys.readouterr()
    assert run(["due"]) == 0


def test_init_refuses_a_folder_with_an_office_and_leaves_it_alone(
    store: Store, data_folder: Path, capsys: Captured
) -> None:
    builders.an_enterprise(store)
    store.close()
    before = (data_folder / builders.FILE).read_bytes()
    assert run([*INIT, "--data", str(data_folder)]) == 1
    assert "已经有数据文件" in said(capsys)
    assert (data_folder / builders.FILE).read_bytes() == before


def test_an_office_that_cannot_be_established_leaves_no_file(tmp_path: Path, capsys: Captured) -> None:
    assert run(["init", "--office", "惠萍镇", "--code", "abc", "--data", str(tmp_path)]) == 2
    said(capsys)
    assert list(tmp_path.glob("office*")) == []


def test_the_sample_is_the_same_for_the_same_seed(tmp_path: Path, capsys: Captured) -> None:
    found = []
    for name in ("a", "b"):
        at = ("--data", str(tmp_path / name), "--on", "2026-03-02")
        made = answer(capsys, "sample", "--enterprises", "60", "--years", "1", "--seed", "7", *at)
        assert (made["enterprises"], made["years"], made["seed"]) == (60, 1, 7)
        found.append(answer(capsys, "due", *at))
    assert found[0] == found[1]
    assert found[0]["items"]
    assert run(["sample", "--data", str(tmp_path / "a")]) == 1
    assert "已经有" in said(capsys)


# ---- undo and journal --------------------------------------------------------------------------------------------


def test_the_journal_lists_acts_and_undo_takes_the_last_one_back(
    store: Store, data_folder: Path, capsys: Captured
) -> None:
    builders.an_enterprise(store, "启东市宏达机械厂")
    store.close()
    at = ("--data", str(data_folder))
    acts = answer(capsys, "journal", *at)["items"]
    assert isinstance(acts, list)
    assert [(act["title"], act["undone_by"]) for act in acts] == [("准备", None)]
    assert answer(capsys, "undo", "--last", *at)["undone"] == {"id": acts[0]["id"], "title": "准备"}
    assert answer(capsys, "enterprise", "find", "宏达", *at)["items"] == []
    acts = answer(capsys, "journal", *at)["items"]
    assert isinstance(acts, list)
    assert [act["title"] for act in acts] == ["撤销：准备", "准备"]
    assert acts[1]["undone_by"] == acts[0]["id"]
    assert run(["undo", *at]) == 1
    assert "没有可以撤销" in said(capsys)
    assert answer(capsys, "journal", "--since", "2099-01-01", *at)["items"] == []


# ---- folders that cannot be used ---------------------------------------------------------------------------------


def _missing(folder: Path) -> None:
    (folder / builders.FILE).unlink()


def _empty(folder: Path) -> None:
    (folder / builders.FILE).write_bytes(b"")


def _foreign(folder: Path) -> None:
    (folder / builders.FILE).unlink()
    with sqlite3.connect(folder / builders.FILE) as connection:
        connection.execute("CREATE TABLE something (id INTEGER)")
    connection.close()


def _text(folder: Path) -> None:
    (folder / builders.FILE).write_text("这不是数据库" * 500, encoding="utf-8")


def _damaged(folder: Path) -> None:
    with (folder / builders.FILE).open("r+b") as file:
        file.seek(100)
        file.write(b"\x00" * 4000)


def _newer(folder: Path) -> None:
    with sqlite3.connect(folder / builders.FILE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


@pytest.mark.parametrize("spoil", [_missing, _empty, _foreign, _text, _damaged, _newer])
@pytest.mark.parametrize("command", [("due",), ("undo",), ("journal",), ("plan", "show")])
def test_a_folder_that_cannot_be_used_is_status_3_and_left_alone(
    spoil: object, command: tuple[str, ...], store: Store, data_folder: Path, capsys: Captured
) -> None:
    store.close()
    assert callable(spoil)
    spoil(data_folder)
    file = data_folder / builders.FILE
    before = file.read_bytes() if file.exists() else None
    assert run([*command, "--data", str(data_folder)]) == 3
    assert len(said(capsys)) > 10
    assert (file.read_bytes() if file.exists() else None) == before


def test_a_folder_in_a_sync_service_is_refused(tmp_path: Path, capsys: Captured) -> None:
    assert run([*INIT, "--data", str(tmp_path / "OneDrive" / "镇安")]) == 3
    assert "OneDrive" in said(capsys)
    assert not (tmp_path / "OneDrive").exists()


def test_while_a_window_has_the_folder_only_reading_commands_run(
    store: Store, data_folder: Path, capsys: Captured
) -> None:
    builders.an_enterprise(store)
    at = ("--data", str(data_folder))
    lock = InstanceLock(data_folder)
    assert lock.acquire()
    try:
        assert run(["due", *at]) == 0
        capsys.readouterr()
        assert run(["undo", *at]) == 3
        assert "已经在另一个镇安窗口里打开" in said(capsys)
    finally:
        lock.release()
        store.close()
    assert run(["undo", *at]) == 0


# ---- version -----------------------------------------------------------------------------------------------------


def test_version_tells_program_schema_and_data(store: Store, data_folder: Path, capsys: Captured) -> None:
    store.close()
    told = answer(capsys, "version", "--data", str(data_folder))
    assert told["schema"] == told["file"] == HEAD
    assert isinstance(told["data"], dict)
    assert told["data"]["holidays"] == [2004, 2026]
    shutil.rmtree(data_folder)
    assert answer(capsys, "version", "--data", str(data_folder))["file"] is None
