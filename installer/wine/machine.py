"""Wine on this machine: the packages it takes, a fresh Windows in a folder, and programs run in it.

Three things that Wine 8 needs to be told, each found by a job that hung or died: a crash must not open a dialog that
waits for a click; a program whose output is a file instead of a pipe does not start; and nothing may run without a
time limit. Two libraries that every Windows has and Wine lacks are compiled here from the C files beside this module.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import NotHere

HERE = Path(__file__).parent
COMPILER = "x86_64-w64-mingw32-gcc"
# Programs by which one sees that a package is here, and the Debian package that holds each.
PROGRAMS = {
    "wine": "wine",
    "wineserver": "wine",
    COMPILER: "gcc-mingw-w64-x86-64",
    "makensis": "nsis",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "localedef": "libc-bin",
}
CHINESE_SOURCE = Path("/usr/share/i18n/locales/zh_CN")
STAND_INS = {"icuuc": (), "bcryptprimitives": ("-ladvapi32",)}
LOCALES = "locale"
START_SECONDS = 240.0


@dataclass(frozen=True, slots=True)
class Done:
    """How a program ended: its exit status, and all it said on either stream."""

    code: int
    text: str


def _missing() -> list[str]:
    """The Debian packages that are not here."""
    packages = {package for program, package in PROGRAMS.items() if shutil.which(program) is None}
    if not Path("/usr/lib/wine/wine64").exists() and "wine" in packages:
        packages.add("wine64")
    if not CHINESE_SOURCE.exists():
        packages.add("locales")
    return sorted(packages)


def _apt(*words: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-q", "-o", "Dpkg::Use-Pty=0", *words]
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


def ensure_packages() -> None:
    """Have Wine and what the checks need, installed by apt-get where that is possible; else `NotHere`."""
    if not sys.platform.startswith("linux"):
        raise NotHere("Wine is set up here on Linux only; on Windows run the tests as they are: dev.py test")
    missing = _missing()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        install = ("install", "-y", "--no-install-recommends", *missing)
        if not _apt(*install):
            _apt("update")
            _apt(*install)
        missing = _missing()
    if missing:
        raise NotHere(f"needed: sudo apt-get install -y --no-install-recommends {' '.join(missing)}")


@dataclass(frozen=True, slots=True)
class Wine:
    """One Windows in a folder, with the code page that a locale brings: C.UTF-8 the western, zh_CN.UTF-8 936."""

    prefix: Path
    locale: str
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def c_drive(self) -> Path:
        """Its drive C:."""
        return self.prefix / "drive_c"

    @property
    def environment(self) -> dict[str, str]:
        """What its programs are started with. Wine keeps variables that begin with QT_ from them."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "WINE"))}
        kept.pop("LANG", None)
        kept.pop("LANGUAGE", None)
        locales = self.prefix.parent / LOCALES
        if (locales / self.locale).exists():
            kept["LOCPATH"] = str(locales)
        wine = {
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",  # neither .NET nor a browser: Wine would ask to fetch them
            "CI": "true",  # hypothesis then takes the same examples each time, and minds no slowness
        }
        return {**kept, **wine, "LC_ALL": self.locale, **self.more}

    def start(self, words: Sequence[str | Path], folder: Path | None = None) -> "subprocess.Popen[bytes]":
        """Start a program; what it says comes through a pipe, which somebody has to read."""
        command = ["wine", *map(str, words)]
        return subprocess.Popen(
            command, cwd=folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, *words: str | Path, seconds: float = 120.0, folder: Path | None = None) -> Done:
        """Run a program to its end. One that takes longer is ended with everything in this Windows: status 124."""
        with self.start(words, folder) as process:
            try:
                said, _ = process.communicate(timeout=seconds)
                return Done(process.returncode, said.decode("utf-8", "replace"))
            except subprocess.TimeoutExpired:
                self.stop()
                said, _ = process.communicate()
                return Done(124, said.decode("utf-8", "replace") + f"\nended after {seconds:.0f} s")

    def launch(self, *words: str | Path, seconds: float = 60.0) -> int:
        """Run a program that leaves another one running; the answer is the first one's exit status.

        The one that stays has the same pipe, so that is emptied until that one ends, too.
        """
        process = self.start(words)
        threading.Thread(target=process.communicate, daemon=True).start()
        return process.wait(seconds)

    def settle(self, seconds: float = 60.0) -> None:
        """Wait until every program in this Windows has ended."""
        try:
            subprocess.run(["wineserver", "-w"], env=self.environment, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            self.stop()

    def stop(self) -> None:
        """End every program in this Windows, and only in this one."""
        subprocess.run(["wineserver", "-k"], env=self.environment, stderr=subprocess.DEVNULL, timeout=60, check=False)

    def unix(self, path: str) -> Path:
        r"""Where a path of this Windows, such as C:\users, lies for Linux."""
        drive, rest = path[0].lower(), path[3:].replace("\\", "/")
        return self.prefix / "dosdevices" / f"{drive}:" / rest


def windows(path: Path) -> str:
    """The name by which Windows sees a file of Linux: everything lies on its drive Z:."""
    return "Z:" + str(path.absolute()).replace("/", "\\")


def fresh(folder: Path, locale: str) -> Wine:
    """A new Windows in `folder`, whatever was there before; with the libraries that Wine lacks."""
    if folder.exists():
        Wine(folder, locale).stop()
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    _compile_locale(folder.parent / LOCALES, locale)
    machine = Wine(folder, locale)
    done = machine.run("wineboot", "-u", seconds=START_SECONDS)
    if not machine.c_drive.is_dir():
        raise NotHere(f"Wine could not make its folder:\n{done.text}")
    for name, libraries in STAND_INS.items():
        _compile(name, libraries, machine.c_drive / "windows" / "system32")
    machine.run(
        "reg", "add", r"HKCU\Software\Wine\WineDbg", "/v", "ShowCrashDialog", "/t", "REG_DWORD", "/d", "0", "/f"
    )
    machine.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f")  # 8.0 calls itself Windows 7
    machine.settle()
    return machine


def _compile_locale(folder: Path, locale: str) -> None:
    """The Chinese locale in a folder of our own (LOCPATH finds it there): the machine's locales stay as they are."""
    language, _, encoding = locale.partition(".")
    if language == "C" or (folder / locale).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["localedef", "-i", language, "-f", encoding, str(folder / locale)], check=True)


def _compile(name: str, libraries: Sequence[str], folder: Path) -> None:
    command = [COMPILER, "-Wall", "-O1", "-s", "-shared", "-o", str(folder / f"{name}.dll"), str(HERE / f"{name}.c")]
    subprocess.run([*command, *libraries], check=True)


@contextmanager
def screen(width: int = 1366, height: int = 768) -> Iterator[str]:
    """A screen in memory; the answer is its name for DISPLAY. The server itself picks a number that is free."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise NotHere("the screen in memory (Xvfb) did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def wait_for(seconds: float, pause: float = 0.5) -> Iterator[float]:
    """The seconds left, again and again until none are: for what can only be asked for, not waited on."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        yield left
        time.sleep(pause)
