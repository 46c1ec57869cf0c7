"""The desk's navigation, written out. An entry shows when its page exists and the person's role may open it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
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


ENTRIES = (
    Entry("inbox", _("Inbox"), "inbox", Action.READ_INBOX),
    Entry("tips", _("Tips"), "tips", Action.READ_TIPS),
    Entry("messages", _("Messages"), "messages", Action.READ_MESSAGES),
    Entry("calendar", _("Calendar"), "calendar", Action.READ_MESSAGES),
    Entry("goals", _("Goals"), "goals", Action.READ_MESSAGES),
    Entry("campaigns", _("Campaigns"), "campaigns", Action.READ_MESSAGES),
    Entry("profile", _("Profile"), "profile", Action.READ_PROFILE),
    Entry("practices", _("Practices"), "practices", Action.READ_PROFILE),
    Entry("evidence", _("Evidence"), "evidence", Action.READ_EVIDENCE),
    Entry("assessments", _("Assessments"), "assessments", Action.READ_PROFILE),
    Entry("accounts", _("Accounts"), "accounts", Action.READ_EVIDENCE),
    Entry("roadmap", _("Roadmap"), "roadmap", Action.READ_PROFILE),
    Entry("compare", _("Compare"), "compare", Action.COMPARE),
    Entry("reports", _("Reports"), "reports", Action.READ_PROFILE),
    Entry("record", _("Record"), "record", Action.READ_RECORD),
    Entry("retention", _("Retention"), "retention", Action.READ_RETENTION),
    Entry("audit", _("Audit"), "audit", Action.READ_AUDIT),
    Entry("people", _("People"), "people", Action.READ_PEOPLE),
    Entry("settings", _("Settings"), "agency_settings", Action.CHANGE_AGENCY),
)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry as a page shows it."""

    section: str
    label: str | Promise
    url: str


def places(agency: Agency, role: Role) -> list[Place]:
    """Return what someone with `role` sees in the navigation of `agency`."""
    found = []
    for entry in ENTRIES:
        if role not in ALLOWED[entry.action]:
            continue
        try:
            url = reverse(entry.url_name, kwargs={"agency": agency.slug})
        except NoReverseMatch:  # the page is not built yet
            continue
        found.append(Place(entry.section, entry.label, url))
    return found
