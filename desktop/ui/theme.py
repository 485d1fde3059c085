"""Colours by meaning, type, sizes and icons: the one owner of how things look.

Pages name a meaning, never a colour. `apply` fills the palette and one style sheet; it may be called again at any
time, and everything on screen follows: what is painted asks `colour` as it paints, icons are tinted anew.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, QDir, QLocale, QRectF, QSize, Qt, QTemporaryDir
from PySide6.QtGui import QAction, QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from desktop.ui.tokens import DARK, LARGE, LIGHT, Tokens
from resources import resource

log = logging.getLogger(__name__)

SYSTEM_FAMILY = "Microsoft YaHei UI"
BUNDLED_FAMILY = "Noto Sans SC"
BODY_PT, QUIET_PT, SECTION_PT, TITLE_PT = 10.0, 9.0, 12.0, 16.0

GAP, WIDE_GAP, MARGIN = 8, 16, 24
CONTROL, ROW, HEADER, RADIUS, ICON = 32, 34, 36, 6, 20

READABLE = 4.5  # contrast of text on its ground, WCAG 2 level AA


class Meaning(StrEnum):
    """What a colour says. A word or a shape always stands with it."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    ATTENTION = "attention"
    INFORMATION = "information"
    DONE = "done"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"
    ACCENT = "accent"
    TEXT = "text"
    QUIET = "quiet"
    ON_ACCENT = "on_accent"


_GRADES = {Meaning.RED: "overdue", Meaning.ORANGE: "due_soon", Meaning.YELLOW: "attention", Meaning.BLUE: "information"}


@dataclass(frozen=True, slots=True)
class Look:
    """What the user chose."""

    is_dark: bool = False
    is_large: bool = False

    @property
    def tokens(self) -> Tokens:
        """The colours of this look."""
        return DARK if self.is_dark else LIGHT

    @property
    def scale(self) -> float:
        """大字 makes type, and what holds it, a quarter larger."""
        return LARGE if self.is_large else 1.0


class _Current:
    """The look in force, and the folder its small control pictures are written to, for one application."""

    look = Look()
    pictures: QTemporaryDir | None = None
    families: tuple[str, ...] = ()


def look() -> Look:
    """The look in force."""
    return _Current.look


def size(pixels: int) -> int:
    """A length of the 4-pixel grid as the look in force wants it."""
    return round(pixels * _Current.look.scale)


def mix(first: str | QColor, second: str | QColor, share: float) -> QColor:
    """`first` with `share` (0…1) of `second` in it."""
    one, two = QColor(first), QColor(second)
    return QColor(*(round(a * (1 - share) + b * share) for a, b in zip(_rgb(one), _rgb(two), strict=True)))


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def contrast(first: QColor, second: QColor) -> float:
    """The WCAG contrast ratio of two colours, 1…21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def colour(meaning: Meaning, of: Look | None = None) -> QColor:
    """The colour of a meaning: for shapes, lines and bars."""
    return QColor(getattr((of or _Current.look).tokens, _GRADES.get(meaning, meaning.value)))


def tint(meaning: Meaning, of: Look | None = None) -> QColor:
    """The pale ground of a pill or banner."""
    chosen = of or _Current.look
    return mix(chosen.tokens.surface, colour(meaning, chosen), 0.2 if chosen.is_dark else 0.1)


@lru_cache(maxsize=256)
def _ink(meaning: Meaning, chosen: Look) -> str:
    ground, words = tint(meaning, chosen), colour(meaning, chosen)
    share = 0.0
    while contrast(words, ground) < READABLE and share < 1:
        share += 0.05
        words = mix(colour(meaning, chosen), chosen.tokens.text, share)
    return words.name()


def ink(meaning: Meaning, of: Look | None = None) -> QColor:
    """The colour of words with this meaning: readable on a surface and on the meaning's own tint."""
    return QColor(_ink(meaning, of or _Current.look))


def token(name: str) -> QColor:
    """A ground or line by its token's name: `window`, `surface`, `raised`, `line`, `selected`, `hover`, `weekend`."""
    return QColor(_derived(_Current.look)[name])


