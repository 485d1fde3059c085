"""The fonts of official documents in the window: chosen in the settings, and told where a paper's own are not here."""

from pathlib import Path

import pytest
from chain_office import ChainOffice
from fake_fonts import a_font, wording
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot
from test_page_documents import PaperPreview, dialog, office, one_issued, page, template

from desktop.services import Services
from desktop.services.form_fonts import FormFonts
from desktop.ui.documents.page import DocumentsPage
from desktop.ui.documents.paper import print_documents
from desktop.ui.settings.documents import DocumentsTab
from desktop.ui.widgets.pills import PillLabel

__all__ = ["office", "page", "template"]
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fonts of a PC: 仿宋 and 黑体."""
    folder = tmp_path_factory.mktemp("Fonts")
    a_font(folder / "simfang.ttf", wording("inspection_record"))
    a_font(folder / "simhei.ttf", family="SimHei", source="NotoSansSC-Bold.ttf")
    return folder


def on_a_pc(services: Services, *folders: Path) -> None:
    """As if the program had been started on a machine with the fonts of these folders."""
    for name in ("form_fonts", "forms", "form_files"):
        services.__dict__.pop(name, None)
    services.form_fonts = FormFonts(services.offices, folders)


@pytest.fixture
def tab(office: ChainOffice, windows: Path) -> DocumentsTab:
    on_a_pc(office.context.services, windows)
    made = DocumentsTab(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(made)
    office.window.show()
    made.read()
    made.open_with({"part": "fonts"})
    return made


def told(tab: DocumentsTab) -> str:
    return tab.fonts.facts.text()


def test_the_office_chooses_its_fonts_and_sees_what_is_used(tab: DocumentsTab, office: ChainOffice) -> None:
    services = office.context.services
    assert "仿宋 simfang.ttf" in told(tab)
    assert "黑体 simhei.ttf" in told(tab)
    assert "粗宋体（程序自带）" in told(tab)
    combo = tab.fonts.choice.editor
    assert isinstance(combo, QComboBox)
    assert combo.currentText().startswith("自动")
    combo.setCurrentIndex(1)
    assert "simfang" not in told(tab)
    assert not services.form_fonts.shown()[0].is_machines
    services.store.undo()
    tab.refresh()
    assert combo.currentIndex() == 0
    assert "仿宋 simfang.ttf" in told(tab)


def test_a_machine_without_them_says_so(tab: DocumentsTab, office: ChainOffice) -> None:
    on_a_pc(office.context.services)
    tab.fonts.refresh()
    assert "没有找到" in tab.fonts.note.text()
    tab.fonts.choice.editor.setCurrentIndex(1)  # type: ignore[attr-defined]
    assert tab.fonts.note.text() == ""


def test_a_paper_whose_fonts_are_not_here_says_so_and_is_not_called_changed(
    page: DocumentsPage, office: ChainOffice, qtbot: QtBot, windows: Path
) -> None:
    on_a_pc(office.context.services, windows)
    issued = one_issued(office)
    page.open_with({"document_id": issued})
    words = [each.pill.word for each in page.panel.findChildren(PillLabel)]
    assert "与签发时一致" in words
    on_a_pc(office.context.services)
    assert page.panel.show_document(issued)
    QApplication.processEvents()
    words = [each.pill.word for each in page.panel.findChildren(PillLabel) if each.isVisible()]
    assert "字体与签发时不同" in words
    assert "与签发时不一致" not in words
    sentence = "本机没有这份文书签发时用的字体（仿宋 simfang.ttf"
    assert any(sentence in label.text() for label in page.panel.findChildren(QLabel))
    print_documents(office.context, [issued])
    preview = dialog("paperPreview")
    assert isinstance(preview, PaperPreview)
    qtbot.waitUntil(lambda: preview.view.count > 0)
    assert sentence in preview.banner.findChildren(QLabel)[0].text()
    preview.reject()
