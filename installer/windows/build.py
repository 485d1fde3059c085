"""The steps of the build, in order, each with its seconds and what it found.

Without a command everything is made: the payload, the setup, the portable zip and SHA256SUMS, in build/windows.
"""

import argparse
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import Stop, checks, payload, runtime, setup, sign, trim, wheels
from .runtime import Runtime

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "windows"
CACHE = BUILD / "cache"
PYTHON = "3.11.9"
LOCK = ROOT / "requirements.lock"


@contextmanager
def _step(name: str) -> Iterator[list[str]]:
    """Say how long a step took, and what is put into the list."""
    began, found = time.perf_counter(), list[str]()
    yield found
    print(f"{name:10} {time.perf_counter() - began:6.1f} s  {'; '.join(found)}", flush=True)


def version() -> str:
    """The program's version, which must be three numbers: Windows knows nothing else."""
    found = re.search(r'__version__ = "(\d+\.\d+\.\d+)"', (ROOT / "desktop" / "__init__.py").read_text("utf-8"))
    if found is None:
        raise Stop("desktop/__init__.py names no version of three numbers")
    return found[1]


def _verified_runtime(asked: argparse.Namespace) -> Runtime:
    """The Python that is shipped: from the zip that is named, or from the registry."""
    with _step("runtime") as found:
        if asked.runtime is None:
            python = runtime.carried(CACHE / "runtime")
        elif asked.runtime_sha256:
            python = runtime.embeddable(asked.runtime, asked.runtime_sha256)
        else:
            raise Stop("--runtime needs --runtime-sha256, as python.org's download page gives it")
        found.append(f"Python {python.version}")
        found.append(f"{python.signed} executables by their signatures, {python.listed} other files by the catalogue")
    return python


def _libraries(python: Runtime, *, for_tests: bool) -> Mapping[str, bytes]:
    """What of the locked wheels is shipped."""
    with _step("wheels") as found:
        pins = wheels.pins(LOCK.read_text("utf-8"), python.version)
        files = wheels.merged(wheels.fetch(pins, python.version, CACHE / "wheels"))
        found.append(f"{len(pins)} wheels, {len(files)} files")
    with _step("trim") as found:
        beside = [name for name in python.files if trim.is_binary(name)]
        libraries = trim.trimmed(files, beside, for_tests=for_tests)
        found.append(f"{len(libraries)} of {len(files)} files are shipped")
    return libraries


def make_payload(asked: argparse.Namespace) -> int:
    """Only the folder that would be installed."""
    python = _verified_runtime(asked)
    libraries = _libraries(python, for_tests=asked.for_tests)
    with _step("payload") as found:
        payload.write(payload.assembled(python, libraries), asked.out)
        payload.compile_modules(asked.out, python.version)
        payload.pack_library(asked.out, python.version)
        payload.write_list(asked.out)
        names = payload.paths_in(asked.out)
        found.append(f"{len(names)} files, {checks.check_budget('payload', payload.size_of(asked.out))}: {asked.out}")
        if not asked.for_tests and asked.runtime is None:
            found.append(f"{checks.check_binaries(names, update=asked.update_binaries)} executables, all pinned")
    return 0


def make_all(asked: argparse.Namespace) -> int:
    """The payload, the setup, the portable zip and their sums."""
    if asked.for_tests:
        raise Stop("--for-tests is for `payload` alone: it is never released")
    make_payload(asked)
    name = BUILD / f"TownSafe-{version()}"
    made = [Path(f"{name}-setup.exe"), Path(f"{name}-portable.zip")]
    with _step("setup") as found:
        setup.make_setup(asked.out, version(), made[0], fast=asked.fast)
        found.append(
            f"{made[0].name}, {checks.check_budget('portable' if asked.fast else 'setup', made[0].stat().st_size)}"
        )
    if sign.is_wanted():
        with _step("sign"):
            sign.sign(made[0])
    with _step("portable") as found:
        setup.make_portable(asked.out, made[1])
        found.append(f"{made[1].name}, {checks.check_budget('portable', made[1].stat().st_size)}")
    setup.write_sums(made, BUILD / "SHA256SUMS")
    return 0


def fetch_wheels(asked: argparse.Namespace) -> int:
    """The Windows wheels of the whole lock, tests included, as files."""
    with _step("wheels") as found:
        pins = wheels.pins(LOCK.read_text("utf-8"), PYTHON, with_tests=True)
        found.append(f"{len(wheels.fetch(pins, PYTHON, asked.out))} wheels: {asked.out}")
    return 0


COMMANDS = {"all": make_all, "payload": make_payload, "wheels": fetch_wheels}


def main(words: Sequence[str]) -> int:
    """Carry out one command; what stops it is a sentence and exit status 1."""
    parser = argparse.ArgumentParser(prog="build.py", description=__doc__)
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="all")
    parser.add_argument(
        "--out", type=Path, default=BUILD / "payload", help="the folder of the payload, or of the wheels"
    )
    parser.add_argument("--fast", action="store_true", help="pack the setup quickly instead of small; for checks")
    parser.add_argument("--update-binaries", action="store_true", help="accept another set of executables")
    parser.add_argument("--for-tests", action="store_true", help="payload: add what the test suite needs of Qt")
    parser.add_argument("--runtime", type=Path, help="an embeddable zip of python.org instead of the registry's Python")
    parser.add_argument("--runtime-sha256", default="")
    asked = parser.parse_args(words)
    try:
        return COMMANDS[asked.command](asked)
    except (Stop, sign.NotSigned) as stop:
        print(f"stopped: {stop}", file=sys.stderr)
        return 1
