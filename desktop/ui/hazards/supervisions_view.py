"""The register of supervised major hazards: who listed what until when, with five lights, and one of them beside the list."""

from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import text
from desktop.domain.hazard import HazardStatus
from desktop.services.supervisions import SupervisionRow
from desktop.ui.acts.listing import ListedView
from desktop.ui.acts.lists import EnterpriseLink, FactGrid, PillRow, Step, StepBar, stacked, wrapped
from desktop.ui.acts.story import StoryLines, Told
from desktop.ui.context import Context
from desktop.ui.hazards.columns import days_meaning, status_pill
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Align, Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.filter_bar import Facet, FilterBar, FilterState, Tick
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.pills import Pill, PillLabel
from desktop.ui.widgets.section import clear, labelled, scrolled

STANDING, ENDED, DARK = "standing", "ended", "dark"
STATES = {STANDING: "督办中", ENDED: "已摘牌", DARK: "五到位不全"}
LIT, UNLIT = "●", "○"


def lights_words(row: SupervisionRow) -> str:
    """`●●●○○ 3/5`, in the order 措施、资金、期限、责任人、预案."""
    return "".join(LIT if is_lit else UNLIT for _, is_lit in row.lights) + f" {row.lit}/5"


def lights_tip(row: SupervisionRow) -> str:
    """What is missing, in words."""
    missing = [text.label(each) for each, is_lit in row.lights if not is_lit]
    return f"还没有到位：{'、'.join(missing)}" if missing else "五项都已到位"


def state_pill(row: SupervisionRow) -> Pill:
    """Where the supervision stands."""
    if not row.is_standing:
        return Pill("已摘牌", Meaning.DONE)
    if row.review_due_on is not None:
        return Pill("待现场审查", Meaning.ATTENTION)
    if row.accepted_on is not None or row.hazard_status is HazardStatus.CLEARED:
        return Pill("可以摘牌", Meaning.INFORMATION)
    return Pill("督办中", Meaning.DUE_SOON)


def days_words(row: SupervisionRow) -> str:
    """Days to the deadline; nothing once taken off."""
    return text.days_left(row.days_left) if row.days_left is not None else ""


def _day(on: date | None) -> str:
    return text.day(on) if on else ""


COLUMNS: tuple[Column[SupervisionRow], ...] = (
    Column("enterprise", "企业", lambda row: row.enterprise, 204, rank=1),
    Column("description", "重大隐患", lambda row: row.description, 196, rank=2, least=130),
    Column("days", "剩余", days_words, 92, Align.RIGHT, meaning=lambda row: days_meaning(row.days_left), rank=3),
    Column("due_on", "督办期限", lambda row: _day(row.due_on), 124, Align.RIGHT),
    Column("lights", "五到位", lights_words, 112, tooltip=lights_tip,
           meaning=lambda row: Meaning.DONE if row.lit == len(row.lights) else Meaning.DUE_SOON,
           definition="依次为措施、资金、期限、责任人、预案；写了内容的为 ●。"),
    Column("state", "状态", lambda row: state_pill(row).word, 116, pill=state_pill, rank=4),
    Column("listed_by", "挂牌单位", lambda row: row.listed_by, 150, least=110),
    Column("level", "级别", lambda row: row.level, 72),
    Column("number", "督办文号", lambda row: row.number, 160),
    Column("listed_on", "挂牌", lambda row: _day(row.listed_on), 124, Align.RIGHT),
    Column("supervisor", "督办责任人", lambda row: row.supervisor, 96, is_shown=False),
    Column("published_on", "公示", lambda row: _day(row.published_on), 124, Align.RIGHT, is_shown=False),
    Column("accepted_on", "验收", lambda row: _day(row.accepted_on), 124, Align.RIGHT, is_shown=False),
    Column("delisted_on", "摘牌", lambda row: _day(row.delisted_on), 124, Align.RIGHT, is_shown=False),
    Column("village", "村居", lambda row: row.village, 90, is_shown=False),
)  # fmt: skip


class SupervisionsView(ListedView[SupervisionRow]):
    """By state; what is listed is listed from the hazards, not from here."""

    NAME, ID, FACET = "supervisions", "supervision_id", "state"
    START = FilterState(picked={"state": (STANDING,)})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        bar = FilterBar([Facet("state", "状态", self._ticks)], "企业、隐患、文号…", "supervisionFilter")
        table = SimpleTable(COLUMNS, self.NAME, lambda row: row.id, context.memory)
        table.setAccessibleName("重大事故隐患挂牌督办登记表")
        self.panel = SupervisionPanel(context)
        self.build(bar, table, self.panel, self.panel.show_supervision, "挂牌督办")

    def _ticks(self) -> list[Tick]:
        rows = self.all_rows()
        return [Tick(key, words, sum(_is(row, key) for row in rows)) for key, words in STATES.items()]

    def all_rows(self) -> list[SupervisionRow]:
        """Every listing."""
        return self._context.services.supervisions.rows()

    def rows(self) -> list[SupervisionRow]:
        """The listings asked for."""
        states, words = self.bar.state.picked.get("state", ()), self.bar.state.text.split()
        return [
            row
            for row in self.all_rows()
            if (not states or any(_is(row, state) for state in states))
            and all(word in f"{row.enterprise}{row.description}{row.number}" for word in words)
        ]

    def emptiness(self) -> Emptiness:
        """Nothing listed yet, nothing that stands, or nothing that fits."""
        if not self.all_rows():
            said = "上级挂牌的重大隐患，从隐患列表里选中后点“挂牌督办”登记。"
            return Emptiness("还没有挂牌督办的隐患", said, "看重大隐患", "flag")
        if self.bar.state == self.START:
            return Emptiness("没有在督办的隐患", "挂过牌的隐患都已经摘牌。", "看全部", "check")
        return Emptiness("没有符合条件的督办", "筛选条件把其他隐患挡住了。", "清除筛选", "filter")

    def begin(self) -> None:
        """To the hazards that can be listed."""
        self._context.navigate("hazards", {"level": "major"})

    def steps(self, row_id: int) -> list[Step]:
        """What can be done next with a listing."""
        return supervision_steps(self._context, self._context.services.supervisions.row(row_id))


