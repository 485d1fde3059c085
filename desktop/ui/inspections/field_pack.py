"""现场包: choose a day's route and its order, make paper and phone page; and the preview of what a phone brings back."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.documents.blocks import Made
from desktop.documents.field_pack import FieldPack, field_pack_pdf
from desktop.domain.errors import Said
from desktop.services.field_packs import FieldOutcome, FieldPlan, Stop, words_of
from desktop.services.progress import Progress
from desktop.system.file_names import safe_file_name, write_whole
from desktop.ui import theme
from desktop.ui.acts.days import date_field
from desktop.ui.context import Context
from desktop.ui.widgets.fields import ChoiceField, Option
from desktop.ui.widgets.section import button, labelled, row

EVERYBODY = 0
Laid = TypeVar("Laid")
LayOut = Callable[[FieldPack, Progress], Laid]
STOP = Qt.ItemDataRole.UserRole
NOTE = (
    "计划里的企业在做现场包时会排上当天的检查，编号以后不变。纸上的现场包含联系电话，只供执法人员使用，用后交回。"
    "手机页发到手机上用浏览器打开，不用上网；填完生成结果文件发回来读入。"
)


class FieldPackDialog(QDialog):
    """The route of a day as a list to tick and to order."""

    def __init__(self, context: Context, on: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fieldPackDialog")
        self.setWindowTitle("现场包")
        self._context = context
        self._day = date_field(context)
        self._day.setObjectName("packDay")
        self._day.set_value(on or context.services.clock.today())
        officers = [Option(each.id, each.name) for each in context.services.officers.rows()]
        self._officer = ChoiceField([Option(EVERYBODY, "全部人员"), *officers])
        self._officer.setObjectName("packOfficer")
        self._officer.set_value(EVERYBODY)
        self.stops = QListWidget()
        self.stops.setObjectName("packStops")
        self.stops.setAccessibleName("当天的企业，按走访次序")
        self.stops.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._said = labelled("", "quiet")
        self._said.setWordWrap(True)
        self._build()
        self._day.changed.connect(self.show_route)
        self._officer.changed.connect(self.show_route)
        self.show_route()
        self.resize(theme.size(720), theme.size(560))

    def _build(self) -> None:
        note = labelled(NOTE, "quiet")
        note.setWordWrap(True)
        self._paper = button("做纸上现场包…", self._on_paper_clicked, "primary", name="packPaper")
        self._phone = button("做手机页…", self._on_phone_clicked, name="packPhone")
        self._preview = button("预览、打印…", self.preview, icon="print", name="packPreview")
        box = QVBoxLayout(self)
        box.addLayout(row(labelled("日期", "label"), self._day, labelled("执法人员", "label"), self._officer, 1))
        box.addWidget(self.stops, 1)
        box.addLayout(
            row(
                button("上移", partial(self.shift, -1), name="packUp"),
                button("下移", partial(self.shift, 1), name="packDown"),
                labelled("勾选要去的企业，拖动或上移、下移排次序", "quiet"),
                1,
            )
        )
        box.addWidget(self._said)
        box.addWidget(note)
        box.addLayout(row(1, button("关闭", self.reject, name="packClose"), self._phone, self._preview, self._paper))

    @Slot()
    def show_route(self) -> None:
        """The day's visits and items of the plan, all ticked."""
        self.stops.clear()
        on = self._day.value()
        found = [] if on is None else self._context.services.field_packs.route(on, self._officer_id())
        for stop in found:
            item = QListWidgetItem(
                "　".join(filter(None, (stop.enterprise, stop.address or stop.village, stop.officer)))
            )
            item.setData(STOP, stop)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.stops.addItem(item)
        self._said.setText("" if found else "这一天没有安排检查，请先在计划日历里把企业排到这一天，或改选日期、人员。")
        for push in (self._paper, self._phone, self._preview):
            push.setEnabled(bool(found))

    def _officer_id(self) -> int | None:
        chosen = cast(int | None, self._officer.value())
        return chosen or None

    def chosen(self) -> list[Stop]:
        """The stops that are ticked, in the order shown."""
        items = [self.stops.item(place) for place in range(self.stops.count())]
        return [item.data(STOP) for item in items if item.checkState() is Qt.CheckState.Checked]

    def shift(self, by: int, _is_checked: bool = False) -> None:
        """The stop in hand comes earlier or later."""
        place = self.stops.currentRow()
        if place >= 0 and 0 <= place + by < self.stops.count():
            self.stops.insertItem(place + by, self.stops.takeItem(place))
            self.stops.setCurrentRow(place + by)

    @Slot()
    def _on_paper_clicked(self) -> None:
        self._ask("存为 PDF", ".pdf", "PDF 文件 (*.pdf)", self.write_paper)

    @Slot()
    def _on_phone_clicked(self) -> None:
        self._ask("存为手机页", ".html", "网页 (*.html)", self.write_phone)

    def _ask(self, title: str, suffix: str, kinds: str, then: object) -> None:
        name = safe_file_name(f"现场包-{self._day.value()}", suffix)
        dialog = QFileDialog(self, title, name, kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix.lstrip("."))
        dialog.fileSelected.connect(then)
        dialog.open()

    @Slot(str)
    def write_paper(self, path: str) -> None:
        """The pack as PDF, opened when it is done: what opens it also prints it."""
        self._write(Path(path), lambda pack, progress: field_pack_pdf(pack, progress.step).content)

    @Slot(str)
    def write_phone(self, path: str) -> None:
        """The phone page."""
        from desktop.documents.phone_page import phone_page

        self._write(Path(path), lambda pack, _progress: phone_page(pack))

    @Slot()
    def preview(self) -> None:
        """The paper in the program's own preview, to be printed from there. It bears the codes that stay."""
        work = self._work(lambda pack, progress: field_pack_pdf(pack, progress.step))
        job = self._context.jobs.start(work, "制作现场包", writes=True)
        job.succeeded.connect(self._on_previewed)

    def _write(self, path: Path, lay_out: LayOut[bytes]) -> None:
        made = self._work(lay_out)

        def work(progress: Progress) -> Path:
            write_whole(path, made(progress))
            return path

        job = self._context.jobs.start(work, "制作现场包", writes=True)
        job.succeeded.connect(self._on_written)

    def _work(self, lay_out: LayOut[Laid]) -> Callable[[Progress], Laid]:
        """The job that makes the pack as it is ticked and ordered now."""
        services, stops, on = self._context.services, self.chosen(), cast(date, self._day.value())
        officer = next((each.name for each in services.officers.rows() if each.id == self._officer_id()), "")
        return lambda progress: services.field_packs.laid_out(
            on, stops, officer, lambda pack: lay_out(pack, progress), progress
        )

    @Slot(object)
    def _on_previewed(self, made: Made) -> None:
        from desktop.ui.printing.preview import PrintPreview
        from desktop.ui.printing.work import PrintWork

        self.show_route()
        title = f"现场包 {self._day.value()}"
        work = PrintWork("field_pack", title, lambda _setup: made, has_setup=False)
        PrintPreview(self._context, work, self).open()

    @Slot(object)
    def _on_written(self, path: Path) -> None:
        self._context.toast(f"已做好现场包：{path.name}", True)
        self.show_route()
        if path.suffix.lower() == ".pdf":
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class ReadBackDialog(QDialog):
    """A result file: chosen or dropped, looked at, taken in."""

    def __init__(self, context: Context, path: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readBackDialog")
        self.setWindowTitle("读回现场结果")
        self.setAcceptDrops(True)
        self._context = context
        self._plan: FieldPlan | None = None
        self._said = labelled("选择手机发回来的“现场结果-….json”，或把它拖到这里。", "quiet")
        self._said.setObjectName("readBackSaid")
        self._said.setWordWrap(True)
        self.lines = QListWidget()
        self.lines.setObjectName("readBackLines")
        self.lines.setAccessibleName("文件里有什么")
        self.lines.setWordWrap(True)
        self._take = button("读入", self._on_take_clicked, "primary", name="readBackTake")
        self._take.setEnabled(False)
        box = QVBoxLayout(self)
        box.addWidget(self._said)
        box.addWidget(self.lines, 1)
        box.addLayout(
            row(
                button("选择文件…", self._on_choose_clicked, name="readBackChoose"),
                1,
                button("关闭", self.reject, name="readBackClose"),
                self._take,
            )
        )
        self.resize(theme.size(720), theme.size(420))
        if path is not None:
            self.read_file(path)

    @Slot()
    def _on_choose_clicked(self) -> None:
        dialog = QFileDialog(self, "选择现场结果", "", "现场结果 (*.json)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.read_file(Path(chosen)))
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the file dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.read_file(paths[0])

    def read_file(self, path: Path) -> None:
        """Show what it would bring; a file that cannot be taken leaves a sentence and nothing else."""
        self.lines.clear()
        self._plan = None
        try:
            plan = self._context.services.field_packs.plan(path)
        except Said as error:
            from desktop import text

            self._said.setText(text.sentence(error))
            theme.set_role(self._said, "error")
            self._take.setEnabled(False)
            return
        self._plan = plan
        theme.set_role(self._said, "quiet")
        self._said.setText(
            f"{plan.result.name}　{plan.result.made_at:%Y-%m-%d %H:%M} 生成，{len(plan.sheets)} 家。"
            + ("读入后可用 Ctrl+Z 一步撤销。" if plan.brings else "没有新的内容。")
        )
        for sheet in plan.sheets:
            self.lines.addItem(f"{sheet.enterprise}（{sheet.code}）：{words_of(sheet)}")
            for kept in sheet.kept:
                self.lines.addItem(f"　　保留程序里的：{kept}")
        self._take.setEnabled(plan.brings)

    @Slot()
    def _on_take_clicked(self) -> None:
        plan = self._plan
        assert plan is not None
        self._take.setEnabled(False)
        job = self._context.jobs.start(
            lambda _progress: self._context.services.field_packs.apply(plan), "读回现场结果", writes=True
        )
        job.succeeded.connect(self._on_taken)
        job.failed.connect(self._on_failed)

    @Slot(object)
    def _on_taken(self, outcome: FieldOutcome) -> None:
        said = f"已读回 {outcome.sheets} 家：作答 {outcome.answers} 项，发现问题 {outcome.findings} 条，照片 {outcome.pictures} 张"
        said += f"；{outcome.unreadable} 张照片打不开，没有加入" if outcome.unreadable else ""
        self._context.toast(said, True)
        self.accept()

    @Slot(object)
    def _on_failed(self, _error: Exception) -> None:
        self._take.setEnabled(True)


def open_field_pack(context: Context, parent: QWidget | None = None, on: date | None = None) -> QDialog:
    """The form "field_pack"."""
    return FieldPackDialog(context, on, parent)


def open_read_back(context: Context, parent: QWidget | None = None, files: Sequence[Path] = ()) -> QDialog:
    """The form "field_return"."""
    return ReadBackDialog(context, files[0] if files else None, parent)
