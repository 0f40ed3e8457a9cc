"""Prometheus metrics of the web processes: requests, and what `health` knows."""

from __future__ import annotations

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
REQUESTS = Counter("yincai_requests", "Requests answered.", ["method", "view", "status"])
SECONDS = Histogram(
    "yincai_request_seconds",
    "Time to answer a request.",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

FAULTS = Counter("yincai_faults", "Faults of our own that a page ran into.", ["kind"])


def count_request(*, method: str, view: str, status: int, seconds: float) -> None:
    """Count one answered request; a method nobody serves is counted as `other`."""
    REQUESTS.labels(method if method in METHODS else "other", view, status).inc()
    SECONDS.labels(view).observe(seconds)


def count_fault(kind: str) -> None:
    """Count one error that is ours (a damaged file, a key that does not open), by its class."""
    FAULTS.labels(kind).inc()


def exposition() -> bytes:
    """All metrics in Prometheus' text format; of all web processes when they share a folder."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library has none
    else:
        registry = REGISTRY
    return generate_latest(registry) + generate_latest(_health_registry())


def _health_registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Health())
    return registry


class _Health(Collector):
    """The checks of `/readyz` as gauges: 1 good, 0 red, and the ages in seconds."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        from yincai.ops import health

        good = GaugeMetricFamily("yincai_ready", "Whether a part of the platform is well.", labels=["part"])
        age = GaugeMetricFamily("yincai_age_seconds", "Age of the oldest waiting thing.", labels=["part"])
        for check in health.checks():
            good.add_metric([check.name], float(check.good))
            if check.seconds is not None:
                age.add_metric([check.name], check.seconds)
        yield from (good, age)
