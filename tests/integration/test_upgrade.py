"""A newer version on a stick: found by its name, checked by its list, handed over only after a verified backup."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import __version__
from desktop.domain.errors import Refused, Trouble
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.office import OfficeDraft
from desktop.services.opening import create_office
from desktop.services.upgrade import Edition, Step, Upgrades, version_of
from desktop.system import installation
from desktop.system.installation import WindowsLauncher, is_portable, places_to_look, program_folder
from desktop.text import sentence

CONTENT = b"MZ" + b"setup" * 1000


class Fake:
    """A launcher that only notes what it was asked to start."""

    can_start = True

    def __init__(self, refuses: bool = False) -> None:
        self.started: list[Path] = []
        self.refuses = refuses

    def start(self, setup: Path) -> None:
        if self.refuses:
            raise OSError(1223, "cancelled")
        assert setup.read_bytes() == CONTENT
        self.started.append(setup)


def a_stick(folder: Path, *names: str, sums: str | None = None) -> Path:
    """A folder with versions and the list of their hashes, as the build writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(CONTENT)
    listed = "".join(f"{hashlib.sha256(CONTENT).hexdigest()} *{name}\n" for name in names)
    (folder / "SHA256SUMS").write_text(listed if sums is None else sums, "utf-8")
    return folder


@pytest.fixture
def launcher() -> Fake:
    return Fake()


@pytest.fixture
def upgrades(tmp_path: Path, launcher: Fake) -> Upgrades:
    return Upgrades("0.9.1", tmp_path / "scratch", launcher)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = create_office(tmp_path / "数据", person="张所", clock=Clock())
    services.offices.establish(OfficeDraft(name="惠萍镇", code="320681102"))
    yield services
    services.close()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("0.9", "0.10"), ("0.9.1", "0.9.2"), ("0.9.9", "1.0"), ("1.0.0", "1.0.1"), ("0.9", "0.9.0.1")],
)
def test_versions_are_compared_by_their_numbers(earlier: str, later: str) -> None:
    assert version_of(earlier) < version_of(later)
    assert version_of("1.0") == version_of("1.0.0") == version_of("1")


def test_our_own_version_can_be_compared() -> None:
    assert version_of(__version__) > ()


def test_the_latest_setup_is_found_also_in_a_folder_of_our_name(upgrades: Upgrades, tmp_path: Path) -> None:
    stick = a_stick(tmp_path / "U盘", "TownSafe-0.9.2-setup.exe", "TownSafe-0.10.0-portable.zip", "别的.exe")
    a_stick(stick / "镇安", "TownSafe-0.10.0-setup.exe")
    found = upgrades.look([tmp_path / "没有这个盘", stick])
    assert found is not None
    assert (found.version, found.edition, found.step, found.size) == ("0.10.0", Edition.SETUP, Step.NEWER, len(CONTENT))
    portable = upgrades.look([stick], Edition.PORTABLE)
    assert portable is not None
    assert portable.path.name == "TownSafe-0.10.0-portable.zip"


@pytest.mark.parametrize(("version", "step"), [("0.9.1", Step.SAME), ("0.9.1.0", Step.SAME), ("0.8.12", Step.OLDER)])
def test_what_is_not_newer_is_told_and_refused(
    upgrades: Upgrades, services: Services, tmp_path: Path, version: str, step: Step
) -> None:
    found = upgrades.look([a_stick(tmp_path / "U盘", f"TownSafe-{version}-setup.exe")])
    assert found is not None
    assert found.step is step
    with pytest.raises(Refused) as told:
        upgrades.prepare(found, services.backups)
    assert "不用升级" in sentence(told.value)
    assert services.backups.list() == []


@pytest.mark.parametrize(
    "name", ["TownSafe-setup.exe", "TownSafe-0.9-setup.exe.txt", "Setup.exe", "TownSafe-0.9-beta-setup.exe"]
)
def test_other_files_are_no_version_of_ours(upgrades: Upgrades, tmp_path: Path, name: str) -> None:
    assert upgrades.look([a_stick(tmp_path / "U盘", name)]) is None


def test_a_checked_copy_is_started_after_a_backup_that_was_opened(
    upgrades: Upgrades, services: Services, tmp_path: Path, launcher: Fake
) -> None:
    found = upgrades.look([a_stick(tmp_path / "U盘", "TownSafe-0.10.0-setup.exe")])
    assert found is not None
    steps: list[str] = []
    ready = upgrades.prepare(found, services.backups)
    assert steps == []
    assert launcher.started == [], "nothing starts before it is asked for"
    assert [row.path for row in services.backups.list()] == [ready.backup.path]
    assert services.backups.verify(ready.backup.path).head == services.store.head_hash()
    assert ready.backup.reason == "升级前"
    found.path.unlink()  # the stick is pulled out
    upgrades.hand_over(ready)
    assert launcher.started == [tmp_path / "scratch" / "TownSafe-0.10.0-setup.exe"]


def test_only_the_last_copy_stays_on_the_disk(upgrades: Upgrades, services: Services, tmp_path: Path) -> None:
    for version in ("0.10.0", "0.11.0"):
        found = upgrades.look([a_stick(tmp_path / version, f"TownSafe-{version}-setup.exe")])
        assert found is not None
        upgrades.prepare(found, services.backups)
    assert [path.name for path in (tmp_path / "scratch").iterdir()] == ["TownSafe-0.11.0-setup.exe"]


