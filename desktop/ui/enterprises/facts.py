"""The facts of a record as pairs of words, in groups: what 概况 shows."""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop import text
from desktop.services.catalogue import Catalogue
from desktop.services.enterprise_timeline import FIELD_LABELS
from desktop.services.enterprises import EnterpriseDetail
from desktop.ui import theme
from desktop.ui.widgets.section import clear, labelled, row, scrolled

Group = tuple[str, Sequence[tuple[str, str]]]


def groups_of(detail: EnterpriseDetail, catalogue: Catalogue) -> list[Group]:
    """All fields of a record, grouped; what is not known is a dash."""
    draft, firm = detail.draft, detail.row
    standard = text.label(draft.standard_level) if draft.standard_level else ""
    until = f"（有效期至 {draft.standard_valid_until}）" if draft.standard_valid_until else ""
    industry = catalogue.industries.get(draft.industry_code or "")
    return [
        ("基本信息", [
            ("企业名称", firm.name),
            ("统一社会信用代码", _code(detail)),
            ("旧登记号", draft.legacy_code),
            ("地址", draft.address),
            ("村居", draft.village),
            ("网格员", draft.grid_worker),
            ("生产状态", text.label(draft.status)),
            ("曾用名", "；".join(f"{each.name}（至 {each.until_on}）" for each in detail.former_names)),
        ]),
        ("人员", [
            ("法定代表人", draft.legal_person),
            ("主要负责人", draft.principal),
            ("联系人", draft.contact),
            ("联系电话", draft.phone),
            ("安全管理人员", _with_phone(draft.safety_officer, draft.safety_phone)),
        ]),
        ("行业与规模", [
            ("监管行业", firm.sector_label),
            ("行业类别", draft.industry),
            ("国民经济行业分类", f"{industry.code} {industry.label}" if industry else ""),
            ("企业规模", text.label(draft.size) if draft.size else ""),
            ("从业人数", f"{draft.employees:,} 人" if draft.employees is not None else ""),
            ("成立日期", draft.established_on),
            ("注册资本", f"{text.yuan(draft.registered_capital_fen)} 元" if draft.registered_capital_fen is not None else ""),
            ("标准化等级", f"{standard}{until}"),
        ]),
        ("其他", [("标签", "、".join(firm.tags)), ("备注", draft.remark)]),
    ]  # fmt: skip


def _code(detail: EnterpriseDetail) -> str:
    state = text.label(detail.row.code_state)
    return f"{detail.draft.uscc}（{state}）" if detail.draft.uscc else f"（{state}）"


def _with_phone(name: str, phone: str) -> str:
    return "　".join(filter(None, (name, phone)))


def advice_of(detail: EnterpriseDetail) -> Iterator[str]:
    """What deserves a second look, as `监管行业：还没有选…`."""
    facts: Mapping[str, object] = {"name": detail.row.name}
    for field, code in detail.advice.items():
        yield f"{FIELD_LABELS.get(field, field)}：{text.field_sentence(code, facts)}"


class FactSheet(QWidget):
    """Groups of facts on a ground that scrolls; above them what is to be mended."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, theme.size(12), theme.size(12), theme.size(theme.WIDE_GAP))
        self._column.setSpacing(theme.size(6))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner))

    def show_groups(self, groups: Sequence[Group], advice: Sequence[str] = ()) -> None:
        """Show these facts and this advice."""
        clear(self._column)
        for sentence in advice:
            self._column.addWidget(_advice(sentence))
        for number, (title, facts) in enumerate(groups):
            head = labelled(title, "section")
            head.setContentsMargins(0, theme.size(10) if number or advice else 0, 0, 0)
            self._column.addWidget(head)
            self._column.addLayout(_grid(facts))
        self._column.addStretch(1)


def _advice(sentence: str) -> QWidget:
    whole = QWidget()
    whole.setObjectName("advice")
    sign = QLabel()
    theme.set_icon(sign, "info", theme.Meaning.ATTENTION)
    sign.setFixedWidth(theme.size(theme.ICON))
    said = labelled(sentence)
    said.setWordWrap(True)
    line = row(sign, said)
    line.setStretch(1, 1)
    whole.setLayout(line)
    return whole


def _grid(facts: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.size(12))
    grid.setVerticalSpacing(theme.size(6))
    grid.setColumnMinimumWidth(0, theme.size(116))
    grid.setColumnStretch(1, 1)
    for place, (title, words) in enumerate(facts):
        head = labelled(title, "label")
        head.setWordWrap(True)
        said = labelled(words or "—", "" if words else "quiet")
        said.setWordWrap(True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(head, place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(said, place, 1, Qt.AlignmentFlag.AlignTop)
    return grid


def risk_groups(detail: EnterpriseDetail, catalogue: Catalogue) -> list[Group]:
    """Its grade with the one that its risks suggest, why it is a key target, and its attributes by kind."""
    grade = detail.suggested_grade
    current = text.label(detail.row.risk_level) if detail.row.risk_level else "未评定"
    suggested = text.label(grade.level) if grade.level else "—"
    groups: list[Group] = [
        ("风险等级", [("现行等级", current), ("建议等级", f"{suggested}：{grade.text}"), ("建议的依据", _source(grade))]),
        ("重点监管", _key_facts(detail)),
    ]  # fmt: skip
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for name, value in detail.attributes.items():
        known = catalogue.attributes.get(name)
        by_kind.setdefault(known.category if known else "其他", []).append((known.label if known else name, value))
    groups += [(f"风险属性 · {kind}", facts) for kind, facts in by_kind.items()]
    return groups if by_kind else [*groups, ("风险属性", [("还没有填写", "")])]


def _key_facts(detail: EnterpriseDetail) -> list[tuple[str, str]]:
    found = detail.classification
    facts = [("结论", "是重点监管企业" if found.is_key else "不是重点监管企业")]
    facts.append(("所属领域", "在重点领域内" if found.is_in_focus else "不在重点领域内"))
    facts += [("符合情形", f"{each.text}\n{_source(each)}") for each in found.reasons]
    return facts


def _source(criterion: object) -> str:
    words = " ".join(filter(None, (getattr(criterion, "source", ""), getattr(criterion, "article", ""))))
    doubt = text.UNCONFIRMED if getattr(criterion, "needs_confirmation", False) else ""
    return "　".join(filter(None, (words, doubt)))