@lru_cache(maxsize=8)
def _derived(chosen: Look) -> dict[str, str]:
    tokens = chosen.tokens
    named = dict(tokens._asdict())
    return named | {
        "selected": mix(tokens.surface, tokens.accent, 0.26 if chosen.is_dark else 0.12).name(),
        "hover": mix(tokens.surface, tokens.text, 0.06).name(),
        "pressed": mix(tokens.surface, tokens.text, 0.12).name(),
        "rail_hover": mix(tokens.window, tokens.text, 0.07).name(),
        "rail_chosen": mix(tokens.window, tokens.accent, 0.24 if chosen.is_dark else 0.13).name(),
        "field_line": mix(tokens.line, tokens.quiet, 0.4).name(),
        "thumb": mix(tokens.surface, tokens.quiet, 0.4).name(),
        "accent_hover": mix(tokens.accent, tokens.text, 0.12).name(),
        "accent_pressed": mix(tokens.accent, tokens.text, 0.24).name(),
        "faint": mix(tokens.surface, tokens.quiet, 0.62).name(),
        "weekend": mix(tokens.surface, tokens.window, 0.75).name(),
        "danger_hover": mix(tokens.overdue, tokens.text, 0.12).name(),
    }


# ------------------------------------------------------------------ type


def load_fonts() -> tuple[str, ...]:
    """Load what `resources/fonts` ships, once; answers the families to use, best first."""
    if not _Current.families:
        loaded = [name for file in _font_files() for name in _load(file)]
        wanted = [SYSTEM_FAMILY, BUNDLED_FAMILY, *loaded]
        _Current.families = tuple(dict.fromkeys(name for name in wanted if name in QFontDatabase.families()))
    return _Current.families


def _font_files() -> Iterator[Traversable]:
    folder = resource("fonts")
    if folder.is_dir():
        yield from (
            file
            for file in sorted(folder.iterdir(), key=lambda file: file.name)
            if file.name.endswith(".ttf") and ("Sans" in file.name or file.name.startswith("TownSafe"))
        )


def _load(file: Traversable) -> list[str]:
    """By its path where it has one: Qt then maps the file instead of keeping a copy of ten megabytes."""
    if isinstance(file, Path):
        number = QFontDatabase.addApplicationFont(str(file))
    else:
        number = QFontDatabase.addApplicationFontFromData(QByteArray(file.read_bytes()))
    return QFontDatabase.applicationFontFamilies(number) if number >= 0 else []


def font(points: float = BODY_PT, *, is_bold: bool = False) -> QFont:
    """The interface's type with figures of one width, in the look in force."""
    made = QFont(QApplication.font())
    if families := load_fonts():
        made.setFamilies(list(families))
    made.setPointSizeF(points * _Current.look.scale)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setBold(is_bold)
    return made


# ------------------------------------------------------------------ icons


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    if name in _SIGNS:
        return _svg(name, "currentColor")
    file = resource(f"icons/{name}.svg")
    if not file.is_file():
        log.info("no icon %s", name)
        return ""
    return file.read_text("utf-8")


