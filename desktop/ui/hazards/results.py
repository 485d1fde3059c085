"""What was found of each hazard at a re-inspection: 1 for 合格, 2 for 不合格, and what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.hazard import EscalationKind
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.services.hazards import HazardRow
from desktop.services.reinspections import ResultDraft
from desktop.system.drafts import Plain
from desktop.ui import theme
from desktop.ui.acts.days import DeadlineField
from desktop.ui.hazards.columns import days_words, level_pill, status_pill
from desktop.ui.widgets.fields import ChoiceField, Field, Option, TextField
from desktop.ui.widgets.pills import PillLabel
from desktop.ui.widgets.section import button, hairline, labelled, row

KEYS_SAID = "在每一条上按 1 合格、2 不合格、0 这次没有看；↑ ↓ 换一条"
AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a line holds; no outcome means that this hazard was not looked at this time."""

    outcome: ReinspectionOutcome | None
    note: str
    follow: str
    again_due_on: date | None


class ResultLine(QFrame):
    """One hazard with its outcome; a failed one asks for a new day or for what is proposed."""

    changed = Signal()
    moved = Signal(int)
    """↑ or ↓ was pressed."""
    photos_wanted = Signal()
    """The photos after rectification are to be added or looked at."""

    def __init__(self, hazard: HazardRow, today: Callable[[], date]) -> None:
        super().__init__()
        self.hazard = hazard
        self.setObjectName(f"result_{hazard.id}")
        self.setAccessibleName(hazard.description)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_role(self, "field")
        self._outcomes = QButtonGroup(self)
        self._outcomes.setExclusive(False)
        self._yes = self._choice("1 合格", ReinspectionOutcome.CLEARED)
        self._no = self._choice("2 不合格", ReinspectionOutcome.FAILED)
        self._note = TextField("复查情况")
        self._note.name(f"复查情况：{hazard.description}", f"note_{hazard.id}")
        self._follow = ChoiceField(_follow_options())
        self._follow.name(f"不合格的处理：{hazard.description}", f"follow_{hazard.id}")
        self._again = DeadlineField(today)
        self._again.name(f"继续整改到：{hazard.description}", f"again_{hazard.id}")
        self._follow.set_value(AGAIN)
        self._error = labelled("", "error")
        self._error.setObjectName(f"problem_{hazard.id}")
        self._error.hide()
        for field in (self._note, self._follow, self._again):
            field.changed.connect(self._on_changed)
        self._build()
        self._show_outcome()

    def _choice(self, words: str, outcome: ReinspectionOutcome) -> QPushButton:
        made = button(words, None, "chip", name=f"{outcome.value}_{self.hazard.id}")
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda _=False: self.choose(outcome))
        self._outcomes.addButton(made)
        return made

    def _build(self) -> None:
        hazard = self.hazard
        words = QLabel(hazard.description, wordWrap=True)
        due = f"期限 {text.day(hazard.due_on)} {days_words(hazard)}" if hazard.due_on else ""
        rounds = f"已复查 {hazard.rounds} 次" if hazard.rounds else ""
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(words)
        said.addWidget(labelled("　".join(filter(None, (hazard.location, due, rounds))), "quiet"))
        head = row(PillLabel(level_pill(hazard.level)), PillLabel(status_pill(hazard.status)))
        head.addLayout(said, 1)
        head.addWidget(button("照片…", self.photos_wanted.emit, "flat", name=f"photos_{hazard.id}"))
        head.addWidget(self._yes)
        head.addWidget(self._no)
        self._more = QWidget()
        more = row(self._follow, self._again)
        more.setStretch(1, 1)
        self._more.setLayout(more)
        box = QVBoxLayout(self)
        box.setContentsMargins(*(theme.size(n) for n in (12, 8, 12, 8)))
        box.setSpacing(theme.size(6))
        box.addLayout(head)
        box.addWidget(self._more)
        box.addWidget(self._note)
        box.addWidget(self._error)

    # ---- what it holds

    @property
    def outcome(self) -> ReinspectionOutcome | None:
        """What was found, if it was looked at."""
        if self._yes.isChecked():
            return ReinspectionOutcome.CLEARED
        return ReinspectionOutcome.FAILED if self._no.isChecked() else None

    def choose(self, outcome: ReinspectionOutcome | None) -> None:
        """Say what was found; None takes it back."""
        self._yes.setChecked(outcome is ReinspectionOutcome.CLEARED)
        self._no.setChecked(outcome is ReinspectionOutcome.FAILED)
        self._on_changed()

    def seen(self) -> Seen:
        """Everything of the line."""
        day = self._again.value()
        return Seen(self.outcome, self._note.value(), str(self._follow.value()), day if isinstance(day, date) else None)

    def typed(self) -> Plain:
        """Everything of the line as it was typed."""
        return [self.outcome, self._note.typed(), self._follow.typed(), self._again.typed()]

    def retype(self, typed: Plain) -> None:
        """The line again."""
        outcome, note, follow, again = typed
        for push, answer in ((self._yes, ReinspectionOutcome.CLEARED), (self._no, ReinspectionOutcome.FAILED)):
            push.setChecked(outcome == answer)
        for field, words in ((self._note, note), (self._follow, follow), (self._again, again)):
            field.retype(words)
        self._show_outcome()

    def result(self) -> ResultDraft | None:
        """For the draft."""
        seen = self.seen()
        if seen.outcome is None:
            return None
        if seen.outcome is ReinspectionOutcome.CLEARED:
            return ResultDraft(self.hazard.id, seen.outcome, seen.note)
        if seen.follow == AGAIN:
            return ResultDraft(self.hazard.id, seen.outcome, seen.note, again_due_on=seen.again_due_on)
        return ResultDraft(self.hazard.id, seen.outcome, seen.note, escalation=EscalationKind(seen.follow))

    def say(self, sentence: str) -> None:
        """What is wrong with this line."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    @Slot()
    def _on_changed(self) -> None:
        self.say("")
        self._show_outcome()
        self.changed.emit()

    def _show_outcome(self) -> None:
        is_failed = self.outcome is ReinspectionOutcome.FAILED
        self._more.setVisible(is_failed)
        self._again.setVisible(is_failed and self._follow.value() == AGAIN)
        self._note.setVisible(self.outcome is not None)
        theme.set_role(self._yes, "chip-on" if self.outcome is ReinspectionOutcome.CLEARED else "chip")
        theme.set_role(self._no, "chip-bad" if is_failed else "chip")

    # ---- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2 and 0 answer; arrows go to the neighbours."""
        answers: Mapping[int, ReinspectionOutcome | None] = {
            Qt.Key.Key_1: ReinspectionOutcome.CLEARED,
            Qt.Key.Key_2: ReinspectionOutcome.FAILED,
            Qt.Key.Key_0: None,
        }
        if event.key() in answers:
            self.choose(answers[event.key()])
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where one is."""
        super().focusInEvent(event)
        self._mark(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And that one has left."""
        super().focusOutEvent(event)
        self._mark(False)

    def _mark(self, is_active: bool) -> None:
        self.setProperty("active", is_active)
        theme.set_role(self, "field")


