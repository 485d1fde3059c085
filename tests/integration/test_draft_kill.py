"""A real process, killed without warning while somebody types: at most two seconds of typing are lost."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from desktop.services.clock import Clock
from desktop.services.office import OfficeDraft
from desktop.services.opening import create_office
from desktop.system.drafts import DraftFolder
from desktop.system.instance import InstanceLock

CHILD = Path(__file__).with_name("draft_child.py")
ROOT = CHILD.parents[2]
LOST_AT_MOST = 2.0  # seconds, promised
TIMES = int(os.environ.get("TOWNSAFE_DRAFT_KILLS", "2"))


def _office(folder: Path) -> Path:
    services = create_office(folder, person="张所", clock=Clock())
    services.offices.establish(OfficeDraft(name="惠萍镇", code="320681102"))
    services.close()
    return folder


def _moments(told: Path) -> list[tuple[float, int]]:
    """When each character was typed; the last line may be cut."""
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    return [(float(words[0]), int(words[1])) for line in lines[:-1] if len(words := line.split()) == 2]


def test_a_killed_process_loses_no_more_than_two_seconds_of_typing(tmp_path: Path) -> None:
    folder, chance = _office(tmp_path / "办公 数据"), random.Random(20261124)
    for turn in range(TIMES):
        told = tmp_path / f"told{turn}"
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        child = subprocess.Popen(
            [sys.executable, str(CHILD), str(folder), str(tmp_path / "home"), str(told)], env=environment
        )
        try:
            deadline = time.monotonic() + 60
            while not _moments(told) and child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(2.5 + chance.random() * 2)
        finally:
            child.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            killed_at = time.time()
            child.wait(10)
        typed = _moments(told)
        assert typed, "the child never typed"
        due = max((count for moment, count in typed if moment <= killed_at - LOST_AT_MOST), default=0)
        drafts = DraftFolder(folder / "drafts").all()
        assert len(drafts) == turn + 1
        kept = len(drafts[0].fields["remark"])
        assert kept >= due, f"typed {typed[-1][1]}, due {due}, kept {kept}"
        assert due > 10, "typed too little to tell"

    lock = InstanceLock(folder)
    assert lock.acquire()
    assert lock.left_by is not None
    assert lock.left_by.pid == child.pid
    lock.release()
    after = InstanceLock(folder)
    assert after.acquire()
    assert after.left_by is None, "a regular end leaves nobody behind"
    after.release()