def pixmap(name: str, tinted: QColor, edge: int = ICON, ratio: float = 1.0) -> QPixmap:
    """The icon `name` in one colour; an empty picture when there is none.

    Qt keeps what was drawn: a window has its icons anew each time it opens, and reading them costs more than drawing.
    """
    key = f"icon {name} {tinted.name()} {edge} {ratio}"
    kept = QPixmap()
    if QPixmapCache.find(key, kept):
        return kept
    drawn = QPixmap(QSize(edge, edge) * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    if source := _drawing(name):
        painter = QPainter(drawn)
        QSvgRenderer(QByteArray(source.replace("currentColor", tinted.name()).encode())).render(
            painter, QRectF(0, 0, edge, edge)
        )
        painter.end()
    QPixmapCache.insert(key, drawn)
    return drawn


def screen_ratios() -> tuple[float, ...]:
    """The device pixels a point of the screens: 1.0 at 100 %, 1.25 at 125 %."""
    return tuple(sorted({screen.devicePixelRatio() for screen in QApplication.screens()})) or (1.0,)


def icon(name: str, meaning: Meaning = Meaning.TEXT) -> QIcon:
    """The icon `name` tinted by meaning, drawn for every screen there is now; empty when there is no such icon."""
    made = QIcon()
    if not _drawing(name):
        return made
    for ratio in screen_ratios():
        made.addPixmap(pixmap(name, colour(meaning), size(ICON), ratio))
        made.addPixmap(pixmap(name, token("faint"), size(ICON), ratio), QIcon.Mode.Disabled)
    return made


def set_icon(on: QAbstractButton | QAction | QLabel, name: str, meaning: Meaning = Meaning.TEXT) -> None:
    """Give a button, an action or a label its icon, and let it follow the look from now on."""
    on.setProperty("iconName", name)
    on.setProperty("iconMeaning", meaning.value)
    _tint(on)


def _tint(on: QAbstractButton | QAction | QLabel) -> None:
    name, meaning = str(on.property("iconName")), Meaning(on.property("iconMeaning"))
    if isinstance(on, QLabel):
        on.setPixmap(pixmap(name, colour(meaning), size(ICON), on.devicePixelRatioF()))
        return
    on.setIcon(icon(name, meaning))
    if isinstance(on, QAbstractButton):
        on.setIconSize(QSize(size(ICON), size(ICON)))


def draw_again() -> None:
    """Draw every icon anew: a window came to a screen of another scale, or a screen was set to one."""
    _tint_all()


def _tint_all() -> None:
    for widget in QApplication.allWidgets():
        if isinstance(widget, QAbstractButton | QLabel) and widget.property("iconName"):
            _tint(widget)
        for action in widget.actions():
            if action.property("iconName"):
                _tint(action)


# ------------------------------------------------------------------ applying


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget its part in the style sheet: `title`, `section`, `quiet`, `primary`, `danger`, `flat`…

    One that was not shown yet is styled when it is, by the part that it then has.
    """
    widget.setProperty("role", role)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def apply(chosen: Look) -> None:
    """Make `chosen` the look of the whole application, now."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    _Current.look = chosen
    if app.style().objectName() != "fusion":
        app.setStyle("fusion")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    app.setFont(font())
    app.setPalette(_palette(chosen))
    app.setStyleSheet(style_sheet(chosen))
    _tint_all()


def _palette(chosen: Look) -> QPalette:
    named = _derived(chosen)
    roles = {
        QPalette.ColorRole.Window: "window",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "window",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.PlaceholderText: "quiet",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.LinkVisited: "accent",
        QPalette.ColorRole.Accent: "accent",
        QPalette.ColorRole.Mid: "line",
        QPalette.ColorRole.Midlight: "line",
        QPalette.ColorRole.Dark: "field_line",
        QPalette.ColorRole.Light: "surface",
    }
    made = QPalette()
    for role, name in roles.items():
        made.setColor(role, QColor(named[name]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(named["faint"]))
    return made


_SIGNS = {
    "down": "M4 6l4 4 4-4",
    "up": "M4 10l4-4 4 4",
    "left": "M10 4L6 8l4 4",
    "right": "M6 4l4 4-4 4",
    "check": "M3.5 8.5l3 3 6-7",
    "part": "M4 8h8",
}


def _sign(name: str, tinted: str) -> str:
    """A control's small sign as a file that a style sheet can name; named by its colour, since Qt caches by name."""
    if _Current.pictures is None:
        _Current.pictures = QTemporaryDir()
        QDir.setSearchPaths("sign", [_Current.pictures.path()])
    file = f"{name}-{tinted[1:]}.svg"
    path = f"{_Current.pictures.path()}/{file}"
    with open(path, "w", encoding="utf-8") as out:  # noqa: PTH123 — QTemporaryDir speaks in strings
        out.write(_svg(name, tinted))
    return f"url(sign:{file})"


def _svg(name: str, tinted: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16" fill="none" '
        f'stroke="{tinted}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">'
        f'<path d="{_SIGNS[name]}"/></svg>'
    )


def style_sheet(chosen: Look) -> str:
    """The one style sheet, with the colours and sizes of `chosen`."""
    named = _derived(chosen)
    lengths = {
        f"px{n}": f"{round(n * chosen.scale)}px"
        for n in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 24, 28, 30, 32, 34, 36, 40, 48)
    }
    type_sizes = {
        name: f"{points * chosen.scale:g}pt"
        for name, points in {
            "quiet_pt": QUIET_PT,
            "section_pt": SECTION_PT,
            "title_pt": TITLE_PT,
            "figure_pt": 18.0,
        }.items()
    }
    signs = {f"sign_{name}": _sign(name, named["quiet"]) for name in _SIGNS}
    signs["sign_on"] = _sign("check", named["on_accent"])
    signs["sign_part_on"] = _sign("part", named["on_accent"])
    meanings = {f"ink_{meaning.value}": ink(meaning, chosen).name() for meaning in Meaning}
    tints = {f"tint_{meaning.value}": tint(meaning, chosen).name() for meaning in Meaning}
    return Template(resource("style.qss").read_text("utf-8")).substitute(
        named | lengths | type_sizes | signs | meanings | tints
    )
