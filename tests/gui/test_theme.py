"""The look: readable in light and dark, one place for colour, live switching."""

import itertools

import pytest
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.theme import Look, Meaning

LOOKS = [Look(is_dark, is_large) for is_dark, is_large in itertools.product((False, True), repeat=2)]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("meaning", [meaning for meaning in Meaning if meaning is not Meaning.ON_ACCENT])
def test_words_of_every_meaning_are_readable_on_their_tint_and_on_the_page(look: Look, meaning: Meaning) -> None:
    words = theme.ink(meaning, look)
    for ground in (theme.tint(meaning, look), QColor(look.tokens.surface)):
        assert theme.contrast(words, ground) >= theme.READABLE - 0.01


@pytest.mark.parametrize("look", LOOKS)
def test_quiet_words_are_readable_on_every_ground(look: Look) -> None:
    for ground in (look.tokens.window, look.tokens.surface, look.tokens.raised):
        assert theme.contrast(QColor(look.tokens.quiet), QColor(ground)) >= theme.READABLE


@pytest.mark.parametrize("look", LOOKS)
def test_the_words_of_the_primary_button_are_readable(look: Look) -> None:
    assert theme.contrast(QColor(look.tokens.on_accent), QColor(look.tokens.accent)) >= theme.READABLE


@pytest.mark.parametrize("look", LOOKS)
def test_the_style_sheet_names_nothing_unknown(look: Look) -> None:
    assert "$" not in theme.style_sheet(look)


def test_switching_to_dark_and_large_is_seen_at_once(qtbot: QtBot) -> None:
    label = QLabel("企业")
    qtbot.addWidget(label)
    label.show()
    plain = QFontInfo(label.font()).pixelSize()
    theme.apply(Look(is_dark=True, is_large=True))
    assert label.palette().windowText().color() == QColor(theme.DARK.text)
    assert QFontInfo(label.font()).pixelSize() == pytest.approx(plain * theme.LARGE, abs=1)
    assert theme.size(32) == 40


def test_figures_have_one_width(qtbot: QtBot) -> None:
    from PySide6.QtGui import QFont, QFontMetrics

    assert theme.font().featureValue(QFont.Tag("tnum")) == 1
    metrics = QFontMetrics(theme.font())
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_a_part_given_before_it_is_shown_and_after_is_seen(qtbot: QtBot) -> None:
    theme.apply(Look())
    label = QLabel("字")
    qtbot.addWidget(label)
    theme.set_role(label, "title")
    label.show()
    assert label.font().pointSizeF() == theme.TITLE_PT
    theme.set_role(label, "quiet")

    assert label.font().pointSizeF() == theme.QUIET_PT


def test_an_icon_is_drawn_once_for_a_colour_and_a_size(qtbot: QtBot) -> None:
    red, blue = QColor("#ff0000"), QColor("#0000ff")
    first = theme.pixmap("more", red, 20)

    assert theme.pixmap("more", red, 20).cacheKey() == first.cacheKey()
    for other in (theme.pixmap("more", blue, 20), theme.pixmap("more", red, 25), theme.pixmap("more", red, 20, 2.0)):
        assert other.toImage() != first.toImage()


def test_a_missing_icon_is_empty_and_harmless(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    theme.set_icon(button, "no-such-icon")
    assert button.icon().isNull()


def test_an_icon_follows_the_look(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        theme,
        "_drawing",
        lambda name: (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0h24v24H0z" fill="currentColor"/></svg>'
        ),
    )
    button = QPushButton()
    qtbot.addWidget(button)
    theme.set_icon(button, "square", Meaning.OVERDUE)
    assert _middle(button) == QColor(theme.LIGHT.overdue)
    theme.apply(Look(is_dark=True))
    assert _middle(button) == QColor(theme.DARK.overdue)


def _middle(button: QPushButton) -> QColor:
    return QColor(button.icon().pixmap(20, 20).toImage().pixelColor(10, 10).name())


def test_the_application_uses_chinese_for_dates(qapp: QApplication) -> None:
    from PySide6.QtCore import QLocale

    assert QLocale().language() == QLocale.Language.Chinese


@pytest.mark.parametrize("name", ["undo", "redo", "bell", "search", "view", "columns"])
def test_the_icons_of_the_frame_are_shipped(qtbot: QtBot, name: str) -> None:
    assert not theme.icon(name).isNull()


def test_the_bundled_type_is_loaded(qtbot: QtBot) -> None:
    """Without it every test passes and every picture shows boxes."""
    assert theme.BUNDLED_FAMILY in theme.load_fonts()
