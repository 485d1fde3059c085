"""打印预览 as it is used: what is seen is the file, what is printed are its pages, and no printer is no dead end."""

from pathlib import Path
from typing import cast

import pytest
from pictures import grab_both
from PySide6.QtCore import QSize, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sample_office import child, dialog, sample_folder, services, shell

from desktop.documents.page_setup import PageSetup, PaperSize
from desktop.documents.pages import Pages
from desktop.domain.errors import Trouble
from desktop.services.progress import Progress
from desktop.ui.calendar.page import CalendarPage
from desktop.ui.enterprises.page import EnterprisesPage
from desktop.ui.hazards.page import HazardsPage
from desktop.ui.printing.lists import work_of
from desktop.ui.printing.preview import PrintPreview
from desktop.ui.printing.printer import fitted_printer, image_of, send
from desktop.ui.shell import Shell
from desktop.ui.widgets.filter_bar import FilterState

__all__ = ["sample_folder", "services", "shell"]

WAIT = 60_000


def opened(qtbot: QtBot, shell: Shell) -> PrintPreview:
    """The preview of the page in sight, with its pages."""
    shell.window.commands["print"].trigger()
    box = cast(PrintPreview, dialog("printPreview"))
    qtbot.waitUntil(lambda: box.view.count > 0, timeout=WAIT)
    return box


def left(qtbot: QtBot, shell: Shell, box: PrintPreview) -> None:
    box.reject()
    qtbot.waitUntil(lambda: not shell.jobs.is_busy, timeout=WAIT)


def place(box: PrintPreview) -> str:
    return cast(QLabel, child(box, "pagePlace")).text()


def press(qtbot: QtBot, parent: QWidget, name: str) -> None:
    qtbot.mouseClick(cast(QPushButton, child(parent, name)), Qt.MouseButton.LeftButton)


def first_text(content: bytes) -> str:
    import pypdfium2

    file = pypdfium2.PdfDocument(content)
    words = file[0].get_textpage()
    found = "".join(words.get_text_range().split())
    words.close()
    file.close()
    return found


# ---- what can be printed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key", ["workbench", "enterprises", "calendar", "inspections", "hazards", "cases", "reporting"]
)
def test_every_page_with_a_list_or_a_document_has_its_preview(qtbot: QtBot, shell: Shell, key: str) -> None:
    page = shell.window.show_page(key)
    work = work_of(page, shell.context)
    assert work is not None, key
    box = opened(qtbot, shell)
    assert "共" in place(box)
    assert cast(QPushButton, child(box, "printNow")).isEnabled()
    left(qtbot, shell, box)


@pytest.mark.parametrize("view", ["orders", "revisits"])
def test_the_view_in_sight_is_what_is_printed(shell: Shell, view: str) -> None:
    page = cast(HazardsPage, shell.window.show_page("hazards"))
    page.open_with({"view": view})
    work = work_of(page, shell.context)
    assert work is not None
    assert work.key != "hazards"


def test_the_roster_prints_all_its_rows_by_the_columns_in_sight_under_its_filters(qtbot: QtBot, shell: Shell) -> None:
    page = cast(EnterprisesPage, shell.window.show_page("enterprises"))
    page.filters.set_state(FilterState("", {"risk_level": ("red",)}))
    page.table.show_column("village", False)
    work = work_of(page, shell.context)
    assert work is not None
    text = first_text(work.make(work.setup).content)
    assert f"共{len(page.table.ids)}条" in text
    assert "等级：红" in text
    assert "村居" not in text
    assert "企业名册" in text
    for row in shell.services.roster.rows(list(page.table.ids)[:3]):
        assert row.name in text
        assert row.phone
        assert row.phone not in text
        assert f"{row.phone[:3]}****{row.phone[-4:]}" in text


def test_the_workbench_prints_its_groups(shell: Shell) -> None:
    page = shell.window.show_page("workbench")
    work = work_of(page, shell.context)
    assert work is not None
    text = first_text(work.make(work.setup).content)
    assert "工作台" in text
    assert "逾期" in text


@pytest.mark.parametrize("view", ["month", "week", "agenda"])
def test_month_and_week_are_sheets_across_and_the_agenda_is_a_list(shell: Shell, view: str) -> None:
    page = cast(CalendarPage, shell.window.show_page("calendar"))
    page.show_view(view)
    work = work_of(page, shell.context)
    assert work is not None
    content = work.make(PageSetup(PaperSize.A3, True)).content
    with Pages(content) as pages:
        wide, tall = pages.size(0)
    assert wide > tall
    assert "2026年11月" in first_text(content) or view == "agenda"


