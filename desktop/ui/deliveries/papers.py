"""The papers that are served together, ticked one by one; and what was served of them before."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from desktop import text
from desktop.services.deliveries import DeliveryRow, Servable
from desktop.system.drafts import Plain
from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.fields import Field
from desktop.ui.widgets.pills import Pill, PillLabel
from desktop.ui.widgets.section import Link, clear, labelled, row


def key_of(paper: Servable) -> str:
    """By which a paper is known here: its document, or the order that has none."""
    return f"document:{paper.document_id}" if paper.document_id is not None else f"order:{paper.order_id}"


class PapersField(Field):
    """The value is a tuple of keys (`key_of`) of the papers that are ticked; each makes a row of the receipt."""

    def __init__(self, papers: Sequence[Servable], taken: frozenset[str]) -> None:
        super().__init__()
        self._ticks: dict[str, QCheckBox] = {}
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.size(6))
        for paper in papers:
            tick = QCheckBox(f"{paper.title}　{paper.number}")
            tick.setObjectName(f"serve_{key_of(paper)}")
            tick.setChecked(key_of(paper) in taken)
            tick.toggled.connect(self.changed)
            self._ticks[key_of(paper)] = tick
            served = [PillLabel(Pill(f"已送达 {paper.served} 次", Meaning.DONE))] if paper.served else []
            box.addLayout(row(tick, *served, 1))
        if self._ticks:
            whole.setFocusProxy(next(iter(self._ticks.values())))
        self._hold(whole)

    def value(self) -> tuple[str, ...]:
        """The keys of what is ticked."""
        return tuple(key for key, tick in self._ticks.items() if tick.isChecked())

    def set_value(self, value: object) -> None:
        """Ticked from the start; the form's own filling leaves it alone."""

    def typed(self) -> Plain:
        """What is ticked."""
        return list(self.value())

    def retype(self, typed: Plain) -> None:
        """Ticked again, as far as it still waits."""
        for key, tick in self._ticks.items():
            with QSignalBlocker(tick):
                tick.setChecked(key in typed)

    def told(self, typed: Plain) -> str:
        """As people read it."""
        return "、".join(tick.text() for key, tick in self._ticks.items() if key in typed)


class ServedRows(QWidget):
    """What was served before, a line each, with what can be done about it."""

    def __init__(self, on_void: Callable[[int], object], on_ended: Callable[[int], object]) -> None:
        super().__init__()
        self.setObjectName("servedRows")
        self._on_void, self._on_ended = on_void, on_ended
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.size(6))

    def show_rows(self, rows: Sequence[DeliveryRow]) -> None:
        """Show these."""
        clear(self._box)
        for each in rows:
            self._box.addWidget(self._one(each))
        self.setVisible(bool(rows))

    def _one(self, served: DeliveryRow) -> QWidget:
        whole = QWidget()
        words = QLabel(row_words(served), wordWrap=True)
        words.setObjectName(f"served_{served.id}")
        line = row(PillLabel(row_pill(served)), words)
        line.setStretch(1, 1)
        if served.is_waiting:
            line.addWidget(_link("登记期满", f"endNotice_{served.id}", self._on_ended, served.id))
        if not served.void_reason:
            line.addWidget(_link("作废", f"voidDelivery_{served.id}", self._on_void, served.id))
        lines = QVBoxLayout(whole)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addLayout(line)
        if served.void_reason:
            lines.addWidget(labelled(f"作废原因：{served.void_reason}", "quiet"))
        return whole


def _link(words: str, name: str, act: Callable[[int], object], delivery_id: int) -> Link:
    made = Link(words)
    made.setObjectName(name)
    made.clicked.connect(lambda _=False: act(delivery_id))
    return made


def row_words(served: DeliveryRow) -> str:
    """A row in one line."""
    who = f"签收人 {served.recipient}" if served.recipient else ""
    servers = f"送达人 {'、'.join(served.servers)}" if served.servers else ""
    receipt = f"邮件号 {served.receipt_number}" if served.receipt_number else ""
    ends = f"{text.day(served.counts_on)} 期满" if served.counts_on else ""
    parts = (text.day(served.delivered_at.date()), served.number or served.title, who, servers, receipt, ends)
    return "　".join(filter(None, parts))


def row_pill(served: DeliveryRow) -> Pill:
    """In which way, and where it stands."""
    if served.void_reason:
        return Pill("已作废", Meaning.QUIET)
    if served.is_waiting:
        return Pill("公告中", Meaning.DUE_SOON)
    return Pill(text.label(served.way), Meaning.DONE)
