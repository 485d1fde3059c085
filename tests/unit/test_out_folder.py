"""Copies for other programs are cleared a day after their last change."""

import os
from pathlib import Path

import pytest

from desktop.system import out_folder
from desktop.system.out_folder import KEPT_SECONDS, clear_out_folder

NOW = 1_800_000_000.0


def a_copy(folder: Path, name: str, age: float) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(b"PK")
    os.utime(path, (NOW - age, NOW - age))
    return path


def test_what_is_older_than_a_day_goes_and_the_rest_stays(tmp_path: Path) -> None:
    old = a_copy(tmp_path / "out", "现场检查记录.docx", KEPT_SECONDS + 60)
    fresh = a_copy(tmp_path / "out", "询问笔录.docx", KEPT_SECONDS - 60)
    assert clear_out_folder(tmp_path / "out", NOW) == 1
    assert not old.exists()
    assert fresh.exists()


def test_a_file_that_is_still_open_is_left_and_the_others_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, other = (a_copy(tmp_path / "out", f"{name}.docx", 2 * KEPT_SECONDS) for name in "甲乙")
    plainly = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self == opened:
            raise PermissionError(32, "another program uses the file")
        plainly(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    assert clear_out_folder(tmp_path / "out", NOW) == 1
    assert opened.exists()
    assert not other.exists()
    monkeypatch.undo()
    assert clear_out_folder(tmp_path / "out", NOW) == 1  # at the next start it is closed


def test_without_the_folder_nothing_happens(tmp_path: Path) -> None:
    assert clear_out_folder(tmp_path / "out", NOW) == 0


def test_folders_and_links_are_nobodys_copies(tmp_path: Path) -> None:
    elsewhere = a_copy(tmp_path / "别处", "台账.xlsx", 2 * KEPT_SECONDS)
    (tmp_path / "out" / "里面").mkdir(parents=True)
    inner = a_copy(tmp_path / "out" / "里面", "文件.docx", 2 * KEPT_SECONDS)
    try:
        (tmp_path / "link").symlink_to(elsewhere.parent, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets nobody make links")
    assert clear_out_folder(tmp_path / "link", NOW) == 0
    assert clear_out_folder(tmp_path / "out", NOW) == 0
    assert elsewhere.exists()
    assert inner.exists()


def test_the_folder_is_the_users_temporary_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    path = a_copy(out_folder.out_folder(), "文书.docx", 2 * KEPT_SECONDS)
    assert path.parent == tmp_path / "TownSafe-out"
    assert clear_out_folder(now=NOW) == 1
