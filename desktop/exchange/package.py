"""The year-end package as a file: a BagIt bag (RFC 8493) in a zip that has the same bytes for the same content.

The zip holds the bag at its top, so that a person who opens it sees `data/index.html` at once. Nothing in it depends
on the clock or the machine. A signature covers the tag manifest, and through it every file; it stands outside the tag
manifest because it cannot sign itself.
"""

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from desktop.domain.errors import Trouble
from desktop.system import file_names
from desktop.system.file_names import safe_file_name

FORMAT = "townsafe-year-package"
FORMAT_VERSION = 1
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ZIP_DAY = (1980, 1, 1, 0, 0, 0)

MANIFEST, TAG_MANIFEST, SIGNATURE = "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.json"
RECORDS = "data/records/"
INDEX = "data/index.html"
REPORT_PDF, REPORT_DOCX = "data/01-年度执法工作总结.pdf", "data/01-年度执法工作总结.docx"
STATISTICS_PDF, STATISTICS_XLSX = "data/02-执法统计表.pdf", "data/02-执法统计表.xlsx"
LEDGERS, CHECKS = "data/03-台账/", "data/05-自查/"
REQUIRED = (INDEX, REPORT_PDF, REPORT_DOCX, STATISTICS_PDF, STATISTICS_XLSX, f"{RECORDS}datapackage.json")


@dataclass(frozen=True, slots=True)
class Head:
    """Whose package it is and what it was made from; `sequence` is the number of the newest journal entry."""

    county: str
    town: str
    office: str
    office_code: str
    bureau: str
    year: int
    cut_off: date
    program: str
    journal_hash: str
    sequence: int

    def named(self) -> dict[str, Any]:
        """The same as the `townsafe` part of `datapackage.json`."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "county": self.county,
            "town": self.town,
            "office": self.office,
            "office_code": self.office_code,
            "year": self.year,
            "cut_off": self.cut_off.isoformat(),
        }


def file_name(head: Head) -> str:
    """`启东市-惠萍镇-2026-年度执法-20261220.zip`, safe on every file system; the day is the cut-off."""
    parts = (head.county, head.town or head.office, str(head.year), "年度执法", f"{head.cut_off:%Y%m%d}")
    return safe_file_name("-".join(part for part in parts if part), ".zip")


def seal(head: Head, payload: Mapping[str, bytes], key: bytes | None = None) -> bytes:
    """The zip with this payload (paths below `data/`), signed when a key is given."""
    files = {name: payload[name] for name in sorted(payload)}
    manifest = _manifest(files)
    tags = {"bagit.txt": BAGIT, "bag-info.txt": _bag_info(head, files), MANIFEST: manifest}
    tag_manifest = _manifest(dict(sorted(tags.items())))
    signed = {} if key is None else {SIGNATURE: signature(key, tag_manifest)}
    return _zipped({**tags, TAG_MANIFEST: tag_manifest, **signed, **files})


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(content).hexdigest()}  {_escaped(name)}\n" for name, content in files.items()).encode()


def _escaped(name: str) -> str:
    """A path as manifests write it (RFC 8493 2.1.3)."""
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _bag_info(head: Head, files: Mapping[str, bytes]) -> bytes:
    size = sum(len(content) for content in files.values())
    lines = {
        "Source-Organization": head.office,
        "External-Description": f"{head.county}{head.office}{head.year}年度安全生产执法年终包",
        "Bagging-Date": head.cut_off.isoformat(),
        "External-Identifier": f"{head.office_code}-{head.year}-{head.cut_off:%Y%m%d}",
        "Payload-Oxum": f"{size}.{len(files)}",
        "Bag-Software-Agent": f"TownSafe {head.program}",
        "TownSafe-Format": f"{FORMAT} {FORMAT_VERSION}",
        "TownSafe-County": head.county,
        "TownSafe-Town": head.town,
        "TownSafe-Bureau": head.bureau,
        "TownSafe-Office-Code": head.office_code,
        "TownSafe-Year": str(head.year),
        "TownSafe-Cut-Off": head.cut_off.isoformat(),
        "TownSafe-Journal-Entry": str(head.sequence),
        "TownSafe-Journal-Hash": head.journal_hash,
    }
    return "".join(f"{label}: {_one_line(value)}\n" for label, value in lines.items()).encode()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, ZIP_DAY)
            # Set by hand, because the default tells the machine: 0 on Windows, 3 elsewhere.
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


# ---- signature ---------------------------------------------------------------------------------------------


def signature(key: bytes, tag_manifest: bytes) -> bytes:
    """`signature.json`: Ed25519 over the tag manifest, with the public key it can be checked against."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    private = _private_key(key)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    told = {
        "algorithm": "Ed25519",
        "signed": TAG_MANIFEST,
        "public_key": base64.b64encode(public).decode(),
        "fingerprint": fingerprint(public),
        "signature": base64.b64encode(private.sign(tag_manifest)).decode(),
    }
    return (json.dumps(told, indent=1) + "\n").encode()


def _private_key(key: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if len(key) == 32:
        return Ed25519PrivateKey.from_private_bytes(key)
    try:
        found = load_pem_private_key(key, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Trouble("signing_key") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise Trouble("signing_key")
    return found


def fingerprint(public: bytes) -> str:
    """A public key's short name, to compare over the phone."""
    digest = sha256(public).hexdigest()[:16]
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4))


def signature_holds(public: bytes, signed: bytes, content: bytes) -> bool:
    """Whether the signature is that key's over that content."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signed, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def write_whole(path: Path, content: bytes) -> None:
    """The file at once or not at all: written beside its place, made safe on disk, then moved there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file_names.write_whole(path, content)
    except OSError as error:
        raise Trouble("package_write", path=str(path), said=error.strerror or str(error)) from error
