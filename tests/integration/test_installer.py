"""The two commands and the lock: what a new machine meets first."""

import hashlib
import importlib.util
import itertools
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
LOCK_LINES = (ROOT / "requirements.lock").read_text("utf-8").splitlines()


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """installer/dev.py as a module, with an environment of its own that is not there yet."""
    spec = importlib.util.spec_from_file_location("dev_under_test", ROOT / "installer" / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "townsafe.json")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "python")
    return module


def _installed(dev: ModuleType, part: str) -> None:
    """Pretend that `part` was installed."""
    dev.VENV.mkdir(exist_ok=True)
    dev.PYTHON.write_bytes(b"")
    dev.STAMP.write_text(json.dumps(dev.wanted_stamp(part)), "utf-8")


# ---- the lock ----------------------------------------------------------------------------------------------


def test_every_line_of_the_lock_is_a_pin_a_hash_or_a_comment() -> None:
    """No address, no option, no local path: only what, never from where."""
    pin = re.compile(
        r"[a-z0-9][a-z0-9.-]*==[0-9][0-9a-z.]*( ; [a-z_]+ [<>=!]+ '[^'/:]+'( and [a-z_]+ [<>=!]+ '[^'/:]+')*)? \\"
    )
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    strange = [
        line for line in LOCK_LINES if not (pin.fullmatch(line) or digest.fullmatch(line) or line.startswith("# "))
    ]
    assert strange == []
    assert not any("://" in line or "find-links" in line for line in LOCK_LINES)


def test_every_pin_has_a_hash() -> None:
    for line, following in itertools.pairwise(LOCK_LINES):
        if line.endswith("\\") and "==" in line:
            assert following.startswith("    --hash=sha256:"), line


def _pins(text: str) -> dict[str, str]:
    return dict(re.findall(r"(?m)^([a-z0-9.-]+)==([0-9a-z.]+)", text))


def _name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


