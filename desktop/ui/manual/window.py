"""The window of the manual: contents at the left, the text at the right, finding within it, and the PDF to print."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QImage,
    QKeySequence,
    QPainter,
    QPixmap,
    QResizeEvent,
    QShortcut,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QFrame,
    QLabel,
    QScrollArea,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop import __version__, text
from desktop.documents.manual import TITLE, manual, picture
from desktop.domain.errors import Trouble
from desktop.ui import theme
from desktop.ui.jobs import Jobs
from desktop.ui.manual.sheet import PICTURE, html
from desktop.ui.problems import Problems
from desktop.ui.theme import Meaning
from desktop.ui.widgets.filter_bar import SearchLine
from desktop.ui.widgets.section import button, hairline, labelled, row

WIDEST, NARROWEST = 820, 240
SETTLES_MS = 120
_ANCHOR = int(Qt.ItemDataRole.UserRole)


class ManualWindow(QWidget):
    """Read beside the program: it is a window of its own, and closing the program closes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("manualWindow")
        self.setWindowTitle("使用手册 - 镇安")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        theme.set_role(self, "window")
        self.problems = Problems(text.sentence, self, __version__)
        self.jobs = Jobs(self, self.problems.show)
        self._saved: Path | None = None
        self._build()
        for key, slot in (("Ctrl+F", self._on_find_wanted), ("F3", self.find_next), ("Esc", self.close)):
            QShortcut(QKeySequence(key), self, slot)
        self.resize(theme.size(1080), theme.size(700))
        self._fit_screen()

    # ---- building

    def _build(self) -> None:
        self.search = SearchLine("在手册里查找")
        self.search.setObjectName("manualSearch")
        self.search.setFixedWidth(theme.size(280))
        self.search.textChanged.connect(self._on_words_changed)
        self.search.returnPressed.connect(self.find_next)
        self.found = labelled("", "quiet")
        self.found.setObjectName("manualFound")
        save = button("存为 PDF…", self._on_save_clicked, "", "export", "saveManual")
        top = row(self.search, self.found, 1, save)
        top.setContentsMargins(*(theme.size(n) for n in (12, 10, 12, 10)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._build_saved())
        column.addWidget(hairline())
        column.addWidget(self._build_halves(), 1)

    def _build_saved(self) -> QWidget:
        self._saved_line = QWidget()
        self._told = labelled("", "done")
        self._told.setObjectName("manualSaved")
        line = row(self._told, button("打开", self._on_open_clicked, "link", name="openManual"), 1)
        line.setContentsMargins(*(theme.size(n) for n in (12, 0, 12, 8)))
        self._saved_line.setLayout(line)
        self._saved_line.hide()
        return self._saved_line

    def _build_halves(self) -> QWidget:
        self.contents = QTreeWidget()
        self.contents.setObjectName("manualContents")
        self.contents.setAccessibleName("目录")
        self.contents.setHeaderHidden(True)
        self.contents.setRootIsDecorated(False)
        self.contents.setIndentation(theme.size(14))
        self._fill_contents()
        self.contents.currentItemChanged.connect(self._on_chosen)
        self.sheet = Sheet()
        self.sheet.anchorClicked.connect(self._on_link)
        self.sheet.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        ground = QFrame()
        theme.set_role(ground, "surface")
        inner = QVBoxLayout(ground)
        inner.setContentsMargins(theme.size(8), 0, 0, 0)
        inner.addWidget(self.sheet)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(1)
        halves.addWidget(self.contents)
        halves.addWidget(ground)
        halves.setStretchFactor(1, 1)
        halves.setSizes([theme.size(230), theme.size(850)])
        return halves

    def _fill_contents(self) -> None:
        self._items: dict[str, QTreeWidgetItem] = {}
        for chapter in manual().chapters:
            title, *sections = chapter.heads
            top = QTreeWidgetItem(self.contents, [title.text])
            top.setData(0, _ANCHOR, title.anchor)
            self._items[title.anchor] = top
            for head in sections:
                item = QTreeWidgetItem(top, [head.text])
                item.setToolTip(0, head.text)
                item.setData(0, _ANCHOR, head.anchor)
                self._items[head.anchor] = item
        self.contents.expandAll()
        self._size_contents()

    def _size_contents(self) -> None:
        """Rows of the look in force; those out of sight would else keep the height they had before there was one."""
        for item in self._items.values():
            item.setSizeHint(0, QSize(0, theme.size(28)))
            item.setFont(0, theme.font(is_bold=item.parent() is None))

    def changeEvent(self, event: QEvent) -> None:
        """大字 was chosen, or no longer."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._size_contents()

    def _fit_screen(self) -> None:
        room = self.screen().availableGeometry()
        self.resize(min(self.width(), room.width()), min(self.height(), room.height() - theme.size(40)))

    # ---- going there

    def open_at(self, topic: str) -> None:
        """Show what the manual says about a page or a part of one."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()
        self.go_to(manual().anchor_of(topic))

    def go_to(self, anchor: str) -> None:
        """Bring a heading to the top."""
        self.sheet.go_to(anchor)
        self._mark(anchor)

    @property
    def anchor(self) -> str:
        """The heading that the contents have marked."""
        item = self.contents.currentItem()
        return "" if item is None else str(item.data(0, _ANCHOR))

    def _mark(self, anchor: str) -> None:
        self.contents.blockSignals(True)
        self.contents.setCurrentItem(self._items[anchor])
        self.contents.blockSignals(False)

    def _on_chosen(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None = None) -> None:
        if item is not None:
            self.sheet.go_to(str(item.data(0, _ANCHOR)))

    @Slot()
    def _on_scrolled(self) -> None:
        if not self.sheet.is_going:
            self._mark(self.sheet.heading_in_sight())

    @Slot(QUrl)
    def _on_link(self, url: QUrl) -> None:
        target = url.toString()
        if target.startswith(PICTURE):
            PictureDialog(target.removeprefix(PICTURE), self).open()
        else:
            self.go_to(target)

    # ---- finding

    @Slot()
    def _on_find_wanted(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot(str)
    def _on_words_changed(self, words: str) -> None:
        count = self.sheet.look_for(words.strip())
        self._say_found(count)
        if count:
            self.find_next()

    @Slot()
    def find_next(self) -> None:
        """Go to the next place where the words stand; after the last comes the first."""
        place = self.sheet.show_next()
        if place:
            self.found.setText(f"第 {place} 处，共 {len(self.sheet.hits)} 处")
            self._mark(self.sheet.heading_at(self.sheet.hits[place - 1].position()))

    def _say_found(self, count: int) -> None:
        typed = bool(self.search.text().strip())
        self.found.setText(f"{count} 处" if count else "没有找到，换一个词试试" if typed else "")

    # ---- the PDF

    @Slot()
    def _on_save_clicked(self) -> None:
        dialog = QFileDialog(self, "存为 PDF", f"{TITLE}.pdf", "PDF 文件 (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.open()

    @Slot(str)
    def _on_file_selected(self, path: str) -> None:
        self.save(Path(path))

    def save(self, path: Path) -> Any:
        """Write the PDF beside the reading."""
        job = self.jobs.start(lambda _progress: _written(path), "存为 PDF", writes=True)
        job.succeeded.connect(self._on_saved)
        return job

    @Slot(object)
    def _on_saved(self, path: Path) -> None:
        self._saved = path
        self._told.setText(f"已存为 {path}")
        self._saved_line.show()

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._saved is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is being written is given up."""
        self.jobs.stop()
        super().closeEvent(event)


class Sheet(QTextBrowser):
    """All of the manual as one text, laid out anew when the width or the look changes."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("manualSheet")
        self.setAccessibleName("使用手册")
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # A bar that comes and goes changes the width, and the width lays the text out anew: that would never end.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.document().setDocumentMargin(theme.size(20))
        self.is_going = False
        self.hits: list[QTextCursor] = []
        self._words, self._hit = "", -1
        self._width = 0
        self._pictures: dict[tuple[str, int, bool], QImage] = {}
        self._heads: list[tuple[int, str]] = []
        self._wanted = ""
        """Where to go once the text is laid out for the first time."""
        self._place = 0
        """The position in the text that one is reading; found again when it was laid out anew."""
        self.verticalScrollBar().valueChanged.connect(self._on_moved)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLES_MS)
        self._timer.timeout.connect(self.lay_out)

    # ---- laying out

    def lay_out(self) -> None:
        """Set the text for the width there is, and stay at the words one was reading."""
        self._width = self._room()
        self.is_going = True
        self.setHtml(html(manual()))
        self._heads = list(self._anchors())
        self.is_going = False
        self.look_for(self._words)
        if self._wanted:
            self.go_to(self._wanted)
        else:
            self._show(self._place)

    def _room(self) -> int:
        inside = self.viewport().width() - 2 * theme.size(20) - theme.size(12)
        return max(min(inside, theme.size(WIDEST)), NARROWEST)

    def _anchors(self) -> list[tuple[int, str]]:
        found = []
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                start = QTextCursor(block)
                start.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
                names = start.charFormat().anchorNames()
                if names:
                    found.append((block.position(), names[0]))
            block = block.next()
        return found

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture from the resources, scaled with care to the width there is."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, name)
        key = (QUrl(name).toString(), self._width, theme.look().is_dark)
        if key not in self._pictures:
            self._pictures[key] = self._scaled(QImage.fromData(picture(key[0])))
        return self._pictures[key]

    def _scaled(self, whole: QImage) -> QImage:
        ratio = self.devicePixelRatioF()
        width = min(self._width, whole.width())
        made = whole.convertToFormat(QImage.Format.Format_RGB32).scaledToWidth(
            round(width * ratio), Qt.TransformationMode.SmoothTransformation
        )
        painter = QPainter(made)
        painter.setPen(theme.token("line"))
        painter.drawRect(made.rect().adjusted(0, 0, -1, -1))
        painter.end()
        made.setDevicePixelRatio(ratio)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The first time at once; while a window is being drawn larger, when it has come to rest."""
        super().resizeEvent(event)
        if not self._heads:
            self.lay_out()
        elif self._room() != self._width:
            self._timer.start()

    def changeEvent(self, event: QEvent) -> None:
        """Another look has other colours and sizes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._heads:
            self._pictures.clear()
            self._timer.start()

    # ---- going and finding

    def go_to(self, anchor: str) -> None:
        """Bring a heading to the top; before the text is laid out, remember where to go."""
        place = next((position for position, name in self._heads if name == anchor), None)
        self._wanted = anchor if place is None else ""
        if place is not None:
            self._show(place)

    def _show(self, place: int) -> None:
        self.is_going = True
        self._place = place
        cursor = QTextCursor(self.document())
        cursor.setPosition(place)
        self.verticalScrollBar().setValue(self._top(cursor) - theme.size(8))
        self.is_going = False

    @Slot()
    def _on_moved(self) -> None:
        if self._heads and not self.is_going and not self._timer.isActive():
            self._place = self._place_in_sight()

    def _place_in_sight(self) -> int:
        return self.cursorForPosition(QPoint(theme.size(40), theme.size(24))).position()

    def _top(self, cursor: QTextCursor) -> int:
        return self.cursorRect(cursor).top() + self.verticalScrollBar().value()

    def heading_in_sight(self) -> str:
        """The heading under which the first line in sight stands."""
        return self.heading_at(self._place_in_sight())

    def heading_at(self, place: int) -> str:
        """The heading under which a position of the text stands."""
        return next((name for position, name in reversed(self._heads) if position <= place), self._heads[0][1])

    def look_for(self, words: str) -> int:
        """Mark every place where the words stand; answers how many there are."""
        self._words, self._hit, self.hits = words, -1, []
        cursor = QTextCursor(self.document())
        while words and not (cursor := self.document().find(words, cursor)).isNull():
            self.hits.append(cursor)
        self._show_hits()
        return len(self.hits)

    def show_next(self) -> int:
        """Go to the next hit; the first is the one at or below what is in sight. Answers its number, 0 without any."""
        if not self.hits:
            return 0
        if self._hit < 0:
            here = self.cursorForPosition(QPoint(0, 0)).position()
            after = (place for place, hit in enumerate(self.hits) if hit.selectionStart() >= here)
            self._hit = next(after, 0)
        else:
            self._hit = (self._hit + 1) % len(self.hits)
        self._show_hits()
        top = self._top(self.hits[self._hit])
        bar = self.verticalScrollBar()
        if not bar.value() <= top <= bar.value() + self.viewport().height() - theme.size(60):
            bar.setValue(top - self.viewport().height() // 3)
        return self._hit + 1

    def _show_hits(self) -> None:
        marks = []
        for place, hit in enumerate(self.hits):
            mark = QTextEdit.ExtraSelection()
            shape = QTextCharFormat()
            strong = place == self._hit
            shape.setBackground(theme.colour(Meaning.ATTENTION) if strong else theme.tint(Meaning.ATTENTION))
            shape.setForeground(theme.token("surface") if strong else theme.ink(Meaning.TEXT))
            mark.cursor, mark.format = hit, shape
            marks.append(mark)
        self.setExtraSelections(marks)


class PictureDialog(QDialog):
    """A picture in full size."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pictureDialog")
        self.setWindowTitle("放大")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = QLabel()
        pixels = QPixmap()
        pixels.loadFromData(picture(name))
        shown.setPixmap(pixels)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        room = QApplication.primaryScreen().availableGeometry()
        self.resize(min(pixels.width() + 4, room.width()), min(pixels.height() + 4, room.height() - theme.size(40)))


def _written(path: Path) -> Path:
    from desktop.documents.manual_pdf import manual_pdf
    from desktop.system.file_names import write_whole

    content = manual_pdf(__version__).content
    try:
        write_whole(path, content)
    except OSError as error:
        raise Trouble("cannot_write", path=str(path), said=str(error)) from error
    return path
