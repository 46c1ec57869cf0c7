"""Images redrawn, videos and captions judged by what is in them. Pure: bytes in, bytes out."""

from __future__ import annotations

import hashlib
import io
import re
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from callbox.core.text import Reason

#: The largest picture drawn, in pixels: 25 million, as much as a good telephone takes; one open picture is then 100 MB of memory.
MOST_PIXELS: Final = 25_000_000
#: What the smallest network takes of a picture, in bytes (Bluesky: 1,000,000), with some room.
IMAGE_BYTES: Final = 950_000
#: The longer side of what is sent, in pixels; nobody's screen shows more.
LONGEST: Final = 4096
#: Captions are text; more than this many bytes are none.
CAPTION_BYTES: Final = 1_000_000

_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
_CHUNK: Final = 1 << 20
#: Brands of MP4 files that browsers and networks play (ISO/IEC 14496-12, 4.3); HEIC, AVIF and QuickTime are not among them.
_BRANDS: Final = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV")
#: How MP4 files say where they were filmed.
_PLACES: Final = (b"\xa9xyz", b"loci", b"location.ISO6709")

# One picture at a time: memory stays bounded, and the filters of warnings belong to the whole process.
_ONE: Final = threading.Lock()
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class UnfitError(Exception):
    """The file cannot be published. reason: why, for people."""

    def __init__(self, code: str, **values: object) -> None:
        self.reason = Reason(code, values)
        super().__init__(self.reason.sentence)


@dataclass(frozen=True, slots=True)
class Clean:
    """A file as it will be sent. kind: image, video or captions.  file: its bytes.  width, height: pixels, 0 when unknown."""

    kind: str
    type: str
    ending: str
    sha256: str
    file: BinaryIO
    width: int = 0
    height: int = 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        self.file.seek(0)
        while chunk := self.file.read(_CHUNK):
            yield chunk


def clean(file: BinaryIO) -> Clean:
    """Return what may be sent of `file`, told by its content and never by its name.

    Raises:
        UnfitError: it is none of PNG, JPEG, WebP, GIF, MP4, WebM, WebVTT; damaged; too large; or it tells a place.
    """
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        _tells_no_place(file)
        return _as_is(file, "video", "video/mp4", "mp4")
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return _as_is(file, "video", "video/webm", "webm")
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return _captions(file)
    return _image(file)


def _as_is(file: BinaryIO, kind: str, mime: str, ending: str) -> Clean:
    found = Clean(kind, mime, ending, "", file)
    digest = hashlib.sha256()
    for chunk in found.chunks():
        digest.update(chunk)
    return replace(found, sha256=digest.hexdigest())


def _tells_no_place(file: BinaryIO) -> None:
    """Refuse an MP4 file that says where it was filmed; everything but the pictures and sound themselves is looked through."""
    size = file.seek(0, io.SEEK_END)
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4]), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16])
        length = size - at if length == 0 else length
        if length < 8 or at + length > size:
            raise UnfitError("media_damaged")
        if kind == b"moov" or kind in {b"udta", b"meta", b"uuid"}:
            file.seek(at)
            inside = file.read(length)
            if any(place in inside for place in _PLACES):
                raise UnfitError("video_place")
        at += length
    file.seek(0)


def _captions(file: BinaryIO) -> Clean:
    data = file.read(CAPTION_BYTES + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnfitError("captions_unreadable") from None
    cues = re.search(r"^(?:\d+:)?\d\d:\d\d\.\d{3}[ \t]+-->[ \t]+(?:\d+:)?\d\d:\d\d\.\d{3}", text, re.MULTILINE)
    if len(data) > CAPTION_BYTES or cues is None:
        raise UnfitError("captions_unreadable")
    return _as_is(file, "captions", "text/vtt", "vtt")


def _image(file: BinaryIO) -> Clean:
    with _ONE, warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            drawn, photo = _redrawn(file)
            data, mime, ending = _written(drawn, photo=photo)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise UnfitError("image_large", most=MOST_PIXELS // 1_000_000) from None
        except UnidentifiedImageError:
            raise UnfitError("media_unknown") from None
        except UnfitError:
            raise
        except Exception:  # a damaged picture fails inside the decoder in ways of its own
            raise UnfitError("media_damaged") from None
    digest = hashlib.sha256(data).hexdigest()
    return Clean("image", mime, ending, digest, io.BytesIO(data), drawn.width, drawn.height)


def _redrawn(file: BinaryIO) -> tuple[Image.Image, bool]:
    """Return the picture the right way up on a new canvas, and whether it is a photo. Only pixels cross over, nothing else."""
    with Image.open(file, formats=_FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise UnfitError("image_large", most=MOST_PIXELS // 1_000_000)
        if getattr(image, "n_frames", 1) > 1:
            raise UnfitError("image_moves")
        photo = image.format in {"JPEG", "WEBP"}
        upright = ImageOps.exif_transpose(image)
        seen = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    seen.thumbnail((LONGEST, LONGEST))
    canvas = Image.new(seen.mode, seen.size)
    canvas.paste(seen)
    return canvas, photo


def _written(image: Image.Image, *, photo: bool) -> tuple[bytes, str, str]:
    """Return the picture as a file no larger than `IMAGE_BYTES`: a drawing stays sharp as PNG while that fits, anything else is a photo."""
    if not photo or image.mode == "RGBA":
        data = _bytes(image, "PNG", optimize=True)
        if len(data) <= IMAGE_BYTES:
            return data, "image/png", "png"
    kind, mime, ending = ("WEBP", "image/webp", "webp") if image.mode == "RGBA" else ("JPEG", "image/jpeg", "jpg")
    while True:
        for quality in (90, 80, 70):
            data = _bytes(image, kind, quality=quality)
            if len(data) <= IMAGE_BYTES:
                return data, mime, ending
        image.thumbnail((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))


def _bytes(image: Image.Image, kind: str, **options: int | bool) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
