"""Makes the pictures of the manual, resources/manual/pictures, from the sample township on one fixed day.

python installer/make_manual_pictures.py

Each picture is a scene: the program is brought to a place as a clerk would, and drawn without a screen. Numbers on a
picture stand on the widgets the text speaks of, wherever these are by now. Beside the pictures `words.json` keeps what
stands on the controls of each and how many numbers it has, so that a test can tell when a picture no longer shows what the program shows.
"""

import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import xlsxwriter  # type: ignore[import-untyped]
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QPushButton,
    QTabWidget,
    QToolButton,
    QWidget,
)

from desktop.compose import application, form_makers, page_makers
from desktop.domain.hazard import HazardStatus
from desktop.domain.uscc import make as uscc
from desktop.services import Services
from desktop.services.clock import Clock
from desktop.services.hazards import HazardQuery, HazardRow
from desktop.services.inspections import Finding
from desktop.services.opening import create_office
from desktop.ui import theme
from desktop.ui.shell import Shell, office_of
from desktop.ui.window import MainWindow

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "manual" / "pictures"
WORDS = "words.json"
NOW = datetime(2026, 11, 24, 9, 30)
SINCE = "2026-11-20T09:00:00"
ENTERPRISES = 60
SCREEN = QSize(1280, 720)
KEPT = 128
NEAR = 24
"""So many of the commonest colours stay exact: a computed palette tints the grounds and loses thin coloured lines."""
PATIENCE_SECONDS = 30.0

Spot = tuple[QWidget, QPoint]
"""Where a number stands: a widget, and a point on it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn scene, what stands on the controls seen in it, and how many numbers were put on it."""

    image: QImage
    words: tuple[str, ...]
    numbers: int = 0

    @property
    def told(self) -> dict[str, Any]:
        """What a test compares besides the looks."""
        return {"size": [*self.image.size().toTuple()], "numbers": self.numbers, "words": list(self.words)}


@dataclass
class Stage:
    """The open sample township in its window, and the dialogs a scene opened over it."""

    shell: Shell
    folder: Path
    opened: list[QWidget] = field(default_factory=list)

    @property
    def window(self) -> MainWindow:
        """The office's window."""
        return self.shell.window

    @property
    def services(self) -> Services:
        """The services behind it."""
        return self.shell.services

    def page(self, key: str, wanted: Mapping[str, Any] | None = None) -> QWidget:
        """Go to a page."""
        self.window.resize(SCREEN)
        self.shell.navigate(key, wanted or {})
        settle()
        page = self.window.page
        assert page is not None
        return page

    def form(self, name: str, size: QSize, **wanted: Any) -> QDialog:
        """Open a form over the window."""
        made = self.shell.context.open_form(name, **wanted)
        assert made is not None, name
        self.opened.append(made)
        made.resize(size)
        settle()
        return made

    def clear(self) -> None:
        """Put away what a scene opened; nothing that was typed is kept."""
        for widget in self.opened:
            widget.hide()
            widget.deleteLater()
        self.opened.clear()
        settle()


# ---- small steps -------------------------------------------------------------------------------------------


def settle() -> None:
    """Let everything that was asked for happen."""
    for _ in range(4):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Let work beside the window come to its end."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(what)
        QApplication.processEvents()
        time.sleep(0.005)
    settle()


def named(parent: QWidget, name: str) -> QWidget:
    """The widget of this name that can be seen."""
    found = [each for each in cast("list[QWidget]", parent.findChildren(QWidget, name)) if each.isVisible()]
    assert found, f"no {name} in {parent.objectName()}"
    return found[0]


def write(form: QWidget, key: str, value: object) -> None:
    """Fill in a field."""
    cast(Any, form).form.field(key).set_value(value)


def at(widget: QWidget, x: float = 0.0, y: float = 0.0) -> Spot:
    """A place on a widget, in parts of its width and height; its corner hides least of it."""
    return widget, QPoint(round(widget.width() * x), round(widget.height() * y))


def draw(widget: QWidget, *spots: Spot) -> Picture:
    """The widget as it stands, with ① ② ③ at the spots."""
    settle()
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(theme.token("window"))
    widget.render(image, QPoint())
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, (on, point) in enumerate(spots, 1):
        _number(painter, number, on.mapTo(widget, point), image.rect())
    painter.end()
    return Picture(image, words_of(widget), len(spots))


def _number(painter: QPainter, number: int, centre: QPoint, room: QRect) -> None:
    radius = 13
    x = min(max(centre.x(), radius + 2), room.width() - radius - 3)
    y = min(max(centre.y(), radius + 2), room.height() - radius - 3)
    painter.setPen(QColor("white"))
    painter.setBrush(QColor("#D6336C"))
    painter.drawEllipse(QPoint(x, y), radius, radius)
    painter.setFont(theme.font(theme.SECTION_PT, is_bold=True))
    painter.drawText(QRect(x - radius, y - radius, 2 * radius, 2 * radius), Qt.AlignmentFlag.AlignCenter, str(number))


