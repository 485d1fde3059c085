"""A picture from outside, read with care: what it is, when it was taken, how it looks in small, and its likeness.

The content decides, never the ending. Nothing is decoded before its size in points is known, and a large photo is
decoded scaled down, so that no picture takes more memory than a usual one. The original bytes are never changed:
turned upright, converted to RGB and scaled is only what is made of them.
"""

import contextlib
import io
import math
import re
import struct
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache

from PIL import Image, ImageOps

from desktop.domain.errors import Refused

MAX_BYTES = 100 * 1024 * 1024
MAX_POINTS_SCALED = 250_000_000
"""Of a JPEG that can be decoded at an eighth of its size: telephones take pictures of 200 megapixels."""
MAX_POINTS = 80_000_000
"""Of everything else, which has to be decoded whole: an A3 sheet scanned with 600 dots an inch."""
THUMBNAIL = 320
PAPER = 1600
OFFICE_ZONE = timezone(timedelta(hours=8))

ENDINGS = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
    "PDF": (".pdf",),
    "HEIC": (".heic", ".heif", ".avif"),
}
DECODED = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")
_SEVERAL = "MPO"  # what some telephones call a JPEG with more pictures in it
_HEIC = re.compile(rb"(heic|heix|hevc|hevx|heim|heis|mif1|msf1|avif|avis)")
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError, OverflowError)
"""What Pillow's readers raise over a broken file: each format in its own words."""

_EXIF_PART, _TAKEN, _DIGITIZED, _OFFSET, _ORIENTATION = 0x8769, 0x9003, 0x9004, 0x9011, 0x0112
_ALONE = threading.RLock()  # Python's list of warnings and Pillow's limit are one for all threads


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a picture. Width and height are those of the upright picture, in points.

    `likeness` is 16 hex digits, or None of what has no features to compare (a blank page) or cannot be decoded here.
    """

    format: str
    width: int | None
    height: int | None
    taken_at: datetime | None
    likeness: str | None
    thumbnail: bytes


def kind_of(content: bytes) -> str:
    """What the content is: a format of `ENDINGS`, or refused with the sentence that says what it is instead."""
    if not content:
        raise Refused("photo_empty")
    if content.startswith(b"%PDF"):
        return "PDF"
    if content[4:8] == b"ftyp" and _HEIC.search(content[8:32]):
        return "HEIC"
    if content.startswith((b"MZ", b"\x7fELF")):
        raise Refused("photo_program")
    with _opened(content) as picture:
        return "JPEG" if picture.format == _SEVERAL else str(picture.format)


def read(content: bytes) -> Seen:
    """Read a picture that can be decoded; refused with a sentence when it is damaged, too large or no picture."""
    if len(content) > MAX_BYTES:
        raise Refused("photo_too_heavy", limit=f"{MAX_BYTES // 1024 // 1024} MB")
    with _opened(content) as picture:
        width, height = picture.size
        _refuse_large(picture)
        taken_at, orientation = _told(picture)
        if orientation >= 5:
            width, height = height, width
        small = _decoded(picture, THUMBNAIL)
    name = "JPEG" if picture.format == _SEVERAL else str(picture.format)
    return Seen(name, width, height, taken_at, likeness_of(small), _jpeg(small, 80))


def view(content: bytes, longest: int) -> bytes:
    """The picture upright and in RGB, its longer side at most so many points: a JPEG to show or to print."""
    with _opened(content) as picture:
        _refuse_large(picture)
        return _jpeg(_decoded(picture, longest), 90)


def for_paper(content: bytes) -> bytes:
    """The picture as a form prints it: the original where paper takes it as it is, else upright and in RGB."""
    with _opened(content) as picture:
        is_plain = picture.format in ("JPEG", "PNG") and picture.mode in ("RGB", "L") and max(picture.size) <= PAPER
        if is_plain and _told(picture)[1] == 1:
            return content
    return view(content, PAPER)


def of_page(width: int, height: int, stride: int, drawn: bytes, longest: int = THUMBNAIL) -> bytes:
    """A JPEG of a page that was drawn as rows of blue, green, red and an unused byte."""
    page = Image.frombuffer("RGB", (width, height), drawn, "raw", "BGRX", stride, 1)
    page.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _jpeg(page, 85)


def right_name(name: str, format_: str) -> str:
    """The name with an ending that says what the content is: `照片.exe` that is a JPEG becomes `照片.exe.jpg`."""
    endings = ENDINGS[format_]
    return name if name.lower().endswith(endings) else name + endings[0]


# ---- reading -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """The picture, not yet decoded. What its reader trips over becomes `Refused`."""
    try:
        picture = _open(content)
    except _DAMAGE as error:
        raise Refused("photo_unknown") from error
    with picture:
        try:
            yield picture
        except _DAMAGE as error:
            raise Refused("photo_damaged") from error


def _open(content: bytes) -> Image.Image:
    """Pillow refuses by itself what a telephone of 200 megapixels takes; `_refuse_large` knows better."""
    with _ALONE, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        former, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            return Image.open(io.BytesIO(content), formats=(*DECODED, _SEVERAL))
        finally:
            Image.MAX_IMAGE_PIXELS = former


def _refuse_large(picture: Image.Image) -> None:
    can_scale = picture.format in ("JPEG", _SEVERAL) and not picture.info.get("progressive")
    limit = MAX_POINTS_SCALED if can_scale else MAX_POINTS
    if picture.width * picture.height > limit:
        points = round(picture.width * picture.height / 1_000_000)
        raise Refused("photo_too_large", points=points, limit=limit // 1_000_000)


def _decoded(picture: Image.Image, longest: int) -> Image.Image:
    """Upright, in RGB on white, its longer side at most so many points."""
    picture.draft("RGB", (longest, longest))
    with _ALONE, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of harmless oddities in what cameras write beside the picture
        picture.load()
        small = _plain(picture)
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
        upright = ImageOps.exif_transpose(small)
    if upright.mode == "RGBA":
        white = Image.new("RGB", upright.size, "white")
        white.paste(upright, mask=upright.getchannel("A"))
        return white
    return upright.convert("RGB")


def _plain(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be scaled; grey of 16 bits, as scanners and X-ray machines write it, in 8."""
    if picture.mode.startswith(("I", "F")):
        return picture.convert("I").point(lambda point: point * (1 / 256)).convert("L")
    return picture if picture.mode in ("RGB", "L", "CMYK", "YCbCr") else picture.convert("RGBA")


