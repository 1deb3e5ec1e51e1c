"""The client of `bench.peer`, in a process of its own: `bench.peer.asking PEOPLE SECONDS`, an `Ask` on its
standard input. Prints one JSON object: how long each answer took in ms, how many were none.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of one server, again and again: each address in turn, or each body to one address."""

    port: int
    method: str
    paths: Sequence[str]
    headers: dict[str, str] = field(default_factory=dict)
    bodies: Sequence[str] = ()
    status: int = 200

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    def requests(self) -> Iterator[bytes]:
        """Endless, each with its length; a body may hold `{n}`, which no two have alike."""
        numbers, start = itertools.count(), time.time_ns()
        for path, body in zip(
            itertools.cycle(self.paths), itertools.cycle(self.bodies or ("",)), strict=False
        ):
            sent = body.replace("{n}", f"{start + next(numbers):020d}").encode()
            lines = [f"{self.method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(sent)}"]
            lines += [f"{name}: {value}" for name, value in self.headers.items()]
            yield "\r\n".join(lines).encode() + b"\r\n\r\n" + sent


@dataclass(slots=True)
class Told:
    """What came of it."""

    took: list[float] = field(default_factory=list)
    failed: int = 0
    said: str = ""  # the first answer that was none


async def _person(ask: Ask, requests: Iterator[bytes], until: float, told: Told) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", ask.port)
    while time.perf_counter() < until:
        started = time.perf_counter()
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        body = await _body(reader, head)
        if int(head.split(b" ", 2)[1]) == ask.status:
            told.took.append((time.perf_counter() - started) * 1000)
        else:
            told.failed += 1
            told.said = told.said or (head + body).decode(errors="replace")[:2000]
    writer.close()


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    """The whole answer: by its length, or in chunks."""
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    if b"content-length" in fields:
        return await reader.readexactly(int(fields[b"content-length"]))
    whole = b""
    while b"chunked" in fields.get(b"transfer-encoding", b""):
        size = int(await reader.readline(), 16)
        part = await reader.readexactly(size + 2)
        if not size:
            break
        whole += part[:-2]
    return whole


async def _all(ask: Ask, people: int, seconds: float) -> dict[str, Any]:
    told, requests = Told(), ask.requests()
    started = time.perf_counter()
    await asyncio.gather(*(_person(ask, requests, started + seconds, told) for _ in range(people)))
    return asdict(told) | {"seconds": time.perf_counter() - started}


if __name__ == "__main__":
    asked = Ask(**json.loads(sys.stdin.read()))
    print(json.dumps(asyncio.run(_all(asked, int(sys.argv[1]), float(sys.argv[2])))))
