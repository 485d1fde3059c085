"""Many documents at once: to the printer or into a folder, with progress and a way to stop."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton, QSpinBox, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.documents.paper import open_file, print_documents
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.folder import choose_folder
from desktop.ui.widgets.section import button, labelled, row

MOST_COPIES = 20


class PrintBatchDialog(QDialog):
    """How often each of several documents is printed."""

    def __init__(self, context: Context, ids: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("printBatchDialog")
        self.setWindowTitle("批量打印")
        self.setMinimumWidth(theme.size(440))
        self._context = context
        self._ids = list(ids)
        self._by_form = QRadioButton("按各文书规定的份数（例如责令限期整改指令书两份）")
        self._by_form.setObjectName("copiesByForm")
        self._each = QRadioButton("每份都打")
        self._each.setObjectName("copiesEach")
        self._group = QButtonGroup(self)
        self._group.addButton(self._by_form)
        self._group.addButton(self._each)
        self._by_form.setChecked(True)
        self._count = QSpinBox(minimum=1, maximum=MOST_COPIES, value=1)
        self._count.setObjectName("copiesCount")
        self._count.setAccessibleName("份数")
        self._count.valueChanged.connect(partial(self._each.setChecked, True))
        go = button("准备打印", self._on_go, "primary", "print", "startBatchPrint")
        go.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.setSpacing(theme.size(theme.GAP))
        column.addWidget(labelled(f"打印 {len(self._ids)} 份文书", "section"))
        column.addWidget(self._by_form)
        column.addLayout(row(self._each, self._count, labelled("份"), 1))
        column.addLayout(row(1, button("取消", self.reject, name="leaveBatch"), go))

    def _on_go(self) -> None:
        copies = None if self._by_form.isChecked() else self._count.value()
        self.accept()
        print_documents(self._context, self._ids, copies)


def print_many(context: Context, ids: Sequence[int]) -> None:
    """批量打印."""
    if len(ids) == 1:
        print_documents(context, ids)
    elif ids:
        PrintBatchDialog(context, ids, context.window()).open()


def export_many(context: Context, ids: Sequence[int], is_joined: bool = False) -> None:
    """批量导出 PDF: the folder is chosen first."""
    if ids:
        choose_folder(_parent(context), "导出到哪个文件夹", partial(export_to, context, list(ids), is_joined))


def _parent(context: Context) -> QWidget:
    window = context.window()
    assert window is not None
    return window


def export_to(context: Context, ids: Sequence[int], is_joined: bool, folder: Path) -> None:
    """Write the files behind a dialog that can be left. A full disk is told with what was written until then."""
    files = context.services.form_files
    job = context.jobs.start(
        lambda progress: files.export(ids, folder, is_joined=is_joined, progress=progress),
        f"导出 {len(ids)} 份文书",
        writes=True,
    )

    def tell(written: list[Path]) -> None:
        said = (
            f"{len(ids)} 份文书已合成一个文件：{written[0].name}"
            if is_joined
            else f"已导出 {len(written)} 个 PDF 文件。"
        )
        ask(context.window(), "导出完成", f"{said}\n{folder}", "打开文件夹", partial(open_file, folder), "好")

    job.succeeded.connect(tell)
