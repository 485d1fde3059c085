"""Backups 备份: made and checked, thinned, copied to a second disk, looked into, and restored.

This service knows when a backup is due and owns no timer: whoever has one asks `is_due` and calls `make`.
"""

import json
import logging
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from db import backup
from db.attachments import Attachments
from db.backup import BackupFacts as BackupFacts  # what the pages are given
from db.durable import draft_of, writing_to
from db.glance import trouble_from
from db.store import Store
from desktop.domain.errors import Trouble
from desktop.domain.thinning import kept
from desktop.services.clock import Clock
from desktop.services.progress import Progress
from desktop.system import held
from desktop.system.file_names import refuse_long
from desktop.system.folders import OfficeFolder

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=30)
STATE = "state.json"


class BackupReason(StrEnum):
    """What a backup was made for."""

    AUTOMATIC = "automatic"
    EXIT = "exit"
    IMPORT = "import"
    MERGE = "merge"
    MIGRATION = "migration"
    RESTORE = "restore"
    REPAIR = "repair"
    HAND = "hand"


REASONS: Mapping[BackupReason, str] = {
    BackupReason.AUTOMATIC: "定时",
    BackupReason.EXIT: "退出时",
    BackupReason.IMPORT: "导入前",
    BackupReason.MERGE: "合并前",
    BackupReason.MIGRATION: "升级前",
    BackupReason.RESTORE: "还原前",
    BackupReason.REPAIR: "修复前",
    BackupReason.HAND: "手动",
}

TABLES: Mapping[str, str] = {
    "enterprise": "企业",
    "permit": "证照",
    "officer": "执法人员",
    "plan_item": "计划项",
    "inspection": "检查",
    "hazard": "隐患",
    "rectification_order": "整改指令书",
    "extension": "延期申请",
    "reinspection": "复查",
    "revisit": "回访",
    "penalty_case": "处罚案件",
    "obligation": "时限事项",
    "attachment": "附件",
    "submission": "年终上报包",
}


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A backup of the list; `facts` is None where the file cannot be read."""

    path: Path
    made_at: datetime
    size: int
    facts: BackupFacts | None

    @property
    def reason(self) -> str:
        """What it was made for, as people read it."""
        if self.facts is None:
            return "读不出来"
        return REASONS.get(BackupReason(self.facts.reason), "") if self.facts.reason in _WORDS else self.facts.reason


_WORDS = frozenset(reason.value for reason in BackupReason)


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup that was just made: how many older ones went, and what became of the copy on the second disk."""

    row: BackupRow
    thinned: int
    second: Path | None = None
    second_trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class JournalLine:
    """An act of the journal as the preview of a restore names it."""

    operation: int
    title: str
    done_at: str
    done_by: str


@dataclass(frozen=True, slots=True)
class TableChange:
    """How many records there are now, and how many in the backup."""

    table: str
    label: str
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What a restore would do: `lost` are acts of the present journal that the backup does not know, newest first.

    `gained` counts acts that only the backup knows (it comes from another branch). `absent` names attachments that
    neither the backup nor the data folder has.
    """

    path: Path
    facts: BackupFacts
    lost: tuple[JournalLine, ...]
    gained: int
    tables: tuple[TableChange, ...]
    absent: tuple[str, ...]

    @property
    def lost_from(self) -> str | None:
        """When the oldest act that would be lost was done."""
        return self.lost[-1].done_at if self.lost else None

    @property
    def lost_to(self) -> str | None:
        """When the newest act that would be lost was done."""
        return self.lost[0].done_at if self.lost else None


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore that was done: where the file that stood here went, and the backup made of it beforehand."""

    facts: BackupFacts
    kept_as: Path | None
    backup_before: Path | None


