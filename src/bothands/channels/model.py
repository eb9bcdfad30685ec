"""Channels and files as values."""

from datetime import datetime

import msgspec

from bothands.kit import Invalid, Overloaded, TooLarge


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a channel's manifest says of it."""

    id: str
    title: str
    contact_known_by: str
    delivers: str
    attachments: tuple[str, ...]
    message_chars_max: int


class Image(msgspec.Struct, frozen=True):
    """A picture as it lies in the store: re-encoded by us, named by its content."""

    sha256: str
    media_type: str
    size_bytes: int


class File(msgspec.Struct, frozen=True):
    """A picture in somebody's hands: a contact's, or an agent's until it is sent to a contact."""

    id: str
    contact_id: str | None
    agent_id: str | None
    # Where it was sent: who may see that inbox may see it. Empty while it is in an agent's unsent reply.
    inbox_id: str | None
    sha256: str
    name: str
    media_type: str
    size_bytes: int
    at: datetime

    @property
    def attachment(self) -> dict[str, object]:
        """How a message's `ref` speaks of it."""
        return {"id": self.id, "name": self.name, "media_type": self.media_type, "bytes": self.size_bytes}


class InboxSecret(msgspec.Struct, frozen=True):
    """What the company's own server signs with, without the secret itself. `hint`: how that begins."""

    id: str
    inbox_id: str
    hint: str
    made_by_id: str | None
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class NotAnImage(Invalid):
    code = "not-an-image"
    title = "This file is not a picture we can show"


class ImageTooLarge(TooLarge):
    code = "image-too-large"
    title = "The picture is too large"


class ImagesWaiting(Overloaded):
    code = "images-waiting"
    title = "Many pictures are being read right now"
