"""The data check-up 数据体检: whether the file is sound, the journal whole, and every record agrees with the others.

Most checks are one query each that must find nothing. What they find is told with the remedy; nothing is mended
silently. An obligation that somebody waived with a reason counts as settled.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Connection, Date

from db import journal
from db.attachments import Attachments, FileState
from db.glance import BUSY_MS, trouble_from
from db.store import Store
from desktop.domain.enterprise import CodeState
from desktop.domain.form import SERIES_SAID
from desktop.domain.uscc import UsccState, classify
from desktop.services.finding_places import FindingPlace, places_of
from desktop.services.office import ORDER_FORM
from desktop.services.progress import Progress
from desktop.system.folders import OfficeFolder


class Severity(StrEnum):
    """How grave: ERROR means that something is lost or contradicts itself, WARNING that a person should look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of fault, with all the records that have it."""

    code: str
    severity: Severity
    text: str
    table: str
    ids: tuple[int, ...]
    remedy: str


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A query for the ids of the records at fault. `text` is told with {count} filled in."""

    code: str
    table: str
    sql: str
    text: str
    remedy: str
    severity: Severity = Severity.ERROR


IMPOSSIBLE = "date_impossible"
EARLIEST, LATEST = "1949-10-01", "2199-12-31"

OPEN_OF = "(SELECT COUNT(*) FROM obligation o WHERE o.subject_type = '{type}' AND o.subject_id = {id} AND o.kind = '{kind}' AND o.ended_on IS NULL)"
WAIVED = "EXISTS (SELECT 1 FROM obligation o WHERE o.subject_type = '{type}' AND o.subject_id = {id} AND o.kind = '{kind}' AND o.end_kind = 'waived')"


def _open_of(subject: str, key: str, kind: str) -> str:
    return OPEN_OF.format(type=subject, id=key, kind=kind)


def _waived(subject: str, key: str, kind: str) -> str:
    return WAIVED.format(type=subject, id=key, kind=kind)


def _lacks_one(subject: str, key: str, kind: str) -> str:
    """Neither exactly one open obligation of the kind, nor none because one was waived."""
    count = _open_of(subject, key, kind)
    return f"({count} > 1 OR ({count} = 0 AND NOT {_waived(subject, key, kind)}))"


LAST_CARD = "(SELECT MAX(valid_until) FROM officer_certificate c WHERE c.officer_id = f.id)"
REOPEN = "请打开这些记录核对，重新办理对应的一步；如果是误操作，可以用“撤销”退回。"

