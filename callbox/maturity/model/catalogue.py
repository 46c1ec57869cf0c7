"""The catalogue of measures: every name the maturity model may use, written out.

A spec says what a figure is; the function that computes it stands in the room of its first table and is connected in
`callbox.maturity.scoring.probes`. A measure that no table of this version of the ledger carries yet (`awaits`) is always unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from callbox.core.measure import MINIMUM_INCIDENTS, MINIMUM_SAMPLE, Statistic

#: Trailing window of most measures, and of incidents, in days (model rule 2).
WINDOW_DAYS: Final = 90
INCIDENT_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Spec:
    """What one measure is.

    label: its name for people.  unit: `share` (0 to 1), `minutes`, `days`, `per week`, `count`, `ratio` or `points` (of a hundred).
    tables: the ledger tables it reads.  window_days: its trailing window.  limits: in minutes, for times that are judged against a
    limit: each limit is a figure of its own (`first_reply@24h`), because items younger than the limit are left out.
    minimum: fewer items than this and the figure is not judged.  missing: the reason code of what no work at Callbox writes down yet,
    so that the figure cannot be told; empty for those that are computed.  ours: how it is worked out, where the words of the model
    leave that open and the definition is Callbox's own; pages say it beside the figure.
    """

    name: str
    label: str
    unit: str
    statistic: Statistic
    tables: tuple[str, ...]
    window_days: int = WINDOW_DAYS
    limits: tuple[int, ...] = ()
    minimum: int = 0
    missing: str = ""
    ours: str = ""

    @property
    def awaits(self) -> bool:
        """Whether no record of this version can carry it."""
        return bool(self.missing)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which its figures stand: the name, or one key a limit."""
        return tuple(key(self.name, limit) for limit in self.limits) or (self.name,)


def key(name: str, limit: int | None = None) -> str:
    """Return the key of a figure: `first_reply` with a limit of 1440 minutes is `first_reply@24h`."""
    if limit is None:
        return name
    return f"{name}@{limit // 60}h" if limit % 60 == 0 else f"{name}@{limit}min"


def _census(name: str, label: str, unit: str, *tables: str, missing: str = "") -> Spec:
    return Spec(name, label, unit, Statistic.CENSUS, tables, missing=missing)


def _yearly(name: str, label: str, unit: str, *tables: str, missing: str = "") -> Spec:
    return Spec(name, label, unit, Statistic.CENSUS, tables, window_days=INCIDENT_DAYS, missing=missing)


def _incidents(name: str, label: str, unit: str, *tables: str, ours: str = "") -> Spec:
    days, least = INCIDENT_DAYS, MINIMUM_INCIDENTS
    return Spec(name, label, unit, Statistic.CENSUS, tables, window_days=days, minimum=least, ours=ours)


def _sample(name: str, label: str, *tables: str, missing: str = "") -> Spec:
    return Spec(name, label, "share", Statistic.SAMPLE, tables, minimum=MINIMUM_SAMPLE, missing=missing)


def _time(
    name: str, label: str, *tables: str, limits: tuple[int, ...], days: int = WINDOW_DAYS, missing: str = ""
) -> Spec:
    return Spec(name, label, "minutes", Statistic.TIME, tables, window_days=days, limits=limits, missing=missing)


def _zero(name: str, label: str, *tables: str, days: int = WINDOW_DAYS, missing: str = "") -> Spec:
    return Spec(name, label, "count", Statistic.ZERO, tables, window_days=days, missing=missing)


_VOICE = (
    _census("accounts_linked", "Official accounts linked from the agency's own site", "share", "accounts"),
    _census("accounts_secured", "Official accounts with two administrators and a second factor", "share", "accounts"),
    _census("posts_per_week", "Posts a week on the main channel", "per week", "posts"),
    _census("longest_gap", "Longest silence on the main channel", "days", "posts"),
    _census("engagement_steady", "Median engagement of a post, against the window before", "ratio", "posts"),
    _sample("useful_share", "Posts that give prevention advice, point to services or answer", "posts"),
    _sample("described_images", "Images with an alternative text", "posts"),
    _sample("captioned_videos", "Videos with captions", "posts"),
    _zero("undescribed_media", "Images without alternative text and videos without captions", "posts"),
    _sample(
        "urgent_language_reach", "Urgent posts out in every adopted language within 30 minutes", "posts", "releases"
    ),
    _zero("unchecked_translations", "Translations of urgent posts that no person checked", "releases"),
)