def words_of(widget: QWidget) -> tuple[str, ...]:
    """What stands on buttons, tabs and headings; not what the sample's records say, nor any figure."""
    told: set[str] = set()
    for each in cast("list[QWidget]", widget.findChildren(QWidget)):
        if each.isVisible():
            told.update(_words(each))
    return tuple(sorted(word for word in told if word and not any(sign.isdigit() for sign in word)))


def _words(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QPushButton | QToolButton):
        yield widget.text()
    elif isinstance(widget, QTabWidget):
        yield from (widget.tabText(place) for place in range(widget.count()))
    elif isinstance(widget, QLabel) and widget.property("role") in ("title", "section", "label"):
        yield widget.text()


# ---- what Windows shows ------------------------------------------------------------------------------------


class Warned(QWidget):
    """Drawn after the warning of Windows before an unsigned program, since no picture of it can be taken here."""

    BLUE = "#0067B8"

    def __init__(self) -> None:
        super().__init__()
        self.resize(1000, 330)

    def paintEvent(self, _event: object) -> None:
        """Both sights of it: before and after 更多信息."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.more = self._panel(painter, QRect(0, 0, 490, 330), "更多信息", ("不运行",))
        self.run = self._panel(painter, QRect(510, 0, 490, 330), "", ("仍要运行", "不运行"))
        painter.end()

    def _panel(self, painter: QPainter, box: QRect, link: str, buttons: Sequence[str]) -> QPoint:
        painter.fillRect(box, QColor(self.BLUE))
        inner = box.adjusted(28, 24, -28, -24)
        painter.setPen(QColor("white"))
        painter.setFont(theme.font(17))
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop, "Windows 已保护你的电脑")
        painter.setFont(theme.font(10.5))
        said = "Microsoft Defender SmartScreen 阻止了无法识别的应用启动。运行此应用可能会导致你的电脑存在风险。"
        wraps = int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(inner.adjusted(0, 50, 0, 0), wraps, said)
        spot = inner.topLeft() + QPoint(88, 118)
        if link:
            underlined = QFont(painter.font())
            underlined.setUnderline(True)
            painter.setFont(underlined)
            painter.drawText(inner.adjusted(0, 108, 0, 0), Qt.AlignmentFlag.AlignTop, link)
        else:
            told = "应用：　TownSafe-版本号-setup.exe\n发布者：未知发布者"
            painter.drawText(inner.adjusted(0, 108, 0, 0), wraps, told)
        right = inner.right()
        for words in reversed(buttons):
            push = QRect(right - 118, inner.bottom() - 34, 118, 34)
            painter.setPen(QColor("white"))
            painter.drawRect(push)
            painter.setFont(theme.font(10.5))
            painter.drawText(push, Qt.AlignmentFlag.AlignCenter, words)
            right = push.left() - 14
            spot = spot if link else push.topLeft()
        return spot


def _warned(stage: Stage) -> Picture:
    warned = Warned()
    stage.opened.append(warned)
    warned.show()
    settle()
    warned.grab()  # painting tells where things stand
    return draw(warned, (warned, warned.more), (warned, warned.run))


# ---- the scenes --------------------------------------------------------------------------------------------


def _start(stage: Stage) -> Picture:
    from desktop.ui.start.window import StartWindow

    start = StartWindow(Path("office"), ())
    stage.opened.append(start)
    start.resize(760, 360)
    start.show()
    return draw(start, *(at(named(start, name)) for name in ("startNew", "startOpen", "startSample")))


def _new_office(stage: Stage) -> Picture:
    from desktop.ui.start.window import NewOfficeDialog

    dialog = NewOfficeDialog(Path("C:/Users/zhang/AppData/Local/TownSafe/office"))
    stage.opened.append(dialog)
    told = {"name": "惠萍镇", "code": "320681102", "county": "启东市", "bureau": "启东市应急管理局", "prefix": "苏启"}
    for key, words in (told | {"person": "张所"}).items():
        write(dialog, key, words)
    dialog.resize(600, 720)
    dialog.show()
    return draw(dialog)


def _people(stage: Stage) -> Picture:
    page = stage.page("settings", {"tab": "officers"})
    return draw(stage.window, at(named(page, "newOfficer")))


def _ledger(folder: Path) -> Path:
    """A roster as offices send it: a title above, a heading of its own words, and rows that cannot be right."""
    path = folder / "2026年企业名册（工贸）.xlsx"
    good = [
        (number, f"启东市{name}有限公司", uscc("320681", 7100 + number), village, f"1390000{number:04}", 20 + number)
        for number, (name, village) in enumerate(
            (
                ("江海精密铸造", "东兴镇村"),
                ("晨光塑料制品", "永安村"),
                ("通达五金工具", "三和村"),
                ("海纳家具", "南阳村"),
            ),
            1,
        )
    ]
    bad = [
        (5, "启东市宏远机械厂", "91320681MA1XXXXX12", "三和村", "13900000005", 16),
        (6, "启东市四海纺织厂", uscc("320681", 7106), "永安村", "1390000", 35),
        (7, "", uscc("320681", 7107), "南阳村", "13900000007", 9),
    ]
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("工贸")
        sheet.write(0, 0, "惠萍镇工贸企业基本情况表")
        sheet.write_row(1, 0, ("序号", "单位名称", "信用代码", "所在村", "联系电话", "职工数"))
        for line, row in enumerate([*good, *bad], 2):
            sheet.write_row(line, 0, row)
    return path


def _import(stage: Stage) -> Any:
    stage.page("enterprises")
    dialog: Any = stage.form("import", QSize(960, 560), files=[_ledger(stage.folder)])
    wait_for(lambda: dialog._stack.currentIndex() == 1 and dialog._ledger is not None, "columns")
    return dialog


def _columns(stage: Stage) -> Picture:
    dialog = _import(stage)
    return draw(dialog, at(named(dialog, "importKind")), at(named(dialog, "column_B")), at(named(dialog, "importNext")))


def _preview(stage: Stage) -> Picture:
    dialog = _import(stage)
    dialog.preview()
    wait_for(lambda: dialog._stack.currentIndex() == 2, "preview")
    dialog._show_rows("all")
    names = ("importProblems", "importGood", "importNext")
    return draw(dialog, at(dialog._counts), *(at(named(dialog, name)) for name in names))


def _workbench(stage: Stage) -> Picture:
    page = stage.page("workbench")
    rows: QWidget = named(page, "obligationList").viewport()  # type: ignore[attr-defined]  # a list, which has one
    window = stage.window
    spots = ((rows, QPoint(78, 22)), (rows, QPoint(rows.width() - 88, 54)))
    return draw(
        window,
        *spots,
        at(named(page, "card_key_share"), 0.92, 0.2),
        at(named(window, "globalSearch"), 0.6, 0.5),
        at(named(window, "newButton")),
    )


def _reminders(stage: Stage) -> Picture:
    from desktop.domain.reminder import PutOff
    from desktop.ui.reminders.window import ReminderWindow

    window = ReminderWindow(stage.shell.context, lambda: None, stage.window)
    stage.opened.append(window)
    window.resize(780, 420)
    window.read()
    window.show()
    settle()
    names = ("openReminder", PutOff.HOUR.value, "putOffAll")
    return draw(window, *(at(named(window, name)) for name in names))


def _enterprise(stage: Stage) -> Picture:
    page = stage.page("enterprises", {"enterprise_id": _late(stage).enterprise_id})
    wait_for(lambda: named(page, "detailPanel").isVisible(), "the panel")
    return draw(
        stage.window,
        at(named(page, "importLedger")),
        at(named(page, "addFilter")),
        at(named(page, "detailPanel"), 0.05),
    )


def _calendar(stage: Stage) -> Picture:
    page = stage.page("calendar")
    return draw(
        stage.window,
        at(named(page, "suggestPlan")),
        at(named(page, "monthBoard"), 3 / 7, 0.24),
    )


def _inspection(stage: Stage) -> Picture:
    stage.page("inspections")
    dialog: Any = stage.form("inspection", QSize(1080, 640), enterprise_id=_late(stage).enterprise_id)
    able = [each.id for each in stage.services.officers.choices(NOW.date()) if each.may_act]
    dialog._crew.set_ids(able[:2])
    write(dialog, "officers", dialog._crew.options)
    found = (
        Finding("配电箱门缺失，箱内积尘较多", location="一号车间"),
        Finding("砂轮机未装防护罩", location="机修间", is_cleared=True),
    )
    write(dialog, "findings", found)
    table = named(dialog, "field_findings")
    dialog.form.area.ensureWidgetVisible(table, 0, 60)
    return draw(dialog, at(table, 0.12), at(table, 0.96), at(named(dialog, "save")))


def _hazards(stage: Stage) -> Picture:
    page = stage.page("hazards")
    return draw(stage.window, at(named(page, "chip_status")), at(named(page, "newOrder")))


def _order(stage: Stage) -> Picture:
    page = stage.page("hazards")
    waiting = stage.services.hazards.ids(HazardQuery(statuses=frozenset({HazardStatus.REGISTERED})))
    assert page.isVisible()
    dialog = stage.form("order", QSize(760, 640), hazard_ids=waiting[:1])
    return draw(dialog)


def _reinspection(stage: Stage) -> Picture:
    stage.page("hazards")
    dialog = stage.form("reinspection", QSize(760, 600), enterprise_id=_late(stage).enterprise_id)
    return draw(dialog)


def _late(stage: Stage) -> HazardRow:
    """The hazard that is late longest and has not been handed on."""
    query = HazardQuery(statuses=frozenset({HazardStatus.ORDERED}), due="overdue")
    return stage.services.hazards.rows(stage.services.hazards.ids(query))[0]


def _reporting(stage: Stage) -> Picture:
    page = stage.page("reporting")
    preview = named(page, "reportPreview")
    return draw(
        stage.window,
        at(named(page, "go_overdue_unexplained")),
        at(preview, 0.06, 0.05),
        at(named(page, "exportPackage")),
    )


def _rules(stage: Stage) -> Picture:
    page = stage.page("settings", {"tab": "rules"})
    return draw(stage.window, at(named(page, "onlyDoubtful")))


def _backed_up(stage: Stage) -> QWidget:
    from desktop.services.backups import BackupReason

    stage.services.backups.make(BackupReason.HAND)
    return stage.page("settings", {"tab": "backup"})


def _backup(stage: Stage) -> Picture:
    page = _backed_up(stage)
    names = ("makeBackup", "chooseSecond", "restoreBackup")
    return draw(stage.window, *(at(named(page, name)) for name in names))


SCENES: Mapping[str, Callable[[Stage], Picture]] = {
    "smartscreen": _warned,
    "start": _start,
    "new-office": _new_office,
    "people": _people,
    "import-columns": _columns,
    "import-preview": _preview,
    "workbench": _workbench,
    "reminders": _reminders,
    "enterprise": _enterprise,
    "calendar": _calendar,
    "inspection": _inspection,
    "hazards": _hazards,
    "order": _order,
    "reinspection": _reinspection,
    "reporting": _reporting,
    "rules": _rules,
    "backup": _backup,
}


# ---- making and writing ------------------------------------------------------------------------------------


@contextmanager
def staged() -> Iterator[Stage]:
    """The sample township in a window, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        theme.apply(theme.Look())
        clock = Clock(NOW.date, lambda: NOW)
        services = create_office(Path(name) / "惠萍镇", person="张所", clock=clock)
        services.sample.fill(ENTERPRISES)
        window = MainWindow(office_of(services))
        shell = Shell(window, services, {}, page_makers(SINCE), form_makers(), "manual")
        window.resize(SCREEN)
        window.show()
        stage = Stage(shell, Path(name))
        try:
            yield stage
        finally:
            stage.clear()
            window.hide()
            shell.close()
            window.deleteLater()
            settle()


