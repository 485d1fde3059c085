"""Pictures of every official form, for people to look at: empty, filled, and written full with rare characters.

    python -m tests.form_pictures [form …]

writes tests/pictures/forms/<variant>-<number>.png, a sheet of six pages each, with the PDF of every form beside it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from desktop.documents.forms.compose import Filling, compose
from desktop.documents.forms.pdf import pdf
from desktop.domain.form import Form
from desktop.services.form_book import form_book
from tests.form_examples import ISSUER, ON, example, long_example

FOLDER = Path(__file__).parent / "pictures" / "forms"
VARIANTS = {"empty": lambda form: {}, "filled": example, "long": long_example}
PAGES_OF_ONE = 3
ACROSS, DOWN = 3, 2
WIDE = 660


def content_of(form: Form, values: dict[str, Any]) -> bytes:
    """The PDF of a form."""
    number = f"（苏启）应急{form.code}〔2026〕12号" if values and form.has_number else ""
    return pdf(compose(form_book(), form, Filling(values, ISSUER if values else {}, ON, number))).content


def pages_of(path: Path, scale: float = 2.0) -> Iterator[Image.Image]:
    """The first pages of a PDF as pictures."""
    file = pypdfium2.PdfDocument(path)
    for at in range(min(len(file), PAGES_OF_ONE)):
        picture = file[at].render(scale=scale).to_pil()
        yield picture.resize((WIDE, round(picture.height * WIDE / picture.width)), Image.Resampling.LANCZOS)
    file.close()


def sheets(pictures: list[Image.Image], name: str, folder: Path) -> None:
    """Contact sheets of so many pictures each."""
    for start in range(0, len(pictures), ACROSS * DOWN):
        some = pictures[start : start + ACROSS * DOWN]
        tall = max(each.height for each in some)
        sheet = Image.new("RGB", (ACROSS * (WIDE + 8), DOWN * (tall + 8)), "#8090a0")
        for at, picture in enumerate(some):
            sheet.paste(picture, (at % ACROSS * (WIDE + 8), at // ACROSS * (tall + 8)))
        sheet.save(folder / f"{name}-{start // (ACROSS * DOWN) + 1:02}.png")


def main(wanted: list[str]) -> None:
    """All forms, or those named."""
    forms = [form for form in form_book().forms.values() if not wanted or form.id in wanted]
    for variant, values in VARIANTS.items():
        folder = FOLDER / variant
        folder.mkdir(parents=True, exist_ok=True)
        pictures: list[Image.Image] = []
        for form in forms:
            path = folder / f"{form.id}.pdf"
            path.write_bytes(content_of(form, values(form)))
            pictures += pages_of(path)
        sheets(pictures, variant, FOLDER)


if __name__ == "__main__":
    main(sys.argv[1:])
