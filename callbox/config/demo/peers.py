"""Seven invented agencies of the same size that have shared their levels, as the files they would have sent."""

from __future__ import annotations

import random
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from callbox.maturity.benchmark.contribution import contribute, write
from callbox.maturity.model import loader
from callbox.maturity.scoring.evidence import Band
from callbox.maturity.scoring.grading import grade
from callbox.maturity.scoring.profile import PracticeResult, Profile

#: Where the invented agencies lie, and the level most of their practices stand at.
PEERS = (("GB", 1), ("GB", 2), ("IE", 1), ("NO", 2), ("DK", 3), ("NL", 3), ("FI", 2))


def files(*, band: Band, now: datetime) -> list[tuple[str, bytes]]:
    """Return name and content of the seven files; the same ones for the same month."""
    model = loader.load()
    found = []
    for number, (country, usual) in enumerate(PEERS, start=1):
        rng = random.Random(f"callbox peer {number}")  # noqa: S311 - invented levels, not a secret
        practices = [
            PracticeResult(one.id, one.area, gate=one.gate, shown=level, at_most=5)
            for one in model.practices
            for level in [min(5, max(0, usual + rng.choice((-1, 0, 0, 0, 1))))]
        ]
        profile = Profile(
            agency=f"Invented agency {number}",
            as_of=now,
            model=model.version,
            band=band,
            band_stated=True,
            areas=grade(model, practices),
            practices=tuple(practices),
        )
        key = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
        found.append((f"agency-{number}.json", write(contribute(profile, country=country, key=key)).encode()))
    return found
