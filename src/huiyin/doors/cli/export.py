"""`huiyin export`: what this house holds of matters, in open formats, for another system or for this one."""

from __future__ import annotations

from pathlib import Path

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, Problem, both, say


@click.command(
    help=say(
        Text(
            "把单位、信访件、期限、步骤、文书和附件的摘要导出到空目录 DIR（CSV 和 JSON Lines）。"
            "封存的不开启，姓名和号码遮住，检举控告不在其中；petitions.csv 可以用 huiyin load 再录入，"
            "takeover.jsonl 可以由另一个回音系统用 huiyin takeover 接入。",
            "Write bodies, petitions, terms, steps, documents and the digests of files to the empty folder "
            "DIR, as CSV and JSON Lines. Seals stay closed, names and numbers masked, and reports against "
            "persons are not among them; huiyin load takes petitions.csv in again, and another Huiyin takes "
            "takeover.jsonl over.",
        )
    )
)
@click.argument("place", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def export(place: Path) -> None:
    """Say what was written."""
    house.open_house()
    from huiyin.papers import open_formats

    if place.exists() and any(place.iterdir()):
        raise Problem(
            both(f"{place} 不是空目录；请另指定一个", f"{place} is not empty; name another folder"), FALSE
        )
    with house.speaking_of_the_database():
        house.refuse_if_behind()
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            done = open_formats.write(place)
        except OSError as error:
            raise Problem(
                both(f"不能写入 {place}：{error}", f"cannot write to {place}: {error}"), FALSE
            ) from error
    click.echo(
        both(
            f"已导出：{done.bodies} 个单位，{done.petitions} 件信访件，{done.steps} 个步骤，"
            f"{done.documents} 份文书，{done.files} 个附件的摘要",
            f"written: {done.bodies} bodies, {done.petitions} petitions, {done.steps} steps, "
            f"{done.documents} documents, the digests of {done.files} files",
        )
    )
