"""The tab 文书: the official forms and how sure each is, how documents are numbered, in whose name and in which fonts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QTabWidget, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.form import Doubt, Form
from desktop.services.form_confirmations import Confirmation
from desktop.services.form_numbers import ORDER
from desktop.ui import theme
from desktop.ui.acts.days import date_field
from desktop.ui.context import Context
from desktop.ui.settings.fonts import FontsPanel
from desktop.ui.settings.issuers import IssuersPanel
from desktop.ui.settings.tab import Facts, Tab, heading
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import Beside, button, labelled, row, scrolled

NOT_FOUND = Emptiness("没有符合条件的文书", "换一个词试试，或者去掉筛选。")
ALL_CONFIRMED = Emptiness("没有待确认的文书", "这一天可用的文书都已经确认，或者见到过官方文本。")


@dataclass(frozen=True, slots=True)
class ShownForm:
    """A form as of a day: what in it is doubtful, and whose word there is on that."""

    place: int
    form: Form
    is_in_force: bool
    doubts: tuple[Doubt, ...]
    words: tuple[Confirmation, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether something in it still wants a named person's word."""
        return len(self.words) < len(self.doubts)


class DocumentsTab(Tab):
    """Three lists, whose facts are settled in forms, and a choice of fonts."""

    KEY: ClassVar[str] = "documents"
    TITLE: ClassVar[str] = "文书"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.forms = FormsPanel(context)
        self.numbering = NumberingPanel(context)
        self.issuers = IssuersPanel(context)
        self.fonts = FontsPanel(context)
        self._parts = QTabWidget()
        self._parts.setObjectName("documentTabs")
        titles = {"式样与确认": self.forms, "编号": self.numbering, "以谁的名义": self.issuers, "字体": self.fonts}
        for title, panel in titles.items():
            self._parts.addTab(panel, title)
        self._parts.currentChanged.connect(self._on_part_changed)
        self._stale: set[QWidget] = set()
        self.body.addWidget(self._parts, 1)

    def refresh(self) -> None:
        """Read the part in sight; the others read when they are shown."""
        self._stale = {self.forms, self.numbering, self.issuers, self.fonts}
        self._on_part_changed()

    @Slot()
    def _on_part_changed(self) -> None:
        panel = cast("FormsPanel | NumberingPanel | IssuersPanel | FontsPanel", self._parts.currentWidget())
        if panel in self._stale:
            self._stale.discard(panel)
            panel.refresh()

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here for a part (`forms`, `numbering`, `issuers`, `fonts`), or for one form."""
        panels = {"forms": self.forms, "numbering": self.numbering, "issuers": self.issuers, "fonts": self.fonts}
        if wanted.get("part") in panels:
            self._parts.setCurrentWidget(panels[str(wanted["part"])])
        if wanted.get("form"):
            self._parts.setCurrentWidget(self.forms)
            self.forms.show_form(str(wanted["form"]))


# ---- the forms ---------------------------------------------------------------------------------------------


class FormsPanel(QWidget):
    """All forms as they stand for a document of a day; the chosen one in full beside the list."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("formsPanel")
        self._context = context
        self._forms = context.services.forms
        self._all: list[ShownForm] = []
        self._shown: str | None = None
        self._search = QLineEdit(placeholderText="名称、代码字、阶段", clearButtonEnabled=True)
        self._search.setObjectName("formSearch")
        self._search.setAccessibleName("搜索文书")
        self._search.setFixedWidth(theme.size(230))
        self._search.textChanged.connect(self._show)
        self._day = date_field(context)
        self._day.name("文书日期", "formsOn")
        self._day.set_value(context.services.clock.today())
        self._day.changed.connect(self.refresh)
        self._waiting = QCheckBox("只看待确认的")
        self._waiting.setObjectName("onlyUnconfirmed")
        self._waiting.toggled.connect(self._show)
        self._usable = QCheckBox("只看当日可用的")
        self._usable.setObjectName("onlyUsable")
        self._usable.toggled.connect(self._show)
        self._count = labelled("", "quiet")
        self._count.setWordWrap(True)
        self.table: SimpleTable[ShownForm] = SimpleTable(
            _columns(), "formsTable", lambda shown: shown.place, context.memory
        )
        self.table.setAccessibleName("执法文书")
        self.table.current_id_changed.connect(self._on_chosen)
        self.table.activated_id.connect(self._on_activated)
        self.beside = Beside(self.table, self._build_detail(), "文书")
        self.beside.detail_closed.connect(self._on_closed)
        head = row(self._search, labelled("文书日期", "label"), self._day, self._waiting, self._usable, 1, self._count)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.size(theme.GAP), 0, 0)
        box.setSpacing(theme.size(theme.GAP))
        box.addLayout(head)
        box.addWidget(self.beside, 1)

    def _build_detail(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.size(theme.WIDE_GAP), 0, theme.size(theme.GAP), 0)
        self.facts = Facts("formFacts")
        self._confirm = button("由法制人员确认…", self._on_confirm, "primary", "check", "confirmForm")
        self._withdraw = button("撤回确认", self._on_withdraw, name="withdrawForm")
        column.addWidget(self.facts)
        column.addLayout(row(self._confirm, self._withdraw, 1))
        column.addStretch(1)
        return scrolled(inside)

    # ---- reading

    def day(self) -> date:
        """The day of the documents that are looked at."""
        chosen = self._day.value()
        return chosen if isinstance(chosen, date) else self._context.services.clock.today()

    @Slot()
    def refresh(self) -> None:
        """Read the confirmations again, for the day chosen."""
        book, day = self._forms.book, self.day()
        known = self._forms.confirmations.confirmed()
        self._all = []
        for place, form in enumerate(book.forms.values(), 1):
            doubts = book.doubts(form, day)
            words = tuple(known[doubt.mark] for doubt in doubts if doubt.mark in known)
            self._all.append(ShownForm(place, form, book.is_in_force(form, day), doubts, words))
        self._show()

    @Slot()
    def _show(self) -> None:
        words = self._search.text().split()
        rows = [shown for shown in self._all if all(word in _searched(shown) for word in words)]
        if self._waiting.isChecked():
            rows = [shown for shown in rows if shown.is_waiting]
        if self._usable.isChecked():
            rows = [shown for shown in rows if shown.is_in_force]
        self.table.say_empty(ALL_CONFIRMED if self._waiting.isChecked() and not words else NOT_FOUND)
        self.table.set_rows(rows)
        waiting = sum(shown.is_waiting and shown.is_in_force for shown in self._all)
        unusable = sum(not shown.is_in_force for shown in self._all)
        self._count.setText(f"{len(rows)} 种 · 待确认 {waiting} · 不可用 {unusable}")
        self._show_detail()

    def _show_detail(self) -> None:
        shown = next((each for each in self.table.rows if each.form.id == self._shown), None)
        if shown is None:
            self.beside.close_detail()
            return
        law = self._forms.book.law(shown.form, self.day())
        self.facts.show_facts(_facts(shown, law, self._forms.issuers.words(self.day())))
        self._confirm.setVisible(shown.is_waiting)
        self._withdraw.setVisible(bool(shown.words))
        self.beside.open_detail(shown.form.title)

    def show_form(self, form_id: str) -> None:
        """Choose a form by its id."""
        self._shown = form_id
        place = next((shown.place for shown in self._all if shown.form.id == form_id), None)
        if place is not None:
            self.table.select_ids([place], place)
        self._show_detail()

    # ---- doing

    @Slot(object)
    def _on_chosen(self, _place: object) -> None:
        if self.table.current_row is not None:
            self._shown = self.table.current_row.form.id
            self._show_detail()

    @Slot(int)
    def _on_activated(self, _place: int) -> None:
        self._on_chosen(None)
        if self._confirm.isVisibleTo(self):
            self._on_confirm()

    @Slot()
    def _on_closed(self) -> None:
        self._shown = None

    @Slot()
    def _on_confirm(self) -> None:
        if self._shown is not None:
            self._context.open_form("form_confirmation", form=self._shown, dated_on=self.day())

    @Slot()
    def _on_withdraw(self) -> None:
        shown = next((each for each in self._all if each.form.id == self._shown), None)
        if shown is not None:
            self._context.act(partial(self._withdraw_all, shown.words), "已撤回确认")

    def _withdraw_all(self, words: Sequence[Confirmation]) -> None:
        with self._context.services.store.write("撤回对文书内容的确认"):
            for word in words:
                self._forms.confirmations.withdraw(word.mark)


