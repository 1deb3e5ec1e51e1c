"""Numbers for those who keep the machines running, as Prometheus reads them, at HUIYIN_METRICS.

Each process writes its numbers into files of its own in the data folder. Whichever comes first on a machine
answers at the address for all of them; when it ends, another takes its place. What is told is kinds of pages,
steps of the clerk and seconds: no reference, no body, no address, no account, nothing by which a person could
be followed (charter 2). Nothing of it is reached through the pages.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
TRY_AGAIN = 5.0  # seconds after which somebody else may take over answering
KEPT = 7 * 24 * 3600  # seconds that the numbers of a process which ended are still told
UNKNOWN = "none"  # an address that leads to no page


def switched_on() -> bool:
    return bool(settings.METRICS)


@cache
def start() -> None:
    """Begin to keep numbers in this process, once, and to answer for all of them if nobody else does."""
    folder: Path = settings.DATA_DIR / "metrics"
    folder.mkdir(mode=0o700, exist_ok=True)
    _forget(folder)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # the library reads it as it is loaded
    threading.Thread(target=_answer, daemon=True, name="metrics").start()


def _forget(folder: Path) -> None:
    """Throw away what processes left that ended long ago; those of today still count."""
    for path in folder.glob("*.db"):
        pid = path.stem.rpartition("_")[2]
        try:
            if not Path("/proc", pid).exists() and time.time() - path.stat().st_mtime > KEPT:
                path.unlink()
        except FileNotFoundError:
            continue


def _answer() -> None:
    """Answer at the address as soon as it is free, for as long as this process lives."""
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    numbers = CollectorRegistry()
    MultiProcessCollector(numbers)  # type: ignore[no-untyped-call]
    host, port = settings.METRICS or ("127.0.0.1", 0)
    while True:
        try:
            start_http_server(port, host, numbers)
        except OSError:  # another process of the house is before us
            time.sleep(TRY_AGAIN)
        else:
            return


@cache
def _meters() -> Mapping[str, Any]:
    start()
    from prometheus_client import Counter as Total
    from prometheus_client import Gauge, Histogram

    return {
        "request": Histogram(
            "huiyin_request_seconds",
            "How long a kind of page took to answer",
            ["zone", "page", "method", "status"],
            buckets=BUCKETS,
        ),
        "done": Total("huiyin_done_total", "What happened without a person", ["process", "what"]),
        "round": Gauge(
            "huiyin_round_seconds",
            "How long the last round took",
            ["process"],
            multiprocess_mode="mostrecent",
        ),
        "at": Gauge(
            "huiyin_round_timestamp_seconds",
            "When the last round ended",
            ["process"],
            multiprocess_mode="mostrecent",
        ),
        "stands": Gauge(
            "huiyin_waiting", "What waits at the end of a round", ["what"], multiprocess_mode="mostrecent"
        ),
    }


def timed(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: how long each kind of page took."""
    start()

    def answered(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        # The name of the page, never its address: that holds a reference.
        page = (match.view_name if match else "") or UNKNOWN
        method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
        status = f"{response.status_code // 100}xx"
        meter = _meters()["request"].labels(settings.ZONE, page, method, status)
        meter.observe(time.perf_counter() - began)
        return response

    return answered


def round_ended(process: str, done: Counter[str], seconds: float) -> None:
    """What the clerk or the courier did, and how long it took."""
    if not switched_on():
        return
    for what, n in done.items():
        _meters()["done"].labels(process, what).inc(n)
    _meters()["round"].labels(process).set(seconds)
    _meters()["at"].labels(process).set_to_current_time()


def stands(waiting: Mapping[str, float]) -> None:
    """What waits: numbers of notices, entries, seconds of age."""
    for what, n in waiting.items():
        _meters()["stands"].labels(what).set(n)
