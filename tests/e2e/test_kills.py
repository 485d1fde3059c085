"""Killed hundreds of times at random moments: the file opens, everything agrees, nothing committed is lost."""

import multiprocessing
import os
import random
import sqlite3
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest

from db.backup import backups_in, verify
from db.store import Store
from desktop.services.data_check import DataCheck, Severity

sys.path.append(str(Path(__file__).parent))  # the server process finds the child by its bare name

import kill_child
from kill_child import Told

# TOWNSAFE_KILLS=40 makes the run of a release: ten thousand kills.
TIMES = int(os.environ.get("TOWNSAFE_KILLS", "1"))
SEED = int(os.environ.get("TOWNSAFE_SEED", "20260302"))
A_ROUND = 25  # kills before the office starts afresh, so that it stays small
LONGEST_WAIT = 20.0

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0 if TIMES > 1 else 300)]


@pytest.fixture(scope="module")
def context() -> Iterator[BaseContext]:
    """Where children come from: a server that has imported the child once, or on Windows a fresh process each."""
    if os.name == "nt":
        yield multiprocessing.get_context("spawn")
        return
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["kill_child"])
    with pytest.MonkeyPatch.context() as patch:
        # Before 3.13 the server does not learn our path, and would import the child anew in every process.
        patch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
        forkserver.ensure_running()
    yield server
    forkserver._forkserver._stop()  # type: ignore[attr-defined]


class Office:
    """An office that is worked in and killed over and over, and what is known to have been committed in it."""

    def __init__(self, folder: Path, context: BaseContext, chance: random.Random) -> None:
        self.folder = folder
        self._context = context
        self._chance = chance
        self._verified: set[Path] = set()
        self.committed: dict[int, str] = {}
        kill_child.establish(folder)

    def live_and_die(self, acts: tuple[str, ...], longest: float, *, at_step: bool, restores: bool) -> int:
        """One life of the child, and the look at what it left behind; the answer is how many acts it told of."""
        told = self._live(acts, longest, at_step, restores)
        for word in told:
            assert "Traceback" not in word.word, word.word
        self._compare(told)
        self._look()
        return sum(word.word in {*acts, "restored"} for word in told)

    def _live(self, acts: tuple[str, ...], longest: float, at_step: bool, restores: bool) -> list[Told]:
        here, there = self._context.Pipe(duplex=False)
        tick = self._chance.randrange(1, 4000) if at_step else None
        seed = self._chance.randrange(10**9)
        child = self._context.Process(target=kill_child.work, args=(there, self.folder, seed, acts, tick, restores))
        child.start()
        there.close()
        with closing(here):
            told = _hear(here, self._chance.choice([0, 1, 2, 3]))  # while it opens, in its first act, or later
            if not at_step:
                time.sleep(self._chance.random() * longest)
                child.kill()
            else:
                child.join(longest * 4)
                child.kill()
            child.join(LONGEST_WAIT)
            assert child.exitcode not in {None, 0}
            child.close()
            return told + _hear_all(here)

    def _compare(self, told: list[Told]) -> None:
        """What the child reported must be there, and at most the acts of the step it was in beside it."""
        for word in told:
            if word.word == "restored":
                self.committed = {word.operation: word.hash}
            elif word.word not in {"open", "restoring"}:
                self.committed[word.operation] = word.hash
        standing = self._journal()
        was_restoring = told and told[-1].word == "restoring" and standing.get(told[-1].operation) == told[-1].hash
        if was_restoring and any(standing.get(number) != digest for number, digest in self.committed.items()):
            self.committed = {told[-1].operation: told[-1].hash}  # the restore had just happened
        for number, digest in self.committed.items():
            assert standing.get(number) == digest, f"act {number} was reported as kept and is lost"
        self.committed = {max(standing): standing[max(standing)]}

    def _journal(self) -> dict[int, str]:
        with closing(sqlite3.connect(self.folder / "office.db")) as connection:
            return dict(connection.execute("SELECT id, hash FROM operation").fetchall())

    def _look(self) -> None:
        store = Store(self.folder / "office.db")
        try:
            faults = [each for each in DataCheck(store, self.folder).run() if each.severity is Severity.ERROR]
        finally:
            store.close()
        assert faults == []
        for path in backups_in(self.folder / "backups"):
            if path not in self._verified:
                verify(path)
                self._verified.add(path)
        package = self.folder / "上报.zip"
        if package.exists():
            with zipfile.ZipFile(package) as archive:
                assert archive.testzip() is None


def _hear(pipe: Connection, count: int) -> list[Told]:
    """Wait for so many words; the child may be dead before."""
    heard: list[Told] = []
    try:
        while len(heard) < count and pipe.poll(LONGEST_WAIT):
            heard.append(pipe.recv())
    except EOFError:
        pass
    return heard


def _hear_all(pipe: Connection) -> list[Told]:
    """What was said before the end; a word that was cut off does not count."""
    heard = []
    try:
        while pipe.poll(0):
            heard.append(pipe.recv())
    except (EOFError, OSError):
        pass
    return heard


WORK = ("take_in", "inspect_and_order", "inspect_and_order", "go_back", "extend", "plan", "attach")


@pytest.mark.parametrize(
    ("acts", "kills", "longest", "at_step", "restores"),
    [
        pytest.param(("take_in",), 40, 0.25, False, False, id="import"),
        pytest.param(("inspect_and_order", "go_back", "extend"), 40, 0.25, False, False, id="order"),
        pytest.param((*WORK, "undo", "undo"), 40, 0.25, False, False, id="undo"),
        pytest.param((*WORK, "undo", "undo"), 60, 0.25, True, False, id="anything, within a statement"),
        pytest.param(("back_up", "attach", "plan"), 20, 0.3, False, False, id="backup"),
        pytest.param(("plan", "back_up"), 20, 0.5, False, True, id="restore"),
        pytest.param(("export", "plan"), 20, 1.5, False, False, id="export"),
    ],
)
def test_killed_at_random_moments(
    tmp_path: Path,
    context: BaseContext,
    acts: tuple[str, ...],
    kills: int,
    longest: float,
    at_step: bool,
    restores: bool,
) -> None:
    """`longest` is how many seconds a child lives at most after it has opened the office."""
    chance, done = random.Random(f"{SEED}{acts}{at_step}"), 0
    for turn in range(kills * TIMES):
        if turn % A_ROUND == 0:
            office = Office(tmp_path / f"惠萍镇 {turn}", context, chance)
        done += office.live_and_die(acts, longest, at_step=at_step, restores=restores)
    assert done > kills * TIMES // 4, "the children were killed before they did anything"
