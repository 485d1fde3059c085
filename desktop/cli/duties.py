"""due and ics: what must be done by when, as a list and as a calendar file."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from desktop.cli.call import DONE, Call, code_of
from desktop.cli.output import table
from desktop.cli.parser import Unusable

if TYPE_CHECKING:
    from desktop.domain.obligation_kind import ObligationKind
    from desktop.exchange.ics import Event
    from desktop.services import Services
    from desktop.services.obligations import DueItem

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def due(call: Call) -> int:
    """The open obligations, the most overdue first."""
    from desktop.services.obligations import DueQuery

    kinds = frozenset(_kind(word) for word in call.kind or ())
    with call.office() as services:
        if call.officer:
            _refuse_unknown_officer(services, call.officer)
        items = services.obligations.due(DueQuery(until=call.until, kinds=kinds, officer=call.officer or ""))
    document = {"on": call.today, "items": [_due_document(item) for item in items]}
    call.out.say(document, _due_lines(items, call.today))
    return DONE


def _kind(word: str) -> "ObligationKind":
    """A kind by its code or by the word that people see."""
    from desktop.domain.obligation_kind import ObligationKind

    return code_of(ObligationKind, word, f"没有“{word}”这一类事项")


def _refuse_unknown_officer(services: "Services", name: str) -> None:
    if all(row.name != name for row in services.officers.rows(with_archived=True)):
        raise Unusable(f"没有叫“{name}”的执法人员，请核对姓名")


def _due_document(item: "DueItem") -> dict[str, object]:
    enterprise = {"id": item.enterprise_id, "name": item.enterprise, "uscc": item.uscc}
    return {
        "id": item.id,
        "kind": item.kind,
        "title": item.title,
        "enterprise": None if item.enterprise_id is None else enterprise,
        "rule": item.rule,
        "triggered_on": item.triggered_on,
        "original_due_on": item.original_due_on,
        "due_on": item.due_on,
        "plan_on": item.plan_on,
        "days_left": item.days_left,
        "provisional": item.is_provisional,
        "officer": item.officer or None,
        "subject": {"type": item.subject_type, "id": item.subject_id},
    }


def _due_lines(items: "list[DueItem]", today: date) -> Iterator[str]:
    from desktop.domain.obligation import DueGroup, due_group
    from desktop.text import day, label

    if not items:
        yield f"{day(today)}：没有未办结的时限事项。"
        return
    yield f"{day(today)}：未办结的时限事项 {len(items)} 项"
    for group in DueGroup:
        rows = [_due_row(item) for item in items if due_group(item.due_on, item.plan_on, today) is group]
        if rows:
            yield f"\n【{label(group)}】{len(rows)} 项"
            yield from table(("编号", "期限", "", "种类", "人员", "企业", "事项"), rows)


def _due_row(item: "DueItem") -> tuple[object, ...]:
    from desktop.text import PROVISIONAL, days_left, label

    provisional = f"（{PROVISIONAL}）" if item.is_provisional else ""
    moved = f"（原 {item.original_due_on}）" if item.original_due_on != item.due_on else ""
    when = f"{item.due_on}{provisional}"
    return (
        item.id,
        when,
        days_left(item.days_left),
        label(item.kind),
        item.officer,
        item.enterprise,
        f"{item.title}{moved}",
    )


# ---- the calendar file -------------------------------------------------------------------------------------


def ics(call: Call) -> int:
    """Every open obligation and every planned inspection as an all-day event."""
    from desktop.exchange.ics import to_ics

    with call.office() as services:
        office = services.offices.detail()
        events = list(_events(services, office.code))
        content = to_ics(events, f"{office.name} 时限事项", call.clock.now())
    call.write_file(call.arguments.out, content)
    document = {"file": call.arguments.out, "events": len(events)}
    call.out.say(document, [f"已写出 {call.arguments.out}：{len(events)} 项"])
    return DONE


def _events(services: "Services", code: str) -> "Iterator[Event]":
    from desktop.domain.obligation_kind import ObligationKind, SubjectType
    from desktop.exchange.ics import Event
    from desktop.services.agenda import AgendaKind

    shown = set()
    for item in services.agenda.items(FIRST_DAY, LAST_DAY):
        if item.kind in (AgendaKind.PLANNED, AgendaKind.SCHEDULED):
            shown.add(item.subject)
            note = f"{item.detail}\n{item.officer}".strip()
            yield Event(f"{item.key}@{code}.townsafe", item.on, f"检查：{item.title}", note, ("检查",))
    for duty in services.obligations.due():
        visit = (duty.subject_type, duty.subject_id)
        if duty.kind is ObligationKind.INSPECT and (visit in shown or visit[0] is SubjectType.INSPECTION):
            continue
        yield _due_event(duty, code)


def _due_event(item: "DueItem", code: str) -> "Event":
    """An obligation stands on its planning day, when the office is reminded; the legal day is told beside it."""
    from desktop.exchange.ics import Event
    from desktop.text import PROVISIONAL, day, label

    told = [f"期限 {day(item.due_on)}" + (f"（{PROVISIONAL}）" if item.is_provisional else "")]
    told += [f"企业 {item.enterprise}"] if item.enterprise else []
    told += [f"人员 {item.officer}"] if item.officer else []
    return Event(f"due-{item.id}@{code}.townsafe", item.plan_on, item.title, "\n".join(told), (label(item.kind),))