def make(names: Sequence[str] = ()) -> dict[str, Picture]:
    """Draw the scenes; without names all of them."""
    made = {}
    with staged() as stage:
        for name in names or SCENES:
            made[name] = SCENES[name](stage)
            stage.clear()
    return made


def png(image: QImage) -> bytes:
    """The picture as a small PNG with a palette."""
    few = image.convertToFormat(QImage.Format.Format_Indexed8, _palette(image), Qt.ImageConversionFlag.ThresholdDither)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    few.save(buffer, "PNG", 0)  # type: ignore[call-overload]  # the stubs know bytes alone, Qt takes text; 0 packs most
    return bytes(buffer.data().data())


def _palette(image: QImage) -> list[int]:
    """The commonest colours, then the commonest of those that none of these is near."""
    counted = [colour for colour, _ in Counter(memoryview(image.constBits()).cast("I")).most_common()]
    chosen = counted[:KEPT]
    for colour in counted[KEPT:]:
        if len(chosen) == 256:
            break
        if min(_distance(colour, other) for other in chosen) > NEAR:
            chosen.append(colour)
    return chosen


def _distance(one: int, two: int) -> int:
    return sum(abs((one >> shift & 255) - (two >> shift & 255)) for shift in (16, 8, 0))


def main() -> None:
    """Write the pictures that are named, or all."""
    application()
    made = make(sys.argv[1:])
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / WORDS
    words = json.loads(kept.read_text("utf-8")) if kept.is_file() else {}
    for name, picture in made.items():
        (FOLDER / f"{name}.png").write_bytes(png(picture.image))
        words[name] = picture.told
    words = {name: words[name] for name in SCENES if name in words}
    kept.write_text(json.dumps(words, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{len(made)} pictures, {sum(each.stat().st_size for each in FOLDER.glob('*.png')) / 1024:.0f} KB in all")


if __name__ == "__main__":
    main()
