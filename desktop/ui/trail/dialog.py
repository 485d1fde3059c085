"""尽职留痕 of one enterprise: as of any day, what was done, what was late, the papers and files with their hashes."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.duty_trail import TrailKind, TrailMark
from desktop.domain.errors import Invalid
from desktop.services.duty_trail import (
    DutyTrail,
    TrailDuty,
    TrailEntry,
    TrailFile,
    TrailPaper,
    closing_words,
    entered_words,
    sheet_of,
)
from desktop.ui import theme
from desktop.ui.acts.days import date_field
from desktop.ui.acts.lists import wrapped
from desktop.ui.context import Context
from desktop.ui.printing.work import PrintWork
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, Tick
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill, Shape
from desktop.ui.widgets.section import Figure, FigureLine, button, labelled, row

WIDTH, HEIGHT = 1180, 700
TARGETS = {
    "inspection": ("inspections", "inspection_id"),
    "hazard": ("hazards", "hazard_id"),
    "rectification_order": ("hazards", "order_id"),
}
MARKS = {
    TrailMark.LATER: (Meaning.DUE_SOON, Shape.CLOCK),
    TrailMark.CHANGED: (Meaning.ATTENTION, Shape.DIAMOND),
    TrailMark.GONE: (Meaning.OVERDUE, Shape.TRIANGLE),
}


def mark_pill(entry: TrailEntry) -> Pill | None:
    """What the record says beside the act."""
    if entry.mark is TrailMark.NONE:
        return None
    return Pill(text.label(entry.mark), *MARKS[entry.mark])


def _late(duty: TrailDuty) -> Meaning | None:
    if not duty.days_late:
        return None
    return Meaning.OVERDUE if duty.is_open else Meaning.DUE_SOON


ACTS: tuple[Column[TrailEntry], ...] = (
    Column("number", "序号", lambda e: str(e.number), 56, Align.RIGHT, is_sortable=False),
    Column("on", "日期", lambda e: text.day(e.on), 128, Align.RIGHT),
    Column("kind", "类别", lambda e: text.label(e.kind), 84),
    Column("title", "事项", lambda e: e.title, 196, tooltip=lambda e: e.title),
    Column("text", "内容", lambda e: e.text, 300, tooltip=lambda e: e.text),
    Column("who", "人员", lambda e: e.who, 130, tooltip=lambda e: e.who),
    Column("mark", "记载", lambda e: text.label(e.mark), 104, pill=mark_pill, tooltip=lambda e: e.note),
    Column("note", "说明", lambda e: e.note, 170, tooltip=lambda e: e.note),
    Column("entered", "录入", entered_words, 160),
)
DUTIES: tuple[Column[TrailDuty], ...] = (
    Column("kind", "种类", lambda d: text.label(d.kind), 100),
    Column("title", "事项", lambda d: d.title, 300, tooltip=lambda d: d.title),
    Column("due", "期限", lambda d: text.day(d.due_on), 128, Align.RIGHT),
    Column("state", "当日状态", lambda d: d.state, 190, meaning=_late),
    Column("actor", "由谁办", lambda d: text.label(d.actor), 76),
    Column("officer", "经办", lambda d: d.officer, 90),
    Column("original", "原期限", lambda d: text.day(d.original_due_on) if d.original_due_on != d.due_on else "", 128,
           Align.RIGHT),
    Column("note", "说明", lambda d: "；".join(filter(None, (d.end_reason, d.note))), 240),
)  # fmt: skip
PAPERS: tuple[Column[TrailPaper], ...] = (
    Column("on", "签发", lambda p: text.day(p.on), 128, Align.RIGHT),
    Column("title", "文书", lambda p: p.title, 200),
    Column("number", "文号", lambda p: p.number, 220),
    Column("state", "状态", lambda p: p.state, 120),
    Column("sha256", "SHA-256", lambda p: p.sha256, 460),
)
FILES: tuple[Column[TrailFile], ...] = (
    Column("on", "加入", lambda f: text.day(f.on), 128, Align.RIGHT),
    Column("subject", "属于", lambda f: f.subject, 100),
    Column("name", "文件", lambda f: f.name, 280),
    Column("size", "大小", lambda f: text.size_of(f.size), 90, Align.RIGHT),
    Column("sha256", "SHA-256", lambda f: f.sha256, 460),
)


class TrailDialog(QDialog):
    """Asks the service again for every day that is chosen; its paper is the service's own file."""

    def __init__(self, context: Context, enterprise_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trailDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme.set_role(self, "surface")
        self._context = context
        self._enterprise_id = enterprise_id
        self.trail: DutyTrail | None = None
        self._build()
        self._fit_screen()
        self.day.set_value(context.services.clock.today())
        self.refresh()

    # ---- building

    def _build(self) -> None:
        self._name = labelled("", "section")
        self._name.setObjectName("trailName")
        self.day = date_field(self._context)
        self.day.name("截至日期", "trailDay")
        self.day.changed.connect(self.refresh)
        self._problem = labelled("", "error")
        self._problem.setObjectName("trailProblem")
        self.figures = FigureLine(wraps=True)
        self.bar = FilterBar([Facet("kind", "类别", self._ticks), Facet("mark", "记载", self._marks)], "事项、内容、人员…",
                             "trailFilter")  # fmt: skip
        views = self.bar.findChild(QWidget, "views")
        assert views is not None  # a day's trail is no list to come back to by name
        views.hide()
        self.bar.query_changed.connect(self._on_query_changed)
        self._closing = wrapped("", "quiet")
        self._closing.setObjectName("trailClosing")
        self._closing.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.print_button = button("打印、存为 PDF", self.print_out, "primary", "print", "trailPrint")
        self.print_button.setToolTip("Ctrl+P")
        close = button("关闭", self.close, name="trailClose")
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.size(theme.WIDE_GAP)] * 4)
        box.setSpacing(theme.size(theme.GAP))
        head = row(self._name, 1, labelled("截至", "label"), self.day)
        box.addLayout(head)
        for part in (self._problem, self.figures, self.bar, self._build_tabs(), self._closing):
            box.addWidget(part)
        box.setStretchFactor(self.tabs, 1)
        box.addLayout(row(1, close, self.print_button))
        for push in (self.print_button, close):
            push.setAutoDefault(False)
        QShortcut(QKeySequence("Ctrl+P"), self, self.print_out)
        QShortcut(QKeySequence("F5"), self, self.refresh)
        QShortcut(QKeySequence("Ctrl+F"), self, self.bar.search.setFocus)

    def _build_tabs(self) -> QTabWidget:
        memory = self._context.memory
        self.tabs = QTabWidget()
        self.tabs.setObjectName("trailTabs")
        self.tabs.setDocumentMode(True)
        self.acts: SimpleTable[TrailEntry] = SimpleTable(ACTS, "trailActs", lambda e: e.number, memory)
        self.duties: SimpleTable[TrailDuty] = SimpleTable(DUTIES, "trailDuties", None, memory)
        self.papers: SimpleTable[TrailPaper] = SimpleTable(PAPERS, "trailPapers", None, memory)
        self.files: SimpleTable[TrailFile] = SimpleTable(FILES, "trailFiles", None, memory)
        self.bar.set_table(self.acts)
        for table, title, said in (
            (self.acts, "经过", "截至这一天没有记录在案的事项"), (self.duties, "时限", "截至这一天没有时限事项"),
            (self.papers, "文书", "截至这一天没有签发过文书"), (self.files, "附件", "截至这一天没有附件"),
        ):  # fmt: skip
            table.setAccessibleName(title)
            table.say_empty(Emptiness(said))
            self.tabs.addTab(table, title)
        self.acts.activated_id.connect(self._on_act_opened)
        return self.tabs

    def _fit_screen(self) -> None:
        room = self.screen().availableGeometry().size()
        self.resize(min(theme.size(WIDTH), room.width() - 40), min(theme.size(HEIGHT), room.height() - 60))

    # ---- showing

    @Slot()
    def refresh(self) -> None:
        """Read the trail of the chosen day; a day that cannot be read is said, and what was shown stays."""
        day = self.day.value()
        if not isinstance(day, date):
            self._say(self.day.problem() or "请填写截至哪一天。")
            return
        try:
            self.trail = self._context.services.trails.trail(self._enterprise_id, day)
        except Invalid as error:
            self._say(text.field_sentence(error.problems["on"], error.facts))
            return
        self._say("")
        self._show(self.trail)

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.print_button.setEnabled(not problem)

    def _show(self, trail: DutyTrail) -> None:
        self.setWindowTitle(f"尽职留痕 - {trail.enterprise}")
        self._name.setText(trail.enterprise)
        self._show_figures(trail)
        self._show_acts(trail)
        self.duties.set_rows(trail.duties)
        self.papers.set_rows(trail.papers)
        self.files.set_rows(trail.files)
        counts = (len(trail.entries), len(trail.duties), len(trail.papers), len(trail.files))
        for place, (title, count) in enumerate(zip(("经过", "时限", "文书", "附件"), counts, strict=True)):
            self.tabs.setTabText(place, f"{title} {count}" if count else title)
        self._closing.setText(closing_words(trail))

    def _show_figures(self, trail: DutyTrail) -> None:
        open_late = sum(duty.is_open for duty in trail.late)
        done_late = len(trail.late) - open_late
        figures = [
            Figure(f"记录 {len(trail.entries)} 条", partial(self._pick, None)),
            Figure(f"逾期未办 {open_late} 项", self._show_duties, Meaning.OVERDUE if open_late else Meaning.QUIET),
            Figure(f"迟办 {done_late} 项", self._show_duties, Meaning.DUE_SOON if done_late else Meaning.QUIET),
        ]
        for mark in (TrailMark.LATER, TrailMark.CHANGED, TrailMark.GONE):
            if count := trail.counted(mark):
                figures.append(Figure(f"{text.label(mark)} {count} 条", partial(self._pick, mark), MARKS[mark][0]))
        self.figures.show_figures(figures)

    def _show_acts(self, trail: DutyTrail) -> None:
        self.acts.set_rows([entry for entry in trail.entries if _fits(entry, self.bar.state)])

    def _show_duties(self, _is_checked: bool = False) -> None:
        self.tabs.setCurrentWidget(self.duties)

    def _pick(self, mark: TrailMark | None, _is_checked: bool = False) -> None:
        self.tabs.setCurrentWidget(self.acts)
        self.bar.set_state(FilterState(picked={"mark": (mark.value,)} if mark else {}))
        self._on_query_changed()

    def _ticks(self) -> list[Tick]:
        counts = Counter(entry.kind for entry in self.trail.entries) if self.trail else Counter()
        return [Tick(kind.value, text.label(kind), counts[kind]) for kind in TrailKind if counts[kind]]

    def _marks(self) -> list[Tick]:
        if self.trail is None:
            return []
        return [Tick(mark.value, text.label(mark), self.trail.counted(mark)) for mark in MARKS]

    @Slot()
    def _on_query_changed(self) -> None:
        if self.trail is not None:
            self.tabs.setCurrentWidget(self.acts)
            self._show_acts(self.trail)

    # ---- ways on

    @Slot(int)
    def _on_act_opened(self, number: int) -> None:
        """The record behind an act, where it has a page."""
        entry = next((each for each in self.acts.rows if each.number == number), None)
        if entry is not None and entry.record[0] in TARGETS:
            page, key = TARGETS[entry.record[0]]
            self.close()
            self._context.navigate(page, {key: entry.record[1]})

    def print_work(self) -> PrintWork | None:
        """The paper of what is shown, whatever is filtered away on screen."""
        if self.trail is None:
            return None
        from desktop.documents.duty_trail import trail_pdf

        sheet = sheet_of(self.trail)
        return PrintWork("trail", f"{sheet.title}（截至{sheet.on}）", lambda _setup: trail_pdf(sheet), has_setup=False)

    @Slot()
    def print_out(self) -> None:
        """The preview, from which it is printed or kept as PDF."""
        from desktop.ui.printing.preview import PrintPreview

        work = self.print_work()
        if work is not None and self.print_button.isEnabled():
            PrintPreview(self._context, work, self).open()


def _fits(entry: TrailEntry, state: FilterState) -> bool:
    kinds, marks = state.picked.get("kind", ()), state.picked.get("mark", ())
    words: Sequence[str] = state.text.split()
    told = " ".join((entry.title, entry.text, entry.who, entry.note))
    return (
        (not kinds or entry.kind.value in kinds)
        and (not marks or entry.mark.value in marks)
        and all(word in told for word in words)
    )


def open_trail(context: Context, enterprise_id: int, parent: QWidget | None = None) -> QDialog:
    """The trail of an enterprise."""
    return TrailDialog(context, enterprise_id, parent)
