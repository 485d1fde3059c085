"""The setup from its installation to its removal, on a Chinese Windows under Wine, as a clerk's PC would live through it.

Two setups of different versions are made of the same folder. Each step is checked by what it leaves behind, and the
first that fails ends the journey: what would have followed counts as failed, for it proved nothing.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect
from typing import Any

from PIL import Image, ImageGrab
from windows import payload
from windows import setup as nsis

from . import tree
from .machine import Done, Wine, screen, wait_for
from .suite import Result

OLD, NEW = "0.0.1", "0.0.2"  # versions of the two setups; the program in them is today's
NAME = "镇安"
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\TownSafe"
LEFT_OVER = Path("app") / "desktop" / "only_in_the_old_version.py"
LEDGER = r"C:\台账 资料\企业 名单（二〇二六）.csv"
LEDGER_TEXT = (
    "序号,单位名称,所在村,联系电话\r\n1,启东市惠萍𠮷安机械厂,东兴镇村,13800000000\r\n2,启东市囍盈木业,果园村,\r\n"
)
PACKAGE_FOLDER = r"C:\上报 材料"
IS_RUNNING = 5
FEWEST_COLOURS = 150
MOST_OF_ONE_COLOUR = 0.97


class Wrong(Exception):
    """A step left something else behind than it should; the sentence says what."""


def must(holds: bool, otherwise: str) -> None:
    """Go on when it holds."""
    if not holds:
        raise Wrong(otherwise)


def run(wine: Wine, folder: Path) -> Result:
    """Make the setups, walk all steps, and count them."""
    result = Result("setup, from installation to removal")
    began = time.perf_counter()
    setups = _make_setups(folder / "setups")
    with screen() as display:
        journey = Journey(replace(wine, more={"DISPLAY": display}), setups, folder / "pictures", display)
        try:
            _walk(journey.steps, result)
        finally:
            journey.wine.stop()
    result.seconds = time.perf_counter() - began
    return result


def _walk(steps: Mapping[str, Callable[[], None]], result: Result) -> None:
    for number, (name, step) in enumerate(steps.items()):
        began = time.perf_counter()
        try:
            step()
        except Wrong as wrong:
            print(f"FAILED {name}: {wrong}", flush=True)
            result.counts["failed"] += len(steps) - number
            return
        result.counts["passed"] += 1
        print(f"ok     {name} ({time.perf_counter() - began:.1f} s)", flush=True)


def _make_setups(folder: Path) -> dict[str, Path]:
    """The setups by version: the old one has a file that the new one must not leave behind."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = {version: folder / version for version in (OLD, NEW)}
    tree.build("payload", "--out", str(made[NEW]))
    shutil.copytree(made[NEW], made[OLD], copy_function=os.link)
    (made[OLD] / LEFT_OVER).write_text('"""Gone in the new version."""\n', "utf-8")
    (made[OLD] / payload.LIST).unlink()  # or the new version's would be written anew
    payload.write_list(made[OLD])
    setups = {version: folder / f"TownSafe-{version}-setup.exe" for version in made}
    with ThreadPoolExecutor() as makers:
        list(makers.map(lambda version: nsis.make_setup(made[version], version, setups[version], fast=True), made))
    return setups


