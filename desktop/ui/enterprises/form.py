"""The record of an enterprise: everything in one form, grouped, checked as each field is left."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QWidget

from desktop import text
from desktop.domain.classification import Criterion
from desktop.domain.enterprise import EnterpriseDraft, EnterpriseStatus, RiskLevel, Size, StandardLevel, checked
from desktop.domain.errors import Invalid
from desktop.domain.uscc import UsccState
from desktop.ui.acts.days import date_field
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context
from desktop.ui.enterprises.attributes import AttributesField
from desktop.ui.enterprises.code_field import CodeField
from desktop.ui.enterprises.pickers import industry_field, industry_option, sector_field, sector_option, tag_field
from desktop.ui.widgets.fields import (
    CheckField,
    ChoiceField,
    Field,
    LongTextField,
    MoneyField,
    NumberField,
    Option,
    TextField,
)
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.section import button, labelled

KEPT = "与执照一致，照此保留"
WORDS = (
    "name", "uscc", "legacy_code", "address", "village", "grid_worker", "legal_person", "principal", "contact", "phone",
    "safety_officer", "safety_phone", "industry", "established_on", "remark",
)  # fmt: skip
PLAIN = (
    "keeps_code", "risk_level", "size", "standard_level", "standard_valid_until", "employees", "registered_capital_fen",
    "status", "attributes",
)  # fmt: skip


class GradeSuggestion(Field):
    """The grade that the risks filled in suggest, with the reason; one click takes it."""

    IS_TYPED: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._criterion: Criterion | None = None
        self._label = labelled("")
        self._label.setWordWrap(True)
        self.take = button("采用", None, "chip", name="takeGrade")
        self._hold(self._label, self.take)

    def value(self) -> RiskLevel | None:
        """The grade suggested."""
        return self._criterion.level if self._criterion else None

    def set_value(self, value: object) -> None:
        """Show what is suggested; anything but a criterion shows nothing."""
        self._criterion = value if isinstance(value, Criterion) else None
        found = self._criterion
        if found is None:
            self._label.setText("—")
            return
        doubt = f"（{text.UNCONFIRMED}）" if found.needs_confirmation else ""
        self._label.setText(f"{text.label(found.level)}：{found.text}{doubt}")
        self._label.setToolTip(" ".join(filter(None, (found.source, found.article, found.notes))))


class EnterpriseDialog(ActDialog[EnterpriseDraft]):
    """Registers an enterprise, or changes its record."""

    FIELDS: ClassVar[Mapping[str, str]] = {"attr": "attributes"}

    def __init__(
        self, context: Context, draft: EnterpriseDraft, enterprise_id: int | None, parent: QWidget | None = None
    ) -> None:
        title = "新增企业" if enterprise_id is None else "修改企业档案"
        super().__init__(context, "enterpriseForm", title, "保存", parent, (900, 720))
        self._id = enterprise_id
        self._started = draft
        self._catalogue = self.services.catalogue
        self._add_identity()
        self._add_people()
        self._add_business()
        self._add_risk()
        self._add_rest()
        self.finish(self._values(draft))
        self.form.check = self._check
        self._join()
        self._on_code_changed()
        self._show_suggestion()

    # ---- building

    def _add_identity(self) -> None:
        form = self.form
        form.section("基本信息")
        note = "执照上换了名称的，请用“更名”，原名会保留下来继续能查到。" if self._id is not None else ""
        form.add("name", "企业名称", TextField("与营业执照一致"), required=True, note=note)
        self._code = CodeField()
        form.add(
            "uscc", "统一社会信用代码", self._code, source="GB 32100-2015《法人和其他组织统一社会信用代码编码规则》"
        )
        form.add("keeps_code", "", CheckField(KEPT))
        form.add("legacy_code", "旧登记号", TextField("没有统一社会信用代码的，填工商注册号或组织机构代码"))
        form.add("address", "地址", TextField("生产经营场所地址"))
        village = TextField()
        village.offer(self._catalogue.villages())
        form.add("village", "村居", village)
        form.add("grid_worker", "网格员", TextField())
        form.add("status", "生产状态", ChoiceField(_options(EnterpriseStatus)), required=True)

    def _add_people(self) -> None:
        form = self.form
        form.section("人员")
        for key, label in (("legal_person", "法定代表人"), ("principal", "主要负责人"), ("contact", "联系人")):
            form.add(key, label, TextField())
        form.add("phone", "联系电话", TextField("几个号码之间用顿号隔开"))
        form.add("safety_officer", "安全管理人员", TextField())
        form.add("safety_phone", "安全管理人员电话", TextField())

    def _add_business(self) -> None:
        form = self.form
        form.section("行业与规模")
        self._sector = sector_field(self._catalogue)
        form.add("sector", "监管行业", self._sector, note="决定重点监管、检查频次上限和要填的风险属性。")
        self._industry = industry_field(self._catalogue)
        form.add("industry_code", "国民经济行业分类", self._industry)
        form.add("industry", "行业类别", TextField("台账上的写法"))
        form.add("size", "企业规模", ChoiceField(_options(Size)))
        form.add("employees", "从业人数", NumberField("人"))
        form.add("established_on", "成立日期", TextField("例：2008、2008-06、2008-06-18"))
        form.add("registered_capital_fen", "注册资本", MoneyField())
        form.add("standard_level", "标准化等级", ChoiceField(_options(StandardLevel)))
        form.add("standard_valid_until", "标准化有效期至", date_field(self.context))

    def _add_risk(self) -> None:
        form = self.form
        form.section("风险")
        form.add("risk_level", "风险等级", ChoiceField(_options(RiskLevel), "未评定"))
        self._suggestion = GradeSuggestion()
        form.add("suggested", "按所填风险建议的等级", self._suggestion)
        self._attributes = AttributesField(self._catalogue)
        form.add("attributes", "风险属性", self._attributes)

    def _add_rest(self) -> None:
        form = self.form
        form.section("标签与备注")
        self._tags = tag_field(self._catalogue)
        form.add("tags", "标签", self._tags)
        form.add("remark", "备注", LongTextField(lines=3))
        self._advice = labelled("", "warning")
        self._advice.setObjectName("formAdvice")
        self._advice.setWordWrap(True)
        form.add_widget(self._advice)

    def _values(self, draft: EnterpriseDraft) -> dict[str, object]:
        values: dict[str, object] = {name: getattr(draft, name) for name in (*WORDS, *PLAIN)}
        self._attributes.set_sector(draft.sector)
        values["sector"] = sector_option(self._catalogue, draft.sector)
        values["industry_code"] = industry_option(self._catalogue, draft.industry_code)
        values["tags"] = [Option(tag, tag) for tag in sorted(draft.tags or ())]
        values["attributes"] = draft.attributes or {}
        return values

    def _join(self) -> None:
        self._code.changed.connect(self._on_code_changed)
        self.form.field("keeps_code").changed.connect(self._on_kept)
        self._sector.changed.connect(self._on_sector_changed)
        self._industry.changed.connect(self._on_industry_changed)
        for key in ("attributes", "standard_level"):
            self.form.field(key).changed.connect(self._show_suggestion)
        for key in ("name", "uscc", "standard_valid_until"):
            self.form.field(key).left.connect(self._show_advice)
        self._suggestion.take.clicked.connect(self._on_grade_taken)

    # ---- what follows from what is typed

    @Slot()
    def _on_code_changed(self) -> None:
        """The clerk is asked about the licence only where the check digit fails."""
        is_doubtful = self._code.state is UsccState.CHECK_DIGIT_FAILED
        self.form.show_field("keeps_code", is_doubtful)
        if not is_doubtful:
            self.form.field("keeps_code").set_value(False)

    @Slot()
    def _on_kept(self) -> None:
        """The code is judged anew, with the clerk's word."""
        self._code.left.emit()

    @Slot()
    def _on_sector_changed(self) -> None:
        self._attributes.set_sector(cast("str | None", self._sector.value()))
        self._show_suggestion()

    @Slot()
    def _on_industry_changed(self) -> None:
        """A class of industry proposes the words and the sector, where nothing stands yet."""
        chosen = self._catalogue.industries.get(str(self._industry.value()))
        if chosen is None:
            return
        if not self.form.field("industry").value():
            self.form.field("industry").set_value(chosen.label)
        if self._sector.value() is None and chosen.default_sector:
            self._sector.set_value(sector_option(self._catalogue, chosen.default_sector))
            self._on_sector_changed()

    @Slot()
    def _show_suggestion(self) -> None:
        _, grade = self.services.enterprises.classify(self.draft(self.form.values()))
        self._suggestion.set_value(grade)
        self._suggestion.take.setVisible(grade.level != self.form.field("risk_level").value())

    @Slot()
    def _on_grade_taken(self) -> None:
        field = self.form.field("risk_level")
        field.set_value(self._suggestion.value())
        field.changed.emit()
        self._suggestion.take.hide()

    @Slot()
    def _show_advice(self) -> None:
        draft = self.draft(self.form.values())
        found = self.services.enterprises.advice(draft, self._id)
        self._advice.setText("\n".join(text.field_sentence(code, {"name": draft.name}) for code in found.values()))

    # ---- checking and saving

    def _check(self, values: Values) -> dict[str, str]:
        """What the domain says of the record as it stands, in its words."""
        draft, found = self.draft(values), dict[str, str]()
        try:
            checked(draft, self._catalogue.choices, self.services.clock.today())
        except Invalid as error:
            found = {self._field_of(key): text.field_sentence(code) for key, code in error.problems.items()}
        if sentence := self._code.sentence(draft.keeps_code):
            found["uscc"] = sentence
        return found

    def draft(self, values: Values) -> EnterpriseDraft:
        """As the service takes it."""
        words: dict[str, Any] = {name: words_of(values, name) for name in WORDS}
        status = values.get("status") or EnterpriseStatus.OPERATING
        return replace(
            self._started,
            **words,
            keeps_code=bool(values.get("keeps_code")),
            sector=cast("str | None", values.get("sector")),
            industry_code=cast("str | None", values.get("industry_code")),
            risk_level=_code_of(RiskLevel, values.get("risk_level")),
            size=_code_of(Size, values.get("size")),
            standard_level=_code_of(StandardLevel, values.get("standard_level")),
            standard_valid_until=cast("date | None", values.get("standard_valid_until")),
            employees=cast("int | None", values.get("employees")),
            registered_capital_fen=cast("int | None", values.get("registered_capital_fen")),
            status=EnterpriseStatus(str(status)),
            tags=frozenset(str(tag) for tag in cast("tuple[object, ...]", values.get("tags") or ())),
            attributes=cast("dict[str, str]", values.get("attributes") or {}),
        )

    def perform(self, draft: EnterpriseDraft) -> int:
        """Register or change."""
        if self._id is None:
            return self.services.enterprises.register(draft)
        self.services.enterprises.change(self._id, draft)
        return self._id

    def done_words(self, draft: EnterpriseDraft) -> str:
        """What the toast says."""
        return f"已新增企业：{draft.name}" if self._id is None else f"已修改：{draft.name}"

    def follow(self, _draft: EnterpriseDraft, outcome: object) -> None:
        """A new enterprise is shown where it now stands."""
        if self._id is None:
            self.context.navigate("enterprises", {"enterprise_id": outcome})


def _options(codes: Any) -> list[Option]:
    return [Option(code, word) for code, word in text.choices(codes)]


def _code_of(codes: Any, value: object) -> Any:
    return codes(value) if value else None


def open_enterprise(
    context: Context, parent: QWidget | None = None, enterprise_id: int | None = None, name: str = ""
) -> QDialog:
    """The form of a record, or of a new one."""
    if enterprise_id is None:
        return EnterpriseDialog(context, EnterpriseDraft(name=name), None, parent)
    return EnterpriseDialog(context, context.services.enterprises.draft(enterprise_id), enterprise_id, parent)
