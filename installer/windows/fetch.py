"""Files from the package registry, by hash: what pip finds must be what was pinned, byte for byte."""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import Stop


@dataclass(frozen=True, slots=True)
class Pin:
    """One requirement, `name==release`, and the SHA-256 of every file that may stand for it."""

    requirement: str
    hashes: frozenset[str]

    @property
    def name(self) -> str:
        """The project's name."""
        return self.requirement.split("==")[0]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(pins: Iterable[Pin], folder: Path, *options: str) -> list[Path]:
    """One file for each pin, in the pins' order; what lies in `folder` from an earlier build is not fetched again."""
    pins = list(pins)
    folder.mkdir(parents=True, exist_ok=True)
    if missing := [pin for pin, path in zip(pins, _files_for(pins, folder), strict=True) if path is None]:
        _pip_download(missing, folder, options)
    found = []
    for pin, path in zip(pins, _files_for(pins, folder), strict=True):
        if path is None:
            raise Stop(f"{pin.requirement}: pip fetched no file with one of the pinned hashes")
        found.append(path)
    return found


def _files_for(pins: Iterable[Pin], folder: Path) -> list[Path | None]:
    here = {sha256_of(path): path for path in folder.iterdir() if path.is_file()}
    return [next((here[digest] for digest in pin.hashes if digest in here), None) for pin in pins]


def _pip_download(pins: Iterable[Pin], folder: Path, options: Iterable[str]) -> None:
    lines = [" ".join((pin.requirement, *(f"--hash=sha256:{digest}" for digest in sorted(pin.hashes)))) for pin in pins]
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "wanted.txt"
        wanted.write_text("\n".join(lines), "utf-8")
        command = [
            sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--disable-pip-version-check",
            "--no-input", "-qq", *options, "-r", str(wanted), "-d", str(folder),
        ]  # fmt: skip
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
            raise Stop("pip could not fetch what is pinned (see above): is the registry reachable, has a file changed?")
