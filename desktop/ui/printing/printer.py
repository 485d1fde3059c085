"""The way to paper: asking for a printer, and sending it the pages of a PDF file as they were previewed."""

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from desktop.documents.pages import Pages, Picture
from desktop.domain.errors import Trouble
from desktop.services.progress import Progress

MOST_DOTS = 300  # an inch: finer is not seen, and a page of A3 would take a quarter of a gigabyte


def has_printer() -> bool:
    """Whether this machine has any printer, also one that writes files."""
    return bool(QPrinterInfo.availablePrinterNames())


def ask_printer(parent: QWidget, title: str, pages: Pages, copies: int = 1) -> QPrinter | None:
    """The system's own dialog: printer, copies (`copies` are proposed), which pages, both sides. None when it was left."""
    printer = fitted_printer(title, pages)
    printer.setCopyCount(copies)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("打印")
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
    dialog.setMinMax(1, len(pages))
    return printer if dialog.exec() == QDialog.DialogCode.Accepted else None


def fitted_printer(title: str, pages: Pages) -> QPrinter:
    """A printer set to the paper of the first page, without margins of its own: the pages bring theirs."""
    wide, tall = pages.size(0)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setCreator("镇安")
    is_landscape = wide > tall
    paper = QPageSize(QSizeF(min(wide, tall), max(wide, tall)), QPageSize.Unit.Point)
    side = QPageLayout.Orientation.Landscape if is_landscape else QPageLayout.Orientation.Portrait
    printer.setFullPage(True)
    printer.setPageLayout(QPageLayout(paper, side, QMarginsF()))
    return printer


def send(pages: Pages, printer: QPrinter, progress: Progress | None = None) -> int:
    """Print the pages asked for, and answer how many. Runs on the worker thread; `Trouble` when the printer refuses."""
    said = progress or Progress()
    numbers = _numbers(printer, len(pages)) * _turns(printer)
    painter = QPainter()
    if not painter.begin(printer):
        raise Trouble("cannot_print", printer=printer.printerName())
    try:
        for done, number in enumerate(numbers):
            said.step(done, len(numbers), f"第 {number + 1} 页")
            if done and not printer.newPage():
                raise Trouble("cannot_print", printer=printer.printerName())
            _draw(painter, printer, pages.picture(number, min(printer.resolution(), MOST_DOTS) / 72))
        said.step(len(numbers), len(numbers), "已送出")
    except BaseException:
        printer.abort()
        raise
    finally:
        painter.end()
    return len(numbers)


def _turns(printer: QPrinter) -> int:
    """How often the pages are sent: a printer that cannot count copies itself, such as one to a file, is sent each."""
    return 1 if printer.supportsMultipleCopies() else printer.copyCount()


def _numbers(printer: QPrinter, count: int) -> list[int]:
    """The pages from 0 that the dialog asked for."""
    if printer.printRange() is QPrinter.PrintRange.PageRange and printer.fromPage():
        return list(range(printer.fromPage() - 1, min(printer.toPage(), count)))
    return list(range(count))


def _draw(painter: QPainter, printer: QPrinter, picture: Picture) -> None:
    """A page on the whole sheet; on a sheet of another size as large as it fits, in the middle."""
    sheet = printer.paperRect(QPrinter.Unit.DevicePixel)
    image = image_of(picture)
    size = QSizeF(image.size()).scaled(QSizeF(sheet.size()), Qt.AspectRatioMode.KeepAspectRatio)
    left, top = (sheet.width() - size.width()) / 2, (sheet.height() - size.height()) / 2
    painter.drawImage(QRectF(left, top, size.width(), size.height()), image, QRectF(image.rect()))


def image_of(picture: Picture) -> QImage:
    """A page as Qt's own kind of picture; it keeps its own copy of the points."""
    image = QImage(picture.content, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32)
    return image.copy()
