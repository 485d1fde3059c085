"""The 统一社会信用代码 of GB 32100-2015: reading, checking, and inventing codes that belong to nobody.

A code is never mended silently: a slip is reported with the code that was probably meant.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
LENGTH = 18

_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_ORGANISATION_VALUES = {letter: int(letter, 36) for letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_LETTERS = frozenset(ALPHABET)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff'`\u2018\u2019\""))
_DASHES = re.compile("[-\u2010-\u2015\u2212]")
_LEGACY = re.compile(r"\d{13}|\d{15}|\d{6}NA\d{6}[\dX]|[0-9A-Z]{8}[0-9X]")
_SLIPS = {
    "I": "1",
    "O": "0",
    "Z": "2",
    "S": "5",
    "L": "1",
    "B": "8",
    "G": "6",
    "Q": "0",
    "D": "0",
    "0": "DQ",
    "1": "L",
    "8": "B",
    "6": "G",
}
INVENTED = "Y"
"""No organisation code issued so far begins with Y; invented ones all do."""


class UsccState(StrEnum):
    """What is known of a code by looking at it."""

    VALID = "valid"
    CHECK_DIGIT_FAILED = "check_digit_failed"
    FORMAT = "format"
    LEGACY = "legacy"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class UsccCheck:
    """A code as read, and what is wrong with it.

    `suggestion` is the valid code that one slip of the hand explains, when there is just one. `organisation_doubt`
    marks a valid code whose inner organisation digit fails: real codes do, so it warns and never rejects.
    """

    code: str
    state: UsccState
    suggestion: str | None = None
    organisation_doubt: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether the code stands as it is."""
        return self.state is UsccState.VALID


def normalise(text: str) -> str:
    """`text` half-width, upper-case and without spaces or invisible marks: nothing that could change its meaning."""
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).upper()
    return "".join(plain.split())


def check_digit(first: str) -> str:
    """The 18th character for the first 17, which must all be of the alphabet."""
    if len(first) != len(WEIGHTS):
        raise ValueError("seventeen characters give the eighteenth")
    total = sum(map(mul, map(_VALUES.__getitem__, first), WEIGHTS))
    return ALPHABET[-total % len(ALPHABET)]


def organisation_digit(first: str) -> str:
    """The ninth character of an organisation code (GB 11714) for its first eight."""
    if len(first) != len(ORGANISATION_WEIGHTS):
        raise ValueError("eight characters give the ninth")
    total = sum(map(mul, map(_ORGANISATION_VALUES.__getitem__, first), ORGANISATION_WEIGHTS))
    return "0123456789X0"[11 - total % 11]


def classify(text: str) -> UsccCheck:
    """What `text`, as a clerk or a spreadsheet gave it, is."""
    code = normalise(text)
    bare = _DASHES.sub("", code)
    if not bare:
        return UsccCheck("", UsccState.EMPTY)
    if _is_well_formed(bare):
        return _checked(bare)
    if _LEGACY.fullmatch(bare):
        return UsccCheck(code, UsccState.LEGACY)
    return UsccCheck(code, UsccState.FORMAT, _spelled(bare))


def _is_well_formed(code: str) -> bool:
    return len(code) == LENGTH and _LETTERS.issuperset(code)


def _checked(code: str) -> UsccCheck:
    if not _passes(code):
        return UsccCheck(code, UsccState.CHECK_DIGIT_FAILED, _only(_one_slip_away(code)))
    return UsccCheck(code, UsccState.VALID, organisation_doubt=not _organisation_passes(code))


def _passes(code: str) -> bool:
    return _is_well_formed(code) and check_digit(code[:-1]) == code[-1]


def _organisation_passes(code: str) -> bool:
    return organisation_digit(code[8:16]) == code[16]


def _spelled(code: str) -> str | None:
    """The code with each letter outside the alphabet read as the digit it looks like, if that is a valid code."""
    read = "".join(letter if letter in _VALUES else _SLIPS.get(letter, letter) for letter in code)
    return read if _passes(read) else None


def _one_slip_away(code: str) -> Iterator[str]:
    """Every code that one look-alike character, or two neighbours swapped, turns into this one."""
    for at, letter in enumerate(code):
        for meant in _SLIPS.get(letter, ""):
            yield code[:at] + meant + code[at + 1 :]
        if letter != code[at + 1 : at + 2] and at + 1 < LENGTH:
            yield code[:at] + code[at + 1] + letter + code[at + 2 :]


def _only(candidates: Iterator[str]) -> str | None:
    """The one candidate with a numeric region and both check digits right; two would be guessing."""
    sound = {code for code in candidates if code[2:8].isdigit() and _passes(code) and _organisation_passes(code)}
    return sound.pop() if len(sound) == 1 else None


def make(region: str, number: int) -> str:
    """An invented company's code that validates but belongs to nobody: `region` of six digits, `number` below 10⁷."""
    if not re.fullmatch(r"\d{6}", region) or not 0 <= number < 10**7:
        raise ValueError("a region has six digits, a number at most seven")
    organisation = f"{INVENTED}{number:07d}"
    first = f"91{region}{organisation}{organisation_digit(organisation)}"
    return first + check_digit(first)
