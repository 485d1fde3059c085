"""Backups: checked before they count, thinned only then, carried away as one file, restored without surprise."""

import json
import shutil
import sqlite3
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import builders
import pytest
from sqlalchemy import text

from db import backup
from db.attachments import Attachments
from db.head import HEAD, version_of
from db.migrate import open_store
from db.models import Officer
from db.store import Store
from desktop.domain.changed import Changed
from desktop.domain.errors import Refused, Trouble
from desktop.services.backups import (
    BackupReason,
    Backups,
    remember,
    restore_as,
    restore_closed,
)
from desktop.services.clock import Clock
from desktop.services.progress import Cancelled, Progress
from desktop.system.folders import OfficeFolder


class Watch:
    """A moment that the test moves on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0)

    def __call__(self) -> datetime:
        return self.at

    def later(self, **more: float) -> None:
        self.at += timedelta(**more)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def backups(store: Store, data_folder: Path, watch: Watch) -> Backups:
    return Backups(store, data_folder, Clock(lambda: watch.at.date(), watch))


def a_photo(store: Store, data_folder: Path, content: bytes = b"photo") -> str:
    sha256 = Attachments(data_folder / "attachments").put(content)
    builders.an_attachment(store, sha256, size=len(content))
    return sha256


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# ---- making --------------------------------------------------------------------------------------------------


def test_a_backup_says_what_it_holds(store: Store, data_folder: Path, backups: Backups) -> None:
    number = builders.an_enterprise(store)
    builders.an_order(store, number, hazard_count=2)
    photo = a_photo(store, data_folder)
    made = backups.make(BackupReason.HAND)
    facts = made.row.facts
    assert facts is not None
    assert made.row.path.name == "镇安备份-20260302-090000.tsbak"
    assert (facts.counts["enterprise"], facts.counts["hazard"], facts.head) == (1, 2, store.head_hash())
    assert [kept.sha256 for kept in facts.attachments] == [photo]
    assert backup.verify(made.row.path) == facts
    assert names(data_folder / "backups") == {made.row.path.name}
    assert (backups.list(), made.row.reason) == ([made.row], "手动")


def test_a_backup_taken_while_another_thread_writes_is_one_moment(store: Store, backups: Backups) -> None:
    """In each act an enterprise and its tag come together: a copy of half an act would have unequal counts."""
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            with store.write("登记"):
                builders.a_tag(store, builders.an_enterprise(store))

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        for _ in range(5):
            facts = backups.make(BackupReason.AUTOMATIC).row.facts
            assert facts is not None
            assert facts.counts["enterprise"] == facts.counts["enterprise_tag"] == facts.counts["operation"]
    finally:
        stop.set()
        thread.join()


def test_two_backups_in_one_second_do_not_meet(backups: Backups) -> None:
    first, second = backups.make(BackupReason.HAND), backups.make(BackupReason.IMPORT)
    assert second.row.path.name == "镇安备份-20260302-090000-1.tsbak"
    assert len({row.path for row in backups.list()} | {first.row.path}) == 2


def test_a_backup_is_due_half_an_hour_after_a_change(store: Store, backups: Backups, watch: Watch) -> None:
    assert backups.is_due()
    backups.make(BackupReason.AUTOMATIC)
    watch.later(minutes=31)
    assert not backups.is_due()  # nothing was done since
    builders.an_enterprise(store)
    assert backups.is_due()
    backups.make(BackupReason.AUTOMATIC)
    builders.an_enterprise(store)
    watch.later(minutes=29)
    assert not backups.is_due()
    assert backups.is_changed  # but it is at exit
    watch.later(minutes=1)
    assert backups.is_due()
    watch.later(days=-3)
    assert backups.is_due()  # the clock was set back


def test_undoing_an_act_is_a_change_too(store: Store, backups: Backups) -> None:
    builders.an_enterprise(store)
    backups.make(BackupReason.AUTOMATIC)
    store.undo()
    assert backups.is_changed


def test_older_backups_are_thinned_with_time(store: Store, backups: Backups, watch: Watch) -> None:
    for _ in range(20):
        for _ in range(3):
            backups.make(BackupReason.AUTOMATIC)
            watch.later(hours=2)
        watch.later(hours=18)
    days = [row.made_at.date() for row in backups.list()]
    assert len(days) == len(names(backups.list()[0].path.parent))
    assert days.count(max(days)) == 3
    assert len(set(days)) == 2 + 12 + 1  # two days of all, twelve of one, and the week before them
    assert all(days.count(day) == 1 for day in sorted(set(days))[:-2])


# ---- a copy that is not right ----------------------------------------------------------------------------------


@pytest.fixture
def many_old_ones(backups: Backups, watch: Watch) -> list[str]:
    """Backups of which thinning would take some away, after a pause that made them old."""
    for _ in range(4):
        backups.make(BackupReason.AUTOMATIC)
        watch.later(hours=1)
    watch.later(days=5)
    return sorted(row.path.name for row in backups.list())


def spoil_sooner(monkeypatch: pytest.MonkeyPatch, spoil: object) -> None:
    """Let the copy be spoilt after it was packed and before it is read back."""
    packed = backup._pack

    def pack_and_spoil(file: object, *rest: object) -> None:
        packed(file, *rest)  # type: ignore[arg-type]
        spoil(file)  # type: ignore[operator]

    monkeypatch.setattr(backup, "_pack", pack_and_spoil)


def flip_in_the_middle(file: object) -> None:
    size = file.tell()  # type: ignore[attr-defined]
    file.seek(size // 2)  # type: ignore[attr-defined]
    file.write(b"\x00\xff\x00\xff")  # type: ignore[attr-defined]


def cut_short(file: object) -> None:
    file.truncate(file.tell() // 2)  # type: ignore[attr-defined]


@pytest.mark.parametrize("spoil", [flip_in_the_middle, cut_short])
def test_a_copy_spoilt_on_its_way_does_not_count_and_pushes_nothing_out(
    store: Store, backups: Backups, many_old_ones: list[str], monkeypatch: pytest.MonkeyPatch, spoil: object
) -> None:
    builders.an_enterprise(store)
    spoil_sooner(monkeypatch, spoil)
    with pytest.raises(Trouble, match=r"backup_(failed|damaged)"):
        backups.make(BackupReason.AUTOMATIC)
    assert sorted(names(backups.list()[0].path.parent)) == many_old_ones
    monkeypatch.undo()
    assert backups.make(BackupReason.AUTOMATIC).thinned == 3


def test_a_snapshot_with_a_row_too_few_does_not_count(
    store: Store, backups: Backups, many_old_ones: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.an_enterprise(store)
    described = backup._described
    turns = iter(range(100))

    def one_row_less(connection: sqlite3.Connection) -> dict[str, object]:
        if next(turns):
            connection.execute("DELETE FROM enterprise")
        return described(connection)

    monkeypatch.setattr(backup, "_described", one_row_less)
    with pytest.raises(Trouble, match="backup_failed"):
        backups.make(BackupReason.AUTOMATIC)
    assert sorted(names(backups.list()[0].path.parent)) == many_old_ones


def test_a_damaged_database_is_not_backed_up_over_good_ones(
    store: Store, data_folder: Path, backups: Backups, many_old_ones: list[str]
) -> None:
    with store.write("很多") as session:
        session.execute(text("SELECT 1"))
        for _ in range(200):
            builders.an_enterprise(store)
    store.close()
    with store.path.open("r+b") as file:
        file.seek(store.path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096 * 8)
    with pytest.raises(Trouble) as caught:
        backups.make(BackupReason.AUTOMATIC)
    assert caught.value.code in {"backup_failed", "damaged"}
    assert sorted(names(data_folder / "backups")) == many_old_ones


@pytest.mark.parametrize("part", ["title", "database", "facts", "attachment"])
def test_a_backup_altered_later_is_found_by_verify(
    store: Store, data_folder: Path, backups: Backups, tmp_path: Path, part: str
) -> None:
    a_photo(store, data_folder)
    path = backups.make_whole(tmp_path / "U盘").path
    altered = tmp_path / path.name
    _rewrite(path, altered, part)
    with pytest.raises(Trouble, match="backup_damaged"):
        backups.verify(altered)
    assert backups.verify(path).office == ""


def _rewrite(path: Path, altered: Path, part: str) -> None:
    """The same zip with sound checksums of its own, but one part of it changed."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(altered, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if part == "title" and name == backup.FACTS:
                content = content.replace(b'"operation": 1', b'"operation": 2')
            if part == "facts" and name == backup.FACTS:
                content = content[:-20]
            if part == "database" and name == backup.DATABASE:
                content = content[:-1] + b"\x01"
            if part == "attachment" and name.startswith(backup.POOL):
                content += b"!"
            new.writestr(name, content)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut short"])
