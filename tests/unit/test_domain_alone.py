"""The domain, text and the pure readers import without Qt and SQLAlchemy, in a fresh interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in [*(ROOT / "desktop" / "domain").glob("*.py"), ROOT / "desktop" / "text.py"]
    if path.stem != "__init__"
)
SCRIPT = """
import importlib, sys
for name in ("PySide6", "shiboken6", "sqlalchemy", "alembic"):
    sys.modules[name] = None
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def test_the_domain_needs_neither_qt_nor_sqlalchemy() -> None:
    assert "desktop.domain.deadline" in MODULES
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *MODULES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_guard_of_this_folder_works() -> None:
    with pytest.raises(ImportError, match="must not need sqlalchemy"):
        import sqlalchemy  # noqa: F401 - the import is the test
