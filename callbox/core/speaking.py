"""Sentences about a message before it leaves and on its way: the part of `core.text.SENTENCES` that voice and deliveries speak."""

from __future__ import annotations

from typing import Final

from callbox.core.marking import gettext_noop

N_ = gettext_noop

#: As in `core.text`: whole sentences without a full stop.
SPEAKING: Final[dict[str, str]] = {
    # a message before it leaves: what keeps it from being submitted
    "no_words": N_("the message says nothing yet"),
    "title_missing": N_("%(account)s needs a title"),
    "videos_refused": N_("%(account)s takes no videos: put them elsewhere and link to them"),
    "nobody_to_answer": N_("nobody can write to %(account)s, so there is nothing to answer there"),
    "no_account_chosen": N_("no account is chosen"),
    "account_unknown": N_("%(account)s is not connected"),
    "account_ended": N_("%(account)s was taken off"),
    "stays_uncorrected": N_("%(account)s was taken off, so what stands there stays as it is"),
    "too_long": N_("%(length)d characters, and %(limit)d fit"),
    "too_many_media": N_("%(account)s shows %(limit)d pictures or videos at most"),
    "too_many_bytes": N_("the text takes %(size)d bytes, and %(limit)d fit: use fewer emoji, or fewer words"),
    "not_an_image": N_("file %(n)d is no JPEG, PNG, WebP or GIF picture, and %(account)s shows nothing else"),
    "image_heavy": N_(
        "picture %(n)d has %(size).1f MB, and %(account)s takes %(limit).0f MB: save it smaller, or as JPEG"
    ),
    "video_alone": N_("%(account)s shows a video alone: leave out the other pictures or videos"),
    "alt_too_long": N_(
        "the description of picture %(n)d is longer than the %(limit)d characters that %(account)s keeps"
    ),
    "alt_missing": N_("picture %(n)d has no description that says what it shows"),
    "captions_missing": N_("video %(n)d has no captions"),
    "link_bad": N_("the link is no web address"),
    "due_past": N_("its hour has passed"),
    "due_after_expiry": N_("it would leave after the hour at which it expires"),
    # ... and what deserves one more look
    "account_refused": N_("%(account)s must be connected again before anything can leave there"),
    "link_plain": N_("the link %(link)s is not encrypted: https is safer"),
    "claim_unsourced": N_("“%(words)s” is said without a source: say who confirms it"),
    "maybe_plate": N_("“%(words)s” may be a licence plate"),
    "maybe_phone": N_("“%(words)s” may be a private telephone number"),
    "maybe_address": N_("“%(words)s” may be someone's address"),
    "maybe_minor": N_("“%(words)s” may name a child"),
    "closed_tag": N_("#%(tag)s belongs to an appeal that is closed"),
    "same_words": N_("the same words were given to %(account)s on %(date)s"),
    "same_hour": N_("another message leaves on %(account)s within an hour of this one"),
    "hard_to_read": N_("it reads like school year %(grade)d; most people read year 8 with ease"),
    # a file that cannot be published
    "media_unknown": N_(
        "this is no picture, video or captions that can be published; PNG, JPEG, WebP, GIF, MP4, WebM and WebVTT can"
    ),
    "media_damaged": N_("this file is damaged; nothing of it was kept"),
    "image_large": N_("this picture has more than %(most)d million pixels; save it smaller"),
    "image_moves": N_("this picture moves; add it as a video with captions, or as one still picture"),
    "video_place": N_("this video says where it was filmed; save it without its location first"),
    "captions_unreadable": N_("these captions cannot be read: a WebVTT file with times is needed"),
    # a delivery that did not leave
    "held_freeze": N_("everything is stopped"),
    "held_unapproved": N_("nobody has approved it as it stands, or the approval was taken back"),
    "held_changed": N_("it is no longer what was approved"),
    "held_hour": N_("its hour is not the approved one"),
    "held_media": N_("a picture or video is missing or no longer what was approved"),
    "held_nothing": N_("what it changes is not known to be public"),
    "late_hour": N_("its hour passed before it could leave"),
    "late_expiry": N_("it would have left after its last hour"),
    "translation_missing": N_("%(account)s is to speak %(language)s, and there is no such translation yet"),
    "translation_behind_there": N_(
        "%(account)s is to speak %(language)s, and that translation is older than the words"
    ),
    "translation_behind": N_(
        "the translation into %(language)s is older than the words: renew it, or say that it still fits"
    ),
    "beat_unknown": N_("a beat its letters go to was ended; choose the beats anew"),
    # why one person may not send alone
    "alone_exercise": N_("this agency is for drills"),
    "alone_off": N_("the agency lets nobody send alone"),
    "alone_role": N_("the agency’s rule does not name your role"),
    "alone_second": N_("you wrote none of it and may approve it as the second person"),
    "alone_alert": N_("it continues an alert, and two people approve alerts"),
    "alone_kind": N_("the agency’s rule does not name this kind of message"),
    "alone_urgent": N_("it is not marked as urgent"),
    "alone_hour": N_("it has an hour: what can wait for its hour can wait for a second person"),
    "alone_frozen": N_("everything is stopped, and one person alone does not speak through a freeze"),
    "unclear_crash": N_("the worker stopped in the middle of the call"),
    "unclear_unfound": N_("the network shows nothing of it"),
    "unclear_unasked": N_("this network cannot be asked what became of it"),
    "unclear_shown": N_("the network still shows what should be gone"),
    "token_unopened": N_("the token cannot be opened with the keys of this installation"),
}
