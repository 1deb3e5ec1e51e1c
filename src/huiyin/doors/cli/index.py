"""`huiyin index`: the petitions that the search does not know as they are masked today, or all of them."""

from __future__ import annotations

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import both, say


@click.command(
    help=say(
        Text(
            "为还没有索引、或者按旧的遮盖规则索引的信访件，以及公开的答复建立索引。管家也会逐步做；"
            "中断后再次运行会接着做。--anew 先清空再全部重建，其间查找结果不全。",
            "Index the petitions that have no row in the search index, or one by older rules of masking, and "
            "published answers. The clerk does so bit by bit; stopped, it goes on where it was. --anew "
            "empties the index first; until it is done a search does not find everything.",
        )
    )
)
@click.option("--anew", is_flag=True, help=say(Text("清空后全部重建", "Empty it first")))
def index(*, anew: bool) -> None:
    """Show how far it has come, and print how many there were."""
    house.open_house()
    with house.speaking_of_the_database():
        from tqdm import tqdm

        from huiyin.registry import answers, indexing

        if anew:
            indexing.begin_anew()
            answers.begin_anew()
        done, below = 0, None
        with tqdm(total=indexing.missing().count(), unit="", disable=None) as shown:
            while True:
                n, below = indexing.catch_up(below)
                if not n:
                    break
                done += n
                shown.update(n)
        while n := answers.catch_up():
            done += n
        if anew:
            indexing.compact()
        click.echo(both(f"已索引 {done} 件", f"{done} indexed"))
