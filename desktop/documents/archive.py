"""Zip files of Office documents with the same bytes for the same content: fixed day, order and machine."""

import io
import zipfile

DAY = (1980, 1, 1, 0, 0, 0)


def settled(content: bytes) -> bytes:
    """The same archive with nothing in it that tells when or where it was made."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, DAY)
            fixed.create_system, fixed.external_attr, fixed.compress_type = 3, 0o100644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(fixed, source.read(entry))
    return target.getvalue()
