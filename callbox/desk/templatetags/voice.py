"""Tags of the pages of voice: an hour on the agency's clock, a state in words, an account's name, a message's first words."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from callbox.core.text import SENTENCES
from callbox.desk.clock import zone_of
from callbox.desk.voice.words import CONNECTIONS, DELIVERIES, MESSAGES, Word
from callbox.networks.deliveries.models import Delivery
from callbox.networks.registry import NETWORKS
from callbox.networks.vocabulary import Content
from callbox.people.models import Agency

register = template.Library()

#: Why Callbox stopped a delivery, or what it knows of one that is unclear.
_OURS = frozenset(words for code, words in SENTENCES.items() if code.startswith(("held_", "late_", "unclear_")))


@register.simple_tag(takes_context=True)
def hour(context: template.Context, moment: datetime | None, *, day: bool = True) -> SafeString | str:
    """Write a moment as the agency's clocks show it, zone beside it, UTC for the one who rests on it. day: with its date."""
    if moment is None:
        return ""
    agency: Agency = context["agency"]
    local = moment.astimezone(zone_of(agency))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        f"{formats.date_format(local, 'D j M Y, H:i' if day else 'H:i')} {local.tzname()}",
    )


@register.simple_tag(takes_context=True)
def clock(context: template.Context, moment: datetime) -> str:
    """Return the hour alone, without its zone: for a calendar that names the zone once."""
    return f"{moment.astimezone(zone_of(context['agency'])):%H:%M}"


@register.inclusion_tag("voice/parts/state.html")
def message_state(state: str) -> dict[str, Word]:
    """Show the state of a message."""
    return {"word": MESSAGES[state]}


@register.inclusion_tag("voice/parts/state.html")
def delivery_state(state: str) -> dict[str, Word]:
    """Show the state of a delivery."""
    return {"word": DELIVERIES[state]}


@register.inclusion_tag("voice/parts/state.html")
def connection_state(state: str) -> dict[str, Word]:
    """Show the state of a connection."""
    return {"word": CONNECTIONS[state]}


@register.filter
def means(state: str) -> str:
    """Return what the state of a delivery means, in a sentence."""
    return str(DELIVERIES[state].means)


@register.filter
def said_by_us(delivery: Delivery) -> bool:
    """Whether what stands beside a delivery was said by Callbox or by one of us, and not by the network."""
    return delivery.state == "given-up" or delivery.said in _OURS


@register.filter
def person_name(author: str) -> str:
    """Return somebody's name on a network without the network before it."""
    return author.partition(":")[2] or author


@register.filter
def network_name(account: str) -> str:
    """Return the network of an account by its name for people."""
    kind = account.partition(":")[0]
    return str(NETWORKS[kind].label) if kind in NETWORKS else kind.capitalize()


@register.filter
def handle(account: str) -> str:
    """Return an account's name on its network."""
    return account.partition(":")[2]


@register.filter
def first_words(content: Content) -> str:
    """Return what a list calls a message: its title, or its first words."""
    return Truncator(content.title or " ".join(content.text.split())).chars(80) or _("Without words yet")


@register.simple_tag(takes_context=True)
def zone_name(context: template.Context) -> str:
    """Return the name of the agency's time zone."""
    return zone_of(context["agency"]).key
