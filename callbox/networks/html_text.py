"""The words and pictures of a post that a network hands out as HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure"}
_SILENT: Final = {"script", "style", "template"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.images: list[str | None] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in _SILENT:
            self._silent += 1
        elif tag == "img":
            stated = dict(attrs)
            if stated.get("width") != "1":  # a counting pixel
                self.images.append(stated.get("alt"))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def words_and_images(html: str) -> tuple[str, list[str | None]]:
    """Return the visible text, one line a block, and the alternative text of every picture (None: it has none)."""
    parser = _Words()
    try:
        parser.feed(html)
        parser.close()
    except AssertionError:  # how the standard library gives up on some broken declarations
        pass
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    return "\n".join(line for line in lines if line), parser.images
