"""A township with two years of work, made once, and its package: copied or read by the tests of the year-end work."""

import atexit
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from db.migrate import create_store
from db.store import Store
from desktop.services.clock import Clock
from desktop.services.reporting import Reporting
from desktop.services.sample import Sample

YEAR, TODAY = 2026, date(2026, 11, 22)
KEY = bytes(range(32))


def a_clock(today: date = TODAY) -> Clock:
    """A clock that stands still."""
    return Clock(lambda: today, lambda: datetime(today.year, today.month, today.day, 9, 41))


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="townsafe-year-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def a_township(seed: int = 1) -> Path:
    """The file of a sample township of 60 enterprises."""
    path = _folder() / f"office-{seed}.db"
    store = create_store(path)
    Sample(store, a_clock()).fill(60, 2, seed)
    store.close()
    return path


def a_copy(folder: Path, seed: int = 1) -> Store:
    """A store on a copy of the township. The caller closes it."""
    shutil.copyfile(a_township(seed), folder / "office.db")
    return Store(folder / "office.db", person="张三")


def a_package(seed: int = 1, *, signed: bool = False) -> bytes:
    """The township's package of the year."""
    return _package(seed, signed)


@cache
def _package(seed: int, signed: bool) -> bytes:
    folder = _folder() / f"export-{seed}-{signed}"
    folder.mkdir()
    store = a_copy(folder, seed)
    made = Reporting(store, a_clock()).export(YEAR, folder, sign=KEY if signed else None)
    store.close()
    return made.path.read_bytes()


def files_of(content: bytes) -> dict[str, bytes]:
    """The files of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def resealed(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A package that somebody altered with skill: the content is changed and every hash made to fit again."""
    files = files_of(content)
    change(files)
    payload = {name: body for name, body in files.items() if name.startswith("data/")}
    size = sum(len(body) for body in payload.values())
    info = files["bag-info.txt"].decode().splitlines()
    info = [f"Payload-Oxum: {size}.{len(payload)}" if line.startswith("Payload-Oxum") else line for line in info]
    files["bag-info.txt"] = "".join(f"{line}\n" for line in info).encode()
    files["manifest-sha256.txt"] = _manifest(payload)
    tags = {name: files[name] for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")}
    files["tagmanifest-sha256.txt"] = _manifest(tags)
    return zipped(files)


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(body).hexdigest()}  {name}\n" for name, body in files.items()).encode()
