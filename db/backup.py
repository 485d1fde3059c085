"""Copies of an office's data that are opened and checked before they count, and the way back from one.

A backup is one file: a zip that holds the database, a description of it, and what is attached to it. Where there is
much attached, the automatic backups of one folder share it in a pool beside them (`attachments/`), so that a hundred
backups do not keep a hundred copies of every photo; a backup made to be carried away always holds everything.
"""

import hashlib
import json
import os
import re
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from db.attachments import BLOCK, NAME, Attachments, FileState, sha256_of
from db.durable import draft_of, sync_file, writing_to
from db.durable import replace as put_in_place
from db.glance import BUSY_MS, trouble_from
from db.head import HEAD, version_of
from db.journal import START
from db.migrate import take_steps
from desktop.domain.errors import Refused, Trouble
from desktop.system import held

FORMAT = 1
SUFFIX = ".tsbak"
DATABASE = "office.db"
FACTS = "manifest.json"
POOL = "attachments"
BACKUPS = "backups"
WHOLE_UP_TO = 32 << 20
"""Bytes of attachments up to which an automatic backup holds them itself: a small office's file is always complete."""
LARGEST_FACTS = 64 << 20
SECONDS_A_DAY = 86_400
_FILE = re.compile(rf"镇安备份-(\d{{8}}-\d{{6}})(?:-\d+)?{re.escape(SUFFIX)}")

Step = Callable[[int, int, str], None]


def _quietly(done: int, total: int, label: str) -> None:
    """The step of one who does not ask how far it is."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An attachment as a backup knows it."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """What a backup says of itself. `missing` names attachments that were gone already when it was made."""

    made_at: datetime
    reason: str
    office: str
    schema: str
    head: str
    operation: int
    last_act_at: str | None
    counts: Mapping[str, int]
    database: KeptFile
    attachments: tuple[KeptFile, ...]
    missing: tuple[str, ...]
    is_whole: bool


# ---- making ------------------------------------------------------------------------------------------------


def file_name(made_at: datetime, turn: int = 0) -> str:
    """The name that tells when it was made; `turn` keeps two of one second apart."""
    return f"镇安备份-{made_at:%Y%m%d-%H%M%S}{f'-{turn}' if turn else ''}{SUFFIX}"


def moment_of(path: Path) -> datetime | None:
    """When a backup was made, by its name alone; None for a file that is no backup of ours."""
    found = _FILE.fullmatch(path.name)
    try:
        return datetime.strptime(found[1], "%Y%m%d-%H%M%S") if found else None
    except ValueError:
        return None


def free_name(folder: Path, made_at: datetime) -> Path:
    """A name in `folder` that is not taken."""
    return next(path for turn in range(10**6) if not (path := folder / file_name(made_at, turn)).exists())


def make(
    database: Path,
    attachments: Attachments,
    target: Path,
    *,
    made_at: datetime,
    reason: str,
    pool: Attachments | None = None,
    step: Step = _quietly,
) -> BackupFacts:
    """Back up `database` to the file `target`, and check the copy; with a `pool`, what is too much goes there.

    The file appears only when it has been read back from the disk, opened and compared with its source.
    """
    with writing_to(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with _scratch(target.parent) as scratch:
        snapshot = scratch / DATABASE
        facts = _snapshot(database, attachments, snapshot, made_at, reason, pool)
        ready = scratch / target.name
        with draft_of(ready) as file:
            _pack(file, snapshot, facts, attachments, step)
        if not facts.is_whole and pool is not None:
            for sha256 in pool.missing(kept.sha256 for kept in facts.attachments):
                pool.put(attachments.path_of(sha256))
        held.unlink(snapshot)
        if unpack(ready, snapshot, None, step=step) != facts:
            raise Trouble("backup_failed", path=str(target), said="备份里的说明与数据不一致")
        with writing_to(target):
            put_in_place(ready, target)
    return facts


def before_migration(database: Path, data_folder: Path, now: datetime) -> Path:
    """The backup that a migration needs, among the office's own; the answer is the file."""
    folder = data_folder / BACKUPS
    target = free_name(folder, now)
    make(
        database,
        Attachments(data_folder / POOL),
        target,
        made_at=now,
        reason="migration",
        pool=Attachments(folder / POOL),
    )
    return target


