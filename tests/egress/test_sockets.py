"""Sockets leave through the same gate."""

import pytest
from websockets.asyncio.server import ServerConnection, serve

from bothands.egress import AddressRefused, Gate, SocketClosed, open_socket
from bothands.kit import Unavailable
from tests.egress.conftest import Listener, resolve
from tests.egress.test_calling import redirecting


async def echo(connection: ServerConnection) -> None:
    assert connection.request is not None
    await connection.send(f"{connection.request.headers['origin']} {connection.request.headers['x-key']}")
    await connection.send(await connection.recv())


async def test_a_socket_of_ones_own_opens() -> None:
    async with serve(echo, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        gate = Gate((f"127.0.0.1:{port}",))
        socket = await open_socket(
            f"ws://127.0.0.1:{port}/", gate=gate, origin="http://desk.example", headers={"x-key": "k"}
        )
        assert await socket.recv() == "http://desk.example k"
        await socket.send("hello")
        assert await socket.recv() == "hello"
        with pytest.raises(SocketClosed):
            await socket.recv()


@pytest.mark.parametrize(
    "url",
    [
        "ws://127.0.0.1:PORT/",
        "ws://localhost:PORT/",
        "ws://[::ffff:7f00:1]:PORT/",
        "wss://127.1:PORT/",
        "ws://inside.example:PORT/",
        "ws://ada@127.0.0.1:PORT/",
        "http://127.0.0.1:PORT/",
        "ws://127.0.0.1:PORT/\r\nx-evil: 1",
    ],
)
async def test_other_sockets_do_not(private: Listener, url: str) -> None:
    gate = Gate(ports=(private.port,), resolve=resolve)
    with pytest.raises(AddressRefused):
        await open_socket(url.replace("PORT", str(private.port)), gate=gate)
    assert private.connects == 0


async def test_a_socket_is_not_led_elsewhere(server: Listener, private: Listener) -> None:
    server.answer = redirecting(f"ws://127.0.0.1:{private.port}/", 307)
    with pytest.raises(Unavailable):
        await open_socket(f"ws://127.0.0.1:{server.port}/", gate=Gate((f"127.0.0.1:{server.port}",)))
    assert private.connects == 0


async def test_what_speaks_no_websocket_is_unavailable(server: Listener) -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        await open_socket(f"ws://127.0.0.1:{server.port}/", gate=Gate((f"127.0.0.1:{server.port}",)))
