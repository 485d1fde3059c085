"""The tab 单位: what is kept of the office, in whose name it acts, how it numbers, and what it chose for itself."""

from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import text
from desktop.domain.classification import Counting
from desktop.domain.enterprise import RiskLevel
from desktop.services.form_numbers import ORDER
from desktop.services.office import PowerRow
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.settings.forms import COUNTED, COUNTING
from desktop.ui.settings.tab import Facts, Tab, heading
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.section import button, hairline, scrolled

NO_POWER = Emptiness("还没有登记执法身份", "没有委托书或赋权文件时，只能检查和移交。", "登记执法身份", "")


class OfficeTab(Tab):
    """Facts with a button each; nothing is changed but in a form."""

    KEY: ClassVar[str] = "office"
    TITLE: ClassVar[str] = "单位"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.size(theme.GAP), 0)
        column.setSpacing(theme.size(12))
        self._office, self._numbers, self._choices = (
            Facts("officeFacts", 2),
            Facts("numberFacts"),
            Facts("choiceFacts", 2),
        )
        self._mode = Facts("modeFacts")
        self._powers = SimpleTable(_columns(), "powersTable", lambda row: row.id)
        self._powers.say_empty(NO_POWER)
        self._powers.empty.step_clicked.connect(self._on_mode_clicked)
        self._powers.activated_id.connect(self._on_correct)
        edit = button("修改", self._on_office_clicked, "", "edit", "editOffice")
        change = button("变更执法身份", self._on_mode_clicked, "", "edit", "changeMode")
        self._correct = button("更正所选", self._on_correct_clicked, name="correctMode")
        self._powers.current_id_changed.connect(self._show_correct)
        number = button("修改", self._on_numbering_clicked, "", "edit", "editNumbering")
        choose = button("修改", self._on_choices_clicked, "", "edit", "editChoices")
        column.addLayout(heading("单位资料", "", edit))
        column.addWidget(self._office)
        column.addWidget(hairline())
        column.addLayout(heading("执法身份", "按日期分段，文书按出具当天的身份落款", self._correct, change))
        column.addWidget(self._mode)
        column.addWidget(self._powers)
        column.addWidget(hairline())
        column.addLayout(heading("文书编号", "", number))
        column.addWidget(self._numbers)
        column.addWidget(hairline())
        column.addLayout(heading("统计口径与计划建议", "单位自定，不是法律规定", choose))
        column.addWidget(self._choices)
        column.addStretch(1)
        self.body.addWidget(scrolled(inside))

    def refresh(self) -> None:
        """Show the office as it is kept."""
        offices, today = self.services.offices, self.services.clock.today()
        numbers = self.services.form_numbers
        detail = offices.detail()
        self._office.show_facts(
            [
                ("单位名称", detail.name),
                ("区划代码", detail.code),
                ("所属县（市、区）", detail.county),
                ("县级应急管理局", detail.bureau),
                ("文号前缀", detail.prefix),
                ("电话", detail.phone),
                ("地址", detail.address),
                ("联系人", detail.contact),
            ]
        )
        self._mode.show_facts([("今天", text.label(detail.mode))])
        self._powers.set_rows(detail.powers)
        self._show_correct()
        shown = min(len(detail.powers), 4) or 4
        self._powers.setFixedHeight(theme.size(theme.HEADER + theme.ROW * shown + 4))
        self._numbers.show_facts(
            [
                ("编号方式", text.label(numbers.counting())),
                ("格式", numbers.pattern_shown(ORDER)),
                ("下一份整改指令书", numbers.peek(ORDER, today)),
            ]
        )
        self._show_choices()

    def _show_choices(self) -> None:
        policy = self.services.plans.policy()
        visits = "，".join(f"{word} {policy.visits.get(code, 0)} 次" for code, word in text.choices(RiskLevel))
        self._choices.show_facts(
            [
                ("执法量按", COUNTED[Counting(self.services.offices.setting(COUNTING))]),
                ("各色风险每年检查", visits),
                ("重点监管企业每年", f"{policy.key_visits} 次"),
                ("其余企业随机抽取", f"{policy.drawn_percent}%"),
            ]
        )

    def _on_office_clicked(self) -> None:
        self.context.open_form("office")

    def _on_mode_clicked(self) -> None:
        self.context.open_form("power")

    def _on_correct_clicked(self) -> None:
        if self._powers.current_id is not None:
            self._on_correct(self._powers.current_id)

    def _show_correct(self) -> None:
        self._correct.setEnabled(self._powers.current_id is not None)

    def _on_correct(self, power_id: int) -> None:
        self.context.open_form("power", power_id=power_id)

    def _on_numbering_clicked(self) -> None:
        self.context.open_form("numbering")

    def _on_choices_clicked(self) -> None:
        self.context.open_form("choices")


def _columns() -> list[Column[PowerRow]]:
    return [
        Column("from_on", "自", lambda row: text.day(row.from_on), 130),
        Column("to_on", "至", lambda row: text.day(row.to_on) if row.to_on else "现在", 130),
        Column("mode", "执法身份", lambda row: text.label(row.mode), 270),
        Column("basis", "依据", lambda row: row.basis, 260),
        Column("powers", "权限清单", lambda row: row.powers, 260),
    ]
