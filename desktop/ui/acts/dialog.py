"""A form whose saving is one act of the office: draft, gates, act, and what is offered next.

Whatever a service refuses is shown in its words and the form stays as it was typed.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeVar, cast

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from desktop import text
from desktop.domain.errors import Invalid
from desktop.domain.gate import GateWarning
from desktop.ui import theme
from desktop.ui.acts.gates import GateField
from desktop.ui.context import Context
from desktop.ui.widgets.form import FormDialog, FormPanel, Values

Draft = TypeVar("Draft")

REASONS = "reasons"


class ActDialog(FormDialog, Generic[Draft]):
    """Subclasses add fields to `self.form`, call `finish`, and say what draft, gates and act are.

    `FIELDS` names the field of the form that shows a problem of a draft's field, where the two are called differently.
    """

    FIELDS: ClassVar[Mapping[str, str]] = {}
    DONE: ClassVar[str] = "已保存"

    def __init__(
        self,
        context: Context,
        name: str,
        title: str,
        save_text: str = "保存",
        parent: QWidget | None = None,
        size: tuple[int, int] = (640, 600),
    ) -> None:
        super().__init__(title, FormPanel(name, save_text), parent)
        self.context = context
        self.services = context.services
        self.setObjectName(f"{name}Dialog")
        self.gates = GateField()
        self.form.saved.connect(self._on_saved)
        # What was just added to the form has no place yet: scroll to it in the next turn.
        self._scroll = QTimer(self, singleShot=True, interval=0)
        self._scroll.timeout.connect(self._on_gates_placed)
        self.resize(theme.size(size[0]), theme.size(size[1]))

    # ---- what a subclass says

    def draft(self, values: Values) -> Draft:
        """The draft that the values make."""
        raise NotImplementedError

    def warnings(self, _draft: Draft) -> Sequence[GateWarning]:
        """What the service's gates find against it."""
        return ()

    def perform(self, draft: Draft) -> object:
        """The act."""
        raise NotImplementedError

    def done_words(self, _draft: Draft) -> str:
        """What the toast says afterwards: `DONE`, unless the draft has something to tell."""
        return self.DONE

    def follow(self, draft: Draft, outcome: object) -> None:
        """What is offered after the act."""

    # ---- building

    def widen(self, width: int) -> None:
        """Let the fields be wider than a form of words needs: for grids and lists."""
        inner = self.form.area.widget()
        assert inner is not None
        inner.setMaximumWidth(theme.size(width))

    def finish(self, values: Values) -> None:
        """Call once after the last field: the gates come last, and the form is filled."""
        self.form.add(REASONS, "办理条件", self.gates)
        self.form.show_field(REASONS, False)
        self.form.finish()
        self.form.set_values(values)
        for key in tuple(self.form.keys()):
            if key != REASONS:
                self.form.field(key).changed.connect(self._on_mended)
        for push in self.findChildren(QPushButton):
            push.setAutoDefault(False)

    # ---- saving

    @Slot(object)
    def _on_saved(self, values: Values) -> None:
        draft = self.draft(values)
        if self._passes(draft) and (kept := self._done(draft)) is not None:
            self.close_saved()
            self.follow(draft, kept[0])

    def _done(self, draft: Draft) -> tuple[object] | None:
        """What the act answered; None when it was refused: then the form stays as it was typed and says why."""
        try:
            return self.context.act(lambda: (self.perform(draft),), self.done_words(draft))
        except Invalid as error:
            self.form.show_problems(self._sentences(error))
            return None

    def _passes(self, draft: Draft) -> bool:
        self._show_gates(draft)
        objection = self.gates.objection()
        if objection:
            self.form.show_problems({REASONS: objection})
            self._scroll.start()
        return not objection

    @Slot()
    def _on_gates_placed(self) -> None:
        inner = self.form.area.widget()
        if inner is not None and (layout := inner.layout()) is not None:
            layout.activate()
        bar = self.form.area.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _show_gates(self, draft: Draft) -> None:
        found = self.warnings(draft)
        self.gates.show_warnings(found)
        self.form.show_field(REASONS, bool(found))

    @Slot()
    def _on_mended(self) -> None:
        """Once gates are shown, they are asked again as their causes are mended."""
        if self.gates.warnings and not self.form.problems():
            self._show_gates(self.draft(self.form.values()))

    def _sentences(self, error: Invalid) -> dict[str, str]:
        """A problem of a field that is not in the form stands above it."""
        return {self._field_of(key): text.field_sentence(code, error.facts) for key, code in error.problems.items()}

    def _field_of(self, key: str) -> str:
        return self.FIELDS.get(key) or self.FIELDS.get(key.partition(".")[0], key)


def words_of(values: Values, key: str) -> str:
    """The words of a field."""
    return str(values.get(key) or "")


def reasons_of(values: Values) -> dict[str, str]:
    """The reasons typed for the gates."""
    return cast(dict[str, str], values.get(REASONS) or {})
