"""The enterprise 生产经营单位: its codes, the draft of a record, and what a record of it must say.

A draft is checked here without a database; whether its code or name is taken already is for the service to find out.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from desktop.domain.errors import Invalid
from desktop.domain.uscc import UsccState, classify


class RiskLevel(StrEnum):
    """Risk grade 红橙黄蓝 (安委办〔2016〕11号): from the gravest to the lightest."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class EnterpriseStatus(StrEnum):
    """Whether it works: 在产、停产、关闭."""

    OPERATING = "operating"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Size(StrEnum):
    """大型、中型、小型、微型 by the statistical classification of 2017."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class StandardLevel(StrEnum):
    """Level of work-safety standardisation 安全生产标准化."""

    ONE = "one"
    TWO = "two"
    THREE = "three"
    MICRO = "micro"
    NONE = "none"


class CodeState(StrEnum):
    """What is known of the 统一社会信用代码 (GB 32100-2015) as it is kept."""

    VALID = "valid"
    KEPT = "kept"
    LEGACY = "legacy"
    NONE = "none"


LONGEST_NAME = 120
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class EnterpriseDraft:
    """A record as it is entered. `keeps_code` is the clerk's word that a code which fails its check is on the licence.

    `established_on` is as exact as it is known: `2008`, `2008-06` or `2008-06-18`. Tags and attributes of None are
    left as they are.
    """

    name: str = ""
    uscc: str = ""
    keeps_code: bool = False
    legacy_code: str = ""
    address: str = ""
    village: str = ""
    grid_worker: str = ""
    legal_person: str = ""
    principal: str = ""
    contact: str = ""
    phone: str = ""
    safety_officer: str = ""
    safety_phone: str = ""
    sector: str | None = None
    industry: str = ""
    industry_code: str | None = None
    risk_level: RiskLevel | None = None
    size: Size | None = None
    standard_level: StandardLevel | None = None
    standard_valid_until: date | None = None
    employees: int | None = None
    established_on: str = ""
    registered_capital_fen: int | None = None
    status: EnterpriseStatus = EnterpriseStatus.OPERATING
    remark: str = ""
    tags: frozenset[str] | None = None
    attributes: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """The ids that the catalogues know."""

    sectors: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Attribute ids, each with the values it may take; nothing there means any value."""


