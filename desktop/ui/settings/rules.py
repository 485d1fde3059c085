"""The tab 期限规则: every time limit, threshold and gate that the program knows, where it stands and how sure it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QTabWidget, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.deadline import Confidence, Gate, Rule, Threshold, Unit
from desktop.services.rule_confirmations import Confirmation, RuleConfirmations, is_doubtful
from desktop.services.rules import rule_book
from desktop.ui import theme
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context
from desktop.ui.settings.tab import Facts, Tab
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import ShownField, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import Beside, button, labelled, row, scrolled

NOT_FOUND = Emptiness("没有符合条件的规则", "换一个词试试，或者清空搜索。")
UNITS = {"yuan": "元", "ratio": "", "inspections/year": "次/年", "days": "天", "persons": "人", "people": "人"}


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule with the office's word on it, if there is one."""

    rule: Rule
    confirmation: Confirmation | None


class RulesTab(Tab):
    """A searchable list; the chosen rule in full beside it. Only the confirmation can be changed."""

    KEY: ClassVar[str] = "rules"
    TITLE: ClassVar[str] = "期限规则"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._book = rule_book()
        self._confirmations = RuleConfirmations(context.services.store, context.services.clock, self._book)
        self._shown: str | None = None
        self._build_head()
        self._build_tables()

    def _build_head(self) -> None:
        self._search = QLineEdit(placeholderText="搜索名称、法律、条文", clearButtonEnabled=True)
        self._search.setObjectName("ruleSearch")
        self._search.setAccessibleName("搜索规则")
        self._search.setFixedWidth(theme.size(280))
        self._search.textChanged.connect(self._on_filter_changed)
        self._current = QCheckBox("只看现行的")
        self._current.setChecked(True)
        self._current.toggled.connect(self._on_filter_changed)
        self._doubtful = QCheckBox("只看待确认的")
        self._doubtful.setObjectName("onlyDoubtful")
        self._doubtful.toggled.connect(self._on_filter_changed)
        self._count = labelled("", "quiet")
        self.body.addLayout(row(self._search, self._current, self._doubtful, 1, self._count, spacing=theme.WIDE_GAP))

    def _build_tables(self) -> None:
        memory = self.context.memory
        order = {name: place for place, name in enumerate(self._book.rules)}
        self._rules = SimpleTable(_rule_columns(), "rulesTable", lambda shown: order[shown.rule.id], memory)
        self._rules.current_id_changed.connect(self._on_rule_chosen)
        self._rules.activated_id.connect(self._on_rule_activated)
        self._thresholds = SimpleTable(_threshold_columns(), "thresholdsTable", store=memory)
        self._gates = SimpleTable(_gate_columns(), "gatesTable", store=memory)
        for table in (self._rules, self._thresholds, self._gates):
            table.say_empty(NOT_FOUND)
        self._beside = Beside(self._rules, self._build_detail(), "规则")
        self._beside.detail_closed.connect(self._on_detail_closed)
        self._tables = QTabWidget()
        self._tables.setObjectName("ruleTabs")
        self._tables.addTab(self._beside, "期限")
        self._tables.addTab(self._thresholds, "数额标准")
        self._tables.addTab(self._gates, "办理条件")
        self._tables.currentChanged.connect(self._on_filter_changed)
        self.body.addWidget(self._tables, 1)

    def _build_detail(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.size(theme.WIDE_GAP), 0, theme.size(theme.GAP), 0)
        self._facts = Facts("ruleFacts")
        self._confirm = button("确认这条规则", self._on_confirm_clicked, "primary", "check", "confirmRule")
        self._withdraw = button("撤回确认", self._on_withdraw_clicked, name="withdrawRule")
        column.addWidget(self._facts)
        column.addLayout(row(self._confirm, self._withdraw, 1))
        column.addStretch(1)
        return scrolled(inside)

    # ---- reading

    def refresh(self) -> None:
        """Read the confirmations again."""
        confirmed = self._confirmations.confirmed()
        self._all = [ShownRule(rule, confirmed.get(rule.id)) for rule in self._book.rules.values()]
        self._on_filter_changed()

    @Slot()
    def _on_filter_changed(self) -> None:
        today = self.services.clock.today()
        rules = [each for each in self._all if self._fits(_words(each.rule), each.rule.in_force(today))]
        if self._doubtful.isChecked():
            rules = [each for each in rules if is_doubtful(each.rule) and each.confirmation is None]
        self._rules.set_rows(rules)
        values = self._book.thresholds.values()
        self._thresholds.set_rows([each for each in values if self._fits(_threshold_words(each), each.in_force(today))])
        gates = self._book.gates.values()
        self._gates.set_rows([each for each in gates if self._fits(_gate_words(each), each.in_force_from <= today)])
        self._show_counts()
        self._show_rule()

    def _fits(self, words: str, is_current: bool) -> bool:
        wanted = self._search.text().split()
        return (is_current or not self._current.isChecked()) and all(word in words for word in wanted)

    def _show_counts(self) -> None:
        table = (self._rules, self._thresholds, self._gates)[self._tables.currentIndex()]
        waiting = sum(is_doubtful(each.rule) and each.confirmation is None for each in self._all)
        self._count.setText(f"显示 {len(table.rows)} 条 · 期限规则待确认 {waiting} 条")

    def _show_rule(self) -> None:
        shown = next((each for each in self._rules.rows if each.rule.id == self._shown), None)
        if shown is None:
            self._beside.close_detail()
            return
        self._facts.show_facts(_facts(shown))
        self._confirm.setVisible(is_doubtful(shown.rule) and shown.confirmation is None)
        self._withdraw.setVisible(shown.confirmation is not None)
        self._beside.open_detail(shown.rule.name_zh)

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here for a rule."""
        if wanted.get("rule"):
            self._current.setChecked(False)
            self._shown = str(wanted["rule"])
            self._on_filter_changed()

    # ---- doing

    @Slot(object)
    def _on_rule_chosen(self, _place: object) -> None:
        if self._rules.current_row is not None:
            self._shown = self._rules.current_row.rule.id
            self._show_rule()

    @Slot(int)
    def _on_rule_activated(self, _place: int) -> None:
        self._on_rule_chosen(None)
        if self._confirm.isVisibleTo(self):
            self._on_confirm_clicked()

    @Slot()
    def _on_detail_closed(self) -> None:
        self._shown = None

    @Slot()
    def _on_confirm_clicked(self) -> None:
        if self._shown is not None:
            self.context.open_form("rule_confirmation", rule=self._shown)

    @Slot()
    def _on_withdraw_clicked(self) -> None:
        if self._shown is not None:
            self.context.act(partial(self._confirmations.withdraw, self._shown), "已撤回确认")


class ConfirmDialog(ActDialog[tuple[str, str]]):
    """Who confirms a rule, and what is to be said about it."""

    DONE = "已确认期限规则"

    def __init__(
        self, context: Context, confirmations: RuleConfirmations, rule: Rule, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "confirmForm", "确认期限规则", "确认", parent, (600, 480))
        self._confirmations, self._rule = confirmations, rule
        form = self.form
        form.add("rule", "规则", ShownField())
        form.add("by", "确认人", TextField("法制审核人员姓名", 40), required=True)
        form.add("remark", "说明", TextField("例如 已核对法条原文、以某文件为准"))
        told = f"{rule.name_zh}：{rule.convention}。{rule.source} {rule.article}"
        self.finish({"rule": told, "by": context.services.store.person})

    def draft(self, values: Values) -> tuple[str, str]:
        """The remark and the name."""
        return words_of(values, "remark"), words_of(values, "by")

    def perform(self, draft: tuple[str, str]) -> None:
        """Confirm."""
        self._confirmations.confirm(self._rule.id, *draft)


def open_confirmation(context: Context, rule: str, parent: QWidget | None = None) -> QDialog:
    """The office's word on the rule of this id."""
    book = rule_book()
    confirmations = RuleConfirmations(context.services.store, context.services.clock, book)
    return ConfirmDialog(context, confirmations, book.rules[rule], parent)


