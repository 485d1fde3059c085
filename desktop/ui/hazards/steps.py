"""What can be done next with a hazard, in the order a clerk would think of it."""

from desktop.domain.hazard import UNDER_ORDER, HazardLevel, HazardStatus
from desktop.services.hazard_story import HazardStory
from desktop.services.hazards import HazardRow
from desktop.ui.acts.lists import Step
from desktop.ui.context import Context


def steps_of(context: Context, row: HazardRow, story: HazardStory) -> list[Step]:
    """A name, the words, and what it opens."""
    steps: list[Step] = []

    def offer(key: str, words: str, form: str, **wanted: object) -> None:
        steps.append((key, words, lambda: context.open_form(form, **wanted)))

    if row.status is HazardStatus.REGISTERED:
        offer("order", "下达指令", "order", hazard_ids=[row.id])
        offer("spot", "当场整改", "cleared_on_the_spot", hazard_id=row.id)
    if story.is_delivery_due and row.order_id is not None:
        offer("deliver", "登记送达", "deliver", order_id=row.order_id)
    if row.status in UNDER_ORDER or row.status is HazardStatus.ESCALATED:
        offer("reinspect", "复查", "reinspection", hazard_ids=[row.id])
    if story.is_case_due:
        offer("case", "登记立案", "case_filed", hazard_id=row.id)
    if story.waiting_escalation_id is not None:
        offer("answer", "登记答复", "escalation_answer", escalation_id=story.waiting_escalation_id)
    if story.waiting_extension_id is not None and row.is_open:
        offer("reply", "答复延期", "extension_reply", extension_id=story.waiting_extension_id)
    if row.status in UNDER_ORDER:
        offer("extend", "延期", "extension", hazard_ids=[row.id])
        offer("request", "企业申请复查", "request", hazard_ids=[row.id])
    if row.status in UNDER_ORDER or row.status is HazardStatus.ESCALATED:
        offer("escalate", "提请处理", "escalate", hazard_id=row.id)
    if row.is_open:
        offer("urge", "催办", "urging", hazard_ids=[row.id])
    if story.unanswered_urging_id is not None:
        offer("urging_answer", "补记催办答复", "urging_answer", urging_id=story.unanswered_urging_id)
    if story.supervision_id is not None:
        wanted = {"view": "supervisions", "supervision_id": story.supervision_id}
        steps.append(("supervised", "看督办", lambda: context.navigate("hazards", wanted)))
    elif row.is_open and row.level is HazardLevel.MAJOR:
        offer("supervise", "挂牌督办", "supervision", hazard_id=row.id)
    if row.status is not HazardStatus.VOID:
        offer("edit", "修改", "hazard", hazard_id=row.id)
    if row.status is HazardStatus.REGISTERED:
        offer("void", "作废", "void_hazard", hazard_id=row.id)
    return steps
