"""The forms of the settings: the office, its powers and numbers, officers, certificates, experts."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.classification import Counting
from desktop.domain.enterprise import RiskLevel
from desktop.domain.errors import Invalid
from desktop.domain.form import NumberCounting
from desktop.domain.officer import Certificate, CertificateDraft, ExpertDraft, OfficerDraft
from desktop.domain.order import OfficeMode
from desktop.services.office import SHORT_NAME, OfficeDraft, PowerDraft
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context, FormMaker
from desktop.ui.widgets.fields import CheckField, ChoiceField, LongTextField, NumberField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values

COUNTING, POLICY = "key_share.counting", "plan.policy"
COUNTED = {Counting.INSPECTIONS: "检查次数", Counting.DOCUMENTS: "出具执法文书份数", Counting.CASES: "立案件数"}


# ---- the office --------------------------------------------------------------------------------------------


class OfficeDialog(ActDialog[OfficeDraft]):
    """What is kept of the office."""

    DONE = "已修改单位资料"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "officeForm", "单位资料", parent=parent, size=(620, 640))
        form = self.form
        form.add("name", "单位名称", TextField(), required=True, note="印在文书、报告和上报包上。")
        form.add("code", "区划代码", TextField("6 至 12 位数字", 12), required=True, note="上报包用它认出是哪个镇。")
        form.add("prefix", "文号前缀", TextField("例如 苏启"))
        form.add("county", "所属县（市、区）", TextField())
        form.add("bureau", "县级应急管理局", TextField())
        form.add("address", "地址", TextField())
        form.add("phone", "电话", TextField())
        form.add("contact", "联系人", TextField())
        draft = context.services.offices.detail().draft
        self.finish({name: getattr(draft, name) for name in OfficeDraft.__slots__})

    def draft(self, values: Values) -> OfficeDraft:
        """As the service takes it."""
        return OfficeDraft(**{name: words_of(values, name) for name in OfficeDraft.__slots__})

    def perform(self, draft: OfficeDraft) -> None:
        """Correct it."""
        self.services.offices.change(draft)


class PowerDialog(ActDialog[PowerDraft]):
    """In whose name the office acts from a day on; with a `power_id`, the correction of a period."""

    DONE = "已登记执法身份"

    def __init__(self, context: Context, power_id: int | None = None, parent: QWidget | None = None) -> None:
        title = "变更执法身份" if power_id is None else "更正执法身份"
        super().__init__(context, "powerForm", title, parent=parent, size=(620, 620))
        self._id = power_id
        form = self.form
        modes = [Option(code, word) for code, word in text.choices(OfficeMode)]
        form.add(
            "mode", "以谁的名义执法", ChoiceField(modes), required=True, note="决定整改指令书的落款和能否实施处罚。"
        )
        form.add("from_on", "自哪天起", date_field(context), required=True)
        form.add("to_on", "到哪天止", date_field(context), note="没有截止日期的留空。")
        form.add("basis", "依据", LongTextField("委托书或赋权文件的名称、文号", 2))
        form.add("powers", "权限清单", LongTextField("可以实施的检查、处罚、强制事项", 3))
        self.finish(self._kept())

    def _kept(self) -> dict[str, object]:
        row = next((each for each in self.services.offices.powers() if each.id == self._id), None)
        if row is None:
            return {"mode": self.services.offices.detail().mode.value, "from_on": self.services.clock.today()}
        return {
            "mode": row.mode.value,
            **{name: getattr(row, name) for name in ("from_on", "to_on", "basis", "powers")},
        }

    def draft(self, values: Values) -> PowerDraft:
        """As the service takes it."""
        return PowerDraft(
            OfficeMode(words_of(values, "mode")),
            cast("date | None", values["from_on"]),
            cast("date | None", values["to_on"]),
            words_of(values, "basis"),
            words_of(values, "powers"),
        )

    def perform(self, draft: PowerDraft) -> object:
        """A new period, or the correction of this one."""
        if self._id is None:
            return self.services.offices.change_mode(draft)
        self.services.offices.correct_mode(self._id, draft)
        return None


@dataclass(frozen=True, slots=True)
class Numbering:
    """How documents are numbered, and how the town is called in numbers; an empty name follows the office's own."""

    counting: NumberCounting
    pattern: str
    town: str


