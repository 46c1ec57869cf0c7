"""What holds now as Atom (RFC 4287), each entry leading to its CAP file; exercises in a feed of their own, for those who test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from lxml import etree

from callbox.operations.cap.vocabulary import MEDIA_TYPE, NAMESPACE
from callbox.operations.cap.writing import polygon_text
from callbox.operations.models import Alert
from callbox.people.models import Agency
from callbox.portal.alerts.shown import Shown, shown
from callbox.portal.newsroom.feeds import address
from callbox.portal.page import PublicRequest, portal_page

_ATOM: Final = "http://www.w3.org/2005/Atom"


@portal_page()
def atom(request: PublicRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Return actual alerts until they expire, the last of every line; a cancel is among them, so that receivers take its line down."""
    return _feed(agency, "portal_alerts_atom", _("Alerts of %(agency)s") % {"agency": agency.name}, exercise=False)


@portal_page()
def test_atom(request: PublicRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Return exercises alone."""
    title = _("Exercises of %(agency)s: nothing in here is real") % {"agency": agency.name}
    return _feed(agency, "portal_alerts_test_atom", title, exercise=True)


def _feed(agency: Agency, name: str, title: str, *, exercise: bool) -> HttpResponse:
    rows = Alert.objects.of(agency).holding(timezone.now()).filter(exercise=exercise).order_by("-sent", "-pk")
    found = [shown(row, holds=True) for row in rows]
    status = "Exercise" if exercise else "Actual"
    found = [each for each in found if each.message.status == status]  # as the bytes say it, whatever a row says
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM, "cap": NAMESPACE})
    newest = max((each.message.sent for each in found), default=datetime(1970, 1, 1, tzinfo=UTC))
    _put(feed, "id", address(name, agency))
    _put(feed, "title", title)
    _put(feed, "updated", newest.isoformat())
    _link(feed, "self", "application/atom+xml", address(name, agency))
    _link(feed, "alternate", "text/html", address("portal_alerts", agency))
    _put(etree.SubElement(feed, f"{{{_ATOM}}}author"), "name", agency.name)
    for each in found:
        _entry(etree.SubElement(feed, f"{{{_ATOM}}}entry"), agency, each)
    etree.indent(feed)
    data = etree.tostring(feed, xml_declaration=True, encoding="UTF-8")
    return HttpResponse(data, content_type="application/atom+xml; charset=utf-8")


def _entry(entry: etree._Element, agency: Agency, one: Shown) -> None:
    """Write one entry, with the values of CAP that let a reader choose without fetching every file."""
    info, sent = one.info, one.message.sent.isoformat()
    file = address("portal_alert_cap", agency, identifier=one.alert.identifier)
    _put(entry, "id", file)
    _put(entry, "title", info.headline)
    _put(entry, "updated", sent)
    _put(entry, "published", sent)
    _link(entry, "alternate", MEDIA_TYPE, file)
    _link(entry, "related", "text/html", address("portal_alert", agency, identifier=one.alert.identifier))
    _put(entry, "summary", "\n\n".join(filter(None, (info.description, info.instruction))))
    values = {
        "status": one.message.status,
        "msgType": one.message.kind,
        "event": info.event,
        "urgency": info.urgency,
        "severity": info.severity,
        "certainty": info.certainty,
        "expires": info.expires.isoformat() if info.expires else "",
    }
    for name, value in values.items():
        _put(entry, name, value, NAMESPACE)
    for area in info.areas:
        _put(entry, "areaDesc", area.description, NAMESPACE)
        for ring in area.polygons:
            _put(entry, "polygon", polygon_text(ring), NAMESPACE)


def _put(place: etree._Element, name: str, text: str, namespace: str = _ATOM) -> None:
    if text:
        etree.SubElement(place, f"{{{namespace}}}{name}").text = text


def _link(place: etree._Element, rel: str, kind: str, href: str) -> None:
    etree.SubElement(place, f"{{{_ATOM}}}link", rel=rel, type=kind, href=href)
