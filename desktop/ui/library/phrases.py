"""The tab 常用语: what the office writes again and again, kept, changed, thrown away; and what it might keep."""

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QWidget

from desktop import text
from desktop.services.phrases import LONGEST, OFFERED_AFTER, PhraseRow
from desktop.ui import theme
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context
from desktop.ui.settings.tab import Tab, heading
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import LongTextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.section import button, labelled, row

NO_PHRASES = Emptiness(
    "还没有常用语",
    "在任何长文本框里点右键选“存为常用语”，或者在这里新增。之后输入分号加简拼（如 ;pdx）就能调出。",
    "新增常用语",
)
NO_OFFERS = Emptiness("暂时没有可以收进来的", f"同样的话写过 {OFFERED_AFTER} 次以上，会列在这里。")
Offer = tuple[str, int]


class PhrasesTab(Tab):
    """The phrases, and below them what was written often."""

    KEY: ClassVar[str] = "phrases"
    TITLE: ClassVar[str] = "常用语"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.search = QLineEdit(placeholderText="简拼或字词", clearButtonEnabled=True)
        self.search.setObjectName("phraseSearch")
        self.search.setAccessibleName("搜索常用语")
        self.search.setFixedWidth(theme.size(240))
        self.search.textChanged.connect(self._show_phrases)
        add = button("新增常用语", self._on_add_clicked, "", "plus", "addPhrase")
        self._edit = button("修改", self._on_edit_clicked, icon="edit", name="editPhrase")
        self._drop = button("删除", self._on_drop_clicked, icon="trash", name="dropPhrase")
        said = labelled("输入分号加简拼调出，例如 ;pdx", "quiet")
        self.body.addLayout(row(self.search, said, 1, self._edit, self._drop, add))
        self.table: SimpleTable[PhraseRow] = SimpleTable(
            _columns(), "phraseTable", lambda each: each.id, context.memory
        )
        self.table.setAccessibleName("常用语")
        self.table.say_empty(NO_PHRASES)
        self.table.empty.step_clicked.connect(self._on_add_clicked)
        self.table.current_id_changed.connect(self._on_current_changed)
        self.table.activated_id.connect(self._on_activated)
        self.table.archive_requested.connect(self._throw_away)
        self.body.addWidget(self.table, 3)
        keep = button("收为常用语", self._on_keep_clicked, icon="check", name="keepOffer")
        head: QHBoxLayout = heading("写过多次的话", f"隐患描述、整改措施和会议记录里写过 {OFFERED_AFTER} 次以上", keep)
        self.body.addLayout(head)
        self.offers: SimpleTable[Offer] = SimpleTable(_offer_columns(), "offerTable", store=context.memory)
        self.offers.setAccessibleName("写过多次的话")
        self.offers.say_empty(NO_OFFERS)
        self.offers.activated_id.connect(self._on_offer_activated)
        self.body.addWidget(self.offers, 2)

    # ---- reading

    def refresh(self) -> None:
        """Read phrases and offers again."""
        self._show_phrases()
        self.offers.set_rows(self.services.phrases.offers())

    @Slot()
    def _show_phrases(self) -> None:
        self.table.set_rows(self.services.phrases.find(self.search.text(), most=LONGEST))
        self._on_current_changed(self.table.current_id)

    @Slot(object)
    def _on_current_changed(self, current: object) -> None:
        for push in (self._edit, self._drop):
            push.setEnabled(current is not None)

    # ---- doing

    @Slot()
    def _on_add_clicked(self) -> None:
        self.context.open_form("phrase")

    @Slot()
    def _on_edit_clicked(self) -> None:
        if self.table.current_id is not None:
            self.context.open_form("phrase", phrase_id=self.table.current_id)

    @Slot(int)
    def _on_activated(self, phrase_id: int) -> None:
        self.context.open_form("phrase", phrase_id=phrase_id)

    @Slot()
    def _on_drop_clicked(self) -> None:
        self._throw_away(self.table.selected_ids())

    @Slot(list)
    def _throw_away(self, ids: list[int]) -> None:
        if ids:
            self.context.act(partial(self.services.phrases.throw_away, ids), f"已删除常用语 {len(ids)} 条")

    @Slot()
    def _on_keep_clicked(self) -> None:
        for place in self.offers.selected_ids():
            words = self.offers.rows[place][0]
            self.context.act(partial(self.services.phrases.keep, words), "已存为常用语")

    @Slot(int)
    def _on_offer_activated(self, place: int) -> None:
        self.context.act(partial(self.services.phrases.keep, self.offers.rows[place][0]), "已存为常用语")


class PhraseDialog(ActDialog[str]):
    """The words of a phrase."""

    DONE = "已保存常用语"

    def __init__(self, context: Context, phrase_id: int | None, parent: QWidget | None = None) -> None:
        super().__init__(
            context, "phraseForm", "新增常用语" if phrase_id is None else "修改常用语", "保存", parent, (560, 360)
        )
        self._id = phrase_id
        self.form.add("text", "常用语", LongTextField("例：配电箱未上锁，未张贴警示标志", 5), required=True)
        known = next((each.text for each in context.services.phrases.rows() if each.id == phrase_id), "")
        self.finish({"text": known})

    def draft(self, values: Values) -> str:
        """The words."""
        return words_of(values, "text")

    def perform(self, draft: str) -> object:
        """Keep, or change."""
        if self._id is None:
            return self.services.phrases.keep(draft)
        self.services.phrases.change(self._id, draft)
        return self._id


def open_phrase(context: Context, phrase_id: int | None = None, parent: QWidget | None = None) -> QDialog:
    """A new phrase, or the words of one."""
    return PhraseDialog(context, phrase_id, parent)


def _columns() -> list[Column[PhraseRow]]:
    return [
        Column("text", "常用语", lambda each: " ".join(each.text.split()), 560),
        Column("initials", "简拼", lambda each: each.initials.split()[0][:12] if each.initials else "", 140),
        Column("used", "用过", lambda each: f"{each.used_count} 次", 80, Align.RIGHT),
        Column("last", "最近使用", lambda each: text.moment(each.used_at) if each.used_at else "", 160, Align.RIGHT),
    ]


def _offer_columns() -> list[Column[Offer]]:
    return [
        Column("text", "写过的话", lambda each: " ".join(each[0].split()), 640),
        Column("count", "写过", lambda each: f"{each[1]} 次", 80, Align.RIGHT),
    ]
