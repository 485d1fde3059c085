"""Forms of the plan: enterprises put into it, and a suggestion looked through before it is taken over."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.plan import PlanKind
from desktop.services.plans import PlanDraft, Suggestion
from desktop.ui import theme
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.acts.people import enterprise_option
from desktop.ui.context import Context
from desktop.ui.widgets.fields import ChoiceField, DateField, NumberField, Option, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.picks import MultiPickField
from desktop.ui.widgets.section import button, labelled, row


class PlanDialog(ActDialog[tuple[PlanDraft, ...]]):
    """Puts enterprises into a month of the plan; the cap of each is told beside it."""

    def __init__(
        self,
        context: Context,
        enterprise_ids: Sequence[int] = (),
        year: int | None = None,
        on: date | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, "planItem", "列入检查计划", "列入计划", parent, (600, 600))
        today = self.services.clock.today()
        form = self.form
        form.section("谁")
        form.add("enterprises", "企业", MultiPickField(self._find, "名称、简拼或代码"), required=True)
        form.section("什么时候")
        form.add("year", "年度", NumberField(), required=True)
        months = [Option(number, f"{number} 月") for number in range(1, 13)]
        form.add("month", "月份", ChoiceField(months), required=True)
        form.add("planned_on", "日期", DateField(), note="可以先不定，之后在日历里拖动安排")
        form.section("谁去")
        people = [Option(choice.id, choice.name) for choice in self.services.officers.choices(today) if choice.may_act]
        form.add("officer", "负责人", ChoiceField(people))
        form.add("kind", "类别", ChoiceField([Option(code, word) for code, word in text.choices(PlanKind)]))
        form.add("reason", "理由", TextField())
        chosen = [self._option(number) for number in enterprise_ids]
        is_key = bool(enterprise_ids) and all(each.is_key for each in self.services.roster.rows(list(enterprise_ids)))
        self.finish(
            {
                "enterprises": chosen,
                "year": on.year if on else year or today.year,
                "month": on.month if on else today.month,
                "planned_on": on,
                "kind": (PlanKind.KEY if is_key else PlanKind.GENERAL).value,
            }
        )
        form.field("planned_on").changed.connect(self._on_day_changed)

    def _find(self, typed: str) -> Sequence[Option]:
        return [self._option(hit.id) for hit in self.services.roster.find(typed)] if typed else ()

    def _option(self, enterprise_id: int) -> Option:
        """An enterprise; one whose cap is reached says so, and may be chosen all the same."""
        found, cap = enterprise_option(self.services, enterprise_id), self.services.enterprises.cap(enterprise_id)
        told = "" if cap.cap is None else f"本年已查 {cap.counted} / 上限 {cap.cap}"
        problem = f"已达年度检查频次上限 {cap.cap} 次" if cap.is_reached else ""
        return Option(found.value, found.label, told, problem)

    @Slot()
    def _on_day_changed(self) -> None:
        on = self.form.field("planned_on").value()
        if isinstance(on, date):
            self.form.field("year").set_value(on.year)
            self.form.field("month").set_value(on.month)

    def draft(self, values: Values) -> tuple[PlanDraft, ...]:
        """One item an enterprise."""
        officer: Any = values.get("officer")
        planned_on: Any = values.get("planned_on")
        chosen: Any = values.get("enterprises") or ()
        return tuple(
            PlanDraft(
                int(str(values["year"])),
                int(str(values["month"])),
                int(enterprise),
                PlanKind(str(values.get("kind") or PlanKind.GENERAL.value)),
                planned_on,
                officer,
                words_of(values, "reason"),
            )
            for enterprise in chosen
        )

    def perform(self, draft: tuple[PlanDraft, ...]) -> object:
        """All of them in one act."""
        return self.services.plans.add_many(draft)

    def done_words(self, draft: tuple[PlanDraft, ...]) -> str:
        """What the toast says."""
        return f"已列入计划 {len(draft)} 项"


class SuggestionDialog(QDialog):
    """The suggested items with their reasons; what is ticked is taken over as one act."""

    def __init__(self, context: Context, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestionDialog")
        self.setWindowTitle(f"{year} 年度计划建议")
        self.resize(theme.size(640), theme.size(600))
        self._context = context
        self._suggestions: list[Suggestion] = context.services.plans.suggest(year)
        note = labelled(
            "按风险等级、是否重点监管和历次检查时间建议，其余企业按比例随机抽取；频次为本程序默认值，不是法律规定，可以取舍。",
            "quiet",
        )
        note.setWordWrap(True)
        self._list = QListWidget()
        self._list.setObjectName("suggestions")
        self._list.setAccessibleName("建议的计划项")
        for suggestion in self._suggestions:
            self._list.addItem(_item(suggestion))
        self._take = button("", self._on_take_clicked, "primary", name="takeSuggestions")
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        column.addWidget(labelled(f"{year} 年度计划建议", "section"))
        column.addWidget(note)
        column.addWidget(self._list, 1)
        ticks = row(
            button("全选", partial(self._tick, Qt.CheckState.Checked), "flat"),
            button("全不选", partial(self._tick, Qt.CheckState.Unchecked), "flat"),
            1,
            button("取消", self.reject),
            self._take,
        )
        column.addLayout(ticks)
        self._list.itemChanged.connect(self._on_ticked)
        self._on_ticked()

    def _chosen(self) -> list[PlanDraft]:
        return [
            suggestion.draft
            for place, suggestion in enumerate(self._suggestions)
            if self._list.item(place).checkState() is Qt.CheckState.Checked
        ]

    def _tick(self, state: Qt.CheckState) -> None:
        for place in range(self._list.count()):
            self._list.item(place).setCheckState(state)

    def _on_ticked(self) -> None:
        count = len(self._chosen())
        self._take.setText(f"列入 {count} 项" if self._suggestions else "没有要补充的项")
        self._take.setEnabled(count > 0)

    def _on_take_clicked(self) -> None:
        chosen = self._chosen()
        if self._context.act(lambda: self._context.services.plans.add_many(chosen), f"已列入计划 {len(chosen)} 项"):
            self.accept()


def _item(suggestion: Suggestion) -> QListWidgetItem:
    draft = suggestion.draft
    words = f"{draft.month} 月　{suggestion.enterprise}　{text.label(draft.kind)}　{draft.reason}"
    item = QListWidgetItem(words)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked)
    return item


def plan_item(context: Context, parent: QWidget | None = None, **wanted: Any) -> QDialog:
    """The form "plan_item"."""
    return PlanDialog(context, parent=parent, **wanted)


FORMS = {"plan_item": plan_item}
