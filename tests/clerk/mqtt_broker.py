"""A message broker by others (amqtt) as a process: python -m tests.clerk.mqtt_broker PORT [closed]"""

from __future__ import annotations

import asyncio
import sys

from amqtt.broker import Broker

ANYBODY = "amqtt.plugins.authentication.AnonymousAuthPlugin"
BY_FILE = "amqtt.plugins.authentication.FileAuthPlugin"


async def main(port: str, *, closed: bool) -> None:
    # `closed`: only whom a list of passwords names, and the list is empty.
    plugin = {BY_FILE: {"password_file": "/dev/null"}} if closed else {ANYBODY: {"allow_anonymous": True}}
    listeners = {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}}
    await Broker({"listeners": listeners, "plugins": plugin}).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], closed="closed" in sys.argv))
