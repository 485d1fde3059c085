"""The pages of a PDF file as pictures: what a preview shows and a printer prints is the file itself, point for point."""

from dataclasses import dataclass
from threading import RLock
from types import TracebackType

_LOCK = RLock()  # the PDF library serves one caller at a time


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page: rows of `stride` bytes, four a point in the order blue, green, red, unused."""

    width: int
    height: int
    stride: int
    content: bytes


class Pages:
    """An open PDF file of ours. To be closed, or used as a context."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        with _LOCK:
            self._file = pypdfium2.PdfDocument(content)
            sizes = (self._file.get_page_size(number) for number in range(len(self._file)))
            self._sizes: list[tuple[float, float]] = [(float(wide), float(tall)) for wide, tall in sizes]

    def __len__(self) -> int:
        return len(self._sizes)

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page in points of 1/72 inch; the first page is 0."""
        return self._sizes[number]

    def picture(self, number: int, scale: float) -> Picture:
        """A page drawn at `scale` dots a point: 1 is 72 dots an inch."""
        with _LOCK:
            page = self._file[number]
            drawn = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=True, fill_color=(255, 255, 255, 255))
            made = Picture(drawn.width, drawn.height, drawn.stride, bytes(drawn.buffer))
            drawn.close()
            page.close()
            return made

    def close(self) -> None:
        """Let the file go."""
        with _LOCK:
            self._file.close()

    def __enter__(self) -> "Pages":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _t: TracebackType | None
    ) -> None:
        self.close()
