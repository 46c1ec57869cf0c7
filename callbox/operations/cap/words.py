"""What is wrong with an alert, in words: a code, its place, and the values its sentence names. Pure; pages translate the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from callbox.core.text import gettext_noop as N_  # noqa: N812 - as catalogues of words are marked


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing. place: where in the alert, in the words of the standard (`info en, area 1, polygon 2`, `line 12`), empty for all of it.

    Raises:
        KeyError: the code has no sentence, or its sentence names a value that is missing.
    """

    code: str
    place: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        SENTENCES[self.code] % dict(self.values)

    @property
    def sentence(self) -> str:
        """The English sentence with its place."""
        said = SENTENCES[self.code] % dict(self.values)
        return f"{self.place}: {said}" if self.place else said

    def within(self, place: str) -> Problem:
        """Return it with a place around its own."""
        return Problem(self.code, f"{place}, {self.place}" if self.place else place, self.values)


SENTENCES: Final[dict[str, str]] = {
    # a file that cannot be read
    "too_large": N_("the file has more than %(limit)d bytes; nothing of it was read"),
    "too_many_parts": N_("the file has more than %(limit)d parts; nothing of it was read"),
    "bad_encoding": N_("the file is not written in the alphabet it names; save it as UTF-8"),
    "odd_encoding": N_("the file names the alphabet %(name)s; save it as UTF-8"),
    "has_doctype": N_("the file declares a document type of its own; an alert has none, so it was not read"),
    "not_xml": N_("this is no XML: %(said)s"),
    "not_cap": N_("this is no CAP 1.2 alert but begins with “%(name)s”"),
    "other_version": N_("this is written in CAP %(version)s; Callbox reads CAP 1.2"),
    "against_schema": N_("the schema of CAP 1.2 does not allow this: %(said)s"),
    "bad_point": N_("“%(text)s” is no point; a point is latitude,longitude in degrees, like 51.5072,-0.1276"),
    "bad_circle": N_("“%(text)s” is no circle; a circle is latitude,longitude, a blank, and kilometres"),
    "bad_reference": N_("“%(text)s” is no reference; a reference is sender,identifier,sent"),
    "bad_time": N_("“%(text)s” is no time that any calendar has"),
    # where it holds
    "not_a_number": N_("a coordinate is not a number"),
    "latitude_out": N_("latitude %(value)s lies outside -90 to 90"),
    "longitude_out": N_("longitude %(value)s lies outside -180 to 180"),
    "swapped": N_("latitude and longitude seem to be swapped; CAP writes latitude first"),
    "far_away": N_("this lies more than %(limit)d km away from the agency’s own ground"),
    "too_few_points": N_("a shape needs three corners and the first of them again; here are %(n)d points"),
    "too_many_points": N_("%(n)d points; leave it at %(limit)d so that every receiver can use it"),
    "not_closed": N_("the shape is not closed: its last point is not its first"),
    "same_point": N_("point %(n)d stands there twice in a row"),
    "crosses_itself": N_("the outline crosses or touches itself near %(where)s"),
    "spike": N_("the outline runs out to point %(n)d and straight back: take the point out"),
    "no_ground": N_("the shape covers no ground"),
    "across_180": N_("the shape crosses the 180th meridian; draw one on either side of it"),
    "nested": N_("this shape lies inside %(other)s; CAP has no holes, so leave one of them out"),
    "no_radius": N_("a circle needs a radius above 0 km"),
    "large_radius": N_("a circle of %(value)s km is larger than %(limit)d km"),
    "hole": N_("the shape has a hole, which CAP cannot say; draw it without"),
    "not_geojson": N_(
        "this is neither GeoJSON with a Polygon or MultiPolygon nor points like 51.50,-0.12 51.51,-0.12 …"
    ),
    # names and references
    "bad_name": N_("“%(text)s” has a blank, a comma, < or & in it, or is empty"),
    "status_refused": N_("the status %(status)s is not sent from here; only Actual and Exercise are"),
    "exercise_as_actual": N_("this is an exercise and must not be called %(status)s"),
    "actual_as_exercise": N_("this is no exercise and must not be called %(status)s"),
    "exercise_unmarked": N_("the headline of an exercise begins with “%(word)s”"),
    "exercise_unnoted": N_("an exercise says in its note what it is for"),
    "actual_marked": N_("“%(word)s” stands in the headline, but this is no exercise"),
    "kind_refused": N_("the message type %(kind)s is not sent from here; only Alert, Update and Cancel are"),
    "scope_refused": N_("an alert from here is public, not %(scope)s"),
    "no_reference": N_("an %(kind)s names the alert it follows; this one names none"),
    "needless_reference": N_("a new alert follows nothing, but this one names an earlier one"),
    "unknown_reference": N_("%(reference)s is no published alert of this agency"),
    "not_newest": N_("it does not name the newest published alert of its line"),
    "other_exercise": N_("an exercise follows only an exercise, and an actual alert only an actual one"),
    # what it says
    "no_info": N_("nothing is said yet"),
    "same_language": N_("there are two texts in this language"),
    "missing": N_("%(what)s is missing"),
    "half_translated": N_("%(what)s is said in %(first)s but not in this language"),
    "languages_differ": N_("%(what)s is not the same as in %(first)s"),
    "too_long": N_("%(what)s has %(length)d characters; leave it at %(limit)d"),
    "bad_text": N_("%(what)s holds a sign that no XML file can"),
    "blank_left": N_("“%(text)s” still stands in %(what)s: fill it in or take it out"),
    "expired": N_("it expires before it could be sent"),
    "expires_early": N_("it expires before it begins"),
    "expires_late": N_(
        "it would hold for more than %(days)d days; choose an earlier end and send an update when it lasts"
    ),
    "bad_web": N_("the web address is no http or https address"),
    "no_area": N_("no area is given"),
    "area_unnamed": N_("the area is not described in words"),
    "area_unshaped": N_("the area has neither a shape nor a circle nor a code"),
    "not_as_written": N_("the finished alert does not read as it was written; nothing was published"),
    # where it also goes
    "real_account": N_("%(account)s is a real account; an exercise goes to accounts on paper only"),
}
