"""The checklist of one visit, answered by keys: 1 符合, 2 不符合, 3 不涉及, and on to the next by itself.

The list draws what is in sight and has no widget an item. What is answered is on the disk half a second later, at most
a second after the first key, and at once when the window is closed.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop import text
from desktop.domain.checklist import Answer, Criterion, finding_words
from desktop.domain.errors import Said
from desktop.domain.hazard import HazardLevel
from desktop.domain.inspection import InspectionStatus, OfficerRole
from desktop.services.checklists import AnswerRow, FindingWords, is_open, shipped_sectors
from desktop.services.inspections import InspectionDraft
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.theme import Meaning
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import ChoiceField, DateField, Field, LongTextField, Option, TextField
from desktop.ui.widgets.grouped_list import GroupedDelegate, GroupedList, Heading
from desktop.ui.widgets.pills import Pill, draw_pill, pill_size
from desktop.ui.widgets.section import Banner, button, hairline, labelled, row, scrolled

SAVED_AFTER_MS = 500
KEYS = {
    Qt.Key.Key_1: Answer.GOOD,
    Qt.Key.Key_2: Answer.BAD,
    Qt.Key.Key_3: Answer.NOT_APPLICABLE,
    Qt.Key.Key_0: None,
    Qt.Key.Key_Backspace: None,
}
PILLS = {
    Answer.GOOD: Pill("符合", Meaning.DONE),
    Answer.BAD: Pill("不符合", Meaning.OVERDUE),
    Answer.NOT_APPLICABLE: Pill("不涉及", Meaning.QUIET),
}
DOUBTED = Pill("待确认", Meaning.ATTENTION)
MAY_BE_MAJOR = Pill("可能重大", Meaning.DUE_SOON)
KEYS_SAID = "1 符合　2 不符合　3 不涉及　0 清除　↑↓ 或 J K 移动　Enter 写备注"
ALL, UNANSWERED, BAD = "all", "unanswered", "bad"
FILTERS = ((ALL, "全部"), (UNANSWERED, "未答"), (BAD, "不符合"))
ANSWER_ROOM, PILL_ROOM = 88, 88


class ItemDelegate(GroupedDelegate):
    """An item in two lines: its answer at the left, what is to be minded at the right."""

    HEIGHT = 48
    HEADING = 36

    def __init__(self) -> None:
        super().__init__()
        self.majors: frozenset[str] = frozenset()

    def paint_item(self, painter: QPainter, rect: QRect, item: AnswerRow, _option: QStyleOptionViewItem) -> None:
        """Answer, words, marks."""
        left = rect.adjusted(theme.size(8), 0, 0, 0)
        left.setWidth(theme.size(ANSWER_ROOM - 8))
        if item.answer is not None:
            draw_pill(painter, PILLS[item.answer], left)
        else:
            painter.setPen(theme.colour(Meaning.QUIET))
            painter.drawText(left.adjusted(theme.size(8), 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), "—")
        end = rect.right() - theme.size(8)
        for pill in self._marks(item):
            size = pill_size(pill, painter.fontMetrics())
            draw_pill(painter, pill, QRect(end - size.width(), rect.y(), size.width(), rect.height()))
            end -= size.width() + theme.size(6)
        box = QRect(left.right() + theme.size(8), rect.y(), end - left.right() - theme.size(12), rect.height() - 1)
        metrics = painter.fontMetrics()
        said = metrics.elidedText(item.text, Qt.TextElideMode.ElideRight, box.width() * 2 - theme.size(32))
        painter.setPen(theme.ink(Meaning.TEXT if item.answer is not Answer.NOT_APPLICABLE else Meaning.QUIET))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap), said)

    def _marks(self, item: AnswerRow) -> list[Pill]:
        marks = []
        if item.code in self.majors and item.answer in (None, Answer.BAD):
            level = {HazardLevel.MAJOR: Pill("重大", Meaning.OVERDUE), HazardLevel.GENERAL: Pill("一般")}
            marks.append(level[item.level] if item.level is not None else MAY_BE_MAJOR)
        if item.is_doubtful:
            marks.append(DOUBTED)
        return marks


class ItemList(GroupedList[AnswerRow]):
    """The list with its keys. Headings are stepped over."""

    answered = Signal(object)
    """An `Answer`, or None to take one back, for the item that has the focus."""

    def __init__(self, delegate: ItemDelegate) -> None:
        super().__init__("checklistItems", _spoken, lambda item: item.code, delegate)
        self.setAccessibleName("检查项")
        self.setSpacing(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits answer, J and K move."""
        key = Qt.Key(event.key())
        if key in KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.answered.emit(KEYS[key])
        elif key in (Qt.Key.Key_J, Qt.Key.Key_Down):
            self.step(1)
        elif key in (Qt.Key.Key_K, Qt.Key.Key_Up):
            self.step(-1)
        else:
            super().keyPressEvent(event)

    def step(self, by: int) -> bool:
        """To the next item before or after; answers whether there is one."""
        place = self.currentIndex().row() + by
        while 0 <= place < self.grouped.rowCount():
            if not isinstance(self.grouped.entry(place), Heading):
                self.setCurrentIndex(self.grouped.index(place))
                return True
            place += by
        return False

    def choose_first(self) -> None:
        """Onto the first item."""
        for place in range(self.grouped.rowCount()):
            if not isinstance(self.grouped.entry(place), Heading):
                self.setCurrentIndex(self.grouped.index(place))
                return

    def put(self, item: AnswerRow) -> None:
        """Show what was answered, without building the list again."""
        place = next((at for at in range(self.grouped.rowCount()) if _is(self.grouped.entry(at), item.code)), None)
        if place is not None:
            self.grouped.put(place, item)


