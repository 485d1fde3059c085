"""The tab 检查表: every item in the wording of today, to be reworded from a day on, left out, brought back, confirmed."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.checklist import Item, penalty_note
from desktop.services.checklists import OWN_LABEL, CatalogueRow, ItemDraft, criteria, shipped_sectors
from desktop.services.library import evidence_words
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context
from desktop.ui.library.searchable import SearchableTab
from desktop.ui.library.words import combo, span, sure_pill
from desktop.ui.theme import Meaning
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import CheckField, ChoiceField, LongTextField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import button

ASKED, DOUBTFUL, OFFICE, LEFT_OUT, EVERY = "在用", "待确认", "本单位修改或新增", "已停用或失效", "全部"


class ChecklistsTab(SearchableTab[CatalogueRow]):
    """By list and by state; above the chosen item stands what can be done with it."""

    KEY: ClassVar[str] = "checklists"
    TITLE: ClassVar[str] = "检查表"
    NAME, THING = "checklist", "检查项"
    SEARCHED = "搜索内容、依据、罚则、编号"
    SEARCH_WIDTH = 260
    NOTHING = Emptiness("没有符合条件的检查项", "换一个词试试，或者换一个筛选。")

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._all: tuple[CatalogueRow, ...] = ()
        self.sector = combo("checklistSector", "检查表", ["全部检查表", *shipped_sectors(), OWN_LABEL])
        self.state = combo("checklistState", "状态", [ASKED, DOUBTFUL, OFFICE, LEFT_OUT, EVERY])
        self.sector.currentIndexChanged.connect(self._on_filter_changed)
        self.state.currentIndexChanged.connect(self._on_filter_changed)
        add = button("新增检查项", partial(self._open, None), "", "plus", "addChecklistItem")
        self.build(_columns(), self.sector, self.state, self._count, 1, add)
        self.table.activated_id.connect(self._on_activated)

    def steps(self) -> Sequence[QWidget]:
        """What can be done with an item."""
        self._edit = button("修改（新版本）", self._on_edit_clicked, "primary", "edit", "editChecklistItem")
        self._leave = button("停用", self._on_leave_clicked, name="leaveOutItem")
        self._back = button("恢复", self._on_back_clicked, name="restoreItem")
        self._confirm = button("确认条文", self._on_confirm_clicked, icon="check", name="confirmItem")
        self._withdraw = button("撤回确认", self._on_withdraw_clicked, name="withdrawItem")
        return self._edit, self._leave, self._back, self._confirm, self._withdraw

    # ---- reading

    def refresh(self) -> None:
        """Read the items again."""
        self._all = self.services.checklists.library()
        self.number(self._all)
        super().refresh()

    def fitting(self) -> Sequence[CatalogueRow]:
        """Of the list, in the state, with all the words."""
        words, sector, state = self.search.text().split(), self.sector.currentText(), self.state.currentText()
        by_sector = sector if self.sector.currentIndex() > 0 else ""
        return [shown for shown in self._all if _fits(shown, words, by_sector, state)]

    def code_of(self, shown: CatalogueRow) -> str:
        """The code of the item, whatever its version."""
        return shown.item.code

    def title_of(self, shown: CatalogueRow) -> str:
        """Its code."""
        return shown.item.code

    def count_words(self, count: int) -> str:
        """With how many still wait for a person's word."""
        return f"显示 {count} 项 · 待确认 {sum(map(_is_waiting, self._all))} 项"

    def show_steps(self, shown: CatalogueRow) -> None:
        """An item is left out or brought back, confirmed or not."""
        self._leave.setVisible(shown.is_asked)
        self._back.setVisible(shown.item.is_left_out)
        self._confirm.setVisible(_is_waiting(shown) and not shown.is_blocked)
        self._withdraw.setVisible(bool(shown.confirmed_by))

    def facts_of(self, shown: CatalogueRow) -> Iterable[tuple[str, str]]:
        """In full, with who confirmed it and how it read before."""
        item = shown.item
        linked = [each for each in criteria() if each.code in item.majors]
        facts = [
            ("检查内容", item.text),
            ("检查表", "　".join(filter(None, (item.sector, item.grp)))),
            ("检查方法", item.method),
            ("依据", item.basis),
            ("罚则", item.penalty or item.clause),
            ("重大隐患", "\n".join(f"{each.source}{each.article}　{each.text}" for each in linked)),
            ("来源", item.source),
            ("施行", span(item.in_force_from, item.in_force_to)),
            ("可信程度", "：".join(filter(None, (text.label(item.certainty), shown.doubt)))),
            ("核对来源", evidence_words(item.evidence)),
            ("说明", "\n".join(filter(None, (item.note, penalty_note(item))))),
        ]
        if shown.confirmed_by:
            facts.append(("确认", f"{shown.confirmed_by}，{text.day(shown.confirmed_on)}"))
        if shown.versions:
            facts.append(("版本", "\n".join(map(_version, self.services.checklists.versions(item.code)))))
        return facts

    # ---- doing

    @Slot(int)
    def _on_activated(self, _place: int) -> None:
        self._on_chosen(None)
        self._on_edit_clicked()

    def _open(self, code: str | None, _is_checked: bool = False) -> None:
        self.context.open_form("checklist_item", code=code)

    @Slot()
    def _on_edit_clicked(self) -> None:
        if self._shown is not None:
            self._open(self._shown)

    @Slot()
    def _on_leave_clicked(self) -> None:
        if self._shown is not None:
            ask(
                self.window(),
                "停用这一项？",
                "从今天起的检查不再列出这一项；以前检查过的记录不变，随时可以恢复。",
                "停用",
                partial(self._leave_out, self._shown),
            )

    def _leave_out(self, code: str) -> None:
        today = self.services.clock.today()
        self.context.act(lambda: self.services.checklists.leave_out(code, today), "已停用检查项")

    @Slot()
    def _on_back_clicked(self) -> None:
        if (code := self._shown) is not None:
            today = self.services.clock.today()
            self.context.act(lambda: self.services.checklists.restore(code, today), "已恢复检查项")

    @Slot()
    def _on_confirm_clicked(self) -> None:
        if self._shown is not None:
            self.context.open_form("checklist_confirmation", code=self._shown)

    @Slot()
    def _on_withdraw_clicked(self) -> None:
        if (code := self._shown) is not None:
            self.context.act(lambda: self.services.checklists.withdraw(code), "已撤回确认")