class Backups:
    """The backups of the open office."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, store: Store, data_folder: Path, clock: Clock) -> None:
        self._store = store
        self._folder = OfficeFolder(data_folder)
        self._clock = clock
        self._attachments = Attachments(self._folder.attachments)

    # ---- making ----------------------------------------------------------------------------------------------

    def make(self, reason: BackupReason, progress: Progress = Progress()) -> MadeBackup:  # noqa: B008 (keeps nothing)
        """Back up now. Older ones are thinned only after the new one was opened and found right."""
        row = _make(self._folder, reason, self._clock.now(), progress)
        thinned = 0 if self.is_thinning_paused else self._thin(self._folder.backups)
        second, trouble = self._copy_to_second(row.path)
        return MadeBackup(row, thinned, second, trouble)

    def make_whole(self, folder: Path, progress: Progress = Progress()) -> BackupRow:  # noqa: B008 (keeps nothing)
        """One file that holds everything, to be carried to another computer."""
        target = backup.free_name(folder, self._clock.now())
        facts = backup.make(
            self._folder.database,
            self._attachments,
            target,
            made_at=self._clock.now(),
            reason=BackupReason.HAND.value,
            step=progress.step,
        )
        return BackupRow(target, facts.made_at, target.stat().st_size, facts)

    @property
    def is_changed(self) -> bool:
        """Whether anything was done since the last backup: then one is due at exit."""
        last = self.last
        return last is None or last.facts is None or last.facts.head != self._store.head_hash()

    def is_due(self) -> bool:
        """Whether the half-hourly backup is due. A clock set back does not put it off."""
        last = self.last
        if last is not None and timedelta() <= self._clock.now() - last.made_at < EVERY:
            return False
        return self.is_changed

    def _thin(self, folder: Path) -> int:
        paths = backup.backups_in(folder)
        moments = {path: moment for path in paths if (moment := backup.moment_of(path)) is not None}
        stay = kept(moments.values(), self._clock.now())
        going = [path for path, moment in moments.items() if moment not in stay]
        backup.drop(going, folder)
        if going:
            log.info("thinned %d backups", len(going))
        return len(going)

    # ---- the second disk ---------------------------------------------------------------------------------------

    @property
    def second_folder(self) -> Path | None:
        """The folder on another disk that every backup is copied to, if the office chose one."""
        named = self._state().get("second_folder")
        return Path(named) if named else None

    def choose_second_folder(self, folder: Path | None) -> None:
        """Copy every backup to `folder` as well, from the next one on."""
        if folder is not None:
            refuse_long(backup.free_name(folder, self._clock.now()))
        self._remember(second_folder=None if folder is None else str(folder))

    @property
    def last_on_second(self) -> BackupRow | None:
        """The newest backup on the second disk; None when there is none or the disk is not here."""
        folder = self.second_folder
        paths = backup.backups_in(folder) if folder is not None and folder.is_dir() else []
        return _row(paths[0]) if paths else None

    def _copy_to_second(self, path: Path) -> tuple[Path | None, Trouble | None]:
        folder = self.second_folder
        if folder is None:
            return None, None
        try:
            if not folder.is_dir():
                raise Trouble("backup_second_gone", path=str(folder))
            copy = folder / path.name
            self._copy(path, copy)
            if not self.is_thinning_paused:
                self._thin(folder)
        except Trouble as trouble:
            log.warning("the copy on the second disk failed: %s", trouble.code)
            return None, trouble
        return copy, None

    def _copy(self, path: Path, copy: Path) -> None:
        facts, pool = backup.facts_of(path), Attachments(copy.parent / backup.POOL)
        if not facts.is_whole:
            source = Attachments(path.parent / backup.POOL)
            for sha256 in pool.missing(each.sha256 for each in facts.attachments):
                pool.put(source.path_of(sha256))
        with path.open("rb") as source_file, draft_of(copy) as file:
            shutil.copyfileobj(source_file, file, 1 << 20)
        if backup.verify(copy) != facts:
            held.unlink(copy, missing_ok=True)
            raise Trouble("backup_failed", path=str(copy), said="第二份备份与原备份不一致")

    # ---- looking -------------------------------------------------------------------------------------------------

    def list(self) -> list[BackupRow]:
        """All backups of this office, the newest first."""
        return [_row(path) for path in backup.backups_in(self._folder.backups)]

    @property
    def last(self) -> BackupRow | None:
        """The newest backup, for the status bar."""
        paths = backup.backups_in(self._folder.backups)
        return _row(paths[0]) if paths else None

    @property
    def is_thinning_paused(self) -> bool:
        """After a restore nothing is thrown away until a person has seen that all is well."""
        return self._state().get("thinning_paused") is not None

    def confirm_restore(self) -> None:
        """The person's word that the restored data is right: thinning goes on."""
        self._remember(thinning_paused=None)

    def verify(self, path: Path, progress: Progress = Progress()) -> BackupFacts:  # noqa: B008 (keeps nothing)
        """Read all of a backup and open it; Trouble says what is wrong with it."""
        return verify(path, progress)

    def rehearse(self, path: Path) -> BackupFacts:
        """恢复演练: restore into a folder that is thrown away, and open it there as a store."""
        with TemporaryDirectory(prefix="townsafe-") as folder:
            facts = backup.restore_as(path, Path(folder), pool=pool_of(path))
            rehearsed = Store(Path(folder) / backup.DATABASE)
            try:
                broken = rehearsed.first_broken()
            finally:
                rehearsed.close()
        if broken is not None:
            raise Trouble("backup_damaged", path=str(path), said=f"操作日志从第 {broken.operation} 条起不完整")
        return facts

    # ---- restoring -------------------------------------------------------------------------------------------------

    def preview_restore(self, path: Path, progress: Progress = Progress()) -> RestorePreview:  # noqa: B008 (keeps nothing)
        """Check a backup and say what would be lost by restoring it."""
        with TemporaryDirectory(prefix="townsafe-") as folder:
            copy = Path(folder) / backup.DATABASE
            facts = backup.unpack(path, copy, None, None, step=progress.step)
            then = _journal(copy)
        now, counts = _journal(self._folder.database), self._counts(facts)
        lost = sorted((now[key] for key in now.keys() - then.keys()), key=lambda line: -line.operation)
        return RestorePreview(
            path, facts, tuple(lost), len(then.keys() - now.keys()), counts, self._absent(path, facts)
        )

    def _counts(self, facts: BackupFacts) -> tuple[TableChange, ...]:
        with self._store.read() as session:
            run = session.connection().exec_driver_sql
            now = {table: run(f"SELECT COUNT(*) FROM {table}").scalar_one() for table in TABLES}
        return tuple(
            TableChange(table, label, now[table], facts.counts.get(table, 0)) for table, label in TABLES.items()
        )

    def _absent(self, path: Path, facts: BackupFacts) -> tuple[str, ...]:
        wanted = [*facts.missing] + ([] if facts.is_whole else [each.sha256 for each in facts.attachments])
        return tuple(pool_of(path).missing(self._attachments.missing(wanted)))

    def restore(self, path: Path, progress: Progress = Progress()) -> Restored:  # noqa: B008 (keeps nothing)
        """Put a backup in the place of the present data, which is backed up and kept aside first.

        Everybody who listens to the store hears that every table has changed; nothing of before can be undone.
        """
        facts = backup.facts_of(path)
        before = _make(self._folder, BackupReason.RESTORE, self._clock.now(), progress).path
        with self._store.set_aside("还原备份"):
            kept_as = backup.restore(
                path,
                self._folder.database,
                self._attachments,
                now=self._clock.now(),
                pool=pool_of(path),
                step=progress.step,
            )
        self._remember(thinning_paused=self._clock.now().isoformat(sep=" ", timespec="seconds"))
        log.info("restored the backup of %s", facts.made_at)
        return Restored(facts, kept_as, before)

    # ---- what this machine remembers of the backups ------------------------------------------------------------------

    def _state(self) -> dict[str, Any]:
        return read_state(self._folder)

    def _remember(self, **facts: Any) -> None:
        remember(self._folder, **facts)


