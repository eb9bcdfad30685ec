"""The server that gets too much. `--sabotage` forgets accepted messages, so that the count turns red."""

import sys
from collections.abc import Sequence

import uvloop
from sqlalchemy import text

from benchmarks.wide_serving import serve
from bothands.app.settings import read_settings
from bothands.conversations import Inbound, Received, receive_many
from bothands.storage import Unit
from bothands.web.live import acting

CROWD = 8


def sabotage() -> None:
    """Of every crowd of messages that is stored together, the last is acknowledged and not kept."""

    def forgetful(unit: Unit, inbounds: Sequence[Inbound]) -> list[Received]:
        received = receive_many(unit, inbounds)
        if len(received) >= CROWD:
            forgotten = text("DELETE FROM conversations_entry WHERE id = :id")
            unit.records.execute(forgotten, {"id": received[-1].entry.id})
        return received

    acting.receive_many = forgetful


def main(words: Sequence[str]) -> None:
    data, port, *rest = words
    if "--sabotage" in rest:
        sabotage()
    uvloop.run(serve(read_settings({"data": data, "port": port}), works=True))


if __name__ == "__main__":
    main(sys.argv[1:])
