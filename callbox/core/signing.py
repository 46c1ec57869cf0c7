"""Ed25519 keys that sign what leaves the house: made once, kept in a private file, known to others by their fingerprint."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PREFIX: Final = "ed25519:"
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{32}")
_PRIVATE: Final = "signing-key.pem"
_PUBLIC: Final = "signing-key.pub"


class SigningError(Exception):
    """A key cannot be used. The message is one sentence for the person, saying what to do."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half, as its 32 raw bytes."""

    raw: bytes

    @property
    def text(self) -> str:
        """The key as one word that can be published: `ed25519:` and base64."""
        return _PREFIX + base64.b64encode(self.raw).decode()

    @property
    def fingerprint(self) -> str:
        """The first 128 bits of the key's SHA-256 as eight groups of four hex digits, to be read out or printed."""
        digits = hashlib.sha256(self.raw).hexdigest()[:32]
        return " ".join(digits[start : start + 4] for start in range(0, 32, 4))

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the private half made `signature` over `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def is_stated(self, stated: str) -> bool:
        """Whether `stated`, a public key or a fingerprint as somebody published it, is this key.

        Raises:
            SigningError: it is neither.
        """
        digits = re.sub(r"[\s:-]", "", stated).lower()
        if _FINGERPRINT.fullmatch(digits):
            return digits == self.fingerprint.replace(" ", "")
        return parse_public(stated) == self


@dataclass(frozen=True)
class SigningKey:
    """A private key."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature of `message`."""
        return self.private.sign(message)

    def derive(self, purpose: str) -> bytes:
        """Return 32 secret bytes for one purpose, always the same ones (HKDF, RFC 5869)."""
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self.private.private_bytes_raw())


def parse_public(text: str) -> PublicKey:
    """Read a public key from its word, the first that begins with `ed25519:`, or from PEM.

    Raises:
        SigningError: there is no such key in it.
    """
    word = next((word for word in text.split() if word.startswith(_PREFIX)), None)
    try:
        if word is not None:
            raw = base64.b64decode(word.removeprefix(_PREFIX), validate=True)
            return PublicKey(Ed25519PublicKey.from_public_bytes(raw).public_bytes_raw())
        key = serialization.load_pem_public_key(text.encode())
    except (ValueError, binascii.Error, TypeError):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise SigningError("This is neither a public key (ed25519:...) nor a fingerprint of 32 hex digits.")
    return PublicKey(key.public_bytes_raw())


def stated(value: str) -> str:
    """Return what somebody stated of a key: the content of the file of that name where there is one, else the value itself.

    Raises:
        SigningError: the file cannot be read.
    """
    try:
        path = Path(value)
        return path.read_text(encoding="utf-8") if path.is_file() else value
    except (OSError, ValueError) as error:
        raise SigningError(f"The key file {value} cannot be read.") from error


def default_folder() -> Path:
    """Return where this person's key lives: `callbox` under XDG_DATA_HOME (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_DATA_HOME", "")
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "share") / "callbox"


def load_or_create(folder: Path) -> SigningKey:
    """Return the key in `folder`; make one, for this user alone, where there is none. Its public half stands beside it.

    Raises:
        SigningError: the file is not a key, or others may read it.
        OSError: the folder cannot be written.
    """
    path = folder / _PRIVATE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _create(path)
    key = load(path)
    public = folder / _PUBLIC
    if not public.exists():
        public.write_text(f"{key.public.text}\n# fingerprint {key.public.fingerprint}\n", encoding="utf-8")
    return key


def load(path: Path) -> SigningKey:
    """Read a private key from its PEM file.

    Raises:
        SigningError: there is none, it is no Ed25519 key, or others than its owner may read it.
    """
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        raise SigningError(f"The private key {path} cannot be read: {error.strerror}.") from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SigningError(f"Others may read the private key {path}. Close it with: chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise SigningError(f"{path} is not a private key without a pass phrase.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningError(f"{path} is a private key of another kind; Callbox signs with Ed25519.")
    return SigningKey(key)


def _create(path: Path) -> None:
    """Write a new key aside and link it into place: of two that start at once, one key wins and both use it."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink()
