"""Each block of the tutorial of the API is run, one after the other, as whoever reads it would type it."""

from __future__ import annotations

from typing import Any

import pytest

from huiyin.registry.models import Attachment, Officer, Petition
from tests.docs.pages import HOUSE, blocks
from tests.officer.programs import Program

PAGE = HOUSE / "docs/tutorial-api.md"
THERE, TOKEN = "http://127.0.0.1:8000", "huiyin_…"


def test_the_tutorial_works_as_it_stands(
    transactional_db: None, cast: dict[str, Officer], live_server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    typed: dict[str, Any] = {}
    shown = [block for block in blocks(PAGE) if block.language == "python"]
    text = "\n".join("\n".join(block.lines) for block in shown)
    assert text.count(THERE) == text.count(f'"{TOKEN}"') == 1  # what a reader has to put in their place
    for number, block in enumerate(shown, 1):
        lines = "\n".join(block.lines).replace(THERE, live_server.url)
        if TOKEN in lines:
            lines = lines.replace(TOKEN, Program("olga", "read", "move").token)
        exec(compile(lines, f"{PAGE.name}, block {number}", "exec"), typed)
    printed = capsys.readouterr().out
    said = [
        "201 HY-", "\nTrue\n", "\n304\n", "404 not-found", "201 lamps.txt", "200 ['lamps.txt']",
        "409 wrong-state", "7 bodies", "olga ['move', 'read']", "200 ", "412 moved-meanwhile", "\nopen ",
    ]  # fmt: skip
    place = 0
    for words in said:
        place = printed.find(words, place)
        assert place >= 0, f"{words!r} is not printed, or not in its turn:\n{printed}"
    assert Petition.objects.count() == 2
    assert Attachment.objects.count() == 1
