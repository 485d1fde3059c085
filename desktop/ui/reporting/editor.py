"""One section of the report rewritten by the office; the computed words can always be had back."""

from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.widgets.section import button, labelled, row


class SectionDialog(QDialog):
    """The words of a section to edit; 恢复计算稿 drops the office's own."""

    def __init__(self, context: Context, year: int, section: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sectionDialog")
        self.setWindowTitle(title)
        self.resize(theme.size(720), theme.size(560))
        self._context, self._year, self._section, self._title = context, year, section, title
        self._words = QPlainTextEdit(context.services.reporting.section_text(year, section))
        self._words.setObjectName("sectionText")
        self._words.setAccessibleName(title)
        note = labelled(
            "花括号里的是统计数字，打印时按记录填入；删去花括号就成了固定文字，年终包查验时不再核对它。", "quiet"
        )
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.addWidget(labelled(title, "section"))
        column.addWidget(note)
        column.addWidget(self._words, 1)
        reset = button("恢复计算稿", self._on_reset_clicked, "flat", name="sectionReset")
        save = button("保存", self._on_save_clicked, "primary", name="sectionSave")
        column.addLayout(row(reset, 1, button("取消", self.reject), save))

    def _on_save_clicked(self) -> None:
        reporting, words = self._context.services.reporting, self._words.toPlainText()
        self._do(lambda: reporting.save_section(self._year, self._section, words), f"已保存“{self._title}”")

    def _on_reset_clicked(self) -> None:
        reporting = self._context.services.reporting
        self._do(lambda: reporting.reset_section(self._year, self._section), f"“{self._title}”已恢复计算稿")

    def _do(self, work: object, done: str) -> None:
        assert callable(work)
        if self._context.act(lambda: (work(), True), done):
            self.accept()
