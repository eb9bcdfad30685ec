"""The product's own server, for load from one machine: only how often is too often is set wider."""

import sys
from collections.abc import Sequence

import uvloop

from benchmarks.serving import raise_file_limit
from bothands.app.serving import listen
from bothands.app.settings import Settings, read_settings
from bothands.app.wiring import open_desk, open_model, open_store
from bothands.web import Rates

# A machine of ours plays thousands of households; what they may do is not what is measured.
WIDE = Rates(
    messages_per_visitor="1000000/minute",
    messages_per_address="1000000/minute",
    messages_per_inbox="1000000/minute",
    chats_per_address="1000000/minute",
    frames_per_visitor="1000000/minute",
)


async def serve(settings: Settings, *, works: bool) -> None:
    """As `run_server` does it. `works=False`: nothing is read or answered, messages are only stored."""
    db, embedder = open_store(settings), open_model(settings)
    try:
        async with open_desk(settings, db, embedder, works=works) as desk:
            await listen(desk, "Serving", rates=WIDE)
    finally:
        embedder.close()
        db.close()


def main(words: Sequence[str]) -> None:
    data, port, *rest = words
    raise_file_limit()
    database = next((word for word in rest if "://" in word), "")
    settings = read_settings({"data": data, "port": port, "database": database})
    uvloop.run(serve(settings, works="--store-only" not in rest))


if __name__ == "__main__":
    main(sys.argv[1:])
