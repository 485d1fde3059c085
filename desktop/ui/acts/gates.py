"""The gates of an act inside its form: each warning with its source, and a line for the reason it is passed for."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.gate import GateWarning, unexplained
from desktop.system.drafts import Plain
from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.fields import Field
from desktop.ui.widgets.section import clear, labelled, row

BLOCKED = "按现在填写的内容不能办理，请先改正上面标出的事项。"
UNEXPLAINED = "请写明理由，理由会留在记录里。"


class GateField(Field):
    """Holds the reasons by gate. A void warning has no line for a reason: it blocks until its cause is mended."""

    def __init__(self) -> None:
        super().__init__()
        whole = QFrame()
        self._lines: dict[str, QLineEdit] = {}
        self._kept: dict[str, str] = {}
        self.warnings: tuple[GateWarning, ...] = ()
        self._column = QVBoxLayout(whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.size(theme.GAP))
        self._hold(whole)

    def value(self) -> dict[str, str]:
        """The reason typed for each gate that is shown."""
        return {gate: line.text().strip() for gate, line in self._lines.items() if line.text().strip()}

    def set_value(self, value: object) -> None:
        """Reasons to show with the gates they answer, now or when those appear."""
        self._kept = {str(gate): str(reason) for gate, reason in value.items()} if isinstance(value, Mapping) else {}
        for gate, line in self._lines.items():
            line.setText(self._kept.get(gate, ""))

    def typed(self) -> Plain:
        """The reasons by gate."""
        return self.value()

    def retype(self, typed: Plain) -> None:
        """The reasons again, where their gates are shown or when they come."""
        self.set_value(typed)

    def told(self, typed: Plain) -> str:
        """The reasons."""
        return "；".join(str(reason) for reason in (typed or {}).values())

    def set_invalid(self, _is_invalid: bool) -> None:
        """Each warning has its own ground; a frame around them all would only shout."""

    def show_warnings(self, warnings: Sequence[GateWarning]) -> None:
        """Show these; what was typed for a gate that stays is kept."""
        if tuple(warnings) == self.warnings:
            return
        self.warnings = tuple(warnings)
        self._kept |= self.value()
        self._lines = {}
        clear(self._column)
        for warning in self.warnings:
            self._column.addWidget(self._one(warning))

    def objection(self) -> str:
        """Why the act cannot be saved yet; the focus will go to the first reason that is missing."""
        if any(warning.is_void for warning in self.warnings):
            return BLOCKED
        missing = unexplained(self.warnings, self.value())
        if missing:
            self.editor.setFocusProxy(self._lines[missing[0].gate])
            return UNEXPLAINED
        return ""

    def _one(self, warning: GateWarning) -> QWidget:
        whole = QFrame()
        theme.set_role(whole, "banner-error" if warning.is_void else "banner")
        said = QLabel(warning.text, wordWrap=True)
        said.setObjectName(f"gate_{warning.gate}")
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        sign = QLabel()
        theme.set_icon(sign, "warning", Meaning.OVERDUE if warning.is_void else Meaning.ATTENTION)
        head = row(sign, said)
        head.setStretch(1, 1)
        lines = QVBoxLayout(whole)
        lines.setContentsMargins(*(theme.size(n) for n in (12, 8, 12, 8)))
        lines.setSpacing(theme.size(6))
        lines.addLayout(head)
        if warning.source:
            source = labelled(f"依据：{warning.source}", "quiet")
            source.setWordWrap(True)
            lines.addWidget(source)
        if not warning.is_void and warning.gate not in self._lines:
            lines.addLayout(row(labelled("仍要办理，理由：", "label"), self._reason_line(warning)))
        return whole

    def _reason_line(self, warning: GateWarning) -> QLineEdit:
        line = QLineEdit(self._kept.get(warning.gate, ""))
        line.setObjectName(f"reason_{warning.gate}")
        line.setAccessibleName(f"理由：{warning.text}")
        line.textChanged.connect(self.changed)
        self._lines[warning.gate] = line
        return line
