"""What is offered before any office is open. It only says what was chosen; opening is for `compose`."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.services.office import OfficeDraft
from desktop.system.folders import OfficeFolder
from desktop.ui import theme
from desktop.ui.drafts import DraftDesk
from desktop.ui.manual import ManualOwner
from desktop.ui.widgets.fields import TextField
from desktop.ui.widgets.folder import choose_folder
from desktop.ui.widgets.form import FormDialog, FormPanel, Values
from desktop.ui.widgets.section import button, hairline, labelled


@dataclass(frozen=True, slots=True)
class NewOffice:
    """A new office as entered: where its data go, what it is, who works."""

    folder: Path
    draft: OfficeDraft
    person: str


class StartWindow(QWidget):
    """Three ways to begin, and the folders that were open before."""

    new_wanted = Signal(object)
    """A `NewOffice`."""
    folder_chosen = Signal(object)
    """The `Path` of a folder to open."""
    sample_wanted = Signal()

    def __init__(self, new_folder: Path, recent: tuple[Path, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("startWindow")
        self.setWindowTitle("镇安")
        theme.set_role(self, "window")
        self._new_folder = new_folder
        self.resize(theme.size(880), theme.size(560))
        self._manual = ManualOwner()
        QShortcut(QKeySequence("F1"), self, self.show_manual)
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(self._build_card(recent), 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)

    def _build_card(self, recent: tuple[Path, ...]) -> QFrame:
        card = QFrame()
        theme.set_role(card, "card")
        card.setFixedWidth(theme.size(640))
        column = QVBoxLayout(card)
        column.setContentsMargins(*[theme.size(32)] * 4)
        column.setSpacing(theme.size(12))
        column.addWidget(labelled("镇安", "brand"))
        words = QLabel("镇（园区）安监所的日常：企业名册、检查计划、隐患整改、复查回访，到年终上报。", wordWrap=True)
        theme.set_role(words, "quiet")
        column.addWidget(words)
        column.addSpacing(theme.size(8))
        offers = (
            ("plus", "新建单位", "填写单位名称，开始登记企业和检查", self._on_new_clicked, "startNew", "primary"),
            (
                "folder",
                "打开已有的数据文件夹",
                "从旧电脑复制来的，或从备份还原的",
                self._on_open_clicked,
                "startOpen",
                "",
            ),
            (
                "view",
                "看看示例镇（惠萍镇，虚构）",
                "300 家虚构企业、两年的工作，可以随意试",
                self.sample_wanted.emit,
                "startSample",
                "",
            ),
        )
        for icon, title, note, slot, name, role in offers:
            column.addLayout(self._offer(icon, title, note, slot, name, role))
        if recent:
            column.addWidget(hairline())
            column.addWidget(labelled("最近打开", "label"))
            for folder in recent[:4]:
                column.addWidget(self._recent(folder), 0, Qt.AlignmentFlag.AlignLeft)
        manual = button("使用手册（F1）", self.show_manual, "link", name="startManual")
        column.addWidget(manual, 0, Qt.AlignmentFlag.AlignLeft)
        self.status = labelled("", "error")
        self.status.setObjectName("startStatus")
        self.status.setWordWrap(True)
        self.status.hide()
        column.addWidget(self.status)
        return card

    def _offer(self, icon: str, title: str, note: str, slot: object, name: str, role: str) -> QHBoxLayout:
        made = button(title, slot, role, icon, name)  # type: ignore[arg-type]  # a bound method or a signal's emit
        made.setMinimumWidth(theme.size(250))
        made.setMinimumHeight(theme.size(36))
        line = QHBoxLayout()
        line.setSpacing(theme.size(theme.WIDE_GAP))
        line.addWidget(made)
        told = labelled(note, "quiet")
        told.setWordWrap(True)
        line.addWidget(told, 1)
        return line

    def _recent(self, folder: Path) -> QPushButton:
        made = button(str(folder), lambda: self.folder_chosen.emit(folder), "link")
        made.setAccessibleName(f"打开 {folder}")
        return made

    @Slot()
    def show_manual(self, topic: str = "start") -> None:
        """F1: the manual at the first day."""
        self._manual.show(topic or "start")

    def closeEvent(self, event: QCloseEvent) -> None:
        """The manual goes as well."""
        self._manual.close()
        super().closeEvent(event)

    def say(self, sentence: str) -> None:
        """Why what was chosen could not be opened."""
        self.status.setText(sentence)
        self.status.setVisible(bool(sentence))

    @Slot()
    def _on_open_clicked(self) -> None:
        choose_folder(self, "选择数据文件夹（里面有 office.db）", self.folder_chosen.emit)

    @Slot()
    def _on_new_clicked(self) -> None:
        dialog = NewOfficeDialog(self._new_folder, self)
        dialog.made.connect(self.new_wanted)
        DraftDesk(OfficeFolder(self._new_folder).drafts).attend(dialog, "new_office", {})
        dialog.open()


class NewOfficeDialog(FormDialog):
    """Name and code of the office, the prefix of its numbers, the bureau above, who works, and where the data go."""

    made = Signal(object)

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__("新建单位", FormPanel("newOffice", "建立"), parent)
        self.resize(theme.size(560), theme.size(620))
        self._folder = folder
        form = self.form
        form.section("单位")
        form.add("name", "镇（街道、园区）名称", TextField(), required=True, note="例：惠萍镇")
        form.add("code", "统计用区划代码", TextField(), required=True, note="6 至 12 位数字，例：320681102")
        form.add("county", "县级市（区、县）", TextField(), note="例：启东市；用于年终包的文件名")
        form.add("bureau", "上级应急管理局", TextField(), note="例：启东市应急管理局")
        form.add("prefix", "文号前缀", TextField(), note="例：苏启")
        form.section("使用人")
        form.add("person", "经办人", TextField(), required=True, note="写入操作日志")
        form.section("数据位置", f"保存在 {folder}；请勿放在网络盘或同步盘。")
        form.finish()
        form.saved.connect(self._on_saved)

    @Slot(object)
    def _on_saved(self, values: Values) -> None:
        told = {key: str(values[key] or "").strip() for key in ("name", "code", "county", "bureau", "prefix", "person")}
        problems = {key: "请填写这一项。" for key in ("name", "person") if not told[key]}
        if not (told["code"].isdigit() and 6 <= len(told["code"]) <= 12):
            problems["code"] = "应为 6 至 12 位数字。"
        if problems:
            self.form.show_problems(problems)
            return
        draft = OfficeDraft(
            name=told["name"],
            code=told["code"],
            county=told["county"],
            bureau=told["bureau"],
            prefix=told["prefix"],
        )
        self.close_saved()
        self.made.emit(NewOffice(self._folder, draft, told["person"]))


__all__ = ["NewOffice", "NewOfficeDialog", "StartWindow"]
