"""Proves that the program runs on Windows' own Python: `python3 installer/dev.py test-windows` (Linux, under Wine).

Three parts: the test suite under code page 936, which Chinese Windows has, the parts of it where encodings matter under
the western code page, and the setup from its installation to its removal. What Wine cannot show stands in
CHECKLIST.md, for a person. The closing line counts as pytest's does. Exit status: 0 all good, 1 something failed, 3
nothing was proved because Wine cannot be had here, and that is said loudly.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wine import NotHere, machine, setup, suite, tree
from wine.suite import Result

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "windows-tests"
WHEELS = ROOT / "build" / "windows" / "cache" / "wheels"
PARTS = ("suite", "western", "setup")
NOT_TESTED = 3
SUITE_SECONDS = 1500.0


def prove(parts: Sequence[str], words: Sequence[str]) -> list[Result]:
    """Carry out these parts; further words go to pytest.

    What waits for a program most of the time runs beside what needs the processor: both Windows are made while the
    tree is, and the journey of the setup is walked while the tests run under the western code page.
    """
    machine.ensure_packages()
    needs_chinese, needs_western, needs_tree = ({"suite", "setup"}, {"western"}, {"suite", "western"})
    asked = set(parts)
    with ThreadPoolExecutor() as crew:
        chinese = crew.submit(machine.fresh, FOLDER / "chinese", "zh_CN.UTF-8") if needs_chinese & asked else None
        western = crew.submit(machine.fresh, FOLDER / "western", "C.UTF-8") if needs_western & asked else None
        made = tree.make(FOLDER, WHEELS) if needs_tree & asked else None
        results = []
        if "suite" in asked and made and chinese:
            name = "test suite under code page 936"
            results.append(suite.run(name, chinese.result(), made, ["tests"], words, SUITE_SECONDS))
        walked = crew.submit(setup.run, chinese.result(), FOLDER) if "setup" in asked and chinese else None
        if made and western:
            name, paths = "tests under the western code page", suite.WHERE_ENCODINGS_MATTER
            results.append(suite.run(name, western.result(), made, paths, words, SUITE_SECONDS))
        if walked:
            results.append(walked.result())
    return results


def summary(results: Sequence[Result], seconds: float) -> str:
    """What each part counted and left out, and a closing line as pytest's for all of it."""
    lines = ["", "== on Windows' Python, under Wine =="]
    for result in results:
        counted = ", ".join(f"{result.counts[what]} {what}" for what in ("passed", "failed", "skipped"))
        lines.append(f"{result.name}: {counted} ({result.seconds:.0f} s)")
        lines += [f"    not run: {each}" for each in result.left_out]
    total = sum((result.counts for result in results), Counter[str]())
    lines.append(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped in {seconds:.2f}s")
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """Read the arguments, prove, and sum up."""
    parser = argparse.ArgumentParser(prog="dev.py test-windows", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone; may be given several times")
    asked, others = parser.parse_known_args(words)
    began = time.perf_counter()
    try:
        results = prove(asked.only or PARTS, others)
    except NotHere as missing:
        print(f"\n== NOT TESTED ON WINDOWS: {missing}\n0 passed, 1 failed", flush=True)
        return NOT_TESTED
    print(summary(results, time.perf_counter() - began), flush=True)
    return 0 if results and all(result.is_good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
