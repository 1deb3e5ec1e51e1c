"""The client of the filing bench, in a process of its own: `bench.load PORT CONNECTIONS SECONDS [--keyed]`.

Keep-alive connections that each file one petition after the other. Prints one JSON object: how many were
filed, how many were not, and how long each took in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import time
import uuid
from dataclasses import dataclass, field

# About 340 characters, 1,020 bytes: what a real message has.
TEXT = "我们小区三号楼前的路灯坏了三个月，晚上看不见路，老人孩子进出都不安全。" * 10
BODY = json.dumps(
    {"subject": "路灯坏了 %012d", "text": TEXT[:340], "author": {"name": "张三", "phone": "13800000000"}},
    ensure_ascii=False,
).encode()
HEAD = b"POST /api/v1/petitions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@dataclass(slots=True)
class Run:
    """What all connections share."""

    until: float
    keyed: bool
    number: itertools.count[int] = field(default_factory=itertools.count)
    took: list[float] = field(default_factory=list)
    failed: int = 0

    def request(self) -> bytes:
        body = BODY % next(self.number)
        key = b"Idempotency-Key: %s\r\n" % uuid.uuid4().hex.encode() if self.keyed else b""
        return b"%s%sContent-Length: %d\r\n\r\n%s" % (HEAD, key, len(body), body)


class Connection(asyncio.Protocol):
    """One person at a counter: asks, waits for the whole answer, asks again."""

    def __init__(self, run: Run) -> None:
        self.run, self.heard, self.started = run, b"", 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        if time.perf_counter() >= self.run.until:
            self.transport.close()
            return
        self.started = time.perf_counter()
        self.transport.write(self.run.request())

    def data_received(self, data: bytes) -> None:
        self.heard += data
        head, found, body = self.heard.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self.heard = b""
        if head.startswith(b"HTTP/1.1 201"):
            self.run.took.append((time.perf_counter() - self.started) * 1000)
        else:
            self.run.failed += 1
        self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if error or self.heard:
            self.run.failed += 1
        if not self.done.done():
            self.done.set_result(None)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without Content-Length")


async def _load(port: int, connections: int, seconds: float, *, keyed: bool) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    run = Run(started + seconds, keyed)
    made = [
        await loop.create_connection(lambda: Connection(run), "127.0.0.1", port) for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    return {"seconds": time.perf_counter() - started, "failed": run.failed, "took": run.took}


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("port", type=int)
    words.add_argument("connections", type=int)
    words.add_argument("seconds", type=float)
    words.add_argument("--keyed", action="store_true")
    said = words.parse_args()
    print(json.dumps(asyncio.run(_load(said.port, said.connections, said.seconds, keyed=said.keyed))))


if __name__ == "__main__":
    main()
