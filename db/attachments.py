"""Files that belong to records: kept beside the database under their SHA-256, written once and never changed."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from db.durable import draft_of, writing_to
from desktop.domain.errors import Trouble

BLOCK = 1 << 20
NAME = re.compile(r"[0-9a-f]{64}")


class FileState(StrEnum):
    """What a kept file is worth."""

    GOOD = "good"
    MISSING = "missing"
    CHANGED = "changed"


def sha256_of(path: Path) -> str:
    """The hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Attachments:
    """The folder of kept files. The same content is kept once, however often it is put in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, sha256: str) -> Path:
        """Where a file lies or would lie. Only a hash is a name, so nothing outside the folder can be meant."""
        if not NAME.fullmatch(sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.folder / sha256[:2] / sha256

    def put(self, source: bytes | Path) -> str:
        """Take a file in; the answer is its hash, and the file is on the disk when it comes."""
        if isinstance(source, bytes):
            return self._keep(hashlib.sha256(source).hexdigest(), [source])
        with writing_to(source):
            return self._keep(sha256_of(source), _blocks(source))

    def _keep(self, sha256: str, blocks: Iterable[bytes]) -> str:
        path = self.path_of(sha256)
        if self.verify(sha256) is FileState.GOOD:
            return sha256
        with writing_to(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        written = hashlib.sha256()
        with draft_of(path) as file:
            for block in blocks:
                written.update(block)
                file.write(block)
            if written.hexdigest() != sha256:
                raise Trouble("attachment_changed", sha256=sha256)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The content, checked against its name: a changed file is never handed out as if it were the right one."""
        try:
            content = self.path_of(sha256).read_bytes()
        except FileNotFoundError as error:
            raise Trouble("attachment_missing", sha256=sha256) from error
        except OSError as error:
            raise Trouble("cannot_open", said=error.strerror or str(error)) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Trouble("attachment_changed", sha256=sha256)
        return content

    def verify(self, sha256: str) -> FileState:
        """Whether the file is there and is what its name says."""
        try:
            return FileState.GOOD if sha256_of(self.path_of(sha256)) == sha256 else FileState.CHANGED
        except FileNotFoundError:
            return FileState.MISSING
        except OSError:
            return FileState.CHANGED

    def missing(self, wanted: Iterable[str]) -> list[str]:
        """Those of `wanted` that are not here, in order and without reading any content."""
        return [sha256 for sha256 in dict.fromkeys(wanted) if not self.path_of(sha256).is_file()]

    def kept(self) -> Iterator[str]:
        """Every file that is here, by its hash."""
        for path in sorted(self.folder.glob("??/*")):
            if NAME.fullmatch(path.name) and path.parent.name == path.name[:2]:
                yield path.name


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
