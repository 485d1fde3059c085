"""一企一策 in the file of an enterprise: the measures with their days, who answers for them, and how far they are."""

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop import text
from desktop.services.measures import MeasureRow
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.measures.forms import OUTCOMES, Outcome
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import button, labelled, row

SOON_DAYS = 7


def state_pill(measure: MeasureRow) -> Pill:
    """How it stands today."""
    if measure.done_on is not None:
        return Pill("已完成", Meaning.DONE)
    if measure.days_left is None:
        return Pill("不再实施", Meaning.QUIET)
    if measure.days_left < 0:
        return Pill(text.days_left(measure.days_left), Meaning.OVERDUE)
    is_soon = measure.days_left <= SOON_DAYS
    return Pill(text.days_left(measure.days_left), Meaning.DUE_SOON if is_soon else Meaning.INFORMATION)


def _moved(measure: MeasureRow) -> str:
    return f"原期限 {text.day(measure.original_due_on)}" if measure.original_due_on != measure.due_on else ""


COLUMNS: tuple[Column[MeasureRow], ...] = (
    Column("state", "状态", lambda m: state_pill(m).word, 124, pill=state_pill),
    Column("text", "措施", lambda m: m.text, 240, tooltip=lambda m: m.text),
    Column("person", "责任人", lambda m: m.person, 84),
    Column("due_on", "完成期限", lambda m: text.day(m.due_on), 128, Align.RIGHT, tooltip=_moved),
    Column("progress", "进展", lambda m: m.progress or m.ended_reason, 200, tooltip=lambda m: m.progress),
    Column("done_on", "完成", lambda m: text.day(m.done_on) if m.done_on else "", 128, Align.RIGHT),
    Column("set_on", "确定", lambda m: text.day(m.set_on), 128, Align.RIGHT),
)


class ShareBar(QWidget):
    """How many of the measures are done; what is late of the rest stands out. The words beside it say the same."""

    def __init__(self) -> None:
        super().__init__()
        self._parts = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_parts(self, done: int, late: int, whole: int) -> None:
        """Done, late and all."""
        self._parts = done, late, whole
        self.setVisible(whole > 0)
        self.update()

    def sizeHint(self) -> QSize:
        """A little bar."""
        return QSize(theme.size(160), theme.size(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One bar in two colours."""
        done, late, whole = self._parts
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            box = QRectF(0, theme.size(4), self.width(), theme.size(8))
            painter.setBrush(theme.token("pressed"))
            painter.drawRoundedRect(box, theme.size(3), theme.size(3))
            left = 0.0
            for count, meaning in ((done, Meaning.DONE), (late, Meaning.OVERDUE)):
                width = box.width() * count / max(whole, 1)
                painter.setBrush(theme.colour(meaning))
                painter.drawRoundedRect(QRectF(left, box.top(), width, box.height()), theme.size(3), theme.size(3))
                left += width


class MeasuresSection(QWidget):
    """Asks for the measures of one enterprise, and opens their forms."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("measuresSection")
        self._context = context
        self._enterprise_id: int | None = None
        self.table: SimpleTable[MeasureRow] = SimpleTable(COLUMNS, "fileMeasures", lambda m: m.id, context.memory)
        self.table.setAccessibleName("一企一策措施")
        self.table.say_empty(Emptiness("还没有定措施", "按企业的风险定措施、责任人和期限，到期前会在工作台提醒。"))
        self.table.activated_id.connect(self._on_activated)
        self.table.menu_requested.connect(self._on_menu)
        self._bar = ShareBar()
        self.words = labelled("", "label")
        self.words.setObjectName("measureWords")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.size(theme.GAP), 0, 0)
        column.setSpacing(theme.size(theme.GAP))
        add = button("定措施", self._on_add, icon="plus", name="addMeasure")
        column.addLayout(row(add, self._bar, self.words, 1))
        column.addWidget(self.table, 1)

    def show_enterprise(self, enterprise_id: int) -> int:
        """Read the measures of an enterprise; the answer is how many it has."""
        self._enterprise_id = enterprise_id
        rows = self._context.services.measures.rows(enterprise_id)
        self.table.set_rows(rows)
        wanted = [each for each in rows if not each.ended_reason]
        done, late = sum(each.done_on is not None for each in wanted), sum(each.is_overdue for each in wanted)
        self._bar.show_parts(done, late, len(wanted))
        said = [f"{len(wanted)} 项措施，已完成 {done} 项"] + ([f"逾期 {late} 项"] if late else [])
        self.words.setText("，".join(said) if rows else "")
        return len(rows)

    @Slot()
    def _on_add(self) -> None:
        if self._enterprise_id is not None:
            self._context.open_form("measure", enterprise_id=self._enterprise_id)

    @Slot(int)
    def _on_activated(self, measure_id: int) -> None:
        if self._context.services.measures.row(measure_id).is_open:
            self._step(measure_id, Outcome.FINISHED)
        else:
            self._context.toast("这条措施已经办结", False)

    def _step(self, measure_id: int, outcome: Outcome) -> None:
        self._context.open_form("measure_step", measure_id=measure_id, outcome=outcome.value)

    @Slot(QMenu, list)
    def _on_menu(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) != 1 or not self._context.services.measures.row(ids[0]).is_open:
            return
        for outcome, (words, _) in OUTCOMES.items():
            menu.addAction(words).triggered.connect(lambda _=False, one=outcome: self._step(ids[0], one))
        menu.addAction("修改").triggered.connect(lambda: self._context.open_form("measure", measure_id=ids[0]))