def _snapshot(
    database: Path, attachments: Attachments, copy: Path, made_at: datetime, reason: str, pool: Attachments | None
) -> BackupFacts:
    """A copy of one moment of the database, while others may write on, compared with what that moment held."""
    try:
        with closing(_reader(database)) as source, closing(sqlite3.connect(copy, isolation_level=None)) as target:
            source.execute("BEGIN")
            described = _described(source)
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            if _faults(target) or _described(target) != described:
                raise Trouble("backup_failed", path=str(database), said="复制后的数据与原数据不一致")
            wanted = _attached(target)
    except sqlite3.DatabaseError as error:
        raise trouble_from(error) from error
    here, missing, is_whole = _sorted_out(wanted, attachments, pool)
    return BackupFacts(
        made_at=made_at.replace(microsecond=0),
        reason=reason,
        **described,
        database=KeptFile(sha256_of(copy), copy.stat().st_size),
        attachments=here,
        missing=missing,
        is_whole=is_whole,
    )


def _sorted_out(
    wanted: list[str], attachments: Attachments, pool: Attachments | None
) -> tuple[tuple[KeptFile, ...], tuple[str, ...], bool]:
    """What of the attachments is here, what is not, and whether the backup holds them itself.

    One lost or spoilt photo must not keep the office from backing up the rest. What lies in the pool was checked when
    it was put there, and is not read again every half hour; `verify` does that.
    """
    sizes = {
        sha256: attachments.path_of(sha256).stat().st_size for sha256 in wanted if not attachments.missing([sha256])
    }
    is_whole = pool is None or sum(sizes.values()) <= WHOLE_UP_TO
    to_read = sizes if is_whole or pool is None else pool.missing(sizes)
    spoilt = {sha256 for sha256 in to_read if attachments.verify(sha256) is not FileState.GOOD}
    here = tuple(KeptFile(sha256, size) for sha256, size in sizes.items() if sha256 not in spoilt)
    return here, tuple(sha256 for sha256 in wanted if sha256 not in sizes or sha256 in spoilt), is_whole


def _reader(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def _faults(connection: sqlite3.Connection) -> str | None:
    """What SQLite finds wrong with the file, None when it is sound."""
    said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    return None if said == "ok" else str(said)


def _described(connection: sqlite3.Connection) -> dict[str, Any]:
    """What a database holds, in any version of its tables."""
    tables = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND name NOT LIKE 'enterprise_search%' AND name <> 'alembic_version' ORDER BY name"
        )
    ]
    counts = {table: connection.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables}
    head = connection.execute("SELECT id, hash, done_at FROM operation ORDER BY id DESC LIMIT 1").fetchone()
    office = connection.execute("SELECT name FROM office ORDER BY id LIMIT 1").fetchone()
    return {
        "office": "" if office is None else office[0],
        "schema": connection.execute("SELECT version_num FROM alembic_version").fetchone()[0],
        "head": START if head is None else head[1],
        "operation": 0 if head is None else head[0],
        "last_act_at": None if head is None else head[2],
        "counts": counts,
    }


