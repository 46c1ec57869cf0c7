"""The pages of events: the board with its reasons, one event with its posts, what is done there, and authors behind two people."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from callbox.governance.models import AuditEvent
from callbox.intelligence import pseudonyms
from callbox.intelligence.models import Event, Reveal, Sighting, Watch
from tests.intelligence.events import rows
from tests.people import Cast, signed_in


@dataclass(frozen=True)
class Scene:
    cast: Cast
    staff: rows.Staff
    watch: Watch
    posts: list[Sighting]
    event: Event

    def url(self, path: str) -> str:
        return f"/a/{self.cast.agency.slug}/{path}"

    @property
    def page(self) -> str:
        return self.url(f"events/{self.event.pk}/")


@pytest.fixture
def scene(cast: Cast) -> Scene:
    people = rows.staff(cast)
    place = rows.source(cast.agency, people.gina)
    watch = rows.watch(cast.agency, people.gina, [place])
    words = ("Water on Mill Road, cars float", "Mill Road is a river", "Mill Road is a river!")
    posts = [rows.sighting(place, text, watch=watch, author=f"a{n}") for n, text in enumerate(words)]
    event = rows.event(*posts)
    Sighting.objects.filter(pk=posts[2].pk).update(duplicate_of=posts[1])
    return Scene(cast, people, watch, posts, event)


def told(client: Client, url: str, **fields: str) -> str:
    response = client.post(url, fields, follow=True)
    return str(response.content.decode())


def test_the_empty_board_says_where_events_come_from(cast: Cast) -> None:
    page = signed_in(rows.staff(cast).gina).get(f"/a/{cast.agency.slug}/events/").content.decode()
    assert "Nothing was noticed yet" in page
    assert "somebody else who allows it" in page


def test_the_board_names_its_reasons_and_draws_the_growth_but_shows_no_post(scene: Scene) -> None:
    page = signed_in(scene.staff.jana).get(scene.url("events/")).content.decode()
    assert "flood, mill" in page
    assert "3 posts" in page
    assert "3 different authors" in page
    assert "3 posts in the last 24 hours" in page
    assert page.count("<rect") == 24
    assert "cars float" not in page


def test_an_event_shows_its_posts_the_words_that_matched_and_copies_folded(scene: Scene) -> None:
    page = signed_in(scene.staff.jana).get(scene.page).content.decode()
    assert "cars float" in page
    assert "matched by High water: flood" in page
    assert "1 post says nearly the same" in page
    assert page.count('class="line"') == 2
    assert "without a gap" in page
    assert "Take it" not in page  # reading is not judging


def test_opening_an_event_is_in_the_trail_before_anything_is_shown(scene: Scene) -> None:
    client = signed_in(scene.staff.jana)
    client.get(scene.page)
    page = client.get(scene.page).content.decode()
    assert AuditEvent.objects.filter(action="event.read", by=scene.staff.jana, target=scene.event.subject).count() == 2
    assert "Opened 2 times" in page


def test_every_page_that_shows_words_of_a_post_is_in_the_trail(scene: Scene) -> None:
    client = signed_in(scene.staff.gina)
    reads = AuditEvent.objects.filter(action="event.read", by=scene.staff.gina, target=scene.event.subject)
    for number, response in enumerate(
        (
            client.post(scene.page + "finding/", {"verdict": "refuted"}),
            client.post(scene.page + "close/", {}),
            client.get(scene.url(f"events/posts/{scene.posts[0].pk}/author/")),
        ),
        1,
    ):
        assert scene.posts[0].text in response.content.decode()
        assert reads.count() >= number
    assert reads.count() == 3


def test_somebody_takes_names_and_confirms_an_event(scene: Scene) -> None:
    client = signed_in(scene.staff.gina)
    assert "It is yours to check" in told(client, scene.page + "take/")
    assert "Named" in told(client, scene.page + "name/", title="Flood on Mill Road", place="Mill Road")
    fields = {"text": "Water over the kerb", "source_grade": "B", "content_grade": "2", "corroboration": "Patrol 3"}
    page = told(client, scene.page + "finding/", verdict="confirmed", checked="place", **fields)
    assert "Confirmed. Now somebody can act on it." in page
    assert "Patrol 3" in page
    assert "Searched: River town" in page
    event = Event.objects.get()
    assert (event.state, event.title, event.named) == ("confirmed", "Flood on Mill Road", True)


def test_what_was_typed_stays_where_a_grade_is_missing(scene: Scene) -> None:
    client = signed_in(scene.staff.gina)
    response = client.post(scene.page + "finding/", {"verdict": "refuted", "text": "An old picture"})
    assert response.status_code == 422
    assert "Grade the source" in response.content.decode()
    assert "An old picture" in response.content.decode()
    assert Event.objects.get().state == "new"


def test_the_form_asks_what_happens_before_anything_else_and_never_who(scene: Scene) -> None:
    page = signed_in(scene.staff.gina).get(scene.page).content.decode()
    form = page[page.index('id="finding"') :]
    form = form[: form.index("</form>")]
    order = ("What is said to happen", "Whether somebody is in danger", "What was found", "How far the source")
    assert [form.index(words) for words in order] == sorted(form.index(words) for words in order)
    assert not {"name", "handle", "author", "person"} & set(form.replace('"', " ").split())


def test_events_are_put_together_and_taken_apart_on_their_pages(scene: Scene) -> None:
    other = rows.event(rows.sighting(scene.posts[0].source, "The mill is under water"), title="mill, water")
    client = signed_in(scene.staff.gina)
    page = told(client, scene.url(f"events/{other.pk}/merge/"), into=str(scene.event.pk))
    assert "Put into this event" in page
    assert "4 posts" in page
    assert "stands by itself again" in told(client, scene.url(f"events/{other.pk}/unmerge/"))
    assert "choose the event" in told(client, scene.url(f"events/{other.pk}/merge/"), into="999999")


def test_a_post_that_does_not_belong_is_split_off(scene: Scene) -> None:
    client = signed_in(scene.staff.gina)
    page = told(client, scene.url(f"events/posts/{scene.posts[1].pk}/split/"))
    assert "It has an event of its own now." in page
    assert sorted(Event.objects.values_list("size", flat=True)) == [1, 2]


def test_closing_asks_what_it_was_worth_and_the_watch_is_judged_by_it(scene: Scene) -> None:
    client = signed_in(scene.staff.gina)
    assert client.post(scene.page + "close/", {}).status_code == 422
    assert "Closed." in told(client, scene.page + "close/", useful="late")
    page = client.get(scene.url("events/watches/")).content.decode()
    assert "100 % (27–100 %, n = 1)" in page
    assert client.get(scene.url("events/watches/?quarter=nonsense")).status_code == 200


def test_an_author_needs_a_reason_a_second_person_and_leaves_a_count(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pseudonyms, "open_author", lambda _sighting: {"author": "did:plc:someone"})
    gina, ida = signed_in(scene.staff.gina), signed_in(scene.staff.ida)
    ask = scene.url(f"events/posts/{scene.posts[0].pk}/author/")
    assert gina.get(ask).status_code == 200
    assert gina.post(ask, {"reason": "He asks for help"}).status_code == 422
    told(gina, ask, reason="Asks for help", basis="life", reference="26-77")
    reveal = Reveal.objects.get()
    assert "not open" in told(gina, scene.url(f"events/authors/{reveal.pk}/look/"))
    assert "Allowed, for 60 minutes" in told(ida, scene.url(f"events/authors/{reveal.pk}/decide/"), decision="allow")
    response = gina.post(scene.url(f"events/authors/{reveal.pk}/look/"))
    assert "did:plc:someone" in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert "did:plc:someone" not in gina.get(scene.url("events/authors/")).content.decode()
    assert "author seen 1 time" in gina.get(scene.page).content.decode()
