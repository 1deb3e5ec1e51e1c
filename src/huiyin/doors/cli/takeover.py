"""`huiyin takeover`: the open cases of an older system, with the days that it gives them, as its claims."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiyin.core.text import Text
from huiyin.doors.cli import columns, house
from huiyin.doors.cli.words import FALSE, REFUSED, Problem, both, say, warn

if TYPE_CHECKING:
    from huiyin.registry.bodies import Officer
    from huiyin.registry.takeovers import Takeover
    from huiyin.registry.taking_over import Told

OWNER_ONLY = 0o600
REPORTED = ("line", "number", "outcome", "ref", "state", "late", "why", "lacks")
AS = click.option(
    "--as",
    "login",
    required=True,
    metavar="LOGIN",
    help=say(Text("以哪位管理员的名义", "For which administrator")),
)


@click.group(
    help=say(
        Text(
            "接入旧系统里没有办结的信访件：按真实的日期，逐件标明是旧系统所说。先 begin，再 load，后 end。",
            "Take over the open cases of an older system with their true days, marked as told by it. "
            "First begin, then load, at last end.",
        )
    )
)
def takeover() -> None:
    """All about takeovers."""


@takeover.command(
    help=say(
        Text(
            "开始从 SOURCE 接入；此后发生的事不能再补记",
            "Let cases of SOURCE in: nothing later than now can be told",
        )
    )
)
@click.argument("source")
@AS
def begin(source: str, login: str) -> None:
    """Put on record that it begins."""
    house.open_house()
    from django.utils import timezone

    with house.speaking_of_the_database():
        from huiyin.registry import takeovers

        house.refuse_if_behind()
        if not 0 < len(source) <= takeovers.NAME_LENGTH:
            raise Problem(
                both(
                    f"名称须有 1 到 {takeovers.NAME_LENGTH} 个字符",
                    f"its name has 1 to {takeovers.NAME_LENGTH} characters",
                )
            )
        made = takeovers.begin(source, by=_administrator(login), now=timezone.now())
    click.echo(f"{made.source}  {made.began_at.isoformat(timespec='seconds')}")


@takeover.command(help=say(Text("结束从 SOURCE 接入", "Let nothing more of SOURCE in")))
@click.argument("source")
@AS
def end(source: str, login: str) -> None:
    """Put on record that it ended."""
    house.open_house()
    from django.utils import timezone

    with house.speaking_of_the_database():
        from huiyin.registry import takeovers

        house.refuse_if_behind()
        takeovers.end(_open(source), by=_administrator(login), now=timezone.now())
    click.echo(both("已结束", "ended"))


@takeover.command(
    help=say(
        Text(
            "接入 FILE（CSV、XLSX 或 JSON Lines；另一个回音系统导出的 takeover.jsonl）里没有办结的。"
            "同一编号只接入一次；不能接入的逐行说明。",
            "Take over the open cases of FILE (CSV, XLSX or JSON Lines, as the takeover.jsonl that another "
            "Huiyin exports). The same number comes in once; each row that cannot is named with why.",
        )
    )
)
@click.argument("source")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@columns.options()
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help=say(Text("另写 CSV：每行的结果", "Also write a CSV: what became of each row")),
)
@click.option(
    "--json", "as_json", is_flag=True, help=say(Text("只输出一个 JSON 对象", "Print one JSON object"))
)
def load(
    source: str,
    path: Path,
    *,
    maps: tuple[str, ...],
    maps_from: Path | None,
    save_maps: Path | None,
    dry_run: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Take in what can be; bad rows are named by line, the others go in, and the exit code is then 1."""
    table = columns.opened(path)
    house.open_house()
    from django.utils import timezone

    from huiyin.registry import taking_over
    from huiyin.registry.takeover_columns import OPEN_CASES

    chosen = columns.choose_mapped(
        table.headings, OPEN_CASES, maps=maps, maps_from=maps_from, save_maps=save_maps
    )
    columns.say_what_is_left_out(table.headings, chosen)
    done: Counter[str] = Counter()
    with house.speaking_of_the_database(), _report(report) as write:
        house.refuse_if_behind()
        under_way = _open(source)
        for told in taking_over.go_through(table.lines(), chosen, under_way, timezone.now(), dry=dry_run):
            done[told.outcome] += 1
            done["late"] += bool(told.late)
            write(told)
            for said in filter(None, (told.why, told.lacks)):
                warn(both(f"第 {told.line} 行：{said.zh}", f"line {told.line}: {said.en}"))
    _tell(done, dry=dry_run, as_json=as_json)
    if done[taking_over.REFUSED]:
        raise click.exceptions.Exit(FALSE)


def _tell(done: Counter[str], *, dry: bool, as_json: bool) -> None:
    taken, here, refused, late = (done[name] for name in ("taken", "here", "refused", "late"))
    if as_json:
        click.echo(json.dumps({"taken": taken, "here": here, "refused": refused, "late": late}))
    elif dry:
        click.echo(
            both(
                f"只是检查：会接入 {taken} 件（其中 {late} 件已逾期），已有 {here} 件，不能接入 {refused} 行",
                f"only looked: {taken} would be taken over, {late} of them late already; {here} are here, "
                f"{refused} rows would be refused",
            )
        )
    else:
        click.echo(
            both(
                f"接入 {taken} 件（其中 {late} 件已逾期），已有 {here} 件，不能接入 {refused} 行",
                f"{taken} taken over, {late} of them late already; {here} were here, {refused} rows refused",
            )
        )


def _administrator(login: str) -> Officer:
    """Whoever keeps the whole house. Ends the command for anybody else."""
    from django.utils import timezone

    from huiyin.registry import law, upkeep
    from huiyin.registry.access import Acting
    from huiyin.registry.models import Officer

    officer = Officer.objects.filter(login=login, is_active=True).first()
    if officer is None or not upkeep.keeps_house(Acting(officer, law.at(timezone.now())[1])):
        raise Problem(
            both(
                f"--as：“{login}”不是管理整个系统的管理员 [wrong-role]",
                f"--as: {login!r} is no administrator of the whole house [wrong-role]",
            ),
            REFUSED,
        )
    return officer


def _open(source: str) -> Takeover:
    from huiyin.core.refusal import refuse
    from huiyin.doors.cli.words import told
    from huiyin.registry import takeovers

    found = takeovers.open_one(source)
    if found is None:
        raise Problem(told(refuse("no-takeover", source=source)), REFUSED)
    return found


@contextmanager
def _report(path: Path | None) -> Iterator[Callable[[Told], Any]]:
    """What became of each row, as it happens: an interruption loses none of it."""
    if path is None:
        yield lambda _: None
        return
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    except OSError as error:
        raise Problem(both(f"不能写入 {path}：{error}", f"cannot write {path}: {error}")) from error
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(REPORTED)

        def write(told: Told) -> None:
            late = " ".join(f"{name}:{due.isoformat()}" for name, due in told.late)
            why = say(told.why) if told.why else ""
            lacks = say(told.lacks) if told.lacks else ""
            lines.writerow([told.line, told.number, told.outcome, told.ref, told.state, late, why, lacks])
            file.flush()

        yield write
