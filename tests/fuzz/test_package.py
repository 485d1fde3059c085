"""Packages damaged at random never raise, tables survive the way through CSV, and SQL counts what Python counts."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import year_office
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.cell import clean
from desktop.domain.statistics import Figure, by_key, figures
from desktop.exchange.package_verify import verify_bytes
from desktop.exchange.records import FieldType, Table, from_csv, normal, tables, to_csv

YEAR, CUT = 2026, date(2026, 9, 15)


# ---- damaged packages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(80))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_damaged_package_is_told_so_and_never_raises(seed: int) -> None:
    """Bytes changed anywhere: in the directory, in the headers, in the data."""
    chance = random.Random(seed)
    content = bytearray(year_office.a_package(signed=True))
    near_end = chance.random() < 0.5
    for _ in range(chance.choice((1, 3, 20))):
        low = len(content) - 6000 if near_end else 0
        content[chance.randrange(low, len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content)) :]
    found = verify_bytes(bytes(content), "x.zip")
    assert found.is_good in (True, False)
    assert all(fault.text for fault in found.faults)


@pytest.mark.parametrize("seed", range(50))
def test_a_skilfully_damaged_table_is_told_so_and_never_raises(seed: int) -> None:
    """Cells changed and every hash mended: what is left is for schemas, links and figures to see."""
    chance = random.Random(seed)
    names = [name for name in tables() if name != "figures"]

    def change(files: dict[str, bytes]) -> None:
        for _ in range(chance.choice((1, 2, 8))):
            path = f"data/records/{chance.choice(names)}.csv"
            lines = files[path].decode("utf-8", "surrogatepass").split("\n")
            at = chance.randrange(len(lines))
            cells = lines[at].split(",")
            cells[chance.randrange(len(cells))] = chance.choice(NASTY)
            lines[at] = ",".join(cells)
            files[path] = "\n".join(lines).encode("utf-8", "surrogatepass")

    found = verify_bytes(year_office.resealed(year_office.a_package(), change), "x.zip")
    assert all(fault.text for fault in found.faults)


NASTY = (
    "",
    "x",
    "-1",
    "0",
    "999999999999999999",
    "1e9",
    "NaN",
    "２",
    "2026-13-01",
    "0001-01-01",
    "9999-12-31",
    "'",
    '"',
    '"\n"',
    "\x00",
    "=cmd()",
    "true",
    "done",
    "sector.hc",
    "\ud800",
    "🜲" * 50,
)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_as_a_table_without_raising(content: bytes) -> None:
    for table in tables().values():
        from_csv(table, content)
        from_csv(table, (",".join(table.names) + "\n").encode() + content)


# ---- the way through CSV ---------------------------------------------------------------------------------------


def values_of(table: Table) -> st.SearchStrategy[dict[str, Any]]:
    """Rows of a table with any values that its columns may hold."""
    kinds: dict[FieldType, st.SearchStrategy[Any]] = {
        FieldType.STRING: st.text(max_size=30),
        FieldType.INTEGER: st.integers(0, 10**15),
        FieldType.NUMBER: st.decimals(0, 10**6, places=2),
        FieldType.BOOLEAN: st.booleans(),
        FieldType.DATE: st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    }
    made = {}
    for column in table.fields:
        kind = st.sampled_from(sorted(column.words)) if column.words else kinds[column.type]
        if column.required and column.type is FieldType.STRING and not column.words:
            kind = kind.filter(clean)
        made[column.name] = kind if column.required else st.none() | kind
    return st.fixed_dictionaries(made)


ROWS = {
    name: st.lists(
        values_of(table), max_size=4, unique_by=lambda row, table=table: tuple(row[key] for key in table.key)
    )  # type: ignore[misc]
    for name, table in tables().items()
    if name not in ("figures",)
}


@pytest.mark.parametrize("name", sorted(ROWS))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_rows_come_back_as_they_went(name: str, data: st.DataObject) -> None:
    table = tables()[name]
    rows = [normal(table, row) for row in data.draw(ROWS[name])]
    content = to_csv(table, rows)
    back, faults = from_csv(table, content)
    assert faults == []
    assert back == sorted(rows, key=lambda row: row["id"])
    assert to_csv(table, back) == content
    assert b"\r" not in content


# ---- a second count --------------------------------------------------------------------------------------------


def a_year(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Random records of a small office, with every awkward case likely."""
    chance = random.Random(seed)

    def day(least: float = 0.9) -> str | None:
        known = chance.random() < least
        return (date(2024, 11, 1) + timedelta(days=chance.randrange(690))).isoformat() if known else None

    def some(high: int) -> list[int]:
        return list(range(1, chance.randrange(high) + 1))

    def word(table: str, column: str) -> str:
        return chance.choice(sorted(next(each for each in tables()[table].fields if each.name == column).words))

    firms = some(8) or [1]
    sectors = (
        "sector.hc",
        "sector.hc.station",
        "sector.gm.jx",
        "sector.mine.open",
        "sector.fw",
        "sector.other.ship",
        "sector.odd",
        "",
    )
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in tables() if name != "figures"}

    def add(table: str, **values: Any) -> None:
        made[table].append(normal(tables()[table], values))

    for number in firms:
        add(
            "enterprises",
            id=number,
            name=f"企业{number}",
            code_state="none",
            status="operating",
            sector=chance.choice(sectors),
            is_key=chance.random() < 0.5,
            archived_on=day(0.1),
        )
    visits, items = some(25), some(10)
    for number in items:
        add(
            "plan_items",
            id=number,
            year=chance.choice((2025, 2026)),
            month=chance.randint(1, 12),
            kind="key",
            source="hand",
            enterprise_id=chance.choice(firms),
            cancelled_on=day(0.2),
        )
    for number in visits:
        add(
            "inspections",
            id=number,
            enterprise_id=chance.choice(firms),
            plan_item_id=chance.choice([None, *items]),
            kind="routine",
            origin=word("inspections", "origin"),
            status=word("inspections", "status"),
            inspected_on=day(),
            has_opening_meeting=chance.random() < 0.7,
            has_closing_meeting=chance.random() < 0.7,
            expert_count=chance.randrange(3),
            document_number=chance.choice(("", "1号")),
        )
    orders = some(10)
    for number in orders:
        add(
            "orders",
            id=number,
            enterprise_id=chance.choice(firms),
            inspection_id=chance.choice([None, *visits]),
            number=f"{number}",
            mode="delegated",
            status=word("orders", "status"),
            issued_on=day(1),
        )
    for number in some(20):
        add(
            "hazards",
            id=number,
            enterprise_id=chance.choice(firms),
            found_on=day(1),
            description="x",
            level=word("hazards", "level"),
            status=chance.choice(("ordered", "cleared", "void")),
            cleared_on=day(0.5),
        )
    for number in some(12):
        add(
            "reinspections",
            id=number,
            enterprise_id=chance.choice(firms),
            order_id=chance.choice([None, *orders]),
            reinspected_on=day(1),
            document_number=chance.choice(("", "复1")),
        )
    for number in some(12):
        add(
            "cases",
            id=number,
            enterprise_id=chance.choice(firms),
            cause="x",
            filed_on=day(0.7),
            decided_on=day(0.7),
            fine_fen=chance.choice((None, 0, 4_999_999, 5_000_000, 9_999_999, 10_000_000)),
            is_accident=chance.random() < 0.3,
        )
    for number in some(20):
        ended = day(0.6)
        add(
            "obligations",
            id=number,
            kind=chance.choice(("reinspect", "rectify")),
            subject_type="hazard",
            subject_id=1,
            actor=chance.choice(("agency", "enterprise")),
            triggered_on="2024-11-01",
            ended_on=ended,
            end_kind=chance.choice(("done", "done", "waived", "void")) if ended else None,
        )
        for sequence in range(1, chance.randint(1, 3) + 1):
            on = day(1)
            add(
                "obligation_dues",
                id=number * 10 + sequence,
                obligation_id=number,
                sequence=sequence,
                raw_on=on,
                due_on=on,
                plan_on=on,
                is_provisional=False,
                set_on=on,
            )
        chance.shuffle(made["obligation_dues"])
    return made


