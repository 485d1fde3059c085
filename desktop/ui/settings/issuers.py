"""In whose name documents go out on a day: what the office entered, what follows from its powers, what is still blank."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop import text
from desktop.services.form_issuers import NAMES, Issuer, IssuerFact
from desktop.ui import theme
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context
from desktop.ui.settings.tab import heading
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.fields import Field, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import button, labelled, row, scrolled

PLACEHOLDERS = {
    "court": "例如 集中管辖的基层人民法院，请向法制人员核实",
    "higher": "只用在 2023 年底以前的文书上",
    "bank": "罚款收款银行",
}


@dataclass(frozen=True, slots=True)
class _Period:
    place: int
    from_on: date
    issuer: Issuer


class IssuersPanel(QWidget):
    """The facts of a day above, the entries by date below."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("issuersPanel")
        self._context = context
        self._issuers = context.services.forms.issuers
        self._day = date_field(context)
        self._day.name("哪天的文书", "issuerOn")
        self._day.set_value(context.services.clock.today())
        self._day.changed.connect(self.refresh)
        self._told = labelled("", "quiet")
        self._told.setObjectName("issuerFollows")
        self._told.setWordWrap(True)
        self.facts: SimpleTable[IssuerFact] = SimpleTable(_fact_columns(), "issuerFacts", store=context.memory)
        self.facts.setAccessibleName("文书上的机关信息")
        self.history: SimpleTable[_Period] = SimpleTable(
            _history_columns(), "issuerHistory", lambda period: period.place, context.memory
        )
        self.history.setAccessibleName("填写记录")
        self.history.activated_id.connect(self._on_correct)
        self._nothing = labelled("还没有填写过：按执法身份和单位资料推出；法院和收款银行推不出，要自己填。", "quiet")
        power = button("变更执法身份", lambda: context.open_form("power"), name="powerFromIssuers")
        change = button("填写或变更", lambda: context.open_form("issuer"), "primary", "edit", "editIssuer")
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, theme.size(12), 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner))  # on a small screen with large type the two lists need more than there is
        box.addLayout(heading("以谁的名义", "文书按出具当天的填写，重印旧文书不变", power, change))
        box.addLayout(row(labelled("哪天的文书", "label"), self._day, 1))
        box.addWidget(self._told)
        box.addWidget(self.facts, 1)
        box.addLayout(heading("填写记录", "双击更正"))
        box.addWidget(self._nothing)
        box.addWidget(self.history)

    def day(self) -> date:
        """The day looked at."""
        chosen = self._day.value()
        return chosen if isinstance(chosen, date) else self._context.services.clock.today()

    @Slot()
    def refresh(self) -> None:
        """Read again, for the day chosen."""
        self._told.setText(self._issuers.follows(self.day()))
        self.facts.set_rows(self._issuers.facts(self.day()))
        periods = self._issuers.history()
        self.history.set_rows([_Period(place, *each) for place, each in enumerate(periods, 1)])
        self._nothing.setVisible(not periods)
        self.history.setVisible(bool(periods))
        self.history.setFixedHeight(theme.size(theme.HEADER + theme.ROW * min(len(periods), 3) + 4))

    @Slot(int)
    def _on_correct(self, place: int) -> None:
        period = next((each for each in self.history.rows if each.place == place), None)
        if period is not None:
            self._context.open_form("issuer", from_on=period.from_on)


def _fact_columns() -> list[Column[IssuerFact]]:
    return [
        Column("name", "文书上的内容", lambda fact: fact.name, 200),
        Column("value", "填的是", lambda fact: fact.value or "（空着，文书上要手写）", 330, meaning=_blank),
        Column("state", "来历", lambda fact: _state(fact).word, 150, pill=_state),
        Column("note", "说明", lambda fact: fact.note, 430, tooltip=lambda fact: fact.note),
    ]


def _blank(fact: IssuerFact) -> Meaning | None:
    return None if fact.value else Meaning.DUE_SOON


def _state(fact: IssuerFact) -> Pill:
    if not fact.value:
        return Pill("没有填写", Meaning.DUE_SOON)
    return Pill("已填写", Meaning.DONE) if fact.is_entered else Pill("按资料推出", Meaning.INFORMATION)


def _history_columns() -> list[Column[_Period]]:
    return [
        Column("from_on", "自哪天起", lambda each: text.day(each.from_on), 140),
        Column("dept", "机关", lambda each: each.issuer.dept, 230),
        Column("gov", "复议机关", lambda each: each.issuer.gov, 200),
        Column("court", "人民法院", lambda each: each.issuer.court, 200),
        Column("bank", "收款银行", lambda each: each.issuer.bank, 200),
    ]


@dataclass(frozen=True, slots=True)
class Entered:
    """What forms say of the authority from a day on."""

    from_on: date
    issuer: Issuer


class IssuerDialog(ActDialog[Entered]):
    """Enters, from a day on, what forms say of the authority; what stays blank follows from the office where it can."""

    DONE = "已修改文书的机关信息"

    def __init__(self, context: Context, from_on: date | None = None, parent: QWidget | None = None) -> None:
        title = "文书上的机关信息" if from_on is None else f"更正 {from_on} 起的机关信息"
        super().__init__(context, "issuerForm", title, parent=parent, size=(640, 720))
        self._issuers = context.services.forms.issuers
        start = from_on or context.services.clock.today()
        form = self.form
        day = date_field(context)
        form.add("from_on", "自哪天起", day, required=True, note="这一天以前出具的文书不变。")
        day.setEnabled(from_on is None)
        for name, said in self._issuers.labels().items():
            form.add(name, said, self._line(name, start), required=name == "dept")
        kept = dict(self._issuers.history()).get(start, self._issuers.entered(start))
        values = {name: getattr(kept, name) for name in NAMES}
        self.finish({"from_on": start, **values, "dept": kept.dept or self._issuers.derived(start).dept})

    def _line(self, name: str, on: date) -> Field:
        """The line shows what would follow where nothing is entered."""
        following = getattr(self._issuers.derived(on), name)
        return TextField(f"留空时按 {following}" if following else PLACEHOLDERS.get(name, ""), 120)

    def draft(self, values: Values) -> Entered:
        """As the service takes it."""
        return Entered(cast(date, values["from_on"]), Issuer(**{name: words_of(values, name) for name in NAMES}))

    def perform(self, draft: Entered) -> None:
        """Enter it."""
        self._issuers.change(draft.issuer, draft.from_on)


def open_issuer(context: Context, from_on: date | None = None, parent: QWidget | None = None) -> QDialog:
    """`issuer` (from_on=)."""
    return IssuerDialog(context, from_on, parent)
