"""Card numbers, their check codes and IBANs never reach the disk: all but the last four characters masked.

The text keeps its length, so that every place in it stays where it was. A number counts as a card's or an
account's by its check digits; an order number that merely looks like one passes them one time in ten, or in
97, and only if it also has the length and the beginning of one.
"""

import re
from collections.abc import Iterator

MASK = "•"
SHOWN_CHARS = 4

# Most messages hold no number worth a closer look.
_NUMBER = re.compile(r"\d\D?\d\D?\d")
# Groups of digits with at most one sign between them; who can read a number so can we.
_GROUPS = re.compile(r"(?<![\w.,])\d+(?:[ \u00a0\u202f_–-]\d+|[./\n]\d{3,})*")
_GROUP = re.compile(r"\d+")
_CHECK_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|cv2|(?:card )?(?:security|verification) code)\W{0,3}(?:(?:is|no|number|code)\W{0,3})?"
    r"(\d{3,4})(?!\d)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_CARD_DIGITS_MIN = 14
_CARD_DIGITS_MAX = 19
# Country and length, from the registry of IBANs.
_ACCOUNT_CHARS = {
    row[:2]: int(row[2:])
    for row in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 "
        "EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 "
        "IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 "
        "NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 "
        "SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
    ).split()
}


def mask(text: str) -> str:
    """The text with what opens an account or a card made unreadable."""
    if not _NUMBER.search(text):
        return text
    chars: list[str] | None = None
    for start, end, shown in _found(text):
        chars = chars or list(text)
        hidden = [place for place in range(start, end) if text[place].isalnum()]
        for place in hidden[: len(hidden) - shown]:
            chars[place] = MASK
    return "".join(chars) if chars else text


def _found(text: str) -> Iterator[tuple[int, int, int]]:
    """From where to where, and how many of its last characters may be seen."""
    for groups in _GROUPS.finditer(text):
        yield from ((start, end, SHOWN_CHARS) for start, end in _cards(text, groups.start(), groups.end()))
    for code in _CHECK_CODE.finditer(text):
        yield code.start(1), code.end(1), 0
    for hit in _ACCOUNT.finditer(text):
        if end := _account_end(text, hit.start(), hit.end()):
            yield hit.start(), end, SHOWN_CHARS


def _cards(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Whole groups in a row that together are a card's number ("… 12/27" may follow it)."""
    groups = [group.span() for group in _GROUP.finditer(text, start, end)]
    first = 0
    while first < len(groups):
        digits, last = "", None
        for place in range(first, len(groups)):
            digits += text[slice(*groups[place])]
            if len(digits) > _CARD_DIGITS_MAX:
                break
            if len(digits) >= _CARD_DIGITS_MIN and _is_card(digits):
                last = place
        if last is None:
            first += 1
        else:
            yield groups[first][0], groups[last][1]
            first = last + 1


def _is_card(digits: str) -> bool:
    """A length and a beginning that cards have, and Luhn's check digit."""
    values = [int(digit) for digit in digits]
    head = values[0] * 10 + values[1]
    if len(digits) == _CARD_DIGITS_MIN:
        is_kind = head in (30, 36, 38, 39)
    elif len(digits) == _CARD_DIGITS_MIN + 1:
        is_kind = head in (34, 37)
    else:
        is_kind = head == 35 or 22 <= head <= 27 or 40 <= head <= 69
    doubled = sum(sum(divmod(2 * value, 10)) for value in values[-2::-2])
    return is_kind and (doubled + sum(values[::-2])) % 10 == 0


def _account_end(text: str, start: int, end: int) -> int | None:
    """Where the account's number ends, by its country's length and its check digits; None: it is none."""
    wanted = _ACCOUNT_CHARS.get(text[start : start + 2].upper())
    places = [place for place in range(start, end) if text[place].isalnum()][:wanted]
    if wanted is None or len(places) < wanted:
        return None
    letters = "".join(text[place] for place in places).upper()
    number = "".join(str(int(letter, 36)) for letter in letters[4:] + letters[:4])
    return places[-1] + 1 if int(number) % 97 == 1 else None
