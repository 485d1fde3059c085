"""The paper field pack 纸上现场包: a cover with the route, and per visit what is known, the checklist and a blank record.

An internal working paper of the officers on duty, so it shows telephone numbers whole, unlike printed lists. Every page
of a visit bears the visit's code, in letters and as a QR code that holds just those letters.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.documents import fonts
from desktop.documents.blocks import Made
from desktop.documents.fonts import Role
from desktop.documents.lines import lines
from desktop.documents.pdf import LINE, MM, Shape, Side, register_fonts

LEFT = RIGHT = 16 * MM
TOP, BOTTOM = 30 * MM, 18 * MM
WIDE, TALL = 210 * MM, 297 * MM
WHOLE = WIDE - LEFT - RIGHT
QR_SIDE = 20 * MM
PADDING = 2.5
BOXES = "□✓  □✗  □—"
RECORD_LINES = 14
FINDING_ROWS = 6

HEAD = Shape(Role.HEADING, 13, 19, before=8, after=3, with_next=True)
TITLE = Shape(Role.TITLE, 18, 26, Side.CENTER, after=6)
TEXT = Shape(Role.BODY, 10.5, 15.5)
CELL = Shape(Role.BODY, 9, 12)
HEAD_CELL = Shape(Role.HEADING, 9.5, 13, Side.CENTER)
NOTE = Shape(Role.BODY, 9, 13, colour="#5F6672", after=4)
GROUP = Shape(Role.HEADING, 9.5, 13)


@dataclass(frozen=True, slots=True)
class SheetItem:
    """An item of the checklist. `doubt` stands behind what a lawyer has not confirmed yet."""

    code: str
    group: str
    text: str
    method: str = ""
    basis: str = ""
    is_major: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class SheetHazard:
    """A hazard that is still open there."""

    found_on: str
    description: str
    level: str
    status: str
    due: str


@dataclass(frozen=True, slots=True)
class FieldPage:
    """One visit: `code` as it is stored, `shown_code` as it is printed, the token with which its result is sealed."""

    code: str
    shown_code: str
    token: str
    enterprise: str
    uscc: str
    address: str
    principal: str
    contact: str
    phone: str
    facts: tuple[tuple[str, str], ...]
    officers: str
    hazards: tuple[SheetHazard, ...]
    items: tuple[SheetItem, ...]


@dataclass(frozen=True, slots=True)
class FieldPack:
    """A day's route of one office."""

    office: str
    office_code: str
    on: date
    shown_on: str
    officer: str
    pages: tuple[FieldPage, ...]


Step = Callable[[int, int, str], object]
"""Told how far the setting is: done, in all, in words. What it raises ends the setting, and nothing is left of it."""


def field_pack_pdf(pack: FieldPack, step: Step = lambda _done, _total, _words: None) -> Made:
    """The pack as a PDF file; the same pack gives the same bytes.

    `step` is called for each visit and each page, many times a second, so that whoever waits can stop it at once.
    """
    from reportlab.platypus import Frame, PageTemplate

    target = io.BytesIO()
    steps = _Steps(len(pack.pages), step)
    with fonts.LOCK:
        register_fonts()
        document = _document(steps)(
            target,
            pagesize=(WIDE, TALL),
            title=f"现场包 {pack.shown_on}",
            author=pack.office,
            creator="TownSafe",
            invariant=1,
            pageCompression=1,
        )
        frame = Frame(LEFT, BOTTOM, WHOLE, TALL - TOP - BOTTOM, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate("page", [frame]))
        document.build(list(_flow(pack, steps)), canvasmaker=_canvas(pack, steps))
        steps.finish()
    return Made(target.getvalue(), fonts.undrawable(_texts(pack)))


def code_widget(page: FieldPage) -> Any:
    """The QR code of a visit: it holds the code as it is typed, so that a scanner types the same."""
    from reportlab.graphics.barcode.qr import QrCodeWidget

    return QrCodeWidget(page.shown_code, barLevel="M", barWidth=QR_SIDE, barHeight=QR_SIDE, barBorder=2)


