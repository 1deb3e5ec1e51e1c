"""`huiyin state`: the desk's list of how the house stands, for a shell, a timer or a monitor."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, both, say

if TYPE_CHECKING:
    from huiyin.site.readiness import Step

MARKS = {"good": "✓", "warn": "!", "bad": "✗", "left": "–"}


@click.command(
    help=say(
        Text(
            "这套系统能不能用：法规、单位、人员、密钥、邮件、公开日志、运行。"
            "只看不改；有必须处理的，退出码为 1。",
            "Whether this installation is fit to be used: law, bodies, officers, keys, mail, the public log, "
            "what runs. Changes nothing; exit status 1 where something has to be done.",
        )
    )
)
@click.option("--json", "as_json", is_flag=True, help=say(Text("输出 JSON", "Print JSON")))
@click.option(
    "--all", "everything", is_flag=True, help=say(Text("正常的也列出", "List what is in order too"))
)
def state(*, as_json: bool, everything: bool) -> None:
    """Print the list; with each line that is not in order, what to do."""
    house.open_house()
    from django.utils import timezone

    from huiyin.site import readiness

    with house.speaking_of_the_database():
        house.set_up_if_new()
        steps = readiness.look(timezone.now())
    if as_json:
        told = [
            {
                "step": step.code,
                "check": line.code,
                "state": line.state,
                "says": say(line.says),
                "todo": say(line.todo) if line.todo else "",
            }
            for step in steps
            for line in step.lines
        ]
        click.echo(json.dumps({"ready": readiness.is_ready(steps), "lines": told}, ensure_ascii=False))
    else:
        _print(steps, everything=everything)
    if not readiness.is_ready(steps):
        raise click.exceptions.Exit(FALSE)


def _print(steps: Sequence[Step], *, everything: bool) -> None:
    from huiyin.site import readiness

    for number, step in enumerate(steps, 1):
        click.echo(f"{number}. {say(step.title)}")
        for line in step.lines:
            done = line.state in {readiness.GOOD, readiness.LEFT}
            if done and not everything:
                continue
            click.echo(f"   {MARKS[line.state]} {say(line.says)}")
            if line.todo:
                click.echo(f"     {say(line.todo)}")
        fine = sum(line.state in {readiness.GOOD, readiness.LEFT} for line in step.lines)
        if fine and not everything:
            click.echo(both(f"   ✓ {fine} 项正常", f"   ✓ {fine} in order"))
