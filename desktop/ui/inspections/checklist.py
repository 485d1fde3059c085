"""The checklist of one visit, answered by keys: 1 符合, 2 不符合, 3 不涉及, and on to the next by itself.

The list draws what is in sight and has no widget an item. What is answered is on the disk half a second later, at most
a second after the first key, and at once when the window is closed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QRect, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QShowEvent
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
from desktop.ui.manual import answer_f1
from desktop.ui.theme import Meaning
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import ChoiceField, DateField, Field, LongTextField, Option, TextField
from desktop.ui.widgets.form import TITLE_BAR
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
FACTS = ("组别", "方法", "依据", "罚则", "说明", "判定标准", "上次", "隐患")
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

    def __init__(self, delegate: ItemDelegate, parent: QWidget) -> None:
        super().__init__("checklistItems", _spoken, lambda item: item.code, delegate, parent)
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


class FindingFields:
    """The fields that only a 不符合 has: the place above the words, level and deadline below them."""

    def __init__(self, above: QVBoxLayout, below: QVBoxLayout, today: Callable[[], date]) -> None:
        self.place = TextField("例：冲压车间 3 号冲床")
        levels = [Option("", "未判定"), *(Option(each.value, text.label(each)) for each in HazardLevel)]
        self.level = ChoiceField(levels)
        self.due = DateField(today)
        self._due_note = labelled("", "quiet")
        self._due_note.setWordWrap(True)
        place, level, due = (
            _named(self.place, "location", "部位"),
            _named(self.level, "level", "级别"),
            _named(self.due, "due", "建议整改期限"),
        )
        above.addWidget(place)
        above.addWidget(self.place)
        pair = QGridLayout()
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setHorizontalSpacing(theme.size(12))
        for at, (label, field) in enumerate(((level, self.level), (due, self.due))):
            pair.addWidget(label, 0, at)
            pair.addWidget(field, 1, at)
        below.addLayout(pair)
        below.addWidget(self._due_note)
        self._all = (place, self.place, level, self.level, due, self.due, self._due_note)

    @property
    def fields(self) -> tuple[Field, ...]:
        """In the order of the tab key, the words left out that stand after the first."""
        return self.place, self.level, self.due

    def set_visible(self, is_visible: bool) -> None:
        """Show all of them or none."""
        for each in self._all:
            each.setVisible(is_visible)

    def show_item(self, item: AnswerRow, note: str) -> None:
        """Show what is known of a finding; `note` says where the deadline comes from."""
        self.place.set_value(item.location)
        self.level.set_value(item.level.value if item.level else "")
        self.due.set_value(item.due_on)
        self._due_note.setText(note)


def _tab_before(widget: QWidget) -> QWidget:
    """What the tab key leaves for a widget."""
    before = widget.previousInFocusChain()
    while before is not None and not before.focusPolicy() & Qt.FocusPolicy.TabFocus:
        before = before.previousInFocusChain()
    return before or widget


def _named(field: Field, key: str, title: str) -> QLabel:
    field.name(title, f"item_{key}")
    label = labelled(title, "label")
    label.setBuddy(field.editor)
    return label


class ItemPanel(QWidget):
    """The item that has the focus in full, and what the inspector says of it.

    What most items never want, the fields of a finding and the rarer facts, is made when it is first wanted.
    """

    said = Signal(str, object)
    """An item's code and its `FindingWords`, whenever they change."""
    done = Signal(bool)
    """The words are written: back to the list, and on to the next item if True."""

    def __init__(self, today: Callable[[], date], beside: QSplitter) -> None:
        super().__init__()
        self.setObjectName("checklistItem")
        # It takes its place while it is empty: a full one would be styled and laid out again at each step into the window.
        room = scrolled(self)
        room.setMinimumWidth(theme.size(340))
        beside.addWidget(room)
        self._today = today
        self._item: AnswerRow | None = None
        self._text = labelled("", "section", self)
        self._text.setWordWrap(True)
        self._doubt = labelled("", "quiet", self)
        self._doubt.setObjectName("itemDoubt")
        self._doubt.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._facts.setHorizontalSpacing(theme.size(12))
        self._facts.setVerticalSpacing(theme.size(6))
        self._facts.setColumnStretch(1, 1)
        self.words = LongTextField("", 3)
        self._words_label = _named(self.words, "note", "描述")
        self._listen(self.words)
        self._above, self._below = QVBoxLayout(), QVBoxLayout()
        self._finding: FindingFields | None = None
        self._fact_labels: dict[str, tuple[QLabel, QLabel]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.size(theme.WIDE_GAP), 0, theme.size(4), 0)
        column.setSpacing(theme.size(theme.GAP))
        column.addWidget(self._text)
        column.addWidget(self._doubt)
        column.addLayout(self._above)
        column.addWidget(self._words_label)
        column.addWidget(self.words)
        column.addLayout(self._below)
        column.addWidget(hairline(parent=self))
        facts = QWidget(self)
        facts.setLayout(self._facts)
        column.addWidget(facts)
        column.addStretch(1)

    @property
    def finding(self) -> FindingFields:
        """The fields of a finding."""
        if self._finding is None:
            made = self._finding = FindingFields(self._above, self._below, self._today)
            for field in made.fields:
                self._listen(field)
                # Born last, it would lead the tab key from the end of the window to its editor. (The stub knows no None.)
                field.setFocusProxy(None)  # type: ignore[arg-type]
            words = self.words.editor
            order = (_tab_before(words), made.place.editor, words, made.level.editor, made.due.editor)
            for one, other in pairwise(order):
                QWidget.setTabOrder(one, other)
        return self._finding

    def _listen(self, field: Field) -> None:
        field.changed.connect(self._on_changed)
        field.editor.installEventFilter(self)

    @property
    def _is_bad(self) -> bool:
        return self._item is not None and self._item.answer is Answer.BAD

    def show_item(
        self, item: AnswerRow | None, facts: Sequence[tuple[str, str]], doubt: str, suggestion: str, note: str
    ) -> None:
        """Show an item; `suggestion` is what a 不符合 would say, `note` where the deadline comes from."""
        self._item = item
        is_bad, is_kept = self._is_bad, item is not None and item.hazard_id is not None
        self.setEnabled(item is not None)
        self._text.setText(item.text if item else "")
        self._doubt.setText(f"{text.UNCONFIRMED}：{doubt}" if doubt else "")
        self._doubt.setVisible(bool(doubt))
        self._show_facts(facts)
        self._words_label.setText("隐患描述" if is_bad else "备注")
        self.words.editor.setProperty("placeholderText", suggestion if is_bad else "")
        self.words.set_value(item.note if item else "")
        self.words.setEnabled(not is_kept)
        if is_bad and item is not None:
            self.finding.show_item(item, note)
            for field in self.finding.fields:
                field.setEnabled(not is_kept)
        if self._finding is not None:
            self._finding.set_visible(is_bad)

    def _show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """The same labels again and again: making new ones for every key would be felt."""
        told = {name: words for name, words in facts if words}
        for name in told:
            if name not in self._fact_labels:
                self._fact_labels[name] = self._new_fact(name)
        for name, (head, said) in self._fact_labels.items():
            said.setText(told.get(name, ""))
            for label in (head, said):
                label.setVisible(name in told)

    def _new_fact(self, name: str) -> tuple[QLabel, QLabel]:
        beside = self._facts.parentWidget()
        head = labelled(name, "label", beside)
        head.setAlignment(Qt.AlignmentFlag.AlignTop)
        said = QLabel("", beside, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        place = FACTS.index(name)
        self._facts.addWidget(head, place, 0)
        self._facts.addWidget(said, place, 1)
        return head, said

    def write(self) -> None:
        """Put the focus where words are wanted: the place of a finding, else the note."""
        field: Field = self.finding.place if self._is_bad else self.words
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_changed(self) -> None:
        if self._item is None:
            return
        words = replace(_words_of(self._item), note=str(self.words.value()))
        if self._is_bad:
            level = self.finding.level.value()
            words = FindingWords(
                words.note,
                str(self.finding.place.value()),
                HazardLevel(str(level)) if level else None,
                self.finding.due.value(),
            )
        self.said.emit(self._item.code, words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on: from the place to the words, from there to the next item. Esc goes back to the list."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self._finding is not None and watched is self._finding.place.editor:
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
        self._criteria: Mapping[str, tuple[Criterion, ...]] = {}
        self._last: Mapping[str, AnswerRow] = {}
        self._filter = ALL
        self._timer = QTimer(self, singleShot=True, interval=SAVED_AFTER_MS)
        self._timer.timeout.connect(self.flush)
        answer_f1(self)
        self._build()
        self.read()
        self.list.setFocus()

    # ---- building

    def _build(self) -> None:
        """From the outside to the inside, each part born where it stays: moved in later, it would be styled again."""
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.WIDE_GAP)] * 4)
        column.setSpacing(theme.size(theme.GAP))
        column.addLayout(self._head())
        column.addWidget(self._bar)
        self._banner_room = QVBoxLayout()
        self._banner: Banner | None = None
        column.addLayout(self._banner_room)
        column.addWidget(self._middle(), 1)
        column.addWidget(hairline(parent=self))
        column.addLayout(self._foot())
        for push in (*self._chips.values(), self._more, self._leave, self._finish):
            push.setAutoDefault(False)

    @property
    def banner(self) -> Banner:
        """What says that answers could not be written; made when there is something to say."""
        if self._banner is None:
            self._banner = Banner(parent=self)
            self._banner_room.addWidget(self._banner)
        return self._banner

    def _middle(self) -> QSplitter:
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.setChildrenCollapsible(False)
        self._delegate = ItemDelegate()
        self.list = ItemList(self._delegate, halves)
        self.list.say_empty(Emptiness("这里没有检查项", "换一个筛选，或者增加一份检查表。"))
        self.list.answered.connect(self.answer)
        self.list.activated_item.connect(self._on_note_wanted)
        self.list.current_item_changed.connect(self._show_item)
        self.panel = ItemPanel(self._context.services.clock.today, halves)
        self.panel.said.connect(self._on_said)
        self.panel.done.connect(self._on_words_done)
        halves.setSizes([theme.size(780), theme.size(380)])
        halves.setStretchFactor(0, 1)
        return halves

    def _head(self) -> QVBoxLayout | QGridLayout:
        self._progress = labelled("", "section", self)
        self._progress.setObjectName("checklistProgress")
        self._bar = QProgressBar(self, textVisible=False)
        self._bar.setFixedHeight(theme.size(4))
        self._bar.setAccessibleName("作答进度")
        self._chips: dict[str, QPushButton] = {}
        for key, words in FILTERS:
            chip = button(words, partial(self.show_only, key), name=f"filter_{key}", parent=self)
            chip.setCheckable(True)
            self._chips[key] = chip
        self._groups = QComboBox(self)
        self._groups.setObjectName("checklistGroups")
        self._groups.setAccessibleName("跳到组")
        self._groups.setPlaceholderText("跳到组…")
        self._groups.setMinimumWidth(theme.size(200))
        self._groups.setMaxVisibleItems(20)
        self._groups.activated.connect(self._on_group_chosen)
        self._more = button("批量", name="checklistMore", icon="more", parent=self)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addLayout(row(self._progress, 1, *self._chips.values(), self._groups, self._more, spacing=theme.GAP), 0, 0)
        return grid

    def _foot(self) -> QVBoxLayout | QGridLayout:
        self._leave = button("关闭", self.reject, name="checklistClose", parent=self)
        self._finish = button("", self.finish, "primary", name="checklistFinish", parent=self)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addLayout(row(labelled(KEYS_SAID, "quiet", self), 1, self._leave, self._finish), 0, 0)
        return grid

    def showEvent(self, event: QShowEvent) -> None:
        """The whole window is on the screen, however large the type."""
        super().showEvent(event)
        room = self.screen().availableGeometry()
        wide, tall = min(self.width(), room.width()), min(self.height(), room.height() - TITLE_BAR)
        if (wide, tall) != (self.width(), self.height()):
            self.resize(wide, tall)
            self.move(room.topLeft())

    # ---- reading

    def read(self) -> None:
        """Read the answers again; a list not begun yet is begun."""
        sheet = self._lists.sheet(self._id)
        if not sheet.rows:
            self._lists.begin(self._id)
            sheet = self._lists.sheet(self._id)
        self._rows = {item.code: item for item in sheet.rows}
        self._criteria, self._last = sheet.criteria, sheet.last
        self._delegate.majors = frozenset(sheet.criteria)
        self._show_rows()

    def _show_rows(self) -> None:
        groups: dict[str, list[AnswerRow]] = {}
        for item in self._rows.values():
            if _fits(item, self._filter):
                groups.setdefault(_group(item), []).append(item)
        with QSignalBlocker(self.list):  # the item is shown once, below
            self.list.set_groups([(Heading(name, len(items)), items) for name, items in groups.items()])
            if self.list.current_item is None:
                self.list.choose_first()
        if [self._groups.itemText(at) for at in range(self._groups.count())] != [*groups]:
            self._groups.clear()
            self._groups.addItems([*groups])
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
        if self._banner is not None:
            self._banner.say("")
        self._timer.setInterval(SAVED_AFTER_MS)
        return True

    # ---- filters and batches

    def show_only(self, key: str, _is_checked: bool = False) -> None:
        """All, the unanswered, or the bad ones."""
        self._filter = key
        self._show_rows()
        self.list.setFocus()

    @Slot(int)
    def _on_group_chosen(self, place: int) -> None:
        name = self._groups.itemText(place)
        self._groups.setCurrentIndex(-1)
        first = next((item for item in self._rows.values() if _group(item) == name and _fits(item, self._filter)), None)
        if first is not None:
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
        self.panel.finding.level.editor.setFocus(Qt.FocusReason.OtherFocusReason)

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


