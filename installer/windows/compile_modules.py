"""Compiles the modules of a payload; run by payload.py in a process of its own, with the folder as its argument.

Libraries keep only the compiled form: half the files, so setting up is quicker where a virus scanner reads each one.
The program keeps its sources beside it, so that a report of an error quotes its lines. Compiled modules are
unchecked, because the two never change apart. What was loaded before shows in a compiled module's bytes, hence the
fresh process, the fixed order and (by the caller) the fixed hashes.
"""

import importlib.util
import py_compile
import sys
from pathlib import Path

KEEPS_SOURCES = "app/"


def compile_all(root: Path) -> None:
    """Compile every module below `root`; stops at the first that does not compile, and says which."""
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        is_kept = name.startswith(KEEPS_SOURCES)
        target = importlib.util.cache_from_source(str(path)) if is_kept else f"{path}c"
        py_compile.compile(
            str(path), target, name, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
        )
        if not is_kept:
            path.unlink()


if __name__ == "__main__":
    compile_all(Path(sys.argv[1]))