def _searched(shown: ShownForm) -> str:
    form = shown.form
    return " ".join((form.title, form.alias, form.code, text.label(form.stage), form.id))


def _sure(shown: ShownForm) -> Pill:
    if shown.is_waiting:
        return Pill(text.UNCONFIRMED, Meaning.DUE_SOON if shown.is_in_force else Meaning.QUIET)
    if shown.words:
        return Pill(f"{shown.words[0].confirmed_by}已确认", Meaning.INFORMATION)
    return Pill("见过官方文本", Meaning.DONE)


def _force(shown: ShownForm) -> str:
    if shown.is_in_force:
        return "可用"
    return f"已由{shown.form.edition}年以后的式样代替" if shown.form.replaced_by else f"{shown.form.edition} 年起"


def _quiet(shown: ShownForm) -> Meaning | None:
    """What cannot be issued on the day is greyed."""
    return None if shown.is_in_force else Meaning.QUIET


def _columns() -> list[Column[ShownForm]]:
    return [
        Column("number", "序号", lambda shown: str(shown.form.set_number or "—"), 54, Align.RIGHT, meaning=_quiet),
        Column("title", "文书", lambda shown: shown.form.title, 250, meaning=_quiet),
        Column("code", "代码字", lambda shown: shown.form.code or "无文号", 90, meaning=_quiet),
        Column("stage", "阶段", lambda shown: text.label(shown.form.stage), 80, meaning=_quiet),
        Column("sure", "可信程度", lambda shown: _sure(shown).word, 160, pill=_sure),
        Column("force", "当日", _force, 130, meaning=_quiet),
        Column("copies", "份数", lambda shown: str(shown.form.copies), 60, Align.RIGHT, meaning=_quiet),
        Column("seal", "盖章", lambda shown: text.label(shown.form.seal), 110, meaning=_quiet),
    ]


