"""What crosses from one agency to another: a bundle of declared fields, as canonical JSON, signed with Ed25519. Pure.

A bundle holds what the public would see of a message and what the other agency must know to handle it: nothing of the row behind it,
no number of a row, no name of a person. Bytes of pictures are not in it; they are asked for by their digest with a signed call.

The signature is made over `callbox-share/1`, a line feed and the canonical bytes (sorted keys, no blanks, UTF-8). A document that is
not written exactly so is refused, so that two readers never see two things in the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import ValidationError

from callbox.collaboration.rules import KINDS, LABELS
from callbox.core.plain import canonical, from_plain, to_plain
from callbox.core.signing import PublicKey, SigningKey

FORMAT: Final = "callbox-share/1"
#: The largest document, in bytes.
MAX_DOCUMENT: Final = 200_000
#: The largest file that is handed over, in bytes, and how many one bundle may name.
MAX_FILE: Final = 25_000_000
MAX_FILES: Final = 10
_LONGEST: Final = {
    "title": 300,
    "text": 20_000,
    "alt": 2_000,
    "link": 1_000,
    "purpose": 2_000,
    "why": 500,
    "sender_name": 160,
}
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SHARE: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
_SLUG: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")


class BundleError(Exception):
    """A bundle that is not taken. code: of the sentence that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class File:
    """A picture or video. sha256: of its bytes.  captions: digest of the WebVTT file of a video, empty without one.  size: bytes."""

    sha256: str
    kind: Literal["image", "video"]
    type: str
    size: int
    alt: str
    captions: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the public would see. texts: BCP 47 -> words.  not_before: the hour until which it is held back (ISO 8601), or empty.

    title: in the language it was written in.  titles: BCP 47 -> title, that one among them, where there are words in several languages.
    """

    title: str
    texts: Mapping[str, str]
    link: str
    urgent: bool
    files: tuple[File, ...] = ()
    not_before: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    def title_in(self, language: str) -> str:
        """Return the title in a language, empty where there is none: a title in another language heads no words."""
        return self.titles.get(language, "") if self.titles else self.title

    @property
    def spoken(self) -> list[tuple[str, str, str]]:
        """Each language with a title of its own, empty where the words begin with it or there is but one for all, and its words."""
        found = ((language, self.titles.get(language, ""), text) for language, text in self.texts.items())
        return [(language, "" if text.startswith(title) else title, text) for language, title, text in found]


@dataclass(frozen=True, slots=True)
class Bundle:
    """One version of one share for one agency. `shown` is absent from a recall, whose reason is `why`.

    sender, recipient: short names of the agencies.  purpose: of the agreement.  label: TLP 2.0.  expires, made: ISO 8601 with offset.
    """

    share: str
    version: int
    kind: str
    sender: str
    sender_name: str
    recipient: str
    purpose: str
    label: str
    made: str
    expires: str = ""
    recalls: bool = False
    why: str = ""
    shown: Shown | None = None
    format: str = field(default=FORMAT)

    def document(self) -> str:
        """Return the text that is signed."""
        return canonical(self.plain()).decode()

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        found: dict[str, Any] = to_plain(self)
        if self.shown is not None and not self.shown.titles:
            del found["shown"]["titles"]  # it came later: what does not need it looks as it always did
        return found

    @property
    def ends(self) -> datetime | None:
        """Until when it may be used."""
        return datetime.fromisoformat(self.expires) if self.expires else None

    @property
    def digests(self) -> frozenset[str]:
        """Of every file that belongs to it."""
        files = self.shown.files if self.shown else ()
        return frozenset(each for file in files for each in (file.sha256, file.captions) if each)


def digest(document: str) -> str:
    """SHA-256 of the document."""
    return digest_of_bytes(document.encode())


def digest_of_bytes(data: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


def sign(document: str, key: SigningKey) -> str:
    """Return the signature of a document, base64."""
    return base64.b64encode(key.sign(_signed(document))).decode()


def is_signed(document: str, signature: str, key: PublicKey) -> bool:
    """Whether the owner of `key` signed the document."""
    try:
        return key.verifies(base64.b64decode(signature, validate=True), _signed(document))
    except (binascii.Error, ValueError):
        return False


def _signed(document: str) -> bytes:
    return f"{FORMAT}\n{document}".encode()


def parse(document: str) -> Bundle:
    """Read a document whose signature was checked.

    Raises:
        BundleError: too large, not a bundle, another format, or a value that no agency of good will sends.
    """
    try:
        raw = document.encode()
        if len(raw) > MAX_DOCUMENT:
            raise BundleError("share_large")
        found = json.loads(raw)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise BundleError("share_format")
        bundle = from_plain(Bundle, found)
        if bundle.document() != document:
            raise BundleError("share_format")
    except (ValueError, ValidationError, RecursionError) as error:
        raise BundleError("share_format") from error
    if not all(_sound(bundle)):
        raise BundleError("share_values")
    return bundle


def from_row(plain: Mapping[str, Any]) -> Bundle:
    """Return what `plain` wrote, from our own database."""
    return from_plain(Bundle, dict(plain))


def _sound(bundle: Bundle) -> Iterator[bool]:
    yield bool(_SHARE.fullmatch(bundle.share))
    yield 1 <= bundle.version <= 1_000_000
    yield bundle.kind in KINDS
    yield bundle.label in LABELS
    yield bool(_SLUG.fullmatch(bundle.sender) and _SLUG.fullmatch(bundle.recipient))
    yield _short(purpose=bundle.purpose, why=bundle.why, sender_name=bundle.sender_name)
    yield _hour(bundle.made)
    yield not bundle.expires or _hour(bundle.expires)
    yield bundle.recalls == (bundle.shown is None)
    if bundle.shown is not None:
        yield from _sound_words(bundle.shown)


def _sound_words(shown: Shown) -> Iterator[bool]:
    yield _short(title=shown.title, link=shown.link)
    yield 1 <= len(shown.texts) <= 20
    yield all(_LANGUAGE.fullmatch(language) and _short(text=text) for language, text in shown.texts.items())
    yield all(language in shown.texts and _short(title=title) for language, title in shown.titles.items())
    yield not shown.link or bool(_LINK.fullmatch(shown.link))
    yield not shown.not_before or _hour(shown.not_before)
    yield len(shown.files) <= MAX_FILES
    for file in shown.files:
        yield bool(_DIGEST.fullmatch(file.sha256)) and (not file.captions or bool(_DIGEST.fullmatch(file.captions)))
        yield 0 < file.size <= MAX_FILE and 0 <= file.width <= 100_000 and 0 <= file.height <= 100_000
        yield _short(alt=file.alt) and len(file.type) <= 60 and "\0" not in file.type


def _short(**values: str) -> bool:
    """Whether every value is no longer than its field allows and can be kept by every database."""
    return all(len(value) <= _LONGEST[name] and "\0" not in value for name, value in values.items())


def _hour(text: str) -> bool:
    try:
        return len(text) <= 40 and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
