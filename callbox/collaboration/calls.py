"""Signed calls between installations: HTTP Message Signatures (RFC 9421) with Ed25519 over method, host, path and digest of the body. Pure.

Why not Standard Webhooks, which gateways use: its keys belong to one direction and it signs a body alone. Here both sides call each
other with the key that signs their bundles, and a picture is asked for with a GET that has no body.

One profile is spoken and nothing else is understood: the label `callbox`, these four components in this order, `created`, `keyid`
(the public key itself, `ed25519:...`) and `alg`. The digest of the body follows RFC 9530. A call that is older or younger than five
minutes is refused. Within them it may be repeated, and that is harmless: whatever it brings is kept once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from callbox.core.signing import PublicKey, SigningError, SigningKey, parse_public

#: Seconds that the clocks of two installations may differ.
SKEW: Final = 300
_COMPONENTS: Final = ("@method", "@authority", "@path", "content-digest")
_INPUT: Final = re.compile(
    r'callbox=\("@method" "@authority" "@path" "content-digest"\);created=(\d{1,11});keyid="(ed25519:[A-Za-z0-9+/=]{44})";alg="ed25519"'
)
_DIGEST: Final = re.compile(r"sha-256=:[A-Za-z0-9+/]{43}=:")
_SIGNATURE: Final = re.compile(r"callbox=:([A-Za-z0-9+/=]{88}):")


def base(covered: Sequence[tuple[str, str]], params: str) -> bytes:
    """Return the signature base of RFC 9421 section 2.5."""
    lines = [f'"{name}": {value}' for name, value in (*covered, ("@signature-params", params))]
    return "\n".join(lines).encode()


def body_digest(body: bytes) -> str:
    """Return the value of Content-Digest (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign(key: SigningKey, *, method: str, authority: str, path: str, body: bytes, now: float) -> dict[str, str]:
    """Return the headers that prove who calls. authority: host, with its port where it is not the usual one.  now: seconds, Unix."""
    names = " ".join(f'"{name}"' for name in _COMPONENTS)
    params = f'({names});created={int(now)};keyid="{key.public.text}";alg="ed25519"'
    signature = base64.b64encode(key.sign(base(_values(method, authority, path, body_digest(body)), params))).decode()
    return {
        "Content-Digest": body_digest(body),
        "Signature-Input": f"callbox={params}",
        "Signature": f"callbox=:{signature}:",
    }


def caller(headers: Mapping[str, str]) -> PublicKey | None:
    """Return whose key a call names, before anything is believed; None when it is no signed call."""
    found = _INPUT.fullmatch(headers.get("Signature-Input", ""))
    try:
        return parse_public(found[2]) if found else None
    except SigningError:
        return None


def is_signed(headers: Mapping[str, str], *, method: str, authority: str, path: str, now: float) -> bool:
    """Whether the owner of the named key signed these headers, for this address, now. What it costs does not depend on the body.

    The body is not looked at: `is_whole` says whether it is the one whose digest was signed.
    """
    found, key = _INPUT.fullmatch(headers.get("Signature-Input", "")), caller(headers)
    given = _SIGNATURE.fullmatch(headers.get("Signature", ""))
    digest = headers.get("Content-Digest", "")
    if (
        found is None
        or key is None
        or given is None
        or not _DIGEST.fullmatch(digest)
        or abs(now - int(found[1])) > SKEW
    ):
        return False
    params = found[0].removeprefix("callbox=")
    try:
        signature = base64.b64decode(given[1], validate=True)
    except binascii.Error:
        return False
    return key.verifies(signature, base(_values(method, authority, path, digest), params))


def is_whole(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this is the body whose digest stands in the headers."""
    return headers.get("Content-Digest", "") == body_digest(body)


def is_genuine(headers: Mapping[str, str], *, method: str, authority: str, path: str, body: bytes, now: float) -> bool:
    """Whether the owner of the named key made this very call, now."""
    return is_whole(headers, body) and is_signed(headers, method=method, authority=authority, path=path, now=now)


def _values(method: str, authority: str, path: str, digest: str) -> list[tuple[str, str]]:
    values = (method.upper(), authority.lower(), path, digest)
    return list(zip(_COMPONENTS, values, strict=True))
