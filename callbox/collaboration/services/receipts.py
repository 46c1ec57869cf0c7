"""Receipts: what we owe a partner about its share, written with the change it tells of and told by `handover` until it is heard."""

from __future__ import annotations

import uuid

from django.utils import timezone

from callbox.collaboration.models import Arrival, Receipt


def note(arrival: Arrival, said: str, text: str = "") -> Receipt:
    """Write a receipt down inside the caller's transaction."""
    now = timezone.now()
    return Receipt.objects.create(
        arrival=arrival, key=uuid.uuid4(), said=said, text=text[:2000], happened_at=now, due=now
    )
