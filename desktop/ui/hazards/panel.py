"""One hazard beside the list: what it is, until when and why, what to do next, and its story."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import text
from desktop.domain.photo import PhotoOwner
from desktop.services.hazard_story import DeadlineLink, HazardStories, HazardStory, StoryKind
from desktop.services.hazards import HazardRow
from desktop.services.photo_places import PhotoSubject
from desktop.ui.acts.lists import EnterpriseLink, FactGrid, PillRow, StepBar, stacked, wrapped
from desktop.ui.acts.story import StoryLines, Told
from desktop.ui.context import Context
from desktop.ui.hazards.columns import days_meaning, days_words, level_pill, status_pill
from desktop.ui.hazards.steps import steps_of
from desktop.ui.photos.row_drop import usual_role
from desktop.ui.photos.strip import PhotoStrip
from desktop.ui.theme import Meaning
from desktop.ui.widgets.pills import Pill
from desktop.ui.widgets.section import labelled, scrolled

MEANINGS = {
    StoryKind.CLEARED: Meaning.DONE,
    StoryKind.FAILED: Meaning.DUE_SOON,
    StoryKind.ESCALATION: Meaning.OVERDUE,
    StoryKind.VOID_ORDER: Meaning.ATTENTION,
    StoryKind.SUPERVISED: Meaning.OVERDUE,
    StoryKind.DELISTED: Meaning.DONE,
}


class HazardPanel(QWidget):
    """Shows one hazard; `show_hazard` reads it afresh."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("hazardPanel")
        self._context = context
        self._stories = HazardStories(context.services.store)
        self.hazard_id: int | None = None
        self._enterprise = EnterpriseLink(context)
        self._description = wrapped("", "section")
        self._pills = PillRow()
        self._facts = FactGrid()
        self._steps = StepBar()
        self._deadlines = StoryLines("deadlines")
        self._deadline_head = labelled("整改期限", "section")
        self._story = StoryLines()
        self.photos = PhotoStrip(context, "hazardPhotos")
        self.photos.accept_on(self)
        body = stacked(
            self._enterprise,
            self._description,
            self._pills,
            self._steps,
            self._facts,
            self.photos,
            self._deadline_head,
            self._deadlines,
            labelled("经过", "section"),
            self._story,
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(body))

    def show_hazard(self, hazard_id: int) -> bool:
        """Show it; answers whether it is there."""
        rows = self._context.services.hazards.rows([hazard_id])
        if not rows:
            return False
        self.hazard_id = hazard_id
        hazard, story = rows[0], self._stories.story(hazard_id)
        self._enterprise.show_enterprise(hazard.enterprise_id, hazard.enterprise)
        self._description.setText(hazard.description)
        self._show_pills(hazard)
        self._steps.show_steps(steps_of(self._context, hazard, story))
        self._facts.show_facts(_facts(hazard, story))
        self.photos.show_subject(PhotoSubject(PhotoOwner.HAZARD, hazard_id), usual_role(hazard.status))
        self._deadline_head.setVisible(bool(story.deadlines))
        self._deadlines.setVisible(bool(story.deadlines))
        self._deadlines.show_lines([_deadline(link, place) for place, link in enumerate(story.deadlines)])
        told = [Told(each.on, each.title, each.text, MEANINGS.get(each.kind, Meaning.QUIET)) for each in story.entries]
        self._story.show_lines(told)
        return True

    def story_of(self, hazard_id: int) -> HazardStory:
        """The story, for a menu of next steps."""
        return self._stories.story(hazard_id)

    def _show_pills(self, hazard: HazardRow) -> None:
        pills = [level_pill(hazard.level), status_pill(hazard.status)]
        if days_words(hazard):
            pills.append(Pill(days_words(hazard), days_meaning(hazard.days_left) or Meaning.INFORMATION))
        self._pills.show_pills(*pills)


def _facts(hazard: HazardRow, story: HazardStory) -> list[tuple[str, str]]:
    due = text.day(hazard.due_on) if hazard.due_on else ""
    if hazard.original_due_on != hazard.due_on:
        due += f"（原期限 {text.day(hazard.original_due_on)}）"
    return [
        ("期限", due),
        ("应复查", text.day(hazard.reinspect_due_on) if hazard.reinspect_due_on and hazard.is_open else ""),
        ("指令书", hazard.order_number),
        ("承办", hazard.officer),
        ("发现", f"{text.day(hazard.found_on)}" + (f"　已有 {hazard.age_days} 天" if hazard.is_open else "")),
        ("催办", f"{hazard.urged_count} 次，最近 {text.moment(hazard.urged_at)}" if hazard.urged_at else ""),
        ("部位", hazard.location),
        ("依据", story.basis),
        ("措施", story.measures),
        ("责任人", story.person_in_charge),
        ("村居", hazard.village),
        ("备注", story.remark),
    ]


def _deadline(link: DeadlineLink, place: int) -> Told:
    words = link.reason or ("下达时确定" if place == 0 else "")
    approver = f"{link.approver}批准" if link.approver else ""
    unsure = text.PROVISIONAL if link.is_provisional else ""
    set_on = f"{text.day(link.set_on)} 登记" if place else ""
    return Told(link.due_on, words or "改期", "，".join(filter(None, (approver, set_on, unsure))))
