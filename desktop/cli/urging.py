"""urge script and urge log: the words to urge an enterprise with, and the note that it was urged."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from desktop.cli.call import DONE, Call, code_of
from desktop.cli.output import table
from desktop.cli.parser import Unusable
from desktop.cli.roster import number_of

if TYPE_CHECKING:
    from desktop.domain.urging import UrgingWay
    from desktop.services import Services
    from desktop.services.hazards import HazardRow
    from desktop.services.urgings import UrgingRow, UrgingSubject


def script(call: Call) -> int:
    """What to send or to say about the open hazards of an enterprise, and whom to."""
    from desktop.domain.urging import script as words_of

    way = _way(call.way)
    with call.office() as services:
        rows = _hazards(services, call)
        subject = _subject(services, rows)
    words = words_of(subject.urge, way)
    document = {
        "on": call.today,
        "enterprise": {"id": subject.enterprise_id, "name": subject.urge.enterprise},
        "way": way,
        "person": subject.urge.contact,
        "phone": subject.phone,
        "hazards": [
            {"id": row.id, "description": row.description, "due_on": row.due_on, "days_left": row.days_left}
            for row in rows
        ],
        "text": words,
        "last": None if subject.last is None else _document(subject.last),
    }
    call.out.say(document, _script_lines(subject, words))
    return DONE


def log(call: Call) -> int:
    """Note that an enterprise was urged about its open hazards; without words of one's own, with those of the script."""
    from desktop.domain.urging import script as words_of
    from desktop.services.urgings import UrgingDraft

    way, at = _way(call.way), _moment(call)
    with call.office(writes=True) as services:
        subject = _subject(services, _hazards(services, call))
        draft = UrgingDraft(
            subject.enterprise_id,
            subject.hazard_ids,
            at,
            way,
            _person(call, subject),
            subject.phone if call.phone is None else call.phone,
            words_of(subject.urge, way) if call.text is None else call.text,
            call.answer,
        )
        noted = services.urgings.row(services.urgings.log(draft))
    call.out.say({"urging": _document(noted), "hazards": subject.hazard_ids}, _logged_lines(noted))
    return DONE


def _way(word: str) -> "UrgingWay":
    """A way by its code or by the word that people see."""
    from desktop.domain.urging import UrgingWay

    return code_of(UrgingWay, word, f"没有“{word}”这种催办方式")


def _moment(call: Call) -> datetime:
    """When it was done: now, unless another moment is named; a day alone says too little for the record."""
    if call.at is None:
        return call.clock.now()
    if not isinstance(call.at, datetime):
        raise Unusable("请写明催办的时刻，例：--at 2026-03-02T09:30")
    return call.at


def _person(call: Call, subject: "UrgingSubject") -> str:
    person = subject.urge.contact if call.whom is None else str(call.whom)
    if not person.strip():
        raise Unusable("不知道催了谁，请用 --person 写明")
    return person


def _hazards(services: "Services", call: Call) -> "list[HazardRow]":
    """The open hazards of the enterprise, or those of them that are named or late."""
    from desktop.services.hazards import HazardQuery

    enterprise_id = number_of(services, call.id)
    rows = services.hazards.rows(services.hazards.ids(HazardQuery(enterprise_id=enterprise_id)))
    rows = [row for row in rows if row.is_open]
    if call.hazard:
        _refuse_others(call.hazard, {row.id for row in rows})
        rows = [row for row in rows if row.id in call.hazard]
    if call.late:
        rows = [row for row in rows if row.days_left is not None and row.days_left < 0]
    return rows


def _refuse_others(wanted: list[int], known: set[int]) -> None:
    strangers = [number for number in wanted if number not in known]
    if strangers:
        said = "、".join(map(str, strangers))
        raise Unusable(f"这家企业没有编号为 {said} 的未销号隐患，请先用 urge script 查看编号")


def _subject(services: "Services", rows: "list[HazardRow]") -> "UrgingSubject":
    from desktop.domain.errors import Refused

    subjects = services.urgings.subjects([row.id for row in rows])
    if not subjects:
        raise Refused("nothing_to_urge")
    return subjects[0]


def _document(row: "UrgingRow") -> dict[str, object]:
    return {
        "id": row.id,
        "enterprise": {"id": row.enterprise_id, "name": row.enterprise},
        "urged_at": row.urged_at,
        "way": row.way,
        "person": row.person,
        "phone": row.phone,
        "text": row.text,
        "answer": row.answer,
        "urged_by": row.urged_by,
    }


def _script_lines(subject: "UrgingSubject", words: str) -> Iterator[str]:
    """The words alone stand between the blank lines, to be copied."""
    from desktop.text import label, moment

    who = " ".join(filter(None, (subject.urge.contact, subject.phone))) or "没有登记联系人"
    yield f"{subject.urge.enterprise}：未销号隐患 {len(subject.hazard_ids)} 项，联系人 {who}"
    if subject.last is not None:
        yield f"上次催办 {moment(subject.last.urged_at)}，{label(subject.last.way)}，{subject.last.answer or '没有答复'}"
    yield ""
    yield words


def _logged_lines(row: "UrgingRow") -> list[str]:
    from desktop.text import label, moment

    facts = (
        ("企业", row.enterprise), ("时间", moment(row.urged_at)), ("方式", label(row.way)),
        ("催了谁", " ".join(filter(None, (row.person, row.phone)))), ("隐患", f"{row.hazard_count} 项"),
        ("答复", row.answer),
    )  # fmt: skip
    return [f"已登记催办（编号 {row.id}）", *table(("项目", "内容"), facts)]
