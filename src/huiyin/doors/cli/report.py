"""`huiyin report`: the annual report as HTML, DOCX and PDF, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiyin.core.text import Text
from huiyin.doors.cli import house
from huiyin.doors.cli.words import FALSE, REFUSED, USAGE, Problem, both, say

if TYPE_CHECKING:
    from huiyin.papers.annual import Report
    from huiyin.registry.watched import Watched

LANGUAGES = {"zh": "zh-hans", "en": "en"}


@click.command(
    help=say(
        Text(
            "编制一年的年度报告（条例第四十一条）：网页、DOCX 和 PDF，中英文各一份，写明依据哪个日志头。"
            "--as 写督办人员的登录名，就只报告其督办的单位；不写则报告全部单位。",
            "Make the annual report of a year (art. 41): HTML, DOCX and PDF, in both languages, with the "
            "log head that it was reckoned from. --as a supervisor: of the bodies that they watch; else "
            "of all bodies.",
        )
    )
)
@click.argument("year", type=click.IntRange(2005, 9999))
@click.option(
    "--language", type=click.Choice(list(LANGUAGES)), help=say(Text("只用一种语言", "In one language alone"))
)
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help=say(Text("写到这个文件夹", "Write into this folder")),
)
@click.option("--as", "login", metavar="OFFICER", help=say(Text("督办人员", "A supervisor")))
def report(year: int, *, language: str | None, folder: Path, login: str | None) -> None:
    """Print the path of each file that was written."""
    house.open_house()
    from django.utils import timezone

    with house.speaking_of_the_database():
        from huiyin.papers import annual
        from huiyin.registry import law

        now = timezone.now()
        if year > (today := law.at(now)[1]).year:
            raise Problem(both(f"{year} 年还没有到", f"{year} has not begun yet"), USAGE)
        whose = _watched(login, today) if login else _house(today)
        for tongue in [language] if language else LANGUAGES:
            made = annual.report(whose, year, now, LANGUAGES[tongue])
            for path in _write(made, folder):
                click.echo(str(path))


def _house(today: object) -> Watched:
    from huiyin.registry import watched

    return watched.whole_house(today)  # type: ignore[arg-type]


def _watched(login: str, today: object) -> Watched:
    """What that officer supervises; nobody else's report is made in their name."""
    from huiyin.registry import watched
    from huiyin.registry.access import Acting
    from huiyin.registry.models import Officer

    officer = Officer.objects.filter(login=login, is_active=True).first()
    acting = Acting(officer, today) if officer else None  # type: ignore[arg-type]
    if acting is None or not acting.has("supervisor"):
        raise Problem(
            both(f"{login} 不是在职的督办人员", f"{login} is no active officer who supervises"), REFUSED
        )
    return watched.by(acting)


def _write(made: Report, folder: Path) -> list[Path]:
    """Write its three files, and answer where they are."""
    from huiyin.papers import annual_docx, annual_html, annual_pdf, fonts, press

    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [(".html", annual_html.html(made).encode()), (".docx", annual_docx.docx(made))]
        files.append((".pdf", annual_pdf.pdf(made).pdf))
        paths = [folder / f"{made.name}{form}" for form, _ in files]
        for path, (_, content) in zip(paths, files, strict=True):
            path.write_bytes(content)
    except OSError as error:
        raise Problem(
            both(f"{folder} 不能写入：{error.strerror}", f"{folder} cannot be written: {error.strerror}"),
            FALSE,
        ) from error
    except fonts.NoChineseFont as error:
        raise Problem(
            both(
                "没有中文字体，不能排 PDF；请安装 fonts-noto-cjk",
                "there is no Chinese font to set the PDF with: install fonts-noto-cjk",
            ),
            FALSE,
        ) from error
    except press.Unprintable as error:
        raise Problem(both("PDF 没有排成", "the PDF could not be set"), FALSE) from error
    return paths
