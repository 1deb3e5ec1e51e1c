"""`huiyin open-data`: the figures of a month or year as CSV, JSON and Parquet, and whether one is whole."""

from __future__ import annotations

import json
from pathlib import Path

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, USAGE, Problem, both, say

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(
    "open-data",
    help=say(
        Text(
            "把公开日志里一个月（2026-10）或一年（2026）的数字写成 CSV、JSON 和 Parquet，"
            "附数据字典"
            "（Frictionless datapackage.json）和日志头。"
            "--check 用公开日志重新计算，核对一份数据有没有遗漏或改动。",
            "Write the figures of a month (2026-10) or a year (2026) from the public log as CSV, JSON and "
            "Parquet, with a data dictionary (Frictionless datapackage.json) and the log's head. --check "
            "reckons them anew from the log's leaves, and says whether a package leaves out or changes "
            "anything.",
        )
    ),
)
@click.argument("period")
@click.option("--to", "folder", type=FOLDER, help=say(Text("写到这个文件夹", "Write into this folder")))
@click.option("--check", "check", type=FOLDER, help=say(Text("核对这个文件夹", "Check this folder")))
def open_data(period: str, *, folder: Path | None, check: Path | None) -> None:
    """Print the path of each file that was written, or what a check found."""
    house.open_house()
    with house.speaking_of_the_database():
        from huiyin.core import open_data as core

        if not core.PERIOD.fullmatch(period):
            raise Problem(
                both(
                    f"{period} 不是月份或年份：请写 2026-10 或 2026",
                    f"{period} is no month or year: write 2026-10",
                ),
                USAGE,
            )
        if check is not None:
            _check(period, check)
            return
        for path in _write(period, folder or Path(f"open-data-{period}")):
            click.echo(str(path))


def _write(period: str, folder: Path) -> list[Path]:
    from huiyin.core import open_data as core
    from huiyin.site import open_data as made

    known = made.source()
    if known is None or period not in core.periods(known.figures):
        raise Problem(
            both(f"公开日志里还没有 {period} 的数字", f"the public log has no figures of {period} yet"), FALSE
        )
    files = made.files(known, period)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise Problem(
            both(f"{folder} 不能写入：{error.strerror}", f"{folder} cannot be written: {error.strerror}"),
            FALSE,
        ) from error
    return [folder / name for name in sorted(files)]


def _check(period: str, folder: Path) -> None:
    """Reckon anew from the leaves under the head that the package names, and compare line by line."""
    from huiyin.core import open_data as core
    from huiyin.core.tiles import BadTile
    from huiyin.site import open_data as made

    try:
        log = json.loads((folder / "datapackage.json").read_bytes())["log"]
        said = (folder / "terms.csv").read_text(encoding="utf-8")
        figures = made.reckoned(int(log["size"]), str(log["root"]))
        come = core.as_csv(core.rows(figures, period, int(log["least"])))
    except (OSError, ValueError, KeyError, TypeError, BadTile) as error:
        raise Problem(
            both(
                f"不能核对：{folder} 不完整，或者与本机的公开日志不符（{error}）",
                f"nothing can be checked: {folder} is not whole, or of another log than the one here "
                f"({error})",
            ),
            FALSE,
        ) from error
    if wrong := core.differences(said, come):
        raise Problem(
            "\n".join([both("与公开日志不符：", "not what the public log comes to:"), *wrong]), FALSE
        )
    rows = max(said.count("\n") - 1, 0)
    click.echo(
        both(
            f"{period}：{rows} 行，与公开日志前 {log['size']} 条完全一致，没有遗漏",
            f"{period}: {rows} rows, exactly what the first {log['size']} leaves of the log come to; none "
            f"is missing",
        )
    )
