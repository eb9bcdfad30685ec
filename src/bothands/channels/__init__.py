"""The ways messages and files come in and go out. A channel is a folder with a manifest.

Web chat is the first: its socket is served by `web`, its pictures are kept here.
"""

from bothands.channels.attaching import (
    add_file,
    attach_from_agent,
    attachments_from_contact,
    content_is_kept,
    file_for_agent,
    file_for_contact,
    file_of,
)
from bothands.channels.identifying import drop_expired_tokens, forget, identify
from bothands.channels.listing import list_channels
from bothands.channels.model import (
    Channel,
    File,
    Image,
    ImagesWaiting,
    ImageTooLarge,
    InboxSecret,
    NotAnImage,
)
from bothands.channels.picturing import IMAGE_BYTES_MAX, ImageStore
from bothands.channels.reading_tokens import TOKEN_CHARS_MAX, TokenExpired, TokenRefused, TokenSpent
from bothands.channels.sharing_secrets import (
    TooManySecrets,
    kept_sealed,
    list_secrets,
    make_secret,
    revoke_secret,
)
from bothands.channels.store import contents_kept, drop_files, files_of_contact

__all__ = [
    "IMAGE_BYTES_MAX",
    "TOKEN_CHARS_MAX",
    "Channel",
    "File",
    "Image",
    "ImageStore",
    "ImageTooLarge",
    "ImagesWaiting",
    "InboxSecret",
    "NotAnImage",
    "TokenExpired",
    "TokenRefused",
    "TokenSpent",
    "TooManySecrets",
    "add_file",
    "attach_from_agent",
    "attachments_from_contact",
    "content_is_kept",
    "contents_kept",
    "drop_expired_tokens",
    "drop_files",
    "file_for_agent",
    "file_for_contact",
    "file_of",
    "files_of_contact",
    "forget",
    "identify",
    "kept_sealed",
    "list_channels",
    "list_secrets",
    "make_secret",
    "revoke_secret",
]
