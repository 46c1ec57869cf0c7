"""Secrets at rest: sealed with a key that is not in the database, so that a stolen database opens no account."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealBrokenError(Exception):
    """No key given opens this: the key was changed, or the value was."""


class Vault:
    """Seals and opens small maps of secrets (Fernet: AES-128-CBC and HMAC-SHA256, the key by HKDF-SHA256).

    keys: long random texts, newest first; the first seals, all of them open.  purpose: separates uses of the same key.

    Raises:
        ValueError: there is no key.
    """

    def __init__(self, keys: Sequence[str], *, purpose: str) -> None:
        if not keys:
            raise ValueError("a vault needs a key")
        self._box = MultiFernet([Fernet(_derive(key, purpose)) for key in keys])

    def seal(self, secrets: Mapping[str, str]) -> str:
        """Return `secrets` as sealed text."""
        return self._box.encrypt(json.dumps(dict(secrets), sort_keys=True).encode()).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """Return what was sealed; nothing for an empty text.

        Raises:
            SealBrokenError: no key opens it.
        """
        if not sealed:
            return {}
        try:
            opened: dict[str, str] = json.loads(self._box.decrypt(sealed.encode()))
        except InvalidToken:
            raise SealBrokenError("the key that sealed this is not among those given, or it was changed") from None
        return opened

    def seal_anew(self, sealed: str) -> str:
        """Return the same secrets, sealed with the newest key."""
        return self._box.rotate(sealed.encode()).decode() if sealed else ""


def _derive(key: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"callbox {purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(key.encode()))
