"""Files as telephones and programs write them, with what they hide planted in them."""

from __future__ import annotations

import io
import os
from collections.abc import Callable

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

#: Words planted in every hidden corner; none may come out.
SECRET = b"CANARY-59.9139-10.7522"


def drawn(mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, (0, 0, 255, 255)[: len(mode)])
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1]), fill=(255, 0, 0, 255)[: len(mode)])
    return image


def noise(size: tuple[int, int]) -> Image.Image:
    """Return a picture that nothing can pack."""
    return Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _exif(*, orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()  # maker of the camera
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (59.0, 54.0, 50.0)
    place[29] = SECRET.decode()  # date of the position
    return exif


def jpeg(*, orientation: int = 1) -> bytes:
    """Return a photo with a place, a comment and bytes behind its end."""
    data = encoded(drawn(), "JPEG", quality=95, exif=_exif(orientation=orientation), comment=SECRET)
    return data + b"PK\x03\x04" + SECRET


def png() -> bytes:
    """Return a drawing with words in its chunks."""
    info = PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return encoded(drawn("RGBA"), "PNG", pnginfo=info, exif=_exif()) + SECRET


def webp() -> bytes:
    """Return a WebP picture with a place and XMP."""
    return encoded(drawn(), "WEBP", quality=95, exif=_exif(), xmp=SECRET)


def gif() -> bytes:
    """Return a still GIF with a comment."""
    return encoded(drawn(), "GIF", comment=SECRET) + SECRET


PLANTED: dict[str, Callable[[], bytes]] = {"jpeg": jpeg, "png": png, "webp": webp, "gif": gif}


def box(kind: bytes, inside: bytes = b"") -> bytes:
    """Return one box of an MP4 file."""
    return (8 + len(inside)).to_bytes(4) + kind + inside


def mp4(*, place: bytes = b"") -> bytes:
    """Return the boxes of an MP4 file, with what tells a place when asked."""
    moov = box(b"moov", box(b"mvhd", b"\0" * 100) + box(b"udta", place))
    return box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + moov + box(b"mdat", b"frames loci frames")


WEBM = (
    b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm" + b"\0" * 50
)
VTT = b"WEBVTT\n\n00:00.000 --> 00:02.500\nRoute 7 is closed.\n"