ROW_CHECKS: tuple[RowCheck, ...] = (
    RowCheck(
        "hazard_without_deadline",
        "hazard",
        "SELECT h.id FROM hazard h WHERE h.status IN ('ordered', 'again') "
        f"AND {_lacks_one('hazard', 'h.id', 'rectify')}",
        "有 {count} 条整改中的隐患没有（或不止一个）未办结的整改期限。",
        REOPEN,
    ),
    RowCheck(
        "hazard_without_reinspection",
        "hazard",
        "SELECT h.id FROM hazard h WHERE h.status IN ('ordered', 'again') "
        f"AND {_lacks_one('hazard', 'h.id', 'reinspect')}",
        "有 {count} 条整改中的隐患没有（或不止一个）未办结的复查事项。",
        REOPEN,
    ),
    RowCheck(
        "hazard_done_but_due",
        "hazard",
        "SELECT h.id FROM hazard h WHERE h.status IN ('cleared', 'void', 'registered') "
        f"AND {_open_of('hazard', 'h.id', 'rectify')} + {_open_of('hazard', 'h.id', 'reinspect')} > 0",
        "有 {count} 条隐患已销号、已作废或尚未下达指令，却还挂着未办结的整改或复查事项。",
        REOPEN,
    ),
    RowCheck(
        "hazard_cleared_without_day",
        "hazard",
        "SELECT h.id FROM hazard h WHERE (h.status <> 'cleared' AND h.cleared_on IS NOT NULL)",
        "有 {count} 条隐患没有销号，却写着销号日期。",
        REOPEN,
    ),
    RowCheck(
        "hazard_under_void_order",
        "hazard",
        "SELECT h.id FROM hazard h JOIN rectification_order r ON r.id = h.order_id "
        "WHERE r.status = 'void' OR h.status = 'registered' OR r.enterprise_id <> h.enterprise_id",
        "有 {count} 条隐患挂在作废的、别家企业的指令书上，或者挂着指令书却仍是“待下达”。",
        REOPEN,
    ),
    RowCheck(
        "order_closed_too_early",
        "rectification_order",
        "SELECT r.id FROM rectification_order r WHERE r.status = 'closed' AND EXISTS (SELECT 1 FROM hazard h "
        "WHERE h.order_id = r.id AND h.status IN ('registered', 'ordered', 'again', 'escalated'))",
        "有 {count} 份指令书已闭环，里面却还有没销号的隐患。",
        "请对这些隐患登记复查。",
    ),
    RowCheck(
        "order_not_closed",
        "rectification_order",
        "SELECT r.id FROM rectification_order r WHERE r.status IN ('issued', 'delivered') AND NOT EXISTS "
        "(SELECT 1 FROM hazard h WHERE h.order_id = r.id AND h.status IN ('registered', 'ordered', 'again', 'escalated'))",
        "有 {count} 份指令书里的隐患都已销号（或没有隐患），却没有闭环。",
        "请打开指令书核对，缺少的隐患请补登，下错的指令书请作废。",
    ),
    RowCheck(
        "order_delivery",
        "rectification_order",
        "SELECT r.id FROM rectification_order r WHERE "
        "(r.status = 'delivered' AND r.delivered_on IS NULL) OR (r.status = 'issued' AND r.delivered_on IS NOT NULL) "
        f"OR (r.status = 'issued' AND {_lacks_one('rectification_order', 'r.id', 'deliver')}) "
        f"OR (r.status <> 'issued' AND {_open_of('rectification_order', 'r.id', 'deliver')} > 0)",
        "有 {count} 份指令书的送达情况与送达日期、送达事项对不上。",
        "请打开指令书，重新登记送达。",
    ),
    RowCheck(
        "plan_item_without_duty",
        "plan_item",
        "SELECT p.id FROM plan_item p WHERE p.cancelled_on IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM inspection i WHERE i.plan_item_id = p.id AND i.status = 'done') "
        f"AND {_lacks_one('plan_item', 'p.id', 'inspect')}",
        "有 {count} 个未完成的计划项没有（或不止一个）检查事项。",
        "请在检查计划里重新排定日期；不再检查的请取消并写明理由。",
    ),
    RowCheck(
        "plan_item_done_but_due",
        "plan_item",
        "SELECT p.id FROM plan_item p WHERE (p.cancelled_on IS NOT NULL OR EXISTS "
        "(SELECT 1 FROM inspection i WHERE i.plan_item_id = p.id AND i.status = 'done')) "
        f"AND {_open_of('plan_item', 'p.id', 'inspect')} > 0",
        "有 {count} 个已完成或已取消的计划项还挂着检查事项。",
        REOPEN,
    ),
    RowCheck(
        "certificate_without_duty",
        "officer",
        f"SELECT f.id FROM officer f WHERE f.archived_on IS NULL AND NOT f.is_helper AND {LAST_CARD} IS NOT NULL "
        f"AND {_lacks_one('officer', 'f.id', 'certificate')}",
        "有 {count} 名执法人员的执法证没有（或不止一个）换证事项。",
        "请打开执法人员，核对并保存执法证的有效期。",
    ),
    RowCheck(
        "certificate_due_differs",
        "officer",
        f"SELECT f.id FROM officer f JOIN obligation o ON o.subject_type = 'officer' AND o.subject_id = f.id "
        "AND o.kind = 'certificate' AND o.ended_on IS NULL JOIN obligation_due d ON d.obligation_id = o.id "
        "AND d.sequence = (SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = o.id) "
        f"WHERE d.raw_on <> {LAST_CARD}",
        "有 {count} 名执法人员的换证事项与执法证有效期不一致。",
        "请打开执法人员，核对并保存执法证的有效期。",
    ),
    RowCheck(
        "permit_without_duty",
        "permit",
        "SELECT p.id FROM permit p JOIN enterprise e ON e.id = p.enterprise_id WHERE p.archived_on IS NULL "
        f"AND e.archived_on IS NULL AND p.valid_until IS NOT NULL AND {_lacks_one('permit', 'p.id', 'permit')}",
        "有 {count} 张有有效期的证照没有（或不止一个）到期事项。",
        "请打开证照，核对并保存有效期。",
    ),
    RowCheck(
        "permit_due_differs",
        "permit",
        "SELECT p.id FROM permit p JOIN obligation o ON o.subject_type = 'permit' AND o.subject_id = p.id "
        "AND o.kind = 'permit' AND o.ended_on IS NULL JOIN obligation_due d ON d.obligation_id = o.id "
        "AND d.sequence = (SELECT MAX(sequence) FROM obligation_due WHERE obligation_id = o.id) "
        "WHERE d.raw_on IS NOT p.valid_until",
        "有 {count} 张证照的到期事项与有效期不一致。",
        "请打开证照，核对并保存有效期。",
    ),
    RowCheck(
        "extension_without_duty",
        "extension",
        "SELECT x.id FROM extension x JOIN hazard h ON h.id = x.hazard_id WHERE "
        "(x.decided_on IS NULL AND h.status IN ('ordered', 'again') "
        f"AND {_lacks_one('extension', 'x.id', 'extension_reply')}) "
        f"OR (x.decided_on IS NOT NULL AND {_open_of('extension', 'x.id', 'extension_reply')} > 0)",
        "有 {count} 份延期申请与答复事项对不上。",
        REOPEN,
    ),
    RowCheck(
        "revisit_without_duty",
        "revisit_programme",
        "SELECT p.id FROM revisit_programme p WHERE "
        f"(p.ended_on IS NULL AND {_lacks_one('revisit_programme', 'p.id', 'revisit')}) "
        f"OR (p.ended_on IS NOT NULL AND {_open_of('revisit_programme', 'p.id', 'revisit')} > 0)",
        "有 {count} 项回访与回访事项对不上。",
        REOPEN,
    ),
    RowCheck(
        "supervision_without_deadline",
        "supervision",
        "SELECT s.id FROM supervision s WHERE s.delisted_on IS NULL AND NOT EXISTS (SELECT 1 FROM obligation o "
        "WHERE o.subject_type = 'supervision' AND o.subject_id = s.id AND o.rule IS NULL "
        "AND (o.ended_on IS NULL OR o.end_kind = 'waived')) "
        f"OR (s.delisted_on IS NOT NULL AND {_open_of('supervision', 's.id', 'supervise')} > 0)",
        "有 {count} 条挂牌督办与督办期限对不上。",
        REOPEN,
    ),
    RowCheck(
        "urging_of_other_enterprise",
        "urging",
        "SELECT DISTINCT u.id FROM urging u JOIN urging_hazard g ON g.urging_id = u.id "
        "JOIN hazard h ON h.id = g.hazard_id WHERE h.enterprise_id <> u.enterprise_id",
        "有 {count} 次催办挂着别家企业的隐患。",
        REOPEN,
    ),
    RowCheck(
        "chain_of_due_dates",
        "obligation",
        "SELECT o.id FROM obligation o LEFT JOIN (SELECT obligation_id, COUNT(*) AS links, MIN(sequence) AS first, "
        "MAX(sequence) AS last FROM obligation_due GROUP BY obligation_id) d ON d.obligation_id = o.id "
        "WHERE d.links IS NULL OR d.first <> 1 OR d.last <> d.links",
        "有 {count} 个时限事项的期限记录不完整。",
        "请用“还原备份”找回最近一次完好的数据。",
    ),
    RowCheck(
        "obligation_ended_before_trigger",
        "obligation",
        "SELECT o.id FROM obligation o WHERE o.ended_on < o.triggered_on AND o.end_kind = 'done' "
        "AND o.kind NOT IN ('reinspect', 'certificate', 'permit', 'inspect')",
        "有 {count} 个时限事项的办结日早于起算日。",
        "请核对对应记录的日期。",
        Severity.WARNING,
    ),
    RowCheck(
        "date_order_hazard",
        "hazard",
        "SELECT h.id FROM hazard h WHERE h.cleared_on < h.found_on",
        "有 {count} 条隐患的销号日早于发现日。",
        "请打开隐患更正日期。",
    ),
    RowCheck(
        "date_order_order",
        "rectification_order",
        "SELECT r.id FROM rectification_order r WHERE r.delivered_on < r.issued_on",
        "有 {count} 份指令书的送达日早于下达日。",
        "请打开指令书更正日期。",
    ),
    RowCheck(
        "date_order_reinspection",
        "reinspection",
        "SELECT DISTINCT r.id FROM reinspection r JOIN reinspection_result x ON x.reinspection_id = r.id "
        "JOIN hazard h ON h.id = x.hazard_id WHERE r.reinspected_on < h.found_on",
        "有 {count} 次复查早于隐患的发现日。",
        "请核对复查日期和发现日期。",
    ),
    RowCheck(
        "date_order_certificate",
        "officer_certificate",
        "SELECT c.id FROM officer_certificate c WHERE c.valid_until < c.issued_on",
        "有 {count} 张执法证的有效期早于发证日。",
        "请打开执法人员更正执法证。",
    ),
    RowCheck(
        "date_order_permit",
        "permit",
        "SELECT p.id FROM permit p WHERE p.valid_until < p.issued_on",
        "有 {count} 张证照的有效期早于发证日。",
        "请打开证照更正日期。",
    ),
    RowCheck(
        "date_order_case",
        "penalty_case",
        "SELECT c.id FROM penalty_case c WHERE c.decided_on < c.filed_on OR c.closed_on < c.filed_on",
        "有 {count} 个案件的处罚决定日或结案日早于立案日。",
        "请打开案件更正日期。",
    ),
    RowCheck(
        "inspection_day",
        "inspection",
        "SELECT i.id FROM inspection i WHERE i.status = 'done' AND i.inspected_on IS NULL",
        "有 {count} 次已完成的检查没有检查日期。",
        "请打开检查记录补填日期。",
    ),
)

