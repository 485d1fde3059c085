"""Charts, laid out once as lines, boxes and words, and drawn three ways: into a PDF, as PNG for Word, as SVG for a page.

Colours are few and calm, bars carry their numbers, and the target is a dashed line with its words beside it, so that
nothing depends on colour alone.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from desktop.documents import fonts
from desktop.documents.blocks import Chart
from desktop.documents.fonts import Role

WIDTH, HEIGHT, FLAT = 440.0, 190.0, 120.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 16.0, 34.0, 30.0
COLOURS = ("#1456C7", "#9DB7E8", "#D8640A", "#7A8699")
INK, QUIET, LINE, TARGET = "#1D2129", "#5F6672", "#D9DEE6", "#C9302C"
SCALE = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `y` is its lower edge, counted upwards."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 0.5
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A text on its base line; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    anchor: str = "middle"


Shape = Box | Stroke | Word


def height_of(chart: Chart) -> float:
    """How tall a chart is, in points."""
    return FLAT if chart.is_flat else HEIGHT


def layout(chart: Chart) -> list[Shape]:
    """The shapes of a chart, back to front."""
    top = scale_top(chart)
    return [*_axis(chart, top), *_bars(chart, top), *_target(chart, top), *_words(chart)]


def scale_top(chart: Chart) -> float:
    """A round number above the highest bar."""
    if chart.is_share:
        return 100.0
    highest = max((value for each in chart.series for value in each.values if value is not None), default=0)
    step = 10.0 ** max(len(str(int(highest))) - 1, 0)
    return max(next(step * factor for factor in (1, 2, 4, 5, 8, 10) if step * factor >= highest), 4.0)


def _plot(chart: Chart) -> tuple[float, float]:
    return WIDTH - LEFT - RIGHT, height_of(chart) - TOP - BOTTOM


def _axis(chart: Chart, top: float) -> Iterator[Shape]:
    width, height = _plot(chart)
    for quarter in range(5):
        y = BOTTOM + height * quarter / 4
        value = top * quarter / 4
        yield Stroke(LEFT, y, LEFT + width, y, INK if quarter == 0 else LINE)
        yield Word(LEFT - 5, y - 3, f"{value:g}%" if chart.is_share else f"{value:g}", 7.5, QUIET, "end")


def _bars(chart: Chart, top: float) -> Iterator[Shape]:
    width, height = _plot(chart)
    slot = width / max(len(chart.labels), 1)
    bar = min(slot * 0.7 / max(len(chart.series), 1), 34.0)
    for at, label in enumerate(chart.labels):
        middle = LEFT + slot * (at + 0.5)
        yield Word(middle, BOTTOM - 12, label, 8, INK)
        start = middle - bar * len(chart.series) / 2
        for number, each in enumerate(chart.series):
            yield from _bar(chart, start + bar * number, bar, each.values[at], height / top, COLOURS[number])


def _bar(chart: Chart, x: float, width: float, value: float | None, unit: float, colour: str) -> Iterator[Shape]:
    if value is None:
        yield Word(x + width / 2, BOTTOM + 3, "—", 8, QUIET)
        return
    yield Box(x + width * 0.06, BOTTOM, width * 0.88, value * unit, colour)
    if value:
        yield Word(
            x + width / 2, BOTTOM + value * unit + 2.5, f"{value:g}%" if chart.is_share else f"{value:g}", 7, INK
        )


def _target(chart: Chart, top: float) -> Iterator[Shape]:
    if chart.target is None:
        return
    width, height = _plot(chart)
    y = BOTTOM + height * chart.target / top
    yield Stroke(LEFT, y, LEFT + width, y, TARGET, 1, is_dashed=True)
    yield Word(LEFT + width, y + 3, chart.target_text, 7.5, TARGET, "end")


def _words(chart: Chart) -> Iterator[Shape]:
    height = height_of(chart)
    yield Word(WIDTH / 2, height - 13, chart.title, 9.5, INK)
    if len(chart.series) > 1:
        x = WIDTH - RIGHT
        for number, each in reversed(list(enumerate(chart.series))):
            yield Word(x, height - 27, each.name, 7.5, QUIET, "end")
            x -= 8.0 * len(each.name) + 10
            yield Box(x, height - 28, 7, 7, COLOURS[number])
            x -= 10


# ---- PDF ---------------------------------------------------------------------------------------------------


def draw(canvas: Any, chart: Chart, x: float, y: float) -> None:
    """Draw the chart on a reportlab canvas, its lower left corner at (x, y).

    reportlab's own graphics name Helvetica in every file that holds a drawing, whether it writes with it or not.
    """
    canvas.saveState()
    canvas.translate(x, y)
    for shape in layout(chart):
        _draw_shape(canvas, shape)
    canvas.restoreState()


def _draw_shape(canvas: Any, shape: Shape) -> None:
    match shape:
        case Box():
            canvas.setFillColor(shape.colour)
            canvas.rect(shape.x, shape.y, shape.width, shape.height, stroke=0, fill=1)
        case Stroke():
            canvas.setStrokeColor(shape.colour)
            canvas.setLineWidth(shape.width)
            canvas.setDash([3, 2] if shape.is_dashed else [])
            canvas.line(shape.x1, shape.y1, shape.x2, shape.y2)
        case Word():
            _draw_word(canvas, shape)


def _draw_word(canvas: Any, word: Word) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    pieces, _ = fonts.runs(word.text, Role.HEADING)
    widths = [stringWidth(run.text, run.font, word.size) for run in pieces]
    x = word.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[word.anchor] * sum(widths)
    canvas.setFillColor(word.colour)
    for run, width in zip(pieces, widths, strict=True):
        canvas.setFont(run.font, word.size)
        canvas.drawString(x, word.y, run.text)
        x += width


# ---- PNG ---------------------------------------------------------------------------------------------------


@cache
def _image_font(size: float) -> Any:
    from PIL import ImageFont

    content = io.BytesIO(fonts.font_bytes(fonts.file_of(Role.HEADING)))
    return ImageFont.truetype(content, round(size * SCALE), layout_engine=ImageFont.Layout.BASIC)


def png(chart: Chart) -> bytes:
    """The chart as an image, four pixels a point; the same bytes for the same chart."""
    from PIL import Image, ImageDraw

    tall = height_of(chart)
    image = Image.new("RGB", (round(WIDTH * SCALE), round(tall * SCALE)), "white")
    draw = ImageDraw.Draw(image)
    for shape in layout(chart):
        _paint(draw, shape, tall)
    target = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(target, "PNG", optimize=False)
    return target.getvalue()


def _paint(draw: Any, shape: Shape, tall: float) -> None:
    match shape:
        case Box():
            low, high = (tall - shape.y) * SCALE, (tall - shape.y - shape.height) * SCALE
            if low - high >= 1:
                draw.rectangle((shape.x * SCALE, high, (shape.x + shape.width) * SCALE, low), fill=shape.colour)
        case Stroke():
            _paint_stroke(draw, shape, tall)
        case Word():
            anchor = {"start": "ls", "middle": "ms", "end": "rs"}[shape.anchor]
            place = (shape.x * SCALE, (tall - shape.y) * SCALE)
            draw.text(place, shape.text, fill=shape.colour, font=_image_font(shape.size), anchor=anchor)


def _paint_stroke(draw: Any, stroke: Stroke, tall: float) -> None:
    y, thick = (tall - stroke.y1) * SCALE, max(round(stroke.width * SCALE), 1)
    step = 5.0 if stroke.is_dashed else stroke.x2 - stroke.x1
    x = stroke.x1
    while x < stroke.x2:
        end = min(x + (3.0 if stroke.is_dashed else step), stroke.x2)
        draw.line((x * SCALE, y, end * SCALE, y), fill=stroke.colour, width=thick)
        x += step


# ---- SVG ---------------------------------------------------------------------------------------------------


def svg(chart: Chart) -> str:
    """The chart as an inline SVG, in the reader's own fonts."""
    tall = height_of(chart)
    body = "".join(_svg_shape(shape, tall) for shape in layout(chart))
    return f'<svg viewBox="0 0 {WIDTH:g} {tall:g}" role="img" aria-label="{escape(chart.title)}">{body}</svg>'


def _svg_shape(shape: Shape, tall: float) -> str:
    match shape:
        case Box():
            place = f'x="{shape.x:.2f}" y="{tall - shape.y - shape.height:.2f}"'
            return f'<rect {place} width="{shape.width:.2f}" height="{shape.height:.2f}" fill="{shape.colour}"/>'
        case Stroke():
            dash = ' stroke-dasharray="3 2"' if shape.is_dashed else ""
            ends = f'x1="{shape.x1:.2f}" y1="{tall - shape.y1:.2f}" x2="{shape.x2:.2f}" y2="{tall - shape.y2:.2f}"'
            return f'<line {ends} stroke="{shape.colour}" stroke-width="{shape.width:g}"{dash}/>'
        case Word():
            place = f'x="{shape.x:.2f}" y="{tall - shape.y:.2f}" font-size="{shape.size:g}"'
            return f'<text {place} fill="{shape.colour}" text-anchor="{shape.anchor}">{escape(shape.text)}</text>'