def read_state(folder: OfficeFolder) -> dict[str, Any]:
    """What is kept beside the backups; a file that cannot be read counts as one that says nothing."""
    try:
        told = json.loads((folder.backups / STATE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def remember(folder: OfficeFolder, **facts: Any) -> None:
    """Keep some facts beside the backups."""
    path = folder.backups / STATE
    with writing_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with draft_of(path) as file:
        file.write(json.dumps({**read_state(folder), **facts}, ensure_ascii=False).encode())


def _make(folder: OfficeFolder, reason: BackupReason, now: datetime, progress: Progress) -> BackupRow:
    target = backup.free_name(folder.backups, now)
    facts = backup.make(
        folder.database,
        Attachments(folder.attachments),
        target,
        made_at=now,
        reason=reason.value,
        pool=Attachments(folder.backups / backup.POOL),
        step=progress.step,
    )
    log.info("backed up: %s", target.name)
    return BackupRow(target, facts.made_at, target.stat().st_size, facts)


def _row(path: Path) -> BackupRow:
    made_at = backup.moment_of(path)
    assert made_at is not None
    try:
        return BackupRow(path, made_at, path.stat().st_size, backup.facts_of(path))
    except (Trouble, OSError):
        return BackupRow(path, made_at, 0, None)


def pool_of(path: Path) -> Attachments:
    """The pool beside a backup."""
    return Attachments(path.parent / backup.POOL)


def _journal(database: Path) -> dict[str, JournalLine]:
    """The acts of a file by their hash, so that two files can be compared."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT hash, id, title, done_at, done_by FROM operation").fetchall()
    except sqlite3.DatabaseError as error:
        raise trouble_from(error) from error
    return {row[0]: JournalLine(*row[1:]) for row in rows}


# ---- without an open office --------------------------------------------------------------------------------------


def described(path: Path) -> BackupFacts:
    """What a backup says of itself; Trouble where the file is none. Nothing is checked yet."""
    return backup.facts_of(path)


def verify(path: Path, progress: Progress = Progress()) -> BackupFacts:  # noqa: B008 (keeps nothing)
    """Read all of a backup and open it; Trouble says what is wrong with it."""
    return backup.verify(path, pool_of(path), step=progress.step)


def restore_closed(path: Path, data_folder: Path, clock: Clock) -> Restored:
    """Restore where no store can be opened: the present file is damaged, or there is none. What is there is kept."""
    folder = OfficeFolder(data_folder)
    kept_as = backup.restore(
        path, folder.database, Attachments(folder.attachments), now=clock.now(), pool=pool_of(path)
    )
    remember(folder, thinning_paused=clock.now().isoformat(sep=" ", timespec="seconds"))
    return Restored(backup.facts_of(path), kept_as, None)


def restore_as(path: Path, folder: Path) -> BackupFacts:
    """Restore into another folder, which must hold no office yet."""
    return backup.restore_as(path, folder, pool=pool_of(path))
