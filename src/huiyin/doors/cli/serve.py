"""`huiyin serve`: the web and its helpers behind one address, or one part alone."""

from __future__ import annotations

import csv
import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house, supervising
from huiyin.doors.cli.processes import Process
from huiyin.doors.cli.words import FALSE, REFUSED, USAGE, Problem, both, say, warn

if TYPE_CHECKING:
    from huiyin.registry.demonstration import Example

EXAMPLES = "demonstration.csv"
PARTS = ("all", "public", "desk")


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many workers a web process has, and threads in each."""

    workers: int
    threads: int


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
    os.environ.setdefault("HUIYIN_PUBLIC_URL", f"http://{_shown(host)}:{port}")
    house.open_house()
    _refuse_taken(host, port)
    with house.speaking_of_the_database():
        house.set_up_if_new()
        refuse_unsafe(host)
        demo = demo and _build_demonstration()
        welcome = _welcome(part, host, port, demo=demo)
        capacity = _capacity(workers, threads)
    _forget_connections()
    desk_port = _free_port()
    processes = _processes(part, host, port, desk_port=desk_port, capacity=capacity)
    supervising.become(supervising.Plan(processes, welcome, _shown(host), port))


# ---- before anything starts


def refuse_unsafe(host: str) -> None:
    """End the command when the settings are unsafe; warnings are only said."""
    from django.conf import settings
    from django.core import checks

    from huiyin.site.checks import TAG

    found = checks.run_checks(tags=[TAG], include_deployment_checks=True)
    for message in found:
        if message.level < checks.ERROR:
            warn(_said(message))
    errors = [message for message in found if message.level >= checks.ERROR and not message.is_silenced()]
    if errors:
        raise Problem("\n".join(_said(message) for message in errors), USAGE)
    if not _is_loopback(host) and not settings.HTTPS:
        raise Problem(
            both(
                f"(huiyin.E002) --host {host} 会让本机以外的人不经加密访问；"
                "请在前面放一个提供 HTTPS 的代理并设 HUIYIN_HTTPS=yes，或者去掉 --host",
                f"(huiyin.E002) --host {host} would let others in without encryption; put a proxy with HTTPS "
                "in front and set HUIYIN_HTTPS=yes, or leave --host out",
            )
        )


def _said(message: object) -> str:
    from django.core.checks import CheckMessage

    if not isinstance(message, CheckMessage):
        return str(message)
    hint = f"\n  {message.hint}" if message.hint else ""
    return f"({message.id}) {message.msg}{hint}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(host: str) -> str:
    """The address that a person on this machine types."""
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound


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


def _build_demonstration() -> bool:
    """Fill an empty folder with the demonstration; answer whether it holds one."""
    from django.conf import settings
    from django.utils import timezone

    from huiyin.registry import demonstration

    if demonstration.is_import():
        warn(
            both(
                f"{settings.DATA_DIR} 里是导入的数据，照原样打开，不加演示数据",
                f"{settings.DATA_DIR} holds an import: served as it is, without the demonstration",
            )
        )
        return False
    if not demonstration.is_possible():
        raise Problem(
            both(
                f"{settings.DATA_DIR} 里是真实数据，不能放入演示数据；"
                "请用 HUIYIN_DATA_DIR 指定空目录 [live-registry]",
                f"{settings.DATA_DIR} holds real data, which no demonstration may be mixed with; name an "
                "empty folder in HUIYIN_DATA_DIR [live-registry]",
            ),
            REFUSED,
        )
    if not demonstration.is_built():
        click.echo(both("正在建立演示数据……", "making the demonstration data …"))
        _keep_examples(demonstration.build(timezone.now()))
    return True


def _keep_examples(examples: Sequence[Example]) -> None:
    """Write down what the made-up authors hold, for whoever wants to look through their eyes."""
    from django.conf import settings

    path = settings.DATA_DIR / EXAMPLES
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["ref", "key", "state", "subject"])
        rows.writerows([each.ref, each.key, each.state, each.subject] for each in examples)


def _forget_connections() -> None:
    from django.db import connections

    connections.close_all()


# ---- the processes


def _capacity(workers: int | None, threads: int | None) -> Capacity:
    """One worker on SQLite: the threads of one process write together and in turn, those of two do not.

    Measured by `make bench`; decision 0068.
    """
    from django.db import connection

    usual = Capacity(1, 8) if connection.vendor == "sqlite" else Capacity(min(4, os.cpu_count() or 1), 4)
    return Capacity(workers or usual.workers, threads or usual.threads)


def _processes(part: str, host: str, port: int, *, desk_port: int, capacity: Capacity) -> Sequence[Process]:
    if part != "all":
        return [_web(part, host, port, capacity, {})]
    behind = {"_HUIYIN_DESK": f"http://127.0.0.1:{desk_port}"}
    return [
        _web("public", host, port, capacity, behind),
        _web("desk", "127.0.0.1", desk_port, capacity, {}),
        _helper("clerk"),
        _helper("courier"),
        *([_helper("mail", "public")] if _has_mailbox() else []),
    ]


def _has_mailbox() -> bool:
    from django.conf import settings

    return settings.IMAP is not None


def _web(zone: str, host: str, port: int, capacity: Capacity, environment: dict[str, str]) -> Process:
    numbers = [str(number) for number in (port, capacity.workers, capacity.threads)]
    command = [sys.executable, "-m", "huiyin.doors.cli.web", host, *numbers]
    return Process(zone, command, {"HUIYIN_ZONE": zone, **environment})


def _helper(name: str, zone: str = "all") -> Process:
    command = [sys.executable, "-m", "huiyin.doors.cli", name]
    own = {"HUIYIN_ZONE": zone, "_HUIYIN_SUPERVISOR": str(os.getpid())}
    return Process(name, command, own, waits=True)


# ---- saying where


def _welcome(part: str, host: str, port: int, *, demo: bool) -> str:
    site = f"http://{_shown(host)}:{port}/"
    lines = [
        {
            "public": both(f"回音在 {site}", f"Huiyin answers at {site}"),
            "desk": both(f"工作台在 {site}desk/", f"The desk is at {site}desk/"),
        }.get(
            part,
            both(
                f"回音在 {site}，工作台在 {site}desk/", f"Huiyin answers at {site}, the desk at {site}desk/"
            ),
        )
    ]
    if demo:
        from django.conf import settings

        from huiyin.registry.demonstration import PASSWORD, officers

        logins = " ".join(officer.login for officer in officers())
        lines += [
            both("演示数据，全部虚构。工作台登录名：", "Made-up data. Sign-in names of the desk: ") + logins,
            both(f"密码：{PASSWORD}", f"Password: {PASSWORD}"),
            both("信访人的编号和查询码：", "References and keys of petitioners: ")
            + str(settings.DATA_DIR / EXAMPLES),
        ]
    return "\n".join([*lines, both("按 Ctrl-C 结束", "Ctrl-C ends it")])
