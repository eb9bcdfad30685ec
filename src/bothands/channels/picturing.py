"""Pictures: recognised by their bytes, decoded within limits, re-encoded by us, named by their content."""

import asyncio
import hashlib
import io
import os
import struct
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageOps

from bothands.channels.model import Image, ImagesWaiting, ImageTooLarge, NotAnImage
from bothands.kit import NotFound

IMAGE_BYTES_MAX = 8 * 1024 * 1024
PIXELS_MAX = 40_000_000
SIDE_PIXELS_MAX = 4_096
JPEG_QUALITY = 85
# A decoded picture may take 160 MB: few at once, a short line behind them.
PICTURES_AT_ONCE_MAX = 2
PICTURES_WAITING_MAX = 16

# What may come in → what it is stored as. A GIF becomes its first frame.
STORED_AS = {"PNG": "PNG", "JPEG": "JPEG", "WEBP": "WEBP", "GIF": "PNG"}
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


class ImageStore:
    """A folder of pictures named by the hash of what is in them; no name from outside becomes a path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gate = asyncio.Semaphore(PICTURES_AT_ONCE_MAX)
        self._waiting = 0

    async def keep(self, data: bytes) -> Image:
        """Check, re-encode and store; returns once it is on disk."""
        if len(data) > IMAGE_BYTES_MAX:
            raise ImageTooLarge(
                "picture",
                f"it has {len(data):,} bytes, at most {IMAGE_BYTES_MAX:,} are taken",
                "send a smaller one",
            )
        if self._waiting >= PICTURES_WAITING_MAX:
            raise ImagesWaiting(
                "picture", "many pictures are being read right now", "try again", retry_after_seconds=3
            )
        self._waiting += 1
        try:
            async with self._gate:
                return await asyncio.to_thread(self._keep, data)
        finally:
            self._waiting -= 1

    def path_of(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise NotFound("file", "no such file", "check the id")
        return self._folder / sha256[:2] / sha256

    def contents(self) -> Iterator[tuple[str, Path]]:
        """Each stored content: its hash, and where it lies."""
        for path in self._folder.glob("??/*"):
            yield path.name, path

    def drop(self, sha256: str) -> None:
        """Forget a content; nothing happens if there is none."""
        self.path_of(sha256).unlink(missing_ok=True)

    async def read(self, sha256: str) -> bytes:
        try:
            return await asyncio.to_thread(self.path_of(sha256).read_bytes)
        except FileNotFoundError:
            raise NotFound("file", "its content is gone", "send it again") from None

    def _keep(self, data: bytes) -> Image:
        clean, media_type = reencode(data)
        sha256 = hashlib.sha256(clean).hexdigest()
        path = self.path_of(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # What nobody had any more is young again, so that it is not cleared up before its row is there.
            os.utime(path)
        except FileNotFoundError:
            _write_whole(path, clean)
        return Image(sha256, media_type, len(clean))


def reencode(data: bytes) -> tuple[bytes, str]:
    """The picture drawn anew: whatever else was hidden in the file, metadata included, stays behind."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Pillow.open(io.BytesIO(data), formats=tuple(STORED_AS)) as opened:
                stored_as = STORED_AS[opened.format or ""]
                if opened.width * opened.height > PIXELS_MAX:
                    raise _too_many_pixels()
                drawn = _upright(opened)
                drawn.thumbnail((SIDE_PIXELS_MAX, SIDE_PIXELS_MAX))
                return _encode(drawn, stored_as), MEDIA_TYPES[stored_as]
    except Pillow.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, ValueError, SyntaxError, LookupError, MemoryError, EOFError, TypeError, struct.error):
        # Pillow's decoders raise a wide family on damaged files; for us they are all one thing.
        raise NotAnImage(
            "file", "it is not a readable PNG, JPEG, WebP or GIF picture", "send a photo or a screenshot"
        ) from None


def _upright(opened: Pillow.Image) -> Pillow.Image:
    try:
        return ImageOps.exif_transpose(opened)
    except (OSError, ValueError, SyntaxError, LookupError, TypeError, struct.error):
        # What a camera wrote about the picture is damaged; the picture itself is looked at next.
        return opened


def _encode(drawn: Pillow.Image, stored_as: str) -> bytes:
    has_alpha = drawn.mode in ("RGBA", "LA", "PA") or "transparency" in drawn.info
    plain = drawn.convert("RGBA" if has_alpha and stored_as != "JPEG" else "RGB")
    plain.info.clear()
    out = io.BytesIO()
    if stored_as == "PNG":
        plain.save(out, "PNG", compress_level=6)
    else:
        plain.save(out, stored_as, quality=JPEG_QUALITY)
    return out.getvalue()


def _write_whole(path: Path, data: bytes) -> None:
    """All of it under its name, or nothing: a crash leaves at most a stray temporary file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        part.write(data)
        part.flush()
        os.fsync(part.fileno())
    os.replace(part.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _too_many_pixels() -> ImageTooLarge:
    return ImageTooLarge(
        "picture", f"it has more than {PIXELS_MAX // 1_000_000} million pixels", "send a smaller one"
    )
