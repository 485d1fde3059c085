"""The start: arguments, log, then either one command or the window."""

import sys


def main() -> int:
    """Entry point of `townsafe` and of `python -m desktop`."""
    words = sys.argv[1:]
    from desktop.cli import names_command, run

    if names_command(words):
        return run(words)
    from desktop.compose import start_window
    from desktop.system.folders import home
    from desktop.system.log import start_log

    start_log(home().logs)
    return start_window(words)


if __name__ == "__main__":
    sys.exit(main())
