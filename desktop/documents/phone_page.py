"""The phone page of a field pack: one HTML file without network, server or library, filled in where there is no signal.

Its policy lets nothing in from outside and runs no script but its own, which is named by its hash.
"""

import base64
import hashlib
import json
from dataclasses import asdict

from desktop.documents.field_pack import FieldPack
from resources import resource

PARTS = ("core.js", "page.js")


def phone_page(pack: FieldPack) -> bytes:
    """The page as a file: the same pack gives the same bytes."""
    script = phone_script()
    values = {
        "title": f"现场检查 {pack.shown_on}",
        "style": _part("page.css"),
        "script": script,
        "policy": _policy(script),
        "pack": _data(pack),
    }
    page = _part("page.html")
    for name in ("policy", "title", "style", "script", "pack"):  # the data comes last: it is not searched again
        page = page.replace("{" + name + "}", values[name])
    return page.encode("utf-8")


def phone_script() -> str:
    """All of the page's own script."""
    return "\n".join(_part(name) for name in PARTS)


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _data(pack: FieldPack) -> str:
    """The pack as JSON that no name of an enterprise can break out of.

    `id` names what is kept on the phone: a page made again for the same day goes on where the first one was.
    """
    pages = [asdict(page) for page in pack.pages]
    values = {
        "id": f"{pack.office_code}-{pack.on}",
        "office": pack.office,
        "office_code": pack.office_code,
        "shown_on": pack.shown_on,
        "pages": pages,
    }
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _part(name: str) -> str:
    return resource(f"phone/{name}").read_text(encoding="utf-8")
