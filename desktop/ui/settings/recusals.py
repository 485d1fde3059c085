"""回避: from which enterprises an officer must keep away, why and since when; an entry is ended, never deleted."""

from datetime import date
from typing import cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.officer import RecusalDraft
from desktop.ui import theme
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.acts.people import enterprise_field
from desktop.ui.context import Context
from desktop.ui.widgets.fields import LongTextField, ShownField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.section import button, labelled, row

SOURCE = "行政处罚法第四十三条：与案件有直接利害关系或者有其他关系可能影响公正执法的，应当回避"


class RecusalDialog(ActDialog[RecusalDraft]):
    """Adds an entry of one officer; those that stand are listed above and can be ended."""

    DONE = "已登记回避，去这家企业检查、复查时会提醒"

    def __init__(self, context: Context, officer_id: int, parent: QWidget | None = None) -> None:
        super().__init__(context, "recusalForm", "回避", "登记回避", parent, (640, 620))
        self._officer = officer_id
        self.entries = QListWidget()
        self.entries.setObjectName("recusalEntries")
        self.entries.setAccessibleName("已登记的回避")
        self.entries.setMaximumHeight(theme.size(96))
        self.form.add_widget(self._listed())
        self.form.add("who", "人员", ShownField())
        self.form.add("enterprise", "企业", enterprise_field(self.services), required=True)
        self.form.add("reason", "理由", LongTextField(lines=2), required=True, source=SOURCE)
        self.form.add("from_on", "自", date_field(context), required=True)
        self.form.add("to_on", "至", date_field(context), note="不填就一直回避，到办理“结束所选”为止。")
        name = self.services.officers.detail(officer_id).row.name
        self.finish({"who": name, "from_on": context.services.clock.today()})
        self._show_entries()

    def _listed(self) -> QWidget:
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(labelled("已登记的回避", "section"))
        box.addWidget(self.entries)
        box.addLayout(row(1, button("结束所选（到今天为止）", self._on_end_clicked, name="endRecusal")))
        return holder

    def _show_entries(self) -> None:
        self.entries.clear()
        for entry in self.services.officers.recusals(self._officer):
            until = f"至 {text.day(entry.to_on)}" if entry.to_on else "起"
            item = QListWidgetItem(f"{entry.enterprise}：{entry.reason}（{text.day(entry.from_on)} {until}）")
            item.setData(Qt.ItemDataRole.UserRole, entry.id)
            self.entries.addItem(item)

    @Slot()
    def _on_end_clicked(self) -> None:
        item = self.entries.currentItem()
        if item is not None:
            entry, today = item.data(Qt.ItemDataRole.UserRole), self.services.clock.today()
            self.context.act(lambda: self.services.officers.end_recusal(entry, today), "已结束回避")
            self._show_entries()

    def draft(self, values: Values) -> RecusalDraft:
        """As the service takes it."""
        return RecusalDraft(
            self._officer,
            cast(int, values["enterprise"]),
            words_of(values, "reason"),
            cast(date, values["from_on"]),
            cast("date | None", values["to_on"]),
        )

    def perform(self, draft: RecusalDraft) -> int:
        """Note it."""
        return self.services.officers.recuse(draft)


def open_recusal(context: Context, officer_id: int, parent: QWidget | None = None) -> QDialog:
    """The form "recusal"."""
    return RecusalDialog(context, officer_id, parent)
