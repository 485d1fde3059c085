"""Urging, acts on a selection, proposals and supervised hazards, used as a clerk uses them."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from chain_office import TODAY, ChainOffice, chain_office, fill_folder, type_words
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.hazard import OPEN, EscalationKind, HazardLevel, HazardStatus
from desktop.domain.obligation_kind import ObligationKind
from desktop.domain.urging import ANSWERS, UrgingWay
from desktop.services.hazards import HazardDraft, HazardQuery
from desktop.services.obligations import DueQuery
from desktop.services.orders import OrderDraft
from desktop.services.supervisions import SupervisionDraft
from desktop.services.urgings import UrgingDraft
from desktop.services.workbench import DueLine
from desktop.ui import theme
from desktop.ui.hazards.page import HazardsPage
from desktop.ui.hazards.supervisions_view import lights_words
from desktop.ui.hazards.urging import UrgingDialog
from desktop.ui.printing.lists import work_of
from desktop.ui.widgets.pills import PillLabel
from desktop.ui.workbench.steps import take_step

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_folder(tmp_path_factory.mktemp("follow_up") / "office")


@pytest.fixture
def office(template: Path, tmp_path: Path, qapp: QApplication) -> Iterator[ChainOffice]:
    window = QWidget()
    theme.set_role(window, "surface")
    QVBoxLayout(window)
    made = chain_office(template, tmp_path / "office", window)
    yield made
    made.close()


@pytest.fixture
def page(office: ChainOffice) -> HazardsPage:
    made = HazardsPage(office.context)
    layout = office.window.layout()
    assert layout is not None
    layout.addWidget(made)
    office.context.bus.changed.connect(made.hear)
    office.window.resize(1180, 720)
    office.window.show()
    return made


def shown(office: ChainOffice, name: str) -> QDialog:
    """The dialog of this name over the window."""
    found = [each for each in office.window.findChildren(QDialog, name) if each.isVisible()]
    assert found, f"{name} is not open"
    return found[-1]


def press(qtbot: QtBot, where: QWidget, name: str) -> None:
    QApplication.processEvents()
    found = [each for each in where.findChildren(QPushButton, name) if not each.isHidden()]
    assert found, name
    qtbot.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def write(dialog: QWidget, key: str, words: str) -> None:
    field = dialog.findChild(QWidget, f"edit_{key}")
    assert field is not None
    type_words(field, words)


def child(parent: QWidget, name: str) -> QWidget:
    found = parent.findChild(QWidget, name)
    assert found is not None, name
    return found


def a_hazard(office: ChainOffice, enterprise_id: int = 1, level: HazardLevel = HazardLevel.GENERAL) -> int:
    return office.context.services.hazards.register(HazardDraft(enterprise_id, TODAY, "配电箱未上锁", level))


def ordered(office: ChainOffice, enterprise_id: int = 1, level: HazardLevel = HazardLevel.GENERAL) -> int:
    hazard = a_hazard(office, enterprise_id, level)
    draft = OrderDraft(enterprise_id, ((hazard, date(2026, 4, 24)),), TODAY, TODAY)
    office.context.services.orders.issue(draft)
    return hazard


def select(page: HazardsPage, ids: list[int]) -> None:
    page.open_with({"hazard_ids": ids})
    page.hazards.table.selectAll()


# ---- urging ------------------------------------------------------------------------------------------------


def test_one_key_copies_the_words_and_notes_the_urging(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    hazard = ordered(office)
    page.open_with({"hazard_id": hazard})
    press(qtbot, page.hazards.panel, "step_urge")
    dialog = shown(office, "urgingFormDialog")
    assert isinstance(dialog, UrgingDialog)
    assert "配电箱未上锁" in dialog.script.words.toPlainText()
    assert "4月24日" in dialog.script.words.toPlainText()
    words = dialog.script.words.toPlainText()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    press(qtbot, dialog, "way_wechat")
    qtbot.keyClick(dialog.script.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (row,) = office.context.services.urgings.of_hazard(hazard)
    assert (row.way, row.text) == (UrgingWay.WECHAT, words)
    assert row.person
    assert QGuiApplication.clipboard().text() == words
    assert "已登记微信催办" in office.toasts[-1]
    listed = office.context.services.hazards.rows([hazard])[0]
    assert listed.urged_count == 1


def test_the_script_follows_the_way_and_an_answer_is_one_click(
    page: HazardsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    hazard = ordered(office)
    dialog = office.open("urging", hazard_ids=[hazard])
    assert isinstance(dialog, UrgingDialog)
    press(qtbot, dialog, "way_sms")
    assert dialog.script.words.toPlainText().startswith("【")
    assert "\n" not in dialog.script.words.toPlainText()
    press(qtbot, dialog, "way_phone")
    assert "念一下" in dialog.script.words.toPlainText()
    press(qtbot, dialog, "answer_1")
    press(qtbot, dialog, "save")
    (row,) = office.context.services.urgings.of_hazard(hazard)
    assert (row.way, row.answer) == (UrgingWay.PHONE, ANSWERS[1])


def test_several_enterprises_are_urged_one_after_the_other(
    page: HazardsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    ids = [ordered(office, firm) for firm in (1, 2, 3)]
    before = {firm: len(office.context.services.urgings.of_enterprise(firm)) for firm in (1, 2, 3)}
    select(page, ids)
    press(qtbot, page.hazards.selection, "batch_urge")
    dialog = shown(office, "urgingFormDialog")
    assert isinstance(dialog, UrgingDialog)
    first = dialog.subject.enterprise_id
    press(qtbot, dialog, "save")
    press(qtbot, dialog, "skip")
    last = dialog.subject.enterprise_id
    press(qtbot, dialog, "save")
    assert dialog.logged == 2
    urged = {firm for firm in before if len(office.context.services.urgings.of_enterprise(firm)) > before[firm]}
    assert urged == {first, last}


def test_a_time_that_is_none_is_said_beside_it(office: ChainOffice, page: HazardsPage, qtbot: QtBot) -> None:
    dialog = office.open("urging", hazard_ids=[ordered(office)])
    assert isinstance(dialog, UrgingDialog)
    dialog.form.field("clock").set_value("25:00")
    press(qtbot, dialog, "save")
    assert dialog.isVisible()
    assert dialog.form.problems() == {"clock": "请写成时:分，例：9:30。"}


# ---- acts on a selection -----------------------------------------------------------------------------------


def test_refused_lines_are_shown_with_their_reasons_before_anything_is_done(
    page: HazardsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    services = office.context.services
    good, fresh = ordered(office), a_hazard(office)
    cleared = services.hazards.ids(HazardQuery(statuses=frozenset({HazardStatus.CLEARED})))[0]
    head = services.store.undoable
    select(page, [good, fresh, cleared])
    press(qtbot, page.hazards.selection, "batch_request")
    dialog = shown(office, "refusalDialog")
    assert {each for each in (good, fresh, cleared) if dialog.findChild(QWidget, f"refused_{each}")} == {fresh, cleared}
    press(qtbot, dialog, "refusalNo")
    assert services.store.undoable == head
    press(qtbot, page.hazards.selection, "batch_request")
    press(qtbot, shown(office, "refusalDialog"), "refusalRest")
    press(qtbot, shown(office, "requestFormDialog"), "save")
    assert office.toasts[-1] == "已登记复查申请 1 项"


def test_a_selection_that_fits_nothing_offers_nothing(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    select(page, [a_hazard(office), a_hazard(office)])
    press(qtbot, page.hazards.selection, "batch_extension")
    assert shown(office, "refusalDialog").findChild(QPushButton, "refusalRest") is None


def test_several_are_proposed_at_once(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    ids = [ordered(office, 1), ordered(office, 2)]
    select(page, ids)
    press(qtbot, page.hazards.selection, "batch_escalate")
    dialog = shown(office, "escalateFormDialog")
    write(dialog, "reason", "拒不整改")
    press(qtbot, dialog, "save")
    rows = office.context.services.hazards.rows(ids)
    assert {row.status for row in rows} == {HazardStatus.ESCALATED}


# ---- filters -----------------------------------------------------------------------------------------------


def test_the_filter_of_officers_shows_whose_hazards_they_are(page: HazardsPage, office: ChainOffice) -> None:
    hazards = office.context.services.hazards
    ticks = {tick.value: tick.count for tick in page.hazards._officer_ticks()}
    assert sum(count or 0 for count in ticks.values()) == hazards.counts()["open"]
    name = next(name for name in ticks if name)
    page.hazards.bar.pick("officer", (name,))
    rows = hazards.rows(page.hazards.table.ids)
    assert len(rows) == ticks[name]
    assert {row.officer for row in rows} == {name}


def test_the_filter_of_ages_covers_every_open_hazard_once(page: HazardsPage, office: ChainOffice) -> None:
    hazards = office.context.services.hazards
    ticks = {tick.value: tick.count for tick in page.hazards._age_ticks()}
    seen = 0
    for key, count in ticks.items():
        page.hazards.bar.pick("age", (key,))
        assert len(page.hazards.table.ids) == count
        seen += len(page.hazards.table.ids)
    assert seen == hazards.counts()["open"]


def test_what_nobody_urged_lately_is_found(page: HazardsPage, office: ChainOffice) -> None:
    hazard, services = ordered(office), office.context.services
    page.hazards.bar.pick("urged", ("never",))
    assert hazard in page.hazards.table.ids
    services.urgings.log(UrgingDraft(1, (hazard,), datetime(2026, 4, 9, 10), UrgingWay.PHONE, "王厂长"))
    assert hazard not in page.hazards.table.ids
    page.hazards.bar.pick("urged", ("7",))
    assert hazard in page.hazards.table.ids  # the seventh day before today
    services.urgings.log(UrgingDraft(1, (hazard,), datetime(2026, 4, 10, 10), UrgingWay.PHONE, "王厂长"))
    assert hazard not in page.hazards.table.ids
    assert page.hazards._urged_ticks()[0].count == sum(
        not row.urged_count for row in services.hazards.rows(services.hazards.ids(HazardQuery(statuses=OPEN)))
    )


# ---- proposals and supervision -----------------------------------------------------------------------------


def line_of(office: ChainOffice, kind: ObligationKind, subject_id: int) -> DueLine:
    lines = office.context.services.workbench.lines(DueQuery(kinds=frozenset({kind})))
    return next(line for line in lines if line.first.subject_id == subject_id)


def test_a_proposal_is_answered_from_the_workbench(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    hazard, services = ordered(office), office.context.services
    dialog = office.open("escalate", hazard_id=hazard)
    assert isinstance(dialog, QDialog)
    kind = child(dialog, "edit_kind")
    kind.setCurrentIndex(2)  # type: ignore[attr-defined]
    write(dialog, "reason", "企业无力整改")
    press(qtbot, dialog, "save")
    assert services.hazards.escalations(hazard) == []  # the gate wants a reason first
    type_words(child(dialog, "reason_propose_after_expiry"), "企业书面表示无力整改")
    press(qtbot, dialog, "save")
    (proposal,) = services.hazards.escalations(hazard)
    assert proposal.kind is EscalationKind.CLOSURE
    take_step(office.context, line_of(office, ObligationKind.PROPOSE, proposal.id))
    answer = shown(office, "answerFormDialog")
    write(answer, "answer", "市政府同意关闭")
    press(qtbot, answer, "save")
    assert services.hazards.escalation(proposal.id).answer == "市政府同意关闭"


def lights(page: HazardsPage) -> list[str]:
    row = child(page.supervisions.panel, "fiveLights")
    QApplication.processEvents()
    return [each.pill.word for each in row.findChildren(PillLabel) if not each.isHidden()]


def test_a_major_hazard_is_put_under_supervision_and_its_lights_go_on(
    page: HazardsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    hazard, services = ordered(office, level=HazardLevel.MAJOR), office.context.services
    page.open_with({"hazard_id": hazard})
    press(qtbot, page.hazards.panel, "step_supervise")
    dialog = shown(office, "supervisionFormDialog")
    press(qtbot, dialog, "save")
    assert dialog.isVisible()  # 挂牌单位 is missing
    write(dialog, "listed_by", "启东市安委办")
    write(dialog, "measures", "加装泄爆口")
    press(qtbot, dialog, "save")
    (row,) = services.supervisions.of_hazard(hazard)
    page.open_with({"supervision_id": row.id})
    assert lights(page) == ["措施", "资金未到位", "期限未到位", "责任人未到位", "预案未到位"]
    services.supervisions.change(row.id, SupervisionDraft(hazard, "市安委办", TODAY, measures="加装", funds="12 万元"))
    assert lights(page)[:2] == ["措施", "资金"]
    take_step(office.context, line_of(office, ObligationKind.SUPERVISE, row.id))
    assert office.visited[-1] == ("hazards", {"supervision_id": row.id})


def test_a_supervised_hazard_is_reviewed_and_taken_off(page: HazardsPage, office: ChainOffice, qtbot: QtBot) -> None:
    hazard, services = ordered(office, level=HazardLevel.MAJOR), office.context.services
    made = services.supervisions.put_up(SupervisionDraft(hazard, "市安委办", TODAY, date(2026, 6, 30)))
    page.open_with({"supervision_id": made})
    panel = page.supervisions.panel
    press(qtbot, panel, "step_resume")
    press(qtbot, shown(office, "resumptionFormDialog"), "save")
    press(qtbot, panel, "step_review")
    press(qtbot, shown(office, "reviewFormDialog"), "save")
    press(qtbot, panel, "step_delist")
    press(qtbot, shown(office, "delistingFormDialog"), "save")
    assert services.supervisions.row(made).delisted_on == TODAY
    assert services.obligations.due(DueQuery(kinds=frozenset({ObligationKind.SUPERVISE}))) == [
        item
        for item in services.obligations.due(DueQuery(kinds=frozenset({ObligationKind.SUPERVISE})))
        if item.subject_id != made
    ]


def test_the_register_is_printed_with_its_lights(page: HazardsPage, office: ChainOffice) -> None:
    hazard, services = ordered(office, level=HazardLevel.MAJOR), office.context.services
    services.supervisions.put_up(SupervisionDraft(hazard, "市安委办", TODAY, date(2026, 6, 30), funds="12 万元"))
    page.open_with({"view": "supervisions"})
    QApplication.processEvents()
    work = work_of(page, office.context)
    assert work is not None
    assert "重大事故隐患挂牌督办登记表" in work.title
    rows = [page.supervisions.table.table_model().row_at(place) for place in range(len(services.supervisions.rows()))]
    assert "○●○○○ 1/5" in [lights_words(row) for row in rows if row is not None]


def test_an_answer_that_comes_later_is_added_from_the_panel(
    page: HazardsPage, office: ChainOffice, qtbot: QtBot
) -> None:
    hazard, services = ordered(office), office.context.services
    made = services.urgings.log(UrgingDraft(1, (hazard,), services.clock.now(), UrgingWay.WECHAT, "王厂长"))
    page.open_with({"hazard_id": hazard})
    press(qtbot, page.hazards.panel, "step_urging_answer")
    dialog = shown(office, "urgingAnswerFormDialog")
    write(dialog, "answer", "月底前完成")
    press(qtbot, dialog, "save")
    assert services.urgings.row(made).answer == "月底前完成"


# ---- pictures ----------------------------------------------------------------------------------------------


def test_pictures(page: HazardsPage, office: ChainOffice) -> None:
    from pictures import SMALL, grab, grab_both

    (made,) = [row for row in office.context.services.supervisions.rows() if row.is_standing]
    page.open_with({"supervision_id": made.id})
    paths = grab_both(office.window, "page-supervisions", SMALL)
    dialog = office.open("urging", hazard_ids=page.hazards.table.ids[:8])
    paths.append(grab(dialog, "form-urging", dialog.size()))
    assert all(path.stat().st_size > 5_000 for path in paths)
