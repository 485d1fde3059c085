"""The form "import" by its name; the dialog, with all that reads other people's files, is loaded when it is opened."""

from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from desktop.ui.context import Context


def import_(context: Context, parent: QWidget | None = None, **wanted: Any) -> QDialog:
    """The form "import"."""
    from desktop.ui.imports.dialog import ImportDialog

    return ImportDialog(context, parent=parent, **wanted)


FORMS = {"import": import_}
