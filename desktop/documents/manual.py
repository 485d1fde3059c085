"""The manual as plain values: its chapters, read from `resources/manual`, which window and PDF show alike.

The chapters are Markdown, so that they can be read anywhere, but only as much of it as a manual needs; a line that is
not understood is a mistake of ours and raises `ValueError`. `<!-- page: hazards -->` above a heading or a paragraph
says what F1 opens on that page; `「…」` is something that stands on the screen word for word.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import PurePosixPath

from resources import resource

FOLDER = "manual"
TITLE = "镇安使用手册"


@dataclass(frozen=True, slots=True)
class Head:
    """A chapter's title (level 1) or the heading of a section (2); `anchor` is its address."""

    level: int
    text: str
    anchor: str


class Kind(StrEnum):
    """How words stand: a paragraph, a line of a list, a note in a box, something to type."""

    TEXT = "text"
    ITEM = "item"
    NOTE = "note"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph or a line of a list; `mark` is what stands before a line: `•`, its number, or the
    number of the place on the picture that it speaks of."""

    kind: Kind
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the words below it; `name` is its file among the pictures."""

    name: str
    caption: str

    def read(self) -> bytes:
        """The file."""
        return picture(self.name)


Block = Head | Words | Picture


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file; `key` is its name, by which other chapters link to it."""

    key: str
    blocks: tuple[Block, ...]

    @property
    def heads(self) -> tuple[Head, ...]:
        """The title, then the sections."""
        return tuple(block for block in self.blocks if isinstance(block, Head))


@dataclass(frozen=True, slots=True)
class Manual:
    """The chapters in order, and where F1 leads from each page."""

    chapters: tuple[Chapter, ...]
    topics: Mapping[str, str]

    @property
    def heads(self) -> tuple[Head, ...]:
        """All titles and sections."""
        return tuple(head for chapter in self.chapters for head in chapter.heads)

    def anchor_of(self, topic: str) -> str:
        """The anchor for a page, or for a part of one (`settings/backup`) that may have no words of its own."""
        found = self.topics.get(topic) or self.topics.get(topic.partition("/")[0])
        return found or self.heads[0].anchor


class SpanKind(StrEnum):
    """What a run of words is: plain, on the screen, to be typed, or a way to another chapter."""

    PLAIN = "plain"
    LABEL = "label"
    TYPED = "typed"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words; a link has the key of a chapter for `target`."""

    kind: SpanKind
    text: str
    target: str = ""


_SPAN = re.compile(r"(?P<label>「[^」]+」)|`(?P<typed>[^`]+)`|\[(?P<link>[^\]]+)\]\((?P<target>[\w-]+)\.md\)")


_MARKED = (SpanKind.LABEL, SpanKind.TYPED, SpanKind.LINK)


def spans(text: str) -> Iterator[Span]:
    """The runs of a paragraph."""
    end = 0
    for found in _SPAN.finditer(text):
        if found.start() > end:
            yield Span(SpanKind.PLAIN, text[end : found.start()])
        kind = next(each for each in _MARKED if found[each.value] is not None)
        yield Span(kind, found[kind.value], found["target"] or "")
        end = found.end()
    if end < len(text):
        yield Span(SpanKind.PLAIN, text[end:])


def plain(text: str) -> str:
    """The words of a paragraph without their marks."""
    return "".join(span.text for span in spans(text))


def picture(name: str) -> bytes:
    """A picture's file."""
    return resource(f"{FOLDER}/pictures/{name}").read_bytes()


@cache
def manual() -> Manual:
    """The manual as shipped."""
    names = sorted(each.name for each in resource(FOLDER).iterdir() if each.name.endswith(".md"))
    topics: dict[str, str] = {}
    chapters = tuple(
        read(PurePosixPath(name).stem, resource(f"{FOLDER}/{name}").read_text("utf-8"), topics) for name in names
    )
    return Manual(chapters, topics)


def read(key: str, text: str, topics: dict[str, str]) -> Chapter:
    """A chapter from its file; the pages that its headings are for are added to `topics`."""
    blocks: list[Block] = []
    waiting: list[str] = []
    anchor = key
    for line in text.splitlines():
        if not line.strip():
            continue
        if page := _PAGE.fullmatch(line):
            waiting.append(page[1])
            continue
        block = _block(line, key, blocks)
        blocks.append(block)
        if isinstance(block, Head):
            anchor = block.anchor
        topics.update(dict.fromkeys(waiting, anchor))
        waiting.clear()
    if waiting or not blocks or not isinstance(blocks[0], Head):
        raise ValueError(f"{key}: it has no title, or ends with a page that nothing stands for")
    return Chapter(key, tuple(blocks))


_PAGE = re.compile(r"<!-- page: ([\w/]+) -->")
_HEAD = re.compile(r"(#{1,2}) (.+)")
_ITEM = re.compile(r"(?:- (?P<circled>[①-⑳])|(?P<dot>-)|(?P<number>\d+\.)) (?P<words>.+)")
_PICTURE = re.compile(r"!\[([^\]]+)\]\(pictures/([\w-]+\.png)\)")
_NEVER = re.compile(r"\*\*|!\[|^[#*+|<]|^\s*```")


def _block(line: str, key: str, before: list[Block]) -> Block:
    if found := _HEAD.fullmatch(line):
        level = len(found[1])
        if (level == 1) != (not before):
            raise ValueError(f"{key}: one title, at the top: {line}")
        number = sum(isinstance(block, Head) for block in before)
        return Head(level, found[2], f"{key}.{number}" if number else key)
    if found := _PICTURE.fullmatch(line):
        return Picture(found[2], found[1])
    if found := _ITEM.fullmatch(line):
        return Words(Kind.ITEM, found["words"], found["circled"] or found["number"] or "•")
    if line.startswith("> "):
        return Words(Kind.NOTE, line[2:])
    if line.startswith("    "):
        return Words(Kind.TYPED, line.strip())
    if _NEVER.search(line):
        raise ValueError(f"{key}: not understood: {line}")
    return Words(Kind.TEXT, line)
