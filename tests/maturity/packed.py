"""An invented agency whose record fills every table, its proof pack, and ways to tamper with it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from callbox.core import merkle
from callbox.core.signing import SigningKey
from callbox.maturity.model import loader
from callbox.maturity.proof import pack
from callbox.maturity.scoring import probes
from callbox.maturity.scoring import score as scoring
from callbox.maturity.scoring.evidence import Attestation, Band, Exemption, Standing
from callbox.maturity.scoring.profile import Profile
from callbox.networks.ledger import Ledger
from tests.networks.measures.record import MAIN, account, ago, answer, contact, ledger, post

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
STANDING = Standing(
    band=Band.UNDER_25,
    attestations=(
        Attestation(
            "V1.1.owner",
            "Purpose, signed",
            "Alice Adams",
            date(2026, 1, 1),
            sha256="ab" * 32,
            reviewer="Bob Brown",
            reviewed_on=date(2026, 1, 2),
        ),
    ),
    exemptions=(Exemption("C6", "the county does this", "Bob Brown", date(2026, 12, 1)),),
    declared={"V3": 4},
)


def record() -> Ledger:
    """Return the agency's record: every table, posts older than any measure looks, a silent second account."""
    posts = [
        post(day + 0.1, post=f"post-{day}", likes=day % 7, reposts=1, images=1, images_described=day % 2, language="en")
        for day in range(200)
    ]
    posts += [answer(day, post=f"answer-{day}", thread=f"post-{day}") for day in range(1, 40)]
    posts += [post(5, post="u1", urgent=True, release="river-7", language="en", likes=3, reposts=9, kind="inform")]
    posts += [post(400, post="old", account="paper:silent"), post(390, post="older", account="paper:silent")]
    contacts = [contact(2 + day, timedelta(hours=day % 30)) for day in range(60)]
    for number, row in enumerate(contacts):
        row |= {"contact": f"contact-{number}", "thread": f"thread-{number}"}
    codings = [
        {"account": MAIN, "post": f"post-{day}", "coder": coder, "prevention": day % 4 == 0, "services": False}
        for day in range(40)
        for coder in ("Carol Clark", "Dan Davis")
    ]
    tips = [
        {"day": ago(day).date(), "threat": day % 4 == 0, "settled": day % 9 > 0, "outcome": "useful", "promoted": False}
        | {"minutes_to_open": 10, "minutes_to_settle": 60 * day, "told": day % 3 > 0}
        for day in range(80)
    ]
    return ledger(
        posts,
        tips=tips,
        moderation=[
            {"account": MAIN, "at": ago(day), "ground": "threat", "copied": True, "appealed_at": ago(day - 1)}
            for day in range(1, 200, 9)
        ],
        notifications=[
            {"at": ago(day), "told_at": ago(day - 0.5), "kind": "theft", "excluded": day % 50 == 0}
            for day in range(1, 200, 4)
        ],
        watches=[
            {"at": ago(day), "until": ago(day - 5), "kind": "watch", "purpose": True, "tier": "overt"}
            | {"approver": True, "exception": day % 70 == 0}
            for day in range(10, 200, 10)
        ],
        records=[
            {"day": ago(day).date(), "review_by": ago(day - 90).date(), "papers": True} for day in range(1, 95, 2)
        ],
        **_of_incidents(),
        products=[
            {"day": ago(day).date(), "verdict": "confirmed", "rated": day % 5 > 0, "corroborated": day % 7 > 0}
            for day in range(1, 80, 2)
        ],
        partners=[
            {"sector": sector, "named": True, "contacted": ago(9).date()} for sector in ("schools", "media", "faith")
        ],
        shares=[{"release": "river-7", "at": ago(4.98)}],
        beats=[
            {"named": True, "channel": True, "asked": 3, "in_time": True},
            {"named": True, "channel": False, "asked": 0},
        ],
        staffing=[
            {"at": ago(day), "until": ago(day - 0.4), "people": 2, "on_call": False, "zone": "Europe/Oslo"}
            for day in range(1, 90)
        ],
        contacts=contacts,
        codings=codings,
        languages=[{"language": "en"}, {"language": "es"}],
        releases=[{"release": "river-7", "language": "es", "at": ago(4.99), "urgent": True, "checked": True}],
        accounts=[
            account(linked=True, admins=2, second_factor=True, handle="mill-valley-police", as_of=ago()),
            account("paper:silent", carries=["media"], linked=False, source="old-archive-of-sergeant-evans.zip"),
        ],
    )


