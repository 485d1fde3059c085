"""From an obligation to the form that discharges it, filled in."""

from collections.abc import Callable

from desktop.domain.obligation_kind import ObligationKind, SubjectType
from desktop.services.workbench import DueLine
from desktop.ui.context import Context


def take_step(context: Context, line: DueLine) -> None:
    """Open what discharges a line."""
    _STEPS[line.first.kind](context, line)


def show_subject(context: Context, line: DueLine) -> None:
    """Open the record behind a line: its enterprise, or the page that holds it."""
    if line.first.enterprise_id is not None:
        context.navigate("enterprises", {"enterprise_id": line.first.enterprise_id})
    else:
        take_step(context, line)


def _inspect(context: Context, line: DueLine) -> None:
    item = line.first
    if item.subject_type is SubjectType.PLAN_ITEM:
        context.open_form("inspection", enterprise_id=item.enterprise_id, plan_item_id=item.subject_id)
    else:
        context.open_form("inspection", inspection_id=item.subject_id)


def _deliver(context: Context, line: DueLine) -> None:
    if line.first.subject_type is SubjectType.DELIVERY:
        context.open_form("notice_ended", delivery_id=line.first.subject_id)
    else:
        context.open_form("deliver", order_id=line.first.subject_id)


def _go_back(context: Context, line: DueLine) -> None:
    context.open_form("reinspection", hazard_ids=list(line.subject_ids))


def _report(context: Context, line: DueLine) -> None:
    context.navigate("reporting", {"year": line.first.subject_id})


_STEPS: dict[ObligationKind, Callable[[Context, DueLine], object]] = {
    ObligationKind.INSPECT: _inspect,
    ObligationKind.DELIVER: _deliver,
    ObligationKind.RECTIFY: _go_back,
    ObligationKind.REINSPECT: _go_back,
    ObligationKind.EXTENSION_REPLY: lambda context, line: context.open_form(
        "extension_reply", extension_id=line.first.subject_id
    ),
    ObligationKind.FILE_CASE: lambda context, line: context.open_form("case_filed", hazard_id=line.first.subject_id),
    ObligationKind.REVISIT: lambda context, line: context.open_form("revisit", programme_id=line.first.subject_id),
    ObligationKind.CERTIFICATE: lambda context, line: context.open_form(
        "certificate", officer_id=line.first.subject_id
    ),
    ObligationKind.PERMIT: lambda context, line: context.open_form("permit", permit_id=line.first.subject_id),
    ObligationKind.REPORT: _report,
    ObligationKind.MEASURE: lambda context, line: context.open_form("measure_step", measure_id=line.first.subject_id),
    ObligationKind.PROPOSE: lambda context, line: context.open_form(
        "escalation_answer", escalation_id=line.first.subject_id
    ),
    ObligationKind.SUPERVISE: lambda context, line: context.navigate(
        "hazards", {"supervision_id": line.first.subject_id}
    ),
}
