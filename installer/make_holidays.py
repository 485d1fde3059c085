"""Writes resources/holidays/arrangements.json from the package chinesecalendar. Run by a developer, never shipped.

    python installer/make_holidays.py

The file holds the State Council's arrangements, a year a line block, as `desktop.exchange.holidays` reads them:
`{"format": 1, "source": …, "years": [{"year": 2004, "days": [{"date", "kind", "name"}, …]}, …]}` where kind is
`off` (a day of a holiday, weekends inside it included) or `work` (a weekend worked in its place).
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

from chinese_calendar import Holiday, constants

TARGET = Path(__file__).parent.parent / "resources" / "holidays" / "arrangements.json"
CHINESE = {holiday.value: holiday.chinese for holiday in Holiday}


def _days() -> dict[int, list[dict[str, str]]]:
    """Every named day, by year and date."""
    kinds: tuple[tuple[str, Mapping[date, str]], ...] = (("off", constants.holidays), ("work", constants.workdays))
    years: dict[int, list[dict[str, str]]] = defaultdict(list)
    named = sorted((on, kind, CHINESE[name]) for kind, days in kinds for on, name in days.items())
    for on, kind, name in named:
        years[on.year].append({"date": on.isoformat(), "kind": kind, "name": name})
    return years


def main() -> None:
    """Write the file, one day a line so that a new year is a readable difference."""
    blocks = [
        f' {{"year": {year}, "days": [\n'
        + ",\n".join(f"  {json.dumps(day, ensure_ascii=False)}" for day in days)
        + "\n ]}"
        for year, days in sorted(_days().items())
    ]
    source = json.dumps(f"chinesecalendar {version('chinesecalendar')}")
    TARGET.write_text(f'{{"format": 1, "source": {source}, "years": [\n' + ",\n".join(blocks) + "\n]}\n", "utf-8")


if __name__ == "__main__":
    main()