class NumberingDialog(ActDialog[Numbering]):
    """How numbers run and what they look like, with those that would come next."""

    DONE = "已修改文书编号"
    SHOWN = ("inspection_record", "rectification_order", "reinspection_opinion")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "numberingForm", "文书编号", parent=parent, size=(640, 620))
        self._numbers = context.services.form_numbers
        detail = context.services.offices.detail()
        form = self.form
        ways = [Option(code, word) for code, word in text.choices(NumberCounting)]
        note = "改变后从已用过的最大号往后编；已经编出的文号不变，也不会重复。"
        form.add("counting", "怎样编号", ChoiceField(ways), required=True, note=note)
        note = "{prefix} 文号前缀，{town} 镇名，{word} 应急，{code} 代码字（检记、责改…），{year} 年份，{number} 顺序号；代码字、年份和顺序号必须有。"
        form.add("pattern", "文号格式", TextField(), required=True, note=note)
        form.add("town", "文号里的镇名", TextField(detail.short_name), note="留空时取单位名称去掉“镇”“街道”等字。")
        form.add("preview", "按这个格式，下一份是", ShownField())
        kept = {"counting": self._numbers.counting().value, "pattern": self._numbers.pattern()}
        self.finish({**kept, "town": context.services.offices.setting(SHORT_NAME) or ""})
        for key in ("counting", "pattern", "town"):
            form.field(key).changed.connect(self._show_preview)
        self._show_preview()

    @Slot()
    def _show_preview(self) -> None:
        values = self.form.values()
        pattern, town = words_of(values, "pattern"), words_of(values, "town")
        try:
            counting = NumberCounting(words_of(values, "counting"))
            shown = [self._numbers.sample(form, pattern, town, counting) for form in self.SHOWN]
        except Invalid:
            shown = [text.field_sentence("form_pattern_invalid")]
        self.form.field("preview").set_value("　".join(shown))

    def draft(self, values: Values) -> Numbering:
        """As typed."""
        counting = NumberCounting(words_of(values, "counting"))
        return Numbering(counting, words_of(values, "pattern"), words_of(values, "town"))

    def perform(self, draft: Numbering) -> None:
        """All as one act."""
        with self.services.store.write("修改文书编号"):
            self._numbers.set_pattern(draft.pattern)
            self._numbers.set_counting(draft.counting)
            self.services.offices.set_setting(SHORT_NAME, draft.town or None)


class ChoicesDialog(ActDialog[dict[str, Any]]):
    """The office's own choices: what enforcement is counted in, and how the plan is suggested."""

    DONE = "已修改单位自定的口径"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "choicesForm", "统计口径与计划建议（单位自定）", parent=parent, size=(620, 640))
        form = self.form
        form.section("重点监管执法占比")
        counted = [Option(code.value, word) for code, word in COUNTED.items()]
        form.add("counting", "执法量按什么计算", ChoiceField(counted), required=True,
                 note="上级通知没有说明，由单位自定；改变后工作台和年终报告都按新口径计算。")  # fmt: skip
        form.section("计划建议", "法律没有规定乡镇检查频次，以下由单位自定，只影响“生成建议”。")
        for code, word in text.choices(RiskLevel):
            form.add(code, f"{word}色风险企业每年检查", NumberField("次", 0, 12), required=True)
        form.add("key_visits", "重点监管企业每年检查", NumberField("次", 0, 12), required=True)
        form.add("drawn_percent", "其余企业随机抽取", NumberField("%", 0, 100), required=True)
        policy = context.services.plans.policy()
        visits: dict[str, object] = {code: policy.visits.get(code, 0) for code, _ in text.choices(RiskLevel)}
        rest = {"key_visits": policy.key_visits, "drawn_percent": policy.drawn_percent}
        self.finish({"counting": context.services.offices.setting(COUNTING), **visits, **rest})

    def draft(self, values: Values) -> dict[str, Any]:
        """The settings by key."""
        visits = {code: values[code] for code, _ in text.choices(RiskLevel)}
        rest = {key: values[key] for key in ("key_visits", "drawn_percent")}
        return {COUNTING: values["counting"], POLICY: {"visits": visits, **rest}}

    def perform(self, draft: dict[str, Any]) -> None:
        """Both as one act."""
        with self.services.store.write("修改统计口径与计划建议"):
            for key, value in draft.items():
                self.services.offices.set_setting(key, value)


# ---- people ------------------------------------------------------------------------------------------------

CARD_FIELDS = ("number", "issuer", "issued_on", "valid_until")


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """An officer, and the card when it is at hand."""

    officer: OfficerDraft
    card: CertificateDraft | None


