"""Whose signature an executable or a catalogue carries, checked up to Microsoft's list of trusted roots.

The runtime reaches us through hands we know nothing of. What makes it trustworthy is not the road but the
signatures: the Python Software Foundation signs each executable and a catalogue of the standard library's hashes,
Microsoft signs the C runtime. Anything but "signed, unchanged, by one of them" stops the build.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from unittest.mock import patch

from . import Stop

SIGNERS = frozenset({"Python Software Foundation", "Microsoft Corporation"})
PYTHON = "Python Software Foundation"
ONE_DIGIT_VERSION = r"\b(\d\.\d\.\d[a-z]*)\b"
ANY_VERSION = r"\b(\d+\.\d+\.\d+[a-z]*)\b"


@contextmanager
def _any_openssl() -> Iterator[None]:
    """Let oscrypto 1.3.0 be imported beside OpenSSL 3.0.10 and later: it looks for a version of single digits."""
    search = re.search

    def wider(pattern: Any, string: Any, flags: Any = 0) -> Any:
        return search(ANY_VERSION if pattern == ONE_DIGIT_VERSION else pattern, string, flags)

    with patch("re.search", wider):
        yield


def _authenticode() -> ModuleType:
    with _any_openssl():
        from signify import authenticode
    return authenticode


def signer_of(content: bytes, name: str) -> str:
    """Who signed this executable; stops when it is unsigned, changed, badly signed, or signed by a stranger."""
    try:
        file = _authenticode().AuthenticodeFile.from_stream(io.BytesIO(content), name)
        verified = file.verify(
            signature_types="embedded", multi_verify_mode="all", ignore_parse_errors=False, strict_validation=True
        )
    except Exception as error:
        raise Stop(f"{name}: the signature does not hold ({type(error).__name__}: {error})") from error
    signers = {_organisation(chain) for _, _, chains in verified for chain in chains}
    return _known(signers, name)


def catalogue_hashes(content: bytes, name: str) -> frozenset[str]:
    """The SHA-256 of each file that a catalogue lists; its own signature must be that of the Python foundation."""
    try:
        catalogue = _authenticode().CertificateTrustList.from_envelope(content)
        signers = {_organisation(chain) for chain in catalogue.verify(extended_key_usages=["code_signing"])}
        digests = [subject.indirect_data for subject in catalogue.subjects]
    except Exception as error:
        raise Stop(f"{name}: the catalogue's signature does not hold ({type(error).__name__}: {error})") from error
    if _known(signers, name) != PYTHON:
        raise Stop(f"{name}: the catalogue is signed by {', '.join(signers)}, not by the {PYTHON}")
    hashes = {found.digest.hex() for found in digests if found and found.digest_algorithm is hashlib.sha256}
    if not hashes:
        raise Stop(f"{name}: the catalogue lists no SHA-256")
    return frozenset(hashes)


def _organisation(chain: list[Any]) -> str:
    """The organisation that the last certificate of a chain, the signer's own, was given to."""
    return str(dict(chain[-1].subject.rdns).get("O", ""))


def _known(signers: set[str], name: str) -> str:
    if len(signers) != 1 or not signers <= SIGNERS:
        raise Stop(f"{name}: signed by {', '.join(sorted(signers)) or 'nobody'}; expected one of {sorted(SIGNERS)}")
    return next(iter(signers))
