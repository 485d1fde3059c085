"""The setup's script: it says what the program says, and it compiles. What it does is seen under Wine."""

import re
import shutil
from pathlib import Path

import pytest

from db import backup
from desktop.system.folders import PORTABLE_MARK
from installer.windows import setup
from installer.windows.build import version

SCRIPT = setup.SCRIPT.read_text("utf-8")


def test_the_file_type_is_that_of_the_programs_backups() -> None:
    assert set(re.findall(r"Classes\\(\.\w+)", SCRIPT)) == {backup.SUFFIX}


def test_the_portable_mark_is_where_the_program_looks_for_it() -> None:
    assert PORTABLE_MARK.as_posix() == setup.MARKER


def test_the_data_folder_is_in_no_deletion() -> None:
    removed = re.findall(r'^ *(?:RMDir|Delete) .*"(.*)"', SCRIPT, re.MULTILINE)
    assert removed
    assert all(path.startswith(("$INSTDIR", "$SMPROGRAMS\\${NAME}", "$DESKTOP\\${NAME}")) for path in removed)
    assert not re.search(r'RMDir /r "\$INSTDIR"', SCRIPT)


def test_nobody_needs_to_be_an_administrator() -> None:
    assert "RequestExecutionLevel user" in SCRIPT
    assert not re.search(r"HKLM|HKCR|SetShellVarContext all", SCRIPT)


@pytest.mark.skipif(shutil.which("makensis") is None, reason="needs makensis (Debian: nsis)")
def test_the_script_makes_a_setup_without_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / "载荷 payload"
    icon = folder / "app" / "resources" / "icons" / "townsafe.ico"
    icon.parent.mkdir(parents=True)
    icon.write_bytes((Path(setup.payload.ROOT) / "resources" / "icons" / "townsafe.ico").read_bytes())
    target = tmp_path / "TownSafe-setup.exe"
    setup.make_setup(folder, version(), target, fast=True)
    content = target.read_bytes()
    assert content.startswith(b"MZ")
    assert "镇安 安装程序".encode("utf-16-le") in content
    assert b'requestedExecutionLevel level="asInvoker"' in content