def test_a_file_that_is_no_backup_is_refused(backups: Backups, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "镇安备份-20260101-000000.tsbak"
    path.write_bytes(content)
    for ask in (backups.verify, backups.preview_restore, backups.restore):
        with pytest.raises(Trouble, match="backup_damaged"):
            ask(path)
    with pytest.raises(Trouble, match="backup_not_found"):
        backups.verify(tmp_path / "没有.tsbak")


def test_a_hostile_backup_writes_nothing_outside(backups: Backups, data_folder: Path, tmp_path: Path) -> None:
    """Names come from the description alone and must be hashes; a bomb is cut off at the size it declares."""
    good = backups.make_whole(tmp_path / "U盘").path
    with zipfile.ZipFile(good) as archive:
        facts = json.loads(archive.read(backup.FACTS))
    for change in (
        {"attachments": [{"sha256": "../../../evil", "size": 1}]},
        {"attachments": [{"sha256": "a" * 64, "size": -1}]},
        {"database": {**facts["database"], "size": 10}},
        {"counts": None},
        {"counts": {"enterprise": "x"}},
        {"made_at": "yesterday"},
        {"surprise": 1},
    ):
        bad = tmp_path / "镇安备份-20260101-000000.tsbak"
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
            new.writestr(backup.FACTS, json.dumps({**facts, **change}))
            new.writestr(backup.DATABASE, old.read(backup.DATABASE))
            new.writestr("../../evil", b"evil")
        before = {path for path in tmp_path.rglob("*") if backup.SUFFIX not in path.name}
        with pytest.raises(Trouble, match="backup_damaged"):
            backups.verify(bad)
        assert {path for path in tmp_path.rglob("*") if backup.SUFFIX not in path.name} == before


def test_a_backup_of_a_newer_program_is_refused(backups: Backups, tmp_path: Path) -> None:
    path = backups.make(BackupReason.HAND).row.path
    newer = tmp_path / path.name
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(newer, "w") as new:
        new.writestr(backup.FACTS, old.read(backup.FACTS).replace(b'"format": 1', b'"format": 9'))
    with pytest.raises(Trouble, match="backup_newer"):
        backups.verify(newer)


def test_a_lost_or_spoilt_photo_does_not_stop_the_backup(store: Store, data_folder: Path, backups: Backups) -> None:
    lost, spoilt, good = (a_photo(store, data_folder, content) for content in (b"1", b"2", b"3"))
    attachments = Attachments(data_folder / "attachments")
    attachments.path_of(lost).unlink()
    attachments.path_of(spoilt).write_bytes(b"rubbish")
    facts = backups.make(BackupReason.HAND).row.facts
    assert facts is not None
    assert set(facts.missing) == {lost, spoilt}
    assert [kept.sha256 for kept in facts.attachments] == [good]


# ---- attachments in a pool -------------------------------------------------------------------------------------


@pytest.fixture
def _much_attached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "WHOLE_UP_TO", 3)