SUBJECT_TABLES = (
    "plan_item", "inspection", "rectification_order", "hazard", "extension", "revisit_programme", "officer", "permit",
    "document_delivery", "escalation", "supervision",
)  # fmt: skip


class DataCheck:
    """Looks at everything and changes nothing."""

    DEPENDS_ON: ClassVar[frozenset[str]] = frozenset(table.name for table in journal.journaled_tables())

    def __init__(self, store: Store, data_folder: Path) -> None:
        self._store = store
        self._attachments = Attachments(OfficeFolder(data_folder).attachments)

    def run(self, progress: Progress = Progress()) -> list[Finding]:  # noqa: B008 (keeps nothing)
        """Every fault that can be found, the gravest first. In a damaged file nothing else is looked at."""
        damage = self._damage()
        if damage:
            return damage
        findings: list[Finding] = []
        with self._store.read() as session:
            connection = session.connection()
            for number, (label, check) in enumerate(self._checks(), 1):
                progress.step(number, len(self._checks()), label)
                findings += check(connection)
        return sorted(findings, key=lambda finding: finding.severity is Severity.WARNING)

    def places(self, finding: Finding) -> list[FindingPlace]:
        """Where what was found is looked at and put right; none when no page shows it."""
        with self._store.read() as session:
            connection = session.connection()
            if finding.code == IMPOSSIBLE and _has_unreadable_day(connection, finding.table, finding.ids):
                return places_of(connection, "", ())
            return places_of(connection, finding.table, finding.ids)

    def _checks(self) -> Sequence[tuple[str, Callable[[Connection], Iterable[Finding]]]]:
        return (
            ("核对操作日志", _journal_chain),
            ("核对关联", _foreign_keys),
            ("核对日期", _impossible_dates),
            ("核对业务记录", _rows_at_fault),
            ("核对时限事项", _orphans),
            ("核对统一社会信用代码", _code_states),
            ("核对文号", _number_gaps),
            ("核对文号簿", _book_gaps),
            ("核对检索目录", self._search_index),
            ("核对附件", self._files),
        )

    def _damage(self) -> list[Finding]:
        """SQLite's own look at every page, on a connection of its own: what it finds may be worse than a query can bear."""
        try:
            with closing(sqlite3.connect(f"{self._store.path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                said = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
        except sqlite3.DatabaseError as error:
            said = [str(error)]
        if said == ["ok"]:
            return []
        text = f"数据文件已损坏：{said[0]}" + (f" 等 {len(said)} 处" if len(said) > 1 else "")
        return [_finding("file_damaged", text, "", (), "请停止录入，用“还原备份”恢复最近一次完好的备份。")]

    def _search_index(self, connection: Connection) -> Iterator[Finding]:
        indexed = connection.exec_driver_sql("SELECT COUNT(*) FROM enterprise_search_docsize").scalar_one()
        listed = connection.exec_driver_sql("SELECT COUNT(*) FROM enterprise").scalar_one()
        if indexed != listed or _index_differs(self._store.path):
            text = f"检索目录和企业名册不一致（目录 {indexed} 家，名册 {listed} 家），按名称可能查不到。"
            yield _finding("search_index", text, "enterprise", (), "请点“重建检索目录”，不影响任何记录。")

    def rebuild_search(self) -> None:
        """Make the search index anew from the roster. The index is no record: nothing of it is journaled."""
        self._store.rebuild_search()

    def _files(self, connection: Connection) -> Iterator[Finding]:
        rows = connection.exec_driver_sql("SELECT id, sha256 FROM attachment ORDER BY id").all()
        states = {sha256: self._attachments.verify(sha256) for sha256 in {row[1] for row in rows}}
        for state, code, words in (
            (FileState.MISSING, "attachment_missing", "不见了"),
            (FileState.CHANGED, "attachment_changed", "和入库时不一致"),
        ):
            ids = tuple(number for number, sha256 in rows if states[sha256] is state)
            if ids:
                text = f"有 {len(ids)} 个附件{words}。"
                yield _finding(code, text, "attachment", ids, "请从备份中还原附件，或重新添加。")
        spare = [sha256 for sha256 in self._attachments.kept() if sha256 not in states]
        if spare:
            text = f"附件文件夹里有 {len(spare)} 个文件没有记录使用。"
            yield _finding(
                "attachment_spare", text, "attachment", (), "它们可能属于已撤销的操作，不影响使用。", Severity.WARNING
            )


def _finding(
    code: str, text: str, table: str, ids: Iterable[int], remedy: str, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(code, severity, text, table, tuple(ids), remedy)


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


BROKEN_REASONS = {
    "previous": "它之前有记录被删除或插入",
    "rows": "它的明细条数不对",
    "content": "它的内容被改动过",
    "stray": "有不属于任何操作的明细",
    "tail": "最后的记录被删除了",
}


def _journal_chain(connection: Connection) -> Iterator[Finding]:
    broken = journal.first_broken(_raw(connection))
    if broken is not None:
        title = f"“{broken.title}”" if broken.title else ""
        yield _finding(
            "journal_broken",
            f"操作日志从第 {broken.operation} 条{title}起不可信：{BROKEN_REASONS[broken.reason]}。",
            "operation",
            (broken.operation,),
            "数据可能被其他程序改动过。请与最近的备份核对，必要时还原。",
        )


def _foreign_keys(connection: Connection) -> Iterator[Finding]:
    rows = sorted((row[0], row[1], row[2]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check"))
    for (table, parent), group in groupby(rows, key=lambda row: (row[0], row[2])):
        ids = tuple(sorted({row[1] for row in group}))
        text = f"{table} 表有 {len(ids)} 条记录指向的 {parent} 记录不存在。"
        yield _finding("foreign_key", text, table, ids, "请用“还原备份”找回被删除的记录。")


def _impossible_dates(connection: Connection) -> Iterator[Finding]:
    """Every date column of every table: a day that the calendar has, within the years a record can bear.

    Adding no days makes SQLite work the date out; as it stands it lets the 30th of February pass.
    """
    for table in journal.journaled_tables():
        columns = [column.name for column in table.columns if isinstance(column.type, Date)]
        if not columns:
            continue
        wrong = " OR ".join(_is_wrong(f'"{name}"') for name in columns)
        ids = _ids(connection, f'SELECT id FROM "{table.name}" WHERE {wrong} ORDER BY id')
        if ids:
            text = f"{table.name} 表有 {len(ids)} 条记录的日期不存在或不合理。"
            remedy = "请打开这些记录更正日期。"
            if _has_unreadable_day(connection, table.name, ids):
                remedy = "有的日期历法上没有，记录打不开，请用“还原备份”找回完好的数据。"
            yield _finding(IMPOSSIBLE, text, table.name, ids, remedy)


def _has_unreadable_day(connection: Connection, table: str, ids: Iterable[int]) -> bool:
    """Whether among these is a day that no calendar has: no page can show such a row, so none can be sent there."""
    columns = next(
        [column.name for column in each.columns if isinstance(column.type, Date)]
        for each in journal.journaled_tables()
        if each.name == table
    )
    chosen = ", ".join(f'"{name}"' for name in columns)
    rows = (connection.exec_driver_sql(f'SELECT {chosen} FROM "{table}" WHERE id = ?', (number,)) for number in ids)
    return any(not _is_day(value) for found in rows for row in found for value in row if value is not None)


def _is_day(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _is_wrong(column: str) -> str:
    day = f"date({column}, '+0 days')"
    return f"({column} IS NOT NULL AND ({day} IS NOT {column} OR {column} NOT BETWEEN '{EARLIEST}' AND '{LATEST}'))"


def _ids(connection: Connection, sql: str) -> tuple[int, ...]:
    return tuple(row[0] for row in connection.exec_driver_sql(sql))


def _rows_at_fault(connection: Connection) -> Iterator[Finding]:
    for check in ROW_CHECKS:
        ids = _ids(connection, check.sql)
        if ids:
            text = check.text.format(count=len(ids))
            yield Finding(check.code, check.severity, text, check.table, ids, check.remedy)


def _orphans(connection: Connection) -> Iterator[Finding]:
    """Obligations whose subject is gone; their link to it is a word and a number, which no foreign key guards."""
    ids = [
        number
        for table in SUBJECT_TABLES
        for number in _ids(
            connection,
            f"SELECT o.id FROM obligation o WHERE o.subject_type = '{table}' AND NOT EXISTS "
            f"(SELECT 1 FROM {table} t WHERE t.id = o.subject_id)",
        )
    ]
    if ids:
        text = f"有 {len(ids)} 个时限事项找不到对应的记录。"
        yield _finding("obligation_orphan", text, "obligation", sorted(ids), "请对这些事项办理“免办”并写明理由。")


EXPECTED_CODES = {CodeState.VALID: {UsccState.VALID}, CodeState.KEPT: {UsccState.CHECK_DIGIT_FAILED}}


def _code_states(connection: Connection) -> Iterator[Finding]:
    wrong = []
    for number, code, state, legacy in connection.exec_driver_sql(
        "SELECT id, uscc, code_state, legacy_code FROM enterprise ORDER BY id"
    ):
        expected = EXPECTED_CODES.get(CodeState(state))
        if expected is not None:
            is_right = bool(code) and classify(code).state in expected
        else:
            is_right = not code and bool(legacy) is (state == CodeState.LEGACY.value)
        if not is_right:
            wrong.append(number)
    if wrong:
        text = f"有 {len(wrong)} 家企业的统一社会信用代码与校验结果不一致。"
        yield _finding("code_state", text, "enterprise", wrong, "请打开企业，核对代码后保存。")


_LAST_NUMBER = re.compile(r"(\d+)\D*$")


def _number_gaps(connection: Connection) -> Iterator[Finding]:
    """Numbers that the sequence gave out and no order bears: an order was lost, or removed behind the program's back."""
    given = connection.exec_driver_sql(
        "SELECT year, last FROM number_sequence WHERE form = ? ORDER BY year", (ORDER_FORM,)
    ).all()
    for year, last in given:
        borne = _numbers_of(connection, year)
        gaps = [number for number in range(1, last + 1) if number not in borne]
        if gaps:
            text = f"{year} 年整改指令书的编号缺 {_ranges(gaps)}。"
            remedy = "请查对操作日志和纸质文书，说明缺号原因。"
            yield _finding("number_gap", text, "rectification_order", (), remedy, Severity.WARNING)


def _book_gaps(connection: Connection) -> Iterator[Finding]:
    """Numbers that the book of numbers counted and does not hold."""
    counters = connection.exec_driver_sql(
        "SELECT form, year, last, COALESCE(start, 0) FROM number_sequence s WHERE EXISTS "
        "(SELECT 1 FROM document_number n WHERE n.series = s.form) ORDER BY form, year"
    ).all()
    for series, year, last, start in counters:
        found = connection.exec_driver_sql(
            "SELECT DISTINCT sequence FROM document_number WHERE series = ? AND year = ?", (series, year)
        )
        known = {number for (number,) in found}
        gaps = [number for number in range(start + 1, last + 1) if number not in known]
        if gaps:
            text = f"{year} 年文号簿（{SERIES_SAID.get(series, series)}）缺 {_ranges(gaps)}。"
            remedy = "请查对操作日志和纸质文书，说明缺号原因。"
            yield _finding("number_gap", text, "document_number", (), remedy, Severity.WARNING)


def _numbers_of(connection: Connection, year: int) -> set[int]:
    rows = connection.exec_driver_sql(
        "SELECT number FROM rectification_order WHERE substr(issued_on, 1, 4) = ?", (f"{year:04d}",)
    )
    return {int(found[1]) for (number,) in rows if (found := _LAST_NUMBER.search(number))}


def _ranges(numbers: Sequence[int], most: int = 10) -> str:
    """`3、5—8、12`; what is more than `most` pieces is cut short."""
    pieces = []
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        pieces.append(str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}")
    return "、".join(pieces[:most]) + (" 等" if len(pieces) > most else "")


def _index_differs(path: Path) -> bool:
    """FTS5's own comparison of every word with the table; it is asked by way of an INSERT, which a reader may not."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        try:
            connection.execute("INSERT INTO enterprise_search (enterprise_search, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if "malformed" not in str(error):
                raise trouble_from(error) from error
            return True
    return False
