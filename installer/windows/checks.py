"""What must hold of a payload before anyone gets it: nothing crept in, nothing grew out of bounds."""

from collections.abc import Iterable
from pathlib import Path

from . import Stop
from .trim import is_binary

PINNED = Path(__file__).with_name("binaries.txt")
HEAD = "# Every executable that is shipped; a build with another set stops. Renewed by `build.py --update-binaries`.\n"
MB = 1_000_000
# Megabytes. The payload is measured as it lies on the disk, fonts (23) and compiled modules included.
BUDGETS = {"payload": 170, "setup": 60, "portable": 100}


def check_binaries(names: Iterable[str], pinned: Path = PINNED, *, update: bool = False) -> int:
    """Compare the executables among `names` with the pinned list; the answer is how many there are."""
    found = sorted(name for name in names if is_binary(name))
    if update:
        pinned.write_text(HEAD + "".join(f"{name}\n" for name in found), "utf-8", newline="\n")
    listed = {line for line in pinned.read_text("utf-8").splitlines() if not line.startswith("#")}
    new, gone = sorted(set(found) - listed), sorted(listed - set(found))
    if new or gone:
        told = [f"new: {name}" for name in new] + [f"gone: {name}" for name in gone]
        raise Stop(
            f"other executables than {pinned.name} lists ({'; '.join(told)}). If that is meant: --update-binaries"
        )
    return len(found)


def check_budget(kind: str, size: int) -> str:
    """Stop when something outgrew its budget; the answer is a word on how far it is from it."""
    if size > BUDGETS[kind] * MB:
        raise Stop(f"the {kind} has {size / MB:.1f} MB, more than its budget of {BUDGETS[kind]} MB")
    return f"{size / MB:.1f} of {BUDGETS[kind]} MB"
