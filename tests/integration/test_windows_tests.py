"""The proof on Windows' Python: what it counts, what it calls blank, and that it never passes for lack of Wine."""

import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from desktop import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def proof() -> Iterator[ModuleType]:
    """installer/windows_tests.py, found as `dev.py test-windows` finds it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "installer"))
        yield importlib.import_module("windows_tests")


@pytest.fixture
def suite(proof: ModuleType) -> ModuleType:
    """What runs the test suite there."""
    return sys.modules["wine.suite"]


@pytest.mark.parametrize(
    ("line", "counted"),
    [
        ("749 passed, 1 skipped in 33.52s", {"passed": 749, "skipped": 1}),
        ("15 failed, 1350 passed, 5 skipped in 210.47s (0:03:30)", {"failed": 15, "passed": 1350, "skipped": 5}),
        ("======= 2 failed, 1 passed, 3 errors in 0.10s =======", {"failed": 5, "passed": 1}),
        ("1 passed, 2 warnings, 1 xfailed, 4 deselected in 1.00s", {"passed": 1, "xfailed": 1}),
        ("1 error in 0.50s", {"failed": 1}),
        ("no tests ran in 0.01s", None),
        ("SKIPPED [1] tests\\a.py:3: 2 passed in Rome", None),
        ("........................ [ 18%]", None),
    ],
)
def test_only_the_closing_line_of_pytest_counts(suite: ModuleType, line: str, counted: dict[str, int] | None) -> None:
    assert suite.counts_of(line) == (None if counted is None else Counter(counted))


def _told(suite: ModuleType, monkeypatch: pytest.MonkeyPatch, *lines: str) -> object:
    """The result of a run of pytest that says these lines."""
    monkeypatch.setattr(suite, "_lines", lambda *_given: iter(lines))
    return suite.run("tests", None, None, ["tests"], [], 1.0)


def test_a_run_that_never_came_to_its_closing_line_has_failed(
    suite: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = _told(suite, monkeypatch, "........ [ 18%]", "Fatal error")
    assert not result.is_good  # type: ignore[attr-defined]
    assert result.counts == Counter(failed=1)  # type: ignore[attr-defined]


def test_what_skipped_is_told_with_its_reason_and_so_is_what_never_runs_there(
    suite: ModuleType, proof: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("SKIPPED [7] tests\\a.py:100: pdftotext is not here", "3 passed, 7 skipped in 1.00s")
    result = _told(suite, monkeypatch, *lines)
    assert result.is_good  # type: ignore[attr-defined]
    told = proof.summary([result], 12.0)
    assert "7× tests\\a.py:100: pdftotext is not here" in told
    assert all(each in told and why in told for each, why in suite.LEFT_OUT.items())
    assert told.splitlines()[-1] == "3 passed, 0 failed, 7 skipped in 12.00s"


def test_what_is_left_out_or_runs_twice_is_there(suite: ModuleType) -> None:
    for name in (*suite.LEFT_OUT, *suite.WHERE_ENCODINGS_MATTER):
        path, _, test = name.partition("::")
        assert (ROOT / path).exists()
        assert test in (ROOT / path).read_text("utf-8") if test else True


def test_without_wine_nothing_is_proved_and_that_is_said(
    proof: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = sys.modules["wine.machine"]
    monkeypatch.setattr(machine.sys, "platform", "linux")
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(machine.shutil, "which", lambda program: None)
    assert proof.main([]) == 3
    told = capsys.readouterr().out
    assert "NOT TESTED ON WINDOWS" in told
    assert "sudo apt-get install -y --no-install-recommends gcc-mingw-w64-x86-64" in told
    assert told.splitlines()[-1] == "0 passed, 1 failed"


def test_one_part_that_failed_is_no_success(
    proof: ModuleType, suite: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = suite.Result("one", Counter(passed=3)), suite.Result("other", Counter(passed=3, failed=1))
    for results, status in (([good], 0), ([good, bad], 1), ([], 1), ([suite.Result("nothing ran")], 1)):
        monkeypatch.setattr(proof, "prove", lambda *_given, results=results: results)
        assert proof.main([]) == status


def test_a_screen_without_a_page_is_blank(proof: ModuleType) -> None:
    blank = sys.modules["wine.setup"].blank
    assert blank(Image.new("RGB", (200, 100), "white"))
    striped = Image.new("RGB", (200, 100), "white")
    for x in range(200):
        striped.putpixel((x, 0), (x, x, x))
    assert "has one colour" in blank(striped)  # many colours, and nothing drawn but a line
    assert blank(Image.linear_gradient("L").convert("RGB")) == ""


def test_the_checklist_says_who_checked_this_release_on_a_real_pc_even_when_nobody_did() -> None:
    lines = (ROOT / "installer" / "CHECKLIST.md").read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith(f"| {__version__} |")]
    assert len(rows) == 1
    assert all(cell.strip() for cell in rows[0].strip("|").split("|"))


def test_every_library_that_the_program_names_is_found_wherever_it_is_imported(proof: ModuleType) -> None:
    found = sys.modules["wine.setup"].libraries_of(ROOT)
    assert {"PySide6.QtWidgets", "sqlalchemy.orm", "docx.shared", "pypdfium2"} <= found
    assert not any(name.split(".")[0] in ("desktop", "db", "os", "tests") for name in found)
