"""文号簿: every number of a year, where it stands or why it stands nowhere; paper books taken out, sheets spoilt."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from desktop import text
from desktop.domain.form import BEFORE_BOOK, NumberState
from desktop.services.form_numbers import MOST_RESERVED, NumberRow, SeriesBook
from desktop.system.file_names import safe_file_name, write_whole
from desktop.ui import theme
from desktop.ui.acts.dialog import ActDialog, words_of
from desktop.ui.context import Context
from desktop.ui.manual import answer_f1
from desktop.ui.theme import Meaning
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.empty import Emptiness
from desktop.ui.widgets.fields import LongTextField, NumberField, Option, ShownField, TextField
from desktop.ui.widgets.form import Values
from desktop.ui.widgets.paged_table import SimpleTable
from desktop.ui.widgets.picks import PickField, among
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import button, labelled, row

EVERY = "全部序列"
EMPTY = Emptiness("这一年还没有文号", "下达整改指令书、签发文书或者领用纸质文书以后，文号会列在这里。")
NOT_FOUND = Emptiness("没有符合条件的文号", "换一个词试试，或者选全部序列。")
MEANINGS = {
    NumberState.USED: Meaning.DONE,
    NumberState.RESERVED: Meaning.INFORMATION,
    NumberState.VOID: Meaning.QUIET,
}


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line of the book: a number, or a stretch of numbers that are not in it."""

    id: int
    series: str
    sequence: str
    text: str
    state: str
    meaning: Meaning
    title: str
    enterprise: str
    on: date | None
    by: str
    reason: str
    row: NumberRow | None = None

    @property
    def is_reserved(self) -> bool:
        """Whether it still waits in a paper book."""
        return self.row is not None and self.row.state is NumberState.RESERVED

    def words(self) -> str:
        """What is searched."""
        return " ".join((self.text, self.title, self.enterprise, self.reason, self.by, self.state))


def lines_of(books: list[SeriesBook]) -> Iterator[BookLine]:
    """The lines of the books, each row of numbers in its order, what is missing told where it is missing."""
    for place, book in enumerate(books):
        lines = [_line(book, each) for each in book.rows]
        lines += [_stretch(book, -(place * 1000 + at), *gap) for at, gap in enumerate(_missing(book), 1)]
        yield from sorted(lines, key=lambda line: (int(line.sequence.split("—")[0]), line.row is not None))


def _missing(book: SeriesBook) -> Iterator[tuple[int, int, str, Meaning]]:
    if book.start:
        yield 1, book.start, BEFORE_BOOK, Meaning.QUIET
    for gap in book.gaps:
        yield gap.first, gap.last, gap.reason, Meaning.OVERDUE


def _stretch(book: SeriesBook, key: int, first: int, last: int, reason: str, meaning: Meaning) -> BookLine:
    sequence = str(first) if first == last else f"{first}—{last}"
    state = "缺号" if meaning is Meaning.OVERDUE else "此前已用"
    words = f"{book.name.split('（')[0]} 第 {sequence} 号"
    return BookLine(key, book.name, sequence, words, state, meaning, "", "", None, "", reason)


def _line(book: SeriesBook, each: NumberRow) -> BookLine:
    key = each.id if each.series != "order" else -1_000_000 - each.id
    return BookLine(
        key,
        book.name,
        str(each.sequence),
        each.text,
        text.label(each.state),
        MEANINGS[each.state],
        each.title,
        each.enterprise,
        each.taken_on,
        each.taken_by,
        f"领用：{each.reason}" if each.state is NumberState.RESERVED else each.reason,
        each,
    )


