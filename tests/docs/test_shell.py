"""Every `huiyin …` line that a page shows can be typed, and what is printed below it is what comes out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from huiyin.doors.cli.commands import huiyin
from tests.docs.pages import HOUSE, Block, blocks, pages

COMMAND = re.compile(r"^(?:\$ )?(?P<before>(?:[A-Z_]+=\S* )*)(?:\.venv/bin/)?huiyin (?P<words>.*)$")
BAR = re.compile(r"\d+/\d+ \[")
SHELLS = {"sh", "console"}
BARE = Path(sys.executable).parent / "huiyin"


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Each `huiyin …` of a block: what is set before it, and its words."""
    for line in block.lines:
        if found := COMMAND.match(line):
            yield found["before"], re.split(r" [|>] | && ", found["words"])[0]


SHOWN = [
    pytest.param(words, id=f"{page.relative_to(HOUSE)}: {words}")
    for page in pages()
    for block in blocks(page)
    if block.language in SHELLS
    for _, words in commands(block)
]


@pytest.mark.parametrize("words", SHOWN)
def test_each_command_on_a_page_can_be_typed(words: str):
    name, *rest = shlex.split(words, comments=True)
    context = click.Context(huiyin, info_name="huiyin")
    command = huiyin.get_command(context, name)
    assert command is not None, f"there is no huiyin {name}"
    while isinstance(command, click.Group):
        context = click.Context(command, parent=context, info_name=name)
        name, *rest = rest
        sub = command.get_command(context, name)
        assert sub is not None, f"there is no huiyin … {name}"
        command = sub
    # Only the shape is tried: files, references and officers of an example need not exist.
    inside = click.Context(command, parent=context, info_name=name)
    values, left, _ = command.make_parser(inside).parse_args(args=rest)
    missing = [p.name for p in command.params if p.required and not values.get(p.name or "")]
    assert (left, missing) == ([], [])


# ---- what is printed


def examples(page: Path, command: str) -> Iterator[tuple[str, str, str]]:
    """Each shown run of a command: what is set before it, its words, and what the page says it prints."""
    for block in blocks(page):
        for run in re.split(r"^\$ ", "\n".join(block.lines), flags=re.MULTILINE)[1:]:
            line, _, printed = run.partition("\n")
            found = COMMAND.match(line) if block.language == "console" else None
            if found and found["words"].startswith(f"{command} "):
                yield found["before"], found["words"], printed.rstrip("\n")


def run(before: str, words: str, folder: Path) -> str:
    """What a new user sees who types that, standard output after standard error."""
    said = dict(pair.split("=", 1) for pair in shlex.split(before))
    ours = ("HUIYIN_", "DJANGO_", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = {**kept, "LANG": "C.UTF-8", "HUIYIN_DATA_DIR": str(folder / "data"), **said}
    done = subprocess.run(
        [BARE, *shlex.split(words)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    # A progress bar draws over its own line; what stays on the screen is what was said.
    spoken = [line.strip() for line in re.split(r"[\r\n]", done.stderr) if not BAR.search(line)]
    return "\n".join([*(line for line in spoken if line), done.stdout.rstrip("\n")]).strip("\n")


DUE = [pytest.param(page, *shown, id=shown[1]) for page in pages() for shown in examples(page, "due")]


@pytest.mark.parametrize(("page", "before", "words", "printed"), DUE)
def test_a_deadline_on_a_page_is_what_the_shell_prints(
    page: Path, before: str, words: str, printed: str, tmp_path: Path
):
    said = dict(pair.split("=", 1) for pair in shlex.split(before))
    plain = {"LC_ALL": None, "LC_MESSAGES": None, "LANG": "C.UTF-8", "HUIYIN_DATA_DIR": str(tmp_path)}
    done = CliRunner().invoke(huiyin, shlex.split(words), env=plain | said)
    assert done.output.rstrip("\n") == printed


def test_the_readme_shows_a_deadline():
    assert any(param.values[0] == HOUSE / "README.md" for param in DUE)


def test_the_example_of_an_import_does_what_its_page_says(tmp_path: Path):
    page = HOUSE / "docs/import.md"
    given, answered = ("\n".join(b.lines) + "\n" for b in blocks(page) if b.language == "csv")
    (tmp_path / "messages.csv").write_text(given, encoding="utf-8")
    [(before, words, printed)] = examples(page, "load")
    assert run(before, words, tmp_path) == printed
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8") == answered
    assert '"skipped": 3' in run(before, words, tmp_path)
