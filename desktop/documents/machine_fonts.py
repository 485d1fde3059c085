"""The fonts of this machine for official papers: found in its folders, kept with a paper by hash, found again by it.

Official papers ask for 仿宋, 黑体, 楷体 and 小标宋. Windows has the first three, offices install the fourth; what is not
there, or cannot be embedded, is drawn by the bundled fonts. A paper keeps which of the machine's fonts it was drawn with:
a machine that has them draws it again byte for byte, and one that lacks them can say which.
"""

import logging
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

from desktop.documents import fonts
from desktop.documents.fonts import FontSet, Role

log = logging.getLogger(__name__)

Folders = tuple[Path, ...]

SUFFIXES = (".ttf", ".ttc")
RARE = "rare"
"""As the use of a kept font: it drew what the font of the role lacks."""

COMMON = frozenset(map(ord, "启东市应急管理局责令限期整改安全生产检查记录第号年月日，。（）〔〕《》：；、"))
"""What a font must have to draw a paper; one whose map of characters is not Unicode has none of them at their places."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A font as it is looked for: by its file's name, in small letters, and where that is not telling by its family too."""

    title: str
    files: tuple[str, ...]
    families: tuple[str, ...] = ()


FANG_FILES = ("*simfang*", "*fangsong*", "*仿宋*", "fs_gb2312*", "fzfs*")
WISHES: Mapping[Role, tuple[Wish, ...]] = {
    Role.BODY: (
        Wish("仿宋", ("simfang.ttf",)),
        Wish("仿宋", FANG_FILES, ("fangsonggb2312", "fzfangsong")),
        Wish("朱雀仿宋", ("*zhuque*", "*朱雀*"), ("zhuquefangsong",)),
    ),
    Role.TITLE: (Wish("小标宋", ("fzxbs*", "*小标宋*", "*xiaobiaosong*"), ("xiaobiaosong",)),),
    Role.HEADING: (Wish("黑体", ("simhei.ttf",)), Wish("微软雅黑", ("msyh.ttc", "msyh.ttf"))),
    Role.KAI: (Wish("楷体", ("simkai.ttf",)),),
}
CHAIN = (Wish("宋体", ("simsun.ttc",)), Wish("宋体扩展", ("simsunb.ttf",)))
"""Asked for what the font of a role lacks, before the bundled fonts: the first has more characters, the second the rare
ones of names beyond U+FFFF. They are large, and only read when such a character comes."""

TITLES = {
    Role.BODY.value: "仿宋",
    Role.TITLE.value: "小标宋",
    Role.HEADING.value: "黑体",
    Role.KAI.value: "楷体",
    RARE: "宋体",
}


# ---- what is here ------------------------------------------------------------------------------------------


@cache
def files(folders: Folders) -> tuple[Path, ...]:
    """The font files of the folders, as they stood when they were first asked for: the first folder's first."""
    return tuple(path for folder in folders for path in sorted(_files_in(folder)))


