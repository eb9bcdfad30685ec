"""What this process counts about itself, for Prometheus: numbers and names that the code knows.

Every label takes its values from a list in the code (routes, job kinds, outcomes), so neither people nor
attackers can add a series, and nothing that anybody wrote can become a label.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from time import perf_counter
from typing import Protocol

from litestar.types import Message, Scope
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bothands.jobs import Job, JobGone
from bothands.storage import Database

BATCH_WRITES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
COMMIT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
ANSWER_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
WORK_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
NO_ROUTE = "none"
BEGAN = "metering_began"

Work = Callable[[Job], Awaitable[None]]


class Embeds(Protocol):
    """What is looked at of an embedder."""

    @property
    def texts_waiting(self) -> int: ...

    @property
    def texts_done(self) -> int: ...


class _Looked(Collector):
    """Values that somebody else keeps, looked at when they are asked for."""

    def __init__(self) -> None:
        self.counters: dict[tuple[str, str], Callable[[], float]] = {}
        self.gauges: dict[tuple[str, str], Callable[[], float]] = {}

    def collect(self) -> Iterable[Metric]:
        for (name, words), look in self.counters.items():
            yield CounterMetricFamily(name, words, value=look())
        for (name, words), look in self.gauges.items():
            yield GaugeMetricFamily(name, words, value=look())


class Meters:
    """One set for each process; tests make their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._looked = _Looked()
        registry.register(self._looked)
        self._batch = Histogram(
            "bothands_commit_writes", "Writes of one commit", buckets=BATCH_WRITES, registry=registry
        )
        self._commit = Histogram(
            "bothands_commit_seconds",
            "One transaction, from its first write to the disk",
            buckets=COMMIT_SECONDS,
            registry=registry,
        )
        self._requests = Counter(
            "bothands_http_requests",
            "Answers by route and code",
            ("method", "route", "code"),
            registry=registry,
        )
        self._answers = Histogram(
            "bothands_http_seconds",
            "From the guard to the answer's first byte",
            ("route",),
            buckets=ANSWER_SECONDS,
            registry=registry,
        )
        self._jobs = Histogram(
            "bothands_job_seconds",
            "Jobs that this process tried: done, failed (tried again, or dead), gone (another worker has it)",
            ("kind", "outcome"),
            buckets=WORK_SECONDS,
            registry=registry,
        )
        self._turns = Histogram(
            "bothands_turn_seconds",
            "Turns by what came of them",
            ("outcome",),
            buckets=WORK_SECONDS,
            registry=registry,
        )
        self._waiting_jobs = Gauge(
            "bothands_jobs", "Jobs in the database, waiting or dead", ("kind", "state"), registry=registry
        )
        self._sockets = Gauge(
            "bothands_sockets", "Open sockets of this process", ("kind",), registry=registry
        )
        self._queued = Gauge("bothands_queue_contacts", "Contacts waiting for a person", registry=registry)
        self._longest = Gauge(
            "bothands_queue_longest_seconds", "How long the first of them has waited", registry=registry
        )

    # who tells

    def follow(self, db: Database) -> None:
        """Hear of every commit, and look at what waits."""
        db.measure(self.committed)
        looked = self._looked
        looked.gauges["bothands_writes_waiting", "Writes accepted but not yet begun"] = lambda: (
            db.writes_waiting
        )
        looked.counters["bothands_reads", "Reads asked of the pool"] = lambda: db.reads

    def follow_embedder(self, embedder: Embeds) -> None:
        looked = self._looked
        looked.gauges["bothands_embedding_texts_waiting", "Texts waiting for their vector"] = lambda: (
            embedder.texts_waiting
        )
        looked.counters["bothands_embedding_texts", "Texts that got a vector from the model"] = lambda: (
            embedder.texts_done
        )

    def committed(self, writes: int, seconds: float) -> None:
        """On the writer's thread."""
        self._batch.observe(writes)
        self._commit.observe(seconds)

    async def answered(self, message: Message, scope: Scope) -> None:
        """Litestar's `before_send`: every answer, refusals and unknown addresses included."""
        if message["type"] != "http.response.start":
            return
        route = route_of(scope)
        asked = str(scope.get("method", ""))
        method = asked if asked in METHODS else "other"
        self._requests.labels(method, route, str(message["status"])).inc()
        began = scope["state"].get(BEGAN) if "state" in scope else None
        if isinstance(began, float):
            self._answers.labels(route).observe(perf_counter() - began)

    def turn_done(self, outcome: str, seconds: float) -> None:
        self._turns.labels(outcome).observe(seconds)

    def working(self, works: Mapping[str, Work]) -> dict[str, Work]:
        """The same work, counted by kind."""
        return {kind: self._counted(kind, work) for kind, work in works.items()}

    def _counted(self, kind: str, work: Work) -> Work:
        async def do(job: Job) -> None:
            began, outcome = perf_counter(), "failed"
            try:
                await work(job)
                outcome = "done"
            except JobGone:
                outcome = "gone"
                raise
            finally:
                self._jobs.labels(kind, outcome).observe(perf_counter() - began)

        return do

    # who asks

    def show(
        self,
        *,
        sockets: Mapping[str, int],
        jobs: Iterable[tuple[str, str, int]],
        queued: int,
        longest_seconds: float,
    ) -> bytes:
        """All of it as text; what only the database and the hub know is handed in."""
        for kind, count in sockets.items():
            self._sockets.labels(kind).set(count)
        self._waiting_jobs.clear()
        for kind, state, count in jobs:
            self._waiting_jobs.labels(kind, state).set(count)
        self._queued.set(queued)
        self._longest.set(longest_seconds)
        return generate_latest(self.registry)


def route_of(scope: Scope) -> str:
    """The route as the table has it, never the address that was asked for."""
    return str(scope.get("path_template") or NO_ROUTE)
