"""Whether an alternative text describes its picture. Every reader and every connector asks here, so that all networks are judged alike."""

from __future__ import annotations

import re
from typing import Final

#: Fewer letters than this cannot describe a picture.
MINIMUM_LETTERS: Final = 3

# A file name, a camera's counter or a bare address: what a program writes when nobody wrote anything.
_FILE_NAME: Final = re.compile(
    r"^\S*[^\s.]\.(?:jpe?g|png|gif|webp|heic|avif|bmp|tiff?|svg|mp4|mov)$"
    r"|^(?:img|dsc[nf]?|pxl|mvimg|dji|gopr|screenshot|screen shot|whatsapp image|received|fb_img)[\W_]*\d[\d\W_]*(?:at[\d\W_]*)?$"
    r"|^https?://\S+$",
    re.IGNORECASE,
)
# The word "picture" and its like, alone or with a number, in the languages of the forces whose records were looked at.
_PLACEHOLDER: Final = re.compile(
    r"^(?:an?\s+|the\s+|ein\s+|une?\s+|una?\s+|et\s+|ett\s+)?"
    r"(?:image|img|picture|pic|photo|photograph|graphic|graphics|logo|banner|thumbnail|media|attachment|untitled|unnamed"
    r"|bild|bilde|billede|foto|fotografie|imagen|fotografia|fotografía|imagem|immagine|kuva|afbeelding|zdjęcie|obraz|صورة"
    r"|alt|alt[ -]?text|description|no description|no alt[ -]?text|no image description(?: available)?|null|none|undefined|n/?a|todo|test)"
    r"(?:\s+of)?[\s\W_]*\d*[\s\W_]*$",
    re.IGNORECASE,
)


def described(alt: object) -> bool:
    """Whether `alt` is a non-trivial alternative text.

    Not counted: nothing or no text, fewer than three letters, a file name or address, and placeholders such as "image" or "photo 2".
    """
    if not isinstance(alt, str):
        return False
    text = alt.strip()
    if sum(letter.isalpha() for letter in text[:1000]) < MINIMUM_LETTERS:
        return False
    return _FILE_NAME.match(text) is None and _PLACEHOLDER.match(text) is None
