"""`huiyin erase`, `huiyin hold`: what the law no longer keeps, and what is kept beyond its time."""

from __future__ import annotations

from datetime import date, datetime

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, REFUSED, Problem, both, say


@click.command(
    help=say(
        Text(
            "删除保管期限已满的信访件的内容，留下墓碑。管家每天自动做；--dry-run 只列出，不删除。",
            "Erase the content of petitions whose time is over, and leave tombstones. The clerk does it "
            "daily; --dry-run only lists them.",
        )
    )
)
@click.option("--dry-run", is_flag=True, help=say(Text("只列出，不删除", "Only list them")))
def erase(*, dry_run: bool) -> None:
    """Print a line for each, with its rule and what still keeps it."""
    house.open_house()
    from django.utils import timezone

    with house.speaking_of_the_database():
        from huiyin.registry import erasing, indexing, law

        now = timezone.now()
        today, gone = law.at(now)[1], 0 if dry_run else erasing.again(now)
        for found in erasing.due(today):
            why = both("；", "; ").join(say(erasing.WHY[name]) for name in found.kept_by)
            if not why and not dry_run:
                erasing.erase(found, now, batch=f"{today:%Y-%m-%d}")
                gone += 1
            rule = f"{found.rule.years} {both('年', 'years')} ({found.rule.article})"
            told = both(f"保留：{why}", f"kept: {why}") if why else both("删除", "erase")
            click.echo(f"{found.petition.ref}  {found.since}  {rule}  {told}")
        if gone:
            indexing.compact()
        click.echo(both(f"删除 {gone} 件", f"{gone} erased"))


@click.command(
    help=say(
        Text(
            "依法暂缓删除一个信访件：写明依据、条款、经办人和到期日；--lift 解除。",
            "Keep a petition beyond its time: for which legal ground, by whom, until when; --lift ends it.",
        )
    )
)
@click.argument("ref")
@click.option("--ground", metavar="TEXT", help=say(Text("依据", "The legal ground, in words")))
@click.option("--article", metavar="ARTICLE", help=say(Text("条款", "The article")))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=say(Text("最后一天", "The last day")))
@click.option("--as", "login", metavar="OFFICER", help=say(Text("经办人", "Who decides it")))
@click.option("--lift", is_flag=True, help=say(Text("解除", "Lift it")))
def hold(
    ref: str,
    *,
    ground: str | None,
    article: str | None,
    until: datetime | None,
    login: str | None,
    lift: bool,
) -> None:
    """Print what holds now."""
    house.open_house()
    from django.utils import timezone

    with house.speaking_of_the_database():
        from huiyin.registry import erasing, keys, law
        from huiyin.registry.models import Officer, Petition

        today = law.at(timezone.now())[1]
        petition = Petition.objects.filter(ref=keys.read_ref(ref)).first()
        if petition is None:
            raise Problem(both(f"没有信访件 {ref}", f"there is no petition {ref}"), FALSE)
        if lift:
            done = erasing.lift(petition, today)
            click.echo(both(f"解除 {done} 项", f"{done} lifted"))
            return
        officer = Officer.objects.filter(login=login or "", is_active=True).first()
        if not (ground and article and until and officer and until.date() > today):
            raise Problem(
                both(
                    "请写明 --ground、--article、--until（今天以后）和 --as（在职人员）",
                    "give --ground, --article, --until (after today) and --as (an active officer)",
                ),
                REFUSED,
            )
        last: date = until.date()
        erasing.hold(petition, ground=ground, article=article, until=last, by=officer, today=today)
        click.echo(both(f"{petition.ref} 保留到 {last}", f"{petition.ref} is kept until {last}"))
