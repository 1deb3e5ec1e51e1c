"""`huiyin administrator`: the first account of a live installation; all others are opened at the desk."""

from __future__ import annotations

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import REFUSED, USAGE, Problem, both, say

LONGEST = 40
LEVELS = ("nation", "province", "prefecture", "county", "township")


@click.command(
    help=say(
        Text(
            "为全新的系统建立第一个单位和第一名管理员 LOGIN，并打印一次性密码。其余的由管理员在工作台建立。",
            "Put the first body of a new installation on record and make LOGIN its administrator; prints a "
            "password that is changed at the first sign-in. All others are made at the desk.",
        )
    )
)
@click.argument("login")
@click.option("--body", required=True, metavar="CODE", help=say(Text("单位代码", "Code of the body")))
@click.option("--named", required=True, metavar="NAME", help=say(Text("单位名称", "Its name")))
@click.option("--level", type=click.Choice(LEVELS), default="prefecture", show_default=True)
@click.option(
    "--above",
    required=True,
    metavar="NAME",
    help=say(
        Text(
            "上一级机关的名称（在本系统之外，用函件往来）", "Name of the next higher body, reached by letter"
        )
    ),
)
def administrator(login: str, body: str, named: str, level: str, above: str) -> None:
    """Print the password, once."""
    house.open_house()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_slug
    from django.utils import timezone

    from huiyin.registry import founding

    for typed in (login, body):
        try:
            validate_slug(typed)
            if typed == founding.ABOVE or len(typed) > LONGEST:
                raise ValidationError(typed)
        except ValidationError as error:
            raise Problem(
                both(
                    f"“{typed}”：只能用字母、数字、- 和 _，最多 {LONGEST} 个，不能是 {founding.ABOVE}",
                    f"{typed!r}: use at most {LONGEST} letters, digits, - and _; {founding.ABOVE!r} is taken",
                ),
                USAGE,
            ) from error
    with house.speaking_of_the_database():
        house.set_up_if_new()
        if founding.is_begun():
            raise Problem(
                both(
                    "这里已经有单位或者人员；请由管理员在工作台建立",
                    "there are bodies or officers here already; an administrator makes new ones at the desk",
                ),
                REFUSED,
            )
        hired = founding.begin(founding.Beginning(login, body, named, level, above), now=timezone.now())
    click.echo(both(f"登录名：{login}", f"sign-in name: {login}"))
    click.echo(both(f"一次性密码：{hired.password}", f"password, for the first sign-in: {hired.password}"))
