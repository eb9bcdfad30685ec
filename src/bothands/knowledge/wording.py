"""Words of customers and of articles brought to one form, so that they can meet.

No dictionary and no model: a light stemmer, a list of small words and a few families of words that
mean the same to a customer. The gate needs this more than the search does: a word that carries the
question and stands nowhere in the evidence is the best sign that the evidence does not answer it.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

# A question is looked at by many, and so are the values of a table.
TEXTS_REMEMBERED_MAX = 2_000

_TOKEN = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_CODE = re.compile(r"(?=[a-z-]*\d)(?=[\d-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*|\d{3,}(?:-\d+)*")
_SIZE = re.compile(r"\d+(?:[.,]\d+)?\s*(?:x|×|by|\*)\s*\d+(?:[.,]\d+)?")

_SMALL = """
    a about above actually after again all also although always am an and any anybody anyone anything are
    aren't around as ask asking at away back be because been before being both but by came can can't cannot
    come comes could couldn't did didn't do does doesn't doing don't done each either else ever every
    everything exactly few find for from further get gets getting give gives go goes going gonna got guys had
    has have haven't having he hello help her here hers hey hi him his hope how however i i'd i'll i'm i've id
    if im in info information into is isn't it it's its ive just kind kindly know let let's like look looking
    lot made make makes many may maybe me mean might mine more most much must my need needed needs no none nor
    not now of off often ok okay on once one ones only or other our ours out over own people per perhaps
    please possible put query question questions quick quickly quite rather really regarding right said same
    say see seems shall she should since so some somebody someone something sometimes soon sorry still such
    sure tell than thank thanks that that's the their them then there these they thing things think this those
    through to too try trying u under understand until up ur us use used using usually very via want wanted
    wants was way ways we we'd we'll we're we've were what what's when where whether which while who whom
    whose why will wish with within without won't wonder wondering work works would wouldn't yes yet you
    you'd you'll you're you've your yours good dear team best
    first last next today yesterday day days week weeks month months year years time times ago
    bought ordered company product products item items
"""
SMALL_WORDS = frozenset(_SMALL.split())

# Families: the first word stands for all. Only words that a customer may swap without changing the question.
_FAMILIES = """
price cost pricing fee charge expensive cheap rate amount
deliver delivery ship shipping shipment dispatch courier postage delivered
return returnable sendback
refund reimburse reimbursement moneyback
cancel cancellation
change amend modify edit alter
pay payment paying paid
open opening hour close closing closed opened
damage damaged broken defective faulty defect torn ripped cracked break
wash washing laundry launder washable washer
warranty guarantee guaranteed
exchange swap replace replacement
dimension size measurement measure
store shop showroom branch
phone telephone ring
email e-mail mail
postcode zip zipcode postal pincode eircode
sofa couch settee
assemble assembly assembling build
package parcel packaging packet box boxed
collect collection pickup pick-up
discount coupon voucher promo promotion
instalment installment emi finance financing monthly
delay delayed late overdue
lost missing
track tracking trace
allergy allergic hypoallergenic allergen
dry drying tumble-dry
iron ironing
complain complaint
weigh weight heavy
firm firmness
fabric material
stock available availability
abroad international overseas foreign
country countries
saturday sat
sunday sun
monday mon
tuesday tue
wednesday wed
thursday thu
friday fri
mattress matress mattres
duvet comforter quilt
cover coverlet
""".strip().splitlines()


@lru_cache(maxsize=4_096)  # the same cells and questions are compared again and again
@lru_cache(maxsize=TEXTS_REMEMBERED_MAX)
def plain(text: str) -> str:
    """Lower case, straight apostrophes, no accents, sizes written one way (`78 x 60` → `78x60`)."""
    flat = unicodedata.normalize("NFKD", text.replace("’", "'").replace("×", "x"))
    flat = "".join(char for char in flat if not unicodedata.combining(char)).lower()
    return _SIZE.sub(lambda m: re.sub(r"\s*(?:x|by|\*)\s*", "x", m.group(0)), flat)


# Words that only look as if they had an ending.
_UNCUT = """
    bedding wedding evening morning nothing during ceiling clothing lining filling speed indeed string spring
"""
_WHOLE = frozenset(_UNCUT.split())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light stem: endings only, so that a reader can guess what became of a word."""
    word = word.removesuffix("'s")
    if len(word) < 4 or word in _WHOLE or any(char.isdigit() for char in word):
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    return word


_HEAD = {stem(word): stem(line.split()[0]) for line in _FAMILIES for word in line.split()}
_SMALL_STEMS = frozenset(stem(word) for word in SMALL_WORDS) | SMALL_WORDS


def family(word: str) -> str:
    """The stem that stands for this word and its kin."""
    root = stem(word)
    return _HEAD.get(root, root)


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(plain(text))


def terms(text: str) -> list[str]:
    """What the word index sees: families, codes whole, parts of hyphenated words beside the whole."""
    found = []
    for token in tokens(text):
        if token in SMALL_WORDS:
            continue
        found.append(family(token))
        if "-" in token and not any(char.isdigit() for char in token):
            found.extend(family(part) for part in token.split("-") if part not in SMALL_WORDS)
    return found


@lru_cache(maxsize=TEXTS_REMEMBERED_MAX)
def content_words(text: str) -> Mapping[str, str]:
    """The words that carry a text: family → as written. "How much" is a word for the price."""
    found: dict[str, str] = {}
    for token in tokens(text):
        root = family(token)
        if token in SMALL_WORDS or stem(token) in _SMALL_STEMS or len(token) < 2:
            continue
        found.setdefault(root, token)
    if re.search(r"\bhow much\b(?! (?:time|space|room|weight|longer|bigger))", plain(text)):
        found.setdefault("pric", "how much")
    return MappingProxyType(found)


def codes(text: str) -> set[str]:
    """Article numbers, order numbers, error codes: whatever must match exactly or not at all."""
    return {match for match in _CODE.findall(plain(text)) if not re.fullmatch(r"\d+(?:st|nd|rd|th)", match)}


def words_of(text: str) -> frozenset[str]:
    """Everything a text can be said to speak of."""
    return frozenset(content_words(text)) | frozenset(terms(text))