def _attached(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT DISTINCT sha256 FROM attachment ORDER BY sha256")]


def _pack(file: BinaryIO, snapshot: Path, facts: BackupFacts, attachments: Attachments, step: Step) -> None:
    """The database is worth packing tightly, photos are packed already."""
    inside = facts.attachments if facts.is_whole else ()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(FACTS, json.dumps(_plain(facts), ensure_ascii=False, indent=1))
        archive.write(snapshot, DATABASE, zipfile.ZIP_DEFLATED, 1)
        for number, kept in enumerate(inside, 1):
            archive.write(attachments.path_of(kept.sha256), f"{POOL}/{kept.sha256}")
            step(number, len(inside), "备份附件")


def _plain(facts: BackupFacts) -> dict[str, Any]:
    return {"format": FORMAT, **asdict(facts), "made_at": facts.made_at.isoformat(sep=" ")}


# ---- checking ----------------------------------------------------------------------------------------------


def facts_of(path: Path) -> BackupFacts:
    """What a backup says of itself, without checking that it is true. A file that is no backup is refused."""
    with _opened(path) as archive:
        return _facts(archive, path)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise Trouble("backup_not_found", path=str(path)) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise Trouble("backup_damaged", path=str(path), said="文件不完整或不是镇安备份") from error
    except OSError as error:
        raise Trouble("cannot_open", path=str(path), said=error.strerror or str(error)) from error


def _facts(archive: zipfile.ZipFile, path: Path) -> BackupFacts:
    if archive.getinfo(FACTS).file_size > LARGEST_FACTS:
        raise Trouble("backup_damaged", path=str(path), said="备份说明过大")
    try:
        told = json.loads(archive.read(FACTS))
        if told.pop("format") > FORMAT:
            raise Trouble("backup_newer", path=str(path))
        return BackupFacts(
            **{
                **told,
                "made_at": datetime.fromisoformat(told["made_at"]),
                "counts": {str(name): int(count) for name, count in told["counts"].items()},
                "database": _kept_file(told["database"]),
                "attachments": tuple(_kept_file(kept) for kept in told["attachments"]),
                "missing": tuple(told["missing"]),
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Trouble("backup_damaged", path=str(path), said="备份说明读不懂") from error


def _kept_file(told: Mapping[str, Any]) -> KeptFile:
    kept = KeptFile(str(told["sha256"]), int(told["size"]))
    if not NAME.fullmatch(kept.sha256) or kept.size < 0:
        raise ValueError("not the description of a file")
    return kept


def verify(path: Path, pool: Attachments | None = None, *, step: Step = _quietly) -> BackupFacts:
    """Read all of a backup, open its database and compare it with the description; the answer is the description."""
    with tempfile.TemporaryDirectory(prefix="townsafe-") as folder:
        return unpack(path, Path(folder) / DATABASE, None, pool, step=step)


def unpack(
    path: Path,
    database: Path,
    attachments: Attachments | None,
    pool: Attachments | None = None,
    *,
    step: Step = _quietly,
) -> BackupFacts:
    """Check a backup while its database is written to `database` and what it holds into `attachments`.

    Only names that the description gives are ever read, and no more bytes than it says; nothing else can get out.
    """
    with _opened(path) as archive:
        facts = _facts(archive, path)
        _copy_out(archive, DATABASE, facts.database, database, path)
        _check_database(database, facts, path)
        for number, kept in enumerate(facts.attachments, 1):
            _take_out(archive if facts.is_whole else None, kept, attachments, pool, path)
            step(number, len(facts.attachments), "核对附件")
    return facts


def _copy_out(archive: zipfile.ZipFile, name: str, kept: KeptFile, target: Path, path: Path) -> None:
    digest, left = hashlib.sha256(), kept.size
    with writing_to(target), archive.open(name) as source, target.open("wb") as file:
        while left > 0 and (block := source.read(min(BLOCK, left))):
            digest.update(block)
            file.write(block)
            left -= len(block)
        file.flush()
        os.fsync(file.fileno())
    if left or digest.hexdigest() != kept.sha256:
        raise Trouble("backup_damaged", path=str(path), said="数据与备份时不一致")


def _check_database(database: Path, facts: BackupFacts, path: Path) -> None:
    try:
        version_of(database)
    except Trouble as error:
        if error.code == "newer_file":
            raise Trouble("backup_newer", path=str(path)) from error
        raise Trouble("backup_damaged", path=str(path), said="里面不是镇安的数据文件") from error
    try:
        with closing(_reader(database)) as connection:
            fault, described = _faults(connection), _described(connection)
    except sqlite3.DatabaseError as error:
        raise Trouble("backup_damaged", path=str(path), said=str(error)) from error
    if fault is not None:
        raise Trouble("backup_damaged", path=str(path), said=fault)
    if any(getattr(facts, name) != value for name, value in described.items()):
        raise Trouble("backup_damaged", path=str(path), said="条数或日志与备份时不一致")


def _take_out(
    archive: zipfile.ZipFile | None, kept: KeptFile, target: Attachments | None, pool: Attachments | None, path: Path
) -> None:
    """Check one attachment, and put it into `target`. Of one that lies in a pool it checks what the pool holds."""
    if archive is not None:
        with archive.open(f"{POOL}/{kept.sha256}") as source:
            content = source.read(kept.size + 1)
        if hashlib.sha256(content).hexdigest() != kept.sha256:
            raise Trouble("backup_damaged", path=str(path), said=f"附件 {kept.sha256[:12]} 与备份时不一致")
        if target is not None:
            target.put(content)
    elif target is not None and pool is not None and pool.path_of(kept.sha256).is_file():
        target.put(pool.read(kept.sha256))
    elif target is None and pool is not None:
        pool.read(kept.sha256)


# ---- restoring ---------------------------------------------------------------------------------------------


def restore(
    path: Path,
    database: Path,
    attachments: Attachments,
    *,
    now: datetime,
    pool: Attachments | None = None,
    step: Step = _quietly,
) -> Path | None:
    """Put a backup in the place of `database`, which no store may have open; the answer is where the old one went.

    Everything is checked and brought up to date beside the old file first; the change itself is one rename.
    """
    with writing_to(database):
        database.parent.mkdir(parents=True, exist_ok=True)
    with _scratch(database.parent) as scratch:
        fresh = scratch / DATABASE
        unpack(path, fresh, attachments, pool, step=step)
        if version_of(fresh) != HEAD:
            take_steps(fresh)
            sync_file(fresh)
        kept = _set_aside(database, now) if database.exists() else None
        with writing_to(database):
            put_in_place(fresh, database)
    return kept


def restore_as(path: Path, folder: Path, *, pool: Attachments | None = None, step: Step = _quietly) -> BackupFacts:
    """Put a backup into a folder that holds no office yet."""
    if (folder / DATABASE).exists():
        raise Refused("file_exists", path=str(folder / DATABASE))
    restore(path, folder / DATABASE, Attachments(folder / POOL), now=datetime.now(), pool=pool, step=step)
    return facts_of(path)


def _set_aside(database: Path, now: datetime) -> Path:
    """Keep a copy of the old file, whole with its write-ahead log, under a name that says what it is.

    The log must be gone before another file takes the place: SQLite would play it back into the wrong one. A damaged
    file is copied byte by byte, its log with it.
    """
    try:
        aside = _free(database.with_name(f"替换前-{now:%Y%m%d-%H%M%S}.db"))
        with closing(sqlite3.connect(database, isolation_level=None)) as old:
            old.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            if _faults(old) is not None:
                raise sqlite3.DatabaseError("damaged")
            with closing(sqlite3.connect(aside)) as copy:
                old.backup(copy)
            if old.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
                raise Trouble("database_locked")
        with writing_to(aside):
            sync_file(aside)
    except sqlite3.DatabaseError as error:
        if trouble_from(error).code == "database_locked":
            raise Trouble("database_locked") from error
        held.unlink(aside, missing_ok=True)
        aside = _set_aside_damaged(database, now)
    return aside


def _set_aside_damaged(database: Path, now: datetime) -> Path:
    aside = _free(database.with_name(f"损坏-{now:%Y%m%d-%H%M%S}.db"))
    with writing_to(aside):
        for ending in ("", "-wal"):
            source = database.with_name(database.name + ending)
            if source.exists():
                with draft_of(aside.with_name(aside.name + ending)) as file:
                    file.write(source.read_bytes())
        for ending in ("-wal", "-shm", "-journal"):
            held.unlink(database.with_name(database.name + ending), missing_ok=True)
    return aside


def _free(path: Path) -> Path:
    turns = (path.with_name(f"{path.stem}-{turn}{path.suffix}") for turn in range(1, 10**6))
    return path if not path.exists() else next(other for other in turns if not other.exists())


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder on the same disk that is gone afterwards; what a killed run left behind goes a day later."""
    with writing_to(folder):
        for left in folder.glob(".townsafe-*"):
            if time.time() - left.stat().st_mtime > SECONDS_A_DAY:
                _remove(left)
        made = Path(tempfile.mkdtemp(prefix=".townsafe-", dir=folder))
    try:
        yield made
    finally:
        _remove(made)


def _remove(folder: Path) -> None:
    with suppress(OSError):  # the disk may be gone: then there is nothing to tidy up, and another error is being told
        for path in folder.iterdir():
            held.unlink(path, missing_ok=True)
        folder.rmdir()


# ---- throwing away -----------------------------------------------------------------------------------------


def drop(paths: Iterable[Path], folder: Path) -> None:
    """Throw backups of `folder` away, and out of its pool what none of the others needs any more."""
    with writing_to(folder):
        for path in paths:
            held.unlink(path, missing_ok=True)
        pool = Attachments(folder / POOL)
        try:
            needed = {kept.sha256 for path in backups_in(folder) for kept in facts_of(path).attachments}
        except Trouble:
            return  # one of them cannot be read: who knows what it needs
        for sha256 in set(pool.kept()) - needed:
            held.unlink(pool.path_of(sha256))


def backups_in(folder: Path) -> list[Path]:
    """The backups of a folder, the newest first."""
    found = [(moment, path) for path in folder.glob(f"*{SUFFIX}") if (moment := moment_of(path)) is not None]
    return [path for _, path in sorted(found, reverse=True)]