_TRUST = (
    _census(
        "moderation_logged",
        "Hidden, deleted and banned: logged with category and copy",
        "share",
        "moderation",
    ),
    _zero("viewpoint_terms", "Words in the comment policy that courts objected to", "rules"),
    _zero(
        "unsigned_filters", "Custom word filters without legal sign-off", "moderation", missing="no_filter_inventory"
    ),
    _zero("late_appeals", "Appeals not decided within 5 working days", "moderation"),
    _census("answerable_labelled", "Incoming items that a person has labelled", "share", "contacts"),
    _sample("replied_in_day", "Answerable items answered by a person within 24 hours", "contacts"),
    _time("first_reply", "Time to the first reply by a person", "contacts", limits=(60, 120, 480, 1440)),
    _sample("two_way_share", "Posts that answer, ask or follow up", "posts"),
    _yearly("survey_margin", "Margin of error of the trust survey", "points", "surveys", missing="no_surveys"),
    _yearly(
        "subgroup_gap_narrowing",
        "Points a quarter by which the gap between groups shrinks",
        "points",
        "surveys",
        missing="no_surveys",
    ),
    _zero("late_booking_photos", "Booking photos kept longer than 14 days", "posts", missing="no_booking_photos"),
)

_COLLABORATION = (
    _census("partner_sectors", "Sectors with a named contact, in touch within 90 days", "count", "partners"),
    _sample("amplified_share", "Urgent posts shared by a registered partner within 60 minutes", "releases", "shares"),
    _census("reachable_beats", "Beats with a named officer who answers within 2 working days", "share", "beats"),
    _census("contributors", "Authorised contributors with current training", "count", "people", missing="no_training"),
    _census(
        "districts_covered",
        "Districts with a contributor trained within 12 months",
        "share",
        "people",
        missing="no_training",
    ),
    _census(
        "contributors_of_sworn",
        "Authorised contributors among the sworn officers",
        "share",
        "people",
        missing="no_training",
    ),
    _census("issues_logged", "Public issues in the log", "count", "commitments", missing="no_issue_log"),
    _sample(
        "issues_closed", "Public issues with an outcome posted within 30 days", "commitments", missing="no_issue_log"
    ),
)

_INTELLIGENCE = (
    _census("watches_and_searches", "Watches and searches", "count", "watches"),
    _census(
        "searches_with_purpose",
        "Searches and records with purpose, tier and approver",
        "share",
        "watches",
        "records",
    ),
    _zero("unresolved_exceptions", "Exceptions left unresolved", "watches", days=INCIDENT_DAYS),
    _census("records_late", "Records past their review date", "share", "records"),
    _zero("late_records", "Records past their review date (count)", "records"),
    _zero("tips_past_limit", "Tips kept longer than 2 years without becoming a case", "tips"),
    _zero(
        "intelligence_past_limit",
        "Intelligence records kept longer than 5 years without a new review",
        "records",
    ),
    _sample("tips_settled_in_week", "Tips with a decision within 7 days", "tips"),
    _sample("tips_settled_in_72h", "Tips with a decision within 72 hours", "tips"),
    _time("threat_triage", "Time until a threat to life is triaged", "tips", limits=(15,)),
    _sample("tips_outcome_returned", "Tips whose sender was told the outcome, where safe", "tips"),
    _sample("products_rated", "Products rated for source and content and corroborated", "products"),
    _census(
        "smallest_cell",
        "Smallest number of people behind a published figure",
        "count",
        "products",
        missing="no_published_groups",
    ),
    _census(
        "dialect_error_ratio",
        "Error rate between language groups, as the ratio furthest from 1",
        "ratio",
        "products",
        missing="no_group_test",
    ),
)

