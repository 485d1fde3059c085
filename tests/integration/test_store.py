"""The one door: acts are whole or not at all, journaled, chained, undone; trouble of the disk changes nothing."""

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import builders
import pytest
from sqlalchemy import Executable, delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from db import journal
from db.models import Enterprise, EnterpriseTag, Hazard, Obligation, ObligationDue, Officer, Setting
from db.store import Store
from desktop.domain.changed import Changed
from desktop.domain.errors import Refused, Trouble
from desktop.domain.obligation_kind import ObligationKind, SubjectType


def operations(store: Store) -> list[tuple[str, int]]:
    with store.read() as session:
        rows = session.execute(text("SELECT title, row_count FROM operation ORDER BY id"))
        return [(title, count) for title, count in rows]


def _write_and_fail(store: Store, statement: Executable) -> None:
    with store.write("出错的操作") as session:
        session.execute(statement)
        raise ZeroDivisionError


@pytest.fixture
def heard(store: Store) -> list[Changed]:
    words: list[Changed] = []
    store.subscribe(words.append)
    return words


# ---- acts --------------------------------------------------------------------------------------------------


def test_an_act_is_kept_journaled_and_told(store: Store, heard: list[Changed]) -> None:
    with store.write("登记") as session:
        session.add(Officer(name="李四"))
    assert operations(store) == [("登记", 1)]
    assert [(word.title, word.tables) for word in heard] == [("登记", {"officer"})]
    assert store.first_broken() is None


def test_an_act_that_raises_leaves_nothing(store: Store, heard: list[Changed]) -> None:
    before, head = builders.content(store), store.head_hash()
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(store, insert(Officer).values(name="李四"))
    assert (builders.content(store), store.head_hash()) == (before, head)
    assert (operations(store), heard, store.undoable) == ([], [], None)


def test_an_act_that_breaks_a_rule_of_its_table_leaves_nothing(store: Store) -> None:
    builders.an_enterprise(store, uscc="91320681MA1000001X")
    before = builders.content(store)
    with pytest.raises(IntegrityError):
        builders.an_enterprise(store, uscc="91320681MA1000001X")
    assert builders.content(store) == before


def test_an_act_that_changes_nothing_leaves_no_trace(store: Store, heard: list[Changed]) -> None:
    number = builders.an_enterprise(store, "甲厂")
    heard.clear()
    count = len(operations(store))
    with store.write("空操作") as session:
        session.execute(select(Enterprise))
        session.execute(update(Enterprise).where(Enterprise.id == number).values(name="甲厂"))
    assert (len(operations(store)), heard) == (count, [])


def test_a_write_inside_a_write_is_one_act(store: Store, heard: list[Changed]) -> None:
    with store.write("外"):
        builders.an_enterprise(store)
        builders.an_officer(store)
    assert [title for title, _ in operations(store)] == ["外"]
    assert heard[0].tables == {"enterprise", "officer", "officer_certificate", "obligation", "obligation_due"}
    store.undo()
    assert not any(builders.content(store).values())


