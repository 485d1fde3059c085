"""Opening a file: brought up to date in one step, or refused and left byte for byte as it was."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType

import builders
import pytest
from sqlalchemy import create_engine

import db
from db import head, migrate
from db.head import HEAD, version_of
from db.migrate import create_store, open_store, take_steps
from db.models import Base
from db.store import Store
from desktop.domain.errors import Refused, Trouble


@pytest.fixture(autouse=True)
def _made_step_by_step(every_step: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a new file is no copy of another: how it comes about is what these tests are about."""
    monkeypatch.setattr(migrate, "take_steps", every_step)


@pytest.fixture
def closed(store: Store) -> Path:
    """A closed office file with something in it."""
    builders.an_order(store, builders.an_enterprise(store))
    store.close()
    return store.path


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# ---- what is refused -------------------------------------------------------------------------------------------


def empty(path: Path) -> None:
    path.write_bytes(b"")


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def cut_in_the_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])


def text_file(path: Path) -> None:
    path.write_text("企业名册", "utf-8")


def rubbish_behind_the_signature(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + os.urandom(9000))


def spoilt_first_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:3000] = b"\xff" * 2900
    path.write_bytes(content)


def another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE enterprise (id INTEGER PRIMARY KEY)")


def another_mark(path: Path) -> None:
    _run(path, "PRAGMA application_id=1")


def newer(path: Path) -> None:
    _run(path, "UPDATE alembic_version SET version_num = '9999'")


def with_a_trigger(path: Path) -> None:
    _run(path, "CREATE TRIGGER planted AFTER INSERT ON operation BEGIN DELETE FROM hazard; END")


def with_a_view(path: Path) -> None:
    _run(path, "CREATE VIEW planted AS SELECT * FROM hazard")


def _run(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute(statement)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (empty, "empty_file"),
        (truncated, "damaged"),
        (cut_in_the_header, "damaged"),
        (text_file, "foreign_file"),
        (rubbish_behind_the_signature, "damaged"),
        (spoilt_first_page, "damaged"),
        (another_program, "foreign_file"),
        (another_mark, "foreign_file"),
        (newer, "newer_file"),
        (with_a_trigger, "foreign_file"),
        (with_a_view, "foreign_file"),
    ],
)
def test_a_file_that_will_not_do_is_refused_untouched(closed: Path, spoil: Callable[[Path], None], code: str) -> None:
    spoil(closed)
    before = everything_in(closed.parent)
    backed_up: list[Path] = []
    with pytest.raises(Trouble) as caught:
        open_store(closed, before_steps=backed_up.append)
    assert caught.value.code == code
    assert everything_in(closed.parent) == before
    assert backed_up == []


def test_a_file_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="no_file"):
        open_store(tmp_path / "office.db")
    with pytest.raises(Trouble, match="cannot_open"):
        open_store(tmp_path)
    assert everything_in(tmp_path) == {}


# ---- a new file ------------------------------------------------------------------------------------------------


def test_the_tables_of_a_new_file_are_those_of_the_models(closed: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = create_engine(f"sqlite:///{closed}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
        assert compare_metadata(context, Base.metadata) == []
        listed = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
        checks = {row.name: row.sql for row in listed}
    engine.dispose()
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            if type(constraint).__name__ == "CheckConstraint":
                assert str(constraint.sqltext) in checks[table.name]  # type: ignore[attr-defined]
        assert "AUTOINCREMENT" in checks[table.name]


def _is_ours(_: object, name: str | None, kind: str, *more: object) -> bool:
    return not (kind == "table" and (name or "").startswith("enterprise_search"))


def test_a_new_file_never_takes_the_place_of_another(closed: Path) -> None:
    before = everything_in(closed.parent)
    with pytest.raises(Refused, match="file_exists"):
        create_store(closed)
    assert everything_in(closed.parent) == before


def test_what_a_killed_creation_left_behind_does_not_get_into_the_next(tmp_path: Path) -> None:
    (tmp_path / "office.db.new").write_bytes(b"half")
    (tmp_path / "office.db.new-journal").write_bytes(b"half a journal")
    create_store(tmp_path / "office.db").close()
    assert set(everything_in(tmp_path)) == {"office.db"}


def test_a_creation_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrate, "replace", full)
    with pytest.raises(Trouble, match="disk_full"):
        create_store(tmp_path / "office.db")
    assert everything_in(tmp_path) == {}


# ---- steps -----------------------------------------------------------------------------------------------------

NEXT = f"{int(HEAD) + 1:04}"
NEXT_STEP = """
import time
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{down}"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("hazard") as table:
        table.add_column(sa.Column("photo_count", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE hazard SET remark = 'step'")
    {more}
"""


class Program:
    """A later version of this program, with one more step."""

    def __init__(self, folder: Path, more: str) -> None:
        self.folder = folder
        shutil.copytree(Path(db.__file__).parent / "migrations", folder / "migrations")
        step = NEXT_STEP.format(number=NEXT, down=HEAD, more=more)
        (folder / "migrations" / "versions" / f"{NEXT}_photo.py").write_text(step, "utf-8")
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> "Program":
        self._patch.setattr(migrate, "files", lambda _: self.folder)
        for module in (head, migrate):
            self._patch.setattr(module, "HEAD", NEXT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patch.undo()


def rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT id, remark FROM hazard").fetchall()


def test_an_older_file_is_backed_up_and_brought_up_to_date(closed: Path, tmp_path: Path) -> None:
    backed_up = []
    with Program(tmp_path / "later", "pass"):
        assert version_of(closed) == HEAD
        open_store(closed, before_steps=lambda path: backed_up.append(version_of(path))).close()
        assert version_of(closed) == NEXT
        open_store(closed, before_steps=lambda path: backed_up.append(version_of(path))).close()
    assert backed_up == [HEAD]
    assert rows(closed) == [(1, "step")]
    with pytest.raises(Trouble, match="newer_file"):
        open_store(closed)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ("raise ZeroDivisionError", ZeroDivisionError),
        ("op.execute('DELETE FROM enterprise')", Trouble),  # what leans on it is left without
        ("op.execute('UPDATE nothing SET x = 1')", Trouble),
    ],
)
def test_a_step_that_fails_leaves_the_file_byte_for_byte(
    closed: Path, tmp_path: Path, more: str, error: type[Exception]
) -> None:
    before = everything_in(closed.parent)
    with Program(tmp_path / "later", more), pytest.raises(error):
        open_store(closed)
    assert everything_in(closed.parent) == before
    assert version_of(closed) == HEAD


