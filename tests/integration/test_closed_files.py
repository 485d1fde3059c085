"""Windows renames and removes no file that somebody has open. Linux does, so what is open is looked up at each call."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import year_office

from desktop.exchange.package import write_whole as write_package
from desktop.services.backups import BackupReason
from desktop.services.clock import Clock
from desktop.services.office import OfficeDraft
from desktop.services.opening import create_office, open_office
from desktop.system import held
from desktop.system.drafts import Draft, DraftFolder
from desktop.system.settings import Settings, SettingsFile

OPEN = Path("/proc/self/fd")
pytestmark = pytest.mark.skipif(not OPEN.is_dir(), reason="only Linux tells what a process has open")


def _is_open(path: Path) -> bool:
    wanted = path.resolve()
    for handle in OPEN.iterdir():
        try:
            if handle.readlink() == wanted:
                return True
        except OSError:
            continue
    return False


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of files that were renamed or removed; the test fails where one was open."""
    names: list[str] = []
    replace, unlink = held.replace, held.unlink

    def look(*paths: Path) -> None:
        for path in paths:
            if path.exists():
                names.append(path.name)
                assert not _is_open(path), f"{path.name} is open while it is renamed or removed"

    def looked_replace(source: Path, target: Path) -> None:
        look(source, target)
        replace(source, target)

    def looked_unlink(path: Path, missing_ok: bool = False) -> None:
        look(path)
        unlink(path, missing_ok)

    monkeypatch.setattr(held, "replace", looked_replace)
    monkeypatch.setattr(held, "unlink", looked_unlink)
    return names


def test_an_office_is_made_backed_up_and_restored_with_every_file_closed(tmp_path: Path, seen: list[str]) -> None:
    folder = tmp_path / "数据"
    services = create_office(folder, person="张所", clock=Clock())
    services.offices.establish(OfficeDraft(name="惠萍镇", code="320681102"))
    services.backups.choose_second_folder(tmp_path / "U盘")
    (tmp_path / "U盘").mkdir()
    made = services.backups.make(BackupReason.HAND)
    services.offices.change(OfficeDraft(name="惠萍镇", code="320681102", contact="李四"))
    services.backups.verify(made.row.path)
    services.backups.restore(made.row.path)
    services.close()
    open_office(folder, person="张所", clock=Clock()).close()
    assert {"office.db.new", "office.db", "snapshot"} & set(seen)
    assert len(seen) > 4


def _settings(folder: Path) -> None:
    file = SettingsFile(folder / "settings.json")
    assert file.write(Settings())
    assert file.write(Settings(large_text=True))


def _draft(folder: Path) -> None:
    drafts = DraftFolder(folder / "drafts")
    for words in ("甲", "乙"):
        drafts.keep(Draft("x", "hazard", {}, "登记隐患", datetime(2026, 11, 24), {"description": words}))
    drafts.drop("x")


def _package(folder: Path) -> None:
    for _ in range(2):
        write_package(folder / "年终包.zip", year_office.a_package())


@pytest.mark.parametrize("write", [_settings, _draft, _package])
def test_small_files_are_closed_before_they_take_their_place(
    tmp_path: Path, seen: list[str], write: Callable[[Path], None]
) -> None:
    write(tmp_path)
    assert seen


@pytest.mark.skipif(os.name == "nt", reason="Windows itself refuses what this test would see")
def test_the_test_itself_sees_an_open_file(tmp_path: Path, seen: list[str]) -> None:
    source = tmp_path / "new"
    with source.open("wb") as file:
        file.write(b"x")
        file.flush()
        with pytest.raises(AssertionError, match="is open"):
            held.replace(source, tmp_path / "old")
