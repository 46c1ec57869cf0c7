"""The networks and what each asks for, in plain words. What stands in no list goes by its own name."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Words = str | Promise

#: What a network is, in a sentence, where a person chooses one.
NETWORKS: dict[str, Words] = {
    "mastodon": _("An account on any Mastodon server, or one that speaks like it."),
    "bluesky": _("An account on Bluesky or a server of the same protocol."),
    "email": _("Letters to a mailing list, through your own mail server."),
    "newsroom": _("Your own public page with every message and its corrections, as a page and as a feed."),
    "paper": _("Writes into files on this machine, for practice. Nobody outside sees it."),
}

#: (network, field) or field -> label and help.
FIELDS: dict[str | tuple[str, str], tuple[Words, Words]] = {
    "server": (_("Server"), _("Its address, for example https://mastodon.example.")),
    ("bluesky", "server"): (_("Server"), _("https://bsky.social, unless the agency has a server of its own.")),
    ("email", "server"): (_("Mail server for sending"), _("Its name, for example mail.example.")),
    "port": (_("Port"), _("587 or 465 as a rule.")),
    "security": (_("How the line is protected"), ""),
    "imap_server": (_("Mail server where answers arrive"), _("Its name. Empty when nobody collects answers.")),
    "imap_port": (_("Port of that server"), _("993 as a rule.")),
    "unsubscribe": (
        _("Address that ends a subscription"),
        _("Stands under every letter; {key} in it becomes the key of the letter."),
    ),
    "handle": (_("Name of the account"), _("Without the @.")),
    ("bluesky", "handle"): (
        _("Name of the account"),
        _("For example police.example or police.bsky.social, without the @."),
    ),
    ("paper", "handle"): (_("Name"), _("Any short name. Callbox keeps a folder of that name.")),
    "token": (
        _("Access token"),
        _(
            "On the server: Preferences, Development, New application; read and write are enough. Copy “Your access token”."
        ),
    ),
    ("email", "name"): (_("Name of the sender"), _("As people see it, for example Riverton Police.")),
    ("bluesky", "password"): (
        _("App password"),
        _("On Bluesky: Settings, Privacy and security, App passwords. Not the password you sign in with."),
    ),
    "password": (_("Password"), ""),
    "user": (_("Name to sign in with"), _("Empty if the server asks for none.")),
    "sender": (_("Sender"), _("The address letters come from, for example news@police.example.")),
    "name": (_("Name"), ""),
}

#: What is chosen instead of typed.
CHOICES: dict[tuple[str, str], tuple[tuple[str, Words], ...]] = {
    ("email", "security"): (
        ("starttls", _("STARTTLS (port 587)")),
        ("tls", _("TLS from the beginning (port 465)")),
        ("none", _("None, for a server on this machine")),
    ),
}
#: Sealed like a secret, and yet shown while it is typed.
READABLE = frozenset({"user"})


def field_words(kind: str, name: str) -> tuple[Words, Words]:
    """Return label and help of one thing a network asks for."""
    plain = name.replace("_", " ").capitalize()
    return FIELDS.get((kind, name)) or FIELDS.get(name) or (plain, "")


def network_words(kind: str) -> Words:
    """Return what a network is, in a sentence; nothing for one nobody has described."""
    return NETWORKS.get(kind, "")
