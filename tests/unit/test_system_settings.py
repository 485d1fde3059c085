"""Settings, log and the lock of a data folder."""

import json
import logging
import subprocess
import sys
from dataclasses import fields
from datetime import datetime, time
from pathlib import Path

import pytest

from desktop.system.instance import Holder, InstanceLock, socket_name
from desktop.system.log import FILE_NAME, start_log, stop_log
from desktop.system.settings import _READERS, Settings, SettingsFile, Theme, settings_from

FULL = Settings(
    theme=Theme.DARK,
    large_text=True,
    window="AdnQ",
    layouts={"enterprises": "AAAA"},
    last_folder="/data/惠萍镇",
    last_page="enterprises",
    recent_folders=("/data/惠萍镇", "/data/样本"),
    last_opened={"/data/惠萍镇": "2026-11-24T08:30:00"},
    person="张所",
    starts_with_machine=True,
    stays_in_tray=True,
    knows_tray=True,
    reminds=False,
    remind_at="17:05",
    remind_ahead=0,
)


def test_settings_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "new" / "settings.json")
    assert file.write(FULL)
    assert file.read() == FULL


def test_every_setting_has_a_reader_and_is_told_apart_from_its_default() -> None:
    assert {each.name for each in fields(Settings)} == set(_READERS)
    assert all(getattr(FULL, each.name) != getattr(Settings(), each.name) for each in fields(Settings))


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "settings.json").read() == Settings()


@pytest.mark.expects_log
@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"null"])
def test_a_broken_file_gives_the_defaults_and_is_logged(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert SettingsFile(path).read() == Settings()
    assert "default" in caplog.text


@pytest.mark.expects_log
@pytest.mark.parametrize("value", ["", "25:00", "half past eight", 830, None])
def test_a_reminder_time_that_is_none_becomes_half_past_eight(value: object) -> None:
    assert settings_from({"remind_at": value}).reminder_time == time(8, 30)


@pytest.mark.expects_log
@pytest.mark.parametrize("value", [-1, 31, True, "3", 2.5])
def test_a_number_of_days_ahead_that_is_none_becomes_three(value: object) -> None:
    assert settings_from({"remind_ahead": value}).remind_ahead == 3


@pytest.mark.expects_log
def test_one_bad_value_costs_only_itself(caplog: pytest.LogCaptureFixture) -> None:
    data = {"theme": "pink", "large_text": 1, "recent_folders": ["a", 2], "person": "张所", "of_a_newer_program": 1}
    assert settings_from(data) == Settings(person="张所")
    assert [each for each in ("theme", "large_text", "recent_folders") if each not in caplog.text] == []
    assert "pink" not in caplog.text


@pytest.mark.expects_log
def test_settings_that_cannot_be_written_do_not_stop_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert not SettingsFile(tmp_path / "file" / "settings.json").write(FULL)


def test_the_last_folder_comes_first_and_once() -> None:
    settings = Settings()
    for name in ("a", "b", "a", *"cdefghij"):
        settings = settings.with_folder(Path(name))
    assert settings.last_folder == "j"
    assert settings.recent_folders == tuple("jihgfedc")


def test_layouts_and_opening_moments_are_kept_by_name() -> None:
    settings = (
        Settings().with_layout("hazards", "A").with_layout("plan", "B").with_opened(Path("x"), "2026-11-24T08:00:00")
    )
    assert settings.layouts == {"hazards": "A", "plan": "B"}
    assert settings.last_opened == {"x": "2026-11-24T08:00:00"}


@pytest.mark.expects_log
def test_the_log_masks_phones_and_codes_and_keeps_dates_and_counts(tmp_path: Path) -> None:
    handler = start_log(tmp_path)
    assert handler is not None
    try:
        logging.getLogger("desktop.test").warning(
            "读到 20000 行 20261124 电话 13812345678 身份证 32062619800101001X 代码 91320681MA1ABCDE2X"
        )
    finally:
        stop_log(handler)
    text = (tmp_path / FILE_NAME).read_text("utf-8")
    assert "读到 20000 行 20261124 电话 *** 身份证 *** 代码 ***" in text


def test_a_log_folder_that_cannot_be_made_leaves_the_program_without_a_log(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert start_log(tmp_path / "file" / "logs") is None


def test_a_data_folder_has_one_holder_who_tells_who_it_is(tmp_path: Path) -> None:
    first, second = InstanceLock(tmp_path), InstanceLock(tmp_path)
    now = datetime(2026, 11, 24, 8, 30)
    with first:
        assert first.acquire(now)
        assert first.acquire(now)
        assert not second.acquire()
        holder = second.holder()
        assert isinstance(holder, Holder)
        assert holder.since == now
    assert second.acquire()
    second.release()
    assert second.holder() is None


HOLD = """
import sys
from pathlib import Path
from desktop.system.instance import InstanceLock
assert InstanceLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        lock = InstanceLock(tmp_path)
        assert not lock.acquire()
        holder = lock.holder()
        assert holder is not None
        assert holder.pid == other.pid
        other.kill()
        other.wait()
        assert lock.acquire()
        lock.release()


def test_the_socket_is_named_by_the_folder_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert socket_name(tmp_path) == socket_name(tmp_path / "a" / "..")
    assert socket_name(tmp_path) != socket_name(tmp_path / "a")


def test_settings_are_readable_json(tmp_path: Path) -> None:
    SettingsFile(tmp_path / "settings.json").write(FULL)
    assert json.loads((tmp_path / "settings.json").read_text("utf-8"))["person"] == "张所"
