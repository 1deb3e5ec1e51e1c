"""`huiyin second-factor`: takes away what an officer lost, where no administrator is left who could."""

from __future__ import annotations

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import REFUSED, Problem, both, say


@click.command(
    help=say(
        Text(
            "撤销 LOGIN 的验证器、通行密钥和恢复码；密码不变。会记录在案，供审计员查看。"
            "平时由管理员在工作台撤销。",
            "Take away the apps, passkeys and recovery codes of LOGIN; the password stays. It is written "
            "down for the auditor. Usually an administrator does this at the desk.",
        )
    )
)
@click.argument("login")
def second_factor(login: str) -> None:
    """Say that it is done, or that there is no such account."""
    house.open_house()
    from django.utils import timezone

    from huiyin.registry import proving
    from huiyin.registry.models import Officer

    with house.speaking_of_the_database():
        officer = Officer.objects.filter(login=login).first()
        if officer is None:
            raise Problem(both(f"没有 {login} 这个账号", f"there is no account {login}"), REFUSED)
        proving.reset(officer, by=None, now=timezone.now())
    click.echo(both("已撤销；下次登录只需密码", "taken away; the next sign-in asks for the password alone"))