@dataclass
class _Steps:
    """Three equal parts: the words of each visit are broken into lines, set into pages, and the pages written."""

    visits: int
    step: Step
    visit: int = 0

    def compose(self, visit: int) -> None:
        self.step(visit, 3 * self.visits, f"正在准备第 {visit} 家，共 {self.visits} 家")

    def turn(self) -> None:
        """A page was set; which visit it is of does not matter to whoever waits, only that it goes on."""
        self.step(self.visits + self.visit, 3 * self.visits, "正在排版")

    def write(self, page: int, count: int) -> None:
        done = 2 * self.visits + self.visits * page // (count + 1)
        self.step(done, 3 * self.visits, f"正在写第 {page} 页，共 {count} 页")

    def finish(self) -> None:
        self.step(3 * self.visits, 3 * self.visits, "已排好")


def _document(steps: _Steps) -> Any:
    from reportlab.platypus import BaseDocTemplate

    class Told(BaseDocTemplate):  # type: ignore[misc]
        def afterPage(self) -> None:
            steps.turn()

    return Told


# ---- pages -------------------------------------------------------------------------------------------------


def _flow(pack: FieldPack, steps: _Steps) -> Iterator[Any]:
    from reportlab.platypus import PageBreak

    yield from _cover(pack)
    for place, page in enumerate(pack.pages, 1):
        steps.compose(place)
        yield _Turn(page, place, steps)
        yield PageBreak()
        yield from _visit(place, page)
        yield _Turn(page, place, steps)
        yield PageBreak()
        yield from _record(page)


def _Turn(page: FieldPage, place: int, steps: _Steps) -> Any:
    """Tells the canvas whose pages come next."""
    from reportlab.platypus import Flowable

    class Turn(Flowable):  # type: ignore[misc]
        width = height = 0

        def wrap(self, *_: float) -> tuple[float, float]:
            return 0, 0

        def draw(self) -> None:
            self.canv.next_visit = page
            steps.visit = place

    return Turn()


def _cover(pack: FieldPack) -> Iterator[Any]:
    yield TITLE.paragraph("现　场　包", WHOLE)
    officer = f"　　执法人员：{pack.officer}" if pack.officer else ""
    yield TEXT.paragraph(f"{pack.office}　　日期：{pack.shown_on}{officer}　　共 {len(pack.pages)} 家", WHOLE)
    yield NOTE.paragraph(
        "内部工作用纸，含联系电话，不得外传，用后交回。回来后在程序里按 Ctrl+K 输入或扫描编号，即打开这次检查。", WHOLE
    )
    rows = [
        (
            str(place),
            page.enterprise,
            page.address or "—",
            "\n".join(filter(None, (page.contact or page.principal, page.phone))) or "—",
            page.shown_code,
        )
        for place, page in enumerate(pack.pages, 1)
    ]
    yield _table(("次序", "企业", "地址", "联系人、电话", "编号"), rows, (0.6, 3, 3.4, 2, 1.5))
    yield NOTE.paragraph("到达、离开时间：　　　　　　　　　　　　　车辆：　　　　　　　　　　　　　", WHOLE)


