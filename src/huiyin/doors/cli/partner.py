"""`huiyin partner`: other installations that petitions are handed over to and taken over from."""

from __future__ import annotations

from typing import TextIO

import click

from huiyin.core.handover import BadMessage, read_card
from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import REFUSED, Problem, both, say


@click.group(
    help=say(
        Text(
            "伙伴系统：向其移交信访件、从其接收信访件的另一套回音。名片请通过可靠的途径交换。",
            "Other installations that petitions are handed over to and taken over from. Exchange cards by a "
            "way that you trust.",
        )
    )
)
def partner() -> None:
    """All about partners."""


@partner.command(help=say(Text("打印本系统的名片，交给对方", "Print the card of this installation")))
def card() -> None:
    """The card is public, but whoever gets it must know that it is ours."""
    house.open_house()
    with house.speaking_of_the_database():
        from huiyin.registry import partners

        click.echo(partners.our_card().text, nl=False)


@partner.command(
    help=say(
        Text(
            "登记对方：FILE 是对方的名片（- 表示标准输入）。已经登记的，换成新名片。",
            "Put another installation on record: FILE is its card (- for standard input). One that is known "
            "gets the new card.",
        )
    )
)
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--zh", required=True, help=say(Text("中文名称", "Its name in Chinese")))
@click.option("--en", default="", help=say(Text("英文名称", "Its name in English")))
def add(file: TextIO, *, zh: str, en: str) -> None:
    """Say whom we know now."""
    house.open_house()
    from django.utils import timezone

    try:
        read = read_card(file.read(10_000))
    except BadMessage as error:
        raise Problem(both(f"名片不能使用：{error}", f"the card cannot be used: {error}"), REFUSED) from error
    with house.speaking_of_the_database():
        from huiyin.registry import partners

        made = partners.introduce(read, Text(zh, en or zh), by=None, now=timezone.now())
    click.echo(f"{made.origin}  {made.url}")


@partner.command(
    "stands-for",
    help=say(
        Text(
            "BODY（本系统之外的单位）就是伙伴 ORIGIN 的 CODE",
            "Say that BODY, a record of a body outside, stands for CODE of the partner ORIGIN",
        )
    ),
)
@click.argument("body")
@click.argument("origin")
@click.argument("code")
def stands_for(body: str, origin: str, code: str) -> None:
    """Say it once for each body that one sends to, and for each that sends here."""
    house.open_house()
    from django.utils import timezone

    with house.speaking_of_the_database():
        from huiyin.registry import partners
        from huiyin.registry.models import Body, Partner

        ours = Body.objects.filter(code=body, external=True).first()
        known = Partner.objects.filter(origin=origin).first()
        if ours is None or known is None:
            raise Problem(
                both(
                    f"没有 {body} 这个本系统之外的单位，或者没有伙伴 {origin}",
                    f"there is no outside body {body}, or no partner {origin}",
                ),
                REFUSED,
            )
        partners.stands_for(ours, known, code, by=None, now=timezone.now())
    click.echo(f"{body} = {origin} {code}")


@partner.command("list", help=say(Text("列出伙伴系统和对应的单位", "List partners, with their bodies")))
def listed() -> None:
    """A line for each."""
    house.open_house()
    with house.speaking_of_the_database():
        from huiyin.registry.models import Partner

        for known in Partner.objects.prefetch_related("bodies"):
            where = both("已结束", "ended") if known.until else known.url
            click.echo(f"{known.origin}  {say(known.name)}  {where}")
            for body in known.bodies.all():
                click.echo(f"  {body.code} = {body.partner_code}")


@partner.command(help=say(Text("不再与 ORIGIN 相互移交", "Hand nothing more over to ORIGIN, nor take over")))
@click.argument("origin")
def end(origin: str) -> None:
    """What is under way is worked off."""
    house.open_house()
    from django.utils import timezone

    with house.speaking_of_the_database():
        from huiyin.registry import partners
        from huiyin.registry.models import Partner

        known = Partner.objects.filter(origin=origin, until=None).first()
        if known is None:
            raise Problem(both(f"没有伙伴 {origin}", f"there is no partner {origin}"), REFUSED)
        partners.end(known, by=None, now=timezone.now())
    click.echo(both("已结束", "ended"))