@pytest.mark.parametrize(
    ("sums", "code", "says"),
    [
        ("", "upgrade_not_listed", "没有升级"),
        (f"{'0' * 64} *TownSafe-0.10.0-setup.exe\n", "upgrade_not_whole", "数据没有改动"),
        (f"{'0' * 63} *TownSafe-0.10.0-setup.exe\n", "upgrade_not_listed", "没有升级"),
        (f"{hashlib.sha256(CONTENT).hexdigest()} *TownSafe-0.9.0-setup.exe\n", "upgrade_not_listed", "没有升级"),
    ],
)
def test_a_file_that_its_list_does_not_vouch_for_is_not_started(
    upgrades: Upgrades, services: Services, tmp_path: Path, launcher: Fake, sums: str, code: str, says: str
) -> None:
    found = upgrades.look([a_stick(tmp_path / "U盘", "TownSafe-0.10.0-setup.exe", sums=sums)])
    assert found is not None
    for check in (lambda: upgrades.check(found), lambda: upgrades.prepare(found, services.backups)):
        with pytest.raises(Trouble) as told:
            check()
        assert told.value.code == code
        assert says in sentence(told.value)
    assert services.backups.list() == []
    assert launcher.started == []
    assert not (tmp_path / "scratch").exists() or list((tmp_path / "scratch").iterdir()) == []


def test_a_list_as_other_programs_write_it_is_read(upgrades: Upgrades, tmp_path: Path) -> None:
    """With a mark of UTF-8, Windows line ends, capitals and two blanks."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    sums = f"\ufeff{digest.upper()}  townsafe-0.10.0-SETUP.exe\r\n"
    found = upgrades.look([a_stick(tmp_path / "U盘", "TownSafe-0.10.0-setup.exe", sums=sums)])
    assert found is not None
    assert upgrades.check(found) == digest


def test_a_list_that_is_missing_is_asked_for(upgrades: Upgrades, tmp_path: Path) -> None:
    stick = a_stick(tmp_path / "U盘", "TownSafe-0.10.0-setup.exe")
    (stick / "SHA256SUMS").unlink()
    found = upgrades.look([stick])
    assert found is not None
    with pytest.raises(Trouble, match="upgrade_no_sums") as told:
        upgrades.check(found)
    assert "同一个文件夹" in sentence(told.value)


def test_a_stick_that_is_pulled_out_is_told(upgrades: Upgrades, services: Services, tmp_path: Path) -> None:
    found = upgrades.look([a_stick(tmp_path / "U盘", "TownSafe-0.10.0-setup.exe")])
    assert found is not None
    found.path.unlink()
    with pytest.raises(Trouble, match="upgrade_unreadable"):
        upgrades.prepare(found, services.backups)
    assert services.backups.list() == []


def test_a_copy_that_was_changed_meanwhile_is_not_started(
    upgrades: Upgrades, services: Services, tmp_path: Path, launcher: Fake
) -> None:
    found = upgrades.look([a_stick(tmp_path / "U盘", "TownSafe-0.10.0-setup.exe")])
    assert found is not None
    ready = upgrades.prepare(found, services.backups)
    ready.setup.write_bytes(b"MZ something else")
    with pytest.raises(Trouble, match="upgrade_not_whole"):
        upgrades.hand_over(ready)
    assert launcher.started == []


def test_a_setup_that_does_not_start_is_told_with_its_place(services: Services, tmp_path: Path) -> None:
    upgrades = Upgrades("0.9.1", tmp_path / "scratch", Fake(refuses=True))
    found = upgrades.look([a_stick(tmp_path / "U盘", "TownSafe-0.10.0-setup.exe")])
    assert found is not None
    ready = upgrades.prepare(found, services.backups)
    with pytest.raises(Trouble) as told:
        upgrades.hand_over(ready)
    assert sentence(told.value).endswith(str(ready.setup))


def test_a_backup_that_fails_stops_everything(
    upgrades: Upgrades, services: Services, tmp_path: Path, launcher: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_told: object) -> None:
        raise Trouble("backup_damaged", path="x")

    monkeypatch.setattr(services.backups, "verify", damaged)
    found = upgrades.look([a_stick(tmp_path / "U盘", "TownSafe-0.10.0-setup.exe")])
    assert found is not None
    with pytest.raises(Trouble, match="backup_damaged"):
        upgrades.prepare(found, services.backups)
    assert launcher.started == []


def test_the_portable_edition_is_known_by_its_mark(tmp_path: Path) -> None:
    assert not is_portable(tmp_path)
    (tmp_path / "portable").write_bytes(b"")
    assert is_portable(tmp_path)
    assert (program_folder() / "desktop" / "__init__.py").is_file()


def test_beside_the_program_and_on_sticks_is_where_to_look(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(installation, "_removable", lambda: iter([tmp_path / "U盘"]))
    assert list(places_to_look())[-1] == tmp_path / "U盘"
    assert program_folder().parent in list(places_to_look())


@pytest.mark.skipif(installation.sys.platform == "win32", reason="it would start something")
def test_no_setup_starts_where_there_is_no_windows(tmp_path: Path) -> None:
    assert not WindowsLauncher().can_start
    with pytest.raises(OSError, match="Windows"):
        WindowsLauncher().start(tmp_path)