def _visit(place: int, page: FieldPage) -> Iterator[Any]:
    yield HEAD.paragraph(f"{place}. {page.enterprise}", WHOLE)
    facts = [
        ("地址", page.address),
        ("统一社会信用代码", page.uscc),
        ("主要负责人", page.principal),
        ("联系人、电话", " ".join(filter(None, (page.contact, page.phone)))),
        *page.facts,
        ("执法人员", page.officers),
    ]
    yield _table((), [(name, words or "—") for name, words in facts], (1, 4))
    yield HEAD.paragraph(f"未销号隐患（{len(page.hazards)}）", WHOLE)
    if page.hazards:
        rows = [(each.found_on, each.description, each.level, each.status, each.due) for each in page.hazards]
        yield _table(("发现日期", "隐患", "级别", "状态", "整改期限"), rows, (1.3, 4.4, 0.8, 1.1, 1.3))
    else:
        yield TEXT.paragraph("没有未销号的隐患。", WHOLE)
    yield HEAD.paragraph(f"检查表（{len(page.items)} 项）", WHOLE)
    yield NOTE.paragraph("✓ 符合　✗ 不符合　— 不涉及。带 ★ 的可能构成重大事故隐患，由检查人员按判定标准认定。", WHOLE)
    if page.items:
        yield _checklist(page)


def _checklist(page: FieldPage) -> Any:
    rows: list[tuple[str, ...]] = []
    group = ""
    for item in page.items:
        if item.group != group:
            group = item.group
            rows.append((group,))
        words = f"{'★ ' if item.is_major else ''}{item.text}"
        basis = "\n".join(
            filter(None, (item.method, f"{item.basis}（{item.doubt}）" if item.doubt and item.basis else item.basis))
        )
        rows.append((item.code.removeprefix("CK-"), words, basis, BOXES, ""))
    return _table(("编号", "检查内容", "方法、依据", "结果", "说明"), rows, (0.85, 3.8, 2.9, 1.35, 1.5))


def _record(page: FieldPage) -> Iterator[Any]:
    from reportlab.platypus import Spacer

    yield HEAD.paragraph(f"现场检查记录（草稿）　{page.enterprise}", WHOLE)
    yield NOTE.paragraph("供现场手写，不是执法文书；正式的现场检查记录在程序里制作。", WHOLE)
    yield TEXT.paragraph(
        "检查时间：　　　　年　　月　　日　　时　　分至　　时　　分　　检查场所：　　　　　　　　　　　", WHOLE
    )
    yield TEXT.paragraph("出示证件：□ 已出示　执法证号：　　　　　　　　　　　、　　　　　　　　　　　", WHOLE)
    yield Spacer(1, 4)
    rows = [(str(number), "", "", "□一般 □重大", "□ 当场整改") for number in range(1, FINDING_ROWS + 1)]
    yield _table(("序号", "发现的问题", "部位", "级别", "处理"), rows, (0.5, 4.1, 1.7, 1.4, 1.1), row_height=11 * MM)
    yield HEAD.paragraph("检查情况", WHOLE)
    yield _table((), [("",)] * RECORD_LINES, (1,), row_height=7.6 * MM)
    yield HEAD.paragraph("签字", WHOLE)
    yield TEXT.paragraph("被检查单位现场负责人：　　　　　　　　　　　　　　　　　年　　月　　日", WHOLE)
    yield TEXT.paragraph("检查人员：　　　　　　　　　　、　　　　　　　　　　　　年　　月　　日", WHOLE)


# ---- parts -------------------------------------------------------------------------------------------------


def _table(
    headers: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    shares: tuple[float, ...],
    row_height: float | None = None,
) -> Any:
    from reportlab.platypus import Table

    widths = [WHOLE * share / sum(shares) for share in shares]
    head = [[_cell(words, HEAD_CELL, width) for words, width in zip(headers, widths, strict=True)]] if headers else []
    body: list[list[Any]] = []
    groups = []
    for row in rows:
        if len(row) == 1 and len(widths) > 1:
            groups.append(len(head) + len(body))
            body.append([_cell(row[0], GROUP, WHOLE), *("" for _ in widths[1:])])
        else:
            body.append([_cell(words, CELL, width) if words else "" for words, width in zip(row, widths, strict=True)])
    heights = None if row_height is None else [None] * len(head) + [row_height] * len(body)
    return Table(
        [*head, *body], colWidths=widths, rowHeights=heights, repeatRows=len(head), style=_style(len(head), groups)
    )


