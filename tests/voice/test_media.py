import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from PIL import Image

from callbox.core.refusal import RefusedError
from callbox.governance.models import AuditEvent
from callbox.networks.media import MediaChangedError
from callbox.voice import pictures
from callbox.voice.models import MediaFile
from callbox.voice.pictures import UnfitError, clean
from callbox.voice.services import media
from tests.people import Cast
from tests.voice.pictures import PLANTED, SECRET, VTT, WEBM, box, drawn, encoded, jpeg, mp4, noise


@pytest.fixture(autouse=True)
def _uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def cleaned(data: bytes) -> bytes:
    return b"".join(clean(io.BytesIO(data)).chunks())


@pytest.mark.parametrize("kind", PLANTED)
def test_nothing_hidden_in_a_picture_comes_out(kind: str) -> None:
    data = PLANTED[kind]()
    assert SECRET in data
    out = cleaned(data)
    assert SECRET not in out
    with Image.open(io.BytesIO(out)) as image:
        image.load()
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "XML:com.adobe.xmp"} & set(image.info)
        assert image.convert("RGB").getpixel((2, 2))[0] > 200  # type: ignore[index]  # it still shows red on the left


def test_the_place_of_a_photo_was_really_in_it_before() -> None:
    with Image.open(io.BytesIO(jpeg())) as image:
        assert image.getexif().get_ifd(0x8825)[1] == "N"


def test_a_photo_taken_upright_stands_upright() -> None:
    found = clean(io.BytesIO(jpeg(orientation=6)))  # the camera was turned: top is what lies left
    assert (found.width, found.height) == (20, 40)
    with Image.open(found.file) as image:
        red, _green, blue = image.convert("RGB").getpixel((10, 2))  # type: ignore[misc]
    assert red > 200 > blue


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert cleaned(jpeg()) == cleaned(jpeg())


def test_a_heavy_picture_fits_every_network() -> None:
    data = encoded(noise((2000, 1500)), "PNG")
    assert len(data) > 8_000_000
    found = clean(io.BytesIO(data))
    assert found.type == "image/jpeg"
    assert len(b"".join(found.chunks())) <= pictures.IMAGE_BYTES
    assert found.width / found.height == pytest.approx(4 / 3, abs=0.01)


def test_a_drawing_stays_sharp_and_keeps_its_transparency() -> None:
    found = clean(io.BytesIO(encoded(drawn("RGBA"), "PNG")))
    assert found.type == "image/png"
    with Image.open(found.file) as image:
        assert image.mode == "RGBA"


def test_a_picture_larger_than_memory_allows_is_refused_before_it_is_drawn() -> None:
    bomb = encoded(Image.new("1", (6000, 6000)), "PNG")
    assert len(bomb) < 10_000
    with pytest.raises(UnfitError, match="more than 25 million pixels"):
        clean(io.BytesIO(bomb))
    huge = encoded(Image.new("1", (20_000, 20_000)), "PNG")
    with pytest.raises(UnfitError, match="more than 25 million pixels"):
        clean(io.BytesIO(huge))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"GIF",
        encoded(drawn(), "BMP"),
        encoded(drawn(), "TIFF"),
        box(b"ftyp", b"heic\0\0\0\0heic"),
        box(b"ftyp", b"qt  \0\0\0\0qt  "),
        b"\x1a\x45\xdf\xa3" + b"matroska" + b"\0" * 60,
    ],
    ids=["empty", "svg", "html", "pdf", "stub", "bmp", "tiff", "heic", "quicktime", "matroska"],
)
def test_what_networks_do_not_show_is_refused_by_its_content(data: bytes) -> None:
    with pytest.raises(UnfitError, match="no picture, video or captions"):
        clean(io.BytesIO(data))


