"""A permit or certificate: registered, renewed by a new paper, or corrected."""

from dataclasses import replace
from datetime import date
from typing import ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.permit import PermitDraft, PermitNature
from desktop.services.permits import PermitRow
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.acts.people import enterprise_field, enterprise_option, fits
from desktop.ui.context import Context
from desktop.ui.enterprises.pickers import permit_kind_field, permit_kind_option
from desktop.ui.widgets.fields import LongTextField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.picks import PickField, among

SPECIAL_OPERATION, TRAINING = "特种作业操作证", "培训"


class PermitDialog(ActDialog[PermitDraft]):
    """One form for the three acts; `old` is the paper renewed or corrected."""

    FIELDS: ClassVar[dict[str, str]] = {"enterprise_id": "enterprise"}

    def __init__(
        self,
        context: Context,
        draft: PermitDraft,
        old: PermitRow | None = None,
        is_correction: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        kind = context.services.permits.kind(draft.kind)
        again = "登记办结" if kind.nature is PermitNature.ONCE else "登记再次办理" if kind.is_duty else "证照换证"
        title = "登记证照" if old is None else "更正证照" if is_correction else again
        super().__init__(context, "permitForm", title, title, parent, (600, 680))
        self._old, self._is_correction = old, is_correction
        self._proposed: date | None = None
        self._catalogue = context.services.catalogue
        self._enterprise = enterprise_field(self.services)
        form = self.form
        form.add("enterprise", "企业", self._enterprise, required=True)
        self._kind = permit_kind_field(self._catalogue)
        form.add("kind", "证照种类", self._kind, required=True, note="也可以登记演练、预案、评估、培训等有期限的事项。")
        form.add("person", "持证人", TextField("人员证书填姓名，单位证照留空"))
        trades = [Option(trade, trade) for trade in self._catalogue.trades]
        form.add("trade", "工种", PickField(among(trades, fits), "输入工种或简拼"))
        form.add("number", "证号", TextField())
        form.add("issuer", "发证机关", TextField())
        form.add("issued_on", "发证（办理）日期", date_field(context))
        form.add("valid_until", "有效期至（下次期限）", date_field(context), note=self._note())
        form.add("basis", "期限依据", ShownField())
        form.add("remark", "备注", LongTextField(lines=2))
        self.finish(self._values(draft))
        self._enterprise.setEnabled(not draft.enterprise_id)
        self._kind.setEnabled(old is None or is_correction)
        self._kind.changed.connect(self._on_kind_changed)
        form.field("issued_on").changed.connect(self._propose_end)
        self._on_kind_changed()

    def _note(self) -> str:
        if self._old is None or self._is_correction:
            return "证照以证面日期为准，留空的不提醒换证；演练、评估等事项从上次办理的日期推算，推算不合适的可以改。"
        if self.services.permits.kind(self._old.kind).is_duty:
            return f"原定期限 {text.day(self._old.valid_until)}；登记后原记录归档。"
        return f"原证有效期至 {text.day(self._old.valid_until)}；换证后原证归档。"

    def _values(self, draft: PermitDraft) -> dict[str, object]:
        names = ("person", "number", "issuer", "issued_on", "valid_until", "remark")
        values: dict[str, object] = {name: getattr(draft, name) for name in names}
        if draft.enterprise_id:
            values["enterprise"] = enterprise_option(self.services, draft.enterprise_id)
        if draft.kind:
            values["kind"] = permit_kind_option(self._catalogue, draft.kind)
        values["trade"] = Option(draft.trade, draft.trade) if draft.trade else None
        return values

    # ---- what follows from what is typed

    @Slot()
    def _on_kind_changed(self) -> None:
        kind = self.services.permits.kind(str(self._kind.value() or ""))
        self.form.show_field("trade", kind.category == SPECIAL_OPERATION)
        self.form.show_field("valid_until", not self._is_finish)
        self.form.show_field("issuer", not kind.is_duty)
        self.form.show_field("person", not kind.is_duty or kind.category == TRAINING)
        self._propose_end()
        self._show_basis()

    @property
    def _is_finish(self) -> bool:
        """Whether a duty that is done once is being closed."""
        old = self._old
        return (
            old is not None
            and not self._is_correction
            and self.services.permits.kind(old.kind).nature is PermitNature.ONCE
        )

    def _show_basis(self) -> None:
        kind, issued = str(self._kind.value() or ""), self.form.field("issued_on").value()
        on = issued if isinstance(issued, date) else self.services.clock.today()
        words = self.services.permits.basis(kind, on) if kind else ""
        self.form.field("basis").set_value(words)
        self.form.show_field("basis", bool(words))

    @Slot()
    def _propose_end(self) -> None:
        """The usual end of the kind, until somebody writes another; the date on the paper decides."""
        issued, end = self.form.field("issued_on").value(), self.form.field("valid_until")
        is_ours = end.value() is None or end.value() == self._proposed
        if isinstance(issued, date) and is_ours and not self._is_finish:
            self._proposed = self.services.permits.proposed_end(str(self._kind.value() or ""), issued)
            end.set_value(self._proposed)
        self._show_basis()

    # ---- the act

    def draft(self, values: Values) -> PermitDraft:
        """As the service takes it."""
        return PermitDraft(
            cast(int, values["enterprise"]),
            words_of(values, "kind"),
            words_of(values, "person"),
            words_of(values, "trade"),
            words_of(values, "number"),
            words_of(values, "issuer"),
            cast("date | None", values["issued_on"]),
            cast("date | None", values["valid_until"]),
            words_of(values, "remark"),
        )

    def perform(self, draft: PermitDraft) -> int:
        """Register, renew or correct."""
        permits = self.services.permits
        if self._old is None:
            return permits.add(draft)
        if self._is_correction:
            permits.change(self._old.id, draft)
            return self._old.id
        if self._is_finish:
            permits.finish(self._old.id, draft.issued_on, draft.number, draft.remark)
            return self._old.id
        return permits.renew(self._old.id, draft)

    def done_words(self, _draft: PermitDraft) -> str:
        """What the toast says."""
        if self._old is None:
            return "已登记证照"
        if self._is_correction:
            return "已更正证照"
        if self._is_finish:
            return "已办结"
        is_duty = self.services.permits.kind(self._old.kind).is_duty
        return "已登记，下次期限已列入待办" if is_duty else "已换证，原证已归档"


def open_permit(
    context: Context,
    parent: QWidget | None = None,
    permit_id: int | None = None,
    enterprise_id: int | None = None,
    is_correction: bool = False,
) -> QDialog:
    """A new permit of an enterprise; with `permit_id` its renewal, or its correction."""
    if permit_id is None:
        return PermitDialog(context, PermitDraft(enterprise_id or 0), parent=parent)
    old = context.services.permits.detail(permit_id)
    draft = PermitDraft(
        old.enterprise_id, old.kind, old.person, old.trade, old.number, old.issuer, old.issued_on, old.valid_until,
        old.remark,
    )  # fmt: skip
    if not is_correction:
        draft = replace(draft, issued_on=context.services.clock.today(), valid_until=None, number="", remark="")
    return PermitDialog(context, draft, old, is_correction, parent)
