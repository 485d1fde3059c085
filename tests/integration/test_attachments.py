"""Files beside the database: kept under their hash, checked when read, listed when lost."""

import hashlib
import os
from pathlib import Path

import pytest

from db.attachments import Attachments, FileState
from desktop.domain.errors import Trouble


@pytest.fixture
def attachments(data_folder: Path) -> Attachments:
    return Attachments(data_folder / "attachments")


def test_a_file_is_kept_under_its_hash(attachments: Attachments, tmp_path: Path) -> None:
    photo = tmp_path / "现场 照片.jpg"
    photo.write_bytes(b"photo")
    expected = hashlib.sha256(b"photo").hexdigest()
    assert attachments.put(photo) == attachments.put(b"photo") == expected
    assert attachments.read(expected) == b"photo"
    assert list(attachments.kept()) == [expected]
    assert [path.name for path in attachments.path_of(expected).parent.iterdir()] == [expected]


def test_a_missing_file_is_told(attachments: Attachments) -> None:
    sha256 = hashlib.sha256(b"photo").hexdigest()
    assert attachments.verify(sha256) is FileState.MISSING
    assert attachments.missing([sha256, sha256]) == [sha256]
    with pytest.raises(Trouble, match="attachment_missing"):
        attachments.read(sha256)


def test_one_flipped_bit_in_each_of_a_thousand_files_is_found(attachments: Attachments) -> None:
    names = [attachments.put(f"照片{number}".encode() * 20) for number in range(1000)]
    for number, name in enumerate(names):
        path = attachments.path_of(name)
        content = bytearray(path.read_bytes())
        content[number % len(content)] ^= 1 << number % 8
        path.write_bytes(content)
    assert all(attachments.verify(name) is FileState.CHANGED for name in names)
    with pytest.raises(Trouble, match="attachment_changed"):
        attachments.read(names[0])
    assert attachments.missing(names) == []


def test_putting_a_spoilt_file_in_again_mends_it(attachments: Attachments) -> None:
    name = attachments.put(b"photo")
    attachments.path_of(name).write_bytes(b"rubbish")
    attachments.put(b"photo")
    assert attachments.read(name) == b"photo"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63, "/" + "a" * 63, "a" * 64 + "\n"])
def test_only_a_hash_is_a_name(attachments: Attachments, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        attachments.path_of(name)


def test_a_write_that_fails_leaves_nothing(attachments: Attachments, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Trouble, match="disk_full"):
        attachments.put(b"photo")
    monkeypatch.undo()
    assert [path for path in attachments.folder.rglob("*") if path.is_file()] == []
    assert attachments.read(attachments.put(b"photo")) == b"photo"


def test_a_source_that_is_gone_is_told(attachments: Attachments, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot_write"):
        attachments.put(tmp_path / "没有.jpg")
