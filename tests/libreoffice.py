"""LibreOffice as a reader of the Word files: turned into PDF and saved again, to see that nothing is lost.

Only where `soffice` is installed, as on the machines of developers and never in an office.
"""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

SOFFICE = shutil.which("soffice")


def converted(files: Sequence[Path], kind: str, folder: Path) -> list[Path]:
    """Files turned into `pdf` or `docx` in one run, with a profile of its own in the folder."""
    assert SOFFICE is not None
    folder.mkdir(parents=True, exist_ok=True)
    profile = (folder.parent / "profile").resolve().as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], capture_output=True, check=True, timeout=900)
    return [folder / f"{file.stem}.{kind}" for file in files]
