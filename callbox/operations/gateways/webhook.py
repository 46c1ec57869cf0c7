"""Signed calls after Standard Webhooks 1.0: made, sent through the guard, and checked when they come in. Pure: no database.

What is signed is `id.timestamp.body` with HMAC-SHA256 (`v1`). Over what the reference library checks, one form alone is taken for every
header, so that no altered byte passes, not even one that would decode to the same.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import httpx
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from callbox.core.http import client, never_reached

PREFIX: Final = "whsec_"
#: Bytes a secret may have (Standard Webhooks: 24 to 64).
SHORTEST, LONGEST = 24, 64
#: The largest call that is taken in, in bytes.
MAX_BODY: Final = 64_000
#: The largest answer that is read, in bytes, and the time one call may take, in seconds.
MAX_ANSWER, SECONDS = 64_000, 10.0

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_STAMP: Final = re.compile(r"[1-9][0-9]{9}")
_SIGNATURE: Final = re.compile(r"v1,([A-Za-z0-9+/]{43}=)")

#: taken: the other side has it.  acknowledged: a person there said so at once.  unclear: it may have arrived.
#: not-reached: surely not.  denied: the other side wants none of it, so repeating helps nobody.
type Fate = Literal["taken", "acknowledged", "unclear", "not-reached", "denied"]

#: Answers after which the same call may be made again.
_LATER: Final = frozenset({408, 409, 425, 429})


class WrongSignatureError(Exception):
    """A call that is not signed by whom it should be, or is not of these minutes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call. by, reference, said: what the other side wrote, cut to what is kept."""

    fate: Fate
    by: str = ""
    reference: str = ""
    said: str = ""


def new_secret() -> str:
    """Return a fresh secret of 32 bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def is_secret(text: str) -> bool:
    """Whether this is a secret of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes."""
    try:
        return text.startswith(PREFIX) and SHORTEST <= len(base64.b64decode(text[6:], validate=True)) <= LONGEST
    except (ValueError, binascii.Error):
        return False


def signed(*secrets: str, key: str, body: str, at: datetime) -> dict[str, str]:
    """Return the headers of a call, with a signature by each secret. key: the webhook's id, the same for every repeat.  at: now."""
    moment = at.astimezone(UTC)
    signature = " ".join(Webhook(secret).sign(msg_id=key, timestamp=moment, data=body) for secret in secrets)
    return {ID: key, TIMESTAMP: str(int(moment.timestamp())), SIGNATURE: signature, "content-type": "application/json"}


def check(*secrets: str, headers: Mapping[str, str], body: bytes) -> tuple[str, dict[str, Any]]:
    """Return id and content of a call that is signed with one of the secrets and at most five minutes old or early.

    Signatures are compared in constant time (the library's `hmac.compare_digest`). More than one may be given, divided by blanks.

    Raises:
        WrongSignatureError: it is not, or what is signed is no JSON object.
    """
    given = {name: headers.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE)}
    offered = [part for part in given[SIGNATURE].split(" ") if part.startswith("v1,")]
    plain = _ID.fullmatch(given[ID]) and _STAMP.fullmatch(given[TIMESTAMP]) and 1 <= len(offered) <= 5
    if not plain or not all(_is_signature(part) for part in offered):
        raise WrongSignatureError("the headers are not those of a signed call")
    given[SIGNATURE] = " ".join(offered)
    answers = [_verified(secret, given, body) for secret in secrets]  # each is tried, so that the time tells nothing
    found = next((each for each in answers if each is not None), None)
    if not isinstance(found, dict):
        raise WrongSignatureError("it is not signed with this secret, or what is signed is no JSON object")
    return given[ID], found


def _verified(secret: str, given: Mapping[str, str], body: bytes) -> Any:
    """Return what is signed with this secret, None when nothing is."""
    try:
        return Webhook(secret).verify(body, dict(given))
    except (WebhookVerificationError, ValueError, RecursionError):
        return None


def _is_signature(part: str) -> bool:
    """Whether it is written in the one way a signature is written: the last sign before `=` carries no loose bits."""
    match = _SIGNATURE.fullmatch(part)
    return match is not None and base64.b64encode(base64.b64decode(match[1])).decode() == match[1]


def call(
    *,
    address: str,
    secrets: Sequence[str],
    key: str,
    content: Mapping[str, Any],
    at: datetime,
    private: Collection[str] = (),
) -> Answer:
    """Make one signed call and return what came of it; it never raises for what the other side does.

    secrets: the call carries a signature by each, so that the other side may know any of them.
    private: "host:port" that may have private addresses.
    """
    body = json.dumps(content, sort_keys=True, ensure_ascii=False)
    headers = signed(*secrets, key=key, body=body, at=at)
    try:
        with client(private=private, limit=MAX_ANSWER, total=SECONDS) as line:
            response = line.post(address, content=body.encode(), headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fate: Fate = "not-reached" if never_reached(error) else "unclear"
        return Answer(fate, said=_short(error, 500))
    return _read(response)


def _read(response: httpx.Response) -> Answer:
    """Return what an answer means. An acknowledgement may stand in its body; an error that may pass is repeated, another is not."""
    told = _told(response)
    said = _short(told.get("said") or f"HTTP {response.status_code}", 500)
    if response.status_code >= 500 or response.status_code in _LATER:
        return Answer("unclear", said=said)
    if not response.is_success or told.get("denied") is True:
        return Answer("denied", by=_short(told.get("by"), 160), said=said)
    fate: Fate = "acknowledged" if told.get("acknowledged") is True else "taken"
    return Answer(fate, _short(told.get("by"), 160), _short(told.get("reference"), 60), _short(told.get("said"), 500))


def _told(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _short(value: object, most: int) -> str:
    """Return what another program said as one line of text that every database takes."""
    text = "" if value is None else str(value)
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign == " ").split())[:most]


def plain(value: object, most: int) -> str:
    """Return a text of a call as it is kept; anything but a text or a whole number is nothing."""
    return _short(value, most) if isinstance(value, str | int) and not isinstance(value, bool) else ""
