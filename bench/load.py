"""The client of the filing bench, in a process of its own: `bench.load PORT CONNECTIONS SECONDS [--keyed]`.

Keep-alive connections that each file one petition after the other. Prints one JSON object: how many were
filed, how many were not, and how long each took in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import time
import uuid
from dataclasses import dataclass, field

# What people write about, put together anew for each of many texts: a text that is always the same would be
# quicker to read, to cut and to index than life is, for us and for the floor.
SENTENCES = (
    "我们小区三号楼前的路灯坏了三个月，晚上看不见路，老人孩子进出都不安全。",
    "物业说要等维修资金批下来，社区说归物业管，来回问了五次都没有结果。",
    "去年冬天暖气一直不热，室内只有十四度，交了全额取暖费却没有退。",
    "村口的水渠塌了一段，雨后田里积水，今年的玉米已经淹了两次。",
    "工地夜里十二点还在浇筑混凝土，噪声很大，孩子高考前睡不着觉。",
    "请求有关部门到现场看一看，给出修复的时间，并把处理结果告诉我们。",
    "公交改线以后，最近的站要走二十五分钟，腿脚不便的老人没法去医院。",
    "工资从六月拖到现在，项目部每次都说下周发，已经拖了四个月。",
    "学校门口的人行横道磨没了，上下学的时候车开得很快，差点出事。",
    "楼下餐馆的油烟直接排到居民窗口，夏天不敢开窗，衣服上都是味道。",
    "宅基地的证办了两年没有下来，材料补了三次，每次要求都不一样。",
    "自来水发黄有铁锈味，烧开以后还有沉淀，全楼四十多户都是这样。",
    "希望公开这笔补助的名单和标准，我们对照文件应当在范围之内。",
    "停车场的收费和公示牌上写的不一样，多收的部分要求退还。",
    "河边的垃圾堆了半年没有人清运，天热以后蚊虫多，气味很难闻。",
    "医保报销的单据交上去三个月，窗口说系统里查不到，让我们再等。",
)
LETTERS = 340  # of a text: 1,020 bytes, what a real message has
TEXTS = 64


def _texts() -> list[str]:
    draw = random.Random(1)  # the same texts every time
    return ["".join(draw.sample(SENTENCES, len(SENTENCES)))[:LETTERS] for _ in range(TEXTS)]


def _body(text: str) -> bytes:
    author = {"name": "张三", "phone": "13800000000"}
    said = {"subject": f"{text[:12]} %012d", "text": text, "author": author}
    return json.dumps(said, ensure_ascii=False).encode()


BODIES = [_body(text) for text in _texts()]  # each with a place for a number in its subject
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
        number = next(self.number)
        body = BODIES[number % TEXTS] % number
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
