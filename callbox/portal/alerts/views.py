"""The pages of alerts: what holds now and what is over, one alert, its file, its signature, its area."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from callbox.operations.alert_picture import WIDTHS, draw
from callbox.operations.cap.vocabulary import MEDIA_TYPE
from callbox.operations.models import Alert
from callbox.people.beats.ground import ground_of
from callbox.people.models import Agency
from callbox.portal.alerts.shown import current, over, shown
from callbox.portal.newsroom.feeds import address
from callbox.portal.page import PublicRequest, portal_page, show


@portal_page()
def alerts(request: PublicRequest, agency: Agency) -> HttpResponse:
    """List what holds now and what was ended lately."""
    return show(request, "portal/alerts/alerts.html", {"current": current(agency), "over": over(agency)})


@portal_page()
def alert(request: PublicRequest, agency: Agency, identifier: str) -> HttpResponse:
    """Show one alert in the reader's language, and what followed it."""
    row = _find(agency, identifier)
    followed = Alert.objects.published().filter(follows=row).first()
    holds = followed is None and row.kind != "Cancel" and row.expires is not None and row.expires > timezone.now()
    one = shown(row, holds=holds)
    others = [info for info in one.message.infos if info is not one.info]
    after = shown(followed, holds=False) if followed else None
    context = {"one": one, "others": others, "after": after, "before": row.follows, "widths": WIDTHS}
    return show(request, "portal/alerts/alert.html", context)


@portal_page()
def cap(request: PublicRequest, agency: Agency, identifier: str) -> HttpResponse:  # noqa: ARG001
    """Return the bytes that were published."""
    return HttpResponse(_find(agency, identifier).xml, content_type=f"{MEDIA_TYPE}; charset=utf-8")


@portal_page()
def signed(request: PublicRequest, agency: Agency, identifier: str) -> HttpResponse:  # noqa: ARG001
    """Return the file with its signature: Ed25519 (RFC 8032) over its bytes (UTF-8), in base64."""
    row = _find(agency, identifier)
    answer = {
        "key_address": address("portal_key", agency),
        "document": row.xml,
        "signature": row.signature,
        "key": row.signer,
    }
    return HttpResponse(json.dumps(answer, ensure_ascii=False, indent=1), content_type="application/json")


@portal_page()
def picture(request: PublicRequest, agency: Agency, identifier: str, wide: int) -> HttpResponse:  # noqa: ARG001
    """Draw the area."""
    one = shown(_find(agency, identifier), holds=True)
    if wide not in WIDTHS:
        raise Http404
    drawn = draw(one.info.areas, ground_of(agency), wide=wide, exercise=one.alert.exercise, danger=one.danger)
    if not drawn:
        raise Http404
    return HttpResponse(drawn, content_type="image/svg+xml")


def _find(agency: Agency, identifier: str) -> Alert:
    rows = Alert.objects.of(agency).published().select_related("follows", "agency")
    return get_object_or_404(rows, identifier=identifier)
