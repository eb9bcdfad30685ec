"""At most two questions while waiting, each skippable, and only what is not known yet. Pure."""

from collections.abc import Sequence

from bothands.conversations import Entry, EntryKind
from bothands.handoff.extracting import contact_messages, order_numbers
from bothands.handoff.model import Question
from bothands.kit import words

QUESTIONS_MAX = 2
ANSWER_CHARS_MAX = 300

ORDER = Question("order", "Do you have the order number?", "text")
PHOTO = Question("photo", "A photo of it helps", "photo")

_ABOUT_ORDERS = frozenset(
    "order orders ordered deliver delivery delivered parcel package return returns refund exchange invoice"
    " cancel cancelled warranty arrived bought purchase payment charged complaint".split()
)
_TO_BE_SEEN = frozenset(
    "damaged damage broken broke torn tear defect defective faulty crack cracked scratched stain stained"
    " wrong seam hole mould warranty loose bent smell".split()
)
# Somebody in danger, or in a dispute of law, is not asked for paperwork.
_NOTHING_ASKED = ("risk_self_harm", "risk_safety", "risk_vulnerable", "risk_legal")


def questions_for(reason_code: str, topic: str | None, entries: Sequence[Entry]) -> tuple[Question, ...]:
    """The order number where it is about an order, a photo where there is something to see."""
    if reason_code in _NOTHING_ASKED:
        return ()
    said = contact_messages(entries)
    heard = set((topic or "").split("_"))
    for message in said:
        heard.update(words(message.body))
    asked: list[Question] = []
    has_order = any(order_numbers(message) for message in said) or any(
        isinstance(entry.ref.get("card"), dict) for entry in entries if entry.kind is EntryKind.MESSAGE
    )
    if not has_order and heard & (_ABOUT_ORDERS | _TO_BE_SEEN):
        asked.append(ORDER)
    if heard & _TO_BE_SEEN and not any(message.attachments for message in said):
        asked.append(PHOTO)
    return tuple(asked[:QUESTIONS_MAX])
