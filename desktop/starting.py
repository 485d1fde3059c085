"""What makes a start quick without changing what it does. Called before anything else of Qt is imported."""

import builtins
import gc


def hasten() -> None:
    """Make no search for garbage until `settle`: a start makes a hundred thousand objects, and all of them stay."""
    gc.disable()
    import_qt()


def import_qt() -> None:
    """Import Qt and let every later import pass by its hook.

    PySide looks into each import for `from __feature__ import …`, which nothing here uses; that look costs a third of
    the time in which SQLAlchemy is imported.
    """
    plainly = builtins.__import__
    import PySide6.QtCore  # noqa: F401 — it puts its hook in place as it is loaded

    builtins.__import__ = plainly


def settle() -> None:
    """The start is over: what was made so far stays, and garbage is collected from now on."""
    gc.freeze()
    gc.enable()
