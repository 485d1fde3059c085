"""Small pictures made for tests: scenes that differ from one another, as a phone would write them."""

import io
import random
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

TAKEN, OFFSET, ORIENTATION, EXIF = 0x9003, 0x9011, 0x0112, 0x8769


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Coloured shapes, others for each seed."""
    chance = random.Random(seed)
    made = Image.new("RGB", size, tuple(chance.randrange(60, 220) for _ in range(3)))
    draw = ImageDraw.Draw(made)
    for _ in range(30):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        w, h = chance.randrange(size[0] // 3) + 8, chance.randrange(size[1] // 3) + 8
        draw.rectangle([x - w // 2, y - h // 2, x + w // 2, y + h // 2], fill=tuple(chance.randbytes(3)))
    return made.filter(ImageFilter.GaussianBlur(1))


def encoded(picture: Image.Image, format_: str = "JPEG", **more: Any) -> bytes:
    """The picture as a file."""
    made = io.BytesIO()
    picture.save(made, format_, **more)
    return made.getvalue()


def jpeg(seed: int, size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    """A scene as a JPEG."""
    return encoded(scene(seed, size), quality=more.pop("quality", 88), **more)


def exif(taken: str = "", offset: str = "", orientation: int = 1) -> Image.Exif:
    """What a phone writes beside a picture."""
    made = Image.Exif()
    made[ORIENTATION] = orientation
    part = made.get_ifd(EXIF)
    if taken:
        part[TAKEN] = taken
    if offset:
        part[OFFSET] = offset
    return made
