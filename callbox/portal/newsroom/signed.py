"""Signed copies of entries and the key they are signed with, so that a copy found elsewhere can be checked."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse

from callbox.core.signing import parse_public
from callbox.networks.newsroom.models import Entry
from callbox.operations.models import Alert
from callbox.people.models import Agency
from callbox.portal.newsroom.feeds import address
from callbox.portal.page import PublicRequest, portal_page, show


@portal_page()
def entry(request: PublicRequest, agency: Agency, slug: str) -> HttpResponse:  # noqa: ARG001
    """Return every edition of an entry with its signature.

    `document` is the text that was signed, byte for byte (UTF-8); `signature` is Ed25519 (RFC 8032) over it, in base64.
    """
    editions = list(Entry.objects.of(agency).filter(slug=slug).order_by("edition"))
    if not editions:
        raise Http404
    answer = {
        "key_address": address("portal_key", agency),
        "editions": [{"document": each.document, "signature": each.signature, "key": each.signer} for each in editions],
    }
    return HttpResponse(json.dumps(answer, ensure_ascii=False, indent=1), content_type="application/json")


@portal_page()
def key(request: PublicRequest, agency: Agency) -> HttpResponse:
    """Show the agency's public keys, newest first, and how to check a copy with them."""
    said = Entry.objects.of(agency).exclude(signer="").values_list("signer", flat=True)
    warned = Alert.objects.of(agency).published().order_by("-sent").values_list("signer", flat=True)
    signers = list(dict.fromkeys([*said, *warned]))
    return show(request, "portal/key.html", {"keys": [parse_public(word) for word in signers]})
