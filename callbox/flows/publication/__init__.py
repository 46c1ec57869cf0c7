"""Publication: the only place where words, permission and networks meet."""

from callbox.flows.publication.aftermath import Standing, correct, settle_messages, standing, withdraw
from callbox.flows.publication.alone import obstacles_to_sending_alone, send_alone
from callbox.flows.publication.permission import (
    approve,
    authors_of,
    bound_of,
    carry,
    given,
    reschedule,
    send_back,
    submit,
)
from callbox.flows.publication.recipients import Letters, letters, letters_of, resolver
from callbox.flows.publication.renditions import (
    corrected_on,
    hints,
    previews,
    previews_of,
    problems,
    problems_of,
    public_copies,
)

__all__ = [
    "Letters",
    "Standing",
    "approve",
    "authors_of",
    "bound_of",
    "carry",
    "correct",
    "corrected_on",
    "given",
    "hints",
    "letters",
    "letters_of",
    "obstacles_to_sending_alone",
    "previews",
    "previews_of",
    "problems",
    "problems_of",
    "public_copies",
    "reschedule",
    "resolver",
    "send_alone",
    "send_back",
    "settle_messages",
    "standing",
    "submit",
    "withdraw",
]
