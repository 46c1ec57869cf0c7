"""One agency's contribution: levels, size band, country and month, signed, and nothing that names the agency."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from callbox.core.plain import from_plain
from callbox.core.signing import SigningKey
from callbox.maturity.scoring.evidence import Band
from callbox.maturity.scoring.profile import Profile

FORMAT = "callbox-benchmark-1"
_PURPOSE: Final = "callbox benchmark, version 1"
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,40}", re.ASCII)
_PLACE: Final = re.compile(r"[A-Za-z0-9_.-]{1,90}", re.ASCII)
#: More areas and practices than any version of the model has.
_MOST: Final = 200


class ContributionError(ValueError):
    """A contribution that cannot be used. The message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one agency shares.

    model: version of the maturity model.  country: ISO 3166-1 alpha-2.  month: first day of the month the profile speaks of.
    areas, practices: level shown by id; what does not apply is left out.  key: hex of an Ed25519 public key made for benchmarks alone,
    so that a later file of the same agency replaces its earlier one and nothing ties it to a proof pack.
    """

    model: str
    band: Band
    country: str
    month: date
    areas: Mapping[str, int]
    practices: Mapping[str, int]
    key: str
    signature: str = ""

    def body(self) -> bytes:
        """Return the bytes that are signed: canonical JSON of all fields but the signature."""
        fields = {**asdict(self), "format": FORMAT, "month": self.month.isoformat(), "band": self.band.value}
        fields.pop("signature")
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of what is signed, in hex."""
        return hashlib.sha256(self.body()).hexdigest()


def signing_key(key: SigningKey) -> Ed25519PrivateKey:
    """Return the key for benchmarks alone that belongs to an agency's signing key; nobody can tell from one that it goes with the other."""
    return Ed25519PrivateKey.from_private_bytes(key.derive(_PURPOSE))


def contribute(profile: Profile, *, country: str, key: Ed25519PrivateKey) -> Contribution:
    """Return the signed contribution of a profile.

    Raises:
        ContributionError: the size band of the agency is not stated (it would be compared with the wrong ones), or the country is
            not two letters.
    """
    if not profile.band_stated:
        raise ContributionError("State the size of the agency first: levels are compared within a size band.")
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    bare = Contribution(
        model=profile.model,
        band=profile.band,
        country=country.upper(),
        month=profile.as_of.date().replace(day=1),
        areas={area.id: area.shown for area in profile.areas if area.shown is not None},
        practices={practice.id: practice.shown for practice in profile.practices if practice.shown is not None},
        key=public,
    )
    _check_values(bare)
    return replace(bare, signature=key.sign(bare.body()).hex())


def write(contribution: Contribution) -> str:
    """Return the file's text, JSON."""
    fields = {**json.loads(contribution.body()), "signature": contribution.signature}
    return json.dumps(fields, indent=2, sort_keys=True) + "\n"


def read(text: str) -> Contribution:
    """Read and check a contribution.

    Raises:
        ContributionError: it is no contribution, its values are not plausible, or its signature does not fit.
    """
    try:
        fields = json.loads(text)
        if not isinstance(fields, dict) or fields.pop("format", None) != FORMAT:
            raise ContributionError("This is no Callbox benchmark file.")
        contribution = from_plain(Contribution, fields)
        key, signature = bytes.fromhex(contribution.key), bytes.fromhex(contribution.signature)
        Ed25519PublicKey.from_public_bytes(key).verify(signature, contribution.body())
        contribution = replace(contribution, signature=signature.hex())
    except InvalidSignature:
        raise ContributionError("The signature does not fit: the file was altered after it was signed.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ContributionError(f"{place if _PLACE.fullmatch(place) else 'A value'}: {first['msg']}.") from None
    except (json.JSONDecodeError, RecursionError):
        raise ContributionError("This is no Callbox benchmark file: it is not JSON.") from None
    except ContributionError:
        raise
    except ValueError:
        raise ContributionError("The key or the signature is not hexadecimal text of the right length.") from None
    _check_values(contribution)
    return contribution


def _check_values(contribution: Contribution) -> None:
    if len(contribution.areas) + len(contribution.practices) > _MOST:
        raise ContributionError("It names more areas and practices than a model has.")
    for name in (contribution.model, *contribution.areas, *contribution.practices):
        if not _NAME.fullmatch(name):
            raise ContributionError("A version, area or practice in it has a name that no model uses.")
    # one way of writing: a key written twice, in small and capital letters, would count as two agencies
    if contribution.key != contribution.key.lower() or len(contribution.key) != 64:
        raise ContributionError("The key is not written as 64 small hexadecimal digits.")
    for name, level in (*contribution.areas.items(), *contribution.practices.items()):
        if not 0 <= level <= 5:
            raise ContributionError(f"{name}: level {level} does not lie between 0 and 5.")
    if not (len(contribution.country) == 2 and contribution.country.isascii() and contribution.country.isupper()):
        raise ContributionError("The country is given as two capital letters, such as NO or US.")
    if contribution.month.day != 1:
        raise ContributionError("The month is given as its first day.")
