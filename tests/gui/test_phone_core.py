"""The phone page's own script against Python's: hashes, canonical text and a whole file that the reader takes."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop.domain.checklist import Answer
from desktop.exchange.field_result import canonical, read_result
from resources import resource

qml = pytest.importorskip("PySide6.QtQml")  # no part of the program: it only runs the page's script here
HARD = '引号" 反斜\\ 换行\n制表\t\u2028\u2029\x7f\x01 é 😀 </script>'


@pytest.fixture(scope="module")
def core(qapp: QApplication) -> Any:
    """An engine with the script loaded."""
    engine = qml.QJSEngine()
    done = engine.evaluate(resource("phone/core.js").read_text(encoding="utf-8"))
    assert not done.isError(), done.toString()
    return engine


def said(core: Any, expression: str) -> str:
    """What an expression answers."""
    found = core.evaluate(expression)
    assert not found.isError(), found.toString()
    return str(found.toString())


def test_sha256_is_the_standard_one(core: Any) -> None:
    for text in ("", "abc", "a" * 55, "a" * 56, "a" * 63, "a" * 64, "a" * 119, "镇安" * 40, HARD):
        told = said(core, f"Core.sha256(Core.utf8({json.dumps(text)}))")
        assert told == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_canonical_text_and_seal_are_the_same_bytes_as_pythons(core: Any) -> None:
    value = {"b": [1, True, None, HARD], "a": {"文": "x"}, "A": "", "code": "ABCD2345"}
    told = said(core, f"Core.canonical({json.dumps(value)})")
    assert told.encode("utf-8") == canonical(value)
    for token in ("0f" * 16, "k" * 70):
        sealed = json.loads(said(core, f"JSON.stringify(Core.sealed({json.dumps(value)}, '{token}'))"))
        assert sealed.pop("seal") == hmac.new(token.encode(), canonical(value), hashlib.sha256).hexdigest()
        assert sealed == value


def test_half_a_character_from_a_phones_keyboard_does_not_spoil_the_file(core: Any) -> None:
    assert said(core, 'Core.clean("a\\ud83d")') == "a\ufffd"
    assert said(core, 'Core.clean("\\ud83d\\ude00")') == "😀"


def test_the_reader_takes_the_file_that_the_page_writes(core: Any, tmp_path: Path) -> None:
    sheet = {
        "code": "ABCD2345",
        "started_at": "2026-03-02T10:00:00",
        "saved_at": "2026-03-02T10:15:00",
        "answers": {"CK-G-001": {"answer": "bad", "note": HARD}, "CK-G-002": {"answer": "", "note": ""}},
        "findings": [{"key": "F-00", "text": "配电箱未关", "place": "", "cleared": False}],
        "note": "",
        "unit_person": "",
        "pictures": [],
        "signature": None,
    }
    call = (
        "Core.result({code: '320681102', name: '惠萍镇'}, '2026-03-02T10:16:00', "
        f"[Core.sealed({json.dumps(sheet)}, 'secret')], {{}})"
    )
    path = tmp_path / "现场结果-2026-03-02-1016.json"
    path.write_text(said(core, call), encoding="utf-8")

    result = read_result(path)

    assert result.office == "惠萍镇"
    assert result.sheets[0].is_sealed_with("secret")
    assert not result.sheets[0].is_sealed_with("another")
    assert result.sheets[0].answers == {"CK-G-001": (Answer.BAD, HARD), "CK-G-002": (None, "")}
