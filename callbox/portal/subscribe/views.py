"""Subscribing without an account, changing it by the link in the letters, and ending it with one click."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from callbox.core.refusal import RefusedError
from callbox.people.models import Agency
from callbox.portal.page import PublicRequest, portal_page, show
from callbox.portal.subscribe.forms import ChoiceForm, SubscribeForm
from callbox.trust.models import Subscription
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


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST", personal=True)
def subscription(request: PublicRequest, agency: Agency, secret: str) -> HttpResponse:
    """Show a subscription to whoever has a link from one of its letters; the button confirms what was asked for, as it stood beside it."""
    row = _found(agency, secret)
    if request.method != "POST":
        return _page(request, agency, secret, row)
    wish = subscriptions.wish_of(row)
    words = words_of(agency, wish) if wish else ""
    if wish and request.POST.get("words", words) != words:
        return _page(
            request,
            agency,
            secret,
            row,
            said=_("Something else was asked for meanwhile, so nothing was changed. Please read it again."),
        )
    try:
        subscriptions.confirm(agency=agency, secret=secret, words=words, seen=wish)
    except RefusedError as refused:
        return _page(request, agency, secret, row, said=str(refused))
    return _page(request, agency, secret, _found(agency, secret))


@sensitive_post_parameters()
@sensitive_variables()
@portal_page("POST", personal=True)
def change(request: PublicRequest, agency: Agency, secret: str) -> HttpResponse:
    """Choose anew what the letters bring. The link in a letter is proof enough, so it holds at once."""
    row = _found(agency, secret)
    if row.state != "confirmed":
        raise Http404
    stands = subscriptions.stands(row)
    now = {
        "beats": [each.code for each in stands.beats],
        "language": stands.language,
        "urgent_only": stands.urgent_only,
    }
    form = ChoiceForm(request.POST if request.method == "POST" else None, agency=agency, initial=now)
    if request.method != "POST" or not form.is_valid():
        return show(request, "portal/subscribe/change.html", {"form": form, "secret": secret})
    choice = form.choice()
    subscriptions.change(agency=agency, secret=secret, choice=choice, words=words_of(agency, choice))
    return _page(request, agency, secret, _found(agency, secret), changed=True)


@sensitive_variables()
@portal_page("POST", personal=True)
def unsubscribe(request: PublicRequest, agency: Agency, secret: str) -> HttpResponse:
    """End a subscription by POST alone, with no token: mail programs send it for their reader (RFC 8058). Twice is once."""
    if request.method != "POST":
        row = subscriptions.by_secret(agency, secret)
        context = {"ended": False, "secret": secret, "confirmed": row is not None and row.state == "confirmed"}
        return show(request, "portal/subscribe/end.html", context)
    subscriptions.end(agency=agency, secret=secret)
    return show(request, "portal/subscribe/end.html", {"ended": True})


@sensitive_variables()
def _page(
    request: PublicRequest, agency: Agency, secret: str, row: Subscription, *, said: str = "", changed: bool = False
) -> HttpResponse:
    wish = subscriptions.wish_of(row)
    context = {
        "confirmed": row.state == "confirmed",
        "stands": words_of(agency, subscriptions.stands(row)),
        "wish": words_of(agency, wish) if wish else "",
        "secret": secret,
        "said": said,
        "changed": changed,
    }
    return show(request, "portal/subscribe/subscription.html", context)


@sensitive_variables()
def _found(agency: Agency, secret: str) -> Subscription:
    row = subscriptions.by_secret(agency, secret)
    if row is None:
        raise Http404
    return row


def words_of(agency: Agency, choice: Choice) -> str:
    """Return the sentence somebody agrees to."""
    values = {"agency": agency.name, "area": _joined([beat.name for beat in choice.beats])}
    if choice.urgent_only and choice.beats:
        return _("Send me urgent news of %(agency)s by e-mail, above all about %(area)s.") % values
    if choice.urgent_only:
        return _("Send me urgent news of %(agency)s by e-mail.") % values
    if choice.beats:
        return _("Send me news of %(agency)s by e-mail, above all about %(area)s.") % values
    return _("Send me news of %(agency)s by e-mail.") % values


def _joined(names: list[str]) -> str:
    """Return "North, South and East" as the language of the page puts it."""
    if len(names) < 2:
        return "".join(names)
    return _("%(areas)s and %(last)s") % {"areas": _(", ").join(names[:-1]), "last": names[-1]}