@pytest.mark.usefixtures("_much_attached")
def test_many_photos_are_kept_once_beside_all_automatic_backups(
    store: Store, data_folder: Path, backups: Backups, watch: Watch, tmp_path: Path
) -> None:
    photo = a_photo(store, data_folder)
    for _ in range(3):
        row = backups.make(BackupReason.AUTOMATIC).row
        watch.later(hours=1)
    pool = Attachments(data_folder / "backups" / backup.POOL)
    assert list(pool.kept()) == [photo]
    assert row.facts is not None
    assert not row.facts.is_whole
    restore_as(row.path, tmp_path / "新")
    assert Attachments(tmp_path / "新" / "attachments").read(photo) == b"photo"
    pool.path_of(photo).write_bytes(b"rubbish")
    with pytest.raises(Trouble, match="attachment_changed"):
        backups.verify(row.path)
    whole = backups.make_whole(tmp_path / "U盘")
    assert whole.facts is not None
    assert whole.facts.is_whole
    restore_as(whole.path, tmp_path / "新2")
    assert Attachments(tmp_path / "新2" / "attachments").read(photo) == b"photo"


@pytest.mark.usefixtures("_much_attached")
def test_the_pool_lets_go_of_what_no_backup_needs(
    store: Store, data_folder: Path, backups: Backups, watch: Watch
) -> None:
    first = a_photo(store, data_folder)
    for _ in range(2):
        backups.make(BackupReason.AUTOMATIC)
        watch.later(hours=1)
    store.undo()
    second = a_photo(store, data_folder, b"another")
    backups.make(BackupReason.AUTOMATIC)
    watch.later(days=5)
    assert backups.make(BackupReason.AUTOMATIC).thinned == 2
    assert list(Attachments(data_folder / "backups" / backup.POOL).kept()) == [second]
    assert Attachments(data_folder / "attachments").read(first) == b"photo"


