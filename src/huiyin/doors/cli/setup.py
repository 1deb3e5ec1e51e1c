"""`huiyin setup`: the data folder, its keys and its database, made where missing."""

from __future__ import annotations

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import USAGE, Problem, both, say

PROCESSES = (
    "public",
    "desk",
    "clerk",
    "courier",
    "mail",
)  # of vault/grants.py, which needs a house to be read


@click.command(
    help=say(
        Text(
            "建立数据目录、密钥和数据库，或者把旧的数据库更新到本程序的版本。可以重复运行。",
            "Make the data folder, its keys and its database, or bring an older database up to date. "
            "Running it again does no harm.",
        )
    )
)
@click.option(
    "--grants",
    metavar="ROLE",
    help=say(
        Text(
            "不建立任何东西，只打印 PostgreSQL 的授权语句：一个进程以 ROLE 登录时能做什么",
            "Make nothing; print the SQL that says what a process, signed in as ROLE, may do",
        )
    ),
)
@click.option(
    "--process",
    type=click.Choice(PROCESSES),
    default=PROCESSES[0],
    help=say(Text("为哪个进程授权", "Which process the role is for")),
)
def setup(*, grants: str | None, process: str) -> None:
    """Print what was made."""
    house.open_house()
    if grants is not None:
        _print_grants(grants, process)
        return
    with house.speaking_of_the_database():
        made = house.set_up()
    from django.conf import settings

    if not made:
        click.echo(both("一切就绪，没有需要建立的", "everything is there; nothing had to be made"))
        return
    click.echo(both(f"已在 {settings.DATA_DIR} 建立：", f"made in {settings.DATA_DIR}: ") + ", ".join(made))
    click.echo(
        both(
            "请把 keys 目录另行备份：丢了密钥，封存的身份信息谁也打不开。",
            "Back up the folder keys apart: without it nobody can ever open a sealed identity.",
        )
    )


def _print_grants(role: str, process: str) -> None:
    from huiyin.vault import grants

    try:
        database, key_store = grants.for_process(process, role)
    except ValueError as error:
        raise Problem(str(error), USAGE) from error
    click.echo(f"-- {both('在数据库里执行', 'run in the database')}")
    click.echo("\n".join(database))
    click.echo(f"\n-- {both('在密钥库里执行', 'run in the key store')}")
    click.echo("\n".join(key_store))
