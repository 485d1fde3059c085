"""Which fonts official documents are drawn with: those of this machine or the program's own, and those of an old paper.

The office chooses; a paper that was issued keeps which fonts of the machine it was drawn with, and beside them the hash of
the same paper in the bundled fonts. So a machine that lacks a font can still tell a paper that only looks otherwise from
one whose data were changed.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.documents import fonts, machine_fonts
from desktop.documents.blocks import Made
from desktop.documents.fonts import FontSet, Role
from desktop.documents.machine_fonts import KeptFont
from desktop.domain.form import FontChoice
from desktop.services.office import Offices

FONT_CHOICE = "forms.fonts"
KEPT = "fonts"
"""In what is kept of the issuer with a document: the fonts it went out in. The form itself never asks for it."""

LACKING = "本机没有这份文书签发时用的字体（{fonts}），重新生成的版面与原件不完全相同，{said}。"
SAME_SAID, OTHER_SAID = "内容相同", "而且留存的数据与签发时不一致，请核对"

OWN_TITLES = {Role.BODY: "宋体", Role.TITLE: "粗宋体", Role.HEADING: "粗黑体", Role.KAI: "粗宋体"}
ROLE_TITLES = {Role.BODY: "正文", Role.TITLE: "标题", Role.HEADING: "小标题", Role.KAI: "楷体字"}

Draw = Callable[[FontSet], Made]


@dataclass(frozen=True, slots=True)
class FontShown:
    """What draws a role now: its name, and whether it is one of this machine."""

    role: str
    font: str
    is_machines: bool


@dataclass(frozen=True, slots=True)
class PaperFonts:
    """What a document is drawn with here. `lacking` are those of its own fonts that are not here."""

    fonts: FontSet
    lacking: tuple[KeptFont, ...] = ()
    bundled_sha256: str = ""

    def note(self, draw: Draw) -> str:
        """What is to be told along with the paper that `draw` draws; empty when all its fonts are here."""
        names = "、".join(each.title for each in self.lacking)
        return LACKING.format(fonts=names, said=SAME_SAID if self.is_same(draw) else OTHER_SAID) if names else ""

    def is_same(self, draw: Draw) -> bool:
        """Whether a paper that lacks some of its fonts here has the data that it was issued with."""
        return sha256_of(draw(fonts.bundled())) == self.bundled_sha256


class FormFonts:
    """The office's choice, and what it means on this machine. Without `folders` it is always the bundled fonts."""

    def __init__(self, offices: Offices, folders: tuple[Path, ...] = ()) -> None:
        self._offices = offices
        self._folders = folders

    def choice(self) -> FontChoice:
        """What the office chose; those of the machine where nothing was chosen."""
        return FontChoice.BUNDLED if self._offices.setting(FONT_CHOICE) == FontChoice.BUNDLED else FontChoice.MACHINE

    def choose(self, choice: FontChoice) -> None:
        """What papers are drawn with from now on; those that were issued stay as they are."""
        self._offices.set_setting(FONT_CHOICE, None if choice is FontChoice.MACHINE else choice.value)

    def now(self) -> FontSet:
        """What a new paper is drawn with."""
        is_machines = bool(self._folders) and self.choice() is FontChoice.MACHINE
        return machine_fonts.machine(self._folders) if is_machines else fonts.bundled()

    def shown(self) -> tuple[FontShown, ...]:
        """What draws each role now, as people call it."""
        roles = self.now().roles
        told = []
        for role, title in ROLE_TITLES.items():
            is_machines = fonts.machine_place(roles[role]) is not None
            font = machine_fonts.title_of(roles[role]) if is_machines else f"{OWN_TITLES[role]}（程序自带）"
            told.append(FontShown(title, font, is_machines))
        return tuple(told)

    # ---- papers

    def kept(self, draw: Draw, chosen: FontSet, made: Made) -> dict[str, Any]:
        """What to keep with a paper that was just drawn; nothing when only bundled fonts are in it."""
        used = machine_fonts.kept(chosen, made.drawn)
        return {KEPT: {"used": used, "bundled_sha256": sha256_of(draw(fonts.bundled()))}} if used else {}

    def of(self, issuer: Mapping[str, Any]) -> PaperFonts:
        """What an issued paper is drawn with here, by what was kept with it; the bundled fonts where nothing was."""
        told = issuer.get(KEPT)
        if told is None:
            return PaperFonts(fonts.bundled())
        again = machine_fonts.found_again(told["used"], self._folders)
        return PaperFonts(again.fonts, again.lacking, told["bundled_sha256"])


def without_fonts(issuer: Mapping[str, Any]) -> dict[str, str]:
    """What was kept of the issuer alone."""
    return {key: value for key, value in issuer.items() if key != KEPT}


def sha256_of(made: Made) -> str:
    """The hash of a file."""
    return hashlib.sha256(made.content).hexdigest()
