"""The forms that the roster owns, by the names under which other pages open them."""

from desktop.ui.context import FormMaker
from desktop.ui.enterprises.form import open_enterprise
from desktop.ui.enterprises.permit_form import open_permit
from desktop.ui.enterprises.small_forms import open_attributes, open_rename, open_tags
from desktop.ui.measures import forms as measures
from desktop.ui.trail.dialog import open_trail

FORMS: dict[str, FormMaker] = {
    "enterprise": open_enterprise,
    "rename": open_rename,
    "permit": open_permit,
    "tags": open_tags,
    "attributes": open_attributes,
    "trail": open_trail,
    **measures.FORMS,
}
