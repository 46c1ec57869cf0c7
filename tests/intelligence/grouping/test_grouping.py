"""What watches matched becomes events: near-copies folded, the rest grouped, once each, whatever breaks off in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from callbox.governance.models import AuditEvent
from callbox.intelligence.engine.grouping import Groups
from callbox.intelligence.memory import Memory
from callbox.intelligence.models import Event, Sighting, Source
from callbox.intelligence.services import events, figures, findings, grouping, rising
from callbox.intelligence.services.grouping import group_waiting
from callbox.people.models import Beat, Street
from tests.intelligence.events import rows
from tests.people import Cast, make_cast

#: A flood, a fair and a fire, as several people would write of them.
FLOOD = (
    "Flood on Mill Road, the water is up to the kerb",
    "flood Mill Road: cars cannot pass, water rising",
    "Mill Road under water again, flood near the bridge",
    "is the flood at Mill Road bridge reaching the school?",
)
FAIR = ("The spring fair opens on Saturday with a carousel", "carousel and candy floss at the spring fair, Saturday")
FIRE = ("Thick smoke over the paper factory, sirens", "paper factory smoke everywhere, sirens and engines")


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    grouping.forget()
    yield
    grouping.forget()


@pytest.fixture
def place(cast: Cast) -> Source:
    return rows.source(cast.agency, cast.bob)


def posts(place: Source, *texts: str) -> list[Sighting]:
    begin = timezone.now() - timedelta(minutes=len(texts))
    return [rows.sighting(place, text, author=f"a{n}", at=begin + timedelta(minutes=n)) for n, text in enumerate(texts)]


def groups() -> set[frozenset[str]]:
    found: dict[Any, set[str]] = {}
    for event, text in Sighting.objects.values_list("event", "text"):
        found.setdefault(event, set()).add(text)
    return {frozenset(texts) for texts in found.values()}


@pytest.mark.django_db
def test_posts_of_the_same_thing_stand_together_with_what_they_share(place: Source) -> None:
    posts(place, FLOOD[0], FAIR[0], FIRE[0], *FLOOD[1:], FAIR[1], FIRE[1])
    assert group_waiting() == 8
    assert groups() == {frozenset(FLOOD), frozenset(FAIR), frozenset(FIRE)}
    flood = Sighting.objects.get(text=FLOOD[2])
    assert flood.event is not None
    assert flood.event.size == flood.event.authors == 4
    assert "flood" in flood.event.title
    assert "mill" in next(each["values"]["words"] for each in flood.reasons if each["code"] == "sighting_joined")
    assert Sighting.objects.ungrouped().count() == 0
    assert group_waiting() == 0


@pytest.mark.django_db
def test_near_copies_are_folded_under_the_first_and_still_count(place: Source) -> None:
    first, copy, again = posts(place, FLOOD[0], FLOOD[0].upper() + "!!", "RT @x: " + FLOOD[0])
    group_waiting()
    assert set(Sighting.objects.filter(duplicate_of=first).values_list("pk", flat=True)) == {copy.pk, again.pk}
    event = Event.objects.get()
    assert (event.size, event.authors) == (3, 3)
    assert Sighting.objects.get(pk=copy.pk).event == event


@pytest.mark.django_db
def test_a_restart_in_the_middle_gives_the_same_groups(cast: Cast, place: Source) -> None:
    texts = [text for three in zip(FLOOD, FAIR * 2, FIRE * 2, strict=True) for text in three]
    posts(place, *texts)
    group_waiting()
    whole = groups()
    Sighting.objects.update(duplicate_of=None)
    Sighting.objects.all().delete()
    Event.objects.all().delete()
    for text in texts:
        grouping.forget()
        posts(place, text)
        group_waiting()
    assert groups() == whole


@pytest.mark.django_db
def test_a_batch_that_breaks_off_leaves_nothing_half_grouped(place: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    posts(place, *FLOOD[:2])
    group_waiting()
    later = posts(place, *FLOOD[2:])

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(grouping, "record", broken)
        with pytest.raises(OSError, match="full"), transaction.atomic():
            group_waiting()
    assert Sighting.objects.ungrouped().count() == len(later)
    assert Event.objects.get().size == 2
    assert group_waiting() == 2
    assert groups() == {frozenset(FLOOD)}


@pytest.mark.django_db
def test_another_process_that_grouped_meanwhile_is_followed(place: Source) -> None:
    posts(place, FLOOD[0])
    group_waiting()
    mine = dict(grouping._KEPT)
    grouping.forget()
    posts(place, FIRE[0])
    group_waiting()  # the other process
    grouping._KEPT.clear()
    grouping._KEPT.update(mine)
    posts(place, FIRE[1], FLOOD[1])
    group_waiting()
    assert groups() == {frozenset(FLOOD[:2]), frozenset(FIRE)}


@pytest.mark.django_db
def test_every_batch_has_one_event_in_the_trail_with_its_numbers(cast: Cast, place: Source) -> None:
    posts(place, *FLOOD, *FIRE)
    group_waiting()
    told = AuditEvent.objects.get(action="events.grouped")
    assert told.data["sightings"] == 6
    assert len(told.data["new"]) == 2


@pytest.mark.django_db
def test_agencies_never_share_a_group(cast: Cast, place: Source) -> None:
    there = rows.source(cast.other, cast.dan)
    posts(place, FLOOD[0])
    posts(there, FLOOD[0])
    group_waiting()
    assert Event.objects.of(cast.agency).get().size == Event.objects.of(cast.other).get().size == 1
    assert not Sighting.objects.exclude(duplicate_of=None).exists()


@pytest.mark.django_db
def test_what_was_deleted_upstream_before_anybody_saw_it_is_in_no_event(place: Source) -> None:
    rows.sighting(place, "", sealed="")
    assert group_waiting() == 1
    row = Sighting.objects.get()
    assert (row.event, row.reasons[0]["code"]) == (None, "sighting_gone")


@pytest.mark.django_db
def test_a_closed_event_takes_nothing_more_and_what_comes_then_stands_together(cast: Cast, place: Source) -> None:
    gina = rows.staff(cast).gina
    posts(place, *FLOOD[:2])
    group_waiting()
    findings.close(event=Event.objects.get(), useful="true", by=gina)
    posts(place, FLOOD[2], FLOOD[0], FLOOD[0] + "!")
    group_waiting()
    grouping.forget()
    posts(place, FLOOD[3])
    group_waiting()
    assert sorted(Event.objects.values_list("state", "size")) == [("closed", 2), ("new", 4)]
    assert Sighting.objects.exclude(duplicate_of=None).count() == 1


@pytest.mark.django_db
def test_new_posts_of_a_merged_event_count_where_it_was_put(cast: Cast, place: Source) -> None:
    gina = rows.staff(cast).gina
    posts(place, FLOOD[0], FIRE[0])
    group_waiting()
    flood, fire = Event.objects.order_by("pk")
    events.merge(event=fire, into=flood, by=gina)
    posts(place, FIRE[1])
    group_waiting()
    flood.refresh_from_db()
    fire.refresh_from_db()
    assert flood.size == 3
    events.unmerge(event=fire, by=gina)
    assert sorted(Event.objects.values_list("size", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_a_split_is_not_undone_by_a_restart(cast: Cast, place: Source) -> None:
    gina = rows.staff(cast).gina
    written = posts(place, *FLOOD[:3])
    group_waiting()
    made = events.split(sighting=Sighting.objects.get(pk=written[2].pk), by=gina)
    grouping.forget()
    posts(place, FLOOD[3])
    group_waiting()
    assert sorted(Event.objects.values_list("size", flat=True)) == [1, 3]
    assert made.size == 1


@pytest.mark.django_db
def test_words_of_danger_and_places_of_the_agency_are_found_and_weigh(cast: Cast, place: Source) -> None:
    now = timezone.now()
    beat = Beat.objects.create(agency=cast.agency, code="mills", name="Mills", at=now)
    Street.objects.create(beat=beat, name="Mill Road", folded="mill road")
    posts(place, FLOOD[0], "Somebody is drowning at the bridge")
    group_waiting()
    codes = {
        text: {each["code"] for each in reasons} for text, reasons in Sighting.objects.values_list("text", "reasons")
    }
    assert "event_place" in codes[FLOOD[0]]
    assert "event_urgent" in codes["Somebody is drowning at the bridge"]
    said = {each["code"]: each["values"] for event in Event.objects.all() for each in event.reasons}
    assert said["event_place"] == {"places": "Mill Road"}
    assert said["event_urgent"] == {"words": "drowning"}


@pytest.mark.django_db
def test_an_event_is_said_to_rise_once_an_hour_however_it_goes_on(
    cast: Cast, place: Source, mailoutbox: list[EmailMessage]
) -> None:
    staff, now = rows.staff(cast), timezone.now()
    for n, text in enumerate((*FLOOD, "Mill Road flood: somebody is drowning")):
        rows.sighting(place, text, author=f"a{n}", at=now)
    group_waiting(now=now)
    assert [rising.tell_waiting(now=now), rising.tell_waiting(now=now)] == [1, 0]
    rows.sighting(place, "flood at the Mill Road school now", author="z", at=now)
    group_waiting(now=now + timedelta(minutes=5))
    assert rising.tell_waiting(now=now + timedelta(minutes=5)) == 0
    assert AuditEvent.objects.filter(action="event.risen").count() == 1
    assert {to for letter in mailoutbox for to in letter.to} == {staff.gina.email, staff.hugo.email, staff.ida.email}
    assert len(mailoutbox) == 3
    assert "Mill" not in " ".join(str(letter.body) for letter in mailoutbox)


@pytest.mark.django_db
def test_groups_that_grew_alike_become_one_event_unless_a_person_took_them_apart(
    cast: Cast, place: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    gina, now = rows.staff(cast).gina, timezone.now()
    older, younger = posts(place, FLOOD[0], FIRE[0])
    group_waiting(now=now)
    monkeypatch.setattr(Groups, "merges", lambda _groups: [(str(younger.pk), str(older.pk))])
    posts(place, FAIR[0])
    group_waiting(now=now + timedelta(minutes=6))
    flood, fire = Event.objects.get(cluster=str(older.pk)), Event.objects.get(cluster=str(younger.pk))
    assert (fire.state, fire.merged_into, flood.size) == ("merged", flood, 2)
    events.unmerge(event=fire, by=gina)
    posts(place, FAIR[1])
    group_waiting(now=now + timedelta(minutes=12))
    fire.refresh_from_db()
    assert fire.state == "new"


@pytest.mark.django_db
def test_an_event_somebody_works_on_is_put_into_no_other(
    cast: Cast, place: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    gina, now = rows.staff(cast).gina, timezone.now()
    older, younger = posts(place, FLOOD[0], FIRE[0])
    group_waiting(now=now)
    events.take(event=Event.objects.get(cluster=str(younger.pk)), by=gina)
    monkeypatch.setattr(Groups, "merges", lambda _groups: [(str(younger.pk), str(older.pk))])
    posts(place, FAIR[0])
    group_waiting(now=now + timedelta(minutes=6))
    assert Event.objects.get(cluster=str(younger.pk)).state == "checking"


@pytest.mark.django_db
def test_who_goes_on_rising_is_told_of_again_also_where_time_alone_counts_it(
    cast: Cast, place: Source, mailoutbox: list[EmailMessage]
) -> None:
    rows.staff(cast)
    now = timezone.now()
    for n, text in enumerate((*FLOOD, "Mill Road flood: somebody is drowning")):
        rows.sighting(place, text, author=f"a{n}", at=now)
    group_waiting(now=now)
    rising.tell_waiting(now=now)
    assert len(mailoutbox) == 3
    later = now + timedelta(minutes=61)
    Sighting.objects.update(at=later - timedelta(minutes=1))
    figures.rescore(now=later)
    assert AuditEvent.objects.filter(action="event.risen").count() == 2
    rising.tell_waiting(now=later)
    assert len(mailoutbox) == 6
    figures.rescore(now=later + timedelta(minutes=1))
    assert rising.tell_waiting(now=later + timedelta(minutes=1)) == 0


@pytest.mark.django_db(transaction=True)
def test_days_of_rows_are_read_before_the_transaction_not_in_it(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    place = rows.source(cast.agency, cast.bob)
    posts(place, *FLOOD)
    group_waiting()
    grouping.forget()
    locked: list[bool] = []
    recall = Memory.recall

    def noted(self: Memory, *args: Any, **named: Any) -> None:
        locked.append(connection.in_atomic_block)
        recall(self, *args, **named)

    monkeypatch.setattr(Memory, "recall", noted)
    posts(place, FIRE[0])
    assert group_waiting() == 1
    assert locked == [False] * len(FLOOD)
