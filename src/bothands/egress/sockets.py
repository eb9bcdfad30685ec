"""Open a WebSocket as a client: for simulated customers, who speak to the desk as browsers do."""

import asyncio
from collections.abc import Mapping

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed as SocketClosed
from websockets.exceptions import WebSocketException

from bothands.egress.checking import Gate
from bothands.kit import Unavailable

OPEN_SECONDS_MAX = 10
FRAME_BYTES_MAX = 1_000_000

__all__ = ["SocketClosed", "open_socket"]


async def open_socket(
    url: str, *, gate: Gate, origin: str | None = None, headers: Mapping[str, str] | None = None
) -> ClientConnection:
    """An open connection; raises AddressRefused, or Unavailable when there is nobody at `url`."""
    try:
        async with asyncio.timeout(OPEN_SECONDS_MAX):
            place = await gate.check(url, ("ws", "wss"))
            return await connect(
                url,
                # The address that was checked. With it given, redirects to other hosts are not followed.
                host=place.address,
                port=place.port,
                origin=origin,  # type: ignore[arg-type]
                additional_headers=dict(headers or {}),
                open_timeout=OPEN_SECONDS_MAX,
                max_size=FRAME_BYTES_MAX,
                compression=None,
                proxy=None,
            )
    except (OSError, ValueError, WebSocketException) as error:
        raise Unavailable(
            f"socket {url}", f"it cannot be opened ({error})", "check that the server runs"
        ) from error