def _files_in(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.lower().endswith(SUFFIXES) and entry.is_file():
                    yield Path(entry.path)
    except OSError as error:
        log.info("no fonts are taken from %s: %s", folder, error.strerror)


@cache
def machine(folders: Folders) -> FontSet:
    """The fonts of Windows where they are, and the bundled ones for what is not there."""
    found = {role: name for role in WISHES if (name := _first(folders, role)) is not None}
    chain = tuple(name for wish in CHAIN for name in _named(folders, wish))
    return _set(tuple(sorted(found.items())), chain)


@cache
def _set(roles: tuple[tuple[Role, str], ...], chain: tuple[str, ...]) -> FontSet:
    """The same object for the same fonts, as `FontSet` wants it."""
    if not roles and not chain:
        return fonts.bundled()
    plain = fonts.bundled()
    return FontSet({**plain.roles, **dict(roles)}, (*chain, *plain.chain))


def _first(folders: Folders, role: Role) -> str | None:
    for wish in WISHES[role]:
        for name in _named(folders, wish):
            if fonts.is_usable(name) and fonts.characters(name) >= COMMON and _is_of(name, wish.families):
                return name
    return None


def _named(folders: Folders, wish: Wish) -> Iterator[str]:
    """The fonts whose files are called so; of a collection the first one, which Windows names the file after."""
    for pattern in wish.files:
        for path in files(folders):
            if fnmatch(path.name.lower(), pattern):
                yield fonts.machine_name(path)


def _is_of(name: str, families: Sequence[str]) -> bool:
    face = fonts.registered(name).face
    said = b" ".join((face.familyName, face.fullName, face.name)).decode("utf-8", "replace").lower()
    bare = said.replace(" ", "").replace("-", "").replace("_", "")
    return not families or any(family in bare for family in families)


def title_of(name: str) -> str:
    """What people call a font of this machine: 仿宋 simfang.ttf."""
    place = fonts.machine_place(name)
    assert place is not None
    file = place[0].name
    wishes = [wish for role in WISHES for wish in WISHES[role]] + list(CHAIN)
    title = next((wish.title for wish in wishes if any(fnmatch(file.lower(), each) for each in wish.files)), "")
    return f"{title} {file}".strip()


# ---- what a paper keeps ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptFont:
    """A font of a machine that a paper was drawn with, and what for: a role, or `RARE`."""

    use: str
    file: str
    index: int
    size: int
    sha256: str

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{TITLES.get(self.use, '')} {self.file}".strip()


def kept(chosen: FontSet, drawn: Collection[str]) -> list[dict[str, Any]]:
    """What to keep of the fonts that a paper was drawn with; nothing of the bundled ones, which every machine has."""
    uses = [(role.value, name) for role, name in chosen.roles.items()]
    uses += [(RARE, name) for name in chosen.chain if name not in chosen.roles.values()]
    return [asdict(_kept(use, name)) for use, name in uses if fonts.machine_place(name) and fonts.is_drawn(name, drawn)]


@cache
def _kept(use: str, name: str) -> KeptFont:
    place = fonts.machine_place(name)
    assert place is not None
    content = bytes(fonts.registered(name).face._ttf_data)
    return KeptFont(use, place[0].name, place[1], len(content), fonts.sha256_of_content(content))


@dataclass(frozen=True, slots=True)
class FoundAgain:
    """The fonts to draw a kept paper with, and those of its own that are not here."""

    fonts: FontSet
    lacking: tuple[KeptFont, ...] = ()


def found_again(told: Sequence[Mapping[str, Any]], folders: Folders) -> FoundAgain:
    """The fonts that a paper was drawn with, wherever they lie here; for one that is not here, what is here instead."""
    wanted = [KeptFont(**each) for each in told]
    places = {each: _by_hash(each, folders) for each in wanted}
    lacking = tuple(each for each in wanted if places[each] is None)
    roles = {Role(each.use): name for each, name in places.items() if name and each.use != RARE}
    chain = [name for each, name in places.items() if name and each.use == RARE]
    here = machine(folders) if lacking else fonts.bundled()
    roles |= {Role(each.use): name for each in lacking if each.use != RARE if (name := _machines(here, each.use))}
    if lacking:
        chain += [name for name in here.chain if fonts.machine_place(name) and name not in chain]
    return FoundAgain(_set(tuple(sorted(roles.items())), tuple(chain)), lacking)


def _machines(here: FontSet, use: str) -> str | None:
    name = here.roles[Role(use)]
    return name if fonts.machine_place(name) else None


@cache
def _by_hash(wanted: KeptFont, folders: Folders) -> str | None:
    """By content alone: another machine may have the file under another name. Its size spares reading the others."""
    for path in sorted(files(folders), key=lambda path: path.name.lower() != wanted.file.lower()):
        if _size(path) == wanted.size and _sha256(path) == wanted.sha256:
            name = fonts.machine_name(path, wanted.index)
            return name if fonts.is_usable(name) else None
    return None


@cache
def _size(path: Path) -> int:
    """Asked of the file itself: what the folder says of it may be stale where Windows keeps hard links."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


@cache
def _sha256(path: Path) -> str:
    try:
        return fonts.sha256_of_content(path.read_bytes())
    except OSError:
        return ""