def columns() -> list[Column[BookLine]]:
    """As the book is ruled."""
    return [
        Column("text", "文号", lambda line: line.text, 205, tooltip=lambda line: line.text),
        Column("state", "状态", lambda line: line.state, 132, pill=lambda line: Pill(line.state, line.meaning)),
        Column("title", "文书", lambda line: line.title, 150),
        Column("enterprise", "企业", lambda line: line.enterprise, 185),
        Column("on", "日期", lambda line: text.day(line.on) if line.on else "", 118),
        Column("by", "经办", lambda line: line.by, 65),
        Column("reason", "说明", lambda line: line.reason, 245, tooltip=lambda line: line.reason),
        Column("series", "序列", lambda line: line.series, 150, is_shown=False),
    ]


class NumberBookDialog(QDialog):
    """The book of a year in a window; it reads again when numbers have changed."""

    def __init__(self, context: Context, year: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("numberBook")
        self.setWindowTitle("文号簿")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._numbers = context.services.form_numbers
        self._books: list[SeriesBook] = []
        self._build(year or context.services.clock.today().year)
        self.resize(theme.size(1180), theme.size(660))
        context.bus.changed.connect(self._on_changed)
        answer_f1(self, "settings/documents")
        self.read()

    def _build(self, year: int) -> None:
        self._year = _combo("numberYear", "年度", 110)
        for each in self._numbers.years():
            self._year.addItem(f"{each} 年", each)
        self._year.setCurrentIndex(max(self._year.findData(year), 0))
        self._year.currentIndexChanged.connect(self.read)
        self._series = _combo("numberSeries", "序列", 230)
        self._series.currentIndexChanged.connect(self._show)
        self._search = QLineEdit(placeholderText="文号、文书、企业、说明", clearButtonEnabled=True)
        self._search.setObjectName("numberSearch")
        self._search.setAccessibleName("搜索文号")
        self._search.setFixedWidth(theme.size(230))
        self._search.textChanged.connect(self._show)
        self._count = labelled("", "quiet")
        self._reserve = button("领用纸质文书", self._on_reserve, "primary", "plus", "reserveNumbers")
        self._spoil = button("作废所选号", self._on_spoil, name="spoilNumber")
        self._spoil.setToolTip("只能作废领用后写坏或者遗失的号")
        export = button("导出 Excel", self._on_export, "", "export", "exportNumbers")
        paper = button("打印", self.print_book, "", "print", "printNumbers")
        self.table: SimpleTable[BookLine] = SimpleTable(
            columns(), "numberTable", lambda line: line.id, self._context.memory
        )
        self.table.setAccessibleName("文号簿")
        self.table.current_id_changed.connect(self._show_spoil)
        close = button("关闭", self.close, name="closeBook")
        for push in (self._reserve, self._spoil, export, paper, close):
            push.setAutoDefault(False)
        self.table.setFocus()
        box = QVBoxLayout(self)
        margin = theme.size(theme.MARGIN)
        box.setContentsMargins(margin, theme.size(theme.WIDE_GAP), margin, theme.size(theme.WIDE_GAP))
        box.setSpacing(theme.size(12))
        box.addLayout(row(labelled("文号簿", "title"), 1, export, paper, self._spoil, self._reserve))
        box.addLayout(row(self._year, self._series, self._search, 1, self._count))
        box.addWidget(self.table, 1)
        box.addLayout(row(labelled("文号一经编出不再重复；撤销、作废的号都留在簿上并注明原因。", "quiet"), 1, close))

    # ---- reading

    @property
    def year(self) -> int:
        """The year in sight."""
        return int(self._year.currentData())

    @Slot()
    def read(self) -> None:
        """Read the year; the row of numbers that was chosen stays chosen where it is still there."""
        self._books = self._numbers.number_book(self.year)
        chosen = self._series.currentData()
        self._series.blockSignals(True)
        self._series.clear()
        self._series.addItem(EVERY, "")
        for book in self._books:
            self._series.addItem(book.name, book.series)
        self._series.setCurrentIndex(max(self._series.findData(chosen), 0))
        self._series.blockSignals(False)
        self._show()

    @Slot(object)
    def _on_changed(self, changed: object) -> None:
        if changed.touches(type(self._numbers).DEPENDS_ON):  # type: ignore[attr-defined]
            self.read()

    def lines(self) -> list[BookLine]:
        """What is asked for."""
        chosen, words = self._series.currentData(), self._search.text().split()
        books = [book for book in self._books if chosen in ("", None, book.series)]
        return [line for line in lines_of(books) if all(word in line.words() for word in words)]

    @Slot()
    def _show(self) -> None:
        lines = self.lines()
        self.table.say_empty(NOT_FOUND if self._books else EMPTY)
        self.table.set_rows(lines)
        void = sum(line.row is not None and line.row.state is NumberState.VOID for line in lines)
        kept = sum(line.is_reserved for line in lines)
        gaps = sum(line.state == "缺号" for line in lines)
        told = f"共 {sum(line.row is not None for line in lines)} 个号 · 作废 {void} · 待用 {kept}"
        self._count.setText(told + (f" · 缺号 {gaps} 处" if gaps else ""))
        self._show_spoil()

    @Slot()
    def _show_spoil(self) -> None:
        line = self.table.current_row
        self._spoil.setEnabled(line is not None and line.is_reserved)

    # ---- doing

    @Slot()
    def _on_reserve(self) -> None:
        self._context.open_form("reserve_numbers", year=self.year, parent=self)

    @Slot()
    def _on_spoil(self) -> None:
        line = self.table.current_row
        if line is not None and line.is_reserved:
            self._context.open_form("spoil_number", number_id=line.id, number=line.text, parent=self)

    @Slot()
    def _on_export(self) -> None:
        dialog = QFileDialog(self, "导出文号簿", safe_file_name(self._title(), ".xlsx"), "Excel (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda path: self.export(Path(path)))
        dialog.open()

    def _title(self) -> str:
        return f"{self._context.services.offices.detail().name}{self.year}年文号簿"

    def export(self, path: Path) -> None:
        """Each row of numbers as a sheet of its own."""
        from desktop.documents.sheets import Column as SheetColumn
        from desktop.documents.sheets import Kind, Sheet, workbook

        heads = tuple(
            SheetColumn(title, width, Kind.DATE if title == "日期" else Kind.TEXT)
            for title, width in (
                ("顺序号", 10),
                ("文号", 30),
                ("状态", 12),
                ("文书", 24),
                ("企业", 32),
                ("日期", 13),
                ("经办", 10),
                ("说明", 40),
            )
        )
        sheets = [
            Sheet(safe_file_name(book.name)[:28], f"{self._title()}　{book.name}", heads, _cells([book]))
            for book in self._books
        ]
        office, today = self._context.services.offices.detail().name, self._context.services.clock.today()
        if not sheets:
            sheets = [Sheet("文号簿", self._title(), heads, [])]
        content = workbook(sheets, author=office, on=today)
        self._context.act(partial(write_whole, path, content), f"已导出到 {path.name}")

    @Slot()
    def print_book(self) -> None:
        """The lines in sight, as a list on paper."""
        from desktop.documents.listing import Listing, listing_pdf
        from desktop.documents.page_setup import PageSetup
        from desktop.ui.printing.preview import PrintPreview
        from desktop.ui.printing.work import PrintWork

        shown = self.table.shown_columns()
        rows = tuple(tuple(column.text(line) for column in shown) for line in self.table.rows)
        office, today = self._context.services.offices.detail().name, self._context.services.clock.today()
        note = f"{self._series.currentText()}　{self._count.text()}"
        heads = tuple(column.title for column in shown)
        listing = Listing(self._title(), note, heads, rows, frozenset(), office, today)
        work = PrintWork("numberBook", self._title(), partial(listing_pdf, listing), PageSetup(is_landscape=True))
        PrintPreview(self._context, work, self).open()


def _combo(name: str, said: str, width: int) -> QComboBox:
    made = QComboBox()
    made.setObjectName(name)
    made.setAccessibleName(said)
    made.setFixedWidth(theme.size(width))
    return made


def _cells(books: list[SeriesBook]) -> list[tuple[object, ...]]:
    return [
        (line.sequence, line.text, line.state, line.title, line.enterprise, line.on, line.by, line.reason)
        for line in lines_of(books)
    ]


# ---- paper books -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperBook:
    """A book of blank forms that somebody takes out."""

    form: str
    count: int
    holder: str


class ReserveDialog(ActDialog[PaperBook]):
    """Keeps the next numbers of a form for a paper book."""

    def __init__(self, context: Context, year: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(context, "reserveForm", "领用纸质文书", "领用", parent, (600, 560))
        self._numbers = context.services.form_numbers
        self._year = year or context.services.clock.today().year
        self._taken: list[str] = []
        forms = [form for form in context.services.forms.book.forms.values() if form.has_number]
        self._options = {form.id: Option(form.id, form.title, f"代码字 {form.code}") for form in forms}
        form = self.form
        form.add("year", "年度", ShownField())
        form.add("form", "文书", PickField(among(list(self._options.values())), "名称或者代码字"), required=True)
        form.add("next", "从哪个号起", ShownField())
        note = "这些号留给纸质文书，程序不再编给别的文书；写坏或者遗失的，在文号簿里逐个作废并注明原因。"
        form.add("count", "份数", NumberField("份", 1, MOST_RESERVED), required=True, note=note)
        form.add("holder", "领用人", TextField("姓名，第几本", 60), required=True)
        self.finish({"year": f"{self._year} 年", "form": self._options["inspection_record"]})
        form.field("form").changed.connect(self._show_next)
        self._show_next()

    @Slot()
    def _show_next(self) -> None:
        chosen = self.form.field("form").value()
        on = min(self.services.clock.today(), date(self._year, 12, 31))
        following = self._numbers.peek(str(chosen), on) if chosen else ""
        self.form.field("next").set_value(following)

    def draft(self, values: Values) -> PaperBook:
        """As the service takes it."""
        return PaperBook(words_of(values, "form"), int(str(values["count"])), words_of(values, "holder"))

    def perform(self, draft: PaperBook) -> list[str]:
        """Take them out."""
        self._taken = self._numbers.reserve(draft.form, self._year, draft.count, draft.holder)
        return self._taken

    def done_words(self, draft: PaperBook) -> str:
        """How many."""
        return f"已领用《{self._options[draft.form].label}》{draft.count} 份"


class SpoilDialog(ActDialog[str]):
    """A sheet of a paper book was spoilt or lost."""

    DONE = "已作废这个号"

    def __init__(self, context: Context, number_id: int, number: str = "", parent: QWidget | None = None) -> None:
        super().__init__(context, "spoilForm", "作废领用的文号", "作废", parent, (540, 400))
        self._id = number_id
        self.form.add("what", "文号", ShownField())
        note = "号不再使用，留在文号簿里；不能撤销。"
        self.form.add("reason", "理由", LongTextField("写坏、遗失、污损…", 3), required=True, note=note)
        self.finish({"what": number})

    def draft(self, values: Values) -> str:
        """The reason."""
        return words_of(values, "reason")

    def perform(self, draft: str) -> None:
        """Strike it out."""
        self.services.form_numbers.spoil(self._id, draft)


def open_book(context: Context, year: int | None = None, parent: QWidget | None = None) -> QDialog:
    """`number_book` (year=)."""
    return NumberBookDialog(context, year, parent)


def open_reserve(context: Context, year: int | None = None, parent: QWidget | None = None) -> QDialog:
    """`reserve_numbers` (year=)."""
    return ReserveDialog(context, year, parent)


def open_spoil(context: Context, number_id: int, number: str = "", parent: QWidget | None = None) -> QDialog:
    """`spoil_number` (number_id=, number=)."""
    return SpoilDialog(context, number_id, number, parent)