# ---- the second disk -------------------------------------------------------------------------------------------


def test_every_backup_is_copied_to_the_second_disk(
    store: Store, data_folder: Path, backups: Backups, tmp_path: Path
) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    a_photo(store, data_folder)
    backups.choose_second_folder(stick)
    made = backups.make(BackupReason.AUTOMATIC)
    assert made.second == stick / made.row.path.name
    assert backup.verify(made.second) == made.row.facts
    last = backups.last_on_second
    assert last is not None
    assert last.facts == made.row.facts


@pytest.mark.expects_log
def test_a_stick_that_is_gone_is_told_and_the_first_backup_stands(
    store: Store, backups: Backups, tmp_path: Path
) -> None:
    backups.choose_second_folder(tmp_path / "拔掉了")
    made = backups.make(BackupReason.AUTOMATIC)
    assert made.second is None
    assert made.second_trouble is not None
    assert made.second_trouble.code == "backup_second_gone"
    assert backups.list() == [made.row]
    assert backups.last_on_second is None
    backups.choose_second_folder(None)
    assert backups.make(BackupReason.HAND).second_trouble is None


# ---- restoring ---------------------------------------------------------------------------------------------------


def test_the_preview_names_what_would_be_lost(store: Store, backups: Backups, watch: Watch) -> None:
    builders.an_enterprise(store)
    path = backups.make(BackupReason.HAND).row.path
    for title in ("登记甲", "登记乙"):
        with store.write(title):
            builders.an_enterprise(store)
    preview = backups.preview_restore(path)
    assert [line.title for line in preview.lost] == ["登记乙", "登记甲"]
    assert preview.lost_from is not None
    assert preview.lost_to is not None
    assert preview.lost_from < preview.lost_to
    assert preview.gained == 0
    counts = {change.label: (change.now, change.then) for change in preview.tables}
    assert (counts["企业"], counts["隐患"]) == ((3, 1), (0, 0))
    assert len(builders.content(store)["enterprise"]) == 3  # looking changes nothing


def test_a_restore_brings_back_what_was_and_keeps_what_is(
    store: Store, data_folder: Path, backups: Backups, watch: Watch
) -> None:
    builders.an_enterprise(store, "甲厂")
    before, head = builders.content(store), store.head_hash()
    path = backups.make(BackupReason.HAND).row.path
    builders.an_enterprise(store, "乙厂")
    later = builders.content(store)
    heard: list[Changed] = []
    store.subscribe(heard.append)
    watch.later(hours=1)
    done = backups.restore(path)
    assert (builders.content(store), store.head_hash()) == (before, head)
    assert "enterprise" in heard[-1].tables
    with pytest.raises(Refused, match="nothing_to_undo"):
        store.undo()
    assert done.kept_as is not None
    assert done.kept_as.name == "替换前-20260302-100000.db"
    old = Store(done.kept_as)
    assert builders.content(old) == later
    old.close()
    assert done.backup_before is not None
    again = backups.preview_restore(done.backup_before)
    assert (again.lost, again.gained) == ((), 1)
    backups.restore(done.backup_before)
    assert builders.content(store) == later
    builders.an_enterprise(store)  # the store goes on working, journal and all
    assert store.first_broken() is None
    store.undo()
    assert builders.content(store) == later


