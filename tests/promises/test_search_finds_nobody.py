"""Promise 1: no search by name, telephone, address or number, in fields or in texts.

A hundred texts with names and numbers planted in them, some beside a mark and some beside none: no query,
count, suggestion, highlight or dump of the index's vocabulary leads to one.
"""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from huiyin.core.refusal import Refusal
from huiyin.reading import query, tokens
from huiyin.reading.topics import topics_of
from huiyin.registry import searching
from huiyin.registry.models import Indexed
from tests.cast import acting_as, lodge
from tests.reading import planted
from tests.registry.test_searching import vocabulary

WORDS = ["路灯", "电梯", "噪音", "食堂", "低保", "拖欠"]


@pytest.fixture
def hundred(cast: Any) -> set[str]:
    """Everything that was planted."""
    chance, said = random.Random(55), set()
    for n in range(100):
        frame = planted.FRAMES[n % len(planted.FRAMES)]
        each = planted._planted(chance)
        each["m"] = each["n"]
        lodge(subject=f"关于{each['n']}反映的问题", text=frame.format(**each))
        said |= {each[field] for field in re.findall(r"{(\w+)}", frame)} | {each["n"]}
    return said


def test_no_way_leads_to_a_planted_name_or_number(hundred: set[str]) -> None:
    acting = acting_as("olga")
    assert len(hundred) > 200
    kept = vocabulary()
    everything = " ".join(Indexed.objects.values_list("words", flat=True))
    # In the dump: no piece of one that would tell it.
    dumped = {said: [each for each in tokens.tokens(said) if each in kept - EVERYDAY] for said in hundred}
    assert not {said: pieces for said, pieces in dumped.items() if pieces}
    for said in hundred:
        assert said not in everything
        # By a query: alone, in quotes, beside a word of the matter, or as what must not be there.
        for asked in (said, f'"{said}"', f"路灯 {said}", f"路灯 -{said}"):
            read = searching.asked(asked)
            if not isinstance(read, Refusal):
                assert searching.search(acting, read).pks == (), asked
    assert not [token for token in kept if re.search(r"\d", token) and not re.fullmatch(r"[bs]\d+", token)]


# Pieces that the frames themselves say somewhere, and what is left of a flat without its numbers.
FRAMES = "\n".join(re.sub(r"{\w+}", "\n", frame) for frame in planted.FRAMES)
EVERYDAY = frozenset(tokens.tokens(FRAMES)) | {"栋", "单元", "室"}


def test_no_suggestion_and_no_highlight_says_one(hundred: set[str]) -> None:
    acting = acting_as("olga")
    words = [word for topic in topics_of(["住房", "劳动", "环境", "教育"]) for word in topic.said]
    some = 0
    for word in WORDS:
        read = searching.asked(word)
        assert not isinstance(read, Refusal)
        found = searching.search(acting, read)
        some += len(found.pks)
        assert not set(searching.suggested(found, words, 1)) & hundred
    assert some >= 40


def test_every_planted_name_is_refused_or_found_nowhere(hundred: set[str]) -> None:
    refused = [said for said in hundred if isinstance(query.read(said), query.Unasked)]
    assert len(refused) >= 0.95 * len(hundred)