_WORDS = (
    "name", "legacy_code", "address", "village", "grid_worker", "legal_person", "principal", "contact",
    "safety_officer", "industry", "remark",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft that may be stored: words trimmed, phones as digits, the code with what is known of it."""

    draft: EnterpriseDraft
    code_state: CodeState


def checked(draft: EnterpriseDraft, choices: Choices, today: date) -> CheckedDraft:
    """The draft as it would be stored; raises `Invalid` naming each field at fault."""
    words: dict[str, Any] = {name: " ".join(getattr(draft, name).split()) for name in _WORDS}
    draft = replace(draft, **words)
    problems: dict[str, str] = {}
    draft, state = _with_code(draft, problems)
    for name in ("phone", "safety_phone"):
        draft = _with_phone(draft, name, problems)
    _check_words(draft, problems)
    _check_numbers(draft, problems)
    _check_choices(draft, choices, problems)
    established = established_date(draft.established_on)
    if established is None:
        problems["established_on"] = "date_invalid"
    elif established > today.isoformat():
        problems["established_on"] = "date_future"
    if problems:
        raise Invalid(problems)
    return CheckedDraft(replace(draft, established_on=established or ""), state)


def _with_code(draft: EnterpriseDraft, problems: dict[str, str]) -> tuple[EnterpriseDraft, CodeState]:
    """A code that is an old registration number goes where it belongs; one that fails is kept only when the clerk says so."""
    found = classify(draft.uscc)
    if found.state is UsccState.VALID:
        return replace(draft, uscc=found.code), CodeState.VALID
    if found.state is UsccState.CHECK_DIGIT_FAILED:
        if not draft.keeps_code:
            problems["uscc"] = "uscc_check_digit"
        return replace(draft, uscc=found.code), CodeState.KEPT
    if found.state is UsccState.LEGACY:
        draft = replace(draft, uscc="", legacy_code=draft.legacy_code or found.code)
    elif found.state is UsccState.FORMAT:
        problems["uscc"] = "uscc_format"
    return draft, CodeState.LEGACY if draft.legacy_code else CodeState.NONE


def _with_phone(draft: EnterpriseDraft, name: str, problems: dict[str, str]) -> EnterpriseDraft:
    changes: dict[str, Any] = {name: phone_digits(getattr(draft, name))}
    if changes[name] is None:
        problems[name] = "phone_invalid"
        return draft
    return replace(draft, **changes)


def _check_words(draft: EnterpriseDraft, problems: dict[str, str]) -> None:
    if not draft.name:
        problems["name"] = "missing"
    elif len(draft.name) > LONGEST_NAME:
        problems["name"] = "too_long"
    for name in _WORDS[1:]:
        if len(getattr(draft, name)) > LONGEST_TEXT:
            problems[name] = "too_long"


def _check_numbers(draft: EnterpriseDraft, problems: dict[str, str]) -> None:
    for name in ("employees", "registered_capital_fen"):
        value = getattr(draft, name)
        if value is not None and value < 0:
            problems[name] = "number_invalid"


def _check_choices(draft: EnterpriseDraft, choices: Choices, problems: dict[str, str]) -> None:
    if draft.sector is not None and draft.sector not in choices.sectors:
        problems["sector"] = "choice_unknown"
    if draft.industry_code is not None and draft.industry_code not in choices.industries:
        problems["industry_code"] = "choice_unknown"
    check_attributes(draft.attributes or {}, choices, problems)
    if any(not tag.strip() for tag in draft.tags or ()):
        problems["tags"] = "missing"


def check_attributes(attributes: Mapping[str, str], choices: Choices, problems: dict[str, str]) -> None:
    """Note each attribute that the catalogue does not know, or that cannot have this value."""
    for name, value in attributes.items():
        allowed = choices.attributes.get(name)
        if allowed is None or (allowed and value not in allowed):
            problems[name] = "choice_unknown"


_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})?[2-9]\d{6,7}(转\d{1,6})?")
_SERVICE = re.compile(r"[48]00\d{7}")
_BETWEEN = re.compile(r"[,，、;；/／|\\]|\s{2,}|\n|或")


def phone_digits(text: str) -> str | None:
    """Phone numbers as digits, several joined by 、 (an extension stays after 转); None when one is no phone number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    numbers = [_bare_number(part) for part in _BETWEEN.split(plain) if part.strip()]
    if any(number is None for number in numbers):
        return None
    return "、".join(dict.fromkeys(number for number in numbers if number))


def _bare_number(part: str) -> str | None:
    main, _, extension = re.sub(r"转|#|ext\.?|分机", "转", part.strip().lower()).partition("转")
    digits = re.sub(r"^(\+?86|0086)(?=1[3-9])", "", re.sub(r"[\s()（）\-‐-―−.]", "", main))
    bare = f"{digits}转{extension.strip()}" if extension.strip() else digits
    return bare if any(shape.fullmatch(bare) for shape in (_MOBILE, _LANDLINE, _SERVICE)) else None


_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def established_date(text: str) -> str | None:
    """`2008`, `2008-06` or `2008-06-18` with its zeros in place; "" stays "", and None is a date that does not exist."""
    plain = text.strip()
    if not plain:
        return ""
    found = _PARTIAL.fullmatch(plain)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        whole = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    return whole.isoformat()[: 4 if month is None else 7 if day is None else 10]


def advice(draft: EnterpriseDraft, today: date) -> dict[str, str]:
    """What deserves a second look but may be saved, by field."""
    found = classify(draft.uscc)
    said: dict[str, str] = {}
    if found.state is UsccState.EMPTY and not draft.legacy_code:
        said["uscc"] = "uscc_missing"
    elif found.state is UsccState.CHECK_DIGIT_FAILED and draft.keeps_code:
        said["uscc"] = "uscc_kept"
    elif found.state is UsccState.LEGACY:
        said["uscc"] = "legacy_code"
    elif found.organisation_doubt:
        said["uscc"] = "uscc_organisation"
    if draft.standard_valid_until is not None and draft.standard_valid_until < today:
        said["standard_valid_until"] = "expired"
    if draft.sector is None:
        said["sector"] = "sector_missing"
    if draft.risk_level is None:
        said["risk_level"] = "risk_level_missing"
    return said


SENTENCES: dict[str, str] = {
    "missing": "请填写这一项。",
    "too_long": "这一项太长了，请缩短，其余内容可以写进备注。",
    "uscc_check_digit": "统一社会信用代码的校验位不对，请对照营业执照核对；确与执照一致的，勾选“与执照一致，照此保留”。",
    "uscc_format": "统一社会信用代码应为 18 位数字和大写字母（不含 I、O、S、V、Z），请核对。",
    "phone_invalid": "电话号码不完整或者有多余的字，请填写手机号或带区号的座机号，几个号码之间用顿号隔开。",
    "number_invalid": "请填写不小于 0 的数。",
    "choice_unknown": "这个选项不在目录里，请从列表中选择。",
    "date_invalid": "日期请写成 2008、2008-06 或 2008-06-18。",
    "date_future": "日期在今天之后，请核对。",
    "duplicate": "名册里已有同一统一社会信用代码的企业：{name}。请打开那一家修改，不要重复登记。",
    "uscc_missing": "还没有统一社会信用代码，以后只能按名称和地址辨认。",
    "uscc_kept": "代码的校验位不符，已按执照保留。",
    "legacy_code": "这是旧的登记号，已记为旧登记号，请尽快补录统一社会信用代码。",
    "uscc_organisation": "代码中的组织机构代码校验位不符，少数真实代码也会这样，请对照执照看一眼。",
    "expired": "有效期已过，请核对是否已经换证。",
    "sector_missing": "还没有选监管行业，重点监管占比和检查频次上限会算不准。",
    "risk_level_missing": "还没有评定风险等级，计划建议会把它当作未评定。",
    "duplicate_name": "名册里已有同名企业：{name}。",
}
