"""`python -m tests.servers.reply NETWORK read|answer|write [WORDS]`: be a resident of `make demo-networks`.

read: what the agency said, newest first, and what it answered you.  answer: reply to its newest.  write: address it out of the blue.
"""

from __future__ import annotations

import argparse
import json

from tests.servers.demo import RUNNING
from tests.servers.networks import Networks
from tests.servers.residents import body, plain


def main() -> None:
    """Do what was asked for, as the resident of that network."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers.reply", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("network", choices=("mastodon", "bluesky", "email"))
    parser.add_argument("what", choices=("read", "answer", "write"))
    parser.add_argument("words", nargs="?", default="")
    asked = parser.parse_args()
    if not RUNNING.exists():
        raise SystemExit("`make demo-networks` is not running.")
    found = Networks.from_plain(json.loads(RUNNING.read_text(encoding="utf-8")))
    if asked.network not in found.connections:
        raise SystemExit(f"{asked.network} could not be started here.")
    said = _said(found, asked.network)
    if asked.what == "read":
        print("\n\n".join(words for _name, words in said) or "Nothing yet.")
        return
    if not asked.words:
        raise SystemExit("Say it, in quotation marks.")
    _write(found, asked.network, said, asked.words, answering=asked.what == "answer")
    print("Sent. Callbox collects about once a minute.")


def _said(found: Networks, network: str) -> list[tuple[str, str]]:
    """Return what the agency said, newest first: the name of each post and its words."""
    if network == "mastodon":
        return [(str(each.id), plain(each.content)) for each in found.on_mastodon.timeline()]
    if network == "bluesky":
        return [(each["uri"], each["record"]["text"]) for each in found.on_bluesky.posts()]
    letters = reversed(found.by_mail.server.letters(found.by_mail.me))
    return [(str(each["Message-ID"]), f"{each['Subject']}\n{body(each)}") for each in letters]


def _write(found: Networks, network: str, said: list[tuple[str, str]], words: str, *, answering: bool) -> None:
    if answering:
        if not said:
            raise SystemExit("The agency has said nothing there yet.")
        found.residents[network].reply(said[0][0], words)
    elif network == "mastodon":
        raise SystemExit("snac names nobody whose server has a port in its name; answer a post instead.")
    elif network == "bluesky":
        found.on_bluesky.mention(words)
    else:
        found.by_mail.mention(words)


if __name__ == "__main__":
    main()