class ItemDialog(ActDialog[ItemDraft]):
    """An item in the office's words, from a day on."""

    def __init__(self, context: Context, code: str | None, parent: QWidget | None = None) -> None:
        title = "新增检查项" if code is None else "修改检查项（新版本）"
        super().__init__(context, "checklistItemForm", title, "保存", parent, (640, 700))
        self._code = code
        form = self.form
        form.add("sector", "检查表", ChoiceField([Option(each, each) for each in _sectors()]), required=True)
        form.add("grp", "组别", TextField())
        form.add("text", "检查内容", LongTextField("例：是否建立安全风险分级管控制度", 3), required=True)
        form.add("method", "检查方法", TextField("例：查资料、查现场"))
        note = "依据不变，原来的待确认标记也不变；换成新条文以后，由修改人负责。"
        form.add("basis", "依据条款", LongTextField("例：《安全生产法》第四十一条第一款", 2), note=note if code else "")
        form.add("clause", "罚则条款", LongTextField("例：《安全生产法》第一百零一条第（四）项", 2))
        form.add("is_major", "重大隐患", CheckField("不符合时可能是重大事故隐患"))
        form.add("from_on", "从哪天起用", date_field(context), required=True, note="以前的检查仍用当时的内容。")
        self.finish(self._values())

    def _values(self) -> dict[str, object]:
        today = self.services.clock.today()
        if self._code is None:
            return {"from_on": today, "sector": OWN_LABEL}
        code = self._code
        item = next(each.item for each in self.services.checklists.library() if each.item.code == code)
        words = {key: getattr(item, key) for key in ("sector", "grp", "text", "method", "basis", "clause", "is_major")}
        return {**words, "from_on": today}

    def draft(self, values: Values) -> ItemDraft:
        """As the service takes it."""
        return ItemDraft(
            words_of(values, "sector"),
            words_of(values, "grp"),
            words_of(values, "text"),
            cast(date, values["from_on"]),
            words_of(values, "method"),
            words_of(values, "basis"),
            words_of(values, "clause"),
            bool(values["is_major"]),
        )

    def perform(self, draft: ItemDraft) -> object:
        """Add, or a new version."""
        if self._code is None:
            return self.services.checklists.add(draft)
        self.services.checklists.reword(self._code, draft)
        return self._code

    def done_words(self, draft: ItemDraft) -> str:
        """From when on."""
        return f"已保存，{text.day(draft.from_on)} 起的检查用新内容"


