"""`huiyin boards`: count what the boards show now, or all of it anew."""

from __future__ import annotations

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import both, say


@click.command(
    help=say(
        Text(
            "清点看板上的数字。管家每分钟都会做；中断后再次运行会接着做。--anew 先清空再全部重数，"
            "其间看板直接查询信访件。",
            "Count what the boards show. The clerk does so every minute; stopped, it goes on where it was. "
            "--anew empties the counts first; until it is done the boards ask the petitions themselves.",
        )
    )
)
@click.option("--anew", is_flag=True, help=say(Text("清空后全部重数", "Empty them first")))
def boards(*, anew: bool) -> None:
    """Print at how many petitions it looked."""
    house.open_house()
    with house.speaking_of_the_database():
        from django.utils import timezone

        from huiyin.registry import board_round

        if anew:
            board_round.begin_anew()
        done = board_round.count(timezone.now())
        click.echo(both(f"已清点 {done} 件", f"{done} counted"))