def _follow_options() -> list[Option]:
    return [Option(AGAIN, "继续整改到")] + [Option(kind.value, text.label(kind)) for kind in EscalationKind]


class ResultsField(Field):
    """The lines as a field; the value is the results of those that were looked at."""

    photos_wanted = Signal(object)
    """The `HazardRow` whose photos are wanted."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self.lines: list[ResultLine] = []
        whole = QWidget()
        self._column = QVBoxLayout(whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.size(8))
        all_good = button("全部合格", self._on_all_cleared, "flat", "check", "allCleared")
        self._column.addLayout(row(labelled(KEYS_SAID, "quiet"), 1, all_good))
        self._hold(whole)

    def show_hazards(self, hazards: Sequence[HazardRow]) -> None:
        """Offer these hazards. Called once: another enterprise is another form."""
        for number, hazard in enumerate(hazards):
            line = ResultLine(hazard, self._today)
            line.changed.connect(self.changed)
            line.photos_wanted.connect(lambda hazard=hazard: self.photos_wanted.emit(hazard))
            line.moved.connect(lambda by, number=number: self._go(number + by))
            self.lines.append(line)
            self._column.addWidget(line)
        self._column.addWidget(hairline())
        if self.lines:
            self.editor.setFocusProxy(self.lines[0])

    def value(self) -> tuple[ResultDraft, ...]:
        """The results of what was looked at."""
        return tuple(result for result in (line.result() for line in self.lines) if result is not None)

    def set_value(self, value: object) -> None:
        """Filled by `show_hazards`; the form's own filling leaves it alone."""

    def typed(self) -> Plain:
        """Each hazard's line."""
        return {str(line.hazard.id): line.typed() for line in self.lines}

    def retype(self, typed: Plain) -> None:
        """The lines again, of the hazards that still wait."""
        for line in self.lines:
            if str(line.hazard.id) in typed:
                line.retype(typed[str(line.hazard.id)])

    def told(self, typed: Plain) -> str:
        """How many were found so and so."""
        found = [each[0] for each in typed.values()]
        cleared, failed = found.count(ReinspectionOutcome.CLEARED), found.count(ReinspectionOutcome.FAILED)
        return f"合格 {cleared} 条，不合格 {failed} 条" if cleared + failed else "还没有填结果"

    def say(self, hazard_id: int, sentence: str) -> None:
        """What is wrong with one hazard's line."""
        for line in self.lines:
            if line.hazard.id == hazard_id:
                line.say(sentence)

    def _go(self, place: int) -> None:
        if 0 <= place < len(self.lines):
            self.lines[place].setFocus()

    @Slot()
    def _on_all_cleared(self) -> None:
        for line in self.lines:
            line.choose(ReinspectionOutcome.CLEARED)
