"""The process that is killed while somebody types: the whole program on a folder, a form open, a key every 20 ms.

It appends the moment and the number of characters typed so far to a file, so that the one who kills it knows what was
lost. Started by `test_draft_kill.py`: `draft_child.py FOLDER HOME TOLD`.
"""

import os
import sys
import time
from pathlib import Path


def main() -> None:
    folder, home, told = (Path(word) for word in sys.argv[1:])
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["TOWNSAFE_HOME"] = str(home)
    from PySide6.QtCore import QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QWidget

    from desktop.compose import Program, application
    from desktop.system.folders import Home

    program = Program(application(), Home(home), folder, None)
    program.begin()
    line: list[QWidget] = []
    count = 0

    def look() -> None:
        """Open the form as soon as the office is there."""
        if program.shell is None:
            return
        waiting.stop()
        form = program.shell.context.open_form("enterprise")
        assert form is not None
        found = form.findChild(QWidget, "edit_remark")
        assert found is not None
        line.append(found)
        found.setFocus()
        keys.start(20)

    def type_one() -> None:
        nonlocal count
        QTest.keyClicks(line[0], "x")
        count += 1
        log.write(f"{time.time()} {count}\n")
        log.flush()

    log = told.open("w", encoding="utf-8")
    waiting, keys = QTimer(), QTimer()
    waiting.timeout.connect(look)
    keys.timeout.connect(type_one)
    waiting.start(20)
    program.run()


if __name__ == "__main__":
    main()
