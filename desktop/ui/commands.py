"""All that can be done by key or by name, in one place: no two commands share a key."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from desktop.ui import theme
from desktop.ui.widgets.section import button, labelled, row


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: its name as people know it, its keys (`Ctrl+N`), and the group it is listed under."""

    id: str
    title: str
    run: Callable[[], object]
    key: str = ""
    group: str = "常用"


LISTED_ONLY: tuple[tuple[str, str, str], ...] = (
    ("表格", "打开所选", "Enter"),
    ("表格", "归档所选（可撤销）", "Delete"),
    ("表格", "复制到 Excel / WPS", "Ctrl+C"),
    ("表格", "全选", "Ctrl+A"),
    ("表格", "第一行 / 最后一行", "Home / End"),
    ("待办", "办下一步", "空格 或 Ctrl+Enter"),
    ("表单", "保存", "Enter"),
    ("表单", "今天的日期", "Ctrl+;"),
    ("表单", "前一天 / 后一天", "↓ / ↑"),
    ("表单", "打开日历", "Alt+↓"),
)


COLUMNS, HEAD_LINES = 3, 2  # of the list of keys: it must fit on a low screen with large type


class Commands:
    """The registry. Each command with a key becomes a `QAction` of the window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._keys: dict[str, str] = {}

    def add(self, command: Command) -> QAction:
        """Register a command. Two with one key, or one id, are a mistake of ours."""
        if command.id in self._commands:
            raise ValueError(f"two commands are called {command.id}")
        action = QAction(command.title, self._window)
        action.setObjectName(f"command_{command.id}")
        if command.key:
            key = QKeySequence(command.key).toString()
            if not key or key in self._keys:
                raise ValueError(f"{command.id} cannot have {command.key!r}: {self._keys.get(key, 'no such key')}")
            self._keys[key] = command.id
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(command.run)
        self._window.addAction(action)
        self._commands[command.id] = command
        self._actions[command.id] = action
        return action

    def __getitem__(self, id_: str) -> QAction:
        """The action of a command."""
        return self._actions[id_]

    @property
    def all(self) -> tuple[Command, ...]:
        """Every command, in the order they were added."""
        return tuple(self._commands.values())

    def keys(self) -> dict[str, list[tuple[str, str]]]:
        """What Ctrl+/ lists: by group, the title and its key."""
        listed: dict[str, list[tuple[str, str]]] = {}
        for command in self._commands.values():
            if command.key:
                listed.setdefault(command.group, []).append((command.title, command.key))
        for group, title, key in LISTED_ONLY:
            listed.setdefault(group, []).append((title, key))
        return listed


class KeysDialog(QDialog):
    """The list of all keys."""

    def __init__(self, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keysDialog")
        self.setWindowTitle("快捷键")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = [QVBoxLayout() for _ in range(COLUMNS)]
        heights = [0] * COLUMNS
        for column in columns:
            column.setSpacing(theme.size(theme.GAP))  # else it is the wide one of the line they stand in
        for group, lines in commands.keys().items():
            shortest = heights.index(min(heights))
            heights[shortest] += len(lines) + HEAD_LINES
            columns[shortest].addWidget(labelled(group, "section"))
            columns[shortest].addLayout(_grid(lines))
            columns[shortest].addSpacing(theme.size(theme.WIDE_GAP))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*[theme.size(theme.MARGIN)] * 4)
        side_by_side = row(spacing=48)
        for column in columns:
            column.addStretch(1)
            side_by_side.addLayout(column)
        whole.addWidget(labelled("快捷键", "title"))
        whole.addLayout(side_by_side)
        whole.addLayout(row(1, button("关闭", self.accept, "primary")))


def _grid(lines: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.size(theme.MARGIN))
    grid.setVerticalSpacing(theme.size(4))
    for place, (title, key) in enumerate(lines):
        grid.addWidget(labelled(title), place, 0)
        grid.addWidget(labelled(key, "label"), place, 1)
    grid.setColumnStretch(0, 1)
    return grid