class Journey:
    """What is installed where, and the steps in their order."""

    def __init__(self, wine: Wine, setups: Mapping[str, Path], pictures: Path, display: str) -> None:
        self.wine = wine
        self._setups = setups
        self._pictures = pictures
        self._display = display
        self._user = next(each for each in (wine.c_drive / "users").iterdir() if each.name != "Public")
        local = self._user / "AppData" / "Local"
        self._program = local / "Programs" / "TownSafe"
        self._home = local / "TownSafe"
        programs = self._user / "AppData" / "Roaming" / "Microsoft" / "Windows" / "Start Menu" / "Programs"
        self._shortcut = programs / f"{NAME}.lnk"
        self._firms = 0
        self.steps: Mapping[str, Callable[[], None]] = {
            "installs silently": self.installs,
            "loads every library that the program names": self.loads_its_libraries,
            "makes the sample township on the command line": self.makes_the_sample,
            "imports a ledger in the Chinese code page from a path with blanks": self.imports_a_ledger,
            "writes the year-end package and verifies it": self.exports_the_package,
            "opens by the Start menu, and draws its page": lambda: self.opens("first"),
            "keeps a second command from writing meanwhile": self.keeps_others_out,
            "refuses to be installed over while it runs": self.refuses_while_running,
            "closes when asked, and backs up what was done": self.closes_with_a_backup,
            "is upgraded without leftovers": self.upgrades,
            "opens again with the same data": lambda: self.opens("upgraded"),
            "closes again": self.closes,
            "is removed, and leaves the data": self.uninstalls,
        }

    # ---- the steps ---------------------------------------------------------------------------------------------

    def installs(self) -> None:
        """Every file of the list is there, the shortcut too, and Windows knows the version."""
        self._install(OLD)
        must(self._shortcut.is_file(), f"no shortcut at {self._shortcut}")
        must((self._program / LEFT_OVER).is_file(), "the old version lacks its own file")

    def loads_its_libraries(self) -> None:
        """Also those that are imported when first needed: leaving files out of them must not have broken one."""
        names = sorted(libraries_of(tree.ROOT))
        done = self.wine.run(self._program / "runtime" / "python.exe", "-c", f"import {', '.join(names)}")
        must(done.code == 0, done.text)

    def makes_the_sample(self) -> None:
        """In the place of one who never chose another: %LOCALAPPDATA%."""
        told = self._command("sample", "--enterprises", "60", "--years", "1")
        self._firms = told["enterprises"]
        must((self._home / "office" / "office.db").is_file(), f"no data at {self._home}")
        must(self._counted() == self._firms, "another number of enterprises in the file than was told")

    def imports_a_ledger(self) -> None:
        """A sheet as Excel saves it on Chinese Windows; a rare character needs GB 18030."""
        path = self.wine.unix(LEDGER)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(LEDGER_TEXT.encode("gb18030"))
        told = self._command("import", "enterprises", LEDGER)
        must(told["applied"] is True, f"not taken in: {told}")
        self._firms += 2
        must(self._counted() == self._firms, "the two enterprises of the ledger are not there")
        found = self._command("enterprise", "find", "𠮷安机械")
        must("启东市惠萍𠮷安机械厂" in json.dumps(found, ensure_ascii=False), f"not found again: {found}")

    def exports_the_package(self) -> None:
        """Into a folder with blanks; what was written must verify."""
        self.wine.unix(PACKAGE_FOLDER).mkdir()
        year = time.strftime("%Y")
        told = self._command("export", "--year", year, "--out", PACKAGE_FOLDER)
        must(self.wine.unix(told["file"]).is_file(), f"no package at {told['file']}")
        self._command("verify", told["file"])

    def opens(self, picture: str) -> None:
        """The window has the office in its title, and something is drawn in it."""
        self.wine.launch("start", "/unix", self._shortcut)
        title = self._window_title()
        must(NAME in title and " - " in title, f"the window's title is {title!r}")
        self._see(picture)

    def keeps_others_out(self) -> None:
        """One at a time: the window has the folder."""
        done = self._townsafe("undo")
        must(done.code not in (0, 124), f"a second process wrote beside the window: {done.text}")

    def refuses_while_running(self) -> None:
        """Told by the exit status, and nothing is touched."""
        before = self._times()
        done = self.wine.run(self._setups[NEW], "/S")
        must(done.code == IS_RUNNING, f"the setup ended with {done.code} beside the running program")
        must(self._times() == before, "the setup changed files of the running program")
        must(self._version() == OLD, "the setup wrote its version without installing")

    def closes_with_a_backup(self) -> None:
        """What was done since the last backup is in one when the window is gone."""
        before = self._backups()
        self.closes()
        must(self._backups() > before, "no backup was made at the end")

    def closes(self) -> None:
        """As the cross in the corner does; what the machine remembers is written."""
        self.wine.run("taskkill", "/im", "pythonw.exe")
        for _ in wait_for(60):
            if not self._titles():
                break
        must(not self._titles(), "the window is still there a minute after it was asked to close")
        self._wait_until_ended()
        must((self._home / "settings.json").is_file(), "no settings were kept")

    def upgrades(self) -> None:
        """All files of the new version, none of the old."""
        self._install(NEW)
        must(not (self._program / LEFT_OVER).exists(), "a file of the old version was left behind")
        must(self._counted() == self._firms, "the data changed")
        must(self._command("check", "data") is not None, "the data check says nothing")

    def uninstalls(self) -> None:
        """Program, shortcut and entry go; every fact stays."""
        self.wine.run(self._program / "uninstall.exe", "/S")
        for _ in wait_for(120):
            if not self._program.exists():
                break
        must(not self._program.exists(), f"left behind: {sorted(map(str, self._program.rglob('*')))[:5]}")
        must(not self._shortcut.exists(), "the shortcut was left behind")
        must(self._version() == "", "Windows still lists the program")
        must(self._counted() == self._firms, "the data are not all there")

    # ---- what the steps look at --------------------------------------------------------------------------------

    def _install(self, version: str) -> None:
        done = self.wine.run(self._setups[version], "/S", seconds=240)
        must(done.code == 0, f"the setup ended with {done.code}: {done.text}")
        must(self._version() == version, f"Windows lists version {self._version()!r}")
        listed = {line.split(" *", 1)[1] for line in (self._program / payload.LIST).read_text("utf-8").splitlines()}
        here = set(payload.paths_in(self._program)) - {payload.LIST, "uninstall.exe"}
        must(here == listed, f"installed otherwise than listed: {sorted(here ^ listed)[:5]}")
        summed = subprocess.run(["sha256sum", "--check", "--quiet", payload.LIST], cwd=self._program, check=False)
        must(summed.returncode == 0, "an installed file differs from its listed sum")

    def _version(self) -> str:
        """The version that Windows lists; empty when it lists none."""
        done = self.wine.run("reg", "query", UNINSTALL, "/v", "DisplayVersion")
        return done.text.split()[-1] if done.code == 0 else ""

    def _townsafe(self, *words: str) -> Done:
        return self.wine.run("cmd", "/c", self._windows(self._program / "townsafe.cmd"), *words, "--json", seconds=240)

    def _command(self, *words: str) -> Any:
        """What a command of the installed program answers; it must succeed."""
        done = self._townsafe(*words)
        must(done.code == 0, f"townsafe {' '.join(words)} ended with {done.code}: {done.text}")
        try:
            return json.loads(done.text)
        except ValueError as error:
            raise Wrong(f"townsafe {' '.join(words)} answered no JSON: {done.text}") from error

    def _windows(self, path: Path) -> str:
        return "C:\\" + str(path.relative_to(self.wine.c_drive)).replace("/", "\\")

    def _counted(self) -> int:
        """The enterprises in the file, as Linux reads it."""
        with closing(connect(self._home / "office" / "office.db")) as connection:
            return int(connection.execute("SELECT count(*) FROM enterprise").fetchone()[0])

    def _backups(self) -> set[str]:
        return {path.name for path in (self._home / "office" / "backups").iterdir()}

    def _times(self) -> dict[str, int]:
        return {name: (self._program / name).stat().st_mtime_ns for name in payload.paths_in(self._program)}

    def _titles(self) -> list[str]:
        """The titles of the program's windows."""
        command = ["xdotool", "search", "--onlyvisible", "--name", NAME, "getwindowname", "%@"]
        environment = {"DISPLAY": self._display, "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
        return done.stdout.splitlines()

    def _window_title(self) -> str:
        titles: list[str] = []
        for _ in wait_for(90):
            titles = self._titles()
            if any(" - " in title for title in titles):
                break
        return max(titles, key=len, default="")

    def _see(self, name: str) -> None:
        """Keep a picture of the screen, and look whether a page is drawn on it."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        said = "nothing was seen"
        for _ in wait_for(60, pause=1.0):
            picture = ImageGrab.grab(xdisplay=self._display).convert("RGB")
            said = blank(picture)
            if not said:
                break
        picture.save(self._pictures / f"{name}.png")
        must(not said, said)

    def _wait_until_ended(self) -> None:
        for _ in wait_for(60):
            if "pythonw.exe" not in self.wine.run("tasklist").text:
                return
        raise Wrong("pythonw.exe still runs a minute after its window closed")


def blank(picture: Image.Image) -> str:
    """Why a picture shows no page: too few colours, or one that covers nearly all of it; empty when it shows one."""
    counted = picture.getcolors(picture.width * picture.height) or []
    most = max(number for number, _ in counted) / (picture.width * picture.height)
    if len(counted) < FEWEST_COLOURS:
        return f"only {len(counted)} colours are on the screen"
    if most > MOST_OF_ONE_COLOUR:
        return f"{most:.0%} of the screen has one colour"
    return ""


def libraries_of(root: Path) -> set[str]:
    """Every module that the program's own code imports, anywhere in it, and that neither it nor Python brings."""
    found: set[str] = set()
    for path in (path for package in payload.PACKAGES for path in (root / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    return {name for name in found if name.split(".")[0] not in sys.stdlib_module_names | set(payload.PACKAGES)}
