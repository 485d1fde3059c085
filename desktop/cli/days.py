"""deadline, workdays, calendar import: how days are counted. The first two need no data folder."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from desktop.cli.call import DONE, Call
from desktop.cli.output import table
from desktop.cli.parser import Unusable

if TYPE_CHECKING:
    from desktop.domain.calendar import WorkCalendar
    from desktop.domain.deadline import Deadline, RuleBook

BOTH_ENDS = "首尾两天都算在内，周末和法定节假日不算，调休上班日算"


def deadline(call: Call) -> int:
    """One rule worked out from a day or a moment."""
    rules, calendar = _rules_and_calendar(call)
    found = rules.work_out(call.rule, call.start, calendar, call.law_on)
    call.out.say(_deadline_document(found), _deadline_lines(found))
    return DONE


def _rules_and_calendar(call: Call) -> "tuple[RuleBook, WorkCalendar]":
    """The office's own where there is one, else what is shipped."""
    if call.has_office:
        with call.office() as services:
            return services.rules, services.calendars.calendar()
    from desktop.services.rules import rule_book, shipped_calendar

    return rule_book(), shipped_calendar()


def _deadline_document(found: "Deadline") -> dict[str, object]:
    rule = found.rule
    return {
        "rule": rule.id,
        "name_zh": rule.name_zh,
        "from": found.start,
        "raw": found.raw,
        "legal": found.legal,
        "plan": found.plan,
        "unit": rule.unit,
        "length": rule.length,
        "source": rule.source,
        "article": rule.article,
        "confidence": rule.confidence,
        "provisional": found.provisional,
    }


def _deadline_lines(found: "Deadline") -> list[str]:
    from desktop.domain.deadline import Confidence
    from desktop.text import PROVISIONAL, UNCONFIRMED, label

    rule = found.rule
    sure = "" if rule.article_confidence is Confidence.VERIFIED else f"（条号{UNCONFIRMED}）"
    lines = [
        f"{rule.name_zh}（{rule.id}）",
        f"起算      {_when(found.start)}（{rule.trigger_zh}）",
        f"末日      {_when(found.raw)}",
        f"法定期限  {_when(found.legal)}",
        f"计划日期  {_when(found.plan)}",
        f"计算方法  {rule.convention}",
        f"依据      {rule.source} {rule.article}{sure}",
        f"核对情况  {label(rule.confidence)}",
    ]
    if found.wide is not None:
        lines.append(f"从宽口径  {_when(found.wide)}")
    if rule.needs_confirmation:
        lines.append(f"注意      {UNCONFIRMED}")
    if found.provisional:
        lines.append(f"注意      {PROVISIONAL}：涉及的年份还没有公布节假日安排，公布并导入后会重新计算")
    return lines


def _when(at: date | datetime) -> str:
    from desktop.text import day, moment

    return moment(at) if isinstance(at, datetime) else day(at)


def workdays(call: Call) -> int:
    """How many working days lie between two days, both included."""
    from desktop.text import PROVISIONAL

    if call.last < call.first:
        raise Unusable(f"第二个日期 {call.last} 早于第一个日期 {call.first}，请把先后对调")
    _, calendar = _rules_and_calendar(call)
    number, provisional = calendar.count_workdays(call.first, call.last), calendar.is_provisional(call.first, call.last)
    document = {
        "from": call.first,
        "to": call.last,
        "workdays": number,
        "provisional": provisional,
        "convention": BOTH_ENDS,
    }
    note = [f"{PROVISIONAL}：其中有年份还没有公布节假日安排，只按周末计算。"] if provisional else []
    call.out.say(document, [f"{call.first} 至 {call.last}：{number} 个工作日（{BOTH_ENDS}）", *note])
    return DONE


def import_calendar(call: Call) -> int:
    """Take in a year's arrangement, and say which open obligations it moves."""
    from desktop.text import label

    content = call.read_file(call.file)
    with call.office(writes=True) as services:
        change = services.calendars.import_file(content, call.file.name)
    moves = [(move.old_due_on, move.new_due_on, label(move.kind), move.enterprise, move.title) for move in change.moves]
    lines = [
        f"已导入 {change.year} 年放假安排：放假 {change.off_count} 天，调休上班 {change.work_count} 天。",
        f"{len(change.moves)} 项时限的日期有变动，另有 {change.confirmed_count} 项去掉了暂估标记。",
        *(table(("原期限", "新期限", "种类", "企业", "事项"), moves) if moves else []),
    ]
    call.out.say(change, lines)
    return DONE
