"""Keys: made once, private, known by their fingerprint."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from callbox.core import signing
from callbox.core.signing import SigningError, SigningKey


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "callbox"
    key = signing.load_or_create(folder)
    assert signing.load_or_create(folder).public == key.public
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["signing-key.pem", "signing-key.pub"]
    assert stat.S_IMODE((folder / "signing-key.pem").stat().st_mode) == 0o600
    assert signing.parse_public((folder / "signing-key.pub").read_text()) == key.public


def test_two_that_start_at_once_use_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = signing.load_or_create(tmp_path)
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    assert signing.load_or_create(tmp_path).public == first.public


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")
def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    signing.load_or_create(tmp_path)
    (tmp_path / "signing-key.pem").chmod(0o640)
    with pytest.raises(SigningError, match="chmod 600"):
        signing.load_or_create(tmp_path)


def test_what_is_no_key_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    with pytest.raises(SigningError, match="cannot be read"):
        signing.load(path)
    path.write_text("not a key")
    path.chmod(0o600)
    with pytest.raises(SigningError, match="not a private key"):
        signing.load(path)


def test_a_signature_fits_its_message_and_key_alone() -> None:
    key, other = (SigningKey(Ed25519PrivateKey.generate()) for _ in range(2))
    signature = key.sign(b"message")
    assert key.public.verifies(signature, b"message")
    assert not key.public.verifies(signature, b"Message")
    assert not other.public.verifies(signature, b"message")
    assert not key.public.verifies(b"short", b"message")


def test_a_key_is_recognised_by_word_pem_or_fingerprint_however_it_is_spaced() -> None:
    key, other = (SigningKey(Ed25519PrivateKey.generate()).public for _ in range(2))
    pem = serialization.PublicFormat.SubjectPublicKeyInfo
    text = Ed25519PublicKey.from_public_bytes(key.raw).public_bytes(serialization.Encoding.PEM, pem).decode()
    for stated in (key.text, f"key: {key.text}\n", text, key.fingerprint, key.fingerprint.replace(" ", ":").upper()):
        assert key.is_stated(stated)
        assert not other.is_stated(stated)
    for nonsense in ("", "ed25519:!!!", "ed25519:AAAA", "1234"):
        with pytest.raises(SigningError):
            key.is_stated(nonsense)


def test_secrets_for_a_purpose_are_always_the_same_and_differ_by_purpose_and_key() -> None:
    key, other = (SigningKey(Ed25519PrivateKey.generate()) for _ in range(2))
    assert key.derive("a") == key.derive("a")
    assert len({key.derive("a"), key.derive("b"), other.derive("a")}) == 3


def test_the_key_lives_under_the_data_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert signing.default_folder() == tmp_path / "callbox"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")  # the specification: then it is ignored
    assert signing.default_folder() == Path.home() / ".local" / "share" / "callbox"