def open_checklist(context: Context, inspection_id: int, parent: QWidget | None = None) -> QDialog | None:
    """The checklist of a visit; a visit that was recorded without one gets it only when somebody wants it."""
    lists = context.services.checklists
    status = context.services.inspections.rows([inspection_id])[0].status
    if status is InspectionStatus.DONE and not lists.has_begun(inspection_id):

        def fill_in() -> None:
            context.act(lambda: lists.begin(inspection_id))
            if lists.has_begun(inspection_id):
                context.open_form("inspection_checklist", inspection_id=inspection_id)

        sentence = "可以按检查当天的内容补一份检查表逐项填写；不符合的可以直接登记为隐患。"
        ask(parent, "这次检查没有检查表，要补填吗？", sentence, "补填检查表", fill_in, "不用")
        return None
    return ChecklistDialog(context, inspection_id, parent)


def open_plan_checklist(context: Context, plan_item_id: int, parent: QWidget | None = None) -> QDialog:
    """Begin the visit of an item of the plan by its checklist."""
    item = context.services.plans.row(plan_item_id)
    crew = ((item.officer_id, OfficerRole.LEAD),) if item.officer_id else ()
    today = context.services.clock.today()
    draft = InspectionDraft(item.enterprise_id, plan_item_id=plan_item_id, planned_on=today, officers=crew)
    return ChecklistDialog(context, context.services.checklists.start_visit(draft), parent)
