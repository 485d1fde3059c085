"""The forms that the page of hazards owns, by the names under which other pages open them."""

from desktop.ui.context import FormMaker
from desktop.ui.deliveries.form import open_delivery, open_notice_ended, open_void_delivery
from desktop.ui.hazards.extension_form import open_extension, open_reply
from desktop.ui.hazards.order_form import open_order
from desktop.ui.hazards.reinspection_form import open_reinspection
from desktop.ui.hazards.small_forms import (
    open_answer,
    open_case_filed,
    open_escalate,
    open_hazard,
    open_request,
    open_spot,
    open_void_hazard,
    open_void_order,
)
from desktop.ui.hazards.supervision_forms import (
    open_acceptance,
    open_delisting,
    open_resumption,
    open_review,
    open_supervision,
    open_supervision_extension,
)
from desktop.ui.hazards.urging import open_urging, open_urging_answer
from desktop.ui.revisits.forms import open_let_go, open_revisit, open_start

FORMS: dict[str, FormMaker] = {
    "hazard": open_hazard,
    "order": open_order,
    "deliver": open_delivery,
    "delivery": open_delivery,
    "void_delivery": open_void_delivery,
    "notice_ended": open_notice_ended,
    "void_order": open_void_order,
    "void_hazard": open_void_hazard,
    "extension": open_extension,
    "extension_reply": open_reply,
    "reinspection": open_reinspection,
    "request": open_request,
    "escalate": open_escalate,
    "case_filed": open_case_filed,
    "escalation_answer": open_answer,
    "urging": open_urging,
    "urging_answer": open_urging_answer,
    "supervision": open_supervision,
    "supervision_extend": open_supervision_extension,
    "supervision_resume": open_resumption,
    "supervision_review": open_review,
    "supervision_accept": open_acceptance,
    "supervision_delist": open_delisting,
    "cleared_on_the_spot": open_spot,
    "revisit_start": open_start,
    "revisit": open_revisit,
    "revisit_end": open_let_go,
}
