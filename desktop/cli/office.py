"""init, sample, undo, journal, check data: the office's file as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.call import DONE, REFUSED, Call, FolderTrouble
from desktop.cli.output import plain, table
from desktop.cli.parser import Declined
from desktop.domain.errors import Said
from desktop.system import held

if TYPE_CHECKING:
    from desktop.services import Services

COUNTY_DIGITS = 6
MOST_IDS = 20


def init(call: Call) -> int:
    """A data folder with its office. What is there already is never touched."""
    from desktop.services.office import OfficeDraft

    draft = OfficeDraft(call.arguments.office, call.code, county=_county(call.code), prefix=call.prefix)
    with _new_office(call) as services:
        services.offices.establish(draft)
        office = services.offices.detail()
    document = {
        "folder": call.folder,
        "office": office.name,
        "code": office.code,
        "county": office.county,
        "prefix": office.prefix,
        "mode": office.mode,
    }
    call.out.say(document, [f"已建立{office.name}的数据文件夹：{call.folder}"])
    return DONE


def sample(call: Call) -> int:
    """The invented township, in a folder that holds no office yet."""
    given = {name: getattr(call, name) for name in ("enterprises", "years", "seed")}
    with _new_office(call) as services:
        wanted = {name: value for name, value in given.items() if value is not None}
        filled = services.sample.fill(**wanted, progress=call.out.progress())
    document = {"folder": call.folder, **plain(filled)}
    lines = [
        f"已生成示例乡镇（内容均为虚构）：{call.folder}",
        f"企业 {filled.enterprises} 家，{filled.years} 年，自 {filled.first_on} 起，随机种子 {filled.seed}",
    ]
    call.out.say(document, lines)
    return DONE


@contextmanager
def _new_office(call: Call) -> "Iterator[Services]":
    """A new file, which is taken away again when what should fill it fails."""
    from desktop.services.opening import create_office
    from desktop.system.storage_place import refuse_bad_place

    try:
        refuse_bad_place(call.folder)
    except Said as error:
        raise FolderTrouble(error) from error
    services = create_office(call.folder, person=call.person, clock=call.clock)
    try:
        yield services
    except BaseException:
        services.close()
        _remove_new_file(services.store.path)
        raise
    services.close()


def _remove_new_file(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        held.unlink(path.with_name(path.name + ending), missing_ok=True)


def _county(code: str) -> str:
    """The county-level city that a town's code lies in; empty where the catalogue does not know it."""
    from desktop.services.shipped import catalogue

    return next((row["text"] for row in catalogue("regions") if row["code"] == code[:COUNTY_DIGITS]), "")


def undo(call: Call) -> int:
    """Take the newest act back, of whatever sitting."""
    with call.office(writes=True) as services:
        act = services.store.last_act()
        if act is None:
            raise Declined("操作日志里没有可以撤销的操作。")
        services.store.undo_last()
    call.out.say({"undone": {"id": act.operation, "title": act.title}}, [f"已撤销：{act.title}"])
    return DONE


def journal(call: Call) -> int:
    """The acts, newest first."""
    from desktop.services.journal import Journal
    from desktop.text import moment

    with call.office() as services:
        acts = Journal(services.store).acts(call.since)
    rows = [
        (act.id, moment(act.done_at), act.done_by, act.row_count, act.title + ("（已撤销）" if act.undone_by else ""))
        for act in acts
    ]
    lines = table(("编号", "时间", "人员", "行数", "操作"), rows) if rows else ["没有操作记录。"]
    call.out.say({"since": call.since, "items": acts}, lines)
    return DONE


def check_data(call: Call) -> int:
    """The data check-up. Nothing is mended; a fault is status 1, what is only worth a look is not."""
    from desktop.services.data_check import Severity

    with call.office() as services:
        findings = services.data_check.run(call.out.progress())
    faults = [each for each in findings if each.severity is Severity.ERROR]
    lines = [
        f"发现 {len(findings)} 类问题，其中 {len(faults)} 类是错误。" if findings else "数据体检完成，没有发现问题。"
    ]
    for each in findings:
        word = "错误" if each.severity is Severity.ERROR else "提醒"
        lines += [f"{word}：{each.text}{each.remedy}"]
        if each.ids:
            lines.append(
                f"      编号 {'、'.join(map(str, each.ids[:MOST_IDS]))}{'……' if len(each.ids) > MOST_IDS else ''}"
            )
    call.out.say({"good": not faults, "findings": findings}, lines)
    return REFUSED if faults else DONE
