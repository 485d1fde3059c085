"""Result files of a phone page, as the page writes them, for tests."""

import base64
import hashlib
import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from desktop.documents.field_pack import FieldPack, FieldPage
from desktop.exchange.field_result import canonical, seal_of

AT = "2026-03-02T10:15:00"


def a_picture(shade: int = 90) -> bytes:
    """A small JPEG."""
    target = BytesIO()
    image = Image.new("RGB", (64, 48), (shade, 120, 30))
    for place in range(48):
        image.putpixel((place, (place * shade) % 48), (255, 255, 255 - shade))
    image.save(target, "JPEG")
    return target.getvalue()


def a_sheet(page: FieldPage, **more: Any) -> dict[str, Any]:
    """A sheet's content, sealed with its page's token."""
    facts = {
        "code": page.code,
        "started_at": AT,
        "saved_at": AT,
        "answers": {},
        "findings": [],
        "note": "",
        "unit_person": "",
        "pictures": [],
        "signature": None,
        **more,
    }
    return {**facts, "seal": seal_of(page.token, canonical(facts))}


def shot(content: bytes, of: str = "") -> dict[str, Any]:
    """A picture as a sheet names it."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "of": of, "taken_at": AT}


def a_document(
    pack: FieldPack, *sheets: dict[str, Any], pictures: tuple[bytes, ...] = (), **more: Any
) -> dict[str, Any]:
    """A whole result as values."""
    body: Mapping[str, Any] = {
        "format": "townsafe-field",
        "version": 1,
        "office": {"code": pack.office_code, "name": pack.office},
        "made_at": AT,
        "sheets": list(sheets),
        **more,
    }
    kept = {hashlib.sha256(each).hexdigest(): base64.b64encode(each).decode("ascii") for each in pictures}
    return {**body, "sha256": hashlib.sha256(canonical(body)).hexdigest(), "pictures": kept}


def a_file(path: Path, document: dict[str, Any]) -> Path:
    """The result as a file."""
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path