class OfficerDialog(ActDialog[NewOfficer]):
    """Registers an officer with the certificate, or corrects one."""

    def __init__(self, context: Context, officer_id: int | None = None, parent: QWidget | None = None) -> None:
        title = "登记人员" if officer_id is None else "修改人员"
        super().__init__(context, "officerForm", title, parent=parent, size=(620, 660))
        self._id = officer_id
        form = self.form
        form.section("人员")
        form.add("name", "姓名", TextField(max_length=40), required=True)
        form.add("is_helper", "身份", CheckField("辅助人员（只能协助，不计入两名执法人员）"))
        form.add("duty", "职务", TextField())
        form.add("phone", "电话", TextField())
        form.add("remark", "备注", TextField())
        if officer_id is None:
            form.section("行政执法证", "手头有证件时一并登记；没有可以以后补。")
            _add_card_fields(self, is_required=False)
            form.field("is_helper").changed.connect(self._show_card)
        self.finish(self._kept())

    def _kept(self) -> dict[str, object]:
        if self._id is None:
            return {}
        row = self.services.officers.detail(self._id).row
        return {name: getattr(row, name) for name in OfficerDraft.__slots__}

    @Slot()
    def _show_card(self) -> None:
        is_helper = bool(self.form.field("is_helper").value())
        for key in CARD_FIELDS:
            self.form.show_field(key, not is_helper)

    def draft(self, values: Values) -> NewOfficer:
        """The officer, and the card when anything of it was filled in."""
        officer = OfficerDraft(
            words_of(values, "name"), words_of(values, "duty"), words_of(values, "phone"),
            bool(values["is_helper"]), words_of(values, "remark"),
        )  # fmt: skip
        is_carded = self._id is None and not officer.is_helper and any(values[key] for key in CARD_FIELDS)
        return NewOfficer(officer, _card(values) if is_carded else None)

    def perform(self, draft: NewOfficer) -> object:
        """Register, or correct."""
        if self._id is None:
            return self.services.officers.register(draft.officer, draft.card)
        self.services.officers.change(self._id, draft.officer)
        return None

    def done_words(self, draft: NewOfficer) -> str:
        """Who it was."""
        return f"已{'登记' if self._id is None else '修改'}{draft.officer.name}"


class CertificateDialog(ActDialog[CertificateDraft]):
    """A new card of an officer, or (with `certificate_id`) the correction of one."""

    DONE = "已登记执法证，换证期限已列入待办"

    def __init__(
        self, context: Context, officer_id: int, certificate_id: int | None = None, parent: QWidget | None = None
    ) -> None:
        detail = context.services.officers.detail(officer_id)
        title = f"{detail.row.name}：{'登记执法证' if certificate_id is None else '更正执法证'}"
        super().__init__(context, "certificateForm", title, parent=parent, size=(620, 520))
        self._officer_id, self._id = officer_id, certificate_id
        _add_card_fields(self, is_required=True)
        kept = next((card for card in detail.certificates if card.id == certificate_id), None)
        self.finish(self._start(kept, detail.certificates))

    def _start(self, kept: Certificate | None, chain: tuple[Certificate, ...]) -> dict[str, object]:
        if kept is not None:
            return {name: getattr(kept, name) for name in CARD_FIELDS}
        return {"issuer": chain[0].issuer, "number": chain[0].number} if chain else {}

    def draft(self, values: Values) -> CertificateDraft:
        """As the service takes it."""
        return _card(values)

    def perform(self, draft: CertificateDraft) -> object:
        """A new card, or the correction."""
        if self._id is None:
            return self.services.officers.add_certificate(self._officer_id, draft)
        self.services.officers.change_certificate(self._id, draft)
        return None

    def done_words(self, _draft: CertificateDraft) -> str:
        """What became of it."""
        return self.DONE if self._id is None else "已更正执法证"


def _add_card_fields(dialog: ActDialog[Any], is_required: bool) -> None:
    form = dialog.form
    form.add("number", "证号", TextField(), required=is_required)
    form.add("issuer", "发证机关", TextField())
    form.add("issued_on", "发证日期", date_field(dialog.context))
    form.add("valid_until", "有效期至", date_field(dialog.context), required=is_required, note="照证件上的日期填写。")


def _card(values: Values) -> CertificateDraft:
    return CertificateDraft(
        words_of(values, "number"), words_of(values, "issuer"),
        cast("date | None", values["issued_on"]), cast("date | None", values["valid_until"]),
    )  # fmt: skip