def test_an_inner_act_that_raises_takes_the_outer_with_it(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write("外"):
        _write_and_fail(store, insert(Officer).values(name="李四"))
    assert not any(builders.content(store).values())


def test_changed_names_exactly_the_tables_written(store: Store, heard: list[Changed]) -> None:
    number = builders.an_enterprise(store)
    builders.a_tag(store, number)
    with store.write("改名") as session:
        session.execute(update(EnterpriseTag).values(tag="新"))
    store.undo()
    assert [set(word.tables) for word in heard] == [
        {"enterprise"},
        {"enterprise_tag"},
        {"enterprise_tag"},
        {"enterprise_tag"},
    ]


def test_a_subscription_ends(store: Store) -> None:
    words: list[Changed] = []
    end = store.subscribe(words.append)
    end()
    end()
    builders.an_enterprise(store)
    assert words == []


# ---- nothing escapes the journal ---------------------------------------------------------------------------


def test_a_write_outside_an_act_fails(store: Store) -> None:
    with store._writer.begin() as connection, pytest.raises(IntegrityError):
        connection.exec_driver_sql("INSERT INTO setting (key, value) VALUES ('a', '1')")


def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(Trouble) as caught, store.read() as session:
        session.execute(insert(Setting).values(key="a", value=1))
    assert caught.value.code == "read_only"


def test_every_road_into_a_table_is_journaled(store: Store) -> None:
    with store.write("各种写法") as session:
        session.add(Setting(key="orm", value=1))
        session.flush()
        session.execute(insert(Setting), [{"key": "core1", "value": 1}, {"key": "core2", "value": 2}])
        run = session.connection().exec_driver_sql
        run("INSERT INTO setting (key, value) VALUES ('raw', '1')")
        run("INSERT OR REPLACE INTO setting (key, value) VALUES ('raw', '2')")
        run("INSERT INTO setting (key, value) VALUES ('raw', '3') ON CONFLICT (key) DO UPDATE SET value = '3'")
        run("UPDATE setting SET value = '9'")
        run("DELETE FROM setting WHERE key = 'core1'")
    assert operations(store) == [("各种写法", 4 + 2 + 1 + 4 + 1)]
    store.undo()
    assert builders.content(store)["setting"] == []


def test_a_replaced_row_comes_back_with_undo(store: Store) -> None:
    """INSERT OR REPLACE removes a row without its delete trigger, unless triggers may recurse."""
    with store.write("一") as session:
        session.add(Setting(key="a", value=1))
    before = builders.content(store)
    with store.write("二") as session:
        session.connection().exec_driver_sql("INSERT OR REPLACE INTO setting (key, value) VALUES ('a', '2')")
    store.undo()
    assert builders.content(store) == before


def test_the_chain_of_due_dates_only_grows(store: Store) -> None:
    builders.an_obligation(store, ObligationKind.RECTIFY, (SubjectType.HAZARD, 1))
    for statement in (update(ObligationDue).values(sequence=7), delete(ObligationDue)):
        with pytest.raises(DatabaseError, match="only grows"), store.write("改期") as session:
            session.execute(statement)
    store.undo()
    assert builders.content(store)["obligation_due"] == []


# ---- undo and redo -----------------------------------------------------------------------------------------


def test_insert_update_and_delete_are_undone_and_redone(store: Store) -> None:
    states = [builders.content(store)]
    number = builders.an_enterprise(store, "甲厂")
    states.append(builders.content(store))
    with store.write("改名") as session:
        session.get_one(Enterprise, number).name = "乙厂"
    states.append(builders.content(store))
    with store.write("删除") as session:
        session.delete(session.get_one(Enterprise, number))
    states.append(builders.content(store))
    for state in states[-2::-1]:
        store.undo()
        assert builders.content(store) == state
    for state in states[1:]:
        store.redo()
        assert builders.content(store) == state
    assert store.first_broken() is None


def test_an_act_over_many_tables_is_undone_as_one(store: Store) -> None:
    number = builders.an_enterprise(store)
    before = builders.content(store)
    builders.an_order(store, number, hazard_count=3)
    after = builders.content(store)
    store.undo()
    assert builders.content(store) == before
    store.redo()
    assert builders.content(store) == after


def test_a_deletion_of_parents_and_children_is_undone(store: Store) -> None:
    with store.write("登记"):
        number = builders.an_enterprise(store)
        builders.a_tag(store, number)
        builders.an_order(store, number)
    before = builders.content(store)
    with store.write("全部删除") as session:
        run = session.connection().exec_driver_sql
        for table in ("enterprise_tag", "hazard", "rectification_order"):
            run(f"DELETE FROM {table}")
        session.execute(update(Obligation).values(enterprise_id=None))
        run("DELETE FROM enterprise")
    store.undo()
    assert builders.content(store) == before


def test_codes_swapped_by_way_of_none_are_swapped_back(store: Store) -> None:
    first, second = builders.an_enterprise(store), builders.an_enterprise(store)
    before = builders.content(store)
    with store.write("互换代码") as session:
        run = session.connection().exec_driver_sql
        one, two = run("SELECT uscc FROM enterprise ORDER BY id").scalars().all()
        for code, number in ((None, first), (one, second), (two, first)):
            run("UPDATE enterprise SET uscc = ? WHERE id = ?", (code, number))
    after = builders.content(store)
    store.undo()
    assert builders.content(store) == before
    store.redo()
    assert builders.content(store) == after


def test_undo_is_refused_when_a_row_has_changed_since(store: Store) -> None:
    number = builders.an_enterprise(store)
    other = Store(store.path, person="李四")
    with other.write("别处改动") as session:
        session.get_one(Enterprise, number).remark = "改过"
    before = builders.content(store)
    with pytest.raises(Refused) as caught:
        store.undo()
    assert caught.value.code == "undo_changed_since"
    assert builders.content(store) == before
    assert store.undoable is not None
    other.close()


def test_undo_is_refused_when_a_later_record_leans_on_it(store: Store) -> None:
    number = builders.an_enterprise(store)
    other = Store(store.path)
    builders.a_hazard(other, number)
    before = builders.content(store)
    with pytest.raises(Refused) as caught:
        store.undo()
    assert caught.value.code == "undo_changed_since"
    assert builders.content(store) == before
    assert store.first_broken() is None
    builders.an_officer(store)  # the writer is free again
    other.close()


def test_a_new_act_ends_what_could_be_redone(store: Store) -> None:
    builders.an_enterprise(store)
    store.undo()
    assert store.redoable is not None
    builders.an_officer(store)
    assert store.redoable is None
    with pytest.raises(Refused, match="nothing_to_redo"):
        store.redo()


def test_undo_takes_back_no_act_of_an_earlier_sitting(store: Store) -> None:
    builders.an_enterprise(store)
    again = Store(store.path)
    with pytest.raises(Refused, match="nothing_to_undo"):
        again.undo()
    again.undo_last()
    assert builders.content(again)["enterprise"] == []
    again.close()


def test_the_newest_standing_act_counts_undo_and_redo(store: Store) -> None:
    with store.write("甲") as session:
        session.add(Officer(name="甲"))
    with store.write("乙") as session:
        session.add(Officer(name="乙"))
    store.undo()
    act = store.last_act()
    assert act is not None
    assert act.title == "甲"
    store.redo()
    act = store.last_act()
    assert act is not None
    assert act.title == "乙"
    store.undo_last()
    store.undo_last()
    assert store.last_act() is None


@pytest.mark.parametrize("words", ["'\"\\,;", "𠮷田\u0301", "a\x00b", "\x1e\x1f\n\r\t", "{}[]null", "🏭" * 50])
def test_any_text_survives_deletion_and_undo(store: Store, words: str) -> None:
    with store.write("登记") as session:
        session.add(Setting(key=words, value={words: [words, 1.5, None, True]}))
        session.add(Officer(name=words, remark=words))
    before = builders.content(store)
    with store.write("删除") as session:
        session.execute(delete(Setting))
        session.execute(delete(Officer))
    store.undo()
    assert builders.content(store) == before


@pytest.mark.parametrize("value", [80, -1, 0.1 + 0.2, 1 / 3, 1e-7, 123456.789, 2**53, True, None, "80"])
def test_a_setting_of_any_kind_is_read_and_survives_undo(store: Store, value: object) -> None:
    """SQLite keeps a number in a JSON column as a number: an image of it with 15 digits is another number."""
    with store.write("设置") as session:
        session.add(Setting(key="a", value=value))
    before = builders.content(store)
    assert store.setting("a") == value
    with store.write("删除") as session:
        session.execute(delete(Setting))
    assert store.setting("a", "默认") == "默认"
    store.undo()
    assert builders.content(store) == before
    assert store.setting("a") == value


def test_an_id_never_comes_back_after_undo(store: Store) -> None:
    first = builders.an_enterprise(store)
    store.undo()
    assert builders.an_enterprise(store) > first


# ---- the search index --------------------------------------------------------------------------------------


def test_the_search_index_follows_acts_undo_and_redo(store: Store) -> None:
    with store.write("登记"):
        one = builders.an_enterprise(store, search_text="惠 萍 机 械")
        two = builders.an_enterprise(store, search_text="汇 龙 机 械")
    assert builders.found(store, "机") == [one, two]
    with store.write("改名") as session:
        session.get_one(Enterprise, one).search_text = "惠 萍 纺 织"
        session.flush()
        session.get_one(Enterprise, one).search_text = "惠 萍 印 染"
        session.delete(session.get_one(Enterprise, two))
    expected = {"机": [], "纺": [], "印": [one], "汇": []}
    assert {word: builders.found(store, word) for word in expected} == expected
    store.undo()
    assert (builders.found(store, "机"), builders.found(store, "印")) == ([one, two], [])
    store.redo()
    assert {word: builders.found(store, word) for word in expected} == expected
    with store.write("核对") as session:
        session.connection().exec_driver_sql(
            "INSERT INTO enterprise_search (enterprise_search, rank) VALUES ('integrity-check', 1)"
        )
        session.add(Officer(name="核对"))


@pytest.mark.parametrize("statement", [journal._DROP_SEARCH, journal._ADD_SEARCH])
def test_a_small_act_does_not_walk_through_the_whole_journal(store: Store, statement: str) -> None:
    """Its rows are looked up by the act: by their table it would be every row that an import ever wrote."""
    with store.read() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", {"operation": 1}).all()
    steps = [str(row[3]) for row in plan if "operation_row" in str(row[3])]
    assert steps
    assert all("ix_operation_row_operation_id" in step for step in steps)


def test_an_act_rolled_back_leaves_the_search_index_alone(store: Store) -> None:
    number = builders.an_enterprise(store, search_text="惠 萍")
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(store, update(Enterprise).values(search_text="汇 龙"))
    assert (builders.found(store, "惠"), builders.found(store, "汇")) == ([number], [])


# ---- filling a new file ------------------------------------------------------------------------------------


def test_filling_a_new_file_is_one_entry_without_images(store: Store) -> None:
    with store.fill("生成示例") as session:
        session.execute(insert(Enterprise), [_plain(number) for number in range(50)])
    assert operations(store) == [("生成示例", 0)]
    assert store.first_broken() is None
    assert len(builders.found(store, "示")) == 50
    builders.an_officer(store)
    assert operations(store)[-1][1] > 0
    with pytest.raises(Refused, match="not_empty"), store.fill("再来"):
        pass


def _plain(number: int) -> dict[str, object]:
    name = f"示例{number}"
    return {
        "name": name,
        "name_key": name,
        "sort_key": name,
        "search_text": "示 例",
        "created_at": datetime(2026, 1, 1),
    }


# ---- threads -----------------------------------------------------------------------------------------------


def test_a_reader_sees_one_moment(store: Store) -> None:
    builders.an_enterprise(store)
    with store.read() as session:
        assert session.execute(text("SELECT COUNT(*) FROM enterprise")).scalar() == 1
        _in_thread(lambda: builders.an_enterprise(store))
        assert session.execute(text("SELECT COUNT(*) FROM enterprise")).scalar() == 1
    assert len(builders.content(store)["enterprise"]) == 2


def test_a_reader_does_not_see_an_act_under_way(store: Store) -> None:
    with store.write("登记"):
        builders.an_enterprise(store)
        seen: list[int] = []
        _in_thread(lambda: seen.append(len(builders.content(store)["enterprise"])))
        assert seen == [0]
        assert len(builders.content(store)["enterprise"]) == 1


def test_two_writing_threads_take_turns(store: Store) -> None:
    number = 40
    with store.write("编号") as session:
        session.add(Setting(key="count", value=0))

    def count_up() -> None:
        for _ in range(number):
            with store.write("取号") as session:
                count = session.scalars(select(Setting)).one()
                count.value += 1

    threads = [threading.Thread(target=count_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.setting("count") == 2 * number
    assert store.first_broken() is None
    for _ in range(2 * number + 1):
        store.undo()
    assert not any(builders.content(store).values())


def _in_thread(work: object) -> None:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join()


# ---- the chain of hashes -----------------------------------------------------------------------------------


@pytest.fixture
def journal_copy(store: Store, tmp_path: Path) -> Iterator[Path]:
    """A closed office with a dozen acts, undo and redo among them."""
    for _ in range(3):
        number = builders.an_enterprise(store)
        builders.an_order(store, number)
    store.undo()
    store.redo()
    store.undo()
    with store.write("改") as session:
        session.execute(update(Hazard).values(remark="改"))
        session.execute(update(Enterprise).values(remark="改"))
    store.close()
    return store.path


TAMPERED = {
    "operation": (
        "title = title || '改'",
        "done_at = '2020-01-01 00:00:00'",
        "done_by = '别人'",
        "undoes = NULL",
        "row_count = row_count + 1",
        "previous_hash = hash",
        "hash = previous_hash",
    ),
    "operation_row": (
        "table_name = 'officer'",
        "row_id = row_id + 1",
        "before = ifnull(before, '') || ' '",
        "after = ifnull(after, '') || ' '",
        "operation_id = operation_id + 1",
    ),
}


def _broken_after(path: Path, *statements: str) -> journal.BrokenLink | None:
    connection = sqlite3.connect(path)
    try:
        for statement in statements:
            connection.execute(statement)
        return journal.first_broken(connection)
    finally:
        connection.rollback()
        connection.close()


def test_altering_any_field_of_any_journal_row_is_found_and_located(journal_copy: Path) -> None:
    connection = sqlite3.connect(journal_copy)
    owners = {
        "operation": [(row[0], row[0]) for row in connection.execute("SELECT id FROM operation")],
        "operation_row": connection.execute("SELECT id, operation_id FROM operation_row").fetchall(),
    }
    unchanged = connection.execute("SELECT id FROM operation WHERE undoes IS NULL").fetchall()
    connection.close()
    assert _broken_after(journal_copy) is None
    for table, sets in TAMPERED.items():
        for change in sets:
            for number, operation in owners[table]:
                if change.startswith("undoes") and (operation,) in unchanged:
                    continue
                broken = _broken_after(journal_copy, f"UPDATE {table} SET {change} WHERE id = {number}")
                assert broken is not None, (table, change, number)
                assert broken.operation == operation, (table, change, number)


def test_removing_any_journal_row_is_found_and_located(journal_copy: Path) -> None:
    connection = sqlite3.connect(journal_copy)
    heads = [row[0] for row in connection.execute("SELECT id FROM operation ORDER BY id")]
    rows = connection.execute("SELECT id, operation_id FROM operation_row").fetchall()
    connection.close()
    for number, operation in rows:
        broken = _broken_after(journal_copy, f"DELETE FROM operation_row WHERE id = {number}")
        assert broken is not None
        assert (broken.operation, broken.reason) == (operation, "rows")
    for number in heads:
        whole = _broken_after(
            journal_copy,
            f"DELETE FROM operation_row WHERE operation_id = {number}",
            f"DELETE FROM operation WHERE id = {number}",
        )
        assert whole is not None
        expected = (number, "tail") if number == heads[-1] else (number + 1, "previous")
        assert (whole.operation, whole.reason) == expected
        half = _broken_after(journal_copy, f"DELETE FROM operation WHERE id = {number}")
        assert half is not None


def test_slipping_a_journal_row_in_is_found_and_located(journal_copy: Path) -> None:
    connection = sqlite3.connect(journal_copy)
    heads = [row[0] for row in connection.execute("SELECT id FROM operation ORDER BY id")]
    connection.close()
    sql = "INSERT INTO operation_row (operation_id, table_name, row_id, after) VALUES ({}, 'officer', 1, '{{}}')"
    for number in heads:
        broken = _broken_after(journal_copy, sql.format(number))
        assert broken == journal.BrokenLink(number, broken.title if broken else "", "rows")
    stray = _broken_after(journal_copy, sql.format(heads[-1] + 50))
    assert stray is not None
    assert stray.reason == "stray"


def test_the_chain_can_be_recomputed_from_the_file_alone(journal_copy: Path) -> None:
    """An independent reading of the rule in the docstring, for whoever verifies without this program."""
    import hashlib

    connection = sqlite3.connect(journal_copy)
    previous = "0" * 64
    for number, title, at, by, undoes, written in connection.execute(
        "SELECT id, title, done_at, done_by, undoes, hash FROM operation ORDER BY id"
    ).fetchall():
        told = previous + json.dumps([number, title, at, by, undoes], ensure_ascii=False)
        for row in connection.execute(
            "SELECT table_name, row_id, before, after FROM operation_row WHERE operation_id = ? ORDER BY id", (number,)
        ):
            told += "\x1e" + "\x1f".join("" if field is None else str(field) for field in row)
        previous = hashlib.sha256(told.encode()).hexdigest()
        assert previous == written
    connection.close()


# ---- the world gets in the way -----------------------------------------------------------------------------


def _pragma(store: Store, words: str) -> int:
    """Set or ask something of the one writing connection."""
    lent = store._writer.raw_connection()
    try:
        return int(lent.cursor().execute(f"PRAGMA {words}").fetchone()[0])
    finally:
        lent.close()


def test_a_full_disk_is_told_and_changes_nothing(store: Store) -> None:
    builders.an_enterprise(store)
    before, head = builders.content(store), store.head_hash()
    pages = _pragma(store, "page_count")
    _pragma(store, f"max_page_count={pages}")
    with pytest.raises(Trouble) as caught, store.write("导入") as session:
        session.execute(insert(Enterprise), [_plain(number) for number in range(2000)])
    assert caught.value.code == "disk_full"
    assert (builders.content(store), store.head_hash()) == (before, head)
    _pragma(store, "max_page_count=1000000")
    builders.an_enterprise(store)  # trying again works


def test_another_program_that_holds_the_file_is_told(store: Store) -> None:
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    _pragma(store, "busy_timeout=100")
    with pytest.raises(Trouble) as caught:
        builders.an_enterprise(store)
    assert caught.value.code == "database_locked"
    other.execute("ROLLBACK")
    other.close()
    builders.an_enterprise(store)


def test_a_copied_file_is_the_same_office(store: Store, tmp_path: Path) -> None:
    builders.an_enterprise(store)
    expected = builders.content(store)
    store.close()
    shutil.copyfile(store.path, tmp_path / "copy.db")
    copy = Store(tmp_path / "copy.db")
    assert builders.content(copy) == expected
    copy.close()