_OPERATIONS = (
    _incidents(
        "incidents_recorded",
        "Incidents with the times of flag and first post recorded",
        "count",
        "incidents",
    ),
    _time(
        "first_official_word",
        "Time to the first official post",
        "incidents",
        limits=(15, 30, 60, 120),
        days=INCIDENT_DAYS,
    ),
    _sample("claims_confirmed", "Claims with a recorded confirmer", "claims"),
    _zero("unconfirmed_safety_claims", "Life-safety claims without a confirmer", "claims"),
    _incidents(
        "update_gap",
        "Time between updates during an incident",
        "minutes",
        "updates",
        ours="the longest of the steps t2 - t1, t3 - t2 and so on between the official words about one incident at t1, t2, t3; with one"
        " word alone the time from it until the incident was closed. The figure is the median over the incidents of the window",
    ),
    _incidents(
        "update_gap_peak",
        "Time between updates in the first hour of an incident",
        "minutes",
        "updates",
        ours="the peak is the time from the first official word t1 to t1 + 60 min, or until the incident was closed if that came first;"
        " counted is the longest step between the words in it and its end. The figure is the median over the incidents of the window",
    ),
    _time("correction_time", "Time from an error to its correction", "claims", limits=(30, 60), days=INCIDENT_DAYS),
    _incidents(
        "freezes_in_time",
        "Critical incidents with all scheduled posts stopped within 10 minutes",
        "share",
        "incidents",
    ),
    _yearly("cap_valid", "Exported alerts that are valid CAP 1.2", "share", "alerts"),
    _yearly("exercises", "Exercises", "count", "exercises"),
    _yearly("months_tested", "Months with an alert test", "count", "exercises"),
    _yearly("joint_exercises", "Exercises with other agencies", "count", "exercises"),
    _yearly("actions_closed", "Actions from exercises that are closed", "share", "exercises"),
    _sample("notified_in_day", "Eligible callers and victims told within 24 hours", "notifications"),
    _zero(
        "exclusion_breaches",
        "Automatic messages sent to someone they must never reach",
        "notifications",
        days=INCIDENT_DAYS,
    ),
    _time(
        "delay_notice",
        "Time until a waiting caller is told of the delay",
        "notifications",
        limits=(30,),
        missing="no_delay_notices",
    ),
    _sample(
        "items_in_staffed_hours",
        "Incoming items that arrive in staffed or on-call hours",
        "contacts",
        "staffing",
    ),
    _census(
        "staffing_model_error",
        "Error of the hourly staffing model (MAPE)",
        "share",
        "contacts",
        "staffing",
    ),
)

#: Every measure by name.
CATALOGUE: Final[dict[str, Spec]] = {
    spec.name: spec for spec in (*_VOICE, *_TRUST, *_COLLABORATION, *_INTELLIGENCE, *_OPERATIONS)
}


#: Figures that are shown beside a profile and that no condition may read.
SHOWN: Final[dict[str, Spec]] = {
    spec.name: spec
    for spec in (
        _sample("inform_share", "Posts that inform", "posts"),
        _sample("engage_share", "Posts that engage", "posts"),
        _sample("gather_share", "Posts that ask for information", "posts"),
        _census("languages_stated", "Languages of the posts", "count", "posts"),
        _census("repost_share", "Posts of others passed on", "share", "posts"),
        _census("reposts_per_post", "Times a post was passed on, on average", "count", "posts"),
        _census("channels", "Channels in use", "count", "posts"),
        _census("thread_share", "Posts that continue a thread", "share", "posts"),
        _census("posting_hours", "Hours of the week with a post, of 168", "count", "posts"),
    )
}


def definition(name: str) -> str:
    """Return how a figure is worked out where that is Callbox's own reading of the model; empty for every other."""
    spec = CATALOGUE.get(name)
    return spec.ours if spec else ""


def keys() -> Iterator[tuple[str, Spec]]:
    """Yield every key under which a figure stands, with its spec."""
    for spec in CATALOGUE.values():
        for name in spec.keys:
            yield name, spec