class ExpertDialog(ActDialog[ExpertDraft]):
    """An industry expert who may come along."""

    DONE = "已保存行业专家"

    def __init__(self, context: Context, expert_id: int | None = None, parent: QWidget | None = None) -> None:
        title = "登记行业专家" if expert_id is None else "修改行业专家"
        super().__init__(context, "expertForm", title, parent=parent, size=(560, 460))
        self._id = expert_id
        self.form.add("name", "姓名", TextField(max_length=40), required=True)
        self.form.add("field", "专业", TextField("例如 危险化学品、电气"))
        self.form.add("organisation", "单位", TextField())
        self.form.add("phone", "电话", TextField())
        rows = context.services.officers.experts(with_archived=True)
        row = next((each for each in rows if each.id == expert_id), None)
        self.finish({name: getattr(row, name) for name in ExpertDraft.__slots__} if row else {})

    def draft(self, values: Values) -> ExpertDraft:
        """As the service takes it."""
        return ExpertDraft(**{name: words_of(values, name) for name in ExpertDraft.__slots__})

    def perform(self, draft: ExpertDraft) -> object:
        """Register, or correct."""
        if self._id is None:
            return self.services.officers.register_expert(draft)
        self.services.officers.change_expert(self._id, draft)
        return None


# ---- by name -----------------------------------------------------------------------------------------------


def officer_form(context: Context, officer_id: int | None = None, parent: QWidget | None = None) -> QDialog:
    """`officer` (officer_id=)."""
    return OfficerDialog(context, officer_id, parent)


def certificate_form(
    context: Context, officer_id: int, certificate_id: int | None = None, parent: QWidget | None = None
) -> QDialog:
    """`certificate` (officer_id=, certificate_id=)."""
    return CertificateDialog(context, officer_id, certificate_id, parent)


def expert_form(context: Context, expert_id: int | None = None, parent: QWidget | None = None) -> QDialog:
    """`expert` (expert_id=)."""
    return ExpertDialog(context, expert_id, parent)


def office_form(context: Context, parent: QWidget | None = None) -> QDialog:
    """`office`."""
    return OfficeDialog(context, parent)


def power_form(context: Context, power_id: int | None = None, parent: QWidget | None = None) -> QDialog:
    """`power` (power_id=)."""
    return PowerDialog(context, power_id, parent)


def numbering_form(context: Context, parent: QWidget | None = None) -> QDialog:
    """`numbering`."""
    return NumberingDialog(context, parent)


def choices_form(context: Context, parent: QWidget | None = None) -> QDialog:
    """`choices`."""
    return ChoicesDialog(context, parent)


def day_form(context: Context, **wanted: Any) -> QDialog:
    """`day` (on=, offer=)."""
    from desktop.ui.settings.calendar import open_day

    return open_day(context, **wanted)


def rule_form(context: Context, **wanted: Any) -> QDialog:
    """`rule_confirmation` (rule=)."""
    from desktop.ui.settings.rules import open_confirmation

    return open_confirmation(context, **wanted)


def number_book_form(context: Context, **wanted: Any) -> QDialog:
    """`number_book` (year=)."""
    from desktop.ui.settings.number_book import open_book

    return open_book(context, **wanted)


def reserve_form(context: Context, **wanted: Any) -> QDialog:
    """`reserve_numbers` (year=)."""
    from desktop.ui.settings.number_book import open_reserve

    return open_reserve(context, **wanted)


def spoil_form(context: Context, **wanted: Any) -> QDialog:
    """`spoil_number` (number_id=, number=)."""
    from desktop.ui.settings.number_book import open_spoil

    return open_spoil(context, **wanted)


def issuer_form(context: Context, **wanted: Any) -> QDialog:
    """`issuer` (from_on=)."""
    from desktop.ui.settings.issuers import open_issuer

    return open_issuer(context, **wanted)


def recusal_form(context: Context, **wanted: Any) -> QDialog:
    """`recusal` (officer_id=)."""
    from desktop.ui.settings.recusals import open_recusal

    return open_recusal(context, **wanted)


FORMS: dict[str, FormMaker] = {
    "officer": officer_form,
    "certificate": certificate_form,
    "recusal": recusal_form,
    "expert": expert_form,
    "office": office_form,
    "power": power_form,
    "numbering": numbering_form,
    "choices": choices_form,
    "day": day_form,
    "rule_confirmation": rule_form,
    "number_book": number_book_form,
    "reserve_numbers": reserve_form,
    "spoil_number": spoil_form,
    "issuer": issuer_form,
}
