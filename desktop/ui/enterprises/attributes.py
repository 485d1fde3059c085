"""Risk attributes to fill in: those of the sector and the general ones, grouped by kind."""

from collections.abc import Mapping
from itertools import groupby

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.services.catalogue import Catalogue, RiskAttribute
from desktop.system.drafts import Plain
from desktop.ui import theme
from desktop.ui.widgets.fields import ChoiceField, Field, Option
from desktop.ui.widgets.section import clear, labelled

UNKNOWN = "未填写"
HINTS = {
    "int": "数字",
    "decimal": "数字，可带小数",
    "multi": "几项之间用顿号隔开",
    "int+text": "例：3处，地下",
    "bool+date": "例：是，有效期至 2027-06-30",
    "date+text": "例：2026-03-01，备案号",
}


class AttributeField(Field):
    """One attribute: a choice where the answers are listed, words where they are not."""

    def __init__(self, attribute: RiskAttribute) -> None:
        super().__init__()
        self._choice: QComboBox | None = None
        self._line: QLineEdit | None = None
        if attribute.is_closed:
            options = [Option("", UNKNOWN), *(Option(value, value) for value in attribute.values)]
            self._chosen = ChoiceField(options)
            self._choice = self._chosen.findChild(QComboBox)
            assert self._choice is not None
            self._chosen.changed.connect(self.changed)
            self._hold(self._chosen)
        else:
            self._line = QLineEdit(placeholderText=HINTS.get(attribute.type, ""))
            self._line.setToolTip("可填：" + "、".join(attribute.values) if attribute.values else "")
            self._line.textChanged.connect(self.changed)
            self._hold(self._line)
        self.name(attribute.label, attribute.id)

    def value(self) -> str:
        """The answer, empty while there is none."""
        if self._line is not None:
            return self._line.text().strip()
        return str(self._chosen.value() or "")

    def set_value(self, value: object) -> None:
        """Show an answer."""
        if self._line is not None:
            with QSignalBlocker(self._line):
                self._line.setText(str(value or ""))
        else:
            self._chosen.set_value(value or "")

    def typed(self) -> str:
        """The answer as it is."""
        return self._line.text() if self._line is not None else self.value()

    def retype(self, typed: Plain) -> None:
        """The answer again."""
        self.set_value(typed)


class AttributesField(Field):
    """All that are asked of a sector. What was answered before is kept and shown, whatever the sector is now."""

    shown = Signal()

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._fields: dict[str, AttributeField] = {}
        self._kept: dict[str, str] = {}
        self._sector: str | None = None
        whole = QWidget()
        self._column = QVBoxLayout(whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.size(6))
        self._hold(whole)
        self._show()

    def value(self) -> dict[str, str]:
        """Attribute id → answer, those without an answer left out."""
        typed = {name: field.value() for name, field in self._fields.items()}
        return {name: value for name, value in (self._kept | typed).items() if value}

    def set_value(self, value: object) -> None:
        """Show these answers."""
        self._kept = {str(name): str(each) for name, each in value.items()} if isinstance(value, Mapping) else {}
        self._show()

    def typed(self) -> Plain:
        """Attribute id → answer."""
        return self.value()

    def retype(self, typed: Plain) -> None:
        """The answers again."""
        self.set_value(typed)

    def told(self, typed: Plain) -> str:
        """Each with its name."""
        known = self._catalogue.attributes
        return "；".join(f"{known[name].label} {answer}" for name, answer in typed.items() if name in known)

    def set_sector(self, sector: str | None) -> None:
        """Ask what is asked of this sector."""
        if sector != self._sector:
            self._kept = self.value()
            self._sector = sector
            self._show()

    def _asked(self) -> list[RiskAttribute]:
        """In the order of the catalogue, so that a kind stands together."""
        wanted = {each.id for each in self._catalogue.attributes_for(self._sector)} | self._kept.keys()
        return [each for each in self._catalogue.attributes.values() if each.id in wanted and not each.is_derived]

    def _show(self) -> None:
        clear(self._column)
        self._fields = {}
        for kind, attributes in groupby(self._asked(), key=lambda each: each.category):
            self._column.addWidget(labelled(kind, "quiet"))
            self._column.addLayout(self._grid(list(attributes)))
        self.shown.emit()

    def _grid(self, attributes: list[RiskAttribute]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, theme.size(6))
        grid.setHorizontalSpacing(theme.size(12))
        grid.setVerticalSpacing(theme.size(4))
        grid.setColumnStretch(0, 1)
        for place, attribute in enumerate(attributes):
            field = AttributeField(attribute)
            field.set_value(self._kept.get(attribute.id, ""))
            field.changed.connect(self.changed)
            field.setFixedWidth(theme.size(220))
            head = labelled(attribute.label)
            head.setWordWrap(True)
            head.setBuddy(field)
            head.setToolTip(attribute.note)
            grid.addWidget(head, place, 0)
            grid.addWidget(field, place, 1)
            self._fields[attribute.id] = field
        return grid
