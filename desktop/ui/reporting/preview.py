"""The report as it will be printed: the blocks of the document as a page on screen."""

from collections.abc import Iterator, Sequence
from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from desktop.documents.blocks import Align, Block, Break, Chart, Grid, Heading, Paragraph, Title
from desktop.ui import theme

CHART = 480  # pixels wide
PAGE_STYLE = """
body { color: #1d2129; background: #ffffff; font-family: 'FangSong', 'SimSun', 'Noto Serif SC'; font-size: 11pt; }
h1 { font-size: 18pt; text-align: center; font-weight: bold; margin-top: 24px; margin-bottom: 18px; }
h2 { font-size: 13pt; font-family: 'SimHei', 'Noto Sans SC'; font-weight: bold; margin-top: 18px; }
h3 { font-size: 12pt; font-family: 'KaiTi', 'Noto Serif SC'; font-weight: bold; margin-top: 12px; }
p { line-height: 160%; margin-top: 4px; margin-bottom: 4px; }
th { background: #eef1f6; font-weight: bold; }
td, th { padding: 3px 6px; border: 1px solid #9aa1ac; }
.caption { text-align: center; font-weight: bold; }
.note { color: #5f6672; font-size: 9pt; }
"""


class ReportPreview(QTextBrowser):
    """Shows blocks on white paper, in any look: what is printed is black on white."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reportPreview")
        self.setAccessibleName("报告预览")
        self.setOpenLinks(False)
        self.document().setDefaultStyleSheet(PAGE_STYLE)
        self.document().setDocumentMargin(theme.size(40))
        self.setStyleSheet("QTextBrowser { background: #ffffff; color: #1d2129; }")

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show these; the scroll stays where it was."""
        scroll = self.verticalScrollBar().value()
        self._keep_charts(blocks)
        self.setHtml("<body>" + "".join(html_of(blocks)) + "</body>")
        self.verticalScrollBar().setValue(scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has narrow margins, so that a chart is never cut off."""
        margin = theme.size(40 if self.viewport().width() >= theme.size(CHART + 2 * 40) else 12)
        if margin != self.document().documentMargin():
            self.document().setDocumentMargin(margin)
        super().resizeEvent(event)

    def _keep_charts(self, blocks: Sequence[Block]) -> None:
        from desktop.documents.charts import png

        for number, block in enumerate(blocks):
            if isinstance(block, Chart):
                image = QImage.fromData(png(block))
                self.document().addResource(QTextDocument.ResourceType.ImageResource, QUrl(f"chart:{number}"), image)

    def go_to(self, section: str) -> None:
        """Bring a section into sight."""
        self.scrollToAnchor(f"section-{section}")


def html_of(blocks: Sequence[Block]) -> Iterator[str]:
    """The blocks as simple HTML."""
    for number, block in enumerate(blocks):
        if isinstance(block, Title):
            yield f"<h1>{_lines(block.text)}</h1>"
        elif isinstance(block, Heading):
            yield from _heading(block)
        elif isinstance(block, Paragraph):
            yield _paragraph(block)
        elif isinstance(block, Grid):
            yield _grid(block)
        elif isinstance(block, Chart):
            yield f"<p class='caption'>{escape(block.title)}</p><p align='center'><img src='chart:{number}' width='{CHART}'></p>"
        elif isinstance(block, Break):
            yield "<hr>"


def _lines(words: str) -> str:
    return escape(words).replace("\n", "<br>")


def _heading(block: Heading) -> Iterator[str]:
    if block.section:
        yield f"<a name='section-{escape(block.section)}'></a>"
    level = min(block.level + 1, 4)
    yield f"<h{level}>{escape(block.text)}</h{level}>"


def _paragraph(block: Paragraph) -> str:
    words = _lines(block.text)
    if block.align is Align.NOTE:
        return f"<p class='note'>{words}</p>"
    side = {Align.CENTER: "center", Align.RIGHT: "right"}.get(block.align, "left")
    indent = "　　" if block.align is Align.BODY else ""
    return f"<p align='{side}'>{indent}{words}</p>"


def _grid(block: Grid) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in block.headers)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td align='{'right' if place in block.numeric else 'left'}'>{escape(span.text)}</td>"
            for place, span in enumerate(row)
        )
        + "</tr>"
        for row in block.rows
    )
    caption = f"<p class='caption'>{escape(block.title)}</p>" if block.title else ""
    note = f"<p class='note'>{escape(block.note)}</p>" if block.note else ""
    return f"{caption}<table width='100%' cellspacing='0' border='1'><tr>{heads}</tr>{rows}</table>{note}"
