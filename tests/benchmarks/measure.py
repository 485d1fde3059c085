"""How the benchmarks measure and print: medians of several runs, the limit measured in turn with what it limits."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: seconds of ours, seconds of the limit or peer, and the ratio wanted."""

    what: str
    ours: float
    limit_name: str
    limit: float
    wanted: str

    @property
    def ratio(self) -> float:
        """Ours over the limit."""
        return self.ours / self.limit if self.limit else float("nan")


def paired(
    ours: Callable[[], object],
    limit: Callable[[], object],
    repeat: int = 7,
    after: Callable[[], object] = lambda: None,
) -> tuple[float, float]:
    """Median seconds of both, run in turn so that a change of the machine's speed touches both alike.

    `after` clears up after each of them, outside the time.
    """
    first, second = [], []
    for _ in range(repeat):
        first.append(once(ours))
        after()
        second.append(once(limit))
        after()
    return statistics.median(first), statistics.median(second)


def once(work: Callable[[], object]) -> float:
    """Seconds of one run."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def show(title: str, lines: list[Line]) -> None:
    """Print a table."""
    print(f"\n## {title}")
    print(f"{'what':44} {'ours ms':>10} {'limit':>34} {'limit ms':>10} {'ratio':>8} {'wanted':>8}")
    for line in lines:
        print(
            f"{line.what:44} {line.ours * 1000:10.1f} {line.limit_name:>34} {line.limit * 1000:10.1f} "
            f"{line.ratio:8.2f} {line.wanted:>8}"
        )