def test_thinning_rests_after_a_restore_until_confirmed(
    store: Store, backups: Backups, many_old_ones: list[str], watch: Watch
) -> None:
    backups.restore(backups.list()[-1].path)
    assert backups.is_thinning_paused
    assert backups.make(BackupReason.AUTOMATIC).thinned == 0
    assert set(many_old_ones) <= {row.path.name for row in backups.list()}
    backups.confirm_restore()
    assert backups.make(BackupReason.AUTOMATIC).thinned == 3


def test_one_file_on_another_computer_is_the_whole_office(
    store: Store, data_folder: Path, backups: Backups, tmp_path: Path
) -> None:
    builders.an_order(store, builders.an_enterprise(store))
    photo = a_photo(store, data_folder)
    path = backups.make(BackupReason.HAND).row.path
    carried = tmp_path / "另一台电脑" / "拷贝.tsbak"
    carried.parent.mkdir()
    shutil.copyfile(path, carried)
    restore_as(carried, tmp_path / "新办公室")
    moved = open_store(tmp_path / "新办公室" / "office.db")
    assert builders.content(moved) == builders.content(store)
    assert moved.first_broken() is None
    moved.close()
    assert Attachments(tmp_path / "新办公室" / "attachments").read(photo) == b"photo"
    with pytest.raises(Refused, match="file_exists"):
        restore_as(carried, tmp_path / "新办公室")


def test_a_damaged_office_is_restored_without_being_opened(
    store: Store, data_folder: Path, backups: Backups, watch: Watch
) -> None:
    builders.an_enterprise(store)
    before = builders.content(store)
    path = backups.make(BackupReason.HAND).row.path
    store.close()
    rubbish = b"SQLite format 3\x00" + b"\xff" * 9000
    store.path.write_bytes(rubbish)
    with pytest.raises(Trouble, match="damaged"):
        open_store(store.path)
    done = restore_closed(path, data_folder, Clock(now=watch))
    assert done.kept_as is not None
    assert done.kept_as.name.startswith("损坏-")
    assert done.kept_as.read_bytes() == rubbish
    again = open_store(store.path)
    assert builders.content(again) == before
    again.close()
    assert Backups(store, data_folder, Clock(now=watch)).is_thinning_paused


def test_the_log_of_the_old_file_is_never_played_into_the_new_one(
    store: Store, data_folder: Path, backups: Backups, watch: Watch
) -> None:
    """A write-ahead log that a crash left beside the old file would spoil the restored one."""
    builders.an_enterprise(store, "甲厂")
    before = builders.content(store)
    path = backups.make(BackupReason.HAND).row.path
    builders.an_enterprise(store, "乙厂")
    later = builders.content(store)
    crashed = data_folder.parent / "断电"
    (crashed / "backups").mkdir(parents=True)
    for name in ("office.db", "office.db-wal"):
        shutil.copyfile(data_folder / name, crashed / name)
    assert (crashed / "office.db-wal").stat().st_size > 0
    done = restore_closed(path, crashed, Clock(now=watch))
    restored = open_store(crashed / "office.db")
    assert builders.content(restored) == before
    restored.close()
    assert done.kept_as is not None
    old = Store(done.kept_as)
    assert builders.content(old) == later
    old.close()