@pytest.mark.parametrize("kind", PLANTED)
def test_a_picture_cut_anywhere_is_refused_or_whole(kind: str) -> None:
    data = PLANTED[kind]()
    for length in range(1, len(data), max(1, len(data) // 60)):
        try:
            found = clean(io.BytesIO(data[:length]))
        except UnfitError:
            continue
        assert (found.width, found.height) == (40, 20)


def test_a_moving_picture_asks_for_a_video() -> None:
    data = encoded(drawn(), "GIF", save_all=True, append_images=[drawn("RGB").rotate(180)])
    with pytest.raises(UnfitError, match="this picture moves"):
        clean(io.BytesIO(data))


def test_videos_are_told_by_their_container_and_kept_as_they_are() -> None:
    assert cleaned(mp4()) == mp4()
    assert clean(io.BytesIO(mp4())).type == "video/mp4"
    assert clean(io.BytesIO(WEBM)).type == "video/webm"


@pytest.mark.parametrize("place", [b"\xa9xyz+59.9139+010.7522/", b"loci\0\0", b"com.apple.quicktime.location.ISO6709"])
def test_a_video_that_tells_its_place_is_refused(place: bytes) -> None:
    with pytest.raises(UnfitError, match="says where it was filmed"):
        clean(io.BytesIO(mp4(place=place)))


@pytest.mark.parametrize("data", [mp4()[:-3], mp4() + b"\0\0\0\1junkjunkjunkjunkjunk", mp4() + b"\0\0\0\4free0000"])
def test_a_broken_video_is_refused(data: bytes) -> None:
    with pytest.raises(UnfitError, match="damaged"):
        clean(io.BytesIO(data))


def test_captions_need_times() -> None:
    assert clean(io.BytesIO(VTT)).kind == "captions"
    for wrong in (b"WEBVTT\n\nNo times", b"WEBVTT\n\n00:00.000 --> \xff", VTT + b"x" * 1_000_000):
        with pytest.raises(UnfitError, match="captions cannot be read"):
            clean(io.BytesIO(wrong))


def test_a_file_is_kept_once_and_read_back_by_its_digest(cast: Cast) -> None:
    first = media.add(agency=cast.agency, name="bridge.jpg", chunks=[jpeg()], by=cast.alice)
    again = media.add(agency=cast.agency, name="bridge (1).jpg", chunks=[jpeg()], by=cast.carol)
    assert first == again
    assert media.read(cast.agency, first.sha256) == cleaned(jpeg())
    assert (first.name, first.kind, first.type, first.width, first.height) == (
        "bridge.jpg",
        "image",
        "image/jpeg",
        40,
        20,
    )
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["media.added"]


def test_another_agency_reads_nothing_of_it(cast: Cast) -> None:
    file = media.add(agency=cast.agency, name="a.jpg", chunks=[jpeg()], by=cast.alice)
    with pytest.raises(MediaChangedError):
        media.read(cast.other, file.sha256)


def test_a_file_changed_on_the_disk_is_not_sent(cast: Cast, tmp_path: Path) -> None:
    file = media.add(agency=cast.agency, name="a.jpg", chunks=[jpeg()], by=cast.alice)
    (tmp_path / file.place).write_bytes(jpeg())
    with pytest.raises(MediaChangedError, match="not those that were approved"):
        media.read(cast.agency, file.sha256)


def test_a_file_that_is_too_large_is_refused_while_it_arrives(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "MOST_BYTES", 1000)
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 400

    with pytest.raises(RefusedError, match="larger than 100 MB"):
        media.add(agency=cast.agency, name="a.mp4", chunks=endless(), by=cast.alice)
    assert taken == 3
    assert not any(tmp_path.iterdir())


def test_an_unfit_file_says_why_and_leaves_nothing(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"evil\.svg was not added: this is no picture"):
        media.add(agency=cast.agency, name="evil.svg", chunks=[b"<svg/>"], by=cast.alice)
    assert not MediaFile.objects.exists()
    assert not any(tmp_path.iterdir())
