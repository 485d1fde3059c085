"""Pictures of every page for people to look at: light and dark, on a small and a wide screen, in `tests/pictures`."""

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLabel
from sample_office import sample_folder, services, shell

from desktop.ui import theme
from desktop.ui.shell import Shell

__all__ = ["sample_folder", "services", "shell"]

FOLDER = Path(__file__).parents[1] / "pictures"
SIZES = (QSize(1366, 768), QSize(1920, 1080))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_page_has_its_picture(shell: Shell, is_dark: bool) -> None:
    """No page is empty, none is wider than the screen, and no label is cut."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    theme.apply(theme.Look(is_dark=is_dark))
    for size, key in product(SIZES, shell.window.pages):
        shell.window.resize(size)
        page = shell.window.show_page(key)
        QApplication.processEvents()
        picture = shell.window.grab()
        assert picture.size() == size
        look = "dark" if is_dark else "light"
        path = FOLDER / f"{key}-{size.width()}-{look}.png"
        assert picture.save(str(path))
        assert path.stat().st_size > 15_000, f"{key} looks empty"
        assert page.minimumSizeHint().width() <= shell.window.width()
        assert _cut(page) == [], key
    theme.apply(theme.Look())


def _cut(page: object) -> list[str]:
    """The words of labels that have less room than they need."""
    assert hasattr(page, "findChildren")
    return [
        label.text()
        for label in page.findChildren(QLabel)
        if label.isVisible()
        and not label.wordWrap()
        and label.text()
        and label.width() + 1 < label.fontMetrics().horizontalAdvance(label.text())
    ]
