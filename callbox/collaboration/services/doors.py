"""The way to a partner: in this installation or in another one, by the same three calls."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final, Protocol

import httpx
from django.conf import settings

from callbox.collaboration import calls
from callbox.collaboration.bundle import MAX_FILE
from callbox.collaboration.keys import key_of
from callbox.collaboration.models import Partner
from callbox.collaboration.services import incoming
from callbox.collaboration.services.incoming import Answer, Word
from callbox.core import http
from callbox.core.text import SENTENCES

#: Answers to bundles and receipts are a line; anything longer is no answer of Callbox.
_ANSWER_BYTES: Final = 20_000


class UnreachedError(Exception):
    """The partner did not answer as Callbox does, so nothing is known to have been taken. code: of the sentence that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Door(Protocol):
    """What can be done at a partner's."""

    def hand_over(self, document: str, signature: str) -> Answer:
        """Give it a signed bundle.

        Raises:
            UnreachedError: it did not answer.
        """
        ...

    def tell(self, words: Sequence[Word]) -> None:
        """Give it receipts.

        Raises:
            UnreachedError: it did not answer.
        """
        ...

    def file(self, share: str, sha256: str) -> bytes:
        """Ask for the bytes of a file of a bundle it handed over.

        Raises:
            UnreachedError: it did not answer, or does not give it.
        """
        ...


def door_of(partner: Partner) -> Door:
    """Return the way to this partner."""
    return _Here(partner) if partner.local_id is not None else _There(partner)


class _Here:
    """A partner of this installation: the functions its door for machines calls."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner

    def _me(self) -> Partner:
        """Return ourselves as the partner knows us."""
        assert self._partner.local is not None  # noqa: S101 - door_of has looked
        found = incoming.partner_of(self._partner.local, key_of(self._partner.agency).public)
        if found is None:
            raise UnreachedError("share_unknown")
        return found

    def hand_over(self, document: str, signature: str) -> Answer:
        return incoming.take(partner=self._me(), document=document, signature=signature)

    def tell(self, words: Sequence[Word]) -> None:
        incoming.hear(partner=self._me(), words=words)

    def file(self, share: str, sha256: str) -> bytes:
        found = incoming.file(partner=self._me(), share=share, sha256=sha256)
        if found is None:
            raise UnreachedError("share_unknown")
        return found


@dataclass(frozen=True, slots=True)
class _There:
    """A partner of another installation, by signed calls."""

    partner: Partner

    def hand_over(self, document: str, signature: str) -> Answer:
        body = json.dumps({"document": document, "signature": signature}).encode()
        response = self._call("POST", "bundles", body)
        try:
            found = response.json()
            taken, code = bool(found["taken"]), str(found.get("code", ""))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreachedError("share_trouble") from error
        return Answer(taken, "" if taken else code if code in SENTENCES else "share_values")

    def tell(self, words: Sequence[Word]) -> None:
        self._call("POST", "receipts", json.dumps([asdict(word) for word in words]).encode())

    def file(self, share: str, sha256: str) -> bytes:
        return self._call("GET", f"files/{share}/{sha256}", b"", limit=MAX_FILE + 1).content

    def _call(self, method: str, what: str, body: bytes, *, limit: int = _ANSWER_BYTES) -> httpx.Response:
        if not self.partner.address:
            raise UnreachedError("share_unreached")
        path = f"/api/v1/shares/{self.partner.short_name}/{what}"
        url = httpx.URL(self.partner.address).copy_with(path=path)
        headers = calls.sign(
            key_of(self.partner.agency),
            method=method,
            authority=url.netloc.decode(),
            path=path,
            body=body,
            now=time.time(),
        )
        if body:
            headers["Content-Type"] = "application/json"
        try:
            with http.client(private=settings.PRIVATE_HOSTS, limit=limit) as client:
                response = client.request(method, url, content=body, headers=headers)
        except httpx.TransportError as error:
            raise UnreachedError("share_unreached") from error
        if response.status_code == httpx.codes.NOT_FOUND:
            raise UnreachedError("share_unknown")
        if response.status_code != httpx.codes.OK:
            raise UnreachedError("share_trouble")
        return response
