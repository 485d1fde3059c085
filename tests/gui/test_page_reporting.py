"""The year-end page, used: what is missing, where to put it right, the words of a section, and the sealed package."""

from datetime import date
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from sample_office import TODAY, child, dialog, sample_folder, services, shell

from desktop.exchange.package_verify import verify
from desktop.ui.reporting.page import ReportingPage
from desktop.ui.shell import Shell

__all__ = ["sample_folder", "services", "shell"]

YEAR = TODAY.year
WAIT = 60_000


def _page(shell: Shell) -> ReportingPage:
    return cast(ReportingPage, shell.window.show_page("reporting"))


def _words(page: ReportingPage) -> set[str]:
    """What can be read; labels that were just put into a layout are shown by the next events."""
    QApplication.processEvents()
    return {label.text() for label in page.findChildren(QLabel) if not label.isHidden()}


def _said(page: ReportingPage) -> str:
    return page.banner._text.text() if not page.banner.isHidden() else ""


def _section(shell: Shell) -> tuple[str, str]:
    return shell.services.reporting.sections(YEAR)[0][:2]


def _edit(qtbot: QtBot, page: ReportingPage, section: str) -> QPlainTextEdit:
    qtbot.mouseClick(child(page, f"edit_{section}"), Qt.MouseButton.LeftButton)
    return cast(QPlainTextEdit, child(dialog("sectionDialog"), "sectionText"))


def test_every_finding_of_the_check_has_its_line(shell: Shell) -> None:
    page, items = _page(shell), shell.services.reporting.preflight(YEAR)
    assert items
    assert {item.text for item in items} <= _words(page)
    errors = sum(item.severity.value == "error" for item in items)
    assert page.badge == errors
    assert f"必须处理 {errors}" in _words(page)


def test_each_way_to_put_it_right_leads_to_a_page(qtbot: QtBot, shell: Shell) -> None:
    led = [item for item in shell.services.reporting.preflight(YEAR) if item.page and item.page != "report"]
    assert led
    for item in led:
        page = _page(shell)
        push = cast(QPushButton, child(page, f"go_{item.code}"))
        assert push.text() == "去处理"
        qtbot.mouseClick(push, Qt.MouseButton.LeftButton)
        assert shell.window.page is not page, item.code
        assert shell.window.page is not None


def test_a_section_is_rewritten_and_the_computed_words_come_back(qtbot: QtBot, shell: Shell) -> None:
    page, (section, title) = _page(shell), _section(shell)
    computed = shell.services.reporting.section_text(YEAR, section)
    field = _edit(qtbot, page, section)
    assert field.toPlainText() == computed
    field.setPlainText("本所全年组织集中检查三轮。")
    qtbot.mouseClick(child(dialog("sectionDialog"), "sectionSave"), Qt.MouseButton.LeftButton)
    assert "本所全年组织集中检查三轮。" in page._preview.toPlainText()
    assert "已改写" in _words(page)
    _edit(qtbot, page, section)
    qtbot.mouseClick(child(dialog("sectionDialog"), "sectionReset"), Qt.MouseButton.LeftButton)
    assert "本所全年组织集中检查三轮。" not in page._preview.toPlainText()
    assert "已改写" not in _words(page)
    assert shell.services.reporting.section_text(YEAR, section) == computed
    assert title in {push.text() for push in page.findChildren(QPushButton)}


def test_a_rewritten_section_is_undone_from_the_toast(qtbot: QtBot, shell: Shell) -> None:
    page, (section, _) = _page(shell), _section(shell)
    _edit(qtbot, page, section).setPlainText("临时改写。")
    qtbot.mouseClick(child(dialog("sectionDialog"), "sectionSave"), Qt.MouseButton.LeftButton)
    shell.undo()
    assert "临时改写。" not in page._preview.toPlainText()


def test_the_package_goes_into_a_folder_with_any_name_and_verifies(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    page, folder = _page(shell), tmp_path / "上报 材料（终稿）"
    folder.mkdir()
    assert not child(page, "revealPackage").isEnabled()
    job = page.export_to(folder)
    with qtbot.waitSignal(job.succeeded, timeout=WAIT):
        pass
    (made,) = folder.glob("*.zip")
    verified = verify(made)
    assert verified.is_good, verified
    assert child(page, "revealPackage").isEnabled()
    assert any(made.name in words for words in _words(page))
    assert [row.file_name for row in shell.services.reporting.submissions(YEAR)] == [made.name]


@pytest.mark.expects_log
def test_a_folder_that_is_gone_is_told_and_nothing_is_noted(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "没有").write_text("这里是一个文件，不是文件夹", "utf-8")
    page = _page(shell)
    job = page.export_to(tmp_path / "没有" / "年终")
    with qtbot.waitSignal(job.failed, timeout=WAIT):
        pass
    assert dialog("saidDialog").isVisible()
    dialog("saidDialog").close()
    assert shell.services.reporting.submissions(YEAR) == []


def test_a_cut_off_that_is_to_come_is_said(shell: Shell) -> None:
    page = _page(shell)
    page._cut_off.set_value(date(YEAR, 12, 31))
    page._cut_off.left.emit()
    assert "截止" in _said(page)
    page._cut_off.set_value(TODAY)
    page._cut_off.left.emit()
    assert _said(page) == ""


@pytest.mark.expects_log
def test_nothing_is_exported_while_the_cut_off_is_refused(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    page = _page(shell)
    page._cut_off.set_value(date(YEAR, 12, 31))
    page._cut_off.left.emit()
    job = page.export_to(tmp_path)
    with qtbot.waitSignal(job.failed, timeout=WAIT):
        pass
    dialog("saidDialog").close()
    assert list(tmp_path.glob("*.zip")) == []


def test_another_year_has_its_own_cut_off(shell: Shell) -> None:
    page = _page(shell)
    page.open_with({"year": YEAR - 1})
    assert page._cut_off.value() == date(YEAR - 1, 12, 20)
    assert f"{YEAR - 1}" in page._preview.toPlainText()
