"""The manual as rich text for the window: the colours and sizes are those of the look in force."""

from collections.abc import Iterator
from html import escape

from desktop.documents.manual import Chapter, Head, Kind, Manual, Picture, SpanKind, Words, spans
from desktop.ui import theme
from desktop.ui.theme import Meaning

PICTURE = "picture:"
"""A link that shows a picture in full size."""


def html(told: Manual) -> str:
    """All chapters as one text. Pictures are only named: the window gives each its size."""
    body = "".join(_chapter(chapter) for chapter in told.chapters)
    return f"<html><head><style>{_style()}</style></head><body>{body}</body></html>"


def _style() -> str:
    large = theme.look().scale
    return (
        f"h1 {{ font-size: {18 * large:g}pt; color: {theme.ink(Meaning.ACCENT).name()}; }}"
        f"h2 {{ font-size: {13 * large:g}pt; }}"
        f".link {{ color: {theme.ink(Meaning.ACCENT).name()}; text-decoration: none; }}"
        f".label {{ color: {theme.ink(Meaning.ACCENT).name()}; }}"
        f".caption {{ color: {theme.ink(Meaning.QUIET).name()}; font-size: {theme.QUIET_PT * large:g}pt; }}"
    )


def _chapter(chapter: Chapter) -> str:
    return "".join(_block(block) for block in chapter.blocks)


def _block(block: Head | Words | Picture) -> str:
    match block:
        case Head():
            above, below = (theme.size(36), theme.size(6)) if block.level == 1 else (theme.size(22), theme.size(2))
            said = f'<a name="{block.anchor}">{escape(block.text)}</a>'
            return f'<h{block.level} style="margin-top:{above}px; margin-bottom:{below}px">{said}</h{block.level}>'
        case Picture():
            shown = f'<a href="{PICTURE}{block.name}"><img src="{block.name}"></a>'
            caption = f'<p class="caption" align="center" style="margin-top:2px">{escape(block.caption)}</p>'
            return f'<p align="center" style="margin-top:{theme.size(10)}px">{shown}</p>{caption}'
        case Words():
            return _words(block)


def _words(words: Words) -> str:
    inner = "".join(_runs(words.text))
    gap = theme.size(6)
    match words.kind:
        case Kind.TEXT:
            return f'<p style="margin-top:{gap}px; margin-bottom:{gap}px; line-height:140%">{inner}</p>'
        case Kind.ITEM:
            mark = f'<td width="{theme.size(30)}" align="center">{words.mark}</td>'
            cell = f'<td><p style="margin:0; line-height:140%">{inner}</p></td>'
            return f'<table width="100%" cellspacing="0" cellpadding="{theme.size(3)}"><tr>{mark}{cell}</tr></table>'
        case Kind.NOTE:
            return _box(inner, theme.tint(Meaning.INFORMATION).name())
        case Kind.TYPED:
            return _box(f"<code>{inner}</code>", theme.token("hover").name())


def _box(inner: str, ground: str) -> str:
    cell = f'<td bgcolor="{ground}"><p style="margin:0; line-height:140%">{inner}</p></td>'
    space = f'style="margin-top:{theme.size(8)}px; margin-bottom:{theme.size(8)}px"'
    return f'<table width="100%" cellspacing="0" cellpadding="{theme.size(10)}" {space}><tr>{cell}</tr></table>'


def _runs(text: str) -> Iterator[str]:
    for span in spans(text):
        said = escape(span.text)
        match span.kind:
            case SpanKind.LABEL:
                yield f'<span class="label">{said}</span>'
            case SpanKind.TYPED:
                yield f"<code>{said}</code>"
            case SpanKind.LINK:
                yield f'<a class="link" href="{span.target}">{said}</a>'
            case SpanKind.PLAIN:
                yield said
