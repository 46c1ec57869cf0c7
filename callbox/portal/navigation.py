"""What a resident can do here, written out. An entry shows when its page exists."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do. label: in the navigation.  says: on the first page, what it is for."""

    url_name: str
    label: str | Promise
    says: str | Promise


ENTRIES = (
    Entry("portal_news", _("News"), _("What we tell you, in our own words, with every correction.")),
    Entry("portal_alerts", _("Alerts"), _("What holds now, what you should do, and what is over.")),
    Entry("portal_beats", _("Who polices my street"), _("The officers for where you live or work.")),
    Entry("portal_ask", _("Ask us"), _("A question that is not urgent. You get a page for the answer.")),
    Entry("portal_subscribe", _("Get news by e-mail"), _("Only what you choose. One click ends it.")),
    Entry("portal_tip", _("Give a tip"), _("Tell us what you know. You need not say who you are.")),
    Entry("portal_case", _("Your report"), _("How it stands, with the number and words we gave you.")),
    Entry("portal_accounts", _("Our accounts"), _("Which accounts are really ours.")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry as a page shows it."""

    label: str | Promise
    says: str | Promise
    url: str
    current: bool


def places(agency: Agency, path: str) -> list[Place]:
    """Return what can be done at `agency`; current: the reader is there."""
    found = []
    for entry in ENTRIES:
        try:
            url = reverse(entry.url_name, kwargs={"agency": agency.slug})
        except NoReverseMatch:  # the page is not built yet
            continue
        found.append(Place(entry.label, entry.says, url, path.startswith(url)))
    return found
