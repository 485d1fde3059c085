"""The tab 人员: officers with their certificates, helpers, and industry experts."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.officer import Certificate, CertificateState
from desktop.services.officers import ExpertRow, OfficerRow
from desktop.ui import theme
from desktop.ui.context import Context
from desktop.ui.settings.tab import Tab, heading
from desktop.ui.theme import Meaning
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import Beside, button, row

MEANINGS = {
    CertificateState.VALID: Meaning.DONE,
    CertificateState.EXPIRING: Meaning.DUE_SOON,
    CertificateState.EXPIRED: Meaning.OVERDUE,
    CertificateState.NONE: Meaning.ATTENTION,
    CertificateState.HELPER: Meaning.QUIET,
}
NO_OFFICER = Emptiness("还没有登记人员", "每次检查要有两名持有效执法证的人员，请先登记他们和执法证。", "登记人员")
NO_CARD = Emptiness("还没有登记执法证", "登记后到期前会提醒换证，检查时才能计入两名执法人员。")
NO_EXPERT = Emptiness("还没有登记行业专家", "聘请专家参与检查时先在这里登记。")


class PeopleTab(Tab):
    """Officers above with the cards of the chosen one beside; experts below."""

    KEY: ClassVar[str] = "officers"
    TITLE: ClassVar[str] = "人员"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shown: int | None = None
        self._build_officers()
        self._build_experts()

    def _build_officers(self) -> None:
        self._officers = SimpleTable(_officer_columns(), "officersTable", lambda row: row.id, self.context.memory)
        self._officers.current_id_changed.connect(self._on_officer_chosen)
        self._officers.activated_id.connect(self._on_edit)
        self._officers.say_empty(NO_OFFICER)
        self._officers.empty.step_clicked.connect(self._on_new_clicked)
        self._officers.archive_requested.connect(self._on_archive)
        self._cards = SimpleTable(_card_columns(), "cardsTable", lambda card: card.id)
        self._cards.say_empty(NO_CARD)
        self._cards.activated_id.connect(self._on_card_activated)
        self._old = QCheckBox("含已归档")
        self._old.setObjectName("withArchived")
        self._old.toggled.connect(self._on_old_toggled)
        self._archive = button("归档", self._on_archive_clicked, "", "archive", "archiveOfficer")
        self._edit = button("修改", self._on_edit_clicked, "", "edit", "editOfficer")
        new = button("登记人员", self._on_new_clicked, "primary", "plus", "newOfficer")
        self.body.addLayout(heading("执法人员和辅助人员", "", self._old, self._archive, self._edit, new))
        self._beside = Beside(self._officers, self._build_cards())
        self._beside.detail_closed.connect(self._on_detail_closed)
        self.body.addWidget(self._beside, 3)

    def _build_cards(self) -> QWidget:
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(theme.size(theme.WIDE_GAP), 0, 0, 0)
        column.addWidget(self._cards, 1)
        add = button("登记执法证 / 换证", self._on_add_card_clicked, "", "plus", "addCard")
        self._correct = button("更正", self._on_correct_clicked, name="correctCard")
        self._remove = button("删除误录", self._on_remove_clicked, name="removeCard")
        away = button("回避…", self._on_recusal_clicked, name="recusals")
        column.addLayout(row(add, away, 1, self._correct, self._remove))
        return panel

    def _build_experts(self) -> None:
        self._experts = SimpleTable(_expert_columns(), "expertsTable", lambda row: row.id, self.context.memory)
        self._experts.say_empty(NO_EXPERT)
        self._experts.activated_id.connect(self._on_expert_activated)
        self._experts.archive_requested.connect(self._on_archive_experts)
        self._archive_expert = button("归档", self._on_archive_expert_clicked, "", "archive", "archiveExpert")
        self._archive_expert.setEnabled(False)
        self._experts.current_id_changed.connect(self._on_expert_chosen)
        new = button("登记专家", self._on_new_expert_clicked, "", "plus", "newExpert")
        self.body.addLayout(heading("行业专家", "可以随同检查，不计入执法人员", self._archive_expert, new))
        self.body.addWidget(self._experts, 2)

    def refresh(self) -> None:
        """Read people again; whoever was chosen stays chosen."""
        with_archived = self._old.isChecked()
        self._officers.set_rows(self.services.officers.rows(with_archived=with_archived))
        self._experts.set_rows(self.services.officers.experts(with_archived=with_archived))
        self._show_cards()

    def open_with(self, wanted: Mapping[str, Any]) -> None:
        """Come here for one person, archived or not."""
        officer_id = wanted.get("officer_id")
        if officer_id is None:
            return
        if officer_id not in {row.id for row in self._officers.rows}:
            self._old.setChecked(True)
        self._officers.select_ids([officer_id], officer_id)

    def _row(self) -> OfficerRow | None:
        return next((each for each in self._officers.rows if each.id == self._shown), None)

    def _show_cards(self) -> None:
        shown = self._row()
        for push in (self._archive, self._edit):
            push.setEnabled(shown is not None)
        if shown is None:
            self._beside.close_detail()
            return
        self._cards.set_rows(self.services.officers.detail(shown.id).certificates)
        self._correct.setEnabled(bool(self._cards.rows))
        self._remove.setEnabled(bool(self._cards.rows))
        self._archive.setText("恢复" if shown.archived_on else "归档")
        self._beside.open_detail(f"{shown.name} 的执法证")

    # ---- officers

    @Slot(object)
    def _on_officer_chosen(self, officer_id: object) -> None:
        if isinstance(officer_id, int):
            self._shown = officer_id
            self._show_cards()

    @Slot()
    def _on_detail_closed(self) -> None:
        self._shown = None
        self._show_cards()

    @Slot()
    def _on_old_toggled(self) -> None:
        self.read()

    def _on_new_clicked(self) -> None:
        self.context.open_form("officer")

    def _on_edit_clicked(self) -> None:
        if self._shown is not None:
            self._on_edit(self._shown)

    @Slot(int)
    def _on_edit(self, officer_id: int) -> None:
        self.context.open_form("officer", officer_id=officer_id)

    def _on_archive_clicked(self) -> None:
        shown = self._row()
        if shown is None:
            return
        if shown.archived_on:
            self._act(partial(self.services.officers.bring_back, [shown.id]), f"已恢复{shown.name}")
        else:
            self._on_archive([shown.id])

    @Slot(list)
    def _on_archive(self, ids: list[int]) -> None:
        names = "、".join(each.name for each in self._officers.rows if each.id in ids)
        self._act(partial(self.services.officers.archive, ids), f"已归档{names}")

    def _act(self, work: Callable[[], object], done: str) -> None:
        self.context.act(work, done)

    # ---- cards

    def _on_add_card_clicked(self) -> None:
        self.context.open_form("certificate", officer_id=self._shown)

    def _on_recusal_clicked(self) -> None:
        self.context.open_form("recusal", officer_id=self._shown)

    def _card(self) -> Certificate | None:
        return self._cards.current_row or next(iter(self._cards.rows), None)

    def _on_correct_clicked(self) -> None:
        if (card := self._card()) is not None:
            self._on_card_activated(card.id)

    @Slot(int)
    def _on_card_activated(self, card_id: int) -> None:
        self.context.open_form("certificate", officer_id=self._shown, certificate_id=card_id)

    def _on_remove_clicked(self) -> None:
        card = self._card()
        if card is None:
            return
        remove = partial(self._act, partial(self.services.officers.remove_certificate, card.id), "已删除误录的执法证")
        sentence = f"证号 {card.number}，有效期至 {text.day(card.valid_until)}。只删除录错的证件；旧证过期请保留。"
        ask(self.window(), "删除误录的执法证？", sentence, "删除", remove, is_danger=True)

    # ---- experts

    def _on_new_expert_clicked(self) -> None:
        self.context.open_form("expert")

    @Slot(object)
    def _on_expert_chosen(self, expert_id: object) -> None:
        self._archive_expert.setEnabled(expert_id is not None)

    @Slot(int)
    def _on_expert_activated(self, expert_id: int) -> None:
        self.context.open_form("expert", expert_id=expert_id)

    def _on_archive_expert_clicked(self) -> None:
        if self._experts.current_id is not None:
            self._on_archive_experts([self._experts.current_id])

    @Slot(list)
    def _on_archive_experts(self, ids: list[int]) -> None:
        self._act(partial(self.services.officers.archive_expert, ids), "已归档行业专家")


def _state_pill(row: OfficerRow) -> Pill:
    if row.archived_on:
        return Pill("已归档")
    return Pill(text.label(row.state), MEANINGS[row.state])


def _left(row: OfficerRow) -> str:
    if row.days_left is None or row.is_helper:
        return ""
    return f"已过期 {-row.days_left} 天" if row.days_left < 0 else f"还有 {row.days_left} 天"


def _officer_columns() -> list[Column[OfficerRow]]:
    return [
        Column("name", "姓名", lambda row: row.name, 90),
        Column("state", "证件状态", lambda row: _state_pill(row).word, 110, pill=_state_pill),
        Column("valid_until", "有效期至", lambda row: text.day(row.valid_until), 125),
        Column("left", "剩余", _left, 90),
        Column("load", "在办", lambda row: str(row.open_count), 60, Align.CENTRE, definition="名下未办结的事项数"),
        Column("late", "逾期", lambda row: str(row.overdue_count or ""), 60, Align.CENTRE, meaning=_late),
        Column("duty", "职务", lambda row: row.duty, 120),
        Column("number", "证号", lambda row: row.certificate_number, 150),
        Column("phone", "电话", lambda row: row.phone, 120, is_personal=True),
    ]


def _late(row: OfficerRow) -> Meaning | None:
    return Meaning.OVERDUE if row.overdue_count else None


def _card_columns() -> list[Column[Certificate]]:
    return [
        Column("number", "证号", lambda card: card.number, 130),
        Column("valid_until", "有效期至", lambda card: text.day(card.valid_until), 125),
        Column("issued_on", "发证日期", lambda card: text.day(card.issued_on), 125),
        Column("issuer", "发证机关", lambda card: card.issuer, 120),
    ]


def _expert_columns() -> list[Column[ExpertRow]]:
    return [
        Column("name", "姓名", lambda row: row.name + ("（已归档）" if row.archived_on else ""), 120),
        Column("field", "专业", lambda row: row.field, 160),
        Column("organisation", "单位", lambda row: row.organisation, 260),
        Column("phone", "电话", lambda row: row.phone, 130, is_personal=True),
        Column("count", "参加检查", lambda row: f"{row.inspection_count} 次", 100),
    ]
