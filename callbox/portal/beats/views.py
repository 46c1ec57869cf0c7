"""Who polices my street: found by street, by a click, in the list."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from callbox.people.beats import streets
from callbox.people.beats.folding import asked
from callbox.people.beats.ground import Frame, ground_of
from callbox.people.models import Agency, Beat, Street
from callbox.portal.beats.calendar import calendar, to_come
from callbox.portal.beats.picture import LARGE, SMALL, draw
from callbox.portal.page import PublicRequest, portal_page, show

#: A click may miss its beat by this many pixels; closer to a border than that, both sides are offered.
BLUR = 3
#: The longest street that is looked for, characters.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What is answered. says: in words.  beats: to choose from, or the one.  choices: streets to choose from."""

    says: str
    beats: tuple[Beat, ...] = ()
    choices: tuple[str, ...] = ()
    number: str = ""


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST")
def beats(request: PublicRequest, agency: Agency) -> HttpResponse:
    """List the beats, and answer where a street or a point belongs. Neither is kept."""
    rows = list(Beat.objects.of(agency).standing())
    found = _found(request, agency) if request.method == "POST" and rows else None
    ground = ground_of(agency)
    one = found.beats[0] if found and len(found.beats) == 1 else None
    context = {
        "beats": rows,
        "found": found,
        "beat": one,
        "meetings": to_come(one) if one else (),
        "typed": request.POST.get("street", "")[:LONGEST],
        "streets": Street.objects.filter(beat__agency=agency, beat__ended_at=None).exists(),
        "pictures": [Frame.around(ground, wide=wide) for wide in (SMALL, LARGE)] if ground.keys else [],
        "version": max((row.at for row in rows), default=None),
    }
    return show(request, "portal/beats/beats.html", context)


@sensitive_variables()
def _found(request: PublicRequest, agency: Agency) -> Found:
    for wide in (SMALL, LARGE):
        x, y = (request.POST.get(f"map{wide}.{axis}", "") for axis in "xy")
        if x or y:
            return _at(agency, wide, x, y)
    return _along(agency, request.POST.get("street", ""))


@sensitive_variables()
def _at(agency: Agency, wide: int, x: str, y: str) -> Found:
    """Answer a click. Pressing Enter on the picture sends 0, 0, which is no click."""
    ground = ground_of(agency)
    known = all(each.isascii() and each.isdigit() and len(each) < 5 for each in (x, y))
    if not ground.keys or not known or (x, y) == ("0", "0"):
        return Found(_("Click on the place in the picture. Without a mouse, type your street or choose from the list."))
    frame = Frame.around(ground, wide=wide)
    longitude, latitude = frame.point(int(x), int(y))
    codes = ground.at(longitude, latitude, near=BLUR / frame.down)
    rows = tuple(Beat.objects.of(agency).standing().filter(code__in=codes))
    if not rows:
        return Found(_("This place lies outside our areas. Another agency looks after it."))
    if len(rows) > 1:
        return Found(_("This place lies close to a border. It is one of these:"), rows)
    return Found(_("This place belongs to:"), rows)


@sensitive_variables()
def _along(agency: Agency, typed: str) -> Found:
    wanted = asked(typed[:LONGEST])
    answer = streets.find(agency, wanted)
    number = str(wanted.number or "")
    if answer.choices:
        return Found(_("Which of these streets do you mean?"), choices=answer.choices, number=number)
    if not answer.street:
        return Found(
            _("We do not know this street. Check how it is written, click in the picture, or choose from the list.")
        )
    place = f"{answer.street} {number}".strip()
    if not answer.beats:
        says = _("The house %(place)s is not on our list. These look after the street:") % {"place": place}
        return Found(says, answer.along)
    if len(answer.beats) > 1:
        if wanted.number is None:
            return Found(
                _("%(place)s runs through several areas. Add the house number, or choose:") % {"place": place},
                answer.beats,
            )
        return Found(_("%(place)s lies on a border. It is one of these:") % {"place": place}, answer.beats)
    return Found(_("%(place)s belongs to:") % {"place": place}, answer.beats)


@portal_page()
def beat(request: PublicRequest, agency: Agency, code: str) -> HttpResponse:
    """Show the team of a beat, when they are there, how to reach them, where they meet residents, what they work on."""
    row = _row(agency, code)
    return show(request, "portal/beats/beat.html", {"beat": row, "meetings": to_come(row)})


@portal_page()
def meetings(request: PublicRequest, agency: Agency, code: str) -> HttpResponse:  # noqa: ARG001
    """Hand out the meetings of a beat as a calendar file."""
    row = _row(agency, code)
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    return HttpResponse(
        calendar(row, host=host, usual=_("Meeting with your officers")),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{row.code}.ics"'},
    )


@portal_page()
def picture(request: PublicRequest, agency: Agency, wide: int) -> HttpResponse:  # noqa: ARG001
    """Draw the beats."""
    ground = ground_of(agency)
    if wide not in {SMALL, LARGE} or not ground.keys:
        raise Http404
    names = dict(Beat.objects.of(agency).standing().values_list("code", "name"))
    drawn = draw(ground, Frame.around(ground, wide=wide), {code: names.get(code, "") for code in ground.keys})
    return HttpResponse(drawn, content_type="image/svg+xml")


def _row(agency: Agency, code: str) -> Beat:
    return get_object_or_404(Beat.objects.of(agency).standing().select_related("agency"), code=code)