def _cell(text: str, shape: Shape, width: float) -> Any:
    """Lines as plain text, which a table sets fast; what needs a second font, or stands centred, becomes a paragraph."""
    room = width - 2 * PADDING
    runs, _ = fonts.runs(text, shape.role)
    if shape.role is not Role.BODY or any(run.font != fonts.pdf_name(fonts.file_of(Role.BODY)) for run in runs):
        return shape.paragraph(text, room)
    return "\n".join(lines(text, shape.role, shape.size, room))


def _style(heads: int, groups: list[int]) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import TableStyle

    return TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), fonts.pdf_name(fonts.file_of(Role.BODY)), CELL.size, CELL.leading),
            ("GRID", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
            *([("BACKGROUND", (0, 0), (-1, heads - 1), HexColor("#EEF2F7"))] if heads else []),
            *(("SPAN", (0, place), (-1, place)) for place in groups),
            *(("BACKGROUND", (0, place), (-1, place), HexColor("#F7F8FA")) for place in groups),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
            ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ]
    )


def _canvas(pack: FieldPack, steps: _Steps) -> Any:
    """A canvas that knows how many pages there are, and whose visit each one belongs to."""
    from reportlab.pdfgen.canvas import Canvas

    font = fonts.pdf_name(fonts.file_of(Role.BODY))

    class Paged(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **{**more, "initialFontName": font})
            self.next_visit: FieldPage | None = None
            self._visit: FieldPage | None = None
            self._pages: list[tuple[dict[str, Any], FieldPage | None]] = []

        def showPage(self) -> None:
            self._pages.append((dict(self.__dict__), self._visit))
            self._visit = self.next_visit
            self._startPage()

        def save(self) -> None:
            kept, count = self._pages, len(self._pages)
            for number, (state, visit) in enumerate(kept, 1):
                steps.write(number, count)
                self.__dict__.update(state)
                self._frame(number, count, visit)
                super().showPage()
            super().save()

        def _frame(self, number: int, count: int, visit: FieldPage | None) -> None:
            top = TALL - 12 * MM
            self.setFont(font, 9)
            self.drawString(LEFT, top, f"{pack.office}　现场包　{pack.shown_on}")
            self.drawCentredString(WIDE / 2, 9 * MM, f"第 {number} 页，共 {count} 页")
            if visit is not None:
                _draw_code(self, visit)
                for run in _runs(visit.enterprise):
                    self.setFont(*run[:2])
                    self.drawString(LEFT + run[2], top - 13, run[3])

    return Paged


def _runs(text: str) -> Iterator[tuple[str, float, float, str]]:
    """The stretches of a line, each in the font that has its characters: font, size, offset, text."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    offset, size = 0.0, 10.5
    for run in fonts.runs(text, Role.BODY)[0]:
        yield run.font, size, offset, run.text
        offset += stringWidth(run.text, run.font, size)


def _draw_code(canvas: Any, page: FieldPage) -> None:
    from reportlab.graphics import renderPDF
    from reportlab.graphics.shapes import Drawing

    drawing = Drawing(QR_SIDE, QR_SIDE)
    drawing.add(code_widget(page))
    left, bottom = WIDE - RIGHT - QR_SIDE, TALL - 6 * MM - QR_SIDE
    renderPDF.draw(drawing, canvas, left, bottom)
    canvas.setFont(fonts.pdf_name(fonts.file_of(Role.HEADING)), 15)
    canvas.drawRightString(left - 3 * MM, bottom + 8 * MM, page.shown_code)


def _texts(pack: FieldPack) -> Iterator[str]:
    yield from (pack.office, pack.officer)
    for page in pack.pages:
        yield from (page.enterprise, page.address, page.principal, page.contact, page.officers)
        for name, words in page.facts:
            yield from (name, words)
        for hazard in page.hazards:
            yield hazard.description
        for item in page.items:
            yield from (item.text, item.method, item.basis)
