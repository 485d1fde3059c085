"""plan suggest, plan show, plan share: the annual plan and what became of it."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from desktop.cli.call import DONE, Call
from desktop.cli.output import table

if TYPE_CHECKING:
    from desktop.domain.classification import KeyShare
    from desktop.services.figures import Figure


def suggest(call: Call) -> int:
    """A suggested plan. Nothing is written: a person takes it over in the window."""
    from desktop.text import label

    with call.office() as services:
        found = services.plans.suggest(call.year)
    items = [
        {
            "month": each.draft.month,
            "enterprise": {"id": each.draft.enterprise_id, "name": each.enterprise},
            "kind": each.draft.kind,
            "reason": each.draft.reason,
        }
        for each in found
    ]
    rows = [(f"{each.draft.month} 月", label(each.draft.kind), each.enterprise, each.draft.reason) for each in found]
    lines = [
        f"{call.year} 年度建议检查 {len(found)} 家次（只是建议，没有写入计划）",
        *table(("月份", "类别", "企业", "理由"), rows),
    ]
    call.out.say({"year": call.year, "items": items}, lines)
    return DONE


def show(call: Call) -> int:
    """Plan against done, month by month and item by item."""
    year = call.arguments.year or call.today.year
    with call.office() as services:
        rows, months = services.plans.rows(year), services.plans.by_month(year)
    planned, done = sum(line.planned for line in months), sum(line.done for line in months)
    document = {"year": year, "planned": planned, "done": done, "months": months, "items": rows}
    call.out.say(document, _plan_lines(year, planned, done, months, rows))
    return DONE


def _plan_lines(year: int, planned: int, done: int, months: Any, rows: Any) -> list[str]:
    from desktop.text import rate

    by_month = [(f"{line.month} 月", line.planned, line.done, rate(line.done, line.planned)) for line in months]
    items = [(f"{row.month} 月", row.planned_on, _state(row), row.officer, row.enterprise) for row in rows]
    return [
        f"{year} 年度计划 {planned} 项，已完成 {done} 项，完成率 {rate(done, planned)}（已取消的不计）",
        *table(("月份", "计划", "完成", "完成率"), by_month),
        *(["", *table(("月份", "计划日期", "情况", "人员", "企业"), items)] if items else []),
    ]


def _state(row: Any) -> str:
    if row.cancelled_on is not None:
        return f"已取消（{row.cancel_reason}）"
    return "未完成" if row.done_on is None else f"已完成 {row.done_on}"


def share(call: Call) -> int:
    """The key-target share of the plan and of what was done, in all three countings."""
    from desktop.text import label

    with call.office() as services:
        planned = services.figures.key_share_planned(call.year)
        done = services.figures.shares(call.year)
        floor = services.rules.thresholds["key_share"].value
    document = {
        "year": call.year,
        "floor": float(floor),
        "planned": _planned_document(planned),
        "done": [{"counting": counting, **_share_document(found)} for counting, found in done.items()],
    }
    lines = [f"{call.year} 年度重点监管执法占比，目标不低于 {float(floor):.0%}"]
    lines += [f"计划：{_share_words(planned.part, planned.whole)}", f"  口径：{planned.definition}"]
    for counting, found in done.items():
        exempt = f"，另有不计入的 {found.exempt} 项" if found.exempt else ""
        lines.append(f"已完成（{label(counting)}）：{_share_words(found.numerator, found.denominator)}{exempt}")
        lines.append(f"  口径：{found.definition}")
    call.out.say(document, lines)
    return DONE


def _planned_document(figure: "Figure") -> dict[str, object]:
    share = Fraction(figure.part, figure.whole) if figure.whole else None
    return {"numerator": figure.part, "denominator": figure.whole, "share": share, "definition": figure.definition}


def _share_document(found: "KeyShare") -> dict[str, object]:
    return {
        "numerator": found.numerator,
        "denominator": found.denominator,
        "share": found.share,
        "exempt": found.exempt,
        "definition": found.definition,
    }


def _share_words(part: int, whole: int | None) -> str:
    from desktop.text import rate

    return f"{part} ÷ {whole or 0} = {rate(part, whole)}"
