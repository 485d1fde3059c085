"""The frame: rail, top bar, the page shown, status bar. It knows no page and no service."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.changed import Changed
from desktop.services.search_text import initials
from desktop.ui import rail, theme
from desktop.ui.commands import Command, Commands, KeysDialog
from desktop.ui.manual import ManualOwner
from desktop.ui.palette import SearchHit, SearchPalette
from desktop.ui.places import Place
from desktop.ui.rail import Rail
from desktop.ui.theme import Meaning
from desktop.ui.widgets.filter_bar import SearchLine
from desktop.ui.widgets.page import Page
from desktop.ui.widgets.section import Dropper, Figure, FigureLine, button, hairline, labelled
from desktop.ui.widgets.toast import Notice, NoticeCentre, Notices

COLLAPSES_UNDER = 1200
COMMANDS_FOUND = 12  # the settings and their tabs


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the status bar says. Moments that are not known are left out; an old backup is marked."""

    saved_at: datetime | None = None
    backup_at: datetime | None = None
    is_backup_old: bool = False
    today_count: int = 0
    overdue_count: int = 0


@dataclass(frozen=True, slots=True)
class Office:
    """Who works here, for the corners of the frame."""

    name: str
    year: int
    person: str = ""


class MainWindow(QMainWindow):
    """Pages are added with `add_page`; commands with `commands.add`; what may be searched with `search.add_provider`."""

    page_shown = Signal(str)
    files_dropped = Signal(list)
    """Paths of files dropped anywhere on the window."""
    look_chosen = Signal(str, bool)
    """`light`, `dark` or `system`; whether 大字."""
    undo_requested = Signal()
    redo_requested = Signal()
    print_requested = Signal()
    today_clicked = Signal()
    overdue_clicked = Signal()
    closing = Signal()
    """The window is about to close; `refuse_close` may still keep it."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.resize(1366, 768)
        self.setMinimumSize(900, 560)
        self._places: list[str] = []
        self._unmade: dict[str, Callable[[], Page]] = {}
        self._pages: dict[str, Page] = {}
        self._mode, self._is_large = "system", theme.look().is_large
        self._keeps_open = False
        self.instead_of_closing: Callable[[], bool] | None = None
        """Asked before anything is closed; a yes means that the window went elsewhere."""
        self._manual = ManualOwner()
        self.notices = Notices(self)
        self.commands = Commands(self)
        self._build()
        self.search = SearchPalette(self._search_field, self)
        self.search.add_provider(self._find_commands)
        self._add_commands()
        self._fill_user_menu()
        self.notices.unread_changed.connect(self._on_unread_changed)
        self.set_office(office)
        self.show_undo(None, None)
        Dropper(self).files_dropped.connect(self.files_dropped)

    # ---- building

    def _build(self) -> None:
        whole = QWidget()
        theme.set_role(whole, "window")
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._build_side())
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._build_top())
        right.addWidget(self._build_stack(), 1)
        right.addWidget(self._build_status())
        self._right = right
        line.addLayout(right, 1)
        self.setCentralWidget(whole)

    def add_strip(self, strip: QWidget) -> None:
        """Put something between the page and the status bar: the page gives way to it and is never covered."""
        self._right.insertWidget(self._right.count() - 1, strip)

    def _build_side(self) -> QWidget:
        self._side = QWidget()
        self._brand = labelled("镇安", "brand")
        self._brand.setFixedHeight(theme.size(52))
        self._brand.setContentsMargins(theme.size(20), 0, 0, 0)
        self._rail = Rail()
        self._rail.chosen.connect(self.show_page)
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, theme.size(theme.GAP))
        column.setSpacing(0)
        column.addWidget(self._brand)
        column.addWidget(self._rail, 1)
        return self._side

    def _build_top(self) -> QWidget:
        top = QWidget()
        top.setFixedHeight(theme.size(52))
        self._search_field = SearchLine("搜索企业、编号、命令  (Ctrl+K)")
        self._search_field.setObjectName("globalSearch")
        self._search_field.setMaximumWidth(theme.size(520))
        self._search_field.setMinimumWidth(theme.size(260))
        theme.set_role(self._search_field, "")
        line = QHBoxLayout(top)
        line.setContentsMargins(0, 0, theme.size(theme.WIDE_GAP), 0)
        line.setSpacing(theme.size(theme.GAP))
        line.addWidget(self._search_field, 3)
        line.addStretch(1)
        self._undo = self._tool("undo", "撤销", "undoButton")
        self._redo = self._tool("redo", "恢复", "redoButton")
        self._print = self._tool("print", "打印", "printButton")
        self._new = self._menu_button("＋ 新建", "newButton")
        self._bell = self._tool("bell", "通知", "noticeButton")
        self._bell.clicked.connect(self._on_bell_clicked)
        self._user = self._menu_button("", "userButton")
        for widget in (self._undo, self._redo, self._print, self._new, self._bell, self._user):
            line.addWidget(widget)
        return top

    def _tool(self, icon: str, words: str, name: str) -> QToolButton:
        made = QToolButton()
        made.setObjectName(name)
        made.setAccessibleName(words)
        made.setToolTip(words)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.set_icon(made, icon, Meaning.TEXT)
        if made.icon().isNull():
            made.setText(words)
        return made

    def _menu_button(self, words: str, name: str) -> QPushButton:
        made = button(words, None, "menu", name=name)
        made.setMenu(QMenu(made))
        return made

    def _build_stack(self) -> QWidget:
        self._stack = QStackedWidget()
        ground = QFrame()
        ground.setObjectName("content")
        theme.set_role(ground, "surface")
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        return ground

    def _build_status(self) -> QWidget:
        status = QWidget()
        status.setObjectName("statusBar")
        self._status = FigureLine()
        self._office_label: QLabel = labelled("", "quiet")
        line = QHBoxLayout()
        line.setContentsMargins(theme.size(theme.MARGIN), 0, theme.size(theme.MARGIN), 0)
        line.addWidget(self._status, 1)
        line.addWidget(self._office_label)
        column = QVBoxLayout(status)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hairline())
        column.addLayout(line)
        status.setFixedHeight(theme.size(30))
        return status

    def _add_commands(self) -> None:
        go, edit = "常用", "修改"
        self._add("search", "搜索企业、编号、命令", self.focus_search, "Ctrl+K", go)
        self._add("new", "新建", lambda: self._tell_page("new"), "Ctrl+N", edit)
        self._add("filter", "筛选", lambda: self._tell_page("focus_filter"), "Ctrl+F", go)
        self._add("edit", "修改所选", lambda: self._tell_page("edit"), "F2", edit)
        self._add("save", "保存", lambda: self._tell_page("save"), "Ctrl+S", edit)
        self._undo_action = self._add("undo", "撤销", self.undo_requested.emit, "Ctrl+Z", edit)
        self._redo_action = self._add("redo", "恢复", self.redo_requested.emit, "Ctrl+Y", edit)
        self._add("refresh", "刷新", lambda: self._tell_page("read"), "F5", go)
        self._add("back", "返回", lambda: self._tell_page("back"), "Esc", go)
        self._print_action = self._add("print", "打印", self.print_requested.emit, "Ctrl+P", go)
        self._add("manual", "使用手册", self.show_manual, "F1", go)
        self._add("keys", "全部快捷键", self.show_keys, "Ctrl+/", go)
        self._add("large", "大字", lambda: self._choose_look(self._mode, not self._is_large))
        self._add("quit", "退出", self.leave, "Ctrl+Q", go)
        self._print_action.setToolTip("打印预览（Ctrl+P）")
        for made, action, icon in (
            (self._undo, self._undo_action, "undo"),
            (self._redo, self._redo_action, "redo"),
            (self._print, self._print_action, "print"),
        ):
            theme.set_icon(action, icon)
            made.setDefaultAction(action)
            made.setToolButtonStyle(
                Qt.ToolButtonStyle.ToolButtonIconOnly
                if not action.icon().isNull()
                else Qt.ToolButtonStyle.ToolButtonTextOnly
            )

    def _add(self, id_: str, title: str, run: Callable[[], object], key: str = "", group: str = "常用") -> QAction:
        return self.commands.add(Command(id_, title, run, key, group))

    def _fill_user_menu(self) -> None:
        menu = self._user.menu()
        menu.addAction(self._undo_action)
        menu.addAction(self._redo_action)
        menu.addSeparator()
        self._modes = QActionGroup(self)
        for mode, words in (("light", "浅色"), ("dark", "深色"), ("system", "跟随系统")):
            action = menu.addAction(words)
            action.setObjectName(f"mode_{mode}")
            action.setCheckable(True)
            action.setData(mode)
            self._modes.addAction(action)
        self._modes.triggered.connect(self._on_mode_chosen)
        self._large_action = menu.addAction("大字")
        self._large_action.setObjectName("largeType")
        self._large_action.setCheckable(True)
        self._large_action.toggled.connect(self._on_large_toggled)
        menu.addSeparator()
        menu.addAction(self.commands["manual"])
        menu.addAction(self.commands["keys"])
        menu.addAction(self.commands["quit"])

    # ---- pages

    def add_page(self, page: Page) -> None:
        """Give a page its place in the rail and, for the first nine, its key."""
        self._add_place(Place(page.KEY, page.TITLE, page.ICON))
        self._put(page)

    def add_page_later(self, place: Place, make: Callable[[], Page]) -> None:
        """Give a page its place before it is there: it is made when somebody first goes to it."""
        self._add_place(place)
        self._unmade[place.key] = make

    def _add_place(self, place: Place) -> None:
        key = place.key
        self._places.append(key)
        self._rail.add_place(key, place.title, place.icon)
        number = len(self._places)
        self._add(
            f"page_{key}",
            place.title,
            lambda: self.show_page(key),
            f"Ctrl+{number % 10}" if number <= 10 else "",
            "页面",
        )

    def _put(self, page: Page) -> None:
        self._pages[page.KEY] = page
        self._stack.addWidget(page)
        self._rail.set_badge(page.KEY, page.badge)
        page.badge_changed.connect(self._on_badge_changed)

    def _made(self, key: str) -> Page:
        make = self._unmade.pop(key, None)
        if make is not None:
            self._put(make())
        return self._pages[key]

    @property
    def pages(self) -> dict[str, Page]:
        """The pages by key, in the order of the rail; those that were not needed so far are made now."""
        return {key: self._made(key) for key in self._places}

    @property
    def made_pages(self) -> tuple[Page, ...]:
        """The pages that somebody went to, and those that were added whole."""
        return tuple(self._pages.values())

    @property
    def page(self) -> Page | None:
        """The page shown."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    @Slot(str)
    def show_page(self, key: str) -> Page:
        """Go to a page."""
        page = self._made(key)
        is_new = self._stack.currentWidget() is not page
        self._stack.setCurrentWidget(page)
        self._rail.choose(key)
        self.setWindowTitle(f"{page.TITLE} - {self._office.name} - 镇安")
        if is_new:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
            self.page_shown.emit(key)
        return page

    @Slot(object)
    def hear(self, changed: Changed) -> None:
        """Pass the word to every page: connect `Bus.changed` here."""
        for page in self._pages.values():
            page.hear(changed)

    def _tell_page(self, what: str) -> None:
        if (page := self.page) is not None:
            getattr(page, what)()

    def set_badge(self, key: str, count: int) -> None:
        """How many things are late on a page, whether it was made yet or not."""
        if key in self._places:
            self._rail.set_badge(key, count)

    @Slot(int)
    def _on_badge_changed(self, count: int) -> None:
        page = self.sender()
        if isinstance(page, Page):
            self._rail.set_badge(page.KEY, count)

    # ---- what it shows

    def set_office(self, office: Office) -> None:
        """Whose data this is."""
        self._office = office
        self._office_label.setText(f"{office.name} {office.year} 年度")
        self._user.setText(office.person or "本机用户")

    def show_status(self, facts: StatusFacts) -> None:
        """The truth at the bottom; 今日 and 逾期 open their rows."""
        said: list[Figure] = []
        if facts.saved_at is not None:
            said.append(Figure(f"已保存 {facts.saved_at:%H:%M}"))
        if facts.backup_at is not None:
            mark = "（已旧）" if facts.is_backup_old else " ✓"
            said.append(Figure(f"备份 {_recent(facts.backup_at, facts.saved_at)}{mark}"))
        said.append(Figure(f"今日 {facts.today_count}", self.today_clicked.emit))
        late = Meaning.OVERDUE if facts.overdue_count else Meaning.QUIET
        said.append(Figure(f"逾期 {facts.overdue_count}", self.overdue_clicked.emit, late))
        self._status.show_figures(said)

    def show_undo(self, undo: str | None, redo: str | None) -> None:
        """Name what 撤销 and 恢复 would do (`批量延期 12 项`); None when there is nothing."""
        for action, word, title in ((self._undo_action, "撤销", undo), (self._redo_action, "恢复", redo)):
            action.setEnabled(title is not None)
            action.setText(f"{word}：{title}" if title else word)
            action.setToolTip(f"{action.text()}（{action.shortcut().toString()}）")

    def add_new(self, title: str, run: Callable[[], object]) -> None:
        """Put something under ＋新建, and among what Ctrl+K finds."""
        menu = self._new.menu()
        menu.addAction(self._add(f"new_{len(menu.actions())}", title, run, group="新建"))

    def tell(self, text: str, undo: Callable[[], object] | None = None, meaning: Meaning = Meaning.DONE) -> None:
        """A toast that an act was done, with 撤销 when there is a way back."""
        self.notices.say(Notice(text, meaning, "撤销" if undo else "", undo))

    # ---- search

    @Slot()
    def focus_search(self) -> None:
        """Ctrl+K."""
        self._search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search_field.selectAll()

    def _find_commands(self, typed: str) -> Sequence[SearchHit]:
        found = [
            command for command in self.commands.all if command.id != "search" and _is_called(command.title, typed)
        ]
        found.sort(key=lambda command: (command.title != typed, not command.title.startswith(typed)))
        return [
            SearchHit("命令", command.title, command.key, self.commands[command.id].trigger)
            for command in found[:COMMANDS_FOUND]
        ]

    @Slot()
    def show_keys(self) -> None:
        """Ctrl+/."""
        KeysDialog(self.commands, self).open()

    @Slot()
    def show_manual(self, topic: str = "") -> None:
        """F1: the manual at what is said of the page shown, or of `topic`."""
        self._manual.show(topic or (self.page.topic if self.page is not None else ""))

    # ---- notices

    @Slot(int)
    def _on_unread_changed(self, count: int) -> None:
        self._bell.setText(str(count) if count else "" if not self._bell.icon().isNull() else "通知")
        self._bell.setAccessibleName(f"通知，{count} 条未读" if count else "通知")

    @Slot()
    def _on_bell_clicked(self) -> None:
        centre = NoticeCentre(self.notices.kept, self)
        corner = self._bell.mapToGlobal(QPoint(self._bell.width(), self._bell.height() + theme.size(4)))
        centre.move(corner - QPoint(centre.width(), 0))
        centre.show()
        self.notices.read()

    # ---- look

    def show_look(self, mode: str, is_large: bool) -> None:
        """Tick what was chosen, as the settings have it; says nothing."""
        self._mode, self._is_large = mode, is_large
        for action in self._modes.actions():
            action.setChecked(action.data() == mode)
        self._large_action.blockSignals(True)
        self._large_action.setChecked(is_large)
        self._large_action.blockSignals(False)

    def _choose_look(self, mode: str, is_large: bool) -> None:
        self.show_look(mode, is_large)
        theme.apply(theme.Look(is_dark=_is_dark(mode), is_large=is_large))
        self._fit_side()
        self.look_chosen.emit(mode, is_large)

    @Slot(QAction)
    def _on_mode_chosen(self, action: QAction) -> None:
        self._choose_look(str(action.data()), self._is_large)

    @Slot(bool)
    def _on_large_toggled(self, is_large: bool) -> None:
        self._choose_look(self._mode, is_large)

    def event(self, event: QEvent) -> bool:
        """On a screen of another scale the icons are drawn for it."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            theme.draw_again()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Under 1200 pixels the rail shows icons alone."""
        super().resizeEvent(event)
        self._fit_side()

    def _fit_side(self) -> None:
        is_narrow = self.width() < COLLAPSES_UNDER
        self._side.setFixedWidth(theme.size(rail.NARROW if is_narrow else rail.WIDE))
        self._brand.setText("镇" if is_narrow else "镇安")

    # ---- closing

    @Slot()
    def leave(self) -> None:
        """退出: the window closes and goes nowhere else."""
        elsewhere, self.instead_of_closing = self.instead_of_closing, None
        if not self.close():
            self.instead_of_closing = elsewhere

    def refuse_close(self) -> None:
        """Called while `closing` is being told: something is not done yet, stay."""
        self._keeps_open = True

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let whoever listens finish first."""
        if self.instead_of_closing is not None and self.instead_of_closing():
            event.ignore()
            return
        self._keeps_open = False
        self.closing.emit()
        if self._keeps_open:
            event.ignore()
        else:
            self._manual.close()
            super().closeEvent(event)


def _is_called(title: str, typed: str) -> bool:
    """By a part of the title, or, from two letters on, by the initials of its beginning: zpcc is 照片查重."""
    typed = typed.lower()
    if typed in title.lower():
        return True
    return len(typed) > 1 and typed.isascii() and any(spelling.startswith(typed) for spelling in initials(title))


def _is_dark(mode: str) -> bool:
    if mode == "system":
        return QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return mode == "dark"


def _recent(at: datetime, now: datetime | None) -> str:
    """The time of day, with the date when it is not today's."""
    return f"{at:%H:%M}" if now is None or at.date() == now.date() else f"{at:%m-%d %H:%M}"
