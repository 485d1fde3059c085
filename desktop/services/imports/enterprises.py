"""A roster taken in: rows found again by code, old number, name or former name; new ones written in bulk."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from db.models import Enterprise, FormerName
from desktop.domain.classification import KeyTargets, RiskProfile
from desktop.domain.enterprise import CodeState, EnterpriseStatus, RiskLevel, StandardLevel
from desktop.exchange.ledger import ParsedRow
from desktop.services.clock import Clock
from desktop.services.enterprises import search_words
from desktop.services.imports.plan import ERROR, WARNING, Action, PlannedRow, differences, first_fate
from desktop.services.progress import Progress
from desktop.services.search_text import name_key, search_text, sort_key, sort_key_of

# Field of a sheet → column of the table, where they differ.
COLUMN_OF = {"risk_grade": "risk_level", "registered_capital": "registered_capital_fen"}
WORDS = (
    "name", "uscc", "legacy_code", "address", "village", "grid_worker", "legal_person", "principal", "contact", "phone",
    "safety_officer", "safety_phone", "sector", "industry", "industry_code", "risk_level", "size", "standard_level",
    "employees", "established_on", "registered_capital_fen", "status", "remark",
)  # fmt: skip
NOT_NULL = frozenset(
    {"address", "village", "grid_worker", "legal_person", "principal", "contact", "phone", "safety_officer",
     "safety_phone", "industry", "remark"}
)  # fmt: skip
INSERTED = (*WORDS, "code_state", "name_key", "sort_key", "search_text", "is_key", "created_at")
# The fields of a sheet in the order of `WORDS`, with what an empty cell is stored as; the places of some of them.
_FIELD_OF = {column: field for field, column in COLUMN_OF.items()}
FIELDS: tuple[tuple[str, str | None], ...] = tuple(
    (_FIELD_OF.get(name, name), "" if name in NOT_NULL else None) for name in WORDS
)
_NAME, _STATUS, _EMPLOYEES, _CAPITAL = map(WORDS.index, ("name", "status", "employees", "registered_capital_fen"))
_JUDGED = tuple(map(WORDS.index, ("sector", "risk_level", "standard_level")))
# As `search_words` takes them from a record.
_SEARCHED = tuple(
    map(
        WORDS.index,
        ("name", "uscc", "legacy_code", "village", "address", "legal_person", "principal", "contact", "phone",
         "safety_officer"),
    )
)  # fmt: skip
BATCH = 500
# New rows that one statement writes. SQLite sets up the lists of the table's CHECKs and the journal's trigger anew for
# every statement, which costs more than a row; a thousand rows would be more values than a statement may have.
ROWS_AT_ONCE = 100


@dataclass(slots=True)
class Known:
    """The roster as it stands, by everything a row can be found again by."""

    records: dict[int, RowMapping] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    by_legacy: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=dict)
    by_former_name: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Known":
        """Read the roster once; archived enterprises are not found again."""
        known = cls()
        run = session.connection().exec_driver_sql
        columns = ", ".join(WORDS)
        for record in run(f"SELECT id, name_key, {columns} FROM enterprise WHERE archived_on IS NULL").mappings():
            number = record["id"]
            known.records[number] = record
            known.by_name.setdefault(record["name_key"], []).append(number)
            if record["uscc"]:
                known.by_code[record["uscc"]] = number
            if record["legacy_code"]:
                known.by_legacy[record["legacy_code"]] = number
        for number, key in run("SELECT enterprise_id, name_key FROM former_name ORDER BY id"):
            if number in known.records:
                known.by_former_name[key] = number
        return known

    def named(self, name: str, address: str = "") -> int | None:
        """The one enterprise of this name, now or formerly; of several the one at this address."""
        key = name_key(name)
        found = self.by_name.get(key, [])
        if len(found) > 1 and address:
            found = [number for number in found if self.records[number]["address"] == address]
        return found[0] if len(found) == 1 else self.by_former_name.get(key)


def columns_of(row: ParsedRow) -> dict[str, Any]:
    """A row's values under the names of the table's columns; money in 分."""
    values = dict(row.values)
    for name in COLUMN_OF.keys() & values.keys():
        values[COLUMN_OF[name]] = values.pop(name)
    if values.get("registered_capital_fen"):
        values["registered_capital_fen"] = _fen(values["registered_capital_fen"])
    return values


def _fen(yuan: Any) -> int:
    return int(Decimal(str(yuan)) * 100)


@dataclass(frozen=True, slots=True)
class EnterpriseImport:
    """Plans and applies a roster."""

    clock: Clock
    targets: KeyTargets

    def plan(self, session: Session, rows: Sequence[ParsedRow], progress: Progress) -> list[PlannedRow]:
        """The fate of every row. A known code under another name is a renaming; a known name with another code is
        for a person to decide."""
        known, planned = Known.of(session), []
        for place, row in enumerate(rows):
            if place % BATCH == 0:
                progress.step(place, len(rows), "正在核对名册")
            fate = first_fate(row, _key_of(row))
            planned.append(self._match(known, fate) if fate.action is Action.NEW else fate)
        return planned

    def _match(self, known: Known, fate: PlannedRow) -> PlannedRow:
        values: Mapping[str, Any] = fate.row.values
        code, legacy, name = values.get("uscc") or "", values.get("legacy_code") or "", values.get("name") or ""
        number = known.by_code.get(code) if code else None
        if number is None and legacy:
            number = known.by_legacy.get(legacy)
        if number is None:
            number = known.named(name, values.get("address") or "")
            if number is not None and code and known.records[number]["uscc"] not in (None, "", code):
                return _conflict(fate, known.records[number])
        return fate if number is None else self._against(fate, known.records[number])

    def _against(self, fate: PlannedRow, record: RowMapping) -> PlannedRow:
        values = columns_of(fate.row)
        changes = differences(values, WORDS, dict(record))
        if "name" in changes and name_key(changes["name"][1]) == record["name_key"]:
            del changes["name"]
        action = Action.CHANGED if changes else Action.UNCHANGED
        planned = PlannedRow(fate.row, action, values.get("uscc") or record["uscc"] or record["name"], record["id"],
                             fate.problems, changes)  # fmt: skip
        if "name" in changes:
            text = f"代码相同、名称不同：名册中是“{record['name']}”。导入后改用新名称，原名称保留为曾用名。"
            return planned.with_problem("renamed", "name", text, WARNING)
        return planned

    # ---- applying ------------------------------------------------------------------------------------------

    def apply(self, session: Session, planned: Sequence[PlannedRow], progress: Progress) -> None:
        """Write what was planned: new rows in bulk, changed ones one by one."""
        new = [row for row in planned if row.action is Action.NEW]
        changed = [row for row in planned if row.action is Action.CHANGED]
        total = len(new) + len(changed)
        self._insert(session, new, total, progress)
        for place, row in enumerate(changed):
            if place % BATCH == 0:
                progress.step(len(new) + place, total, "正在更新名册")
            self._change(session, row)

    def _insert(self, session: Session, rows: Sequence[PlannedRow], total: int, progress: Progress) -> None:
        """While SQLite writes some rows, a second thread makes the next ones ready."""
        is_key = cache(self._is_key)
        now = self.clock.now().isoformat(sep=" ", timespec="microseconds")
        run = session.connection().exec_driver_sql

        def made_ready(start: int) -> tuple[str, tuple[Any, ...]]:
            records = [_record(row, now, is_key) for row in rows[start : start + ROWS_AT_ONCE]]
            return _insertion(len(records)), tuple(chain.from_iterable(records))

        with ThreadPoolExecutor(1) as maker:
            coming = maker.submit(made_ready, 0)
            for start in range(0, len(rows), ROWS_AT_ONCE):
                progress.step(start, total, "正在写入名册")
                statement, values = coming.result()
                coming = maker.submit(made_ready, start + ROWS_AT_ONCE)
                run(statement, values)

    def _is_key(self, sector: str | None, level: str | None, standard: str | None) -> bool:
        profile = RiskProfile(
            sector,
            {},
            RiskLevel(level) if level else None,
            StandardLevel(standard) if standard else None,
        )
        return self.targets.classify(profile).is_key

    def _change(self, session: Session, row: PlannedRow) -> None:
        assert row.target_id is not None
        record = session.get_one(Enterprise, row.target_id)
        if "name" in row.changes:
            session.add(
                FormerName(
                    enterprise_id=record.id, name=record.name, name_key=record.name_key, until_on=self.clock.today()
                )
            )
        for name, (_, new) in row.changes.items():
            setattr(record, name, new)
        if "uscc" in row.changes:
            record.code_state = _state(columns_of(row.row), row)
        self._renew(session, record)
        session.flush()

    def _renew(self, session: Session, record: Enterprise) -> None:
        run = session.connection().exec_driver_sql
        with session.no_autoflush:
            former = run("SELECT name FROM former_name WHERE enterprise_id = ?", (record.id,)).scalars().all()
            rows = run("SELECT attribute, value FROM enterprise_attribute WHERE enterprise_id = ?", (record.id,))
            attributes = {row[0]: row[1] for row in rows}
        record.name_key, record.sort_key = name_key(record.name), sort_key(record.name)
        record.search_text = search_words(record, former)
        level = RiskLevel(record.risk_level) if record.risk_level else None
        standard = StandardLevel(record.standard_level) if record.standard_level else None
        record.is_key = self.targets.classify(RiskProfile(record.sector, attributes, level, standard)).is_key


def _key_of(row: ParsedRow) -> str:
    """What the report calls the row by."""
    values = row.values
    return str(values.get("uscc") or values.get("legacy_code") or values.get("name") or "")


def _conflict(fate: PlannedRow, record: RowMapping) -> PlannedRow:
    text = (
        f"名册中“{record['name']}”的代码是 {record['uscc']}，与本行不同。请核对执照："
        "是另一家企业就改名称，是同一家就先在名册里改代码。"
    )
    return fate.with_problem("name_mismatch", "uscc", text, ERROR)


def _insertion(count: int) -> str:
    """The statement that writes `count` new rows."""
    row = f"({', '.join('?' * len(INSERTED))})"
    return f"INSERT INTO enterprise ({', '.join(INSERTED)}) VALUES {', '.join([row] * count)}"


def _state(values: Mapping[str, Any], row: PlannedRow) -> CodeState:
    if values.get("uscc"):
        is_kept = bool(row.problems) and any(problem.code == "uscc_check_digit" for problem in row.problems)
        return CodeState.KEPT if is_kept else CodeState.VALID
    return CodeState.LEGACY if values.get("legacy_code") else CodeState.NONE


def _record(row: PlannedRow, now: str, is_key: Callable[..., bool]) -> tuple[Any, ...]:
    """A new row of the table, in the order of `INSERTED`."""
    values = row.row.values
    given: list[Any] = [values.get(name) or empty for name, empty in FIELDS]
    given[_CAPITAL] = _fen(given[_CAPITAL]) if given[_CAPITAL] else None
    given[_STATUS] = given[_STATUS] or EnterpriseStatus.OPERATING.value
    given[_EMPLOYEES] = values.get("employees")
    name, state = str(given[_NAME]), _state(values, row)
    key, compared = is_key(*[given[place] for place in _JUDGED]), name_key(name)
    words = search_text([word for place in _SEARCHED if (word := given[place])], name)
    return (*given, state.value, compared, sort_key_of(compared), words, int(key), now)


def make_named(session: Session, clock: Clock, names: Iterable[str]) -> dict[str, int]:
    """Enterprises that a ledger refers to and the roster does not have: made with the name alone, marked without code."""
    made = {}
    for name in names:
        record = Enterprise(
            name=name,
            name_key=name_key(name),
            sort_key=sort_key(name),
            created_at=clock.now(),
            remark="由台账导入时新建，请补全信息",
        )
        record.uscc = record.legacy_code = None
        record.village = record.address = record.legal_person = record.principal = record.contact = ""
        record.phone = record.safety_officer = ""
        record.search_text = search_words(record, [])
        session.add(record)
        session.flush()
        made[name] = record.id
    return made
