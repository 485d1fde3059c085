"""What can be done with enterprises from the roster, the panel and its window: the same acts, the same words."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QMenu

from desktop.ui.context import Context


def archive(context: Context, ids: Sequence[int]) -> None:
    """Out of the roster, with 撤销; the service refuses what still has open work."""
    if ids:
        context.act(lambda: context.services.enterprises.archive(ids), f"已归档 {len(ids)} 家企业")


def bring_back(context: Context, ids: Sequence[int]) -> None:
    """Back into the roster."""
    if ids:
        context.act(lambda: context.services.enterprises.bring_back(ids), f"已恢复 {len(ids)} 家企业")


def plan(context: Context, ids: Sequence[int]) -> None:
    """Into the yearly plan."""
    context.open_form("plan_item", enterprise_ids=list(ids))


def tags(context: Context, ids: Sequence[int]) -> None:
    """Words of the office's own."""
    context.open_form("tags", enterprise_ids=list(ids))


def attributes(context: Context, ids: Sequence[int]) -> None:
    """Risk attributes of one or many."""
    context.open_form("attributes", enterprise_ids=list(ids))


BATCH: tuple[tuple[str, str, Callable[[Context, Sequence[int]], None]], ...] = (
    ("列入计划", "batchPlan", plan),
    ("设置标签", "batchTags", tags),
    ("设置风险属性", "batchAttributes", attributes),
)


def fill_menu(context: Context, menu: QMenu, ids: Sequence[int], is_archived: bool) -> None:
    """The acts on the rows selected, for a context menu."""
    if not ids:
        return
    if len(ids) == 1:
        menu.addAction("修改\tF2").triggered.connect(partial(_open, context, "enterprise", ids[0]))
        menu.addAction("登记检查").triggered.connect(partial(_open, context, "inspection", ids[0]))
        menu.addAction("更名").triggered.connect(partial(_open, context, "rename", ids[0]))
    for title, _, act in BATCH:
        menu.addAction(title).triggered.connect(partial(_call, act, context, ids))
    if is_archived:
        menu.addAction("恢复到名册").triggered.connect(partial(_call, bring_back, context, ids))
    else:
        menu.addAction("归档\tDelete").triggered.connect(partial(_call, archive, context, ids))


def _open(context: Context, form: str, enterprise_id: int, _checked: bool = False) -> None:
    context.open_form(form, enterprise_id=enterprise_id)


def _call(
    act: Callable[[Context, Sequence[int]], None], context: Context, ids: Sequence[int], _checked: bool = False
) -> None:
    act(context, ids)