def test_without_its_backup_no_step_is_taken(closed: Path, tmp_path: Path) -> None:
    def no_room(_: Path) -> None:
        raise Trouble("disk_full")

    before = everything_in(closed.parent)
    with Program(tmp_path / "later", "pass"), pytest.raises(Trouble, match="disk_full"):
        open_store(closed, before_steps=no_room)
    assert everything_in(closed.parent) == before


CHILD = """
import sys
from pathlib import Path
from db import head, migrate
later, path = Path(sys.argv[1]), Path(sys.argv[2])
migrate.files = lambda _: later
migrate.take_steps(path)
"""


def test_a_kill_during_a_step_leaves_the_old_version(closed: Path, tmp_path: Path) -> None:
    reached = tmp_path / "reached"
    wait = f"open({str(reached)!r}, 'w').close(); time.sleep(60)"
    with Program(tmp_path / "later", wait):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path / "later"), str(closed)], cwd=Path(db.__file__).parents[1]
        )
        deadline = time.monotonic() + 60
        while not reached.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        child.kill()
        child.wait()
    assert reached.exists()
    assert version_of(closed) == HEAD
    assert rows(closed) == [(1, "")]
    again = open_store(closed)
    assert again.first_broken() is None
    builders.an_enterprise(again)
    again.close()


def test_steps_over_an_unclean_end_keep_what_was_committed(store: Store, tmp_path: Path) -> None:
    """The write-ahead log of a crash belongs to the file: a step must see it, not lose it."""
    builders.an_order(store, builders.an_enterprise(store))
    crashed = tmp_path / "断电"
    crashed.mkdir()
    for name in ("office.db", "office.db-wal"):
        shutil.copyfile(store.path.with_name(name), crashed / name)
    with Program(tmp_path / "later", "pass"):
        take_steps(crashed / "office.db")
    assert rows(crashed / "office.db") == [(1, "step")]


# ---- folders that cannot be written ----------------------------------------------------------------------------

READ_ONLY_CHILD = """
import ctypes, os, sys
from pathlib import Path
from db.migrate import create_store, open_store
from desktop.domain.errors import Trouble
from db.models import Officer
if os.geteuid() == 0:
    # Root may write where nobody else may; a root without capabilities may not.
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, nothing) == 0
for act in ("create", "open"):
    try:
        if act == "create":
            create_store(Path(sys.argv[1]) / "new.db")
        else:
            store = open_store(Path(sys.argv[1]) / "office.db")
            with store.write("x") as session:
                session.add(Officer(name="x"))
    except Trouble as trouble:
        print(trouble.code)
    else:
        print("done")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights are taken away as Linux does it")
def test_a_read_only_folder_is_told_and_nothing_changes(closed: Path) -> None:
    closed.chmod(0o444)
    closed.parent.chmod(0o555)
    before = everything_in(closed.parent)
    try:
        told = _child(READ_ONLY_CHILD, closed.parent)
    finally:
        closed.parent.chmod(0o755)
    assert told == ["cannot_open", "read_only"]
    assert everything_in(closed.parent) == before


def _child(script: str, argument: Path) -> list[str]:
    """What a process of its own prints, run from the top of the checkout."""
    done = subprocess.run(
        [sys.executable, "-c", script, str(argument)],
        cwd=Path(db.__file__).parents[1],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


LIMIT_CHILD = """
import resource, sys
from pathlib import Path
from db.migrate import open_store
from desktop.domain.errors import Trouble
from db.models import Officer
store = open_store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    with store.write("很多") as session:
        session.add_all(Officer(name="张三" * 100) for _ in range(3000))
except Trouble as trouble:
    print(trouble.code)
with store.read() as session:
    print(session.connection().exec_driver_sql("SELECT COUNT(*) FROM officer").scalar())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_file_that_may_not_grow_is_told_and_nothing_changes(closed: Path) -> None:
    assert _child(LIMIT_CHILD, closed) == ["disk_error", "0"]
    again = open_store(closed)
    assert again.first_broken() is None
    assert builders.content(again)["officer"] == []
    again.close()
