"""What processes whisper to each other without a commit: it passes in a moment, and may be lost."""

import msgspec

from bothands.people import Look


class Whisper(msgspec.Struct, frozen=True):
    """Nobody follows it up but the desks and pages that show it."""


class Looks(Whisper, frozen=True):
    """Somebody looks at a conversation, at another one, or at none any more."""

    look: Look


class WhoLooks(Whisper, frozen=True):
    """Whoever asks does not know yet, or may have missed it."""


class Types(Whisper, frozen=True):
    """Somebody types in a conversation; `to_contact`: the contact may see it."""

    conversation_id: str
    author_kind: str
    author_name: str
    to_contact: bool
