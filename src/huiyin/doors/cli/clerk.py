"""`huiyin clerk`, `huiyin courier`, `huiyin calendar`: what happens without a person."""

from __future__ import annotations

import os
from pathlib import Path

import click

from huiyin.core.calendar import BrokenCalendar
from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, Problem, both, say

ONCE = say(Text("只做一轮", "One round only"))


@click.command(
    help=say(
        Text(
            "管家：到期的救济终止，逾期的记入台账，到期前提醒，节假日公布后重新计算。",
            "The clerk: ends remedies that ran out, records what is late, reminds before a due date, reckons "
            "anew when holidays are announced.",
        )
    )
)
@click.option("--once", is_flag=True, help=ONCE)
def clerk(*, once: bool) -> None:
    """Keep house until told to stop."""
    ready()
    with house.speaking_of_the_database():
        house.refuse_if_behind()  # each round would fail, and only its log would say so
        from huiyin.clerk import loop

        loop.run(once=once)


@click.command(
    help=say(Text("信使：把待发的通知发给信访人和经办人。", "The courier: sends the notices that wait."))
)
@click.option("--once", is_flag=True, help=ONCE)
def courier(*, once: bool) -> None:
    """Carry notices until told to stop."""
    ready()
    with house.speaking_of_the_database():
        house.refuse_if_behind()
        from huiyin.clerk import courier as carrier

        carrier.run(once=once)


def ready(zone: str = "all") -> None:
    """Open the house; a clerk that a supervisor started ends with it."""
    if supervisor := os.environ.get("_HUIYIN_SUPERVISOR"):
        from huiyin.site import lifeline

        lifeline.follow(int(supervisor))
    house.open_house(zone)


@click.group(help=say(Text("放假安排", "Official notices of holidays")))
def calendar() -> None:
    """Group of what can be done with calendars."""


@calendar.command(
    help=say(
        Text(
            "录入 FILE 中的官方放假通知（JSON），并重新计算受影响的期限。",
            "Enter the official notice of holidays in FILE (JSON); clocks that it changes are reckoned anew.",
        )
    )
)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add(path: Path) -> None:
    """Say what it changed."""
    house.open_house()
    from django.utils import timezone

    from huiyin.clerk import calendars

    with house.speaking_of_the_database():
        house.set_up_if_new()
        try:
            added = calendars.add(path, now=timezone.now())
        except BrokenCalendar as error:
            raise Problem(str(error), FALSE) from error
    years = ", ".join(str(year) for year in added.years)
    click.echo(
        both(
            f"已录入 {added.calendar} {years}：重算 {added.recomputed} 个期限，{added.moved} 个改了到期日",
            f"entered {added.calendar} {years}: {added.recomputed} clocks reckoned anew, {added.moved} of "
            "them fall due on another day",
        )
    )
