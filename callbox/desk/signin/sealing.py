"""What the desk seals with the secret key: second factors, and all that a session holds."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sessions.serializers import JSONSerializer


def box(purpose: str) -> MultiFernet:
    """Return what seals: the secret key seals, it and those from before open. purpose: keeps uses of the same key apart."""
    return MultiFernet([_fernet(key, purpose) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=f"callbox {purpose}".encode()).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


class Sealed:
    """Writes sessions so that the database tells nothing of them.

    A form that was sent into the locked desk waits in the session: an answer to a tip, the token of an account. It lies there sealed.
    """

    def dumps(self, obj: Any) -> bytes:
        """Seal what a session holds."""
        return box("sessions").encrypt(JSONSerializer().dumps(obj))

    def loads(self, data: bytes) -> Any:
        """Open it. Django takes a session that cannot be opened for an empty one: the person signs in anew."""
        return JSONSerializer().loads(box("sessions").decrypt(data))
