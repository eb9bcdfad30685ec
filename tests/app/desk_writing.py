"""A process that owns a data folder and keeps writing: `python -m tests.app.desk_writing FOLDER`.

Prints the client id of each message once it is acknowledged, and `image HASH` of each stored picture.
"""

import asyncio
import io
import itertools
import sys
from pathlib import Path

from PIL import Image

from bothands.app.settings import read_settings
from bothands.app.wiring import open_store
from bothands.channels import ImageStore
from bothands.conversations import receive_many
from bothands.storage import Database
from tests.cast import ada, says, shop

CONTACTS = 8
IMAGE_EVERY = 25


def picture(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), (number % 256, number // 256 % 256, 7)).save(out, "PNG")
    return out.getvalue()


async def write_on(db: Database, data: Path) -> None:
    images = ImageStore(data / "images")
    inbox = await db.write(shop)
    contacts = await db.write(lambda unit: [ada(unit) for _ in range(CONTACTS)])

    async def one(contact_number: int, number: int) -> None:
        client_id = f"c-{contact_number}-{number}"
        text = f"Where is order {number}? " + "Zwölf Boxkämpfer. " * (number % 7)
        await db.write_many(receive_many, says(inbox, contacts[contact_number], text, client_id))
        print(client_id, flush=True)

    for number in itertools.count():
        await asyncio.gather(*(one(contact, number) for contact in range(CONTACTS)))
        if number % IMAGE_EVERY == 0:
            print("image", (await images.keep(picture(number))).sha256, flush=True)


def main(folder: str) -> None:
    settings = read_settings({"data": folder}, {})
    db = open_store(settings)
    asyncio.run(write_on(db, settings.data))


if __name__ == "__main__":
    main(sys.argv[1])
