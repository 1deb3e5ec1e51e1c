"""`huiyin load`: a list of messages into the registry, now or at their own historical times."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiyin.core.text import Text
from huiyin.doors.cli import columns, house, writing
from huiyin.doors.cli.words import FALSE, REFUSED, Problem, both, say, warn
from huiyin.reading import tables

if TYPE_CHECKING:
    from huiyin.doors.cli.filing import Loaded, Way
    from huiyin.doors.cli.messages import Reader
    from huiyin.doors.cli.tally import Tally
    from huiyin.doors.cli.writing import Write
    from huiyin.reading.tables import Table

SOURCE_LENGTH = 60
INTERRUPTED = 130


@click.command(
    help=say(
        Text(
            "把 FILE（CSV、XLSX 或 JSON Lines）里的信访件录入。同一来源的同一编号只录入一次。"
            "加 --replay 时按各件自己的历史时间走完登记、转送、受理、答复、送达；"
            "只有标明导入或演示的数据可以这样做，空的数据目录会自动标明为导入。",
            "File the petitions of FILE (CSV, XLSX or JSON Lines). The same id from the same source is filed "
            "once. With --replay each goes through registration, transfer, acceptance, opinion and service "
            "at its own historical times; only a data set marked as an import or a demonstration allows "
            "that, and an empty data folder becomes an import.",
        )
    )
)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replay", is_flag=True, help=say(Text("按各件自己的历史时间", "At their own historical times"))
)
@columns.options("id subject text lodged_at reply replied_at topic channel")
@click.option(
    "--source",
    default="",
    help=say(Text("来源名称（默认为文件名）", "Name of the source (default: the file's)")),
)
@click.option(
    "--body", default="", metavar="CODE", help=say(Text("收件单位的代码", "Code of the body that receives"))
)
@click.option(
    "--json", "as_json", is_flag=True, help=say(Text("只输出一个 JSON 对象", "Print one JSON object"))
)
@click.option(
    "--rows",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help=say(Text("另写 CSV：id, due, served, in_time", "Also write a CSV of id, due, served, in_time")),
)
@click.option(
    "--receipts",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say(
        Text(
            "新建 CSV：id, ref, key, receipt，交给信访人；查询码别处没有",
            "Make a new CSV of id, ref, key, receipt, to hand to the authors: keys are kept nowhere else",
        )
    ),
)
def load(
    path: Path,
    *,
    maps: tuple[str, ...],
    maps_from: Path | None,
    save_maps: Path | None,
    dry_run: bool,
    source: str,
    body: str,
    rows: Path | None,
    receipts: Path | None,
    replay: bool,
    as_json: bool,
) -> None:
    """Load the file; bad rows are named by line, the others go in, and the exit code is then 1."""
    table = columns.opened(path)
    chosen = columns.choose_mapped(
        table.headings, columns.MESSAGES, maps=maps, maps_from=maps_from, save_maps=save_maps
    )
    source = source or path.name
    if len(source) > SOURCE_LENGTH:
        raise Problem(
            both(
                f"来源名称超过 {SOURCE_LENGTH} 个字符；请用 --source 起一个短的",
                f"the name of the source is longer than {SOURCE_LENGTH} characters; give a shorter --source",
            )
        )
    house.open_house()
    if dry_run:
        _try(table, chosen, source, replay=replay, as_json=as_json)
        return
    with (
        house.speaking_of_the_database(),
        writing.rows(rows) as write_row,
        writing.receipts(receipts) as write_receipt,
    ):
        work = _prepare(table, chosen, source, body=body, replay=replay)
        work.run(write_row, write_receipt)
    if not (replay or receipts) and work.tally.filed:
        warn(
            both(
                "这些信访件的查询码没有交给任何人；下次可以用 --receipts",
                "nobody was handed the keys of these petitions; next time --receipts writes them",
            )
        )
    _tell(work.tally, as_json=as_json)
    if work.tally.rejected:
        raise click.exceptions.Exit(FALSE)


def _try(table: Table, chosen: dict[str, str], source: str, *, replay: bool, as_json: bool) -> None:
    """Judge each row as a load would, and write nothing. Exit status 1: some could not be filed."""
    from django.conf import settings
    from django.utils import timezone

    from huiyin.doors.cli.messages import BadRow, Reader
    from huiyin.doors.cli.tally import Tally
    from huiyin.registry.models import Petition

    columns.say_what_is_left_out(table.headings, chosen)
    with house.speaking_of_the_database():
        here: set[str] = set()
        if not house.is_new():
            filed = Petition.objects.filter(source=source)
            here.update(filed.values_list("source_id", flat=True))
    reader, tally = Reader(chosen, settings.JURISDICTION, timezone.now(), replay), Tally()
    for line in table.lines():
        try:
            message = reader.message(line)
        except BadRow as error:
            tally.rejected += 1
            warn(both(f"第 {line.number} 行：{error}", f"line {line.number}: {error}"))
            continue
        tally.skipped += message.id in here
        tally.filed += message.id not in here
    if as_json:
        click.echo(json.dumps({name: tally.as_json()[name] for name in ("filed", "skipped", "rejected")}))
    else:
        click.echo(
            both(
                f"只是检查：会录入 {tally.filed} 件，已有 {tally.skipped} 件，不能录入 {tally.rejected} 行",
                f"only looked: {tally.filed} would be filed, {tally.skipped} are here already, "
                f"{tally.rejected} rows would be rejected",
            )
        )
    if tally.rejected:
        raise click.exceptions.Exit(FALSE)


@dataclass(slots=True)
class Work:
    """One load under way."""

    table: Table
    reader: Reader
    way: Way
    tally: Tally
    _first: dict[str, tuple[int, str]] = field(default_factory=dict)  # id -> its first line, and what it said

    def run(self, write_row: Write, write_receipt: Write) -> None:
        """File one row after another, and write down at once what became of each."""
        from tqdm import tqdm

        with tqdm(total=self.table.total, unit=both("行", " rows"), mininterval=0.5, leave=False) as bar:
            for line in self.table.lines():
                try:
                    loaded = self._one(line, bar)
                except KeyboardInterrupt:
                    self._interrupted(bar)
                if loaded:
                    write_row(loaded)
                    write_receipt(loaded)
                bar.update()

    def _one(self, line: tables.Line, bar: Any) -> Loaded | None:
        from huiyin.doors.cli.messages import BadRow

        try:
            message = self.reader.message(line)
            loaded = self.way(message)
        except BadRow as error:
            self.tally.rejected += 1
            bar.write(both(f"第 {line.number} 行：{error}", f"line {line.number}: {error}"), file=sys.stderr)
            return None
        self._mark_twins(message.id, message.text, line.number, bar)
        self.tally.add(loaded)
        return loaded

    def _mark_twins(self, own: str, text: str, number: int, bar: Any) -> None:
        """Say so when one id stands for two different messages: only the first of them went in."""
        first, said = self._first.setdefault(own, (number, text))
        if said != text:
            what = both(
                f"第 {number} 行：编号 {own} 与第 {first} 行相同而内容不同，只录入了前一件",
                f"line {number}: id {own} is that of line {first} with other words; only the first was filed",
            )
            bar.write(what, file=sys.stderr)

    def _interrupted(self, bar: Any) -> None:
        bar.close()
        warn(
            both(
                f"已中断：{self.tally.filed} 件已录入，没有半途的；再次运行同一命令会接着做",
                f"interrupted: {self.tally.filed} filed, none half done; run the same command again to go on",
            )
        )
        raise click.exceptions.Exit(INTERRUPTED)


def _prepare(table: Table, chosen: dict[str, str], source: str, *, body: str, replay: bool) -> Work:
    from django.conf import settings
    from django.utils import timezone

    from huiyin.doors.cli.messages import Reader
    from huiyin.doors.cli.tally import Tally

    now = timezone.now()
    house.set_up_if_new()
    way = _way(source, body, now=now, replay=replay)
    columns.say_what_is_left_out(table.headings, chosen)
    if replay and "reply" in chosen and "replied_at" not in chosen:
        warn(
            both(
                "没有答复时间列（replied_at），答复不录入；可以用 --map 指定",
                "no column says when replies were given (replied_at), so none is taken in; --map names one",
            )
        )
    return Work(table, Reader(chosen, settings.JURISDICTION, now, replay), way, Tally())


def _way(source: str, body: str, *, now: Any, replay: bool) -> Way:
    """How each message is filed. Ends the command where the rules or the bodies do not allow it."""
    from huiyin.doors.cli import filing

    if replay:
        if filing.kind_of_data() == "live" and not filing.is_untouched():
            raise Problem(
                both(
                    "正式运行的系统不接受补记时间；请用 HUIYIN_DATA_DIR 指定一个空目录 [live-registry]",
                    "a live registry refuses to back-date; name an empty folder in HUIYIN_DATA_DIR "
                    "[live-registry]",
                ),
                REFUSED,
            )
        filing.make_import(now)
        body = body or filing.OFFICE
    _check_body(body)
    return filing.Replay(source, body, now) if replay else filing.Live(source, body, now)


def _check_body(code: str) -> None:
    from huiyin.registry.bodies import Body

    inside = Body.objects.filter(active=True, external=False)
    if code and not inside.filter(code=code).exists():
        known: Sequence[str] = list(inside.values_list("code", flat=True)[:20])
        raise Problem(
            both(
                f"--body {code}：没有这个单位；有：{', '.join(known)}",
                f"--body {code}: there is no such body; there are: {', '.join(known)}",
            )
        )
    if not code and not inside.filter(receives=True).exists():
        raise Problem(
            both(
                "没有可以接收的单位：请先在工作台建立单位，或者用 --body 指定 [no-body]",
                "no body here can receive them: make one at the desk, or name one with --body [no-body]",
            ),
            REFUSED,
        )


def _tell(tally: Tally, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(tally.as_json()))
    else:
        click.echo("\n".join(tally.lines()))
