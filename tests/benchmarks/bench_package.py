"""The year-end package: made and verified for the sample township and for one ten times as large."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from desktop.exchange.package_verify import verify
from desktop.services.clock import Clock
from desktop.services.opening import create_office
from tests.benchmarks.measure import Line, show

SMALL, LARGE = 300, 3_000
TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class _Run:
    export: float
    verify: float
    size: int
    records: int


def test_package(tmp_path: Path) -> None:
    """Ten times the enterprises should cost about ten times as much, not a hundred."""
    _run(tmp_path, 20)  # the libraries are loaded, fonts are in memory
    small, large = _run(tmp_path, SMALL), _run(tmp_path, LARGE)
    name = f"township of {SMALL}"
    show(
        "package",
        [
            Line(f"export, township of {LARGE}", large.export, name, small.export, "≤ 12"),
            Line(f"verify, township of {LARGE}", large.verify, name, small.verify, "≤ 12"),
            Line(f"verify, township of {SMALL}", small.verify, "its export", small.export, ""),
        ],
    )
    print(f"records {small.records} and {large.records}, packages {small.size / 1e6:.1f} and {large.size / 1e6:.1f} MB")


def _run(tmp_path: Path, count: int) -> _Run:
    services = create_office(tmp_path / f"office{count}", person="张所", clock=Clock.on(TODAY))
    services.sample.fill(count)
    records = sum(len(rows) for rows in services.reporting.content(TODAY.year).records.values())
    spent, made = _timed(lambda: services.reporting.export(TODAY.year, tmp_path))
    services.close()
    checked, verified = _timed(lambda: verify(made.path))
    assert verified.is_good
    path = made.path.rename(made.path.with_suffix(f".{count}"))
    return _Run(spent, checked, path.stat().st_size, records)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made
