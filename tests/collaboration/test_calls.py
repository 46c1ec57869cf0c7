"""Signed calls between installations, held against the standard's own example."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from callbox.collaboration import calls
from callbox.core.signing import load_or_create, parse_public

#: RFC 9421, appendix B.2.6: a request signed with the key `test-key-ed25519` of B.1.4.
KEY = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----"""
COVERED = [
    ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
    ("@method", "POST"),
    ("@path", "/foo"),
    ("@authority", "example.com"),
    ("content-type", "application/json"),
    ("content-length", "18"),
]
PARAMS = '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
CALL = {"method": "POST", "authority": "callbox.example", "path": "/api/v1/shares/valley/bundles", "body": b"{}"}


def test_the_example_of_the_standard_verifies() -> None:
    assert parse_public(KEY).verifies(base64.b64decode(SIGNATURE), calls.base(COVERED, PARAMS))


def test_a_signed_call_is_genuine_and_names_its_caller(tmp_path: Path) -> None:
    key = load_or_create(tmp_path)
    headers = calls.sign(key, **CALL, now=1000.0)  # type: ignore[arg-type]
    assert calls.caller(headers) == key.public
    assert calls.is_genuine(headers, **CALL, now=1000.0 + calls.SKEW)  # type: ignore[arg-type]
    assert calls.is_genuine(headers, **CALL, now=1000.0 - calls.SKEW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"authority": "other.example"},
        {"path": "/api/v1/shares/valley/receipts"},
        {"body": b"{ }"},
        {"now": 1000.0 + calls.SKEW + 1},
        {"now": 1000.0 - calls.SKEW - 1},
    ],
)
def test_another_call_or_another_hour_is_not_genuine(tmp_path: Path, change: dict[str, object]) -> None:
    headers = calls.sign(load_or_create(tmp_path), **CALL, now=1000.0)  # type: ignore[arg-type]
    assert not calls.is_genuine(headers, **{**CALL, "now": 1000.0, **change})  # type: ignore[arg-type]


def test_headers_of_anything_else_name_nobody() -> None:
    for said in ("", "sig1=()", 'callbox=("@method");created=1;keyid="x"', "callbox=" * 1000):
        assert calls.caller({"Signature-Input": said}) is None
        assert not calls.is_genuine({"Signature-Input": said}, **CALL, now=1.0)  # type: ignore[arg-type]