def _facts(shown: ShownForm, law: Sequence[str], words: Mapping[str, str]) -> list[tuple[str, str]]:
    form = shown.form
    copies = "、".join((f"{form.copies} 份", *form.recipients))
    for name, said in words.items():
        copies = (form.copies_text or copies).replace(f"{{{name}}}", said)
    facts = [
        ("官方序号", f"48 种之 {form.set_number}" if form.is_official else "不在 48 种之内"),
        ("式样年份", f"{form.edition} 年"),
        ("代码字", form.code or "无文号"),
        ("份数", copies),
        ("盖章", text.label(form.seal)),
        ("签名", "；".join(form.signers)),
        ("依据", "；".join(law)),
        ("来源", text.label(form.evidence)),
    ]
    known = {word.mark: word for word in shown.words}
    for doubt in shown.doubts:
        word = known.get(doubt.mark)
        facts.append(("待确认" if word is None else "已确认", doubt.text))
        if word is not None:
            said = "　".join(filter(None, (word.confirmed_by, text.day(word.confirmed_on), word.remark)))
            facts.append(("确认人", said))
    return facts


# ---- numbering ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeWord:
    """A code word, the forms that bear it, and the number that would come next."""

    place: int
    code: str
    titles: str
    following: str


class NumberingPanel(QWidget):
    """How numbers run, and the code words with the number that each would get now."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("numberingPanel")
        self._context = context
        self.facts = Facts("numberingFacts", 2)
        self.table: SimpleTable[CodeWord] = SimpleTable(
            [
                Column("code", "代码字", lambda word: word.code, 110),
                Column("titles", "文书", lambda word: word.titles, 420, tooltip=lambda word: word.titles),
                Column("following", "下一份的文号", lambda word: word.following, 320),
            ],
            "codeWords",
            lambda word: word.place,
            context.memory,
        )
        self.table.setAccessibleName("代码字")
        edit = button("修改", lambda: context.open_form("numbering"), "", "edit", "editDocumentNumbering")
        book = button("文号簿", lambda: context.open_form("number_book"), "primary", "ledger", "openNumberBook")
        reserve = button("领用纸质文书", lambda: context.open_form("reserve_numbers"), name="reserveFromTab")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.size(12), 0, 0)
        box.setSpacing(theme.size(12))
        box.addLayout(heading("文书编号", "文书和整改指令书编在同一本文号簿里", edit, reserve, book))
        box.addWidget(self.facts)
        box.addWidget(self.table, 1)

    def refresh(self) -> None:
        """Read it again."""
        numbers, today = self._context.services.form_numbers, self._context.services.clock.today()
        self.facts.show_facts(
            [
                ("编号方式", text.label(numbers.counting())),
                ("格式", numbers.pattern_shown("inspection_record")),
                ("下一份整改指令书", numbers.peek(ORDER, today)),
                ("每年", "从 1 号重新起编；号一经编出不再重复"),
            ]
        )
        by_code: dict[str, list[Form]] = {}
        for form in self._context.services.forms.book.forms.values():
            if form.has_number:
                by_code.setdefault(form.code, []).append(form)
        self.table.set_rows(
            [
                CodeWord(place, code, "、".join(form.title for form in forms), numbers.peek(forms[0].id, today))
                for place, (code, forms) in enumerate(by_code.items(), 1)
            ]
        )