def _of_incidents() -> dict[str, Any]:
    return {
        "incidents": [
            {"at": ago(day), "flagged_from": "command", "first_word_at": ago(day - 0.02)}
            | {"critical": day % 2 == 0, "frozen_at": ago(day - 0.005)}
            for day in range(3, 200, 9)
        ],
        "updates": [
            {"incident": f"incident:{day}", "at": ago(day - later), "closed_at": ago(day - 0.2)}
            for day in range(3, 200, 9)
            for later in (0.0, 0.01, 0.03)
        ],
        "claims": [
            {"at": ago(day), "safety": day % 3 == 0, "confirmed": day % 31 > 0, "wrong": day % 5 == 0}
            | {"corrected_at": ago(day - 0.02) if day % 15 == 0 else None}
            for day in range(1, 200, 2)
        ],
        "rules": [{"read": True, "doubtful": 0}],
        "exercises": [
            {"at": ago(day), "kind": "exercise", "partners": 1, "alerted": True, "actions": 4, "actions_closed": 3}
            for day in range(5, 300, 30)
        ],
        "alerts": [
            {"at": ago(day), "kind": "Alert", "exercise": False, "severity": "Severe", "approvers": 2, "valid": True}
            | {"expires": ago(day - 0.5)}
            for day in range(4, 300, 40)
        ],
    }


def profile(of: Ledger, standing: Standing = STANDING) -> Profile:
    """Return the profile of a record."""
    measures = probes.measure_all(of)
    return scoring.score(loader.load(), measures, standing, agency=of.agency, as_of=of.as_of, record={"files": 1})


def written(path: Path, key: SigningKey = KEY) -> Path:
    """Write the agency's pack and return its path."""
    agency = record()
    pack.write(path, ledger=agency, profile=profile(agency), standing=STANDING, key=key)
    return path


def members(path: Path) -> dict[str, bytes]:
    """Return the content of a zip file by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """Write files as a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tampered(path: Path, name: str, change: Callable[[bytes], bytes], into: Path) -> Path:
    """Write a copy of a pack in which one member is changed."""
    files = members(path)
    files[name] = change(files[name])
    return zipped(into, files)


def signed_again(files: dict[str, bytes], key: SigningKey) -> dict[str, bytes]:
    """Return the files with a manifest that fits them as they are now, signed with `key`: what a careful forger does."""

    files = dict(files)
    for name in [name for name in files if name.startswith("tables/")]:
        leaves = pack.row_hashes(files[name])
        rows = "".join(f"{leaf.hex()[: pack.ROW_DIGITS]}\n" for leaf in leaves)
        files[name.replace("tables/", "rows/").replace(".csv", ".txt")] = rows.encode()
    manifest = json.loads(files["manifest.json"])
    for name, entry in manifest["files"].items():
        entry |= {"sha256": hashlib.sha256(files[name]).hexdigest(), "size": len(files[name])}
        if "root" in entry:
            leaves = pack.row_hashes(files[name])
            entry |= {"rows": len(leaves), "root": merkle.root(leaves).hex()}
    files["manifest.json"] = json.dumps(manifest).encode()
    message = b"callbox proof pack 1\n" + files["manifest.json"]
    signature = {"algorithm": "Ed25519", "public_key": key.public.raw.hex(), "signature": key.sign(message).hex()}
    files["signature.json"] = json.dumps(signature).encode()
    return files
