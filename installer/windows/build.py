"""The steps of the build, in order, each with its seconds and what it found."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import Stop, payload, runtime, trim, wheels
from .runtime import Runtime

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "windows"
CACHE = BUILD / "cache"


@contextmanager
def _step(name: str) -> Iterator[list[str]]:
    """Say how long a step took, and what is put into the list."""
    began, found = time.perf_counter(), list[str]()
    yield found
    print(f"{name:10} {time.perf_counter() - began:6.1f} s  {'; '.join(found)}", flush=True)


def verified_runtime(asked: argparse.Namespace) -> Runtime:
    """The Python that is shipped: from the zip that is named, or from the registry."""
    with _step("runtime") as found:
        if asked.runtime is None:
            python = runtime.carried(CACHE / "runtime")
        else:
            if not asked.runtime_sha256:
                raise Stop("--runtime needs --runtime-sha256, as python.org's download page gives it")
            python = runtime.embeddable(asked.runtime, asked.runtime_sha256)
        found.append(
            f"Python {python.version}: {python.signed} signatures verified, {python.listed} files by catalogue"
        )
    return python


def make_payload(asked: argparse.Namespace) -> int:
    """Only the folder that would be installed."""
    python = verified_runtime(asked)
    with _step("wheels") as found:
        pins = wheels.pins((ROOT / "requirements.lock").read_text("utf-8"), python.version)
        files = wheels.merged(wheels.fetch(pins, python.version, CACHE / "wheels"))
        found.append(f"{len(pins)} wheels, {len(files)} files")
    with _step("trim") as found:
        beside = [name for name in python.files if name.endswith((".dll", ".exe"))]
        libraries = trim.trimmed(files, beside, for_tests=asked.for_tests)
        found.append(f"{len(libraries)} of {len(files)} files are shipped")
    with _step("payload") as found:
        payload.write(payload.assembled(python, libraries), asked.out)
        payload.compile_modules(asked.out, python.version)
        payload.pack_library(asked.out, python.version)
        payload.write_list(asked.out)
        found.append(
            f"{len(payload.paths_in(asked.out))} files, {payload.size_of(asked.out) / 1e6:.1f} MB: {asked.out}"
        )
    return 0


def fetch_wheels(asked: argparse.Namespace) -> int:
    """The Windows wheels of the whole lock, tests included, as files."""
    with _step("wheels") as found:
        pins = wheels.pins((ROOT / "requirements.lock").read_text("utf-8"), "3.11.9", with_tests=True)
        found.append(f"{len(wheels.fetch(pins, '3.11.9', asked.out))} wheels: {asked.out}")
    return 0


COMMANDS = {"payload": make_payload, "wheels": fetch_wheels}


def main(words: Sequence[str]) -> int:
    """Carry out one command; what stops it is a sentence and exit status 1."""
    parser = argparse.ArgumentParser(prog="build.py", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--out", type=Path, default=BUILD / "payload", help="where the folder goes")
    parser.add_argument("--for-tests", action="store_true", help="add what the test suite needs of Qt; never released")
    parser.add_argument("--runtime", type=Path, help="an embeddable zip of python.org instead of the registry's Python")
    parser.add_argument("--runtime-sha256", default="")
    asked = parser.parse_args(words)
    try:
        return COMMANDS[asked.command](asked)
    except Stop as stop:
        print(f"stopped: {stop}", file=sys.stderr)
        return 1