def a_database(records: dict[str, list[dict[str, Any]]]) -> sqlite3.Connection:
    """The records as tables of SQLite, where the second count is made."""
    database = sqlite3.connect(":memory:")
    for name, rows in records.items():
        columns = tables()[name].names
        database.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        database.executemany(
            f"INSERT INTO {name} VALUES ({marks})", [tuple(row[column] for column in columns) for row in rows]
        )
    return database


PERIOD = "'2026-01-01' AND '2026-09-15'"
BEFORE = "'2025-01-01' AND '2025-09-15'"
DONE = f"status = 'done' AND inspected_on BETWEEN {PERIOD}"
CASE_DAY = "COALESCE(filed_on, decided_on)"
DUE = "(SELECT due_on FROM obligation_dues d WHERE d.obligation_id = o.id ORDER BY sequence DESC LIMIT 1)"
FIELD = """CASE WHEN e.sector = '' THEN 'none' WHEN e.sector = 'sector.hc' OR e.sector LIKE 'sector.hc.%' THEN 'sector.hc'
 WHEN e.sector LIKE 'sector.gm%' OR e.sector LIKE 'sector.mine%' THEN 'sector.gm'
 WHEN e.sector LIKE 'sector.fw%' THEN 'sector.fw' ELSE 'sector.other' END"""
