"""Smaller parts: cards, pills, banners, the list with its detail beside it."""

import itertools

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.theme import Meaning
from desktop.ui.widgets.cards import CardFigure, FigureCard
from desktop.ui.widgets.pills import RISK_GRADES, SHAPES, Pill, PillLabel
from desktop.ui.widgets.section import Banner, Beside


def test_a_card_opens_its_rows_by_click_and_key(qtbot: QtBot) -> None:
    card = FigureCard(CardFigure("整改率", "94.1%", "160 / 170", "已整改 ÷ 应整改", share=0.941, trend=(1, 2, 3)))
    qtbot.addWidget(card)
    card.show()
    with qtbot.waitSignal(card.clicked):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.clicked):
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert card.accessibleName() == "整改率 94.1% 160 / 170"
    assert card.toolTip() == "已整改 ÷ 应整改"


def test_the_value_of_a_card_follows_the_look(qtbot: QtBot) -> None:
    card = FigureCard(CardFigure("重大隐患", "2", meaning=Meaning.OVERDUE))
    qtbot.addWidget(card)
    card.show()
    value = next(label for label in card.findChildren(QLabel) if label.text() == "2")
    assert value.palette().windowText().color() == theme.ink(Meaning.OVERDUE)
    theme.apply(theme.Look(is_dark=True))
    assert value.palette().windowText().color() == theme.ink(Meaning.OVERDUE)


def test_a_card_can_be_asked_for_its_definition(qtbot: QtBot) -> None:
    card = FigureCard(CardFigure("整改率", "—"))
    qtbot.addWidget(card)
    menu = card.menu()
    with qtbot.waitSignal(card.definition_requested):
        next(action for action in menu.actions() if action.text() == "口径说明").trigger()
    menu.close()


def test_no_two_grades_share_a_shape() -> None:
    """Colour never speaks alone."""
    for one, other in itertools.combinations(RISK_GRADES.values(), 2):
        assert one.glyph is not other.glyph
        assert one.word != other.word
    assert len({SHAPES[m] for m in (Meaning.OVERDUE, Meaning.DUE_SOON, Meaning.DONE, Meaning.ATTENTION)}) == 4


def test_a_pill_can_be_heard_and_takes_the_room_of_its_word(qtbot: QtBot) -> None:
    label = PillLabel(Pill("停产"))
    qtbot.addWidget(label)
    narrow = label.sizeHint().width()
    label.set_pill(Pill("隐患整改中", Meaning.ATTENTION))
    assert label.accessibleName() == "隐患整改中"
    assert label.sizeHint().width() > narrow


def test_a_banner_without_words_is_hidden(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show()
    banner.say("2027 年放假安排尚未公布，日期为暂估。", "导入")
    assert banner.isVisible()
    button = banner.findChild(QPushButton, "bannerAction")
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(banner.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    banner.say("")
    assert not banner.isVisible()


def test_a_detail_stands_beside_the_list_or_in_its_place(qtbot: QtBot) -> None:
    listed, detail = QLabel("list"), QWidget()
    beside = Beside(listed, detail, "企业")
    qtbot.addWidget(beside)
    beside.resize(1000, 400)
    beside.show()
    assert not detail.isVisible()
    beside.open_detail("江苏惠萍")
    assert listed.isVisible()
    assert detail.isVisible()
    beside.resize(600, 400)
    assert not listed.isVisible()
    close = beside.findChild(QToolButton, "closeDetail")
    assert isinstance(close, QToolButton)
    with qtbot.waitSignal(beside.detail_closed):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert listed.isVisible()
    assert not beside.is_detail_open
