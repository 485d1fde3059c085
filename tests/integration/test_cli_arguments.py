"""The command line itself: arguments, exit status, one sentence on standard error, UTF-8 everywhere."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.cli import names_command, run
from desktop.cli.output import fitted, table, width

START = "import sys; from desktop.cli import run; sys.exit(run(sys.argv[1:]))"
ROOT = Path(__file__).parents[2]


def started(*arguments: str, code: str = START, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """The command line as a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        cwd=ROOT,
        env={**inherited, **environment},
        timeout=60,
        check=False,
    )


def one_sentence(text: str) -> str:
    """What stands on standard error, which must be one line of Chinese and nothing else."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    assert any("\u4e00" <= each <= "\u9fff" for each in lines[0])
    assert "Traceback" not in text
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "请写明要执行的命令"),
        (["nope"], "没有“nope”这个命令"),
        (["document", "order", "1"], "没有“order”这种文书"),
        (["check", "case", "1"], "没有“case”这个命令"),
        (["plan"], "请写明要执行的命令"),
        (["workdays", "2026-01-01"], "缺少参数：TO"),
        (["workdays", "2026-01-01", "2026-1-2"], "“2026-1-2”不是有效的日期"),
        (["workdays", "2026-02-01", "2026-02-30"], "“2026-02-30”不是有效的日期"),
        (["workdays", "0001-01-01", "2026-02-30"], "日期应在 1949 年到 2199 年之间"),
        (["deadline", "insp.seizure", "--from", "9999-12-31T23:59"], "日期应在 1949 年到 2199 年之间"),
        (["workdays", "2026-02-02", "2026-02-01"], "请把先后对调"),
        (["workdays", "2026-02-02", "2026-02-03", "more"], "不认识这些参数：more"),
        (["due", "--until"], "--until 后面少了内容"),
        (["due", "--json=yes"], "--json 后面不需要内容"),
        (["--on", "昨天", "due"], "“昨天”不是有效的日期"),
        (["sample", "--seed", "x"], "--seed 应当是整数"),
        (["sample", "--enterprises", "0"], "“0”不是有效的数目"),
        (["import", "people", "a.xlsx"], "KIND 不能是“people”"),
        (["plan", "suggest", "--year", "26"], "“26”不是有效的年份"),
        (["deadline", "no.such.rule", "--from", "2026-03-02"], "no.such.rule"),
        (["deadline", "insp.measure_report", "--from", "2026-03-02"], "起算的时刻"),
        (["deadline", "insp.seizure", "--from", "1999-01-01"], "没有有效的规定"),
    ],
)
def test_unusable_arguments_are_status_2_and_one_sentence(
    arguments: list[str], said: str, data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "--data", str(data_folder)] if arguments else []) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in one_sentence(err)


def test_with_json_an_error_is_a_document_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["deadline", "no.such.rule", "--from", "2026-03-02", "--json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out) == {"error": {"code": "rule_unknown", "message": one_sentence(err)}}


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["due", "--help"], ["calendar", "import", "-h"]])
def test_help_is_chinese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 0
    out, err = capsys.readouterr()
    assert out.startswith("用法：townsafe")
    assert "通用选项" in out
    for english in ("usage", "options:", "show this", "positional"):
        assert english not in out
    assert err == ""


def test_general_options_stand_before_or_behind_the_command(
    data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = []
    for arguments in (
        ["--json", "--data", str(data_folder), "workdays", "2026-03-02", "2026-03-06"],
        ["workdays", "2026-03-02", "2026-03-06", "--data", str(data_folder), "--json"],
        ["--data", str(data_folder), "workdays", "--json", "2026-03-02", "2026-03-06"],
    ):
        assert run(arguments) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["workdays"] == 5


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], False),
        (["--data", "D:\\镇安"], False),
        (["--data=x", "--on", "2026-03-02"], False),
        (["--json"], False),
        (["--in-tray"], False),
        (["due"], True),
        (["--data", "x", "due"], True),
        (["--help"], True),
    ],
)
def test_without_a_command_the_window_is_meant(arguments: list[str], expected: bool) -> None:
    assert names_command(arguments) is expected


@pytest.mark.expects_log
def test_a_bug_is_one_sentence_and_a_trace_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_call: object) -> int:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("desktop.cli.about.version", broken)
    with caplog.at_level(logging.ERROR):
        assert run(["version"]) == 1
    assert "程序出错" in one_sentence(capsys.readouterr().err)
    assert "ZeroDivisionError" in caplog.text


def test_an_interrupted_command_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_call: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("desktop.cli.about.version", interrupted)
    assert run(["version"]) == 1
    assert "已中断" in one_sentence(capsys.readouterr().err)


# ---- as a process ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp936:strict", "utf-16"])
def test_output_is_utf8_with_plain_line_feeds_whatever_the_console(encoding: str, tmp_path: Path) -> None:
    done = started(
        "workdays", "2026-03-02", "2026-03-06", LC_ALL="C", PYTHONIOENCODING=encoding, TOWNSAFE_HOME=str(tmp_path)
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "5 个工作日" in done.stdout.decode("utf-8")
    assert b"\r" not in done.stdout
    failed = started("没有", LC_ALL="C", PYTHONIOENCODING=encoding)
    assert (failed.returncode, failed.stdout) == (2, b"")
    assert "没有“没有”这个命令" in one_sentence(failed.stderr.decode("utf-8"))


def test_a_deadline_needs_neither_a_folder_nor_anything_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from desktop.cli import run; run(sys.argv[1:])\n"
        "heavy = [m for m in ('PySide6', 'reportlab', 'xlsxwriter', 'docx', 'numpy', 'lxml') if m in sys.modules]\n"
        "assert not heavy, heavy"
    )
    done = started("deadline", "insp.seizure", "--from", "2026-03-02", "--json", code=code, TOWNSAFE_HOME=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["raw"] == "2026-04-01"
    assert list(tmp_path.iterdir()) == []


def test_asking_whether_there_is_a_command_loads_nothing_heavy() -> None:
    """The window's start asks it, too."""
    code = (
        "import sys; from desktop.cli import names_command; assert not names_command(['--data', 'x'])\n"
        "heavy = [m for m in ('sqlalchemy', 'desktop.services', 'db', 'PySide6') if m in sys.modules]\n"
        "assert not heavy, heavy"
    )
    done = started(code=code)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is another error there")
def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    code = (
        "import os, sys; reading, writing = os.pipe(); os.close(reading); os.dup2(writing, 1)\n"
        "from desktop.cli import run; sys.exit(run(['--help']))"
    )
    done = started(code=code)
    assert (done.returncode, done.stderr) == (0, b"")


# ---- text --------------------------------------------------------------------------------------------------------


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert width("惠萍a") == 5
    assert fitted("惠萍镇", 5) == "惠萍…"[:3]
    assert width(fitted("惠萍镇", 5)) == 5
    assert width(fitted("惠", 5)) == 5


def test_columns_of_a_table_stand_under_one_another() -> None:
    lines = table(("编号", "名称"), [(1, "宏达\n机械厂"), (12, None)])
    assert lines == ["编号  名称", "1     宏达 机械厂", "12    —"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may find the data folder of whoever runs it."""
    monkeypatch.setenv("TOWNSAFE_HOME", str(tmp_path_factory.mktemp("home")))
