"""The values of CAP in plain words, for those who choose and those who read."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callbox.desk.voice.words import Word

type Choices = tuple[tuple[str, str | Promise], ...]

CATEGORY: Final[Choices] = (
    ("Safety", _("Safety: a danger to everybody")),
    ("Security", _("Security: police, military")),
    ("Rescue", _("Rescue: people to be found or brought out")),
    ("Fire", _("Fire")),
    ("Met", _("Weather and flood")),
    ("Health", _("Health")),
    ("Transport", _("Transport")),
    ("Infra", _("Electricity, water, telephone")),
    ("CBRNE", _("Chemical, radiation, explosives")),
    ("Env", _("Pollution")),
    ("Geo", _("Earthquake, landslide")),
    ("Other", _("Something else")),
)
RESPONSE: Final[Choices] = (
    ("Shelter", _("Stay inside")),
    ("Evacuate", _("Leave the area")),
    ("Avoid", _("Keep away")),
    ("Prepare", _("Prepare")),
    ("Execute", _("Do what was prepared")),
    ("Monitor", _("Watch and listen")),
    ("AllClear", _("It is over")),
    ("None", _("Nothing to do")),
)
URGENCY: Final[Choices] = (
    ("Immediate", _("Immediate: act now")),
    ("Expected", _("Expected: act within the hour")),
    ("Future", _("Future: act soon")),
    ("Past", _("Past: no need to act any more")),
    ("Unknown", _("Unknown")),
)
SEVERITY: Final[Choices] = (
    ("Extreme", _("Extreme: extraordinary danger to life")),
    ("Severe", _("Severe: great danger to life or property")),
    ("Moderate", _("Moderate: possible danger")),
    ("Minor", _("Minor: hardly any danger")),
    ("Unknown", _("Unknown")),
)
CERTAINTY: Final[Choices] = (
    ("Observed", _("Observed: it happened or goes on")),
    ("Likely", _("Likely: more likely than not")),
    ("Possible", _("Possible: may be, probably not")),
    ("Unlikely", _("Unlikely")),
    ("Unknown", _("Unknown")),
)
LANGUAGE_NAMES: Final = {"en": "English", "es": "Español", "fr": "Français", "ar": "العربية", "de": "Deutsch"}

STATES: Final[dict[str, Word]] = {
    "draft": Word(_("Draft"), _("Being written."), ""),
    "submitted": Word(_("Waits for approval"), _("Two people who wrote none of it must approve it."), "warn"),
    "approved": Word(_("Approved by two"), _("It can be published."), "warn"),
    "published": Word(_("Out"), _("Published; it is only followed, never changed."), "good"),
    "dropped": Word(_("Put away"), _("It was never published."), ""),
}
KINDS: Final[dict[str, str | Promise]] = {"Alert": _("Alert"), "Update": _("Update"), "Cancel": _("Cancel")}


def plain(choices: Choices, value: str) -> str:
    """Return what a value says to people."""
    return str(dict(choices).get(value, value))
