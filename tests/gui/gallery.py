"""A gallery of everything pages share, with invented facts: run it to look at it, or let the suite take its pictures.

`python tests/gui/gallery.py` opens it; `python tests/gui/gallery.py pictures` writes `tests/pictures/`.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

if "pictures" in sys.argv:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QTabWidget, QVBoxLayout, QWidget

from desktop.domain.obligation import DueGroup
from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.cards import CardFigure, FigureCard
from desktop.ui.widgets.charts import BarChart, LineChart, Point, RingChart
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import (
    ChoiceField,
    DateField,
    LongTextField,
    MoneyField,
    MultiCheckField,
    NumberField,
    Option,
    TextField,
)
from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, Tick
from desktop.ui.widgets.form import FormPanel
from desktop.ui.widgets.obligation_list import DueRow, ObligationList
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.paged_table import DataTable
from desktop.ui.widgets.picks import MultiPickField, PickField, among
from desktop.ui.widgets.pills import RISK_GRADES, Pill, PillLabel
from desktop.ui.widgets.section import Beside, Figure, column, labelled, row, scrolled
from desktop.ui.widgets.timeline import Event, Timeline
from desktop.ui.window import MainWindow, Office, StatusFacts

TODAY = date(2026, 11, 24)
NAMES = ("江苏惠萍精细化工有限责任公司", "启东三和金属制品厂", "南通联创木业有限公司", "惠萍镇大兴粮油加工厂", "启东市东疆船舶配件有限公司",
         "江苏汇丰纺织印染有限责任公司", "启东宏远塑料包装厂", "惠萍镇果园村冷库", "南通久安气体有限公司", "启东市鑫盛铝粉加工厂")


@dataclass(frozen=True, slots=True)
class Firm:
    id: int
    name: str
    uscc: str
    village: str
    industry: str
    grade: str
    staff: int
    visited_on: date
    state: Pill


def firm(id_: int) -> Firm:
    states = (Pill("正常", Meaning.DONE), Pill("隐患整改中", Meaning.ATTENTION), Pill("复查逾期", Meaning.OVERDUE),
              Pill("3 日内到期", Meaning.DUE_SOON), Pill("停产", Meaning.QUIET))
    return Firm(id_, NAMES[id_ % len(NAMES)], f"91320681MA{id_:07d}X", ("三和村", "大兴村", "果园村", "东兴镇社区")[id_ % 4],
                ("化学原料制造", "金属制品", "木材加工", "农副食品加工")[id_ % 4], ("red", "orange", "yellow", "blue")[id_ * 7 % 4],
                8 + id_ * 13 % 300, TODAY - timedelta(days=id_ * 3 % 200), states[id_ % 5])


COLUMNS: tuple[Column[Firm], ...] = (
    Column("name", "企业", lambda f: f.name, 230),
    Column("grade", "等级", lambda f: RISK_GRADES[f.grade].word, 76, pill=lambda f: RISK_GRADES[f.grade]),
    Column("village", "村居", lambda f: f.village, 96),
    Column("industry", "行业", lambda f: f.industry, 116),
    Column("staff", "人数", lambda f: str(f.staff), 64, Align.RIGHT, definition="在册从业人员"),
    Column("visited_on", "最近检查", lambda f: f"{f.visited_on:%Y-%m-%d}", 112, Align.RIGHT),
    Column("state", "状态", lambda f: f.state.word, 130, pill=lambda f: f.state),
    Column("uscc", "统一社会信用代码", lambda f: f.uscc, 180),
)


class WorkbenchPage(Page):
    """The list of what is due, and the cards."""

    KEY, TITLE, ICON = "workbench", "工作台", "workbench"
    DEPENDS_ON = frozenset({"obligation"})

    def __init__(self) -> None:
        super().__init__()
        self.show_figures([Figure("11 月 24 日 周二"), Figure("逾期 3", print, Meaning.OVERDUE), Figure("今天 2", print, Meaning.DUE_SOON),
                           Figure("本周 4", print), Figure("自上次打开新增逾期 1", print, Meaning.OVERDUE)])
        self.add_action("打印今日清单", print, icon="print")
        self.list = ObligationList()
        cards = [FigureCard(figure) for figure in CARDS]
        inner = QWidget()
        inner.setLayout(column(*cards, 1, spacing=12))
        side = scrolled(inner)
        side.setFixedWidth(theme.size(300))
        self.body.addLayout(row(self.list, side, spacing=24))
        self.set_badge(3)

    def refresh(self) -> None:
        self.list.set_rows(due_rows())


CARDS = (
    CardFigure("年度计划完成率", "78.4%", "应查 264 家次，已查 207 家次", "已完成的计划检查 ÷ 截至今日应完成的计划检查", share=0.784, target_share=1.0,
               trend=(3, 5, 4, 8, 9, 7, 11, 12, 10, 14, 13, 16)),
    CardFigure("重点监管对象检查占比", "81.2%", "目标不低于 80%", meaning=Meaning.DONE, share=0.812, target_share=0.8, trend=(70, 74, 78, 80, 79, 81)),
    CardFigure("隐患整改率", "94.1%", "已整改 160 / 应整改 170", share=0.941, trend=(90, 92, 91, 95, 94, 94.1)),
    CardFigure("按期复查率", "—", "本期没有应复查的事项"),
    CardFigure("未销号重大隐患", "2", "其中 1 项已逾期", meaning=Meaning.OVERDUE),
)


def due_rows(count: int = 18) -> list[DueRow]:
    groups = [DueGroup.OVERDUE] * 3 + [DueGroup.TODAY] * 2 + [DueGroup.THIS_WEEK] * 4 + [DueGroup.LATER] * (count - 9)
    days = [-12, -3, -1, 0, 0, 1, 2, 3, 4, *range(6, 6 + count)]
    things = (("责令限期整改到期，未复查", "去复查"), ("重大隐患整改方案未报送", "去催办"), ("年度计划检查（粉尘涉爆专项）", "开始检查"),
              ("整改复查意见书未送达", "登记送达"), ("安全管理人员证书到期", "联系企业"))
    return [DueRow(number, group, NAMES[number % len(NAMES)], things[number % 5][0], TODAY + timedelta(days=days[number]),
                   days[number], ("张建国", "李慧", "王小明")[number % 3], things[number % 5][1], number > 14, number == 1)
            for number, group in enumerate(groups)]


class EnterprisesPage(Page):
    """The table with its filter bar and a detail beside it."""

    KEY, TITLE, ICON = "enterprises", "企业", "enterprise"
    DEPENDS_ON = frozenset({"enterprise"})

    def __init__(self) -> None:
        super().__init__()
        self.show_figures([Figure("856 家", print), Figure("重点 132 家", print), Figure("红 12 橙 45", print)])
        self.add_action("导入", print, icon="import")
        self.add_action("＋ 新增企业", print, "primary")
        facets = [Facet("village", "村居", lambda: [Tick("sanhe", "三和村", 132), Tick("daxing", "大兴村", 87)]),
                  Facet("grade", "等级", lambda: [Tick("red", "红", 12), Tick("orange", "橙", 45)])]
        self.filters = FilterBar(facets)
        self.table = DataTable(COLUMNS, lambda ids: [firm(id_) for id_ in ids], "enterprises")
        self.filters.set_table(self.table)
        self.filters.set_state(FilterState("", {"village": ("sanhe",), "grade": ("red", "orange")}))
        self.beside = Beside(self.table, self._detail(), NAMES[0])
        self.body.addWidget(self.filters)
        self.body.addWidget(self.beside, 1)
        self.counted = labelled("", "quiet")
        self.table.selection_counted.connect(self._on_counted)
        self.body.addWidget(self.counted)

    def _detail(self) -> QWidget:
        whole = QWidget()
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        self.story = Timeline()
        for title, page in (("大事记", self.story), ("档案", QWidget()), ("检查", QWidget()), ("隐患 2", QWidget())):
            tabs.addTab(page, title)
        inner = QVBoxLayout(whole)
        inner.setContentsMargins(theme.size(16), 0, 0, 0)
        inner.addLayout(row(PillLabel(RISK_GRADES["red"]), PillLabel(Pill("重点监管", Meaning.INFORMATION)),
                            PillLabel(Pill("粉尘涉爆", Meaning.QUIET)), 1))
        inner.addWidget(labelled("本年已查 2 次 / 上限 4 次", "label"))
        inner.addWidget(tabs, 1)
        return whole

    def _on_counted(self, count: int) -> None:
        self.counted.setText(f"已选 {count} 家" if count else "共 856 家")

    def refresh(self) -> None:
        self.table.set_ids(range(1, 857))
        self.story.set_events([
            Event(date(2026, 11, 20), "复查不合格", "2 项隐患中 1 项已整改，1 项再责令限期至 12 月 4 日", Meaning.OVERDUE),
            Event(date(2026, 11, 5), "责令限期整改", "惠应急责改〔2026〕38 号，2 项，限 11 月 19 日前", Meaning.ATTENTION),
            Event(date(2026, 11, 5), "专项检查", "张建国、李慧；发现一般隐患 2 项", Meaning.INFORMATION),
            Event(date(2025, 12, 3), "年度检查", "未发现隐患", Meaning.DONE),
        ])


class FormPage(Page):
    """A form with every kind of field."""

    KEY, TITLE, ICON = "form", "新增隐患", "hazard"

    def __init__(self) -> None:
        super().__init__()
        form = self.form = FormPanel("hazardForm")
        people = [Option(1, "张建国", "执法证 32068100012"), Option(2, "李慧", "执法证 32068100027"),
                  Option(3, "王小明", "", "执法证 2026-10-31 过期")]
        form.section("隐患", "在哪家企业发现了什么。")
        form.add("enterprise", "企业", PickField(among([Option(n, name, "91320681MA") for n, name in enumerate(NAMES)])), required=True)
        form.add("description", "隐患描述", LongTextField("写清部位、问题、依据"), required=True, source="《安全生产事故隐患排查治理暂行规定》")
        form.add("level", "隐患级别", ChoiceField([Option("general", "一般"), Option("major", "重大")]), required=True)
        form.section("整改")
        form.add("due_on", "整改期限", DateField(lambda: TODAY), required=True, note="早于法定期限的，按较早的一天提醒。")
        form.add("officers", "检查人员", MultiPickField(among(people)), required=True)
        form.add("kinds", "涉及类别", MultiCheckField([Option(n, w) for n, w in enumerate(("有限空间", "粉尘涉爆", "危险化学品", "特种设备", "动火作业"))]))
        form.section("其他")
        form.add("fine", "拟处罚金额", MoneyField())
        form.add("staff", "涉及人数", NumberField("人"))
        form.add("remark", "备注", TextField())
        form.section("附件")
        form.finish()
        form.set_values({"enterprise": Option(1, NAMES[0]), "due_on": date(2026, 12, 4), "officers": people[1:], "fine": 2_000_000, "kinds": (0, 2)})
        form.show_problems({"description": "请填写隐患描述。", "officers": "至少两名持有效执法证的人员：王小明的证件已过期。"}, focus=False)
        self.body.addWidget(form, 1)


class ChartsPage(Page):
    """Charts, a banner, and a list with nothing in it."""

    KEY, TITLE, ICON = "charts", "台账统计", "chart"

    def __init__(self) -> None:
        super().__init__()
        self.banner.say("2027 年放假安排尚未公布，涉及的日期为暂估。", "导入放假安排")
        months = [Point(f"{month} 月", value) for month, value in enumerate((12, 9, 22, 31, 18, 27, 24, 30, 41, 28, 16, 0), 1)]
        bars, line, ring = BarChart("每月发现隐患"), LineChart("每月检查家次"), RingChart("风险等级")
        bars.show_points(months)
        line.show_points([Point(month.label, month.value * 1.7 + 5, meaning=Meaning.INFORMATION) for month in months])
        line.show_target(40)
        ring.show_points([Point("红", 12, meaning=Meaning.RED), Point("橙", 45, meaning=Meaning.ORANGE),
                          Point("黄", 210, meaning=Meaning.YELLOW), Point("蓝", 589, meaning=Meaning.BLUE)])
        nothing = DataTable(COLUMNS, lambda ids: [firm(id_) for id_ in ids], "nothing")
        nothing.say_empty(Emptiness("没有符合条件的企业", "当前筛选：村居 三和村、等级 红。", "清除筛选", "filter"))
        self.body.addLayout(row(column(labelled("每月发现隐患", "section"), bars), column(labelled("每月检查家次", "section"), line), spacing=24), 1)
        self.body.addLayout(row(column(labelled("风险等级", "section"), ring), nothing, spacing=24), 1)


PAGES: tuple[type[Page], ...] = (WorkbenchPage, EnterprisesPage, FormPage, ChartsPage)


def window() -> MainWindow:
    """The whole frame with the gallery's pages."""
    made = MainWindow(Office("惠萍镇", 2026, "张建国"))
    for kind in PAGES:
        made.add_page(kind())
    made.show_status(StatusFacts(datetime(2026, 11, 24, 9, 41), datetime(2026, 11, 24, 8, 0), False, 5, 3))
    made.show_undo("批量延期 12 项", None)
    for title in ("检查", "隐患", "企业"):
        made.add_new(title, print)
    made.show_page("workbench")
    return made


def take_pictures(keys: Sequence[str] = ()) -> None:
    """Every page, light and dark, on the small screen; one at 150 % and one with large type."""
    from pictures import WIDE, grab, grab_both

    made = window()
    made.resize(QSize(1366, 768))
    for key in keys or made.pages:
        page = made.show_page(key)
        if isinstance(page, EnterprisesPage):
            page.beside.open_detail()
        grab_both(made, key)
        grab(made, key, scale=1.5)
    made.show_page("workbench")
    made.tell("已登记隐患 2 项，整改期限 12 月 4 日", print)
    grab(made, "workbench", WIDE)
    grab(made, "workbench-large", is_large=True)
    made.close()


def main() -> int:
    app = QApplication(sys.argv)
    theme.apply(theme.Look())
    if "pictures" in sys.argv:
        take_pictures([word for word in sys.argv[1:] if word != "pictures"])
        return 0
    made = window()
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    made.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
