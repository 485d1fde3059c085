"""Resolves every dependency anew and writes requirements.lock. Run by a developer: `python installer/dev.py lock`.

One file serves Linux and Windows, from Python 3.11 on: what only one of them needs carries a marker. Every line is
pinned with the hashes of all its files, and no address of a registry is kept, so the file says *what* is installed
and the machine's own pip settings say from where. The first part is what the program needs to run; the second adds
what its tests and generators need, the third what benchmarks compare it with. pip takes the whole file; `dev.py run`
takes the first part alone, `dev.py test` the first two.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
HEAD = "# Made by `python installer/dev.py lock`: pip requirements with hashes, for Linux and Windows. Not edited by hand.\n"
TEST_PART = "# --- for tests and generators ---\n"
BENCH_PART = "# --- for benchmarks ---\n"


def _resolve(*extras: str) -> dict[str, str]:
    """Each pinned requirement with its hashes, by name, for the program with these extras."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    options = [f"--extra={extra}" for extra in extras]
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version=3.11", "--generate-hashes",
        "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--quiet", *options, "pyproject.toml", "-",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, input="\n".join(build), stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    return _by_name(done.stdout)


def _by_name(text: str) -> dict[str, str]:
    """Split a lock into its requirements; a requirement's hashes stand on continued lines below it."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            name = line.split("==")[0]
        found[name] = found.get(name, "") + line
    return found


def _pins(texts: Iterable[str]) -> set[str]:
    """The name==release of each requirement, without markers and hashes."""
    lines = (line for text in texts for line in text.splitlines() if not line.startswith(" "))
    return {line.rstrip("\\ ").split(";")[0].strip() for line in lines}


def _part(whole: Mapping[str, str], names: Iterable[str]) -> str:
    """These requirements with the markers of the whole: what one part needs on Windows, another may need everywhere."""
    return "".join(whole[name] for name in names)


def main() -> None:
    """Write the lock; refuse when a part alone would resolve otherwise than together with the parts after it."""
    program, tested, whole = _resolve(), _resolve("dev"), _resolve("dev", "bench")
    if apart := (_pins(program.values()) | _pins(tested.values())) - _pins(whole.values()):
        raise SystemExit(f"the program, its tests and benchmarks need different releases of {', '.join(sorted(apart))}")
    parts = (
        _part(whole, program),
        _part(whole, (name for name in tested if name not in program)),
        _part(whole, (name for name in whole if name not in tested)),
    )
    LOCK.write_text(HEAD + parts[0] + TEST_PART + parts[1] + BENCH_PART + parts[2], "utf-8", newline="\n")


if __name__ == "__main__":
    main()
