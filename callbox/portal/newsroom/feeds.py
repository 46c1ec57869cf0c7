"""The newsroom as feeds: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org). A correction is the same entry with a later date."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.formats import date_format
from django.utils.html import linebreaks, urlize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from callbox.networks.newsroom.models import Entry
from callbox.networks.vocabulary import Media, Rendition
from callbox.people.models import Agency
from callbox.portal.newsroom.media import TYPES
from callbox.portal.page import PublicRequest, portal_page

#: Entries of a feed; older ones are on the pages.
NEWEST = 50


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as feeds show it. address: its name for ever, the same in every language.  text: plain."""

    address: str
    signed: str
    title: str
    text: str
    language: str
    published: datetime
    changed: datetime
    media: tuple[Media, ...]

    @property
    def html(self) -> str:
        """The text as paragraphs, everything in it escaped."""
        return linebreaks(urlize(self.text, autoescape=True))


@portal_page()
def atom(request: PublicRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Return the newest entries as Atom."""
    feed = _Atom(
        title=_writable(_title(agency)),
        link=address("portal_news", agency),
        description="",
        feed_url=address("portal_atom", agency),
        feed_guid=address("portal_news", agency),
        author_name=_writable(agency.name),
        language=translation.get_language(),
    )
    for item in _items(agency):
        feed.add_item(
            title=_writable(item.title),
            link=item.address,
            description=_writable(item.html),
            unique_id=item.address,
            pubdate=item.published,
            updateddate=item.changed,
            author_name=_writable(agency.name),
            enclosures=[Enclosure(_media(agency, each), str(each.size), each.type) for each in item.media],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


#: What XML 1.0 cannot hold at all (section 2.2); slides and word processors leave it in words that were copied from them.
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _writable(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)


class _Atom(Atom1Feed):
    """A feed without entries was last changed when time began, not now: the same page twice is the same page."""

    def latest_post_date(self) -> datetime:
        """Return the newest date of its entries."""
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


@portal_page()
def json_feed(request: PublicRequest, agency: Agency) -> HttpResponse:  # noqa: ARG001
    """Return the newest entries as JSON Feed. `_callbox.signed`: where the signed copy is."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(agency),
        "home_page_url": address("portal_news", agency),
        "feed_url": address("portal_json_feed", agency),
        "language": translation.get_language(),
        "authors": [{"name": agency.name, "url": address("portal_agency", agency)}],
        "items": [_json_item(agency, item) for item in _items(agency)],
    }
    return HttpResponse(json.dumps(feed, ensure_ascii=False, indent=1), content_type="application/feed+json")


def _json_item(agency: Agency, item: Item) -> dict[str, Any]:
    return {
        "id": item.address,
        "url": item.address,
        "title": item.title,
        "content_text": item.text,
        "date_published": item.published.isoformat(),
        "date_modified": item.changed.isoformat(),
        "language": item.language,
        "attachments": [
            {"url": _media(agency, each), "mime_type": each.type, "title": each.alt, "size_in_bytes": each.size}
            for each in item.media
        ],
        "_callbox": {"signed": item.signed},
    }


def _items(agency: Agency) -> list[Item]:
    """Return the newest entries; one that was withdrawn says so in the place of its words."""
    newest = list(Entry.objects.of(agency).current()[:NEWEST])
    first = dict(
        Entry.objects.of(agency).filter(slug__in=[entry.slug for entry in newest], edition=1).values_list("slug", "at")
    )
    return [_item(agency, entry, first[entry.slug]) for entry in newest]


def _item(agency: Agency, entry: Entry, published: datetime) -> Item:
    shown = entry.shown
    return Item(
        address=address("portal_entry", agency, slug=entry.slug),
        signed=address("portal_signed", agency, slug=entry.slug),
        title=shown.title,
        text=_withdrawn(entry) if entry.withdrawn else _text(shown),
        language=translation.get_language() if entry.withdrawn else shown.language,
        published=published,
        changed=entry.at,
        media=() if entry.withdrawn else tuple(each for each in shown.media if each.type in TYPES),
    )


def _text(shown: Rendition) -> str:
    return f"{shown.text}\n\n{shown.link}" if shown.link and shown.link not in shown.text else shown.text


def _withdrawn(entry: Entry) -> str:
    return _("Withdrawn on %(at)s.") % {"at": date_format(localtime(entry.at), "DATETIME_FORMAT")}


def _title(agency: Agency) -> str:
    return _("News of %(agency)s") % {"agency": agency.name}


def _media(agency: Agency, media: Media) -> str:
    return address("portal_media", agency, sha256=media.sha256)


def address(name: str, agency: Agency, **kwargs: str) -> str:
    """Return the whole address of a page; in the language without a prefix, so that an entry has one name."""
    with translation.override(settings.LANGUAGE_CODE):
        path = reverse(name, urlconf="callbox.portal.urls", kwargs={"agency": agency.slug, **kwargs})
    return f"{settings.PORTAL_URL}{path}"
