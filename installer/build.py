"""Builds the Windows edition, on Linux or Windows: `python3 installer/dev.py build`, which calls this, or this itself."""

import sys

from windows.build import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
