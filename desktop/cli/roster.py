"""enterprise find and enterprise show: the roster, and the one-enterprise file 一企一档."""

from typing import TYPE_CHECKING

from desktop.cli.call import DONE, Call
from desktop.cli.output import table
from desktop.cli.parser import Unusable

if TYPE_CHECKING:
    from desktop.services import Services
    from desktop.services.enterprise_timeline import TimelineEntry
    from desktop.services.enterprises import EnterpriseDetail

CODE_LENGTH = 15  # the shortest number that is a registration number and not one of our ids


def find(call: Call) -> int:
    """Enterprises by a part of the name, pinyin initials or code."""
    from desktop.text import label

    text = " ".join(call.text)
    with call.office() as services:
        hits = services.roster.find(text)
    rows = [
        (hit.id, hit.uscc, label(hit.risk_level), "重点" if hit.is_key else "", hit.village, hit.name) for hit in hits
    ]
    lines = table(("编号", "统一社会信用代码", "等级", "", "村社区", "名称"), rows) if rows else [f"没有找到“{text}”。"]
    call.out.say({"text": text, "items": hits}, lines)
    return DONE


def show(call: Call) -> int:
    """The whole file of one enterprise."""
    with call.office() as services:
        number = number_of(services, call.id)
        detail, story = services.enterprises.detail(number), services.enterprises.timeline(number)
    call.out.say({"enterprise": detail.row, "detail": detail, "timeline": story}, _file_lines(detail, story))
    return DONE


def number_of(services: "Services", text: str) -> int:
    """The enterprise that was named by its id, code or whole name."""
    if text.isascii() and text.isdigit() and len(text) < CODE_LENGTH:
        if services.roster.rows([int(text)]):
            return int(text)
        raise Unusable(f"没有编号为 {text} 的企业，请先用 enterprise find 查找")
    exact = [hit for hit in services.roster.find(text) if text.upper() == hit.uscc or text == hit.name]
    if len(exact) == 1:
        return exact[0].id
    raise Unusable(f"没有代码或名称为“{text}”的企业，请先用 enterprise find 查找")


def _file_lines(detail: "EnterpriseDetail", story: "tuple[TimelineEntry, ...]") -> list[str]:
    from desktop.text import day, days_left, label

    row = detail.row
    lines = [f"{row.name}（编号 {row.id}）{'　重点监管企业' if row.is_key else ''}"]
    facts = (
        ("信用代码", f"{row.uscc or row.legacy_code or '—'}（{label(row.code_state)}）"),
        ("状态", label(row.status)), ("风险等级", label(row.risk_level)), ("行业领域", row.sector_label),
        ("行业类别", row.industry), ("规模", label(row.size)), ("标准化", label(row.standard_level)),
        ("村社区", row.village), ("地址", row.address), ("法定代表人", row.legal_person),
        ("主要负责人", row.principal), ("联系人", row.contact), ("电话", row.phone), ("从业人数", row.employees),
        ("成立日期", row.established_on), ("曾用名", "、".join(line.name for line in detail.former_names)),
        ("标签", "、".join(row.tags)), ("备注", row.remark), ("归档", row.archived_on),
    )  # fmt: skip
    lines += table(("项目", "内容"), [fact for fact in facts if fact[1] not in (None, "", "—")])
    parts = (
        ("未办结事项", ("期限", "", "种类", "事项"),
         [(item.due_on, days_left(item.days_left), label(item.kind), item.title) for item in detail.dues]),
        ("隐患", ("发现", "等级", "状态", "内容"),
         [(line.found_on, label(line.level), label(line.status), line.description) for line in detail.hazards]),
        ("证照", ("有效期至", "状态", "种类", "编号"),
         [(line.valid_until, label(line.state), line.kind_label, line.number) for line in detail.permits]),
        ("经过", ("日期", "事情", "内容"), [(day(entry.on), entry.title, entry.text) for entry in story]),
    )  # fmt: skip
    for title, headings, rows in parts:
        if rows:
            lines += ["", f"【{title}】", *table(headings, rows)]
    return lines
