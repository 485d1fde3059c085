"""Signs an executable in its place with the owner's certificate; called by the build, and by makensis for the uninstaller.

Nothing is signed unless TOWNSAFE_SIGN_CERTIFICATE names a file of certificates (PEM). TOWNSAFE_SIGN_KEY names the key,
TOWNSAFE_SIGN_PASSWORD_FILE a file with its password where it has one, TOWNSAFE_SIGN_TIMESTAMP the address of a
timestamp server (RFC 3161); without a timestamp a signature ends with its certificate.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

CERTIFICATE = "TOWNSAFE_SIGN_CERTIFICATE"
KEY = "TOWNSAFE_SIGN_KEY"
PASSWORD_FILE = "TOWNSAFE_SIGN_PASSWORD_FILE"
TIMESTAMP = "TOWNSAFE_SIGN_TIMESTAMP"


class NotSigned(Exception):
    """Signing was asked for and did not succeed."""


def is_wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the owner gave a certificate."""
    return bool(environment.get(CERTIFICATE))


def command(path: Path, signed: Path, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The call that signs `path` into `signed`."""
    if not environment.get(KEY):
        raise NotSigned(f"{CERTIFICATE} is set, {KEY} is not")
    words = [
        "osslsigncode",
        "sign",
        "-certs",
        environment[CERTIFICATE],
        "-key",
        environment[KEY],
        "-h",
        "sha256",
        "-n",
        "TownSafe",
    ]
    if environment.get(PASSWORD_FILE):
        words += ["-readpass", environment[PASSWORD_FILE]]
    if environment.get(TIMESTAMP):
        words += ["-ts", environment[TIMESTAMP]]
    return [*words, "-in", str(path), "-out", str(signed)]


def sign(path: Path) -> None:
    """Sign a file in its place."""
    signed = path.with_name(f"{path.name}.signed")
    signed.unlink(missing_ok=True)
    if not shutil.which("osslsigncode"):
        raise NotSigned("osslsigncode is missing. On Debian and Ubuntu: sudo apt-get install -y osslsigncode")
    if subprocess.run(command(path, signed), stdout=sys.stderr, check=False).returncode:
        raise NotSigned(f"{path.name} could not be signed (see above)")
    signed.replace(path)


if __name__ == "__main__":
    try:
        sign(Path(sys.argv[1]))
    except NotSigned as problem:
        sys.exit(str(problem))
