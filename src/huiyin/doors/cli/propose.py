"""`huiyin propose`: what each message of a file is probably about, how sure that is, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiyin.core.text import Text
from huiyin.doors.cli import columns
from huiyin.doors.cli.words import FALSE, Problem, both, say, warn

if TYPE_CHECKING:
    from huiyin.reading.topic_model import Model, Proposal


@click.command(
    help=say(
        Text(
            "对 FILE（CSV、XLSX 或 JSON Lines，列 subject text）的每一行给出主题建议、把握和依据的词。",
            "Propose a topic for each row of FILE (CSV, XLSX or JSON Lines with columns subject, text), with "
            "how sure that is and the words that spoke for it.",
        )
    )
)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--model",
    "source",
    required=True,
    metavar="MODEL",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say(Text("huiyin learn 写成的模型", "The model, as huiyin learn wrote it")),
)
@click.option(
    "--json", "as_json", is_flag=True, help=say(Text("每行一个 JSON 对象", "Print one JSON object a row"))
)
def propose(path: Path, *, source: Path, as_json: bool) -> None:
    """Print one line a row, in the order of the file; bad rows are named by line, the exit code is then 1."""
    model = _read(source)
    table = columns.opened(path)
    chosen = columns.choose(table.headings)
    bad = False
    for line in table.lines():
        subject = line.cells.get(chosen.get("subject", ""), "").strip()
        text = line.cells.get(chosen["text"], "").strip()
        if line.problem or not (subject or text):
            what = say(line.problem) if line.problem else both("没有内容（text）", "there is no text (text)")
            warn(both(f"第 {line.number} 行：{what}", f"line {line.number}: {what}"))
            bad = True
            continue
        said = model.propose(subject, text)
        click.echo(_as_json(line.number, said) if as_json else _in_words(line.number, said))
    if bad:
        raise click.exceptions.Exit(FALSE)


def _read(source: Path) -> Model:
    from huiyin.reading import topic_model

    try:
        return topic_model.read(source)
    except topic_model.NoModel as error:
        raise Problem(say(error.said)) from error
    except OSError as error:
        raise Problem(both(f"不能读取 {source}：{error}", f"cannot read {source}: {error}")) from error


def _as_json(number: int, said: Proposal) -> str:
    return json.dumps(
        {
            "line": number,
            "topic": said.topic,
            "confidence": round(said.confidence, 4),
            "abstain": said.abstain,
            "reasons": list(said.reasons),
        },
        ensure_ascii=False,
    )


def _in_words(number: int, said: Proposal) -> str:
    sure = both("（拿不准）", " (unsure)") if said.abstain else ""
    words = "、".join(said.reasons)
    return f"{number}\t{said.topic}{sure}\t{said.confidence:.0%}\t{words}"
