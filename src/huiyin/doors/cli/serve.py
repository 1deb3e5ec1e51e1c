"""`huiyin serve`: the web and its helpers behind one address, or one part alone."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence

import click

from huiyin.core.text import Text
from huiyin.doors.cli.processes import Process, Supervisor
from huiyin.doors.cli.supervising import Announcing, Preparing, shown
from huiyin.doors.cli.words import FALSE, Problem, both, say

PARTS = ("all", "public", "desk")


@click.command(
    help=say(
        Text(
            "启动网站、工作台、管家和信使，都在一个地址后面；"
            "也可以只启动一部分：public（公众端）或 desk（工作台）。",
            "Start the public pages, the desk, the clerk and the courier behind one address; or one part "
            "alone: public or desk.",
        )
    )
)
@click.argument("part", metavar="[public|desk]", type=click.Choice(PARTS), default="all")
@click.option("--demo", is_flag=True, help=say(Text("虚构的演示数据", "With made-up demonstration data")))
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help=say(
        Text(
            "每个网站进程的工作进程数（默认按数据库）",
            "Workers of each web process (default: by the database)",
        )
    ),
)
@click.option(
    "--threads", type=click.IntRange(1, 64), help=say(Text("每个工作进程的线程数", "Threads of each worker"))
)
def serve(part: str, *, port: int, host: str, workers: int | None, threads: int | None, demo: bool) -> None:
    """Start, say where, and watch over the processes until told to stop."""
    os.environ.setdefault("HUIYIN_PUBLIC_URL", f"http://{shown(host)}:{port}")
    _refuse_taken(host, port)
    words = [part, host, str(port), *(["--demo"] if demo else [])]
    preparing = Preparing([sys.executable, "-m", "huiyin.doors.cli.preparing", *words])
    web = _web_processes(part, host, port, [str(workers or 0), str(threads or 0)])

    def helpers() -> list[Process]:
        mailbox = [_helper("mail", "public")] if preparing.told.has_mailbox else []
        return [_helper("clerk"), _helper("courier"), *mailbox] if part == "all" else []

    announcing = Announcing(preparing, host, port)
    code = Supervisor(web, helpers).run(preparing, announcing.is_over)
    if code:
        raise SystemExit(code)


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the server will do it: a port that a process left a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        raise Problem(
            both(
                f"{host}:{port} 不能使用（{error.strerror}）；可能已有程序在用。请换一个："
                f"huiyin serve --port {port + 1}，或 make run PORT={port + 1}",
                f"{host}:{port} cannot be used ({error.strerror}); perhaps something answers there already. "
                f"Choose another: huiyin serve --port {port + 1}, or make run PORT={port + 1}",
            ),
            FALSE,
        ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


# ---- the processes


def _web_processes(part: str, host: str, port: int, numbers: Sequence[str]) -> list[Process]:
    if part != "all":
        return [_web(part, host, port, numbers, {})]
    desk = _free_port()
    behind = {"_HUIYIN_DESK": f"http://127.0.0.1:{desk}"}
    return [_web("public", host, port, numbers, behind), _web("desk", "127.0.0.1", desk, numbers, {})]


def _web(zone: str, host: str, port: int, numbers: Sequence[str], environment: dict[str, str]) -> Process:
    command = [sys.executable, "-m", "huiyin.doors.cli.web", host, str(port), *numbers]
    return Process(zone, command, {"HUIYIN_ZONE": zone, **environment})


def _helper(name: str, zone: str = "all") -> Process:
    command = [sys.executable, "-m", "huiyin.doors.cli", name]
    return Process(name, command, {"HUIYIN_ZONE": zone, "_HUIYIN_SUPERVISOR": str(os.getpid())})
