"""The forms that the page of inspections owns, by the names under which other pages open them."""

from desktop.ui.context import FormMaker
from desktop.ui.inspections.appointments import open_cancel, open_reschedule, open_schedule
from desktop.ui.inspections.checklist import open_checklist, open_plan_checklist
from desktop.ui.inspections.field_pack import open_field_pack, open_read_back
from desktop.ui.inspections.form import open_inspection

FORMS: dict[str, FormMaker] = {
    "inspection": open_inspection,
    "inspection_checklist": open_checklist,
    "plan_checklist": open_plan_checklist,
    "inspection_schedule": open_schedule,
    "inspection_move": open_reschedule,
    "inspection_cancel": open_cancel,
    "field_pack": open_field_pack,
    "field_return": open_read_back,
}
