"""Plain looks at the file: what they see, and what they need."""

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from builders import an_enterprise, an_office

from db.glance import Glance
from desktop.domain.errors import Trouble
from desktop.services.enterprise_query import EnterpriseQuery
from desktop.services.opening import create_office, open_office

ROSTER = """
import sys
from pathlib import Path
from desktop.services.enterprise_query import EnterpriseQuery
from desktop.services.opening import open_office
services = open_office(Path(sys.argv[1]))
rows = services.roster.rows(services.roster.ids(EnterpriseQuery("启东")))
assert services.views.list("enterprises") == [] and services.catalogue.tags() == []
services.close()
print(len(rows), "sqlalchemy" in sys.modules, "db.store" in sys.modules)
"""


def count(glance: Glance) -> int:
    with glance.look() as connection:
        return int(connection.execute("SELECT COUNT(*) FROM enterprise").fetchone()[0])


def test_the_roster_is_read_without_sqlalchemy(tmp_path: Path) -> None:
    store = an_office(tmp_path)
    an_enterprise(store)
    store.rebuild_search()
    store.close()
    done = subprocess.run(
        [sys.executable, "-c", ROSTER, str(tmp_path)], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split() == ["1", "False", "False"]


def test_a_look_inside_an_act_sees_what_the_act_did_and_another_thread_does_not(tmp_path: Path) -> None:
    store = an_office(tmp_path)
    other: list[int] = []
    with suppress(KeyError), store.write("试验"):
        an_enterprise(store)
        assert store.glance.is_acting
        assert count(store.glance) == 1
        thread = threading.Thread(target=lambda: other.append(count(store.glance)))
        thread.start()
        thread.join()
        raise KeyError
    assert other == [0]
    assert not store.glance.is_acting
    assert count(store.glance) == 0
    store.close()


def test_lists_remember_nothing_of_an_act_that_is_rolled_back(tmp_path: Path) -> None:
    services = create_office(tmp_path / "office")
    with suppress(KeyError), services.store.write("试验"):
        an_enterprise(services.store)
        assert services.roster.count() == 1
        raise KeyError
    assert services.roster.count(EnterpriseQuery()) == 0
    services.close()


def test_a_look_inside_a_look_keeps_the_first_snapshot(tmp_path: Path) -> None:
    store = an_office(tmp_path)
    glance = store.glance
    with glance.look() as connection:
        assert connection.execute("SELECT COUNT(*) FROM enterprise").fetchone() == (0,)
        thread = threading.Thread(target=an_enterprise, args=(store,))
        thread.start()
        thread.join()
        assert count(glance) == 0
    assert count(glance) == 1
    store.close()


def test_nothing_can_be_written_at_a_glance(tmp_path: Path) -> None:
    store = an_office(tmp_path)
    with pytest.raises(Trouble, match="read_only"), store.glance.look() as connection:
        connection.execute("DELETE FROM enterprise")
    store.close()


def test_the_store_is_told_to_whoever_waited_for_it(tmp_path: Path) -> None:
    create_office(tmp_path / "office").close()
    services, told = open_office(tmp_path / "office"), []
    services.when_open(told.append)
    assert services.roster.count() == 0
    assert not services.is_store_open
    assert not told
    an_enterprise(services.store)
    services.when_open(told.append)
    assert told == [services.store] * 2
    assert services.roster.count() == 1
    services.close()


def test_a_closed_glance_lets_go_of_the_file_and_opens_it_again_when_asked(tmp_path: Path) -> None:
    store = an_office(tmp_path)
    an_enterprise(store)
    glance = store.glance
    assert count(glance) == 1
    store.close()
    (tmp_path / "office.db").rename(tmp_path / "moved.db")
    assert not (tmp_path / "office.db").exists()
    (tmp_path / "moved.db").rename(tmp_path / "office.db")
    assert count(glance) == 1
    glance.close()
