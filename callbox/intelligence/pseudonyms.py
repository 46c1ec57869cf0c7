"""Who wrote something becomes a pseudonym before any disk sees it: the same for the same author of one agency, nobody's name.

A pseudonym is an HMAC-SHA256 (RFC 2104) with a key that is derived (HKDF-SHA256) for each agency from the key that seals tokens, so that
neither a stolen database nor another agency can tell who is meant. A new key gives everybody new pseudonyms. Beside it the name itself is
sealed, to be opened with a reason and two people.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from callbox.core.secrets import Vault
from callbox.intelligence.models import Sighting

#: Signs of a pseudonym after its first one: 80 bits.
_SIGNS: Final = 16

#: What names an account in a text: addresses of letters, @handles of one or two parts, identifiers of Bluesky, addresses of profiles.
#: Possessive runs behind a look back, so that a long run of letters is read once and not once from each of them.
_NAMES: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]++@\w[\w-]*+(?:\.[\w-]++)+"
    r"|(?<![\w@＠])[@＠]\w(?:[\w.-]*\w)?(?:[@＠]\w(?:[\w.-]*\w)?)?"
    r"|\bdid:[a-z]++:[\w.:%-]++"
    r"|(?<![\w-])[\w-]++\.bsky\.social\b"
    r"|\b(?:bsky\.app/profile|(?:twitter|x|facebook|instagram|tiktok)\.com|threads\.net|t\.me|medium\.com)/@?[\w.-]++",
    re.IGNORECASE,
)
#: One of these is in every such name.
_MARKS: Final = ("@", "＠", "did:", ".bsky.social", ".com/", ".net/", ".me/", ".app/")


class Pseudonyms:
    """The pseudonyms of one agency. keys: as `core.secrets.Vault` takes them, the newest first; the newest counts.

    Raises:
        ValueError: there is no key.
    """

    def __init__(self, keys: Sequence[str], *, agency: int) -> None:
        if not keys:
            raise ValueError("pseudonyms need a key")
        derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"callbox pseudonyms {agency}".encode())
        self._key = derive.derive(keys[0].encode())

    def of(self, network: str, name: str) -> str:
        """Return the pseudonym of an account; empty for nobody."""
        if not name:
            return ""
        made = hmac.digest(self._key, f"{network}\n{name.lower()}".encode("utf-8", "replace"), "sha256")
        return "p" + base64.b32encode(made).decode().lower()[:_SIGNS]

    def veiled(self, text: str, *, network: str, author_name: str = "") -> str:
        """Return `text` with the names of accounts in it replaced by pseudonyms, and the author's own name where it has two words."""
        if named(text):
            text = _NAMES.sub(lambda found: "@" + self.of(network, found[0].lstrip("@＠")), text)
        name = author_name.strip()
        if " " in name and name in text:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "@" + self.of(network, name), text)
        return text


def named(text: str) -> bool:
    """Whether a name of an account may be in `text`; cheap."""
    lowered = text.lower()
    return any(mark in lowered for mark in _MARKS)


def nameless(text: str) -> str:
    """Return `text` without the names of accounts: what is matched, so that no watch can listen for an account."""
    return _NAMES.sub(" ", text) if named(text) else text


def of_agency(agency: int) -> Pseudonyms:
    """Return the pseudonyms of the agency of that primary key, with the keys of this installation."""
    return Pseudonyms(settings.TOKEN_KEYS, agency=agency)


def vault() -> Vault:
    """Return what seals the author, the network's own id and the address of a sighting."""
    return Vault(settings.TOKEN_KEYS, purpose="author of a sighting")


def open_author(sighting: Sighting) -> dict[str, str]:
    """Return who wrote a sighting: `author` (the network's id of them), `name`, `id` (the network's of the post), `url`; what was told
    of them. Only `services.reveals` may ask, after the event is in the trail.

    Raises:
        SealBrokenError: no key opens it.
    """
    return vault().open(sighting.sealed)
