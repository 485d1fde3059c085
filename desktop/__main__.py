"""The start: arguments, log, single instance, compose, show."""

import sys


def main() -> int:
    """Entry point of `townsafe` and of `python -m desktop`."""
    return 0


if __name__ == "__main__":
    sys.exit(main())