def _is(entry: object, code: str) -> bool:
    return isinstance(entry, AnswerRow) and entry.code == code


def _spoken(item: AnswerRow) -> str:
    return f"{item.text}，{text.label(item.answer) if item.answer else '未答'}"


class ItemPanel(QWidget):
    """The item that has the focus in full, and what the inspector says of it."""

    said = Signal(str, object)
    """An item's code and its `FindingWords`, whenever they change."""
    done = Signal(bool)
    """The words are written: back to the list, and on to the next item if True."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.setObjectName("checklistItem")
        self._item: AnswerRow | None = None
        self._text = labelled("", "section")
        self._text.setWordWrap(True)
        self._doubt = labelled("", "quiet")
        self._doubt.setObjectName("itemDoubt")
        self._doubt.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(theme.size(12))
        self._facts.setVerticalSpacing(theme.size(6))
        self._facts.setColumnStretch(1, 1)
        self.place = TextField("例：冲压车间 3 号冲床")
        self.words = LongTextField("", 3)
        levels = [Option("", "未判定"), *(Option(each.value, text.label(each)) for each in HazardLevel)]
        self.level = ChoiceField(levels)
        self.due = DateField(today)
        self._labels: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.size(theme.WIDE_GAP), 0, theme.size(4), 0)
        column.setSpacing(theme.size(theme.GAP))
        column.addWidget(self._text)
        column.addWidget(self._doubt)
        parts: tuple[tuple[str, str, Field], ...] = (
            ("location", "部位", self.place),
            ("note", "描述", self.words),
            ("level", "级别", self.level),
            ("due", "建议整改期限", self.due),
        )
        for key, title, field in parts:
            field.name(title, f"item_{key}")
            self._labels[key] = labelled(title, "label")
            self._labels[key].setBuddy(field.editor)
            field.changed.connect(self._on_changed)
            field.editor.installEventFilter(self)
        for key, _, field in parts[:2]:
            column.addWidget(self._labels[key])
            column.addWidget(field)
        pair = QGridLayout()
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setHorizontalSpacing(theme.size(12))
        for at, (key, _, field) in enumerate(parts[2:]):
            pair.addWidget(self._labels[key], 0, at)
            pair.addWidget(field, 1, at)
        column.addLayout(pair)
        self._due_note = labelled("", "quiet")
        self._due_note.setWordWrap(True)
        column.addWidget(self._due_note)
        column.addWidget(hairline())
        facts = QWidget()
        facts.setLayout(self._facts)
        self._facts.setContentsMargins(0, 0, 0, 0)
        column.addWidget(facts)
        column.addStretch(1)

    def show_item(
        self, item: AnswerRow | None, facts: Sequence[tuple[str, str]], doubt: str, suggestion: str, note: str
    ) -> None:
        """Show an item; `suggestion` is what a 不符合 would say, `note` where the deadline comes from."""
        self._item = item
        self.setEnabled(item is not None)
        self._text.setText(item.text if item else "")
        self._doubt.setText(f"{text.UNCONFIRMED}：{doubt}" if doubt else "")
        self._doubt.setVisible(bool(doubt))
        self._show_facts(facts)
        is_bad = item is not None and item.answer is Answer.BAD
        for key, field in (("location", self.place), ("level", self.level), ("due", self.due)):
            self._labels[key].setVisible(is_bad)
            field.setVisible(is_bad)
        self._due_note.setVisible(is_bad)
        self._due_note.setText(note)
        self._labels["note"].setText("隐患描述" if is_bad else "备注")
        self.words.editor.setProperty("placeholderText", suggestion if is_bad else "")
        self.place.set_value(item.location if item else "")
        self.words.set_value(item.note if item else "")
        self.level.set_value(item.level.value if item and item.level else "")
        self.due.set_value(item.due_on if item else None)
        is_kept = item is not None and item.hazard_id is not None
        for each in (self.place, self.words, self.level, self.due):
            each.setEnabled(not is_kept)

    def _show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        while (taken := self._facts.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, (name, words) in enumerate((name, words) for name, words in facts if words):
            head = labelled(name, "label")
            head.setAlignment(Qt.AlignmentFlag.AlignTop)
            said = QLabel(words, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(head, place, 0)
            self._facts.addWidget(said, place, 1)

    def write(self) -> None:
        """Put the focus where words are wanted: the place of a finding, else the note."""
        is_bad = self._item is not None and self._item.answer is Answer.BAD
        (self.place if is_bad else self.words).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_changed(self) -> None:
        if self._item is not None:
            level = self.level.value()
            words = FindingWords(
                str(self.words.value()),
                str(self.place.value()),
                HazardLevel(str(level)) if level else None,
                self.due.value(),
            )
            self.said.emit(self._item.code, words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on: from the place to the words, from there to the next item. Esc goes back to the list."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and watched is self.place.editor:
            self.words.editor.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.done.emit(True)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit(False)
            return True
        return False


class ChecklistDialog(QDialog):
    """One visit's list. `is_asked_by_form` when the form of the record opened it and takes the findings back itself."""

    def __init__(
        self, context: Context, inspection_id: int, parent: QWidget | None = None, is_asked_by_form: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName("checklistDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._lists = context.services.checklists
        self._id = inspection_id
        self._is_asked_by_form = is_asked_by_form
        visit = context.services.inspections.rows([inspection_id])[0]
        self._status = visit.status
        self._day = visit.inspected_on or visit.planned_on or context.services.clock.today()
        self.setWindowTitle(f"检查表：{visit.enterprise}　{text.day(self._day)}")
        self.resize(theme.size(1180), theme.size(690))
        self._rows: dict[str, AnswerRow] = {}
        self._answers: dict[str, Answer | None] = {}
        self._words: dict[str, FindingWords] = {}
        self._criteria: dict[str, tuple[Criterion, ...]] = {}
        self._last: dict[str, AnswerRow] = {}
        self._filter = ALL
        self._timer = QTimer(self, singleShot=True, interval=SAVED_AFTER_MS)
        self._timer.timeout.connect(self.flush)
        self._build()
        self._begin()
        self.read()
        self.list.choose_first()
        self.list.setFocus()

    # ---- building

    def _build(self) -> None:
        self._delegate = ItemDelegate()
        self.list = ItemList(self._delegate)
        self.list.say_empty(Emptiness("这里没有检查项", "换一个筛选，或者增加一份检查表。"))
        self.list.answered.connect(self.answer)
        self.list.activated_item.connect(self._on_note_wanted)
        self.list.current_item_changed.connect(self._show_item)
        self.panel = ItemPanel(self._context.services.clock.today)
        self.panel.said.connect(self._on_said)
        self.panel.done.connect(self._on_words_done)
        self._halves = QSplitter(Qt.Orientation.Horizontal)
        self._halves.setChildrenCollapsible(False)
        self._halves.addWidget(self.list)
        beside = scrolled(self.panel)
        beside.setMinimumWidth(theme.size(340))
        self._halves.addWidget(beside)
        self._halves.setSizes([theme.size(780), theme.size(380)])
        self._halves.setStretchFactor(0, 1)
        self.banner = Banner()
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.WIDE_GAP)] * 4)
        column.setSpacing(theme.size(theme.GAP))
        column.addLayout(self._head())
        column.addWidget(self._bar)
        column.addWidget(self.banner)
        column.addWidget(self._halves, 1)
        column.addWidget(hairline())
        column.addLayout(self._foot())
        for push in self.findChildren(QPushButton):
            push.setAutoDefault(False)

    def _head(self) -> QVBoxLayout | QGridLayout:
        self._progress = labelled("", "section")
        self._progress.setObjectName("checklistProgress")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedHeight(theme.size(4))
        self._bar.setAccessibleName("作答进度")
        self._chips: dict[str, QPushButton] = {}
        for key, words in FILTERS:
            chip = button(words, partial(self.show_only, key), name=f"filter_{key}")
            chip.setCheckable(True)
            self._chips[key] = chip
        self._groups = QComboBox()
        self._groups.setObjectName("checklistGroups")
        self._groups.setAccessibleName("跳到组")
        self._groups.setMinimumWidth(theme.size(200))
        self._groups.setMaxVisibleItems(20)
        self._groups.activated.connect(self._on_group_chosen)
        self._more = button("批量", name="checklistMore", icon="more")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addLayout(row(self._progress, 1, *self._chips.values(), self._groups, self._more, spacing=theme.GAP), 0, 0)
        return grid

    def _foot(self) -> QVBoxLayout | QGridLayout:
        self._finish = button("", self.finish, "primary", name="checklistFinish")
        self._leave = button("关闭", self.reject, name="checklistClose")
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addLayout(row(labelled(KEYS_SAID, "quiet"), 1, self._leave, self._finish), 0, 0)
        return grid

    # ---- reading

    def _begin(self) -> None:
        if not self._lists.has_begun(self._id):
            self._lists.begin(self._id)

    def read(self) -> None:
        """Read the answers again."""
        self._rows = {item.code: item for item in self._lists.answers(self._id)}
        self._criteria = self._lists.suggested_levels(self._id)
        self._last = self._lists.last_answers(self._id)
        self._delegate.majors = frozenset(self._criteria)
        self._show_rows()

    def _show_rows(self) -> None:
        groups: dict[str, list[AnswerRow]] = {}
        for item in self._rows.values():
            if _fits(item, self._filter):
                groups.setdefault(_group(item), []).append(item)
        self.list.set_groups([(Heading(name, len(items)), items) for name, items in groups.items()])
        self._groups.clear()
        self._groups.addItems(["跳到组…", *groups])
        for key, chip in self._chips.items():
            chip.setChecked(key == self._filter)
        self._show_progress()
        self._show_item(self.list.current_item)

    def _show_progress(self) -> None:
        total = len(self._rows)
        done = sum(item.answer is not None for item in self._rows.values())
        bad = sum(item.answer is Answer.BAD for item in self._rows.values())
        self._progress.setText(f"已答 {done}/{total}" + (f"　不符合 {bad}" if bad else ""))
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        waiting = sum(map(is_open, self._rows.values()))
        if self._status is InspectionStatus.DONE:
            self._finish.setText(f"登记 {waiting} 条隐患" if waiting else "登记隐患")
            self._finish.setEnabled(bool(waiting))
        else:
            words = "带回检查记录" if self._is_asked_by_form else "完成，登记检查"
            self._finish.setText(f"{words}（{waiting} 条不符合）" if waiting else words)

    @Slot(object)
    def _show_item(self, item: AnswerRow | None) -> None:
        if item is None:
            self.panel.show_item(None, (), "", "", "")
            return
        about = self._lists.about(item)
        criteria = "\n".join(f"{each.article}　{each.text}" for each in self._criteria.get(item.code, ()))
        last = self._last.get(item.code)
        before = "　".join(filter(None, (text.label(last.answer), last.note))) if last and last.answer else ""
        facts = (
            ("组别", f"{_group(item)}　{item.code}"),
            ("方法", item.method),
            ("依据", item.basis),
            ("罚则", about.penalty or item.clause),
            ("说明", about.note),
            ("判定标准", f"{criteria}\n是否属于重大事故隐患由检查人员判定。" if criteria else ""),
            ("上次", before),
            ("隐患", "已登记为隐患" if item.hazard_id else ""),
        )
        suggestion = finding_words(item.text)
        self.panel.show_item(item, facts, about.doubt, suggestion, self._due_note())

    def _due_note(self) -> str:
        rule = self._context.services.obligations.rule_for("rect.period_default", self._day)
        unsure = f"（{text.UNCONFIRMED}）" if rule.needs_confirmation else ""
        return f"默认 {rule.length} 天，{rule.source}{unsure}；下达整改指令书时才正式确定。"

    # ---- answering

    @Slot(object)
    def answer(self, answer: Answer | None) -> None:
        """Answer the item with the focus. A 不符合 asks for place and words, the others move on."""
        item = self.list.current_item
        if item is None:
            return
        if item.hazard_id is not None:
            self._context.toast("这一项已经登记为隐患，请到隐患整改里修改或作废", False)
            return
        changed = replace(item, answer=answer)
        if answer is Answer.BAD and changed.due_on is None:
            changed = replace(changed, due_on=self._lists.suggested_due_on(self._day))
            self._words[item.code] = _words_of(changed)
        self._answers[item.code] = answer
        self._put(changed)
        if answer is Answer.BAD:
            self._show_item(changed)
            self.panel.write()
        elif answer is None or not self.list.step(1):
            self._show_item(changed)

    def _put(self, item: AnswerRow) -> None:
        self._rows[item.code] = item
        self.list.put(item)
        self._show_progress()
        if not self._timer.isActive():
            self._timer.start()

    @Slot(str, object)
    def _on_said(self, code: str, words: FindingWords) -> None:
        self._words[code] = words
        item = self._rows[code]
        self._put(replace(item, note=words.note, location=words.location, level=words.level, due_on=words.due_on))

    @Slot(bool)
    def _on_words_done(self, goes_on: bool) -> None:
        self.list.setFocus()
        if goes_on:
            self.list.step(1)

    @Slot(object)
    def _on_note_wanted(self, _item: AnswerRow) -> None:
        self.panel.write()

    @Slot()
    def flush(self) -> bool:
        """Write what was answered; whether it is on the disk. What could not be written is tried again."""
        self._timer.stop()
        if not self._answers and not self._words:
            return True
        try:
            self._lists.write_down(self._id, self._answers, self._words)
        except Said as error:
            self.banner.say(f"刚才的作答还没有存下：{text.sentence(error)}")
            self._timer.start(SAVED_AFTER_MS * 4)
            return False
        self._answers, self._words = {}, {}
        self.banner.say("")
        self._timer.setInterval(SAVED_AFTER_MS)
        return True

    # ---- filters and batches

    def show_only(self, key: str, _is_checked: bool = False) -> None:
        """All, the unanswered, or the bad ones."""
        self._filter = key
        self._show_rows()
        if self.list.current_item is None:
            self.list.choose_first()
        self.list.setFocus()

    @Slot(int)
    def _on_group_chosen(self, place: int) -> None:
        name = self._groups.itemText(place)
        self._groups.setCurrentIndex(0)
        first = next((item for item in self._rows.values() if _group(item) == name and _fits(item, self._filter)), None)
        if place > 0 and first is not None:
            self.list.choose(first.code)
        self.list.setFocus()

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        current = self.list.current_item
        if current is not None:
            name = _group(current)
            group = [code for code, item in self._rows.items() if _group(item) == name]
            self._add_batch(f"“{name}”其余全部符合", Answer.GOOD, group)
            self._add_batch(f"“{name}”其余全部不涉及", Answer.NOT_APPLICABLE, group)
            self._menu.addSeparator()
        self._add_batch("其余全部符合", Answer.GOOD, list(self._rows))
        self._add_batch("其余全部不涉及", Answer.NOT_APPLICABLE, list(self._rows))
        self._menu.addSeparator()
        act = self._menu.addAction("从上次检查带入作答", self._ask_last)
        act.setEnabled(bool(self._last))
        doubtful = sum(item.is_doubtful for item in self._rows.values())
        new = self._menu.addAction(f"换用资料库里的新条文（待确认 {doubtful} 项）", self._take_new_wording)
        new.setEnabled(bool(doubtful))
        there = {item.sector for item in self._rows.values()}
        more = self._menu.addMenu("增加检查表")
        for sector in (each for each in shipped_sectors() if each not in there):
            more.addAction(sector, partial(self._add_list, sector))
        more.setEnabled(not more.isEmpty())

    def _add_batch(self, words: str, answer: Answer, codes: Sequence[str]) -> None:
        open_codes = [code for code in codes if self._rows[code].answer is None]
        act = self._menu.addAction(f"{words}（{len(open_codes)} 项）", partial(self.ask_rest, answer, open_codes))
        act.setEnabled(bool(open_codes))

    def ask_rest(self, answer: Answer, codes: Sequence[str]) -> None:
        """Answer all of these alike, after a question."""
        said = text.label(answer)
        ask(
            self,
            f"{len(codes)} 项都记为{said}？",
            f"请确认这 {len(codes)} 项都已看过。已经作答的不受影响，之后可以逐项改。",
            f"全部记为{said}",
            partial(self._answer_rest, answer, codes),
        )

    def _answer_rest(self, answer: Answer, codes: Sequence[str]) -> None:
        for code in codes:
            if self._rows[code].answer is None:
                self._rows[code] = replace(self._rows[code], answer=answer)
                self._answers[code] = answer
        self._show_rows()
        self.flush()

    @Slot()
    def _ask_last(self) -> None:
        bad = sum(item.answer is Answer.BAD for item in self._last.values())
        ask(
            self,
            "带入上次检查的作答？",
            f"上次共作答 {len(self._last)} 项，其中不符合 {bad} 项。只填还没有作答的项；"
            "日期、级别、期限不带入，每一项仍要按今天看到的情况核对。",
            "带入",
            self._take_last,
        )

    def _take_last(self) -> None:
        if self.flush():
            count = self._context.act(lambda: self._lists.copy_last(self._id))
            self.read()
            self._context.toast(f"已带入 {count or 0} 项，请逐项核对", bool(count))

    def _take_new_wording(self) -> None:
        if self.flush():
            count = self._context.act(lambda: self._lists.take_new_wording(self._id))
            self.read()
            self._context.toast(f"已换用新条文 {count or 0} 项" if count else "没有改写过的条文", bool(count))

    def _add_list(self, sector: str) -> None:
        if self.flush():
            self._context.act(lambda: self._lists.begin(self._id, {sector}), f"已增加检查表“{sector}”")
            self.read()

    # ---- the end

    @Slot()
    def finish(self) -> None:
        """Hand the findings on: to the record form, or straight to the visit where it is recorded already."""
        if not self.flush():
            return
        undecided = self._lists.undecided(self._id)
        if undecided:
            self._ask_levels(undecided)
        else:
            self._hand_on()

    def _ask_levels(self, undecided: Sequence[AnswerRow]) -> None:
        count = len(undecided)
        ask(
            self,
            f"{count} 项可能是重大事故隐患，还没有判定级别",
            "对照判定标准，这些不符合项可能属于重大事故隐患。请逐项选“一般”或“重大”；不判定则先按重大带入，登记前可改。",
            "逐项判定",
            partial(self._go_to, undecided[0].code),
            "先按重大带入",
        ).refuse.clicked.connect(self._hand_on)

    def _go_to(self, code: str) -> None:
        self.show_only(ALL)
        self.list.choose(code)
        self.panel.level.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _hand_on(self) -> None:
        if self._status is InspectionStatus.DONE:
            made = self._context.act(lambda: self._lists.register_findings(self._id), "已登记检查表发现的隐患")
            if made is not None:
                self.accept()
            return
        self.accept()
        if not self._is_asked_by_form:
            self._context.open_form("inspection", inspection_id=self._id)

    def reject(self) -> None:
        """Esc and the window's own cross: write first; where that fails, somebody has to say that it may be lost."""
        if self.flush():
            super().reject()
        else:
            words = "现在关闭会丢失最后的作答。"
            ask(self, "作答还没有存下", words, "仍然关闭", self._drop, "先不关闭", is_danger=True)

    def _drop(self) -> None:
        self._timer.stop()
        self._answers, self._words = {}, {}
        super().reject()


def _group(item: AnswerRow) -> str:
    return f"{item.sector} · {item.grp}" if item.grp else item.sector


def _fits(item: AnswerRow, wanted: str) -> bool:
    return wanted == ALL or (item.answer is None if wanted == UNANSWERED else item.answer is Answer.BAD)


def _words_of(item: AnswerRow) -> FindingWords:
    return FindingWords(item.note, item.location, item.level, item.due_on)


def open_checklist(context: Context, inspection_id: int, parent: QWidget | None = None) -> QDialog:
    """The checklist of a visit that stands in the calendar or the record."""
    return ChecklistDialog(context, inspection_id, parent)


def open_plan_checklist(context: Context, plan_item_id: int, parent: QWidget | None = None) -> QDialog:
    """Begin the visit of an item of the plan by its checklist."""
    item = context.services.plans.row(plan_item_id)
    crew = ((item.officer_id, OfficerRole.LEAD),) if item.officer_id else ()
    today = context.services.clock.today()
    draft = InspectionDraft(item.enterprise_id, plan_item_id=plan_item_id, planned_on=today, officers=crew)
    return ChecklistDialog(context, context.services.checklists.start_visit(draft), parent)
