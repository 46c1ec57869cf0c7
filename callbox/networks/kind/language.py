"""Whether a post is in English, the one language the classifier was made for.

What the record states counts. Where it states nothing, words decide that are common in English and rare or unknown elsewhere, beside
how many words the classifier has never met; posts that leave this open are identified by py3langid, whose model comes with it. A
post that stays unsure is not taken for English.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

type Flags = npt.NDArray[np.bool_]

LANGUAGE: Final = "en"
_EVERYDAY: Final = """
about after again also and anyone anything are because been before being believe between call can't could did do don't each every
found from getting good has have help her here how if information into is it's know like looking many might more most much need
never now of officers on our out people please report right see seen should someone thank thanks that that's the their them then
there these they thing this those through today tonight together very was we we're we've were what when where which who why will
with would you you're your yesterday
"""
#: Everyday English words that no other language written in Latin letters shares often.
TELLING: Final = frozenset(_EVERYDAY.split())
#: Codes by which records say that they do not know.
_UNSTATED: Final = ("", "und", "mul", "zxx", "mis")
#: A post with a telling word, at least so many known ones and at most this share of unknown ones is English; one with more unknown
#: words than the other share is not. In between, and without a telling word, py3langid is asked.
_KNOWN: Final = 4
_FEW_STRANGE, _MOST_STRANGE = 0.25, 0.5
#: The probability that py3langid must give to English, its first choice among some 140 languages.
_SURE: Final = 0.3
_NOT_PROSE: Final = r"https?://\S+|[@#]\w+"

type Counts = npt.NDArray[np.int64]


def stated(languages: pl.Series | None, n: int) -> pl.Series:
    """Return for each of `n` posts whether its record says English; null where it says nothing.

    languages: BCP 47 tags; "und" and the like say nothing.
    """
    if languages is None:
        return pl.Series([None] * n, dtype=pl.Boolean)
    code = languages.cast(pl.String).str.to_lowercase().str.extract(r"^\s*([a-z]*)", 1).fill_null("")
    silent = code.is_in(_UNSTATED) | code.str.contains("^q[a-z][a-z]$")
    return pl.select(pl.when(~silent).then(code == LANGUAGE)).to_series()


def identify(texts: pl.Series, *, telling: Counts, known: Counts, strange: Counts) -> Flags:
    """Return which of `texts` are in English.

    telling, known, strange: of each text, the words among `TELLING`, those of the vocabulary, and those in lower case that are unknown.
    """
    share = strange / np.maximum(known + strange, 1)
    english: Flags = (telling > 0) & (known >= _KNOWN) & (share <= _FEW_STRANGE)
    open_ones = np.flatnonzero(~english & (share <= _MOST_STRANGE) & (known > 0))
    if len(open_ones):
        prose = texts.gather(open_ones).str.replace_all(_NOT_PROSE, "")
        english[open_ones] = [_says_english(text) for text in prose.to_list()]
    return english


def _says_english(text: str) -> bool:
    language, sure = _identifier().classify(text)
    return bool(language == LANGUAGE and sure >= _SURE)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - reading its model takes a moment

    identifier: LanguageIdentifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier
