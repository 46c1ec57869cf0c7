"""Hostile feeds, made by this script: what each must come to. Run it for the table: `python -m tests.networks.streams.corpus`."""

from __future__ import annotations

import gzip
import resource
import time
from datetime import UTC, datetime
from typing import Final

from callbox.networks.feeds.gate import NoFeedError
from callbox.networks.feeds.reading import Window, read

#: As large as a feed may be.
SIZE: Final = 2 * 2**20


def rss(inner: str, before: str = "") -> bytes:
    """Return a feed around `inner`. before: of the document, before its root."""
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>t</title>{inner}</channel></rss>'.encode()


def atom(inner: str) -> bytes:
    """Return an Atom feed around `inner`."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{inner}</feed>'.encode()


def _item(body: str) -> str:
    return f"<item><title>t</title><description>{body}</description></item>"


def _laughs() -> bytes:
    deeper = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    return rss("<item><title>&l9;</title></item>", f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{deeper}]>")


#: What is refused whole.
REFUSED: Final[dict[str, bytes]] = {
    "billion laughs": _laughs(),
    "billion laughs, UTF-16": _laughs().decode().replace('<?xml version="1.0"?>', "").encode("utf-16"),
    "quadratic blow-up": rss(_item("&a;" * 100_000), f"<!DOCTYPE rss [<!ENTITY a '{'a' * 100_000}'>]>"),
    "a file by entity": rss(_item("&x;"), "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
    "a file by parameter entity": rss(_item("a"), "<!DOCTYPE rss [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>"),
    "150,000 attributes": rss("<item " + " ".join(f'a{n}="1"' for n in range(150_000)) + "/>"),
    "200,000 times the same attribute": rss("<item " + 'a="1" ' * 200_000 + "/>"),
    "90,000 namespaces": rss("<item " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(90_000)) + "/>"),
    "60 attributes": rss("<item " + " ".join(f'a{n}="1"' for n in range(60)) + "/>"),
    "an attribute without end": b"<rss a='" + b"x" * (SIZE - 8),
    "300,000 levels deep": rss("<a>" * 300_000),
    "half a million elements": rss("<a/>" * 500_000)[:SIZE],
    "70,000 items": rss("<item><title>a</title></item>" * 70_000)[:SIZE],
    "a type without end": b"<!DOCTYPE rss [" + b"<!ELEMENT a (b)>" * 100_000,
    "UTF-32": rss(_item("a") * 100).decode().replace('<?xml version="1.0"?>', "").encode("utf-32"),
    "a web page": b"<!doctype html><html><body>" + b"<p>x" * 1_000,
    "a JSON feed": b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
    "nothing": b"",
    "noise": bytes(range(256)) * 4_000,
    "packed": gzip.compress(rss(_item("a"))),
}

#: What is read, within limits.
READ: Final[dict[str, bytes]] = {
    "a type from another server": rss(_item("a"), "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:1/x.dtd'>"),
    "a file by XInclude": rss(
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>' + _item("a")
    ),
    "7,000 items": rss("".join(f"<item><title>a{n}</title><guid>{n}</guid></item>" for n in range(7_000))),
    "one title of 2 MB": rss(f"<item><title>{'x' * (SIZE - 300)}</title></item>"),
    "600,000 tags in one description": rss(_item("<![CDATA[" + "<b>" * 600_000 + "]]>")),
    "900,000 open comments": rss(_item("<![CDATA[" + "<!" * 900_000 + "]]>")),
    "400,000 ampersands": rss(_item("&amp;" * 400_000)),
    "900,000 ampersands that end nowhere": rss(_item("&a" * 900_000)),
    "brackets that open": b"<rss>" + b"<" * (SIZE - 10),
    "brackets that close": b"<rss>" + b">" * (SIZE - 10),
    "a comment without end": b"<rss><!--" + b"-" * (SIZE - 20),
    "an instruction without end": b"<rss><?" + b"x" * (SIZE - 20),
    "a text without end": b"<rss><channel><item><title><![CDATA[" + b"]" * (SIZE - 60),
    "given attributes of 100 kB": rss(_item("a"), f"<!DOCTYPE rss [<!ATTLIST title a CDATA '{'x' * 100_000}'>]>"),
    "30,000 elements with given attributes": rss(
        "<item/>" * 30_000,
        "<!DOCTYPE rss [<!ATTLIST item " + " ".join(f"a{n} CDATA '{'x' * 1_000}'" for n in range(30)) + ">]>",
    ),
    "UTF-7": b'<?xml version="1.0" encoding="utf-7"?>+ADw-rss+AD4-<rss><channel/></rss>',
    "an encoding nobody knows": b'<?xml version="1.0" encoding="none-such"?>' + rss(_item("hi"))[21:],
    "broken UTF-8": rss(_item("a")).replace(b">t<", b">\xc0\xbcscript\xed\xa0\x80 \xff<"),
    "signs that are none": rss(_item("a\0b&#0;&#xD800;&#x110000;&#99999999999999999999;")),
    "times that are none": rss(
        "".join(
            f"<item><title>t{n}</title><pubDate>{each}</pubDate></item>"
            for n, each in enumerate(("1" * 100_000, "Mon " * 30_000, "Mon, 01 Jan 99999 00:00:00 GMT", "-" * 100_000))
        )
    ),
    "a time of 1 MB": atom(f"<entry><title>t</title><updated>{'9' * 500_000}{'-' * 500_000}</updated></entry>"),
    "binary content": atom(
        f"<entry><title>t</title><content type='application/x'>{'QUFB' * 400_000}</content></entry>"
    ),
    "entries in entries": atom("<entry><title>t</title>" * 50 + "</entry>" * 50),
    "an id of 1 MB": rss(f"<item><title>t</title><guid>{'i' * 1_000_000}</guid></item>"),
    "a link that runs": rss("<item><title>t</title><link>javascript:alert(1)</link></item>"),
}


def outcome(data: bytes) -> Window | str:
    """Return what is read, or why it is refused."""
    try:
        return read(data, address="https://feed.example/rss", seen=datetime.now(UTC))
    except NoFeedError as error:
        return str(error)


def main() -> None:
    """Print the table."""
    print("| feed | bytes | CPU s | memory so far | outcome |\n|---|---|---|---|---|")
    for name, data in (REFUSED | READ).items():
        began = time.process_time()
        found = outcome(data)
        spent = time.process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        said = f"refused: {found}" if isinstance(found, str) else f"{len(found.posts)} read, {found.unreadable} empty"
        print(f"| {name} | {len(data):,} | {spent:.2f} | {memory} MB | {said} |")


if __name__ == "__main__":
    main()
