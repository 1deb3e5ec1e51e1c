"""A line between two machines that can be cut, for a cluster that lives on one machine.

While it is cut nothing passes, in either direction, and nobody is told: no refusal, no goodbye. What was
under way arrives when it is mended, late, as it does on a network. One thing differs: this machine's kernel
still confirms that bytes reached the relay, so keepalives notice nothing, only whoever waits for an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from asyncio import StreamReader, StreamWriter

PIECE = 1 << 16


class Relays:
    """All lines, carried by one thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="relays")
        self._thread.start()

    def line(self, port: int, target: int) -> Line:
        """Carry what comes to one port of this machine to another."""
        made = Line(target, self._loop)
        asyncio.run_coroutine_threadsafe(made.listen(port), self._loop).result(10)
        return made

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class Line:
    """One line. Made by `Relays.line`."""

    def __init__(self, target: int, loop: asyncio.AbstractEventLoop) -> None:
        self._target, self._loop = target, loop
        self._whole = asyncio.Event()
        self._whole.set()

    def cut(self) -> None:
        self._loop.call_soon_threadsafe(self._whole.clear)

    def mend(self) -> None:
        self._loop.call_soon_threadsafe(self._whole.set)

    async def listen(self, port: int) -> None:
        server = await asyncio.start_server(self._carry, "127.0.0.1", port)
        self._server = server

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        await self._whole.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            _hang_up(writer)
            return
        await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            while piece := await reader.read(PIECE):
                await self._whole.wait()
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        finally:
            # A goodbye travels no faster than anything else.
            with contextlib.suppress(asyncio.CancelledError):
                await self._whole.wait()
            _hang_up(writer)


def _hang_up(writer: StreamWriter) -> None:
    with contextlib.suppress(OSError):
        writer.close()
