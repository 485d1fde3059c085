"""The start: arguments, log, then either one command or the window."""

import sys


def main() -> int:
    """Entry point of `townsafe` and of `python -m desktop`."""
    words = sys.argv[1:]
    if words and _names_command(words):
        from desktop.cli import run

        return run(words)
    from desktop import starting

    starting.hasten()
    from desktop.compose import start_window

    return start_window(words)


def _names_command(words: list[str]) -> bool:
    from desktop.cli import names_command

    return names_command(words)


if __name__ == "__main__":
    sys.exit(main())
