"""What `huiyin serve` does before anybody is let in: `python -m huiyin.doors.cli.preparing`.

Sets up an empty folder, refuses unsafe settings and a database that is behind, builds the demonstration. It
is a process of its own, beside the web processes that load meanwhile, and gives back at its end what the
database layer and a demonstration took: 40 to 110 MB that nobody would use again.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click

from huiyin.doors.cli import house
from huiyin.doors.cli.supervising import TOLD, shown
from huiyin.doors.cli.words import REFUSED, USAGE, Problem, both, warn

if TYPE_CHECKING:
    from huiyin.registry.demonstration import Example

EXAMPLES = "demonstration.csv"


@click.command()
@click.argument("part")
@click.argument("host")
@click.argument("port", type=int)
@click.option("--demo", is_flag=True)
def prepare(part: str, host: str, port: int, *, demo: bool) -> None:
    """Make the house ready, and tell who started this what to say and whether there is a mailbox."""
    told = int(os.environ.pop(TOLD))
    house.open_house()
    with house.speaking_of_the_database():
        house.set_up_if_new()
        refuse_unsafe(host)
        demo = demo and build_demonstration()
    from django.conf import settings

    welcome = _welcome(part, host, port, demo=demo)
    os.write(told, json.dumps([welcome, settings.IMAP is not None]).encode())


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


def build_demonstration() -> bool:
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


# ---- saying where


def _welcome(part: str, host: str, port: int, *, demo: bool) -> str:
    site = f"http://{shown(host)}:{port}/"
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


if __name__ == "__main__":
    prepare()
