"""How an enterprise is read in the roster: pills, words, columns."""

from datetime import date
from enum import StrEnum

from desktop import readable
from desktop.domain.enterprise import CodeState, EnterpriseStatus
from desktop.services.roster import EnterpriseRow
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.pills import RISK_GRADES, Pill, Shape

UNGRADED = Pill("未评定", Meaning.QUIET)
KEY = Pill("重点", Meaning.INFORMATION, Shape.DIAMOND)
STATUS_PILLS = {
    EnterpriseStatus.OPERATING: Pill("在产", Meaning.DONE, Shape.CIRCLE),
    EnterpriseStatus.SUSPENDED: Pill("停产", Meaning.ATTENTION, Shape.SQUARE),
    EnterpriseStatus.CLOSED: Pill("关闭", Meaning.QUIET),
}


def grade_pill(row: EnterpriseRow) -> Pill:
    """红橙黄蓝, or that nobody has graded it yet."""
    return RISK_GRADES[row.risk_level] if row.risk_level else UNGRADED


def status_pill(row: EnterpriseRow) -> Pill:
    """Whether it works; an archived one says so before anything else."""
    return Pill("已归档", Meaning.QUIET) if row.archived_on else STATUS_PILLS[row.status]


def _status_cell(row: EnterpriseRow) -> Pill | None:
    """In the list only what is out of the ordinary stands out; 在产 is a plain word."""
    is_ordinary = row.status is EnterpriseStatus.OPERATING and not row.archived_on
    return None if is_ordinary else status_pill(row)


def _label(code: StrEnum) -> str:
    from desktop import (
        text,  # with all codes of the program: loaded when a word is first wanted, after the list is seen
    )

    return text.label(code)


def code_words(row: EnterpriseRow) -> str:
    """The unified code, else the old registration number."""
    return row.uscc or row.legacy_code or ""


def code_tip(row: EnterpriseRow) -> str:
    """The code with what is known of it."""
    return "　".join(filter(None, (code_words(row), _label(row.code_state))))


def _code_meaning(row: EnterpriseRow) -> Meaning | None:
    return None if row.code_state is CodeState.VALID else Meaning.ATTENTION


def _day(on: date | None) -> str:
    return readable.day(on) if on else ""


def _count(count: int) -> str:
    return str(count) if count else ""


def _size(row: EnterpriseRow) -> str:
    return _label(row.size) if row.size else ""


def _standard(row: EnterpriseRow) -> str:
    return _label(row.standard_level) if row.standard_level else ""


def _claim(count: int, meaning: Meaning) -> Meaning | None:
    return meaning if count else None


COLUMNS: tuple[Column[EnterpriseRow], ...] = (
    Column("name", "企业", lambda row: row.name, 228, rank=1, least=204),
    Column("risk_level", "等级", lambda row: grade_pill(row).word, 76, pill=grade_pill, rank=2),
    Column(
        "is_key",
        "重点",
        lambda row: KEY.word if row.is_key else "",
        76,
        pill=lambda row: KEY if row.is_key else None,
        definition="重点监管：属于危险化学品、工贸（含非煤矿山）、烟花爆竹领域，并有风险较高等情形之一。",
        rank=3,
    ),
    Column("status", "状态", lambda row: status_pill(row).word, 72, pill=_status_cell),
    Column("village", "村居", lambda row: row.village, 88),
    Column("sector", "行业", lambda row: row.sector_label or row.industry, 104),
    Column("principal", "主要负责人", lambda row: row.principal or row.legal_person, 92),
    Column("phone", "联系电话", lambda row: row.phone, 120, is_personal=True),
    Column(
        "open_hazard_count",
        "未销号",
        lambda row: _count(row.open_hazard_count),
        68,
        Align.RIGHT,
        meaning=lambda row: _claim(row.open_hazard_count, Meaning.DUE_SOON),
        definition="登记后还没有销号的隐患条数。",
        rank=5,
    ),
    Column(
        "overdue_count",
        "逾期",
        lambda row: _count(row.overdue_count),
        60,
        Align.RIGHT,
        meaning=lambda row: _claim(row.overdue_count, Meaning.OVERDUE),
        definition="已过期限还没有办结的时限事项数。",
        rank=4,
    ),
    Column("last_inspected_on", "最近检查", lambda row: _day(row.last_inspected_on), 124, Align.RIGHT),
    Column(
        "uscc",
        "统一社会信用代码",
        code_words,
        184,
        Align.CENTRE,
        meaning=_code_meaning,
        tooltip=code_tip,
        is_shown=False,
    ),
    Column("next_due_on", "最近期限", lambda row: _day(row.next_due_on), 128, Align.RIGHT, is_shown=False),
    Column(
        "expired_permit_count",
        "过期证照",
        lambda row: _count(row.expired_permit_count),
        76,
        Align.RIGHT,
        meaning=lambda row: _claim(row.expired_permit_count, Meaning.OVERDUE),
        is_sortable=False,
        is_shown=False,
    ),
    Column("industry", "行业类别", lambda row: row.industry, 140, is_shown=False),
    Column("size", "规模", _size, 64, is_shown=False),
    Column("standard_level", "标准化", _standard, 76, is_shown=False),
    Column(
        "employees",
        "人数",
        lambda row: "" if row.employees is None else f"{row.employees:,}",
        68,
        Align.RIGHT,
        is_shown=False,
    ),
    Column("legal_person", "法定代表人", lambda row: row.legal_person, 92, is_shown=False),
    Column("safety_officer", "安全管理人员", lambda row: row.safety_officer, 104, is_shown=False),
    Column("contact", "联系人", lambda row: row.contact, 84, is_shown=False),
    Column("grid_worker", "网格员", lambda row: row.grid_worker, 84, is_shown=False),
    Column("address", "地址", lambda row: row.address, 240, is_shown=False),
    Column("established_on", "成立日期", lambda row: row.established_on or "", 108, Align.RIGHT, is_shown=False),
    Column("tags", "标签", lambda row: "、".join(row.tags), 140, is_sortable=False, is_shown=False),
    Column("remark", "备注", lambda row: row.remark, 200, is_sortable=False, is_shown=False),
)
