"""The forms of the library, by the names under which pages open them."""

from desktop.ui.context import FormMaker
from desktop.ui.library.checklists import open_item, open_item_confirmation
from desktop.ui.library.phrases import open_phrase

FORMS: dict[str, FormMaker] = {
    "checklist_item": open_item,
    "checklist_confirmation": open_item_confirmation,
    "phrase": open_phrase,
}
