from tests.people import Cast, signed_in


def test_it_works(cast: Cast) -> None:
    page = signed_in(cast.alice).get("/", follow=True)
    assert page.status_code == 200
    assert "Harbour City Police" in page.text


def test_dan_finds_nothing_at_another_agency(cast: Cast) -> None:
    assert signed_in(cast.dan).get("/a/harbour/").status_code == 404
