"""What the clerk is told: every code that a check may answer has a sentence of its own."""

import re
from collections.abc import Iterator
from pathlib import Path

from desktop import text

ROOT = Path(__file__).parents[2] / "desktop"
CODE = re.compile(r"""(?:problems\[[^\]]+\] = |Invalid\(\{f?"[^"]+": )"([a-z_]+)\"""")


def codes() -> Iterator[tuple[str, str]]:
    for folder in ("domain", "services"):
        for path in sorted((ROOT / folder).glob("*.py")):
            for code in CODE.findall(path.read_text("utf-8")):
                yield path.name, code


def test_every_fault_of_a_field_has_a_sentence() -> None:
    found = set(codes())
    assert len({code for _, code in found}) > 15, "the pattern no longer finds the checks"
    assert [(name, code) for name, code in sorted(found) if text.field_sentence(code) == code] == []


def test_no_check_of_a_form_says_only_that_dates_are_in_the_wrong_order() -> None:
    """The general sentence is for lists from elsewhere; a form knows which two dates it means."""
    assert [name for name, code in codes() if code == "date_order"] == []
