"""What an approval holds of one account: the rendition, what is done with it, and to which earlier post."""

from __future__ import annotations

import hashlib

from callbox.core.plain import canonical
from callbox.networks.deliveries.models import Delivery, Operation
from callbox.networks.vocabulary import Rendition


def part_of(rendition: Rendition, operation: str = Operation.PUBLISH, replaces: Delivery | None = None) -> str:
    """Return the digest an approval names for this account.

    Publishing is bound to the rendition alone. Correcting in place and taking back are bound to the post they touch as well, so that
    words approved for a new post never overwrite or remove an old one, and what was approved to be taken back is never published.
    """
    if operation == Operation.PUBLISH:
        return rendition.digest
    touched = replaces.key if replaces is not None else ""
    return hashlib.sha256(canonical([str(operation), rendition.digest, touched])).hexdigest()
