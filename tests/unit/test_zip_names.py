"""Names in zips that Chinese compressing programs made."""

import io
import zipfile

import pytest

from desktop.exchange.zip_names import name_of


class _Raw(zipfile.ZipInfo):
    """An entry whose name is written as these bytes, without a word about their encoding."""

    def __init__(self, name: str, encoding: str) -> None:
        super().__init__("x")
        self.raw = name.encode(encoding)

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.raw, self.flag_bits & ~0x800


def packed(name: str, encoding: str) -> zipfile.ZipInfo:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(_Raw(name, encoding), b"x")
    with zipfile.ZipFile(made) as archive:
        entry = archive.infolist()[0]
        assert archive.read(entry) == b"x"
        return entry


@pytest.mark.parametrize("name", ["报告/年终执法报告.docx", "附件/𠮷安化工.jpg", "乗降.txt", "records.csv"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_name_is_read_as_it_was_meant(name: str, encoding: str) -> None:
    entry = packed(name, encoding)
    assert not entry.flag_bits & 0x800
    assert name_of(entry) == name


def test_our_own_zips_say_that_their_names_are_utf8() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("报告.docx", b"x")
    with zipfile.ZipFile(made) as archive:
        entry = archive.infolist()[0]
    assert entry.flag_bits & 0x800
    assert name_of(entry) == "报告.docx"


def test_bytes_that_are_neither_stay_as_python_reads_them() -> None:
    assert name_of(packed("é", "latin-1")) == "Θ"
