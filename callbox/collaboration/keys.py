"""The agency's signing key: the one that signs its newsroom and its proof packs signs what it shares."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from callbox.core.signing import SigningKey, load_or_create
from callbox.people.models import Agency


def key_of(agency: Agency) -> SigningKey:
    """Return the agency's key, made on first use and readable by this installation alone.

    Raises:
        SigningError: the file is not a key, or others may read it.
        OSError: it cannot be written.
    """
    return load_or_create(Path(settings.DATA) / "keys" / str(agency.pk))