KEY = "enterprise_id IN (SELECT id FROM enterprises WHERE is_key)"
OWN = "origin NOT IN ('tip', 'assigned')"
EXEMPT = "(SELECT id FROM inspections WHERE origin IN ('tip', 'assigned'))"
PAPERS = f"""(SELECT enterprise_id, id IN {EXEMPT} AS exempt FROM inspections WHERE {DONE} AND document_number <> ''
 UNION ALL SELECT enterprise_id, COALESCE(inspection_id IN {EXEMPT}, 0) FROM orders
   WHERE status <> 'void' AND issued_on BETWEEN {PERIOD}
 UNION ALL SELECT r.enterprise_id, COALESCE((SELECT inspection_id FROM orders WHERE id = r.order_id) IN {EXEMPT}, 0)
   FROM reinspections r WHERE reinspected_on BETWEEN {PERIOD} AND document_number <> '')"""
COUNTED = f"status <> 'void' AND found_on BETWEEN {PERIOD}"
PLAN = "FROM plan_items p WHERE year = 2026 AND cancelled_on IS NULL"
WAS_DONE = "EXISTS (SELECT 1 FROM inspections i WHERE i.plan_item_id = p.id AND i.status = 'done' AND i.inspected_on <= '2026-09-15')"
REINSPECT = (
    f"FROM obligations o WHERE kind = 'reinspect' AND ((end_kind = 'done' AND ended_on BETWEEN {PERIOD}) "
    f"OR (ended_on IS NULL AND {DUE} BETWEEN '2026-01-01' AND '2026-09-14'))"
)

