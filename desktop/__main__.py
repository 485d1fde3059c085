"""The start: arguments, log, then either one command or the window."""

import sys


def main() -> int:
    """Entry point of `townsafe` and of `python -m desktop`."""
    words = sys.argv[1:]
    if words and _names_command(words):
        from desktop.cli import run

        return run(words)
    try:
        return _show_window(words)
    except Exception as error:  # noqa: BLE001 — the outermost edge: a start that fails says so instead of doing nothing
        _say_failure(error)
        return 1


def _names_command(words: list[str]) -> bool:
    from desktop.cli import names_command

    return names_command(words)


def _show_window(words: list[str]) -> int:
    from desktop import starting

    starting.hasten()
    from desktop.compose import start_window

    return start_window(words)


def _say_failure(error: Exception) -> None:
    """In a window of the program, or, when the window toolkit is what fails, in whatever the system has."""
    import logging
    from datetime import datetime

    from desktop import __version__
    from desktop.system.crashes import keep_report, say_without_window, told_of
    from desktop.system.folders import home

    logging.getLogger(__name__).error("the start failed", exc_info=error)
    try:
        from desktop.ui.problems import show_start_failure

        show_start_failure(error, __version__)
    except Exception:  # noqa: BLE001 — then without a window
        told = "\n".join([f"镇安 {__version__}", *told_of(error)])
        path = keep_report(home().logs, told, datetime.now())
        words = "程序没有能启动，以前保存的记录没有改动。请重新运行安装程序；数据不受影响。"
        say_without_window("镇安", f"{words}\n报告：{path or ''}\n\n{told}")


if __name__ == "__main__":
    sys.exit(main())
