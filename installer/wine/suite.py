"""The project's own tests on Windows' Python, under Wine."""

import os
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .machine import Wine
from .tree import Tree

# What does not run there, each with its reason.
LEFT_OUT: Mapping[str, str] = {
    "tests/e2e/test_kills.py": (
        "hundreds of processes, which Windows starts from nothing each time: an hour and more. And what a kill leaves "
        "on the disk is decided by Linux here, whose own run of these tests says all there is to say"
    ),
    "tests/e2e/test_clerk_month.py": "the windows of a day of work again, many times over",
    "tests/integration/test_forms_sample.py": "drawn into memory with our own fonts, the same there as here",
    "tests/gui/test_scales.py": "drawn into memory with our own fonts, the same there as here",
    "tests/gui/test_pictures.py": "drawn into memory with our own fonts, the same there as here",
    "tests/integration/test_enterprises.py::test_a_hundred_thousand_rows_are_listed_in_a_moment": (
        "a budget of seconds; Wine's speed is nobody's"
    ),
}
# Under the western code page those parts run again where a character can become a byte or a name a path: what only works
# on a Chinese Windows shows there. The whole suite a second time would take another ten minutes.
WHERE_ENCODINGS_MATTER = (
    *(
        f"tests/integration/test_{noun}.py"
        for noun in (
            "attachments",
            "cli_arguments",
            "cli_import",
            "crashes",
            "resources",
            "startup",
        )
    ),
    "tests/unit/test_system_places.py",
    "tests/unit/test_system_settings.py",
)
COUNTS = ("passed", "failed", "error", "errors", "skipped", "xfailed", "xpassed")
_CLOSING = re.compile(r"=*\s*((?:\d+ [a-z]+, )*\d+ [a-z]+) in [\d.]+s(?: \([\d:]+\))?\s*=*")
_NOISE = re.compile(r"wine: Read access denied for device .*")  # it looks for the label of drive Z:
_SKIPPED = re.compile(r"SKIPPED \[(\d+)\] ([^ ]+?): (.*)")


@dataclass(slots=True)
class Result:
    """What one part of the proof counted, how long it took, and what it left out and why."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    left_out: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether something ran and nothing failed."""
        return self.counts["passed"] > 0 and self.counts["failed"] == 0


def counts_of(line: str) -> Counter[str] | None:
    """What pytest's closing line counts, errors as failures; None for any other line."""
    found = _CLOSING.fullmatch(line.strip())
    if found is None:
        return None
    counts: Counter[str] = Counter()
    for each in found[1].split(", "):
        number, what = each.split(" ")
        if what in COUNTS:
            counts["failed" if what.startswith("error") else what] += int(number)
    return counts


def run(name: str, wine: Wine, tree: Tree, paths: Sequence[str], words: Sequence[str], seconds: float) -> Result:
    """Run these paths of the test suite, and pass on what pytest says as it says it."""
    result = Result(
        name, left_out=[f"{each}: {why}" for each, why in LEFT_OUT.items() if each.startswith(tuple(paths))]
    )
    began = time.perf_counter()
    skipped: Counter[str] = Counter()
    for line in _lines(wine, tree, [*_options(), *paths, *words], seconds):
        if (counts := counts_of(line)) is not None:
            result.counts += counts
        elif found := _SKIPPED.match(line):
            skipped[f"{found[2]}: {found[3]}"] += int(found[1])
        else:
            print(line, flush=True)
    result.seconds = time.perf_counter() - began
    result.left_out += [f"{number}× {why}" for why, number in sorted(skipped.items())]
    if not result.counts:
        print(f"{name}: pytest did not come to its end", flush=True)
        result.counts["failed"] += 1
    return result


def _options() -> list[str]:
    cores = min(os.cpu_count() or 1, 4)
    spread = [f"--numprocesses={cores}", "--dist=worksteal"] if cores > 1 else ["-p", "no:xdist"]
    left_out = [f"--deselect={each}" for each in LEFT_OUT]
    # A test that starts forty processes needs minutes here, where each takes seconds.
    pytest = ["-m", "pytest", "-q", "--timeout=600", "-p", "no:cacheprovider"]
    return ["-X", "warn_default_encoding", *pytest, *spread, *left_out]


def _lines(wine: Wine, tree: Tree, words: Sequence[str], seconds: float) -> Iterator[str]:
    """What Windows' Python says, line by line; past the time limit everything in this Windows is ended."""
    process = wine.start([tree.python, *words], folder=tree.checkout)
    limit = threading.Timer(seconds, wine.stop)
    limit.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if text := _NOISE.sub("", _words(line)).rstrip():
                yield text
    finally:
        limit.cancel()
        process.wait()


def _words(line: bytes) -> str:
    """A line as it was written: in UTF-8, or in the code page of a Chinese Windows."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")
