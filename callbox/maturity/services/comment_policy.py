"""How the comment policy reads: the document that counts as its evidence, looked through for words that courts objected to."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl
from django.conf import settings
from django.db.models import Q

from callbox.core.store import locate
from callbox.governance.moderation.lint import findings
from callbox.maturity.models import Attestation
from callbox.people.models import Agency
from callbox.trust.rule_tables import SCHEMAS

#: The condition that the policy is evidence of.
POLICY: Final = "T1.1.policy"
#: What is read as it is; and how much of it, in bytes.
ENDINGS: Final = (".txt", ".md")
LONGEST: Final = 1_000_000


def table(agency: Agency, *, day: date) -> pl.DataFrame:
    """Return the table `rules`: one row for each document of the policy that counts on `day`."""
    reviewed = Attestation.objects.of(agency).reviewed().filter(condition=POLICY, begins__lte=day)
    standing = reviewed.filter(Q(ends=None) | Q(ends__gte=day)).filter(Q(expires_on=None) | Q(expires_on__gte=day))
    texts = [_text(each) for each in standing.order_by("pk")]
    found = [(text is not None, None if text is None else len(findings(text))) for text in texts]
    return pl.DataFrame(found, schema=SCHEMAS["rules"], orient="row").sort(list(SCHEMAS["rules"]), nulls_last=True)


def _text(document: Attestation) -> str | None:
    """Return the words of a document, None where it is a link, no plain text, too long, or gone."""
    if not document.document_name.lower().endswith(ENDINGS) or document.size > LONGEST:
        return None
    try:
        return locate(settings.MEDIA_ROOT, document.document).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError):
        return None
