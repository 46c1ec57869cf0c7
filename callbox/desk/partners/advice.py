"""The advice on partners in words: whom to approach next, and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from callbox.collaboration.advice import FRESH, Advice
from callbox.collaboration.models.partners import Sector
from callbox.collaboration.services import map as known
from callbox.desk.clock import zone_of
from callbox.people.models import Agency
from callbox.trust.models import Conversation

#: Shown at once; more would be a list, not advice.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence with where to go. url: empty where there is nothing to open."""

    what: str
    why: str
    url: str


def next_steps(agency: Agency) -> list[Told]:
    """Return the first things to do, in words."""
    today = timezone.now().astimezone(zone_of(agency)).date()
    rows = Conversation.objects.of(agency).filter(opened_at__gte=timezone.now() - FRESH).exclude(language="")
    heard: dict[str, int] = {}
    for language, count in rows.order_by().values_list("language").annotate(Count("pk")):
        tag = language.partition("-")[0].lower()
        heard[tag] = heard.get(tag, 0) + count
    found = known.advice(agency, heard=heard, today=today)
    empty = [str(Sector(each.about).label) for each in found if each.code == "sector"]
    first = next((each for each in found if each.code == "sector"), None)
    told = []
    for each in found:
        if each is first:
            told.append(_sectors(agency, each.about, empty))
        elif each.code != "sector":
            told.append(_sentence(agency, each))
    return told[:SHOWN]


def _sectors(agency: Agency, first: str, labels: list[str]) -> Told:
    """Name every sector in which nobody is known in one line, so that the other advice keeps its place."""
    why = _("Nobody is on the map there, and they reach people you do not.")
    new = reverse("new_partner", kwargs={"agency": agency.slug})
    return Told(_("Find a partner in: %(sectors)s") % {"sectors": ", ".join(labels)}, why, f"{new}?sector={first}")


def _sentence(agency: Agency, each: Advice) -> Told:
    values = each.values or {}
    here = {"agency": agency.slug}
    of_partner = reverse("partner", kwargs={**here, "pk": each.partner}) if each.partner else ""
    new = reverse("new_partner", kwargs=here)
    if each.code == "language":
        return Told(_("Find somebody who reaches people who speak %(language)s") % {"language": _language(each.about)},
                    _heard(int(str(values["heard"]))), new)  # fmt: skip
    if each.code == "nobody":
        why = _("A partner without a name and a number cannot be called tonight.")
        return Told(_("Ask %(partner)s who answers there") % {"partner": each.about}, why, of_partner)
    if each.code == "touch":
        return Told(_("Talk with %(partner)s") % {"partner": each.about}, _last(values["last"]), of_partner)
    if each.code == "paper":
        why = _("The agreement ends on %(day)s. After that nothing can be shared.") % {"day": _day(values["ends"])}
        return Told(_("Renew the agreement with %(partner)s") % {"partner": each.about}, why, of_partner)
    why = _("Of %(offered)d urgent messages they passed on %(passed)d. Ask what they would need to pass on more.")
    return Told(_("Ask %(partner)s about urgent messages") % {"partner": each.about}, why % values, of_partner)


def _language(tag: str) -> str:
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


def _heard(count: int) -> str:
    if not count:
        return _("You have adopted this language for urgent messages, and no partner reaches the people who speak it.")
    said = ngettext(
        "%(n)d conversation in the last 90 days was in it, and no partner reaches the people who speak it.",
        "%(n)d conversations in the last 90 days were in it, and no partner reaches the people who speak it.",
        count,
    )
    return said % {"n": count}


def _last(day: object) -> str:
    if day is None:
        return _("Nobody has spoken with them yet.")
    return _("Nobody has spoken with them since %(day)s.") % {"day": _day(day)}


def _day(day: object) -> str:
    return date_format(day, "j F Y")  # type: ignore[arg-type]  # the advice gives days here