# ---- words -------------------------------------------------------------------------------------------------


def _length(rule: Rule) -> str:
    if rule.unit is Unit.FIXED_DATE:
        return f"{'次年' if rule.next_year else ''}{f'{rule.month} 月' if rule.month else '每月'} {rule.day} 日"
    return f"{rule.length} {text.label(rule.unit)}"


def _sure(shown: ShownRule) -> Pill:
    if shown.confirmation is not None:
        return Pill(f"{shown.confirmation.confirmed_by}已确认", Meaning.INFORMATION)
    if is_doubtful(shown.rule):
        return Pill(text.UNCONFIRMED, Meaning.DUE_SOON)
    return Pill(text.label(Confidence.VERIFIED), Meaning.DONE)


def _span(start: date | None, end: date | None) -> str:
    return f"{start or '不详'} 至 {end or '今'}"


def _facts(shown: ShownRule) -> Sequence[tuple[str, str]]:
    rule, said = shown.rule, shown.confirmation
    facts = [
        ("起算", rule.trigger_zh),
        ("期限", _length(rule)),
        ("计算方法", rule.convention),
        ("依据", f"{rule.source} {rule.article}"),
        ("施行", _span(rule.in_force_from, rule.in_force_to)),
        ("逾期后果", rule.if_missed),
        ("可信程度", _sure(shown).word),
    ]
    if rule.notes:
        facts.append(("备注", rule.notes))
    if said is not None:
        facts.append(("确认", f"{said.confirmed_by}，{text.day(said.confirmed_on)}"))
        facts.append(("确认说明", said.remark))
    return facts


