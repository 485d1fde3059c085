"""Writes resources/pinyin/*.txt from the package pypinyin. Run by a developer, never shipped.

    python installer/make_pinyin.py

`readings.txt` holds a reading a line, in the order in which names sort, with the characters read so:
`chong2 虫充…`. `heteronyms.txt` holds the characters with more than one initial in everyday words:
`zc 重…`, the usual initial first. Both begin with a comment that names their source.
"""

from collections import Counter, defaultdict
from importlib.metadata import version
from pathlib import Path

from pypinyin.contrib.tone_convert import to_normal, to_tone3
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

TARGET = Path(__file__).parent.parent / "resources" / "pinyin"
BLOCKS = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF))

# A reading counts as alive when at least this share of the dictionary's words, and this many words, use it.
LIVE_SHARE = 0.03
LIVE_WORDS = 2

# Readings that live on as family names, which the words do not show.
FAMILY_NAMES = {
    "仇": "q",
    "查": "z",
    "单": "s",
    "区": "o",
    "解": "x",
    "曾": "z",
    "朴": "p",
    "翟": "z",
    "尉": "y",
    "盖": "g",
}


def _plain(reading: str) -> str:
    """A reading in ASCII letters: lǜ is lv, ê is e, and ǹg is ng."""
    return to_normal(reading).replace("ü", "v").replace("ê", "e")


def _sorted_reading(reading: str) -> str:
    """A reading with its tone behind; a light tone comes last."""
    tone = to_tone3(reading, neutral_tone_with_five=True)[-1]
    return _plain(reading) + (tone if tone.isdigit() else "5")


def _readings() -> dict[str, list[str]]:
    """Every character of the blocks by its usual reading; some have no usable one and are left out."""
    table = {}
    for first, last in BLOCKS:
        for code in range(first, last + 1):
            readings = [
                each for each in pinyin_dict.get(code, "").split(",") if _plain(each).isascii() and _plain(each)
            ]
            if readings:
                table[chr(code)] = readings
    return table


def _words_by_initial() -> dict[str, Counter[str]]:
    """How many words of the dictionary use each initial of each character."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, syllables in phrases_dict.items():
        if len(phrase) == len(syllables):
            for character, readings in zip(phrase, syllables, strict=True):
                counts[character][_plain(readings[0])[:1]] += 1
    return counts


def _live_initials(character: str, usual: str, words: Counter[str]) -> str:
    """The initials of a character, the usual one first and the others by how many words use them."""
    total = sum(words.values())
    live = [letter for letter, count in words.most_common() if count >= max(LIVE_WORDS, total * LIVE_SHARE)]
    named = FAMILY_NAMES.get(character, "")
    return "".join(dict.fromkeys([usual, *live, *named]))


def _write(name: str, lines: dict[str, list[str]]) -> None:
    head = f"# pypinyin {version('pypinyin')} (MIT)"
    body = [f"{key} {''.join(characters)}" for key, characters in sorted(lines.items())]
    (TARGET / name).write_text("\n".join([head, *body]) + "\n", encoding="utf-8")


def main() -> None:
    """Write both files."""
    words = _words_by_initial()
    by_reading: dict[str, list[str]] = defaultdict(list)
    by_initials: dict[str, list[str]] = defaultdict(list)
    for character, readings in _readings().items():
        by_reading[_sorted_reading(readings[0])].append(character)
        possible = {_plain(each)[:1] for each in readings} | set(FAMILY_NAMES.get(character, ""))
        initials = _live_initials(character, _plain(readings[0])[:1], words[character])
        initials = "".join(letter for letter in initials if letter in possible)
        if len(initials) > 1:
            by_initials[initials].append(character)
    _write("readings.txt", by_reading)
    _write("heteronyms.txt", by_initials)


if __name__ == "__main__":
    main()
