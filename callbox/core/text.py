"""Sentences for people, looked up by reason code.

Pure code never writes a sentence: it returns a `Reason`, a code with its values. The English sentence stands here, marked for
translation; pages translate it (`gettext(SENTENCES[code]) % values`), the command line prints it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from callbox.core.marking import gettext_noop
from callbox.core.speaking import SPEAKING

__all__ = ["SENTENCES", "Reason", "gettext_noop"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so: a code from `SENTENCES` and the values its sentence names; `sentence` is the English one.

    One that another version wrote down, with a code or values this one does not know, keeps the sentence it was written with: a proof
    pack stays readable when a code is dropped.

    Raises:
        KeyError: the code has no sentence, or the sentence names a value that is missing, and no sentence came with it.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sentence: str = ""  # made anew from the code wherever it is known; a field so that JSON carries it

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentence", self.said())

    def said(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of `translate`; one of another version as it was written."""
        try:
            return translate(SENTENCES[self.code]) % dict(self.values)
        except (KeyError, TypeError, ValueError):
            if not self.sentence:
                raise
            return self.sentence


N_ = gettext_noop

#: Every reason a figure, a condition or an area can carry. Whole sentences without a full stop, so that they can follow a colon.
SENTENCES: dict[str, str] = {
    **SPEAKING,
    # the record cannot tell
    "no_incidents": N_("no incident of the window is old enough to be judged"),
    "no_critical_incidents": N_("no incident of the window called for a freeze"),
    "no_actions": N_("no exercise of the window led to an action"),
    "no_alerts": N_("no alert was published in the window"),
    "no_watches": N_("no watch listened and nobody was looked up in the window"),
    "no_records": N_("no record of intelligence is kept"),
    "no_posts": N_("this record holds no posts in the window"),
    "no_replies_to_others": N_("this record holds no replies to others"),
    "no_incoming": N_("this record holds no incoming messages or comments"),
    "no_labels": N_("no item in the window carries a person's label"),
    "no_answerable": N_("no answerable item in the window is old enough to be judged"),
    "no_checks": N_("this record does not say which translations a person has checked"),
    "not_carried": N_("this record does not carry what this figure needs"),
    "no_kinds": N_("no post in the window carries a label of what it does"),
    "no_adopted_languages": N_("the agency has not stated which languages it has adopted"),
    "no_account_details": N_("nobody has stated this of any account"),
    "no_media": N_("no post in the window carries this kind of media"),
    "no_media_information": N_("this record does not say which posts carry media"),
    "no_alt_text": N_("this record does not carry alternative texts"),
    "no_captions": N_("this record does not say whether videos are captioned"),
    "no_languages": N_("this record does not state the language of its posts"),
    "no_urgent": N_("no post in the window is tagged urgent"),
    "no_engagement": N_("this record does not carry counts of likes and reposts"),
    "nothing_hidden": N_("nothing was hidden in the window"),
    "no_tips": N_("no tip in the window is old enough to be judged"),
    "no_threats": N_("no tip in the window speaks of a threat to life"),
    "no_settled_tips": N_("no tip in the window was settled where its sender could safely be told"),
    "no_contacts": N_("nothing reached the agency in the window, or in the weeks the forecast is held against"),
    "no_beats": N_("no beats are offered to residents: import them on the page Beats"),
    "no_roster": N_("nobody has written down who is there when: plan a first shift on the page Roster"),
    "no_notifications": N_("nobody in the window was owed word long enough to be judged"),
    # why an event stands where it stands on the board, and why a post is in it
    "event_size": N_("%(n)d posts"),
    "event_growth": N_("%(last)d in the last hour, %(before).1f an hour before"),
    "event_authors": N_("%(n)d different authors"),
    "event_one_author": N_("all posts by one author"),
    "event_sources": N_("heard from %(n)d sources"),
    "event_urgent": N_("words of danger: %(words)s"),
    "event_place": N_("names places here: %(places)s"),
    "event_hit_rate": N_("its watches were right in %(right)d of %(judged)d judged events"),
    "sighting_began": N_("began this event"),
    "sighting_joined": N_("shares with the event: %(words)s (similarity %(similarity).2f)"),
    "sighting_repeats": N_("says nearly the same as an earlier post"),
    "sighting_gone": N_("was deleted by its author before it was grouped"),
    "no_products": N_("no event in the window was confirmed or refuted"),
    "no_earlier_window": N_("the window before holds no posts with counts"),
    "no_coded_sample": N_("a sample of posts has not yet been coded by two people"),
    "kappa_too_low": N_("the two coders agree too little: kappa %(kappa).2f, needed %(needed).2f"),
    # what no work at Callbox writes down yet, said by the figures that wait for it
    "no_filter_inventory": N_(
        "Callbox has no word filters, and no record tells of those that an account has on its network: state that there are none"
    ),
    "no_surveys": N_("no survey of trust is kept"),
    "no_booking_photos": N_("no record says which pictures are booking photos"),
    "no_training": N_("no record says who was trained, and when"),
    "no_issue_log": N_("no log is kept of what residents raised in public and what came of it"),
    "no_published_groups": N_("no record says which figures about groups of people were published"),
    "no_group_test": N_("no test of a model by language group is kept"),
    "no_delay_notices": N_("no record says when a waiting caller was told of a delay"),
    # the comment policy, and what was claimed in public
    "no_policy": N_("no comment policy counts as evidence now"),
    "policy_unread": N_("the comment policy is no text file, so its words were not looked at: add it as .txt or .md"),
    "policy_doubtful": N_(
        "the comment policy holds %(n)d words that courts objected to: look at them on the page of the grounds, only a person can tell"
    ),
    "no_claims": N_("no official statement left in the window"),
    "no_updates": N_("no official word about an incident of the window is known: put its messages into the incident"),
    "no_corrections": N_("no official statement of the window is being corrected, or none is old enough to be judged"),
    "language_not_covered": N_("the classifier was not made for the language of these posts"),
    "n_too_small": N_("only %(n)d in the window, %(needed)d are needed"),
    "no_table": N_("this record has no table of %(table)s"),
    # proof packs: why one cannot be written or read
    "pack_unreadable": N_("this file cannot be read: %(why)s"),
    "pack_no_zip": N_("this file is no proof pack: it is not a whole zip file as Callbox writes them"),
    "pack_too_large": N_("this file claims to hold more than a proof pack can; nothing of it was used"),
    "pack_lacks": N_("this file is no whole proof pack: it holds no %(file)s"),
    "pack_strange": N_(
        "this file is no proof pack: it holds %(file)s, which no pack holds or which its manifest does not list"
    ),
    "pack_differs": N_("the redacted record does not give the same result (%(what)s), so no pack was written"),
    "json_unreadable": N_("%(file)s in this pack cannot be read"),
    "json_unfit": N_("%(file)s in this pack does not fit at %(place)s"),
    "model_unreadable": N_("the model in this pack cannot be used: %(why)s"),
    "table_unreadable": N_("the table of %(table)s in this pack cannot be read"),
    # proof packs: what verification finds
    "manifest_changed": N_("the signature does not fit: the manifest was changed after it was signed"),
    "other_key": N_("this pack was signed with another key than the one given: its fingerprint is %(fingerprint)s"),
    "key_not_compared": N_(
        "signed with the key %(fingerprint)s; compare it with the one the agency has published, or give that with --key"
    ),
    "row_altered": N_("row %(rows)s of the table of %(table)s was altered"),
    "rows_altered": N_("rows %(rows)s of the table of %(table)s were altered"),
    "rows_counted": N_(
        "the table of %(table)s has %(found)d rows, signed were %(signed)d; the first that differs is row %(row)d"
    ),
    "heading_altered": N_("the table of %(table)s was altered outside its rows"),
    "file_altered": N_("%(file)s was altered"),
    "not_recomputed": N_("the scores could not be computed anew: %(why)s"),
    "score_differs": N_("computed anew, %(what)s differs from what the profile states"),
    "other_version": N_("made with Callbox %(made)s and computed anew with %(here)s"),
    "other_model": N_("judged by a model that does not come with this version of Callbox"),
    # conditions
    "above_threshold": N_("%(value)s, needed at least %(threshold)s"),
    "below_threshold": N_("%(value)s, needed at most %(threshold)s"),
    "not_attested": N_("no reviewed document or link supports this yet"),
    "attestation_expired": N_("the supporting document expired on %(date)s"),
    "attestation_unreviewed": N_("the supporting document waits for its reviewer"),
    "not_more_than": N_("%(value)s, needed more than %(threshold)s"),
    "share_unproven": N_("%(value)s of %(n)d items, which proves at least %(bound)s; needed at least %(threshold)s"),
    "median_unproven": N_(
        "half within %(value)s of %(n)d items, which proves at most %(bound)s; needed at most %(threshold)s"
    ),
    "median_open": N_("too many of the %(n)d items stay open to prove that half are done within %(threshold)s"),
    "attestation_ahead": N_("the supporting document speaks of the time from %(date)s on"),
    "attestation_own_review": N_("the supporting document was reviewed by its own owner"),
    "attestation_empty": N_("the supporting statement comes with neither a file nor a link"),
    "attestation_no_figure": N_("the supporting document gives no figure"),
    "not_applicable": N_("does not apply: %(why)s"),
    "statement_contradicted": N_("stated not to apply, but the record holds %(n)d items"),
    # practices and areas
    "all_exempt": N_("every practice of this area is exempt"),
    "not_practised_refused": N_("declared as not practised, but the record holds watches or searches: %(n)d"),
    "evidence_unplaced": N_("these statements have no place in this version of the model: %(ids)s"),
    "not_practised": N_("the agency declares that it does not practise this area"),
    "exempt": N_("exempt until %(until)s: %(why)s"),
    "held_by_gate": N_("held at level %(level)d by %(practice)s"),
    "held_by_dependency": N_("intelligence may lead trust and collaboration by one level at most"),
    "held_by_exemption": N_("held at the last measured level of %(practice)s"),
    "band_unknown": N_("size of the agency not stated: 100 to 499 sworn officers assumed"),
    # what changed between two versions of the model
    "practice_added": N_("%(id)s was added: %(says)s"),
    "practice_removed": N_("%(id)s was taken out: %(says)s"),
    "condition_added": N_("%(id)s was added: %(says)s"),
    "condition_removed": N_("%(id)s was taken out: %(says)s"),
    "threshold_changed": N_("%(id)s asks %(after)s instead of %(before)s"),
    "figure_changed": N_("%(id)s is judged by %(after)s instead of %(before)s"),
    "wording_changed": N_("%(id)s reads “%(after)s” instead of “%(before)s”"),
    "gate_changed": N_("%(id)s: below its gate the model now asks to do without “%(after)s”, before “%(before)s”"),
    "rule_changed": N_("%(id)s is %(after)s instead of %(before)s"),
    # findings and next actions of a report
    "finding_held": N_("%(area)s stands at level %(level)d because of %(practices)s"),
    "finding_declared": N_("%(practice)s is declared at level %(declared)d, the evidence shows %(shown)d"),
    "finding_gate": N_(
        "%(practice)s is at level %(level)d and its area stands no higher; "
        "below level %(needed)d the model asks to do without what depends on it"
    ),
    "finding_expires": N_("Evidence expires on %(date)s (%(documents)s): %(practices)s"),
    "finding_expired": N_("Evidence expired on %(date)s (%(documents)s): %(practices)s"),
    "finding_unknown": N_("%(practices)s cannot be shown any higher: %(why)s"),
    "do_change": N_("Change what is done"),
    "do_record": N_("Let the record tell"),
    "do_attest": N_("Have a document or link reviewed"),
    "moves_area": N_("takes %(area)s from level %(before)d to %(after)d"),
    "moves_practice": N_(
        "takes the practice from level %(before)d to %(after)d; %(area)s stays at %(level)d until more moves"
    ),
    # the way to a wish: why a step stands in it, and why there is none
    "step_gate": N_("a gate: its area never stands higher than this practice"),
    "step_waits": N_("comes after %(areas)s, because %(area)s may stand one level above the lower of them at most"),
    "step_needed": N_("needed for %(area)s, which may stand one level above %(areas)s at most"),
    "way_not_applicable": N_(
        "no practice of %(area)s applies to this agency, so no level can be reached there; leave %(area)s out of the wish"
    ),
    "way_exempt": N_(
        "%(practice)s is exempt until %(until)s and was last measured at level %(level)d; its area cannot pass that level before. "
        "End the exemption, or wish for level %(level)d"
    ),
    "way_long": N_(
        "with %(budget)d hours a month this takes more than %(years)d years; raise the budget, or wish for less"
    ),
    "way_unknown": N_("nobody has said how many hours %(practice)s takes; enter your own hours for its steps"),
    "way_budget": N_(
        "%(budget)d hours a month are too few: they would go into keeping up what was reached. "
        "The smallest monthly budget that works is %(smallest)d hours; a lower wish needs fewer"
    ),
    # records set aside or repaired while a table was read
    "no_account": N_("the record names no account"),
    "no_id": N_("the record has no id"),
    "no_time": N_("the record has no time"),
    "bad_time": N_("the time %(value)s is not understood"),
    "wrong_clock": N_("the time %(value)s lies before 2004 or in the future"),
    "bad_count": N_("the count in %(column)s is not a whole number; taken as unknown"),
    "bad_encoding": N_("bytes that are not text in the account, id or time"),
    "repaired_encoding": N_("bytes that are not UTF-8, read as Windows-1252"),
    "nul_byte": N_("a zero byte in the account, id or time"),
    "repaired_nul": N_("zero bytes left out"),
    "stray_quote": N_("quotation marks do not pair"),
    "repaired_quote": N_("a quotation mark that does not pair, read as text"),
    "too_few_fields": N_("%(n)d fields instead of %(needed)d"),
    "too_many_fields": N_("%(n)d fields instead of %(needed)d"),
    "record_too_large": N_("the record is larger than %(limit)d bytes"),
    "bad_json": N_("not a JSON object"),
    "bad_block": N_("a block of %(n)d records is damaged"),
    "bad_reply_time": N_("the time of the reply, %(value)s, is not understood"),
    "bad_automatic_time": N_("the time of the automatic reply, %(value)s, is not understood; taken as unknown"),
    "bad_label": N_("the label %(value)s is neither yes nor no; taken as not labelled"),
    # records set aside from a network's own archive
    "json_damaged": N_("the record is damaged; reading went on at the next one"),
    "json_too_long": N_("the record is longer than %(limit)d characters"),
    "not_a_post": N_("the record does not have the form of a post"),
    "no_content": N_("an activity without text, picture or link"),
    "earlier_version": N_("an earlier version of an edited post"),
    "block_damaged": N_("the contents of the block do not match its checksum"),
    "file_cut_short": N_("the file ends in the middle of a record"),
    # what of a network's archive was left out or damaged as a whole
    "private_left_out": N_("%(n)d posts that are not public were left out"),
    "index_damaged": N_("part of the repository's index is missing: %(n)d posts are known by their contents only"),
    "feed_window": N_("a feed holds the newest entries only, not the whole record"),
    "feed_repaired": N_("the feed is not well-formed: %(problem)s"),
    "member_encrypted": N_("%(n)d encrypted files in the archive were not read, the first is %(name)s"),
    "member_bad_name": N_("%(n)d files whose names point outside the archive were not read, the first is %(name)s"),
    "member_not_a_file": N_("%(n)d links or devices in the archive were not read, the first is %(name)s"),
    "member_unusual_packing": N_("%(n)d files are packed in a way that is not read, the first is %(name)s"),
    "member_repeated": N_(
        "%(n)d names stand in the archive more than once, the last one was read; the first is %(name)s"
    ),
    "member_damaged": N_("%(name)s in the archive is damaged; what could be read of it was kept"),
    "archive_cut_short": N_("the archive breaks off; what could be read was kept"),
    # what had to be assumed about a table
    "zone_assumed": N_("times without a zone are taken as UTC"),
    "ids_assumed": N_("the table has no ids: repeated posts cannot be told"),
    "account_assumed": N_("the table names no account: all posts are taken as those of %(account)s"),
    "encoding_assumed": N_("the file is not UTF-8 and was read as Windows-1252"),
    # a query of a watch that cannot be used
    "query_empty": N_("the query holds no words yet"),
    "query_long": N_("the query is longer than %(most)d characters"),
    "query_many": N_("the query holds more than %(most)d words and phrases"),
    "query_deep": N_("more than %(most)d parentheses stand within each other at character %(place)d"),
    "query_quote": N_("the quotation mark at character %(place)d is not closed"),
    "query_unclosed": N_("the parenthesis at character %(place)d is not closed"),
    "query_unopened": N_("the parenthesis at character %(place)d closes what was never opened"),
    "query_nothing_inside": N_("words are missing before the parenthesis at character %(place)d"),
    "query_operator": N_("words are missing beside “%(word)s” at character %(place)d"),
    "query_no_word": N_("“%(text)s” at character %(place)d holds neither a letter nor a digit"),
    "query_star": N_("a star can only stand at the end of a word, not within it as at character %(place)d"),
    "query_prefix": N_("at least %(least)d letters are needed before the star at character %(place)d"),
    "query_near": N_("“%(word)s” at character %(place)d can only join words, phrases, or words joined by OR"),
    "query_apart": N_("nearness at character %(place)d must be 1 to %(most)d words"),
    "query_only_not": N_("the query only says what must be missing: add words that must be there"),
    # what the words of a watch touch
    "watch_topic": N_(
        "“%(word)s” touches what the law protects (%(topic)s): a legal adviser must sign. "
        "A street or a thing of that name passes between quotation marks"
    ),
    "watch_person": N_(
        "“%(word)s” looks like somebody’s name, and nobody is searched for. If it is a place, write its whole name into the area"
    ),
    "watch_account": N_("“%(word)s” is somebody’s account, and no account is watched"),
    "watch_address": N_("“%(word)s” is somebody’s address, and nobody is searched for"),
    "watch_phone": N_("“%(word)s” looks like a telephone number, and nobody is searched for"),
    "watch_wide": N_("“%(word)s” alone would listen to nearly everything: put it together with a rarer word"),
    "watch_mixed": N_("“%(word)s” mixes letters of several alphabets, so that it looks like another word"),
    # a watch that may not listen at this moment
    "watch_not_allowed": N_("nobody has allowed it, or it was ended"),
    "watch_not_begun": N_("its first hour has not come"),
    "watch_past_end": N_("its last hour has passed"),
    "watch_altered": N_("it is no longer what was saved"),
    "watch_unapproved": N_("nobody but its authors has allowed it as it stands"),
    "watch_unsigned": N_("it touches what the law protects, and no legal adviser has signed it as it stands"),
    "watch_no_source": N_("none of its sources is open with terms that were read in time"),
    "account_renamed": N_("the network says that the token is another account's"),
    # something that may not be shared, or is not taken
    "share_partner_ended": N_("the partnership was ended"),
    "share_key": N_("nobody has compared the partner’s key with the partner yet"),
    "share_unsigned": N_("the agreement is not signed yet"),
    "share_ended": N_("the agreement was ended"),
    "share_not_begun": N_("the agreement has not begun yet"),
    "share_expired": N_("the agreement has expired"),
    "share_scope": N_("the agreement does not cover this kind of thing"),
    "share_label": N_("the label is stricter than the agreement allows"),
    "share_clearance": N_("the label is stricter than this partner may receive"),
    "share_past": N_("its last hour has passed"),
    "share_none": N_("no agreement with this partner stands"),
    "share_large": N_("it is larger than can be taken"),
    "share_format": N_("it cannot be read"),
    "share_values": N_("it holds something no agency sends"),
    "share_signature": N_("its signature is not the partner’s"),
    "share_addressee": N_("it is not from this partner or not for this agency"),
    "share_changed": N_("this version came before with other words"),
    "share_recalled": N_("it was recalled before"),
    "share_unknown": N_("the partner’s Callbox does not know us yet, or has not compared our key"),
    "share_unreached": N_("the partner’s Callbox cannot be reached"),
    "share_trouble": N_("the partner’s Callbox has trouble of its own"),
}
