"""The 统一社会信用代码 as it is typed: read at once, with the code that was probably meant one click away."""

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QLineEdit

from desktop import text
from desktop.domain.uscc import UsccState, classify
from desktop.system.drafts import Plain
from desktop.ui.widgets.fields import Field
from desktop.ui.widgets.section import button

CODES = {UsccState.CHECK_DIGIT_FAILED: "uscc_check_digit", UsccState.FORMAT: "uscc_format"}


class CodeField(Field):
    """Holds the words typed. A slip is never mended silently: 改为 … is offered, and the clerk decides."""

    def __init__(self) -> None:
        super().__init__()
        self._line = QLineEdit(placeholderText="18 位，照营业执照填写", maxLength=40)
        self._line.textChanged.connect(self._on_text_changed)
        self.suggestion = button("", self._on_suggestion_clicked, "chip", name="useSuggestion")
        self.suggestion.hide()
        self._hold(self._line, self.suggestion)

    @property
    def state(self) -> UsccState:
        """What the words typed are."""
        return classify(self._line.text()).state

    def value(self) -> str:
        """The words without blanks around them."""
        return self._line.text().strip()

    def set_value(self, value: object) -> None:
        """Show a code."""
        with QSignalBlocker(self._line):
            self._line.setText("" if value is None else str(value))
        self._suggest()

    def typed(self) -> str:
        """The line as it is."""
        return self._line.text()

    def retype(self, typed: Plain) -> None:
        """The line again."""
        self.set_value(typed)

    def sentence(self, is_kept: bool) -> str:
        """What is wrong with it, unless the clerk keeps it as the licence has it."""
        found = classify(self._line.text())
        code = CODES.get(found.state)
        if code is None or (found.state is UsccState.CHECK_DIGIT_FAILED and is_kept):
            return ""
        meant = f"可能是 {found.suggestion}。" if found.suggestion else ""
        return f"{text.field_sentence(code)}{meant}"

    def _suggest(self) -> None:
        meant = classify(self._line.text()).suggestion
        self.suggestion.setText(f"改为 {meant}" if meant else "")
        self.suggestion.setVisible(meant is not None)

    @Slot()
    def _on_text_changed(self) -> None:
        self._suggest()
        self.changed.emit()

    @Slot()
    def _on_suggestion_clicked(self) -> None:
        meant = classify(self._line.text()).suggestion
        if meant is not None:
            self._line.setText(meant)
            self._line.setFocus()
