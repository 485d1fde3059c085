"""The re-inspection: who went back when, and what they found hazard by hazard."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.errors import Invalid, Refused
from desktop.domain.gate import GateWarning
from desktop.domain.photo import PhotoRole
from desktop.domain.reinspection import ReinspectionOutcome
from desktop.services.hazards import HazardRow
from desktop.services.reinspections import ReinspectionDraft, ResultDraft
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, reasons_of, words_of
from desktop.ui.acts.people import CrewField
from desktop.ui.context import Context
from desktop.ui.hazards.results import ResultsField
from desktop.ui.widgets.ask import ask
from desktop.ui.widgets.fields import TextField
from desktop.ui.widgets.form import Values


class ReinspectionDialog(ActDialog[ReinspectionDraft]):
    """Records a re-inspection of one enterprise."""

    def __init__(self, context: Context, hazards: Sequence[HazardRow], parent: QWidget | None = None) -> None:
        super().__init__(context, "reinspectionForm", f"复查：{hazards[0].enterprise}", "保存复查", parent, (860, 720))
        self._enterprise_id = hazards[0].enterprise_id
        self._today = context.services.clock.today
        form = self.form
        self.widen(820)
        form.section("复查结果")
        self._results = ResultsField(self._today)
        self._results.show_hazards(hazards)
        self._results.photos_wanted.connect(self._on_photos_wanted)
        form.add("results", "逐条结果", self._results, required=True)
        form.section("时间与人员")
        form.add("reinspected_on", "复查日期", date_field(context), required=True)
        self._crew = CrewField(self.services, self._day)
        form.add("officers", "执法人员", self._crew, required=True, note="不少于两名，当日持有效执法证。")
        form.add("document_number", "整改复查意见书文号", TextField())
        form.add("unit_person", "被复查单位现场负责人", TextField())
        form.add("remark", "备注", TextField())
        self.finish({"reinspected_on": self._today()})
        form.field("reinspected_on").changed.connect(self._on_day_changed)
        self._results.editor.setFocus()

    @Slot(object)
    def _on_photos_wanted(self, hazard: HazardRow) -> None:
        wanted = {"hazard_id": hazard.id, "role": PhotoRole.AFTER.value, "words": hazard.description}
        self.context.open_form("photos", **{**wanted, "parent": self})

    def _day(self) -> date:
        chosen = self.form.field("reinspected_on").value()
        return chosen if isinstance(chosen, date) else self._today()

    @Slot()
    def _on_day_changed(self) -> None:
        self._crew.read_again()

    def draft(self, values: Values) -> ReinspectionDraft:
        """As the service takes it."""
        return ReinspectionDraft(
            self._enterprise_id,
            cast(date, values["reinspected_on"]),
            self._crew.ids(),
            cast("tuple[ResultDraft, ...]", values["results"]),
            words_of(values, "document_number"),
            words_of(values, "unit_person"),
            words_of(values, "remark"),
            reasons_of(values),
        )

    def warnings(self, draft: ReinspectionDraft) -> list[GateWarning]:
        """Two certified officers."""
        return self.services.reinspections.gates(draft)

    def perform(self, draft: ReinspectionDraft) -> int:
        """Record it."""
        return self.services.reinspections.record(draft)

    def done_words(self, draft: ReinspectionDraft) -> str:
        """How many were cleared and how many not."""
        cleared = sum(result.outcome is ReinspectionOutcome.CLEARED for result in draft.results)
        failed = len(draft.results) - cleared
        return f"已登记复查：合格销号 {cleared} 条" + (f"，不合格 {failed} 条" if failed else "")

    def _sentences(self, error: Invalid) -> dict[str, str]:
        """A problem of one hazard stands in its line."""
        for key, code in error.problems.items():
            field, _, hazard = key.partition(".")
            if hazard:
                sentence = text.field_sentence(code, error.facts)
                self._results.say(int(hazard), f"{_NAMES[field]}：{sentence}")
        told = super()._sentences(error)
        marked = {key.partition(".")[0] for key in error.problems if "." in key}
        if marked:
            told = {key: said for key, said in told.items() if key.partition(".")[0] not in marked}
            told["results"] = "请补全标出的几条。"
        return told


_NAMES = {"again_due_on": "新的期限", "note": "复查情况"}


def open_reinspection(
    context: Context,
    parent: QWidget | None = None,
    hazard_ids: Sequence[int] = (),
    enterprise_id: int | None = None,
) -> QDialog | None:
    """Go back for these hazards, or for everything of an enterprise that can be looked at again."""
    services = context.services
    ids = list(hazard_ids) or (services.reinspections.due_ids(enterprise_id) if enterprise_id is not None else [])
    hazards = services.hazards.rows(ids)
    if len({hazard.enterprise_id for hazard in hazards}) > 1:
        raise Refused("hazard_other_enterprise")
    again = [hazard for hazard in hazards if hazard.id in services.reinspections.due_ids(hazard.enterprise_id)]
    if not again:
        _say_nothing_due(context, parent, ids)
        return None
    return ReinspectionDialog(context, again, parent)


def _say_nothing_due(context: Context, parent: QWidget | None, ids: Sequence[int]) -> None:
    ask(
        parent or context.window(),
        "没有可以复查的隐患",
        "只有下达过整改指令、还没有销号的隐患才需要复查。还没有下达的，请先下达责令限期整改指令书。",
        "下达整改指令",
        lambda: context.open_form("order", hazard_ids=list(ids)),
        "知道了",
    )
