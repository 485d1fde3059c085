"""The part 字体 of the tab 文书: what official documents are drawn with, as the office chose and as this machine has it."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import text
from desktop.domain.form import FontChoice
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.settings.tab import Facts, heading
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.section import labelled, row, scrolled

WHAT = (
    "只管执法文书的 PDF 和打印；台账、报告、年终包用程序自带的字体，各台电脑上都一样。Word 文书里写的是仿宋、黑体、楷体的"
    "名称，由打开它的电脑提供。"
)
KEEPS = "改变选择以后新做的文书才换字体；已签发的文书重新生成时，仍用签发时的字体。"
ALL_OWN = "这台电脑上没有找到可以嵌入文书的仿宋、黑体、楷体，文书用程序自带的字体。"
LATER = "在 Windows 里新装或删除字体的，重新打开镇安后生效。"


class FontsPanel(QWidget):
    """The choice, and below it which font draws what now."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("fontsPanel")
        self._context = context
        self.choice = ChoiceField([Option(code, word) for code, word in text.choices(FontChoice)])
        self.choice.name("文书字体", "fontChoice")
        self.choice.setMaximumWidth(theme.size(420))
        self.choice.changed.connect(self._on_chosen)
        self.facts = Facts("fontFacts")
        self.note = labelled("", "quiet")
        self.note.setObjectName("fontNote")
        self.note.setWordWrap(True)
        what = labelled(f"{WHAT}\n{KEEPS}", "quiet")
        what.setWordWrap(True)
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, theme.size(12), theme.size(theme.GAP), 0)
        box.setSpacing(theme.size(12))
        box.addLayout(heading("文书字体", "整个单位用同一个选择"))
        box.addLayout(row(self.choice, 1))
        box.addWidget(what)
        box.addLayout(heading("现在用的字体", "这台电脑"))
        box.addWidget(self.facts)
        box.addWidget(self.note)
        box.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside))

    def refresh(self) -> None:
        """Show what is chosen and what it means here."""
        fonts = self._context.services.form_fonts
        choice, shown = fonts.choice(), fonts.shown()
        self.choice.set_value(choice.value)
        self.facts.show_facts([(each.role, each.font) for each in shown])
        is_wanted = choice is FontChoice.MACHINE
        is_lacking = is_wanted and not any(each.is_machines for each in shown)
        self.note.setText(f"{ALL_OWN}{LATER}" if is_lacking else LATER if is_wanted else "")

    @Slot()
    def _on_chosen(self) -> None:
        choice = FontChoice(str(self.choice.value()))
        self._context.act(partial(self._context.services.form_fonts.choose, choice), "已改变文书字体")
        self.refresh()
