"""What the tests run on: the program's Windows folder as it is shipped, the test libraries, and a copy of the checkout.

The folder is the payload of the build with two additions (Qt's own test module, and its platform without a screen).
The tests see the checkout's modules instead of the payload's, because some of them look at the checkout; Python and
every library are the shipped ones. The checkout is copied, so that Windows leaves nothing in it.
"""

import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .machine import windows

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = (".git", ".venv", "build", "dist", "__pycache__", "*.egg-info", ".*_cache", ".hypothesis")
# In the shipped folder already, or tools that only look at source: never imported by a test.
NOT_NEEDED = ("pyside6", "shiboken6", "mypy", "ruff", "uv", "import_linter", "grimp")


@dataclass(frozen=True, slots=True)
class Tree:
    """Where everything that the tests run on lies, below one folder."""

    folder: Path

    @property
    def program(self) -> Path:
        """The payload."""
        return self.folder / "program"

    @property
    def python(self) -> Path:
        """Windows' own Python."""
        return self.program / "runtime" / "python.exe"

    @property
    def libraries(self) -> Path:
        """pytest and what else only tests need."""
        return self.folder / "libraries"

    @property
    def checkout(self) -> Path:
        """The copied checkout; the sample ledgers lie beside it, as they do beside the real one."""
        return self.folder / "work" / "checkout"


def make(folder: Path, wheels: Path) -> Tree:
    """Make the whole tree anew; the wheels are kept from one time to the next."""
    tree = Tree(folder)
    build("payload", "--for-tests", "--out", str(tree.program))
    build("wheels", "--out", str(wheels))
    _unpack(wheels, tree)
    _copy_checkout(tree)
    _open_paths(tree)
    return tree


def build(*words: str) -> None:
    subprocess.run([sys.executable, str(ROOT / "installer" / "build.py"), *words], check=True)


def _unpack(wheels: Path, tree: Tree) -> None:
    """Unpack what the program's folder does not have; what it has is tested as it is shipped."""
    shutil.rmtree(tree.libraries, ignore_errors=True)
    shipped = tree.program / "site-packages"
    for wheel in sorted(wheels.glob("*.whl")):
        if wheel.name.startswith(NOT_NEEDED):
            continue
        with zipfile.ZipFile(wheel) as archive:
            tops = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" not in name}
            if not any((shipped / top).exists() or (shipped / f"{top}c").exists() for top in tops):
                archive.extractall(tree.libraries)


def _copy_checkout(tree: Tree) -> None:
    shutil.rmtree(tree.checkout.parent, ignore_errors=True)
    shutil.copytree(ROOT, tree.checkout, ignore=shutil.ignore_patterns(*NOT_COPIED))
    samples = ROOT.parent / "shared"
    if samples.is_dir():
        (tree.checkout.parent / "shared").symlink_to(samples)


def _open_paths(tree: Tree) -> None:
    """Let this Python see the test libraries and the checkout; its ._pth file makes it deaf to PYTHONPATH."""
    (paths,) = tree.python.parent.glob("python*._pth")
    lines = [line for line in paths.read_text("ascii").split() if line != r"..\app"]
    paths.write_text("\n".join([*lines, windows(tree.libraries), windows(tree.checkout)]) + "\n", "utf-8")