def test_a_restore_that_fails_half_way_leaves_the_office_as_it_was(
    store: Store, data_folder: Path, backups: Backups, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = backups.make(BackupReason.HAND).row.path
    builders.an_enterprise(store)
    before = builders.content(store)

    def no_space(*_: object) -> None:
        raise Trouble("disk_full")

    monkeypatch.setattr(backup, "_set_aside", no_space)
    watch.later(hours=1)
    with pytest.raises(Trouble, match="disk_full"):
        backups.restore(path)
    monkeypatch.undo()
    assert builders.content(store) == before
    assert not backups.is_thinning_paused
    builders.an_enterprise(store)


def test_a_restore_into_a_file_that_another_program_holds_is_refused(
    store: Store, data_folder: Path, backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = backups.make(BackupReason.HAND).row.path
    before = builders.content(store)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT COUNT(*) FROM enterprise").fetchone()
    monkeypatch.setattr(backup, "BUSY_MS", 100)
    with pytest.raises(Trouble, match="database_locked"):
        backups.restore(path)
    other.execute("COMMIT")
    other.close()
    assert builders.content(store) == before
    builders.an_enterprise(store)


def test_cancelling_a_backup_leaves_nothing(store: Store, data_folder: Path, backups: Backups) -> None:
    a_photo(store, data_folder)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        backups.make(BackupReason.HAND, progress)
    assert names(data_folder / "backups") == set()


def test_a_rehearsal_opens_the_backup_and_changes_nothing(store: Store, data_folder: Path, backups: Backups) -> None:
    builders.an_enterprise(store)
    path = backups.make(BackupReason.HAND).row.path
    before = names(data_folder)
    assert backups.rehearse(path).counts["enterprise"] == 1
    assert names(data_folder) == before


# ---- odds and ends -------------------------------------------------------------------------------------------------


def test_a_migration_backs_up_first(store: Store, data_folder: Path, clock: Clock) -> None:
    store.close()
    backup.before_migration(store.path, data_folder, clock.now())
    rows = Backups(store, data_folder, clock).list()
    assert [row.reason for row in rows] == ["升级前"]
    assert version_of(store.path) == HEAD


def test_a_state_that_cannot_be_read_says_nothing(data_folder: Path, store: Store, clock: Clock) -> None:
    backups = Backups(store, data_folder, clock)
    folder = OfficeFolder(data_folder)
    remember(folder, thinning_paused="2026-03-02")
    assert backups.is_thinning_paused
    (folder.backups / "state.json").write_text("{", "utf-8")
    assert not backups.is_thinning_paused


def test_a_read_only_or_full_disk_is_told(
    store: Store, data_folder: Path, backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Trouble, match="disk_full"):
        backups.make(BackupReason.HAND)
    monkeypatch.undo()
    assert names(data_folder / "backups") == set()


def test_what_a_killed_backup_left_behind_goes_a_day_later(store: Store, data_folder: Path, backups: Backups) -> None:
    import os
    import time

    for name, age in ((".townsafe-old", 2 * 86_400), (".townsafe-young", 60)):
        left = data_folder / "backups" / name
        left.mkdir(parents=True)
        (left / "office.db").write_bytes(b"half")
        os.utime(left, (time.time() - age, time.time() - age))
    row = backups.make(BackupReason.HAND).row
    assert names(data_folder / "backups") == {".townsafe-young", row.path.name}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes, where the machine lets us make one."""
    folder = tmp_path / "小盘"
    folder.mkdir()
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip("only root may make a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _write_on_and_on(store: Store) -> None:
    while True:
        with store.write("登记") as session:
            session.add_all(Officer(name="张三" * 200) for _ in range(300))


def test_a_disk_that_is_really_full_loses_nothing(small_disk: Path) -> None:
    data_folder = small_disk / "惠萍镇"
    store = builders.an_office(data_folder)
    backups = Backups(store, data_folder, Clock())
    try:
        with pytest.raises(Trouble, match="disk_full"):
            _write_on_and_on(store)
        before, head = builders.content(store), store.head_hash()
        assert len(before["officer"]) % 300 == 0
        with pytest.raises(Trouble, match=r"disk_full|cannot_write"):
            backups.make(BackupReason.HAND)
        assert [path for path in (data_folder / "backups").iterdir() if path.suffix] == []
        assert (builders.content(store), store.head_hash(), store.first_broken()) == (before, head, None)
        subprocess.run(["mount", "-o", "remount,size=30m", str(small_disk)], check=True)
        builders.an_officer(store)  # trying again works
        assert backups.make(BackupReason.HAND).row.facts is not None
    finally:
        store.close()


@pytest.fixture(autouse=True)
def _nothing_left_in_the_system_folder(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scratch folders of the system are tidied up, also when something went wrong."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    yield
    assert names(scratch) == set()
