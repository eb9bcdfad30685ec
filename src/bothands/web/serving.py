"""Run the application: uvicorn with the settings that were measured."""

import gc
import socket as sockets
from collections.abc import Callable

import uvicorn
from litestar import Litestar

from bothands.web.letting_go import Chat, Page, bound_kernel
from bothands.web.live.frames import FRAME_BYTES_MAX

SOCKET_PING_SECONDS = 20.0
SHUTDOWN_SECONDS_MAX = 10
GC_THRESHOLD = 50_000


class Server(uvicorn.Server):
    """Says when it is serving; then what is alive is taken out of the garbage collector's sight."""

    def __init__(self, config: uvicorn.Config, when_serving: Callable[[int], None] | None) -> None:
        super().__init__(config)
        self._when_serving = when_serving

    async def startup(self, sockets: list[sockets.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        for server in self.servers:
            bound_kernel(server.sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(GC_THRESHOLD, 20, 20)
        if self._when_serving is not None:
            self._when_serving(self.port)

    @property
    def port(self) -> int:
        return int(self.servers[0].sockets[0].getsockname()[1])


def make_server(
    app: Litestar, host: str, port: int, *, when_serving: Callable[[int], None] | None = None
) -> Server:
    """A server that is not running yet; port 0 takes a free one, `when_serving` learns which."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="none",
        http=Page,
        ws=Chat,
        ws_max_size=FRAME_BYTES_MAX,
        ws_ping_interval=SOCKET_PING_SECONDS,
        ws_ping_timeout=SOCKET_PING_SECONDS,
        ws_per_message_deflate=False,
        # No proxy is believed until the settings name one; visitor keys stand in addresses: no access log.
        proxy_headers=False,
        access_log=False,
        server_header=False,
        log_level="warning",
        # Its own would print tracebacks beside ours, with what people wrote in them.
        log_config=None,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS_MAX,
    )
    return Server(config, when_serving)


async def serve(
    app: Litestar, host: str, port: int, *, when_serving: Callable[[int], None] | None = None
) -> None:
    """Serve on this loop until a signal ends it."""
    await make_server(app, host, port, when_serving=when_serving).serve()