class ConfirmItemDialog(ActDialog[tuple[str, str]]):
    """Who confirms an item's articles, and what is to be said about it."""

    DONE = "已确认检查项条文"

    def __init__(self, context: Context, code: str, parent: QWidget | None = None) -> None:
        super().__init__(context, "checklistConfirmForm", "确认检查项条文", "确认", parent, (600, 520))
        self._code = code
        shown = next(each for each in context.services.checklists.library() if each.item.code == code)
        self.form.add("what", "检查内容", ShownField())
        self.form.add("basis", "依据与罚则", ShownField())
        self.form.add("doubt", "为什么要确认", ShownField())
        self.form.add("by", "确认人", TextField(), required=True)
        self.form.add("remark", "说明", TextField("例：已对照公报原文"))
        cited = "\n".join(filter(None, (shown.item.basis, shown.item.clause)))
        person = context.services.person
        self.finish({"what": shown.item.text, "basis": cited, "doubt": shown.doubt, "by": person})

    def draft(self, values: Values) -> tuple[str, str]:
        """Remark and name."""
        return words_of(values, "remark"), words_of(values, "by")

    def perform(self, draft: tuple[str, str]) -> None:
        """Confirm."""
        self.services.checklists.confirm(self._code, *draft)


def open_item(context: Context, code: str | None = None, parent: QWidget | None = None) -> QDialog:
    """A new item, or another version of one."""
    return ItemDialog(context, code, parent)


def open_item_confirmation(context: Context, code: str, parent: QWidget | None = None) -> QDialog:
    """The office's word on the articles of an item."""
    return ConfirmItemDialog(context, code, parent)


def _sectors() -> list[str]:
    return [*shipped_sectors(), OWN_LABEL]


def _is_waiting(shown: CatalogueRow) -> bool:
    return bool(shown.doubt) and not shown.confirmed_by and shown.is_asked


def _fits(shown: CatalogueRow, words: list[str], sector: str, state: str) -> bool:
    item = shown.item
    told = " ".join((item.code, item.text, item.grp, item.basis, item.penalty or item.clause, item.note))
    fits = {
        ASKED: shown.is_asked,
        DOUBTFUL: _is_waiting(shown),
        OFFICE: shown.versions > 0,
        LEFT_OUT: not shown.is_asked,
        EVERY: True,
    }[state]
    return fits and (not sector or item.sector == sector) and all(word in told for word in words)


def _version(item: Item) -> str:
    if item.from_on is None:
        return f"随程序提供：{item.text}"
    said = "停用" if item.is_left_out else item.text
    return f"{text.day(item.from_on)} 起（{item.edited_by}）：{said}"


def _sure(shown: CatalogueRow) -> Pill:
    if shown.item.is_left_out:
        return Pill("已停用", Meaning.QUIET)
    if not shown.is_asked:
        return Pill("已失效", Meaning.QUIET)
    return sure_pill(shown.item.certainty, shown.confirmed_by)


def _columns() -> list[Column[CatalogueRow]]:
    return [
        Column("text", "检查内容", lambda shown: shown.item.text, 320),
        Column("sure", "可信程度", lambda shown: _sure(shown).word, 150, pill=_sure),
        Column("sector", "检查表", lambda shown: shown.item.sector, 120),
        Column("grp", "组别", lambda shown: shown.item.grp, 110),
        Column("basis", "依据", lambda shown: shown.item.basis, 260),
        Column("clause", "罚则", lambda shown: shown.item.clause, 260),
        Column("major", "可能重大", lambda shown: "可能" if shown.item.is_major else "", 84),
        Column("span", "施行", lambda shown: span(shown.item.in_force_from, shown.item.in_force_to), 180),
        Column("code", "编号", lambda shown: shown.item.code, 100),
        Column("method", "方法", lambda shown: shown.item.method, 120, is_shown=False),
    ]
