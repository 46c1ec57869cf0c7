"""The newsroom's pages."""

from __future__ import annotations

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpResponse

from callbox.networks.newsroom.models import Entry
from callbox.people.models import Agency
from callbox.portal.page import PublicRequest, portal_page, show

#: Entries on a page.
A_PAGE = 20


@portal_page()
def news(request: PublicRequest, agency: Agency, number: int = 1) -> HttpResponse:
    """List what was published, newest first; withdrawn entries stay in their place and say so."""
    try:
        page = Paginator(Entry.objects.of(agency).current(), A_PAGE).page(number)
    except InvalidPage:
        raise Http404 from None
    return show(request, "portal/news.html", {"page": page})


@portal_page()
def entry(request: PublicRequest, agency: Agency, slug: str) -> HttpResponse:
    """Show one entry as it stands, and what it said before."""
    editions = list(Entry.objects.of(agency).filter(slug=slug).order_by("-edition"))
    if not editions:
        raise Http404
    shown, before = editions[0], editions[1:]
    return show(request, "portal/entry.html", {"entry": shown, "before": before, "first": editions[-1]})