def _told(picture: Image.Image) -> tuple[datetime | None, int]:
    """When it was taken, and how it lies (1 is upright). What is unreadable there is as if it were not there."""
    with _ALONE, warnings.catch_warnings(), contextlib.suppress(*_DAMAGE):
        warnings.simplefilter("ignore")
        exif = picture.getexif()
        part = exif.get_ifd(_EXIF_PART)
        lies = exif.get(_ORIENTATION, 1)
        taken = _moment(part.get(_TAKEN) or part.get(_DIGITIZED), part.get(_OFFSET))
        return taken, lies if isinstance(lies, int) and 1 <= lies <= 8 else 1
    return None, 1


def _moment(said: object, offset: object) -> datetime | None:
    """`2026:03:02 09:41:00` as a moment of the office; a camera that tells another zone is translated."""
    words = str(said or "").strip(" \x00")
    with contextlib.suppress(ValueError):
        at = datetime.strptime(words, "%Y:%m:%d %H:%M:%S")
        zone = re.fullmatch(r"([+-])(\d\d):(\d\d)", str(offset or "").strip(" \x00"))
        if zone is None:
            return at
        shift = timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (-1 if zone[1] == "-" else 1)
        return at.replace(tzinfo=timezone(shift)).astimezone(OFFICE_ZONE).replace(tzinfo=None)
    return None


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=quality)
    return made.getvalue()


# ---- likeness ----------------------------------------------------------------------------------------------

EDGE = 32
BITS = 64
FLAT = 2.0
"""Mean strength of the 64 waves under which a picture has nothing to compare: a blank page, a photo of the lens cap."""


def likeness_of(picture: Image.Image) -> str | None:
    """64 bits of what a picture looks like, as 16 hex digits: which of its 64 longest waves are stronger than the median.

    The cosine transform of the picture in 32 by 32 greys, as the perceptual hash of `imagehash` takes it; that package
    needs numpy, scipy and PyWavelets, a hundred megabytes that the Windows edition has no room for, where Pillow scales
    and a few thousand multiplications do. A hash of neighbouring points (dHash) would be cheaper yet takes pictures with
    much sky or wall for one another. Scaling, packing, light and contrast hardly touch the long waves. Half of the
    bits are set by their making, so two likenesses always differ in an even number of them.
    """
    grey = picture.convert("L").resize((EDGE, EDGE), Image.Resampling.LANCZOS)
    points = grey.tobytes()
    waves = _waves()
    rows = [points[at : at + EDGE] for at in range(0, EDGE * EDGE, EDGE)]
    across = [[sum(map(float.__mul__, wave, map(float, row))) for row in rows] for wave in waves]
    strengths = [sum(map(float.__mul__, waves[down], across[along])) for along, down in _longest()]
    if sum(map(abs, strengths)) / BITS < FLAT * EDGE:
        return None
    middle = sorted(strengths)[BITS // 2]
    bits = "".join("1" if strength >= middle else "0" for strength in strengths)
    return f"{int(bits, 2):016x}"


@cache
def _waves() -> list[list[float]]:
    """The cosine waves that are asked for, each in 32 points."""
    return [[math.cos(math.pi * wave * (2 * at + 1) / (2 * EDGE)) for at in range(EDGE)] for wave in range(11)]


@cache
def _longest() -> list[tuple[int, int]]:
    """The 64 longest waves of a picture, each as its number along and down; the mean grey is none of them."""
    pairs = [(along, down) for along in range(11) for down in range(11) if 1 <= along + down <= 10]
    return sorted(pairs, key=lambda pair: (pair[0] + pair[1], pair))[:BITS]
