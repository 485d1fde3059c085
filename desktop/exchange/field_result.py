"""The result file of a phone page: read, limited, and told apart from a damaged one or another office's.

`sha256` is over the file's content without pictures, which carry hashes of their own: it finds what was damaged on the
way. `seal` of each sheet is an HMAC under the sheet's token, which stands in the page and in this office's data: it
shows that the file came from that page. Whoever holds the page can make such a file, so it proves no more than that.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.domain.checklist import Answer
from desktop.domain.errors import Trouble

FORMAT, VERSION = "townsafe-field", 1
MAX_BYTES = 64 << 20
MAX_PICTURE = 4 << 20
MAX_SHEETS, MAX_ANSWERS, MAX_FINDINGS, MAX_PICTURES = 60, 600, 100, 200
MAX_TEXT = 4000
HEAD = 4096
MARK = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{.*"format"\s*:\s*"townsafe-field"', re.DOTALL)
HASH = re.compile(r"[0-9a-f]{64}")
KEY = re.compile(r"[0-9A-Za-z-]{1,40}")
PICTURE_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """What was found beside the checklist; `key` stays the same in every file of that page."""

    key: str
    text: str
    place: str
    is_cleared: bool


@dataclass(frozen=True, slots=True)
class FieldPicture:
    """A picture by its hash, and what it is of: an item's code, a finding's key, or nothing."""

    sha256: str
    of: str
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class FieldSheetResult:
    """One visit. `content` are the canonical bytes under `sha256`, which is what makes reading it again do nothing."""

    code: str
    sha256: str
    seal: str
    content: bytes
    started_at: datetime | None
    saved_at: datetime
    answers: Mapping[str, tuple[Answer | None, str]]
    findings: tuple[FieldFinding, ...]
    note: str
    unit_person: str
    pictures: tuple[FieldPicture, ...]
    signature: FieldPicture | None

    def is_sealed_with(self, token: str) -> bool:
        """Whether it comes from the page that holds this token, unaltered."""
        return hmac.compare_digest(seal_of(token, self.content), self.seal)


@dataclass(frozen=True, slots=True)
class FieldResult:
    """A whole file."""

    name: str
    office_code: str
    office: str
    made_at: datetime
    sheets: tuple[FieldSheetResult, ...]
    pictures: Mapping[str, bytes]


def canonical(value: object) -> bytes:
    """The one way to write a value: keys in order, no spaces, UTF-8. The phone page writes the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def seal_of(token: str, content: bytes) -> str:
    """The HMAC-SHA-256 of a sheet's content under its token."""
    return hmac.new(token.encode("ascii"), content, hashlib.sha256).hexdigest()


def is_result(path: Path) -> bool:
    """Whether a file is meant to be a result, by its content alone: chat programs give files names of their own.

    A page writes its mark first. A damaged result still is one: reading it says what is wrong.
    """
    try:
        with path.open("rb") as file:
            return MARK.match(file.read(HEAD)) is not None
    except OSError:
        return False


def read_result(path: Path) -> FieldResult:
    """The file, whole and as its page wrote it; raises `Trouble` with what is wrong."""
    name = path.name
    document = _document(path, name)
    if document.get("format") != FORMAT:
        raise Trouble("field_not_ours", name=name)
    if not isinstance(document.get("version"), int) or document["version"] > VERSION:
        raise Trouble("field_newer", name=name)
    try:
        body = {key: value for key, value in document.items() if key not in ("sha256", "pictures")}
        if hashlib.sha256(canonical(body)).hexdigest() != document.get("sha256"):
            raise Trouble("field_altered", name=name)
        return _result(name, document)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Trouble("field_content", name=name) from error


def _document(path: Path, name: str) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Trouble("field_too_big", name=name, limit=f"{MAX_BYTES >> 20} MB")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise Trouble("field_missing", name=name) from error
    except OSError as error:
        raise Trouble("field_unreadable", name=name) from error
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError) as error:
        code = "field_cut_off" if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") else "field_not_ours"
        raise Trouble(code, name=name) from error
    if not isinstance(document, dict):
        raise Trouble("field_not_ours", name=name)
    return document


def _refuse(text: str) -> None:
    """The format knows whole numbers only: a fraction has no one way to be written."""
    raise ValueError(text)


