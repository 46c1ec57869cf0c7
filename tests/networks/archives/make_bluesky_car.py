"""Makes golden/bluesky/pds.car on a real personal data server, with what the server answered beside it as the expected rows.

Needs a PDS (npm @atproto/dev-env gives one on loopback) and the client library `atproto`, neither of which the tests need:

    python make_bluesky_car.py --pds http://localhost:2583 --to golden/bluesky
"""

from __future__ import annotations

import argparse
import json
import secrets
import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

POST = "app.bsky.feed.post"


class Person:
    """An account on the server."""

    def __init__(self, pds: str, name: str) -> None:
        from atproto import Client  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - not of the locked libraries

        self.client = Client(f"{pds}/xrpc")
        handle, password = f"{name}-{secrets.token_hex(3)}.test", secrets.token_hex(8)
        invited: Any = {"handle": handle, "email": f"{handle}@example.org", "password": password}
        session = self.client.com.atproto.server.create_account(invited)
        self.did: str = session.did
        self.client.request.add_additional_header("Authorization", f"Bearer {session.access_jwt}")

    def blob(self, data: bytes, kind: str) -> dict[str, Any]:
        answer = self.client.com.atproto.repo.upload_blob(data, headers={"Content-Type": kind})
        blob: dict[str, Any] = json.loads(answer.blob.model_dump_json(by_alias=True))
        return blob

    def create(self, collection: str, record: dict[str, Any], rkey: str | None = None) -> dict[str, str]:
        data: Any = {"repo": self.did, "collection": collection, "record": {"$type": collection, **record}}
        answer = self.client.com.atproto.repo.create_record(data | ({"rkey": rkey} if rkey else {}))
        return {"uri": answer.uri, "cid": answer.cid}


def png() -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")
    )


def main() -> None:
    """Write the repository and the rows it must give."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pds", required=True)
    parser.add_argument("--to", required=True, type=Path)
    options = parser.parse_args()
    police, resident = Person(options.pds, "politi"), Person(options.pds, "innbygger")
    clock = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
    rows: list[dict[str, Any]] = []

    def post(record: dict[str, Any], *, at: str | None = None, **expected: Any) -> dict[str, str]:
        nonlocal clock
        clock += timedelta(hours=7)
        stated = at or clock.isoformat().replace("+00:00", ".000Z")
        made = police.create(POST, {"createdAt": stated, **record})
        expected.setdefault("at", None if at else clock.isoformat())  # null: the server's own clock decides
        media = {"images": 0, "images_described": 0, "videos": 0, "videos_captioned": 0}
        rows.append({"post": made["uri"], "action": "post", "text": record["text"], **media, **expected})
        return made

    def picture(alt: str) -> dict[str, Any]:
        return {"image": police.blob(png(), "image/png"), "alt": alt}

    police.create("app.bsky.actor.profile", {"displayName": "Politiet i Nordvik 👮"}, rkey="self")
    question = resident.create(POST, {"text": "Er veien åpen?", "createdAt": clock.isoformat().replace("+00:00", "Z")})

    first = post({"text": "Trafikkuhell på E6 ved Nordvik. Veien er stengt.", "langs": ["nb-NO"]}, language="nb")
    own = {"root": first, "parent": first}
    second = post(
        {"text": "Oppdatering: ett felt åpnet.", "langs": ["nb"], "reply": own},
        language="nb", action="reply", addressee="self", thread=first["uri"],
    )  # fmt: skip
    own = {"root": first, "parent": second}
    post(
        {"text": "Veien er åpen.", "langs": ["nb"], "reply": own},
        language="nb", action="reply", addressee="self", thread=first["uri"],
    )  # fmt: skip
    post(
        {"text": "Ja, fra klokka 14.", "reply": {"root": question, "parent": question}},
        action="reply", addressee="other", thread=None,
    )  # fmt: skip
    pictures = {"$type": "app.bsky.embed.images", "images": [picture("En politibil foran en låve"), picture("")]}
    post({"text": "To bilder, ett beskrevet", "embed": pictures}, images=2, images_described=1)
    pictures = {
        "$type": "app.bsky.embed.images",
        "images": [picture("image.png"), picture("IMG_2031"), picture("bilde")],
    }
    post({"text": "Tre bilder med innholdsløs tekst", "embed": pictures}, images=3)
    quoted = {"$type": "app.bsky.embed.record", "record": question}
    post({"text": "Et godt spørsmål", "embed": quoted}, action="quote")
    both = {
        "$type": "app.bsky.embed.recordWithMedia",
        "record": quoted,
        "media": {"$type": "app.bsky.embed.images", "images": [picture("Kart over omkjøringen")]},
    }
    post({"text": "Omkjøring", "embed": both}, action="quote", images=1, images_described=1)
    link = {
        "uri": "https://politi.example/rad",
        "title": "Råd",
        "description": "Lås sykkelen",
        "thumb": police.blob(png(), "image/png"),
    }
    facet = {
        "index": {"byteStart": 0, "byteEnd": 5},
        "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://politi.example/rad"}],
    }
    post(
        {
            "text": "Råd: lås sykkelen",
            "facets": [facet],
            "embed": {"$type": "app.bsky.embed.external", "external": link},
        }
    )
    captions = [{"lang": "nb", "file": police.blob(b"WEBVTT\n\n00:00.000 --> 00:01.000\nHei\n", "text/vtt")}]
    film = police.blob(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video/mp4")
    post(
        {"text": "Film med tekst", "embed": {"$type": "app.bsky.embed.video", "video": film, "captions": captions, "alt": "En film"}},
        videos=1, videos_captioned=1,
    )  # fmt: skip
    post({"text": "Film uten tekst", "embed": {"$type": "app.bsky.embed.video", "video": film}}, videos=1)
    post({"text": "Denne klokka går foran", "langs": ["und"]}, at="2091-01-01T00:00:00.000Z")
    gone = police.create(POST, {"text": "Slettet", "createdAt": clock.isoformat().replace("+00:00", "Z")})
    police.client.com.atproto.repo.delete_record(
        {"repo": police.did, "collection": POST, "rkey": gone["uri"].rpartition("/")[2]}
    )
    police.create("app.bsky.feed.threadgate", {"post": first["uri"], "createdAt": clock.isoformat().replace("+00:00", "Z")},
                  rkey=first["uri"].rpartition("/")[2])  # fmt: skip
    police.create("app.bsky.feed.like", {"subject": question, "createdAt": clock.isoformat().replace("+00:00", "Z")})
    moment = clock + timedelta(hours=1)
    shared = police.create(
        "app.bsky.feed.repost", {"subject": question, "createdAt": moment.isoformat().replace("+00:00", "Z")}
    )
    rows.append({"post": shared["uri"], "action": "repost", "at": moment.isoformat()})
    # Enough posts for an index of several nodes.
    for number in range(40):
        post({"text": f"Døgnmelding {number + 1}", "langs": ["nb"]}, language="nb")

    car = police.client.com.atproto.sync.get_repo({"did": police.did})
    (options.to / "pds.car").write_bytes(car)
    expected = {"did": police.did, "name": "Politiet i Nordvik 👮", "posts": rows}
    (options.to / "pds.server.json").write_text(
        json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"{len(rows)} rows, {len(car)} bytes")


if __name__ == "__main__":
    main()