def _words(rule: Rule) -> str:
    return " ".join((rule.name_zh, rule.trigger_zh, rule.source, rule.article, rule.if_missed, rule.notes))


def _threshold_words(each: Threshold) -> str:
    return " ".join((each.name_zh, each.applies_to, each.source, each.article, each.notes))


def _gate_words(each: Gate) -> str:
    return " ".join((each.name_zh, each.condition, each.source, each.article, each.if_missed))


def _source(shown: ShownRule) -> str:
    return f"{shown.rule.source} {shown.rule.article}"


def _rule_columns() -> list[Column[ShownRule]]:
    return [
        Column("name", "名称", lambda shown: shown.rule.name_zh, 230),
        Column("length", "期限", lambda shown: _length(shown.rule), 110),
        Column("sure", "可信程度", lambda shown: _sure(shown).word, 150, pill=_sure),
        Column("source", "依据", _source, 260),
        Column("convention", "计算方法", lambda shown: shown.rule.convention, 280),
        Column("span", "施行", lambda shown: _span(shown.rule.in_force_from, shown.rule.in_force_to), 190),
        Column("notes", "备注", lambda shown: shown.rule.notes, 200, is_shown=False),
    ]


def _amount(each: Threshold) -> str:
    if each.unit == "ratio":
        return f"{float(each.value):.0%}"
    return f"{each.value:,} {UNITS.get(each.unit, each.unit)}"


def _threshold_sure(each: Threshold) -> Pill:
    is_sure = each.confidence is Confidence.VERIFIED
    return Pill(text.label(each.confidence), Meaning.DONE if is_sure else Meaning.DUE_SOON)


def _threshold_columns() -> list[Column[Threshold]]:
    return [
        Column("name", "名称", lambda each: each.name_zh, 250),
        Column("value", "数额", _amount, 130, Align.RIGHT),
        Column("applies", "适用", lambda each: each.applies_to, 180),
        Column("sure", "可信程度", lambda each: text.label(each.confidence), 150, pill=_threshold_sure),
        Column("source", "依据", lambda each: f"{each.source} {each.article}", 280),
        Column("span", "施行", lambda each: _span(each.in_force_from, each.in_force_to), 190),
    ]


def _gate_sure(each: Gate) -> Pill:
    is_sure = each.confidence is Confidence.VERIFIED
    return Pill(text.label(each.confidence), Meaning.DONE if is_sure else Meaning.DUE_SOON)


def _gate_columns() -> list[Column[Gate]]:
    return [
        Column("name", "名称", lambda each: each.name_zh, 200),
        Column("condition", "条件", lambda each: each.condition, 400),
        Column("sure", "可信程度", lambda each: text.label(each.confidence), 150, pill=_gate_sure),
        Column("missed", "不符合的后果", lambda each: each.if_missed, 200),
        Column("source", "依据", lambda each: f"{each.source} {each.article}", 280),
        Column("from", "施行", lambda each: f"{each.in_force_from} 起", 120),
    ]
