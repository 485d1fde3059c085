"""backup, backup verify, restore: copies that are checked before they count, and the way back from one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.cli.call import DONE, REFUSED, Call
from desktop.domain.errors import Said, Trouble

if TYPE_CHECKING:
    from desktop.services.backups import BackupRow

MOST_LOST = 20  # so many of the acts that a restore loses are named one by one


def backup(call: Call) -> int:
    """A backup beside the data, or one whole file in a folder that somebody named."""
    from desktop.services.backups import BackupReason

    with call.office() as services:
        if call.to is not None:
            row = services.backups.make_whole(call.to.expanduser().absolute(), call.out.progress())
            trouble = None
        else:
            made = services.backups.make(BackupReason.HAND, call.out.progress())
            row, trouble = made.row, made.second_trouble
    told = [f"已备份：{row.path}", *_facts_lines(row.facts)]
    if trouble is not None:
        told.append(_sentence(trouble))
    call.out.say({**_row_document(row), "second_trouble": None if trouble is None else trouble.code}, told)
    return DONE if trouble is None else REFUSED


def _row_document(row: "BackupRow") -> dict[str, object]:
    return {"file": row.path, "size": row.size, **_facts_document(row.facts)}


def _facts_document(facts: Any) -> dict[str, object]:
    return {
        "office": facts.office,
        "made_at": facts.made_at,
        "schema": facts.schema,
        "operation": facts.operation,
        "counts": facts.counts,
        "attachments": len(facts.attachments),
        "missing_attachments": list(facts.missing),
    }


def _facts_lines(facts: Any) -> list[str]:
    from desktop.text import moment

    lines = [
        f"单位 {facts.office or '—'}，制作于 {moment(facts.made_at)}，操作日志到第 {facts.operation} 条，"
        f"附件 {len(facts.attachments)} 个"
    ]
    if facts.missing:
        lines.append(f"有 {len(facts.missing)} 个附件在备份前就已缺失或损坏，备份里没有。")
    return lines


def verify(call: Call) -> int:
    """Read all of a backup and open it. A backup that cannot be restored is found wrong: status 1."""
    from db.backup import verify as checked
    from desktop.services.backups import pool_of

    call.refuse_missing_file(call.file)
    try:
        facts = checked(call.file, pool_of(call.file), step=call.out.progress().step)
    except Trouble as error:
        said = _sentence(error)
        call.out.say({"file": call.file, "good": False, "problem": {"code": error.code, "message": said}}, [said])
        return REFUSED
    document = {"file": call.file, "good": True, "problem": None, **_facts_document(facts)}
    call.out.say(document, [f"备份完好，可以还原：{call.file}", *_facts_lines(facts)])
    return DONE


def restore(call: Call) -> int:
    """Restore a backup: into a new folder, or in the place of the present data, which is kept."""
    call.refuse_missing_file(call.file)
    if call.new_folder is not None:
        return _restore_as(call, call.new_folder.expanduser().absolute())
    call.make_folder()
    with call.locked():
        return _restore_closed(call) if _is_unusable(call) else _restore_open(call)


def _restore_as(call: Call, folder: Path) -> int:
    from desktop.services.backups import restore_as
    from desktop.system.storage_place import refuse_bad_place

    refuse_bad_place(folder)
    facts = restore_as(call.file, folder)
    document = {"folder": folder, "lost": [], "kept_as": None, "backup_before": None, **_facts_document(facts)}
    call.out.say(document, [f"已还原到新的数据文件夹：{folder}", *_facts_lines(facts)])
    return DONE


def _is_unusable(call: Call) -> bool:
    """Whether there is no present file, or one that no store can open: then nothing can be compared."""
    from db.head import HEAD, version_of

    try:
        return not call.has_office or version_of(call.folder / "office.db") != HEAD
    except Said:
        return True


def _restore_closed(call: Call) -> int:
    from desktop.services.backups import restore_closed

    done = restore_closed(call.file, call.folder, call.clock)
    _say_restored(call, done, [])
    return DONE


def _restore_open(call: Call) -> int:
    with call.office(writes=True, is_locked=True) as services:
        lost = list(services.backups.preview_restore(call.file).lost)
        done = services.backups.restore(call.file, call.out.progress())
    _say_restored(call, done, lost)
    return DONE


def _say_restored(call: Call, done: Any, lost: list[Any]) -> None:
    document = {
        "folder": call.folder,
        "lost": lost,
        "kept_as": done.kept_as,
        "backup_before": done.backup_before,
        **_facts_document(done.facts),
    }
    told = [f"已还原：{call.file} → {call.folder}", *_facts_lines(done.facts)]
    if lost:
        told.append(f"备份之后的 {len(lost)} 次操作不在还原后的数据里：")
        told += [f"  {line.done_at[:16]} {line.title}" for line in lost[:MOST_LOST]]
        told += [f"  ……另有 {len(lost) - MOST_LOST} 次"] if len(lost) > MOST_LOST else []
    if done.kept_as is not None:
        told.append(f"原来的数据文件保留在：{done.kept_as}")
    call.out.say(document, told)


def _sentence(error: Said) -> str:
    from desktop.text import sentence

    return sentence(error)
