"""The page for who keeps the other installation says what the door does: every kind, code and line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from nacl.exceptions import BadSignatureError

from huiyin.clerk import offering
from huiyin.core import handover
from huiyin.core.refusal import REASONS
from huiyin.doors.partners import door
from huiyin.registry import partners
from huiyin.registry.models import Crossing
from tests.clerk.partners import Line, round_of, sent_out

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "partner-door.md").read_text(encoding="utf-8")
CHECK = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def firsts(text: str) -> set[str]:
    """What stands in the first column of its tables."""
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def test_every_kind_of_message_is_there_and_no_other() -> None:
    assert firsts(section("What whoever hands over says")) == set(handover.FROM_SENDER)
    takes = section("What whoever takes over says").partition("| `why` |")
    assert firsts(takes[0]) == set(handover.FROM_RECEIVER)
    assert firsts(takes[2]) == set(handover.REFUSALS)


def test_every_line_of_envelope_and_card_is_there(line: Line) -> None:
    sent_out()
    round_of()
    envelope = line.went[0].partition(b"\n\n")[0].decode().splitlines()
    for each in (envelope[0], *(f"{one.split(' ')[0]} " for one in envelope[1:])):
        assert f"`{each}" in PAGE, each
    for each in partners.our_card().text.splitlines():
        assert f"`{each.split(' ')[0]}" in PAGE


def test_the_sheet_is_told_word_by_word(line: Line) -> None:
    sent_out()
    for name in offering._sheet(Crossing.objects.get()):
        assert f"`{name}`" in section("What whoever hands over says"), name


def test_every_answer_of_the_door_is_there() -> None:
    rows = re.findall(r"^\| (\d+) \|([^|]*)\|", section("What the door answers"), re.MULTILINE)
    told = {code: int(status) for status, codes in rows for code in re.findall(r"`([^`]+)`", codes)}
    for code, status in door.NUMBERS.items():
        assert told.pop(code) == status
    assert (told.pop(door.NO_LENGTH.code), told.pop(door.TOO_LARGE.code)) == (411, 413)
    assert set(told.values()) == {403}, "all else proves nothing"
    assert f"{handover.LARGEST // 1024**2} MB" in PAGE


def test_what_does_not_cross_is_refused_by_that_word() -> None:
    for code in re.findall(r"`(\w+-stays)`", section("What does not cross, and why")):
        assert code in REASONS


def test_the_check_on_the_page_finds_what_is_true_and_nothing_else(line: Line) -> None:
    sent_out()
    round_of()
    assert CHECK is not None
    made: dict[str, Any] = {}
    exec(CHECK[1], made)  # what a reader of the page would run
    card = partners.our_card()
    for message in line.went:
        assert made["check"](message, card.log_key, card.origin)["from"] == card.origin
    offer = line.went[0]
    with pytest.raises(AssertionError):
        made["check"](offer[:-1] + bytes([offer[-1] ^ 1]), card.log_key, card.origin)
    with pytest.raises(AssertionError):
        made["check"](offer, card.log_key, "somebody.else")
    with pytest.raises(BadSignatureError):
        made["check"](offer.replace(b"seq 1\n", b"seq 2\n", 1), card.log_key, card.origin)


def test_the_example_of_an_answer_is_what_it_answers(line: Line) -> None:
    sent_out()
    round_of()
    again = Client().post("/partners/v1/messages", line.went[0], content_type="application/octet-stream")
    assert again.json() == {"taken": "before"}
    assert '{"taken": "before"}' in PAGE
