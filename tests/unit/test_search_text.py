"""Names are found by characters, initials and codes, and sort by pinyin; SQLite itself is the judge."""

import sqlite3

import pytest

from desktop.services import search_text as search_text_module
from desktop.services.search_text import (
    FIELD_BREAK,
    MOST_SPELLINGS,
    initials,
    match_query,
    name_key,
    search_text,
    sort_key,
    sort_key_of,
)

ROWS = (
    ("启东市宏达电动工具有限公司", "91320681MAXX0007Q1", "惠萍镇东港村3号楼"),
    ("重庆A6机械（启东）厂", "", "12组"),
    ("启东市惠萍木业加工厂", "320681000012345", "大兴镇路"),
)


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    """The full-text table as the migration makes it, with three enterprises."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(text, tokenize='unicode61')")
    texts = [(search_text((name, code, address), name),) for name, code, address in ROWS]
    connection.executemany("INSERT INTO found (text) VALUES (?)", texts)
    return connection


def _found(index: sqlite3.Connection, typed: str) -> list[int]:
    expression = match_query(typed)
    assert expression is not None
    return [row[0] for row in index.execute("SELECT rowid FROM found WHERE found MATCH ? ORDER BY 1", (expression,))]


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("宏达", [1]),
        ("启东", [1, 2, 3]),
        ("东", [1, 2, 3]),
        ("qds", [1, 3]),
        ("QDSHD", [1]),
        ("cqa6", [2]),
        ("zqa6", [2]),
        ("宏达ddgj", [1]),
        ("启东 mumu", []),
        ("惠萍 木业", [3]),
        ("q", [1, 2, 3]),
        ("qd", [1, 2, 3]),
        ("dq", []),
        ("yx", [1]),
        ("a", [1, 2]),  # of the code, of the name
        ("a6", [2]),
        ("qdd", []),
        ("hp my", [3]),
        ("max", [1]),
        ("ＭＡＸＸ0007", [1]),
        ("000012345", [3]),
        ("3号楼", [1]),
        ("(启东)厂", [2]),
        ("启东厂", [2]),
        ("东启", []),
    ],
)
def test_what_is_typed_finds_the_right_names(index: sqlite3.Connection, typed: str, rows: list[int]) -> None:
    """Characters, initials, codes, mixtures and full-width letters, in order and side by side."""
    assert _found(index, typed) == rows


def test_a_phrase_does_not_run_from_one_field_into_the_next(index: sqlite3.Connection) -> None:
    """厂12 would join the end of a name and the beginning of an address."""
    assert _found(index, "厂12") == []
    assert _found(index, "12组") == [2]


def test_every_character_and_the_break_are_single_tokens() -> None:
    """The tokenizer of SQLite keeps the private-use character, else fields would run together."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='unicode61')")
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab('t', 'instance')")
    connection.execute("INSERT INTO t VALUES (?)", (search_text(("启东A1（〇）", "𠮷"), "启"),))
    tokens = [row[0] for row in connection.execute('SELECT term FROM v ORDER BY "offset"')]
    assert tokens == ["启", "东", "a", "1", "〇", FIELD_BREAK, "𠮷", FIELD_BREAK, "q\ue001"]


@pytest.mark.parametrize("typed", ["", "   ", "（）", '"', "*-^:", FIELD_BREAK, "\ud800", "\x00"])
def test_punctuation_alone_is_no_query(typed: str) -> None:
    """There is nothing to look for, and nothing that SQLite could stumble over."""
    assert match_query(typed) is None


@pytest.mark.parametrize("typed", ['宏达"OR"', "NEAR(宏达", "宏达*", "text:宏达", "宏达 AND", "^宏达 NOT 木业"])
def test_the_words_of_the_query_language_are_only_text(index: sqlite3.Connection, typed: str) -> None:
    """Nobody who types a quotation mark or an operator gets an error of SQLite."""
    assert _found(index, typed) in ([], [1])


def test_a_heteronym_gives_every_spelling_the_usual_one_first() -> None:
    """重庆 is typed zq by those who do not think and cq by those who do."""
    assert initials("重庆") == ("zq", "cq")
    assert initials("启东市A6电机（南通）有限公司") == ("qdsa6djntyxgs",)
    assert initials("（）") == ()
    assert initials("🙂重") == ("z", "c")


def test_the_spellings_of_a_name_are_few() -> None:
    """A name of many heteronyms must not blow the index up."""
    assert len(initials("重长行乐重长行乐")) == MOST_SPELLINGS


def test_names_sort_by_pinyin() -> None:
    """Digits and letters first, then by syllable, tone and character; the length of a name decides last."""
    names = ["张三", "安全", "昂立", "ABC", "北京", "阿达", "3M", "北", "李四", "重庆", "中国", "吕四", "卢旺"]
    ordered = ["3M", "ABC", "阿达", "安全", "昂立", "北", "北京", "李四", "卢旺", "吕四", "张三", "中国", "重庆"]
    assert sorted(names, key=sort_key) == ordered
    assert sorted(names, key=lambda name: sort_key(name).encode()) == ordered


@pytest.mark.parametrize(
    "name", ["启东Ａ（１）厂", "启东 a(1) 厂", "启东A【1】厂", "启\u3000东a〔1〕厂", "\ufeff启东A(1)厂"]
)
def test_names_that_mean_the_same_have_one_key(name: str) -> None:
    """Width, case, kind of bracket and spaces do not make another enterprise."""
    assert name_key(name) == "启东a(1)厂"


def test_a_name_of_letters_and_digits_alone_needs_no_change_of_signs() -> None:
    """What spares most names the look at every character: none of the signs that are made alike is a letter."""
    assert not any(chr(sign).isalnum() for sign in search_text_module._SAME)
    assert name_key("启东市ＡＢＣ１厂") == "启东市abc1厂"
    assert sort_key_of(name_key("重庆Ａ·厂")) == sort_key("重庆Ａ·厂")