def test_a_page_with_nothing_to_print_says_so(qtbot: QtBot, shell: Shell) -> None:
    page = cast(EnterprisesPage, shell.window.show_page("enterprises"))
    page.filters.set_state(FilterState("没有这家企业的名字"))
    shell.window.commands["print"].trigger()
    assert not [box for box in QApplication.topLevelWidgets() if box.objectName() == "printPreview" and box.isVisible()]
    assert shell.window.notices.kept[0].text == "这一页现在没有可以打印的内容"


def test_the_button_in_the_top_bar_prints_as_ctrl_p_does(qtbot: QtBot, shell: Shell) -> None:
    shell.window.show_page("cases")
    qtbot.mouseClick(child(shell.window, "printButton"), Qt.MouseButton.LeftButton)
    box = cast(PrintPreview, dialog("printPreview"))
    qtbot.waitUntil(lambda: box.view.count > 0, timeout=WAIT)
    left(qtbot, shell, box)


# ---- the preview -------------------------------------------------------------------------------------------


def test_the_preview_shows_the_file_point_for_point(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    shell.window.show_page("enterprises")
    box = opened(qtbot, shell)
    press(qtbot, box, "savePdf")
    chooser = box.findChild(QFileDialog, "savePdfDialog")
    assert chooser is not None
    chooser.fileSelected.emit(str(tmp_path / "名册.pdf"))
    chooser.close()
    with Pages((tmp_path / "名册.pdf").read_bytes()) as pages:
        saved = image_of(pages.picture(0, box.view.scale))
    assert box.view._image(0) == saved
    assert "已存为 名册.pdf" in shell.window.notices.kept[0].text
    left(qtbot, shell, box)


def test_other_paper_is_set_anew_and_remembered_for_this_list(qtbot: QtBot, shell: Shell) -> None:
    shell.window.show_page("enterprises")
    box = opened(qtbot, shell)
    before = box.view.count
    cast(QComboBox, child(box, "edit_paper")).setCurrentIndex(1)
    qtbot.waitUntil(lambda: not shell.jobs.is_busy and box.view.count > 0, timeout=WAIT)
    assert box.view.count < before
    left(qtbot, shell, box)
    again = opened(qtbot, shell)
    assert cast(QComboBox, child(again, "edit_paper")).currentText() == "A3"
    left(qtbot, shell, again)
    shell.window.show_page("cases")
    other = opened(qtbot, shell)
    assert cast(QComboBox, child(other, "edit_paper")).currentText() == "A4"
    left(qtbot, shell, other)


def test_the_report_keeps_the_layout_of_official_documents(qtbot: QtBot, shell: Shell) -> None:
    shell.window.show_page("reporting")
    box = opened(qtbot, shell)
    assert box.findChild(QWidget, "edit_paper") is None
    left(qtbot, shell, box)


def test_pages_are_turned_and_zoomed_by_key(qtbot: QtBot, shell: Shell) -> None:
    shell.window.show_page("enterprises")
    box = opened(qtbot, shell)
    assert place(box).startswith("第 1 页")
    qtbot.keyClick(box.view, Qt.Key.Key_PageDown)
    assert place(box).startswith("第 2 页")
    qtbot.keyClick(box.view, Qt.Key.Key_End)
    assert place(box).startswith(f"第 {box.view.count} 页")
    before = box.view.zoom
    qtbot.keyClick(box.view, Qt.Key.Key_Plus)
    assert box.view.zoom > before
    assert place(box).startswith(f"第 {box.view.count} 页")
    press(qtbot, box, "zoomFit")
    assert box.view.zoom == pytest.approx(before)
    left(qtbot, shell, box)


def test_leaving_while_it_is_being_set_is_no_trouble(qtbot: QtBot, shell: Shell) -> None:
    shell.window.show_page("enterprises")
    shell.window.commands["print"].trigger()
    box = cast(PrintPreview, dialog("printPreview"))
    left(qtbot, shell, box)


@pytest.mark.expects_log
def test_what_cannot_be_written_is_told_and_the_preview_stays(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    shell.window.show_page("cases")
    box = opened(qtbot, shell)
    box._on_file_chosen(str(tmp_path / "没有的文件夹" / "x.pdf"))
    assert "不能写入" in cast(QLabel, child(dialog("saidDialog"), "saidSentence")).text()
    dialog("saidDialog").close()
    assert box.isVisible()
    left(qtbot, shell, box)


def test_the_preview_has_its_pictures(qtbot: QtBot, shell: Shell) -> None:
    shell.window.show_page("enterprises")
    box = opened(qtbot, shell)
    for path in grab_both(box, "print-preview", QSize(1040, 720)):
        assert path.stat().st_size > 20_000
    cut = [push.text() for push in box.findChildren(QPushButton) if push.width() < push.minimumSizeHint().width()]
    assert cut == []
    left(qtbot, shell, box)


# ---- to the printer ----------------------------------------------------------------------------------------


def test_without_a_printer_it_says_so_and_offers_the_file(qtbot: QtBot, shell: Shell) -> None:
    page = shell.window.show_page("cases")
    work = work_of(page, shell.context)
    assert work is not None
    asked: list[int] = []
    box = PrintPreview(
        shell.context, work, shell.window, lambda *_words: asked.append(1), lambda: False  # type: ignore[func-returns-value]
    )  # fmt: skip
    box.open()
    qtbot.waitUntil(lambda: box.view.count > 0, timeout=WAIT)
    press(qtbot, box, "printNow")
    said = dialog("askDialog")
    assert any("没有安装打印机" in label.text() for label in said.findChildren(QLabel))
    press(qtbot, said, "askYes")
    chooser = box.findChild(QFileDialog, "savePdfDialog")
    assert chooser is not None
    assert chooser.isVisible()
    chooser.close()
    assert asked == []
    left(qtbot, shell, box)


def to_file(path: Path, title: str, pages: Pages) -> QPrinter:
    """A printer that every machine has: a file."""
    printer = fitted_printer(title, pages)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_every_page_goes_to_the_printer_as_it_was_seen(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    page = shell.window.show_page("cases")
    work = work_of(page, shell.context)
    assert work is not None
    paper = tmp_path / "paper.pdf"
    box = PrintPreview(
        shell.context, work, shell.window, lambda _box, title, pages: to_file(paper, title, pages), lambda: True
    )
    box.open()
    qtbot.waitUntil(lambda: box.view.count > 0, timeout=WAIT)
    count, seen = box.view.count, box._pages
    assert seen is not None
    expected = image_of(seen.picture(0, 1.0))
    press(qtbot, box, "printNow")
    qtbot.waitUntil(lambda: not shell.jobs.is_busy, timeout=WAIT)
    assert f"{count} 页" in shell.window.notices.kept[0].text
    assert not [
        each for each in QApplication.topLevelWidgets() if each.objectName() == "printPreview" and each.isVisible()
    ]
    with Pages(paper.read_bytes()) as printed:
        assert len(printed) == count
        assert printed.size(0) == pytest.approx((expected.width(), expected.height()), abs=2)
        image = image_of(printed.picture(0, 1.0))
    assert difference(image, expected) < 6


def difference(one: object, two: object) -> float:
    """How far two pictures of a page differ on average, of 255, on a coarse grid."""
    first, second = (
        picture.scaled(120, 84, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)  # type: ignore[attr-defined]
        for picture in (one, two)
    )
    points = [(x, y) for x in range(120) for y in range(84)]
    return sum(abs(first.pixelColor(x, y).lightness() - second.pixelColor(x, y).lightness()) for x, y in points) / len(
        points
    )


def test_a_printer_that_counts_no_copies_is_sent_each_of_them(shell: Shell, tmp_path: Path) -> None:
    page = shell.window.show_page("cases")
    work = work_of(page, shell.context)
    assert work is not None
    with Pages(work.make(work.setup).content) as pages:
        printer = to_file(tmp_path / "copies.pdf", "案件", pages)
        printer.setCopyCount(3)
        assert not printer.supportsMultipleCopies()
        assert send(pages, printer) == 3 * len(pages)
        with Pages((tmp_path / "copies.pdf").read_bytes()) as printed:
            assert len(printed) == 3 * len(pages)


@pytest.mark.qt_log_ignore("Returned false")
def test_some_pages_can_be_chosen_and_a_refusing_printer_is_told(shell: Shell, tmp_path: Path) -> None:
    page = shell.window.show_page("enterprises")
    work = work_of(page, shell.context)
    assert work is not None
    with Pages(work.make(work.setup).content) as pages:
        assert len(pages) >= 3
        printer = to_file(tmp_path / "some.pdf", "名册", pages)
        printer.setPrintRange(QPrinter.PrintRange.PageRange)
        printer.setFromTo(2, 3)
        assert send(pages, printer, Progress()) == 2
        with Pages((tmp_path / "some.pdf").read_bytes()) as printed:
            assert len(printed) == 2
        with pytest.raises(Trouble, match="cannot_print"):
            send(pages, to_file(tmp_path / "no" / "x.pdf", "名册", pages))