def _result(name: str, document: dict[str, Any]) -> FieldResult:
    sheets = tuple(_sheet(raw) for raw in _list(document["sheets"], MAX_SHEETS))
    if not sheets or len({sheet.code for sheet in sheets}) != len(sheets):
        raise ValueError("sheets")
    pictures = _pictures(name, document["pictures"])
    wanted = {picture.sha256 for sheet in sheets for picture in (*sheet.pictures, *_some(sheet.signature))}
    if wanted - pictures.keys():
        raise Trouble("field_picture_missing", name=name, count=len(wanted - pictures.keys()))
    office = document["office"]
    return FieldResult(
        name, _text(office["code"]), _text(office["name"]), _moment(document["made_at"]), sheets, pictures
    )


def _some(picture: FieldPicture | None) -> tuple[FieldPicture, ...]:
    return () if picture is None else (picture,)


def _sheet(raw: dict[str, Any]) -> FieldSheetResult:
    body = {key: value for key, value in raw.items() if key != "seal"}
    content = canonical(body)
    answers = {_key(code): _answer(each) for code, each in raw["answers"].items()}
    if len(answers) > MAX_ANSWERS:
        raise ValueError("answers")
    signature = raw["signature"]
    return FieldSheetResult(
        _key(raw["code"]),
        hashlib.sha256(content).hexdigest(),
        _text(raw["seal"]),
        content,
        _moment(raw["started_at"]) if raw["started_at"] else None,
        _moment(raw["saved_at"]),
        answers,
        tuple(_finding(each) for each in _list(raw["findings"], MAX_FINDINGS)),
        _text(raw["note"]),
        _text(raw["unit_person"]),
        tuple(_picture(each) for each in _list(raw["pictures"], MAX_PICTURES)),
        _picture(signature) if signature is not None else None,
    )


def sheet_answers(content: bytes) -> dict[str, tuple[Answer | None, str]]:
    """The answers in a sheet's canonical content, as it was read back once."""
    return {code: _answer(each) for code, each in json.loads(content)["answers"].items()}


def sheet_note(content: bytes) -> str:
    """The words of the record in a sheet's canonical content."""
    return _text(json.loads(content)["note"])


def sheet_pictures(content: bytes) -> set[str]:
    """The hashes of the pictures in a sheet's canonical content, the signature among them."""
    sheet = json.loads(content)
    every = (*sheet["pictures"], *((sheet["signature"],) if sheet["signature"] else ()))
    return {_text(each["sha256"]) for each in every}


def _answer(raw: dict[str, Any]) -> tuple[Answer | None, str]:
    return (Answer(raw["answer"]) if raw["answer"] else None), _text(raw["note"])


def _finding(raw: dict[str, Any]) -> FieldFinding:
    if not isinstance(raw["cleared"], bool) or not raw["text"].strip():
        raise ValueError("finding")
    return FieldFinding(_key(raw["key"]), _text(raw["text"]), _text(raw["place"]), raw["cleared"])


def _picture(raw: dict[str, Any]) -> FieldPicture:
    if not HASH.fullmatch(raw["sha256"]):
        raise ValueError("picture")
    taken = raw["taken_at"]
    return FieldPicture(raw["sha256"], _text(raw["of"]), _moment(taken) if taken else None)


def _pictures(name: str, raw: dict[str, Any]) -> dict[str, bytes]:
    """The pictures, each under the hash of its bytes; what is no picture is not taken in."""
    kept = {}
    if len(raw) > MAX_PICTURES * 2:
        raise ValueError("pictures")
    for sha256, text in raw.items():
        try:
            content = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise Trouble("field_altered", name=name) from error
        if len(content) > MAX_PICTURE or not content.startswith(PICTURE_HEADS):
            raise ValueError("picture")
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Trouble("field_altered", name=name)
        kept[sha256] = content
    return kept


def _list(raw: Any, most: int) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > most:
        raise ValueError("list")
    return raw


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or len(raw) > MAX_TEXT:
        raise ValueError("text")
    return raw


def _key(raw: Any) -> str:
    if not isinstance(raw, str) or not KEY.fullmatch(raw):
        raise ValueError("key")
    return raw


def _moment(raw: Any) -> datetime:
    """A local time as the phone's clock showed it: `2026-03-02T09:41:00`."""
    found = datetime.fromisoformat(_text(raw))
    if found.tzinfo is not None:
        raise ValueError("moment")
    return found
