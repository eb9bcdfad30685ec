"""The bare framework: the same frames in and out, checked and encoded alike, with nothing in between."""

import itertools
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
import uvloop
from litestar import Litestar, WebSocket, get
from litestar.handlers import WebsocketRouteHandler

from bothands.web import make_server
from bothands.web.live.frames import Send, read_hello, read_visitor

Socket = WebSocket[Any, Any, Any]


async def echo(socket: Socket) -> None:
    """`stored` for every `send`, and nothing stored."""
    await socket.accept()
    read_hello(await socket.receive_text())
    numbers = itertools.count(1)
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        frame = read_visitor(message.get("text"))  # type: ignore[arg-type]
        if isinstance(frame, Send):
            answer = {"is": "stored", "client_id": frame.client_id, "seq": next(numbers)}
            await socket.send_text(msgspec.json.encode(answer).decode())


@get("/ready", sync_to_thread=False)
def ready() -> dict[str, Any]:
    return {"ready": True, "jobs": {"waiting": 0}}


def main(words: Sequence[str]) -> None:
    app = Litestar([WebsocketRouteHandler("/ws/chat/shop")(echo), ready], logging_config=None)
    uvloop.run(make_server(app, "127.0.0.1", int(words[0])).serve())


if __name__ == "__main__":
    main(sys.argv[1:])
