"""Is it English? By script, then by small words that give a language away, then by statistics.

Short answers ("Single", "78x60", "ok") and product names must never become a foreign language: statistics
are only believed on several words, when English is out of the question and the words are not the company's.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = (
    "en de fr es it nl pt pl sv da no fi tr cs ro hu id sr hr lt ru uk ar he hi ja zh ko el vi th kk".split()
)
JUDGED_CHARS_MAX = 1_000
STATISTICS_WORDS_MIN = 3
FOREIGN_SCORE_MIN = 0.4
ENGLISH_SCORE_MAX = 0.05
SCRIPT_SHARE_MIN = 0.2
# "mi", "y", "o" alone prove nothing: they are typing errors and initials too.
LONE_WORD_CHARS_MIN = 4
SMALL_WORDS_SHARE_MIN = 0.3

_SCRIPTS = [
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("kk", re.compile(r"[әғқңөұүһӘҒҚҢӨҰҮҺ]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
]
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_NOT_PROSE = re.compile(r"\S+@\S+|https?://\S+|\S*\d\S*")

Known = Callable[[str], bool]


def recognise(
    text: str, earlier: Sequence[str] = (), is_known: Known = lambda word: False
) -> tuple[str, float]:
    """The language and how sure; `is_known` says whether a word belongs to the company's own examples."""
    letters = _NOT_PROSE.sub(" ", text[:JUDGED_CHARS_MAX])
    script = _by_script(letters)
    if script:
        return script
    words = _WORD.findall(letters.lower())
    found = _by_small_words(words, is_known)
    if found:
        return found
    if len(words) < STATISTICS_WORDS_MIN:
        return _as_before(earlier, words, is_known)
    return _by_statistics(letters, words, is_known)


def _by_script(text: str) -> tuple[str, float] | None:
    letters = sum(char.isalpha() for char in text)
    for language, pattern in _SCRIPTS:
        count = len(pattern.findall(text))
        # Some letters tell a language from its neighbours even when they are few.
        share_min = 0.02 if language in ("ja", "kk", "uk") else SCRIPT_SHARE_MIN
        if letters and count / letters >= share_min:
            return language, 0.99
    return None


def _by_small_words(words: list[str], is_known: Known) -> tuple[str, float] | None:
    small = _small_words()
    if not words:
        return None
    few = len(words) < STATISTICS_WORDS_MIN
    telling = [word for word in words if not few or len(word) >= LONE_WORD_CHARS_MIN]
    share = {language: sum(word in own for word in telling) / len(words) for language, own in small.items()}
    share["en"] = sum(word in small["en"] for word in words) / len(words)
    english = share.pop("en") + sum(is_known(word) for word in words) / len(words) / 2
    language = max(share, key=lambda name: share[name])
    # "die", "was", "an" exist in two languages: the foreign one must clearly win.
    if share[language] >= SMALL_WORDS_SHARE_MIN and share[language] > 1.5 * english:
        return language, min(0.99, 0.6 + share[language] / 2)
    if english >= SMALL_WORDS_SHARE_MIN and english >= share[language]:
        return "en", min(0.99, 0.6 + english / 2)
    return None


def _as_before(earlier: Sequence[str], words: list[str], is_known: Known) -> tuple[str, float]:
    """Too short to tell: the conversation's language so far, English when there is none."""
    before = " ".join(earlier[-3:])
    if words and len(_WORD.findall(before)) >= STATISTICS_WORDS_MIN:
        return recognise(before, (), is_known)[0], 0.5
    return "en", 0.5


def _by_statistics(text: str, words: list[str], is_known: Known) -> tuple[str, float]:
    ranked: list[tuple[str, float]] = _identifier().rank(text)
    scores: Mapping[str, float] = {language: float(score) for language, score in ranked}
    language = max(scores, key=lambda name: scores[name])
    own = sum(is_known(word) for word in words) / len(words)
    score = scores[language]
    is_foreign = score >= FOREIGN_SCORE_MIN and scores.get("en", 0.0) <= ENGLISH_SCORE_MAX and own < 0.5
    if language != "en" and is_foreign:
        return language, score
    return "en", max(scores.get("en", 0.0), 0.5)


@cache
def _identifier() -> Any:
    from py3langid import langid

    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


@cache
def _small_words() -> dict[str, frozenset[str]]:
    """Function words and courtesies of our own listing, a line per language."""
    lines = files("bothands.understanding").joinpath("phrases/languages.txt").read_text("utf-8").splitlines()
    rows = [line.split(":", 1) for line in lines if ":" in line and not line.startswith("#")]
    return {name.strip(): frozenset(words.split()) for name, words in rows}
