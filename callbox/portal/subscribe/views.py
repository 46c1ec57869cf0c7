"""Subscribing without an account, and ending it with one click."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from callbox.core.refusal import RefusedError
from callbox.people.models import Agency
from callbox.portal.page import PublicRequest, portal_page, show
from callbox.portal.subscribe.forms import SubscribeForm
from callbox.trust.services import subscriptions
from callbox.trust.services.subscriptions import Choice


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST", personal=True)
def subscribe(request: PublicRequest, agency: Agency) -> HttpResponse:
    """Take a wish. The answer is the same for every address, known or not."""
    form = SubscribeForm(request.POST or None, agency=agency)
    if request.method != "POST" or not form.is_valid():
        return show(request, "portal/subscribe/subscribe.html", {"form": form})
    subscriptions.ask(agency=agency, address=form.cleaned_data["address"], choice=form.choice())
    return show(request, "portal/subscribe/asked.html")


@sensitive_variables()
@portal_page("POST", personal=True)
def subscription(request: PublicRequest, agency: Agency, secret: str) -> HttpResponse:
    """Show a subscription to whoever has a link from one of its letters; the button confirms what was asked for."""
    row = subscriptions.by_secret(agency, secret)
    if row is None:
        raise Http404
    wish = subscriptions.wish_of(row)
    said = ""
    if request.method == "POST":
        try:
            row = subscriptions.confirm(agency=agency, secret=secret, words=words_of(agency, wish or Choice()))
        except RefusedError as refused:
            said = str(refused)
        if row is None:
            raise Http404
        wish = subscriptions.wish_of(row)
    stands = Choice(row.beat, row.urgent_only, row.language)
    context = {
        "confirmed": row.state == "confirmed",
        "stands": words_of(agency, stands),
        "wish": words_of(agency, wish) if wish else "",
        "secret": secret,
        "said": said,
    }
    return show(request, "portal/subscribe/subscription.html", context)


@sensitive_variables()
@portal_page("POST", personal=True)
def unsubscribe(request: PublicRequest, agency: Agency, secret: str) -> HttpResponse:
    """End a subscription by POST alone, with no token: mail programs send it for their reader (RFC 8058). Twice is once."""
    if request.method != "POST":
        return show(request, "portal/subscribe/end.html", {"ended": False})
    subscriptions.end(agency=agency, secret=secret)
    return show(request, "portal/subscribe/end.html", {"ended": True})


def words_of(agency: Agency, choice: Choice) -> str:
    """Return the sentence somebody agrees to."""
    values = {"agency": agency.name, "area": choice.beat.name if choice.beat else ""}
    if choice.urgent_only and choice.beat:
        return _("Send me urgent news of %(agency)s by e-mail, above all about %(area)s.") % values
    if choice.urgent_only:
        return _("Send me urgent news of %(agency)s by e-mail.") % values
    if choice.beat:
        return _("Send me news of %(agency)s by e-mail, above all about %(area)s.") % values
    return _("Send me news of %(agency)s by e-mail.") % values
