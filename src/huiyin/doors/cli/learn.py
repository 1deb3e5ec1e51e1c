"""`huiyin learn`: a topic model out of messages that somebody sorted, or of what bodies here took up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiyin.core.text import Text
from huiyin.doors.cli import columns, house
from huiyin.doors.cli.words import FALSE, Problem, both, say, warn

if TYPE_CHECKING:
    from huiyin.reading.tables import Line, Table
    from huiyin.reading.topic_training import Example, Learned

FILE, OFFICERS = "file", "officers"  # where a model may have learnt
TOPIC_LENGTH = 60  # of a subject of competence, as a body's page takes it


@click.command(
    help=say(
        Text(
            "从 FILE（CSV、XLSX 或 JSON Lines，列 subject text topic）学习主题，写成模型文件。"
            "不写 FILE，就从本系统已经受理的信访件学习：主题是受理单位的职责；检举控告不读。"
            "学习前先遮盖姓名和号码；同样的数据得到同样的文件。",
            "Learn topics from FILE (CSV, XLSX or JSON Lines with columns subject, text, topic) and write a "
            "model. Without FILE, learn from the petitions that bodies here took up: a topic is what such a "
            "body is competent for, and reports are not read. Names and numbers are masked first; the "
            "same data give the same file.",
        )
    )
)
@click.argument(
    "path",
    metavar="[FILE]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--to",
    "target",
    required=True,
    metavar="MODEL",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say(Text("写到哪个文件", "Where the model is written")),
)
def learn(path: Path | None, *, target: Path) -> None:
    """Write the model, and say what it was learnt from; bad rows are named by line."""
    rows = Rows()
    if path is None:
        write(learned(list(_decided()), OFFICERS), target)
    else:
        table = columns.opened(path)
        chosen = columns.choose(table.headings)
        if "topic" not in chosen:
            raise Problem(
                both(
                    f"{path}：没有主题列（topic）；学习需要知道每件的主题",
                    f"{path}: no column holds the topic (topic); learning needs one for each message",
                )
            )
        write(learned(list(rows.examples(table, chosen)), FILE), target)
    if rows.bad:
        raise click.exceptions.Exit(FALSE)


def _decided() -> Iterator[Example]:
    """What officers of this installation decided: nothing but masked words leaves the database."""
    house.open_house()
    with house.speaking_of_the_database():
        from huiyin.reading.topic_training import Example
        from huiyin.registry import deciding

        for one in deciding.decided():
            yield Example(one.subject, one.text, one.topic)


class Rows:
    """The rows of a file that can be learnt from, and how many could not."""

    def __init__(self) -> None:
        self.bad = 0

    def examples(self, table: Table, chosen: dict[str, str]) -> Iterator[Example]:
        from huiyin.reading.topic_training import Example

        for line in table.lines():
            said = {name: line.cells.get(heading, "").strip() for name, heading in chosen.items()}
            if wrong := _wrong(line, said):
                self.bad += 1
                warn(both(f"第 {line.number} 行：{wrong}", f"line {line.number}: {wrong}"))
                continue
            yield Example(said.get("subject", ""), said["text"], said["topic"])


def _wrong(line: Line, said: dict[str, str]) -> str:
    if line.problem:
        return say(line.problem)
    if not said["text"]:
        return both("没有内容（text）", "there is no text (text)")
    if not said["topic"]:
        return both("没有主题（topic）", "there is no topic (topic)")
    if len(said["topic"]) > TOPIC_LENGTH:
        return both(
            f"主题超过 {TOPIC_LENGTH} 个字符（topic）",
            f"its topic is longer than {TOPIC_LENGTH} characters (topic)",
        )
    return ""


def learned(examples: list[Example], source: str) -> Learned:
    """Learn, and tell what from. Ends the command where there is too little."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # sums in one order, whatever else the machine does
    from huiyin.reading import topic_training

    try:
        made = topic_training.learn(examples, source)
    except topic_training.TooLittle as error:
        least, often = topic_training.LEAST_ROWS, error.args[0]
        had = ", ".join(f"{topic} {n}" for topic, n in sorted(often.items())) or "0"
        raise Problem(
            both(
                f"至少要有两个主题，每个至少 {least} 件；现有：{had}",
                f"at least two topics are needed with at least {least} messages each; there are: {had}",
            )
            + (_from_a_file() if source == OFFICERS else ""),
            FALSE,
        ) from error
    _warn_of_what_was_left_out(made)
    return made


def _from_a_file() -> str:
    return both(
        "。受理的信访件还不够时，可以先从文件学习：huiyin learn FILE --to MODEL",
        ". Until enough petitions were taken up, learn from a file: huiyin learn FILE --to MODEL",
    )


def _warn_of_what_was_left_out(made: Learned) -> None:
    from huiyin.reading import topic_training

    for topic, n in made.too_few.items():
        warn(
            both(
                f"“{topic}”只有 {n} 件，没有学习（至少 {topic_training.LEAST_ROWS} 件）",
                f"{topic!r} has only {n} messages and was left out (at least {topic_training.LEAST_ROWS})",
            )
        )


def write(made: Learned, target: Path) -> None:
    """Put the whole file in its place at once: a process that reads it finds the old one or the new one."""
    from huiyin.reading import topic_model

    content = topic_model.dump(made.model)
    beside = target.with_name(f".{target.name}.new")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as error:
        raise Problem(both(f"不能写 {target}：{error}", f"cannot write {target}: {error}"), FALSE) from error
    about = made.model.about
    terms, size, f1 = len(made.model.terms), f"{len(content) / 1e6:.1f} MB", about["macro_f1"]
    version, topics = topic_model.version_of(content), len(made.model.topics)
    click.echo(
        both(
            f"{target}：{about['examples']} 件，{topics} 个主题，{terms} 个词，{size}，版本 {version}；"
            f"未见过的件上 macro-F1 约 {f1}",
            f"{target}: {about['examples']} messages, {topics} topics, {terms} terms, {size}, "
            f"version {version}; macro-F1 on messages not seen about {f1}",
        )
    )
