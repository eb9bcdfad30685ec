"""For those who watch the server: its metrics."""

from litestar import Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import Connection

from bothands.handoff import queue_now
from bothands.jobs import jobs_by_kind
from bothands.web.asking import TheDesk
from bothands.web.live.hub import sockets_open


async def metrics(desk: TheDesk) -> Response[bytes]:
    """What this process counts about itself, as Prometheus reads it."""
    now = desk.db.clock.now()

    def look(records: Connection) -> tuple[list[tuple[str, str, int]], tuple[int, float]]:
        return jobs_by_kind(records), queue_now(records, now)

    jobs, (queued, longest_seconds) = await desk.db.read(look)
    text = desk.meters.show(
        sockets=sockets_open(desk.hub), jobs=jobs, queued=queued, longest_seconds=longest_seconds
    )
    return Response(text, media_type=CONTENT_TYPE_LATEST)
