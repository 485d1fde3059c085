"""How a name is found and sorted: pinyin initials, the key names sort by, and the text of the full-text index.

The index holds one character a token, so that a single Chinese character is already a query and any run of
characters is a phrase. Initials are held by twos and threes besides: most names of a township begin alike, and a phrase
of single letters would have to be compared in every one of them. Readings come from `resources/pinyin`, made by `installer/make_pinyin.py` and read on first
use. Nothing here knows the database; the text is stored beside the record and the tables of SQLite do the rest.
"""

from collections.abc import Iterable
from functools import cache
from itertools import groupby, repeat
from operator import add
from string import ascii_lowercase, digits
from unicodedata import category, is_normalized, normalize

from resources import resource

# A private-use character counts as a letter for SQLite's unicode61 tokenizer, and nobody types one: no phrase can run
# from one field into the next.
FIELD_BREAK = "\ue000"

# The same, after an initial that stands alone: it must not be taken for a letter of a field.
_ALONE = "\ue001"

# A token of what is no longer on the roster, so that a search of the current one can leave it out.
ARCHIVED = "\ue002"

# A name with many heteronyms would have too many spellings; the usual one and one slip from it are enough.
MOST_SPELLINGS = 6

_FIRST_HAN = 0x4E00
_SAME = str.maketrans(
    {
        **dict.fromkeys("[{<〔【〈《「『〖", "("),
        **dict.fromkeys("]}>〕】〉》」』〗", ")"),
        **dict.fromkeys("‐‑‒–—―−－﹣", "-"),
        **dict.fromkeys("•・‧∙⋅●", "·"),
        **dict.fromkeys(" \t\r\n\f\v\u200b\u200c\u200d\ufeff\u2060", None),
    }
)


def _lines(name: str) -> list[tuple[str, str]]:
    """The key and the characters of each line of a pinyin file; the first line says where it comes from."""
    text = resource(f"pinyin/{name}").read_text(encoding="utf-8")
    return [(key, characters) for key, _, characters in (line.partition(" ") for line in text.splitlines()[1:])]


@cache
def _ranks() -> dict[int, int]:
    """For each character the one that stands for its place in pinyin order, for `str.translate`."""
    ordered = "".join(characters for _, characters in _lines("readings.txt"))
    return dict(zip(map(ord, ordered), range(_FIRST_HAN, _FIRST_HAN + len(ordered)), strict=True))


@cache
def _initials() -> tuple[dict[str, str], dict[str, str]]:
    """The usual initial of each character, and the further ones of those that have any."""
    usual: dict[str, str] = {}
    for reading, characters in _lines("readings.txt"):
        usual.update(dict.fromkeys(characters, reading[0]))
    further: dict[str, str] = {}
    for letters, characters in _lines("heteronyms.txt"):
        further.update(dict.fromkeys(characters, letters[1:]))
    usual.update({letter: letter for letter in ascii_lowercase + digits})
    return usual, further


def _plain(text: str) -> str:
    """Half-width, lower case: ＡＢＣ（1） and abc(1) are the same."""
    return (text if is_normalized("NFKC", text) else normalize("NFKC", text)).lower()


def name_key(name: str) -> str:
    """A name as it is compared: half-width, lower case, one kind of bracket, dash and dot, no spaces."""
    plain = _plain(name)
    return plain if plain.isalnum() else plain.translate(_SAME)  # none of the characters to be changed is a letter


def sort_key(name: str) -> str:
    """A key that sorts names by pinyin, tone and character, after digits and letters; it is not meant to be read.

    Each Chinese character is replaced by another one that stands for its place in pinyin order, which keeps the key
    as short as the name and lets SQLite compare it byte by byte. Stored keys must be renewed when the readings are.
    """
    return sort_key_of(name_key(name))


def sort_key_of(key: str) -> str:
    """The same from the `name_key` of a name."""
    return key.translate(_ranks())


def initials(name: str) -> tuple[str, ...]:
    """The pinyin initials of a name with its digits and letters: 重庆A厂 is zqac and cqac. The usual spelling first.

    Each further spelling reads one character differently, up to `MOST_SPELLINGS` in all.
    """
    usual, further = _initials()
    plain = _plain(name)
    spelling = "".join(map(usual.get, plain, repeat("")))
    if further.keys().isdisjoint(plain):
        return (spelling,) if spelling else ()
    known = plain if len(spelling) == len(plain) else [character for character in plain if character in usual]
    slips = [(at, character) for at, character in enumerate(known) if character in further]
    others = [spelling[:at] + letter + spelling[at + 1 :] for at, character in slips for letter in further[character]]
    return (spelling, *others[: MOST_SPELLINGS - 1])


def search_text(fields: Iterable[str], name: str, is_archived: bool = False) -> str:
    """What the index holds of a record: every character of `fields` as a token, then the initials of `name`."""
    tokens = list(_plain(FIELD_BREAK.join(fields)))
    for spelling in initials(name):
        tokens += _grams(spelling)
    if is_archived:
        tokens.append(ARCHIVED)
    return " ".join(tokens)


def _grams(spelling: str) -> list[str]:
    """Each letter, all twos and all threes of a spelling; only the threes are looked for in a row."""
    twos = list(map(add, spelling, spelling[1:]))
    return [FIELD_BREAK, *map(_single, dict.fromkeys(spelling)), *twos, *map(add, twos, spelling[2:])]


def _single(letter: str) -> str:
    return letter + _ALONE


def match_query(text: str) -> str | None:
    """The FTS5 expression for what somebody typed, or None when there is nothing in it to look for.

    All words must be found. Within a word, Chinese characters with the digits among them are one phrase and a run of
    letters and digits is another (宏达jx finds a name that holds 宏达 and the initials jx).
    """
    phrases = dict.fromkeys(phrase for word in _plain(text).split() for phrase in _phrases(word))
    return " AND ".join(phrases) or None


def current_only(match: str) -> str:
    """The same query among what is on the roster."""
    return f'({match}) NOT "{ARCHIVED}"'


def _phrases(word: str) -> list[str]:
    """The runs of one word as quoted phrases. Digits go with the letters that they touch, else with the Chinese."""
    characters = [character for character in word if _is_token(character)]
    runs = ["".join(run) for _, run in groupby(characters, key=str.isascii)]
    joined: list[str] = []
    literal = False
    for run in runs:
        is_literal = not run.isascii() or run.isdigit()
        if joined and literal and is_literal:
            joined[-1] += run
        else:
            joined.append(run)
        literal = is_literal
    return [_phrase(run) for run in joined]


def _phrase(run: str) -> str:
    """A run as it stands in a field; one of letters may also be initials."""
    literal = f'"{" ".join(run)}"'
    if not run.isascii() or run.isdigit():
        return literal
    if len(run) < 3:
        spelled = run if len(run) == 2 else run + _ALONE
    else:
        spelled = " ".join(map("".join, zip(run, run[1:], run[2:], strict=False)))
    return f'({literal} OR "{spelled}")'


def _is_token(character: str) -> bool:
    """Whether the tokenizer keeps it: a letter or a number of any script."""
    return category(character)[0] in "LN"
