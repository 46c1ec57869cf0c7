"""The desk's navigation, written out by area. An entry shows when the person's role may open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.people.models import Agency
from callbox.people.roles import ALLOWED, Action, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. section: what a page names in `{% block section %}` to be marked as current."""

    section: str
    label: str | Promise
    url_name: str
    action: Action


#: Each group with its entries, in the order they are shown.
GROUPS: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (_("Today"), (Entry("today", _("Today"), "today", Action.READ_PROFILE),)),
    (
        _("Voice"),
        (
            Entry("messages", _("Messages"), "messages", Action.READ_MESSAGES),
            Entry("calendar", _("Calendar"), "calendar", Action.READ_MESSAGES),
            Entry("campaigns", _("Campaigns"), "campaigns", Action.READ_MESSAGES),
            Entry("goals", _("Goals"), "goals", Action.READ_MESSAGES),
            Entry("accounts", _("Accounts"), "accounts", Action.READ_EVIDENCE),
            Entry("sent_alone", _("Sent alone"), "sent_alone", Action.READ_MESSAGES),
        ),
    ),
    (
        _("Trust"),
        (
            Entry("inbox", _("Inbox"), "inbox", Action.READ_INBOX),
            Entry("tips", _("Tips"), "tips", Action.READ_TIPS),
            Entry("tip_keys", _("Keys of tips"), "tip_keys", Action.ALLOW_TIP_KEY),
            Entry("moderation", _("Hidden comments"), "moderation", Action.READ_INBOX),
            Entry("cases", _("Updates"), "cases", Action.UPDATE_CASE),
            Entry("subscriptions", _("Subscribers"), "subscriptions", Action.READ_SUBSCRIPTIONS),
            Entry("beats", _("Beats"), "beats", Action.CHANGE_PORTAL),
        ),
    ),
    (
        _("Collaboration"),
        (
            Entry("partners", _("Partners"), "partners", Action.READ_PARTNERS),
            Entry("arrivals", _("Shared with us"), "arrivals", Action.READ_PARTNERS),
            Entry("shares", _("Shared by us"), "shares", Action.READ_PARTNERS),
        ),
    ),
    (
        _("Intelligence"),
        (
            Entry("events", _("Events"), "events", Action.READ_EVENTS),
            Entry("watches", _("Watches"), "watches", Action.READ_WATCHES),
            Entry("sources", _("Sources"), "sources", Action.READ_SOURCES),
        ),
    ),
    (
        _("Operations"),
        (
            Entry("incidents", _("Incidents"), "incidents", Action.READ_INCIDENTS),
            Entry("alerts", _("Alerts"), "alerts", Action.READ_ALERTS),
            Entry("roster", _("Roster"), "roster", Action.READ_STAFFING),
            Entry("drills", _("Drills"), "drills", Action.READ_DRILLS),
            Entry("gateways", _("Gateways"), "gateways", Action.CHANGE_GATEWAY),
        ),
    ),
    (
        _("Maturity"),
        (
            Entry("profile", _("Profile"), "profile", Action.READ_PROFILE),
            Entry("practices", _("Practices"), "practices", Action.READ_PROFILE),
            Entry("evidence", _("Evidence"), "evidence", Action.READ_EVIDENCE),
            Entry("assessments", _("Assessments"), "assessments", Action.READ_PROFILE),
            Entry("roadmap", _("Roadmap"), "roadmap", Action.READ_PROFILE),
            Entry("compare", _("Compare"), "compare", Action.COMPARE),
            Entry("reports", _("Reports"), "reports", Action.READ_PROFILE),
        ),
    ),
    (
        _("Agency"),
        (
            Entry("people", _("People"), "people", Action.READ_PEOPLE),
            Entry("retention", _("Retention"), "retention", Action.READ_RETENTION),
            Entry("audit", _("Audit"), "audit", Action.READ_AUDIT),
            Entry("portal", _("Portal"), "portal_settings", Action.CHANGE_PORTAL),
            Entry("settings", _("Settings"), "agency_settings", Action.CHANGE_AGENCY),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry as a page shows it. count: how many things wait there for a decision."""

    section: str
    label: str | Promise
    url: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Some entries under one name; the name leads to the first of them."""

    label: str | Promise
    places: tuple[Place, ...]

    @property
    def url(self) -> str:
        """Where the name leads."""
        return self.places[0].url

    @property
    def count(self) -> int:
        """How many things wait in it."""
        return sum(place.count for place in self.places)

    def holds(self, section: str) -> bool:
        """Whether the entry of this name is among them."""
        return any(place.section == section for place in self.places)


def groups(agency: Agency, role: Role, counts: Mapping[str, int] | None = None) -> list[Group]:
    """Return what someone with `role` sees in the navigation of `agency`; a group without an entry for them is left out.

    counts: section -> how many things wait there.
    """
    waiting = counts or {}
    found = []
    for label, entries in GROUPS:
        allowed = (entry for entry in entries if role in ALLOWED[entry.action])
        seen = tuple(
            Place(entry.section, entry.label, _url(entry, agency), waiting.get(entry.section, 0)) for entry in allowed
        )
        if seen:
            found.append(Group(label, seen))
    return found


def _url(entry: Entry, agency: Agency) -> str:
    return reverse(entry.url_name, kwargs={"agency": agency.slug})
