"""A ledger taken in through the window: read, corrected, previewed, one act, taken back, and what cannot be read."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot
from sample_office import child, dialog, sample_folder, services, shell

from desktop.domain.uscc import make
from desktop.exchange.sheets import read_sheets
from desktop.services.imports.plan import Action, PlannedRow
from desktop.ui.imports.dialog import ImportDialog
from desktop.ui.shell import Shell
from desktop.ui.widgets.paged_table import SimpleTable

__all__ = ["sample_folder", "services", "shell"]

HEADINGS = ("单位名称", "统一社会信用代码", "所在村", "备用电话", "成立日期")
WAIT = 30_000


def _firm(number: int, **other: Any) -> tuple[Any, ...]:
    facts = {"name": f"启东市第{number}试验机械厂", "uscc": make("320681", 7_000 + number), "village": "东兴镇村",
             "phone": f"1381234{number:04}", "established_on": "2008.6.18", **other}  # fmt: skip
    return tuple(facts.values())


def _book(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "工贸"
    for row in (HEADINGS, *rows):
        sheet.append(row)
    book.save(path)
    return path


def _open(shell: Shell, **wanted: Any) -> ImportDialog:
    shell.context.open_form("import", **wanted)
    return cast(ImportDialog, dialog("importDialog"))


def _at_columns(qtbot: QtBot, box: ImportDialog) -> None:
    qtbot.waitUntil(lambda: box._stack.currentIndex() == 1 and box._ledger is not None, timeout=WAIT)


def _to_preview(qtbot: QtBot, box: ImportDialog) -> None:
    _at_columns(qtbot, box)
    _press(qtbot, box, "importNext")
    qtbot.waitUntil(lambda: box._stack.currentIndex() == 2, timeout=WAIT)


def _press(qtbot: QtBot, box: ImportDialog, name: str) -> None:
    push = cast(QPushButton, child(box, name))
    assert push.isVisible()
    assert push.isEnabled()
    qtbot.mouseClick(push, Qt.MouseButton.LeftButton)


def _rows(box: ImportDialog) -> list[PlannedRow]:
    return list(cast(SimpleTable[PlannedRow], child(box, "importPreview")).rows)


def _figures(box: ImportDialog) -> list[str]:
    return [link.text() for link in box._counts.findChildren(QPushButton) if not link.isHidden()]


def _until_closed(qtbot: QtBot, press: Callable[[], None], box: ImportDialog) -> None:
    with qtbot.waitSignal(box.accepted, timeout=WAIT):
        press()


def _names(shell: Shell) -> set[str]:
    roster = shell.services.roster
    return {row.name for row in roster.rows(roster.ids())}


# ---- the way through ---------------------------------------------------------------------------------------


def test_a_workbook_is_previewed_taken_in_as_one_act_and_taken_back(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    before = shell.services.roster.count()
    box = _open(shell, files=[_book(tmp_path / "名册.xlsx", _firm(1), _firm(2))])
    _to_preview(qtbot, box)
    assert {row.action for row in _rows(box)} == {Action.NEW}
    assert {"全部 2", "新增 2", "更新 0", "不能导入 0"} <= set(_figures(box))
    assert shell.services.roster.count() == before
    _until_closed(qtbot, lambda: _press(qtbot, box, "importNext"), box)
    assert shell.services.roster.count() == before + 2
    toast = shell.window.notices.toast
    assert toast is not None
    undo = next(push for push in toast.findChildren(QPushButton) if push.text() == "撤销")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert shell.services.roster.count() == before


def test_what_was_pasted_from_a_sheet_is_taken_in(qtbot: QtBot, shell: Shell) -> None:
    QApplication.clipboard().setText("\n".join("\t".join(map(str, row)) for row in (HEADINGS, _firm(3), _firm(4))))
    box = _open(shell)
    qtbot.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    _to_preview(qtbot, box)
    assert [row.row.values["name"] for row in _rows(box)] == ["启东市第3试验机械厂", "启东市第4试验机械厂"]
    _until_closed(qtbot, lambda: _press(qtbot, box, "importNext"), box)
    assert {"启东市第3试验机械厂", "启东市第4试验机械厂"} <= _names(shell)


def test_a_column_corrected_by_hand_is_remembered_for_the_next_time(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    box = _open(shell, files=[_book(tmp_path / "一.xlsx", _firm(5))])
    _at_columns(qtbot, box)
    column = cast(QComboBox, child(box, "column_D"))
    column.setCurrentIndex(column.findData("safety_phone"))
    column.activated.emit(column.currentIndex())
    assert not child(box, "importNext").isEnabled()
    _to_preview(qtbot, box)
    assert _rows(box)[0].row.values["safety_phone"] == "13812340005"
    _until_closed(qtbot, lambda: _press(qtbot, box, "importNext"), box)
    again = _open(shell, files=[_book(tmp_path / "二.xlsx", _firm(6))])
    _at_columns(qtbot, again)
    assert cast(QComboBox, child(again, "column_D")).currentData() == "safety_phone"


def test_the_same_ledger_again_changes_nothing_and_says_so(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    file = _book(tmp_path / "名册.xlsx", _firm(7))
    box = _open(shell, files=[file])
    _to_preview(qtbot, box)
    _until_closed(qtbot, lambda: _press(qtbot, box, "importNext"), box)
    again = _open(shell, files=[file])
    _to_preview(qtbot, again)
    assert "不变 1" in _figures(again)
    assert not child(again, "importNext").isEnabled()


# ---- rows with problems ------------------------------------------------------------------------------------


def test_rejected_rows_hold_up_the_import_until_only_the_good_are_wanted(
    qtbot: QtBot, shell: Shell, tmp_path: Path
) -> None:
    box = _open(shell, files=[_book(tmp_path / "名册.xlsx", _firm(8), _firm(9, name=""))])
    _to_preview(qtbot, box)
    assert [row.action for row in _rows(box)] == [Action.REJECTED]
    assert not child(box, "importNext").isEnabled()
    _until_closed(qtbot, lambda: _press(qtbot, box, "importGood"), box)
    assert "启东市第8试验机械厂" in _names(shell)
    assert "" not in _names(shell)


def test_rows_with_problems_are_written_for_whoever_sent_them(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    box = _open(shell, files=[_book(tmp_path / "名册.xlsx", _firm(10), _firm(11, name=""))])
    _to_preview(qtbot, box)
    target = tmp_path / "退回 问题行.xlsx"
    box.save_problems(target)
    cells = [str(cell) for sheet in read_sheets(target) for row in sheet.rows for cell in row]
    assert make("320681", 7_011) in cells
    assert make("320681", 7_010) not in cells
    assert any(problem.message in cell for cell in cells for problem in _rows(box)[0].problems)


# ---- what cannot be read, and stopping ---------------------------------------------------------------------


def test_a_damaged_file_says_why(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    whole = _book(tmp_path / "名册.xlsx", _firm(12)).read_bytes()
    damaged = tmp_path / "坏.xlsx"
    damaged.write_bytes(whole[: len(whole) // 2])
    box = _open(shell, files=[damaged])
    qtbot.waitUntil(lambda: box._banner.isVisible(), timeout=WAIT)
    assert box._banner._text.text()
    assert "程序出错" not in box._banner._text.text()
    assert box._stack.currentIndex() == 0


def test_a_sheet_that_is_no_ledger_says_so_and_offers_no_preview(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "别的.csv"
    file.write_text("甲,乙\n1,2\n3,4\n", "utf-8")
    box = _open(shell, files=[file])
    qtbot.waitUntil(lambda: box._banner.isVisible(), timeout=WAIT)
    assert box._stack.currentIndex() == 1
    assert not child(box, "importNext").isEnabled()


def test_stopping_a_large_import_leaves_nothing(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    before, head = shell.services.roster.count(), shell.services.store.head_hash()
    file = tmp_path / "大名册.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADINGS, *(_firm(number) for number in range(100, 20_100))])
    box = _open(shell, files=[file])
    _to_preview(qtbot, box)
    assert "新增 20000" in _figures(box)
    job = box.apply(False)
    labels: list[str] = []
    job.progressed.connect(lambda _done, _total, label: labels.append(label))
    job.progressed.connect(lambda _done, _total, label: job.cancel() if label == "正在写入名册" else None)
    with qtbot.waitSignal(job.cancelled, timeout=60_000):
        pass
    assert "正在写入名册" in labels
    assert shell.services.roster.count() == before
    assert shell.services.store.head_hash() == head
    assert shell.services.store.first_broken() is None
    assert box.isVisible()
    assert box._stack.currentIndex() == 2


@pytest.mark.parametrize("kind", ["hazards", "officers"])
def test_another_kind_is_tried_when_chosen(qtbot: QtBot, shell: Shell, tmp_path: Path, kind: str) -> None:
    box = _open(shell, files=[_book(tmp_path / "名册.xlsx", _firm(13))])
    _at_columns(qtbot, box)
    choice = cast(QComboBox, child(box, "importKind"))
    assert choice.currentData() == "enterprises"
    choice.setCurrentIndex(choice.findData(kind))
    choice.activated.emit(choice.currentIndex())
    qtbot.waitUntil(lambda: box._ledger is not None or box._banner.isVisible(), timeout=WAIT)
    assert box._banner.isVisible() or box._ledger.kind.value == kind  # type: ignore[union-attr]
