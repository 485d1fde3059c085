"""What the buttons of the pages do, for Ctrl+K: everything that needs no row chosen first.

The pages themselves may not be loaded yet, so their acts are named here; a test walks the buttons of every page and
holds the two together.
"""

from typing import NamedTuple


class FormAct(NamedTuple):
    """A form that opens over whatever page is shown."""

    title: str
    form: str


class PushAct(NamedTuple):
    """A button that acts on its own page: the page is shown, at `tab` if it has any, and the button pressed."""

    title: str
    page: str
    push: str
    tab: str = ""


class TabAct(NamedTuple):
    """A part of a page; `wanted` is what the page is opened with."""

    title: str
    page: str
    wanted: tuple[str, str]


FORMS = (
    FormAct("安排检查", "inspection_schedule"),
    FormAct("现场包", "field_pack"),
    FormAct("读回现场结果", "field_return"),
    FormAct("下达整改指令", "order"),
    FormAct("照片查重", "photo_twins"),
    FormAct("列入回访", "revisit_start"),
    FormAct("登记案件", "case"),
    FormAct("文号簿", "number_book"),
    FormAct("领用纸质文书", "reserve_numbers"),
    FormAct("登记人员", "officer"),
    FormAct("登记专家", "expert"),
    FormAct("新增常用语", "phrase"),
    FormAct("新增检查项", "checklist_item"),
)
PUSHES = (
    PushAct("计划建议", "calendar", "suggestPlan"),
    PushAct("导出年终包", "reporting", "exportPackage"),
    PushAct("立即备份", "settings", "makeBackup", "backup"),
    PushAct("开始体检", "settings", "runCheck", "check"),
    PushAct("导入放假安排", "settings", "importYear", "calendar"),
)
TABS = (
    TabAct("隐患整改 · 指令书", "hazards", ("view", "orders")),
    TabAct("隐患整改 · 回访", "hazards", ("view", "revisits")),
    TabAct("隐患整改 · 挂牌督办", "hazards", ("view", "supervisions")),
    TabAct("隐患整改 · 反复违法", "hazards", ("view", "radar")),
    TabAct("资料库 · 检查表", "library", ("tab", "checklists")),
    TabAct("资料库 · 重大隐患判定标准", "library", ("tab", "criteria")),
    TabAct("资料库 · 法条", "library", ("tab", "statutes")),
    TabAct("资料库 · 常用语", "library", ("tab", "phrases")),
    TabAct("设置 · 单位", "settings", ("tab", "office")),
    TabAct("设置 · 人员", "settings", ("tab", "officers")),
    TabAct("设置 · 工作日历", "settings", ("tab", "calendar")),
    TabAct("设置 · 期限规则", "settings", ("tab", "rules")),
    TabAct("设置 · 文书", "settings", ("tab", "documents")),
    TabAct("设置 · 备份", "settings", ("tab", "backup")),
    TabAct("设置 · 数据体检", "settings", ("tab", "check")),
    TabAct("设置 · 操作日志", "settings", ("tab", "journal")),
    TabAct("设置 · 本机", "settings", ("tab", "machine")),
    TabAct("设置 · 关于与升级", "settings", ("tab", "upgrade")),
)
