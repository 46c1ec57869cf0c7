from callbox.people.models import Agency, Membership
from callbox.people.roles import Role
from tests.people import Cast, signed_in


def test_it_works(cast: Cast) -> None:
    page = signed_in(cast.alice).get("/a/harbour/people/")
    assert page.status_code == 200
    assert "Harbour City Police" in page.text


def test_home_leads_to_the_only_agency(cast: Cast) -> None:
    assert signed_in(cast.alice).get("/")["Location"] == "/a/harbour/"


def test_someone_with_two_agencies_chooses(cast: Cast) -> None:
    Membership.objects.create(user=cast.alice, agency=cast.other, role=Role.VIEWER)
    page = signed_in(cast.alice).get("/")
    assert "Harbour City Police" in page.text
    assert "Valley Sheriff" in page.text


def test_someone_without_an_agency_is_told_what_to_do(cast: Cast) -> None:
    Membership.objects.filter(user=cast.alice).delete()
    assert "not a member of an agency yet" in signed_in(cast.alice).get("/").text


def test_dan_finds_nothing_at_another_agency(cast: Cast) -> None:
    dan = signed_in(cast.dan)
    assert dan.get("/a/harbour/people/").status_code == 404
    assert dan.get("/a/nowhere/people/").status_code == 404


def test_the_navigation_shows_only_what_the_role_may_open(cast: Cast) -> None:
    assert "/a/harbour/audit/" in signed_in(cast.frank).get("/a/harbour/people/").text
    assert "/a/harbour/audit/" not in signed_in(cast.alice).get("/a/harbour/people/").text


def test_the_chosen_look_is_kept_without_script(cast: Cast) -> None:
    client = signed_in(cast.alice)
    answer = client.post("/theme", {"theme": "dark", "next": "/a/harbour/people/"})
    assert answer["Location"] == "/a/harbour/people/"
    assert 'data-bs-theme="dark"' in client.get("/a/harbour/people/").text
    client.post("/theme", {"theme": "", "next": "/"})
    assert "data-bs-theme" not in client.get("/a/harbour/people/").text


def test_the_look_never_leads_to_another_site(cast: Cast) -> None:
    assert signed_in(cast.alice).post("/theme", {"theme": "dark", "next": "https://evil.example/"})["Location"] == "/"


def test_the_agency_colour_is_a_stylesheet_of_its_members(cast: Cast) -> None:
    Agency.objects.filter(pk=cast.agency.pk).update(accent="#7a1f5f")
    answer = signed_in(cast.alice).get("/a/harbour/colour.css")
    assert answer["Content-Type"].startswith("text/css")
    assert "#7a1f5f" in answer.text
    assert signed_in(cast.dan).get("/a/harbour/colour.css").status_code == 404
