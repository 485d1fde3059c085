"""Files that a scanner or a preview holds for a moment, and those that it does not let go of."""

import ast
import threading
import time
from pathlib import Path

import pytest

from db.durable import draft_of
from desktop.domain.errors import Trouble
from desktop.system import held
from desktop.text import sentence

ROOT = Path(__file__).parents[2]


class Scanner:
    """Holds every file from its first refusal on for so many seconds, as Windows tells it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.until: float | None = None
        self.refused = 0

    def look(self) -> None:
        if self.until is None:
            self.until = time.monotonic() + self.seconds
        if time.monotonic() < self.until:
            self.refused += 1
            error = PermissionError(13, "The process cannot access the file")
            error.winerror = held.SHARING  # type: ignore[attr-defined]  # only Windows has it
            raise error


def test_a_file_is_replaced_once_the_scanner_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "new", tmp_path / "old"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    scanner, really = Scanner(0.2), held.os.replace

    def replace(one: Path, other: Path) -> None:
        scanner.look()
        really(one, other)

    monkeypatch.setattr(held.os, "replace", replace)
    held.replace(source, target)
    assert scanner.refused
    assert target.read_bytes() == b"new"


def test_a_file_is_removed_once_a_thread_lets_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is really held by another thread for a moment."""
    path, lock, really = tmp_path / "file", threading.Lock(), Path.unlink
    path.write_bytes(b"")

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if lock.locked():
            raise PermissionError(13, "held")
        really(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    lock.acquire()
    holder = threading.Timer(0.15, lock.release)
    holder.start()
    held.unlink(path)
    holder.join()
    assert not path.exists()


def test_one_that_is_never_let_go_of_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "台账.xlsx"
    target.write_bytes(b"old")
    scanner = Scanner(60)
    monkeypatch.setattr(held.os, "replace", lambda *_: scanner.look())
    monkeypatch.setattr(held, "PAUSES_SECONDS", (0.001, 0.001))
    with pytest.raises(Trouble) as told, draft_of(target) as file:
        file.write(b"new")
    assert told.value.code == "file_held"
    assert sentence(told.value).startswith("文件正被其他程序占用")
    assert scanner.refused == 3
    assert target.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["台账.xlsx"]


def test_what_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(FileNotFoundError):
        held.unlink(tmp_path / "nothing")
    held.unlink(tmp_path / "nothing", missing_ok=True)
    assert time.monotonic() - began < held.PAUSES_SECONDS[0]


def test_no_file_is_renamed_or_removed_without_patience() -> None:
    """Whoever adds such a call elsewhere loses a clerk's work to a scanner some day."""
    found = []
    for path in sorted([*ROOT.glob("desktop/**/*.py"), *ROOT.glob("db/**/*.py")]):
        if path.name == "held.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
                is_os = owner in ("os", "shutil") and node.func.attr in (
                    "replace",
                    "rename",
                    "remove",
                    "move",
                    "unlink",
                )
                if is_os or (node.func.attr == "unlink" and owner != "held"):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
