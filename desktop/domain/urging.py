"""Urging 催办: how an enterprise was reminded of what it has to put right, and the words to remind it with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class UrgingWay(StrEnum):
    """By what way."""

    WECHAT = "wechat"
    SMS = "sms"
    PHONE = "phone"
    VISIT = "visit"
    PAPER = "paper"


SMS_ITEMS = 3  # more of them make a short message of four parts, which some phones cut
SMS_WORDS = 14
ANSWERS = (
    "已经整改完成，申请复查",
    "正在整改，期限前能完成",
    "有困难，将书面申请延期",
    "还没有整改，答应立即整改",
    "电话没有接通",
)
"""What enterprises answer, to choose from; any other words can be written."""


@dataclass(frozen=True, slots=True)
class UrgedItem:
    """A hazard as it is told to the enterprise: where, what, until when. `days_left` is negative when it is late."""

    words: str
    place: str = ""
    due_on: date | None = None
    days_left: int | None = None
    is_major: bool = False

    @property
    def is_late(self) -> bool:
        """Whether its deadline has passed."""
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True)
class Urge:
    """What is urged: one enterprise, whom to speak to there, its items, and the office that speaks."""

    enterprise: str
    items: tuple[UrgedItem, ...]
    contact: str = ""
    office: str = ""

    @property
    def late(self) -> tuple[UrgedItem, ...]:
        """What is late among it."""
        return tuple(item for item in self.items if item.is_late)


def script(urge: Urge, way: UrgingWay) -> str:
    """The words for a way: to send, to read out on the telephone, or to say and leave at a visit."""
    if way is UrgingWay.SMS:
        return sms_text(urge)
    return phone_script(urge) if way in (UrgingWay.PHONE, UrgingWay.VISIT) else message_text(urge)


def message_text(urge: Urge) -> str:
    """A whole message, for WeChat or paper: every item with its place, its date and how late it is."""
    greeting = f"{urge.contact}，您好" if urge.contact else "负责人，您好"
    head = f"【{urge.office}】{greeting}！" if urge.office else f"{greeting}！"
    lines = [f"{head}{urge.enterprise}还有 {len(urge.items)} 项安全隐患没有销号："]
    lines += [f"{number}. {_whole(item)}" for number, item in enumerate(urge.items, 1)]
    lines += [*_asks(urge), "请回复整改情况，谢谢。"]
    return "\n".join(lines)


def sms_text(urge: Urge) -> str:
    """The same in a few words: the first items shortened, and how many there are in all."""
    head = f"【{urge.office}】" if urge.office else ""
    shown = [f"{number}.{_short(item)}" for number, item in enumerate(urge.items[:SMS_ITEMS], 1)]
    more = f"；等共{len(urge.items)}项" if len(urge.items) > SMS_ITEMS else ""
    late = f"，{len(urge.late)}项已逾期" if urge.late else ""
    return f"{head}{urge.enterprise}有{len(urge.items)}项隐患未销号{late}：{'；'.join(shown)}{more}。请抓紧整改并回复。"


def phone_script(urge: Urge) -> str:
    """What to say on the telephone, step by step; the answers to choose from stand in `ANSWERS`."""
    who = f"请问是{urge.contact}吗？" if urge.contact else "请问您是负责安全的同志吗？"
    lines = [
        f"您好，这里是{urge.office or '安监部门'}。{who}",
        f"{urge.enterprise}还有 {len(urge.items)} 项安全隐患没有销号，我念一下：",
        *(f"{number}. {_whole(item)}" for number, item in enumerate(urge.items, 1)),
        "请问现在整改到哪一步了？哪一天能完成？有没有困难？",
        *_asks(urge),
    ]
    return "\n".join(lines)


def _asks(urge: Urge) -> list[str]:
    """What follows: for what is late, and for what still has time or an application for more of it."""
    asked = []
    if urge.late:
        asked.append("已经逾期的请立即整改，整改期间落实防范措施。")
    if any(item.due_on is not None and not item.is_late for item in urge.items):
        asked.append("没有到期的请按期完成；确有困难需要延期的，请在期限届满前书面申请。")
    return [*asked, "整改完成的请告诉我们，我们安排复查。"]


def _whole(item: UrgedItem) -> str:
    level = "【重大隐患】" if item.is_major else ""
    place = f"{item.place}：" if item.place else ""
    return f"{level}{place}{item.words.rstrip('。；;')}（{_until(item)}）"


def _until(item: UrgedItem) -> str:
    if item.due_on is None:
        return "尚未下达整改期限"
    until = f"整改期限 {item.due_on.year}年{item.due_on.month}月{item.due_on.day}日"
    return f"{until}，{days_words(item.days_left)}" if item.days_left is not None else until


def _short(item: UrgedItem) -> str:
    words = item.words if len(item.words) <= SMS_WORDS else f"{item.words[: SMS_WORDS - 1]}…"
    if item.due_on is None:
        return words
    late = f"逾期{-(item.days_left or 0)}天" if item.is_late else "到期"
    return f"{words}({item.due_on.month}月{item.due_on.day}日{late})"


def days_words(days_left: int) -> str:
    """`逾期 3 天`, `今天到期`, `还有 3 天`."""
    if days_left < 0:
        return f"逾期 {-days_left} 天"
    return "今天到期" if days_left == 0 else f"还有 {days_left} 天"


def first_of(*people: tuple[str, str]) -> tuple[str, str]:
    """Whom to speak to: the first with a telephone number, else the first with a name."""
    named: Sequence[tuple[str, str]] = [(name.strip(), phone.strip()) for name, phone in people]
    with_phone = next((each for each in named if each[1]), None)
    return with_phone or next((each for each in named if each[0]), ("", ""))