def _is(row: SupervisionRow, state: str) -> bool:
    if state == DARK:
        return row.is_standing and row.lit < len(row.lights)
    return row.is_standing is (state == STANDING)


def supervision_steps(context: Context, row: SupervisionRow) -> list[Step]:
    """What can be done next with a listing, in the order of the work."""
    steps: list[Step] = []

    def offer(key: str, words: str, form: str, **wanted: object) -> None:
        steps.append((key, words, lambda: context.open_form(form, **wanted)))

    if row.is_standing:
        offer("edit", "五到位与记录", "supervision", supervision_id=row.id)
        if row.review_due_on is not None:
            offer("review", "登记现场审查", "supervision_review", supervision_id=row.id)
        elif row.accepted_on is None:
            offer("resume", "企业申请恢复生产", "supervision_resume", supervision_id=row.id)
            offer("accept", "登记验收", "supervision_accept", supervision_id=row.id)
        if row.accepted_on is not None or row.hazard_status is HazardStatus.CLEARED:
            offer("delist", "摘牌", "supervision_delist", supervision_id=row.id)
        offer("extend", "延长期限", "supervision_extend", supervision_id=row.id)
        if row.hazard_status is not HazardStatus.CLEARED:
            offer("urge", "催办", "urging", hazard_ids=[row.hazard_id])
    steps.append(("hazard", "看隐患", lambda: context.navigate("hazards", {"hazard_id": row.hazard_id})))
    return steps


class LightRow(QWidget):
    """五到位 as five pills: what is in place is done, what is not says so."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("fiveLights")
        self.setAccessibleName("五到位")
        self._flow = FlowLayout(self)

    def show_lights(self, shown: SupervisionRow) -> None:
        """Show these."""
        clear(self._flow)
        for each, is_lit in shown.lights:
            words = text.label(each)
            pill = Pill(words, Meaning.DONE) if is_lit else Pill(f"{words}未到位", Meaning.ATTENTION)
            light = PillLabel(pill)
            light.setObjectName(f"light_{each.value}")
            self._flow.addWidget(light)
        self.updateGeometry()


class SupervisionPanel(QWidget):
    """One listing: its lights, its facts, its deadline and what can be done next."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("supervisionPanel")
        self._context = context
        self.supervision_id: int | None = None
        self._enterprise = EnterpriseLink(context)
        self._description = wrapped("", "section")
        self._pills = PillRow()
        self._steps = StepBar()
        self.lights = LightRow()
        self._ready = FactGrid()
        self._facts = FactGrid()
        self._deadlines = StoryLines("supervisionDeadlines")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        body = stacked(
            self._enterprise, self._description, self._pills, self._steps, labelled("五到位", "section"), self.lights, self._ready,
            labelled("督办", "section"), self._facts, labelled("督办期限", "section"), self._deadlines,
        )  # fmt: skip
        whole.addWidget(scrolled(body))

    def show_supervision(self, supervision_id: int) -> bool:
        """Show it; answers whether it is there."""
        shown = self._context.services.supervisions.row_or_none(supervision_id)
        if shown is None:
            return False
        self.supervision_id = supervision_id
        self._enterprise.show_enterprise(shown.enterprise_id, shown.enterprise)
        self._description.setText(shown.description)
        self._show_pills(shown)
        self._steps.show_steps(supervision_steps(self._context, shown))
        self.lights.show_lights(shown)
        self._ready.show_facts([(text.label(each), getattr(shown, each.value)) for each, _ in shown.lights])
        self._facts.show_facts(_facts(shown))
        chain = self._context.services.supervisions.chain(supervision_id)
        self._deadlines.show_lines([_told(*link) for link in chain])
        return True

    def _show_pills(self, shown: SupervisionRow) -> None:
        pills = [state_pill(shown), status_pill(shown.hazard_status)]
        if shown.days_left is not None:
            pills.append(Pill(days_words(shown), days_meaning(shown.days_left) or Meaning.INFORMATION))
        self._pills.show_pills(*pills)


def _facts(shown: SupervisionRow) -> list[tuple[str, str]]:
    return [
        ("挂牌单位", "　".join(filter(None, (shown.listed_by, shown.level)))),
        ("督办文号", shown.number),
        ("挂牌", _day(shown.listed_on)),
        ("督办责任人", shown.supervisor),
        ("判定标准", shown.standard),
        ("临时管控", shown.interim_control),
        ("公示", _day(shown.published_on) or "还没有公示"),
        ("申请恢复", _day(shown.resumption_asked_on)),
        ("应审查", _day(shown.review_due_on)),
        ("验收", _day(shown.accepted_on)),
        ("摘牌", _day(shown.delisted_on)),
        ("发现", _day(shown.found_on)),
        ("部位", shown.location),
        ("备注", shown.remark),
    ]


def _told(due_on: date, reason: str, approver: str) -> Told:
    return Told(due_on, reason or "挂牌时确定", f"{approver}批准" if approver else "")
