"""The first page ever seen: a new office, a folder that is there already, or a look around in the sample township.

It knows no folder and no store: it says what was chosen, in values.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.fields import TextField
from desktop.ui.widgets.form import FormPanel
from desktop.ui.widgets.section import Banner, button, hairline, labelled, row, scrolled


@dataclass(frozen=True, slots=True)
class NewOffice:
    """What is asked of a new office: its name, region code, prefix of document numbers, parent office, and who works."""

    name: str
    region_code: str
    prefix: str
    parent: str
    person: str


RegionName = Callable[[str], str | None]
"""The name of the region with a code of nine digits; None when there is no such region."""


class StartPage(QWidget):
    """Three ways in. `region_name` lets the code be checked and read back while it is typed."""

    office_wanted = Signal(object)
    """A `NewOffice`."""
    folder_chosen = Signal(object)
    """The `Path` of a data folder."""
    sample_wanted = Signal()

    def __init__(self, region_name: RegionName | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("startPage")
        self._region_name = region_name
        self.banner = Banner(role="banner-error")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_ways())
        self._stack.addWidget(self._build_form())
        middle = QWidget()
        middle.setMaximumWidth(theme.size(640))
        inside = QVBoxLayout(middle)
        inside.setSpacing(theme.size(theme.WIDE_GAP))
        inside.addWidget(labelled("镇安", "title"))
        inside.addWidget(labelled("镇街安全生产检查、隐患整改与年终上报。数据只在本机，不联网。", "label"))
        inside.addWidget(self.banner)
        inside.addWidget(self._stack, 1)
        line = row(1, middle, 1)
        line.setStretch(1, 8)
        line.setContentsMargins(*[theme.size(48)] * 4)
        self.setLayout(line)
        theme.set_role(self, "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _build_ways(self) -> QWidget:
        ways = QWidget()
        column = QVBoxLayout(ways)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.size(theme.WIDE_GAP))
        told = (("新建单位", "第一次使用：填写单位名称和区划代码，建一份新的数据。", "新建单位", self._on_new_clicked, "newOffice", "primary"),
                ("打开已有文件夹", "从另一台电脑带来的数据，或以前用过的数据文件夹。", "选择文件夹…", self._on_folder_clicked, "openFolder", ""),
                ("看看示例镇", "惠萍镇，企业和人员均为虚构，可以随意试用，不影响以后的数据。", "打开示例镇", self.sample_wanted.emit, "openSample", ""))
        for number, (title, words, act, slot, name, role) in enumerate(told):
            if number:
                column.addWidget(hairline())
            column.addLayout(self._way(title, words, act, slot, name, role))
        column.addStretch(1)
        return scrolled(ways)

    def _way(self, title: str, words: str, act: str, slot: Callable[[], object], name: str, role: str) -> QVBoxLayout:
        said = QLabel(words, wordWrap=True)
        theme.set_role(said, "label")
        go = button(act, slot, role, name=name)
        go.setAccessibleDescription(words)
        whole = QVBoxLayout()
        whole.setSpacing(theme.size(4))
        whole.addWidget(labelled(title, "section"))
        beside = row(said, go, spacing=theme.MARGIN)
        beside.setStretch(0, 1)
        whole.addLayout(beside)
        return whole

    def _build_form(self) -> QWidget:
        form = self.form = FormPanel("newOfficeForm", "建立", self._check)
        form.section("新建单位")
        form.add("name", "单位名称", TextField("惠萍镇应急管理局（或综合行政执法局）"), required=True)
        form.add("region_code", "区划代码", TextField("九位数字，例如 320681105", 9), required=True,
                 note="统计用区划代码的前九位，写入上报包，用来认出是哪个镇。")
        form.add("prefix", "文号前缀", TextField("例如 惠应急"), note="打印在文书编号最前面，以后可在设置里改。")
        form.add("parent", "上级单位", TextField("例如 启东市应急管理局"))
        form.add("person", "经办人", TextField("您的姓名"), required=True, note="操作日志里记这个名字。")
        form.finish()
        form.set_values({})
        form.saved.connect(self._on_form_saved)
        form.cancelled.connect(self._on_form_left)
        return form

    def _check(self, values: Mapping[str, object]) -> dict[str, str]:
        code = str(values.get("region_code") or "")
        if code and not re.fullmatch(r"\d{9}", code):
            return {"region_code": "区划代码是九位数字。"}
        if code and self._region_name is not None and self._region_name(code[:6]) is None:
            return {"region_code": f"没有找到 {code[:6]} 这个县级区划，请核对前六位。"}
        return {}

    def say(self, trouble: str) -> None:
        """What stands in the way of the last choice, in a sentence; none takes it away."""
        self.banner.say(trouble)

    @Slot()
    def _on_new_clicked(self) -> None:
        self.say("")
        self._stack.setCurrentIndex(1)
        self.form.field("name").editor.setFocus()

    @Slot()
    def _on_folder_clicked(self) -> None:
        self.say("")
        dialog = QFileDialog(self, "选择数据文件夹")
        dialog.setObjectName("folderDialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_folder_selected)
        dialog.open()

    @Slot(str)
    def _on_folder_selected(self, folder: str) -> None:
        self.folder_chosen.emit(Path(folder))

    @Slot(object)
    def _on_form_saved(self, values: Mapping[str, object]) -> None:
        self.office_wanted.emit(NewOffice(*(str(values[key] or "") for key in ("name", "region_code", "prefix", "parent", "person"))))

    @Slot()
    def _on_form_left(self) -> None:
        self._stack.setCurrentIndex(0)


class StartWindow(QFrame):
    """The start page in a window of its own, before there is a main window."""

    def __init__(self, region_name: RegionName | None = None) -> None:
        super().__init__()
        self.setObjectName("startWindow")
        self.setWindowTitle("镇安 · 开始使用")
        self.resize(860, 620)
        self.page = StartPage(region_name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