def test_the_lock_has_all_that_the_project_asks_for_and_tools_of_tests_come_last(dev: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run, everything = _pins(dev.requirements("run")), _pins(dev.requirements("all"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert {_name(each) for each in wanted} <= set(run)
    tools = {_name(each) for each in project["project"]["optional-dependencies"]["dev"]}
    assert tools <= set(everything)
    assert not tools & set(run)
    peers = {_name(each) for each in project["project"]["optional-dependencies"]["bench"]}
    assert peers <= set(_pins(dev.requirements("bench")))
    assert not peers & set(everything)


def test_the_lock_serves_windows_and_keeps_the_pins_that_matter(dev: ModuleType) -> None:
    run = _pins(dev.requirements("run"))
    assert {"tzdata", "colorama"} <= set(_pins(dev.requirements("all")))
    assert "tzdata" in run
    assert run["pyside6-essentials"] == "6.11.3"


def test_the_environment_that_runs_these_tests_is_the_locked_one(dev: ModuleType) -> None:
    if not (Path(sys.prefix) / "townsafe.json").is_file():
        pytest.skip("this environment was not made by dev.py")
    from importlib.metadata import distributions

    # Only what is installed: setuptools puts libraries of its own on the path as soon as somebody imports it.
    installed = distributions(path=[sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    here = {_name(each.metadata["Name"]): each.version for each in installed}
    locked = _pins(dev.requirements("all"))
    marked = {line.split("==")[0] for line in LOCK_LINES if " ; " in line}
    assert {name: here.get(name) for name in locked if name not in marked} == {
        name: version for name, version in locked.items() if name not in marked
    }


# ---- what is installed, and when ---------------------------------------------------------------------------


def test_an_old_python_is_told_in_a_sentence(dev: ModuleType) -> None:
    with pytest.raises(dev.Stop, match=r"3\.10\.12"):
        dev.check_python((3, 10, 12))
    dev.check_python((3, 11, 0))


def test_the_commands_parse_on_a_python_too_old_to_run_them() -> None:
    """Otherwise the sentence about the version would be a SyntaxError."""
    import ast

    ast.parse((ROOT / "installer" / "dev.py").read_text("utf-8"), feature_version=(3, 8))


def test_what_tests_need_serves_the_program_and_not_the_other_way_round(dev: ModuleType) -> None:
    assert not dev.is_ready("run")
    _installed(dev, "all")
    assert dev.is_ready("run")
    assert dev.is_ready("all")
    _installed(dev, "run")
    assert dev.is_ready("run")
    assert not dev.is_ready("all")


def test_what_benchmarks_need_serves_tests_and_not_the_other_way_round(dev: ModuleType) -> None:
    _installed(dev, "all")
    assert not dev.is_ready("bench")
    _installed(dev, "bench")
    assert dev.is_ready("run")
    assert dev.is_ready("all")
    assert dev.is_ready("bench")


@pytest.mark.parametrize("name", ["python", "root", "run", "all"])
def test_another_python_folder_or_lock_means_installing_again(dev: ModuleType, name: str) -> None:
    _installed(dev, "all")
    stamp = json.loads(dev.STAMP.read_text("utf-8"))
    dev.STAMP.write_text(json.dumps({**stamp, name: hashlib.sha256(b"other").hexdigest()}), "utf-8")
    assert not dev.is_ready("all")


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_a_torn_stamp_means_installing_again(dev: ModuleType, content: str) -> None:
    _installed(dev, "all")
    dev.STAMP.write_text(content, "utf-8")
    assert not dev.is_ready("run")


def test_an_interrupted_installation_leaves_no_stamp(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(dev, "all")
    dev.STAMP.write_text(json.dumps({**json.loads(dev.STAMP.read_text("utf-8")), "run": "an older lock"}), "utf-8")
    monkeypatch.setattr(dev, "_make_venv", lambda: None)

    def interrupted(*words: str) -> None:
        assert not dev.STAMP.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(dev, "_pip", interrupted)
    with pytest.raises(KeyboardInterrupt):
        dev.ensure_environment("run")
    assert not dev.is_ready("run")


def test_run_after_test_keeps_the_tools_of_tests(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(dev, "all")
    dev.STAMP.write_text(json.dumps({**json.loads(dev.STAMP.read_text("utf-8")), "run": "an older lock"}), "utf-8")
    monkeypatch.setattr(dev, "_make_venv", lambda: None)
    monkeypatch.setattr(dev, "_pip", lambda *words: None)
    dev.ensure_environment("run")
    assert dev.is_ready("all")
    assert not dev.is_ready("bench")


def test_test_after_bench_keeps_what_benchmarks_need(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(dev, "bench")
    dev.STAMP.write_text(json.dumps({**json.loads(dev.STAMP.read_text("utf-8")), "all": "an older lock"}), "utf-8")
    monkeypatch.setattr(dev, "_make_venv", lambda: None)
    monkeypatch.setattr(dev, "_pip", lambda *words: None)
    dev.ensure_environment("all")
    assert dev.is_ready("bench")


# ---- the machine -------------------------------------------------------------------------------------------


def _machine(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, lacks: set[str], user: int) -> list[tuple[str, ...]]:
    """A Debian machine without these libraries; what apt-get was asked is returned, and cures it when root asked."""
    asked: list[tuple[str, ...]] = []

    def apt(*words: str) -> bool:
        asked.append(words)
        if words[0] == "install" and ("update",) in asked:
            lacks.clear()
            return True
        return words[0] == "update"

    monkeypatch.setattr(dev, "IS_LINUX", True)
    monkeypatch.setattr(dev, "_loads", lambda library: library not in lacks)
    monkeypatch.setattr(dev, "_apt", apt)
    monkeypatch.setattr(dev.os, "geteuid", lambda: user, raising=False)  # Windows has none
    monkeypatch.setattr(dev.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: object())
    return asked


def test_root_gets_missing_libraries_installed_with_the_lists_fetched_when_needed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _machine(dev, monkeypatch, {"libEGL.so.1", "libxcb-cursor.so.0"}, user=0)
    dev.ensure_system(for_window=True, for_tests=False)
    install = ("install", "-y", "--no-install-recommends", "libegl1", "libxcb-cursor0")
    assert asked == [install, ("update",), install]


def test_who_is_not_root_is_told_the_exact_command(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _machine(dev, monkeypatch, {"libGL.so.1", "libxcb-cursor.so.0"}, user=1000)
    with pytest.raises(dev.Stop, match=r"sudo apt-get install -y --no-install-recommends libgl1$"):
        dev.ensure_system(for_window=False, for_tests=False)
    assert asked == []


def test_a_python_without_venv_needs_its_debian_package(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(dev, monkeypatch, set(), user=1000)
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(dev.Stop, match=rf"python3\.{sys.version_info[1]}-venv"):
        dev.ensure_system(for_window=False, for_tests=False)


def test_a_complete_machine_is_left_alone(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _machine(dev, monkeypatch, set(), user=0)
    dev.ensure_system(for_window=True, for_tests=True)
    assert asked == []


# ---- run and test ------------------------------------------------------------------------------------------


@pytest.fixture
def calls(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A ready machine without a display; what would be started is listed instead."""
    started: list[list[str]] = []

    def call(command: list[str], **_options: object) -> int:
        started.append(command)
        return 1 if "mypy" in command else 0

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, call(command), b"said\n")

    _installed(dev, "all")
    monkeypatch.setattr(dev.subprocess, "call", call)
    monkeypatch.setattr(dev.subprocess, "run", run)
    monkeypatch.setattr(dev, "IS_LINUX", True)
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    return started


def test_without_a_display_run_names_the_command_line(
    dev: ModuleType, calls: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["run", "--data", "somewhere"]) == 2
    told = capsys.readouterr()
    assert "没有图形界面" in told.err
    assert "-m desktop --help" in told.err
    assert told.out == ""
    assert calls == []


def test_a_command_of_the_command_line_needs_no_display(dev: ModuleType, calls: list[list[str]]) -> None:
    assert dev.main(["run", "--data", "somewhere", "due", "--json"]) == 0
    assert calls == [[str(dev.PYTHON), "-P", "-m", "desktop", "--data", "somewhere", "due", "--json"]]


def test_with_a_display_the_window_starts(
    dev: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert dev.main(["run"]) == 0
    assert calls == [[str(dev.PYTHON), "-P", "-m", "desktop"]]
    assert capsys.readouterr().out == ""


def test_a_failing_stage_is_told_and_the_tests_run_all_the_same(
    dev: ModuleType, calls: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["test", "-k", "one"]) == 1
    told = capsys.readouterr().out
    assert "FAILED before the tests: types" in told
    assert told.index("== lint: ok") < told.index("said\n== types: FAILED") < told.index("== contracts: ok")
    assert sorted(command[2] for command in calls[:4] if command[1] == "-m") == ["mypy", "ruff", "ruff"]
    assert calls[-1][1:3] == ["-m", "pytest"]
    assert calls[-1][-2:] == ["-k", "one"]


@pytest.mark.skipif(os.name == "nt", reason="there is no bash")
@pytest.mark.parametrize(("first", "second", "status"), [(0, 0, 0), (1, 0, 1), (0, 3, 3), (2, 1, 1)])
def test_the_ci_script_runs_both_parts_without_input_and_hides_no_failure(
    tmp_path: Path, first: int, second: int, status: int
) -> None:
    python = tmp_path / "python3"
    python.write_text(
        f'#!/bin/sh\nread -r line && echo "was given input"\necho "$@"\n[ "$2" = test ] && exit {first}\nexit {second}\n',
        "utf-8",
    )
    python.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [ROOT / ".ci" / "run"], env=environment, input="yes\n", stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    assert done.stdout.splitlines() == ["installer/dev.py test", "installer/dev.py test-windows"]
    assert done.returncode == status


def test_another_python_can_read_the_help_without_anything_installed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", ROOT / "installer" / "dev.py", "--help"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        check=True,
    )
    assert b"run" in done.stdout
    assert b"Start the program" in done.stdout


def test_setting_up_looks_into_no_other_folders() -> None:
    """A Wine machine in build/ has a drive z: that is the whole disk; installing the checkout walked all of it."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]["find"]
    assert found["namespaces"] is False
    folders = {path.parent for name in ("desktop", "db", "resources") for path in (ROOT / name).rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []
