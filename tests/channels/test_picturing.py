"""Pictures come out of the store as pictures, and as nothing else."""

import io
import os
import random
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from bothands.channels import IMAGE_BYTES_MAX, ImageStore, ImageTooLarge, NotAnImage, list_channels
from bothands.channels.attaching import clean_name
from bothands.channels.picturing import PIXELS_MAX, SIDE_PIXELS_MAX, reencode
from bothands.kit import NotFound


def drawn(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Pillow.new(mode, size, 120 if mode in ("L", "P") else None).save(out, kind, **more)
    return out.getvalue()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def opened(data: bytes) -> Pillow.Image:
    return Pillow.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/png")],
)
async def test_each_kind_is_stored_by_its_content(tmp_path: Path, kind: str, media_type: str) -> None:
    store = ImageStore(tmp_path)
    first = await store.keep(drawn(kind))
    again = await store.keep(drawn(kind))
    assert first == again
    assert first.media_type == media_type
    assert opened(await store.read(first.sha256)).size == (60, 40)
    assert len(files(tmp_path)) == 1


async def test_what_comes_again_is_as_new_and_waits_for_its_row(tmp_path: Path) -> None:
    store = ImageStore(tmp_path)
    path = store.path_of((await store.keep(drawn("PNG"))).sha256)
    days_ago = time.time() - 3 * 86_400
    os.utime(path, (days_ago, days_ago))
    await store.keep(drawn("PNG"))
    assert path.stat().st_mtime > time.time() - 3_600, "its age says whether it was forgotten by somebody"


def test_a_photo_whose_camera_wrote_nonsense_is_still_a_photo() -> None:
    exif = Pillow.Exif()
    exif[0x0112], exif[0x010E] = 6, "a lamp"
    photo = drawn("JPEG", exif=exif)
    # The description becomes a width in words.
    nonsense = photo.replace(b"\x01\x0e\x00\x02", b"\x01\x00\x00\x02")
    assert nonsense != photo
    assert opened(reencode(nonsense)[0]).width in (40, 60)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16", "CMYK"])
def test_every_mode_of_colour_is_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    data, _ = reencode(drawn(kind, mode=mode))
    assert opened(data).mode in ("RGB", "RGBA")


def test_what_hides_in_the_metadata_stays_behind() -> None:
    info = PngInfo()
    info.add_text("Comment", "CANARY <script>alert(1)</script>")
    exif = Pillow.Exif()
    exif[0x010E] = "CANARY at 52.5, 13.4"
    png, _ = reencode(drawn("PNG", pnginfo=info))
    jpeg, _ = reencode(drawn("JPEG", exif=exif, comment=b"CANARY"))
    polyglot, _ = reencode(drawn("GIF") + b"<html><script>CANARY</script>")
    for data in (png, jpeg, polyglot):
        assert b"CANARY" not in data
    assert not opened(jpeg).getexif()


def test_a_photo_that_lies_on_its_side_is_set_upright() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    data, _ = reencode(drawn("JPEG", exif=exif))
    assert opened(data).size == (40, 60)


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises many pixels and holds next to none: a decompression bomb's front door."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    ihdr = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", ihdr) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [6_400, 20_000, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    assert side * side > PIXELS_MAX
    began = time.process_time()
    with pytest.raises(ImageTooLarge):
        reencode(png_header(side, side))
    assert time.process_time() - began < 1


def test_a_large_photo_is_made_smaller() -> None:
    data, _ = reencode(drawn("PNG", (5_000, 100)))
    assert max(opened(data).size) == SIDE_PIXELS_MAX


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"%PDF-1.7\n",
        b"BM" + b"\x00" * 200,
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"\x00\x00\x01\x00" + b"\x00" * 100,
    ],
)
def test_what_is_no_picture_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnImage):
        reencode(data)


def test_damaged_pictures_never_raise_anything_else() -> None:
    source = random.Random(11)
    taken = refused = 0
    for kind in ("PNG", "JPEG", "WEBP", "GIF"):
        whole = drawn(kind, (80, 60))
        for _ in range(150):
            broken = bytearray(whole)
            for _ in range(source.randint(1, 6)):
                broken[source.randrange(len(broken))] = source.randrange(256)
            cut = source.randint(len(broken) // 2, len(broken))
            try:
                reencode(bytes(broken[:cut]))
                taken += 1
            except (NotAnImage, ImageTooLarge):
                refused += 1
    assert taken + refused == 600
    assert refused > 100


async def test_more_bytes_than_the_limit_are_not_even_opened(tmp_path: Path) -> None:
    with pytest.raises(ImageTooLarge):
        await ImageStore(tmp_path).keep(b"\x89PNG" + b"x" * IMAGE_BYTES_MAX)
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "", "a" * 64, "A" * 64, "x/" * 32])
async def test_no_name_from_outside_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        await ImageStore(tmp_path / "images").read(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("photo.png", "photo.png"),
        ("../../x.png", "x.png"),
        ("C:\\fake\\x.png", "x.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\r\nb.png", "ab.png"),
        ("", "picture"),
        ("/", "picture"),
    ],
)
def test_a_files_name_is_one_harmless_line(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_the_web_chat_is_a_channel_with_a_manifest() -> None:
    channel = next(channel for channel in list_channels() if channel.id == "webchat")
    assert channel.message_chars_max == 4_000


def test_a_wrong_manifest_names_its_channel(tmp_path: Path) -> None:
    (tmp_path / "post").mkdir()
    (tmp_path / "post" / "channel.toml").write_text('id = "post"\nstamps = 3\n')
    with pytest.raises(ValueError, match="Channel post"):
        list_channels(tmp_path)
