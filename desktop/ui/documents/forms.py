"""The windows of documents, by the names that other pages open them by."""

from datetime import date

from PySide6.QtWidgets import QDialog, QWidget

from desktop.domain.form import RecordKind
from desktop.ui.context import Context, FormMaker
from desktop.ui.documents.dialogs import ConfirmDialog
from desktop.ui.documents.editor import DocumentEditor
from desktop.ui.documents.new import NewDocumentDialog


def open_document(
    context: Context,
    form: str = "",
    record_kind: str = "",
    record_id: int | None = None,
    document_id: int | None = None,
    again_id: int | None = None,
    parent: QWidget | None = None,
) -> QDialog | None:
    """A document that is there (`document_id`), one like another (`again_id`), or a new one of a form for a record."""
    forms = context.services.forms
    if document_id is not None:
        detail = forms.detail(document_id)
        return DocumentEditor(context, detail.draft, detail, parent)
    if again_id is not None:
        return DocumentEditor(context, forms.again(again_id), None, parent)
    record = (RecordKind(record_kind), record_id) if record_kind and record_id is not None else None
    return DocumentEditor(context, forms.new(form, record), None, parent)


def open_new(context: Context, enterprise_id: int | None = None, parent: QWidget | None = None) -> QDialog:
    """Which form, and for which record."""
    return NewDocumentDialog(context, enterprise_id, parent)


def open_confirmation(
    context: Context, form: str, dated_on: date | None = None, parent: QWidget | None = None
) -> QDialog:
    """A named person's word on what is doubtful in a form of a date; without one, of today."""
    return ConfirmDialog(context, form, dated_on or context.services.clock.today(), parent=parent)


FORMS: dict[str, FormMaker] = {
    "document": open_document,
    "new_document": open_new,
    "form_confirmation": open_confirmation,
}
