"""One section of the report rewritten by the office; the computed words can always be had back."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context, FormMaker
from desktop.ui.widgets.fields import LongTextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.section import button

LINES = 17
NOTE = "花括号里的是统计数字，打印时按记录填入；删去花括号就成了固定文字，年终包查验时不再核对它。"


class SectionDialog(ActDialog[str]):
    """The words of a section to edit; 恢复计算稿 drops the office's own."""

    def __init__(self, context: Context, year: int, section: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(context, "section", title, "保存", parent, (760, 640))
        self._year, self._section, self._title = year, section, title
        self.widen(720)
        words = self.form.add("words", "正文", LongTextField(lines=LINES), note=NOTE)
        words.editor.setObjectName("sectionText")
        self.form.save_button.setObjectName("sectionSave")
        reset = button("恢复计算稿", self._on_reset_clicked, "flat", name="sectionReset")
        self.form.foot.insertWidget(0, reset)
        self.finish({"words": context.services.reporting.section_text(year, section)})

    def draft(self, values: Values) -> str:
        """The words."""
        return words_of(values, "words")

    def perform(self, draft: str) -> None:
        """Keep them."""
        self.services.reporting.save_section(self._year, self._section, draft)

    def done_words(self, _draft: str) -> str:
        """Which section."""
        return f"已保存“{self._title}”"

    @Slot()
    def _on_reset_clicked(self) -> None:
        if self.context.act(self._reset, f"“{self._title}”已恢复计算稿"):
            self.close_saved()

    def _reset(self) -> bool:
        self.services.reporting.reset_section(self._year, self._section)
        return True


def open_section(context: Context, year: int, section: str, title: str = "", parent: QWidget | None = None) -> QDialog:
    """The words of one section of a year's report."""
    return SectionDialog(context, year, section, title, parent)


FORMS: dict[str, FormMaker] = {"report_section": open_section}
