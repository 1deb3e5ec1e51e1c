"""The reference of the command names every command, option, exit status and check there is, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from huiyin.doors.cli import words
from huiyin.doors.cli.commands import huiyin

HOUSE = Path(__file__).resolve().parents[2]
PAGE = (HOUSE / "docs/reference/cli.md").read_text(encoding="utf-8")
TITLES = re.findall(r"^### (.*)$", PAGE, flags=re.MULTILINE)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Each command with its whole name."""
    context = click.Context(huiyin)
    for name in huiyin.list_commands(context):
        command = huiyin.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())
        else:
            yield name, command


def test_each_command_stands_there_with_each_of_its_options():
    for name, command in commands():
        title = next((title for title in TITLES if f"`huiyin {name}" in title), "")
        assert title, f"docs/reference/cli.md: huiyin {name} is missing"
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert any(option in title for option in parameter.opts), (name, parameter.opts)


def test_no_option_stands_there_that_is_not():
    known = {option for _, command in commands() for each in command.params for option in each.opts}
    for title in TITLES:
        assert set(re.findall(r"--[a-z-]+", title)) <= known, title


def test_each_exit_status_and_each_check_stands_there():
    for status in (words.DONE, words.FALSE, words.USAGE, words.REFUSED, words.UNPROVED):
        assert f"\n| {status} | " in PAGE
    raised = re.findall(
        r"huiyin\.[EW]\d{3}", (HOUSE / "src/huiyin/site/checks.py").read_text(encoding="utf-8")
    )
    assert set(raised) == set(re.findall(r"huiyin\.[EW]\d{3}", PAGE))