SECOND: dict[tuple[str, str], tuple[str, str | None]] = {
    ("enterprises_inspected", ""): (f"SELECT COUNT(DISTINCT enterprise_id) FROM inspections WHERE {DONE}", None),
    ("enterprises_inspected", "last_year"): (
        f"SELECT COUNT(DISTINCT enterprise_id) FROM inspections WHERE status = 'done' AND inspected_on BETWEEN {BEFORE}",
        None,
    ),
    ("enterprises_inspected", "m04"): (
        f"SELECT COUNT(DISTINCT enterprise_id) FROM inspections WHERE {DONE} AND inspected_on LIKE '2026-04-%'",
        None,
    ),
    ("inspections", ""): (f"SELECT COUNT(*) FROM inspections WHERE {DONE}", None),
    ("meetings_rate", ""): (
        f"SELECT COUNT(*) FROM inspections WHERE {DONE} AND has_opening_meeting AND has_closing_meeting",
        f"SELECT COUNT(*) FROM inspections WHERE {DONE}",
    ),
    ("plan_completion", ""): (f"SELECT COUNT(*) {PLAN} AND {WAS_DONE}", f"SELECT COUNT(*) {PLAN}"),
    ("share_inspections", ""): (
        f"SELECT COUNT(*) FROM inspections WHERE {DONE} AND {OWN} AND {KEY}",
        f"SELECT COUNT(*) FROM inspections WHERE {DONE} AND {OWN}",
    ),
    ("share_documents", ""): (
        f"SELECT COUNT(*) FROM {PAPERS} WHERE NOT exempt AND {KEY}",
        f"SELECT COUNT(*) FROM {PAPERS} WHERE NOT exempt",
    ),
    ("share_cases", ""): (
        f"SELECT COUNT(*) FROM cases WHERE {CASE_DAY} BETWEEN {PERIOD} AND {KEY}",
        f"SELECT COUNT(*) FROM cases WHERE {CASE_DAY} BETWEEN {PERIOD}",
    ),
    ("documents", ""): (f"SELECT COUNT(*) FROM {PAPERS}", None),
    ("rectification_rate", ""): (
        f"SELECT COUNT(*) FROM hazards WHERE {COUNTED} AND cleared_on IS NOT NULL",
        f"SELECT COUNT(*) FROM hazards WHERE {COUNTED}",
    ),
    ("rectification_rate_major", ""): (
        f"SELECT COUNT(*) FROM hazards WHERE {COUNTED} AND level = 'major' AND cleared_on IS NOT NULL",
        f"SELECT COUNT(*) FROM hazards WHERE {COUNTED} AND level = 'major'",
    ),
    ("majors_open", ""): (
        "SELECT COUNT(*) FROM hazards WHERE status <> 'void' AND level = 'major' AND cleared_on IS NULL",
        None,
    ),
    ("timely_reinspection", ""): (f"SELECT COUNT(*) {REINSPECT} AND ended_on <= {DUE}", f"SELECT COUNT(*) {REINSPECT}"),
    ("overdue", ""): (f"SELECT COUNT(*) FROM obligations o WHERE ended_on IS NULL AND {DUE} < '2026-09-15'", None),
    ("overdue_agency", ""): (
        f"SELECT COUNT(*) FROM obligations o WHERE ended_on IS NULL AND {DUE} < '2026-09-15' AND actor = 'agency'",
        None,
    ),
    ("cases_pre", ""): (f"SELECT COUNT(*) FROM cases WHERE NOT is_accident AND {CASE_DAY} BETWEEN {PERIOD}", None),
    ("cases_pre", "last_year"): (
        f"SELECT COUNT(*) FROM cases WHERE NOT is_accident AND {CASE_DAY} BETWEEN {BEFORE}",
        None,
    ),
    ("cases_pre_50k", ""): (
        f"SELECT COUNT(*) FROM cases WHERE NOT is_accident AND {CASE_DAY} BETWEEN {PERIOD} "
        "AND fine_fen >= 5000000 AND fine_fen < 10000000",
        None,
    ),
    ("cases_pre_unfined", ""): (
        f"SELECT COUNT(*) FROM cases WHERE NOT is_accident AND {CASE_DAY} BETWEEN {PERIOD} "
        "AND decided_on IS NOT NULL AND COALESCE(fine_fen, 0) = 0",
        None,
    ),
    ("fines", ""): (f"SELECT COALESCE(SUM(fine_fen), 0) FROM cases WHERE decided_on BETWEEN {PERIOD}", None),
    ("fines_pre_average", ""): (
        f"SELECT COALESCE(SUM(fine_fen), 0) FROM cases WHERE NOT is_accident AND decided_on BETWEEN {PERIOD}",
        f"SELECT COUNT(*) FROM cases WHERE NOT is_accident AND fine_fen > 0 AND decided_on BETWEEN {PERIOD}",
    ),
    **{
        ("hazards_found", field): (
            f"SELECT COUNT(*) FROM hazards h JOIN enterprises e ON e.id = h.enterprise_id WHERE h.status <> 'void' "
            f"AND h.found_on BETWEEN {PERIOD} "
            f"AND {FIELD} = '{field}'",
            None,
        )
        for field in ("sector.hc", "sector.gm", "sector.fw", "sector.other", "none")
    },
}


def second_count(database: sqlite3.Connection) -> Iterator[tuple[tuple[str, str], int, int | None]]:
    for key, (numerator, denominator) in SECOND.items():
        top = database.execute(numerator).fetchone()[0]
        yield key, top, None if denominator is None else database.execute(denominator).fetchone()[0]


@pytest.mark.parametrize("block", range(10))
def test_sql_counts_what_python_counts(block: int) -> None:
    compared = 0
    for seed in range(block * 100, block * 100 + 100):
        records = a_year(seed)
        found: dict[tuple[str, str], Figure] = by_key(figures(records, YEAR, CUT))
        database = a_database(records)
        for key, numerator, denominator in second_count(database):
            figure = found[key]
            assert (figure.numerator, figure.denominator) == (numerator, denominator), (key, seed)
            compared += bool(numerator)
        database.close()
    assert compared > 800, "random years that hold nothing would prove nothing"
