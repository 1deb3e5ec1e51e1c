"""A rulebook of the operator's own: the one of the how-to, read from a folder and walked, without Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.core import rulebook
from huiyin.core.refusal import Refusal
from huiyin.registry.file import file
from huiyin.registry.prospects import open_moves
from huiyin.registry.story import story_of
from huiyin.site import checks
from tests.cast import NOW, Walk, lodge, lodging
from tests.docs.pages import HOUSE, blocks


@pytest.fixture
def own(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A folder of the operator's own with the law of the how-to, and an installation under that law."""
    whole, *_ = (b for b in blocks(HOUSE / "docs/operate/rulebooks.md") if b.language == "toml")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "library-2026.toml").write_text("\n".join(whole.lines), encoding="utf-8")
    settings.RULEBOOKS_DIR, settings.JURISDICTION = tmp_path, "library"
    rulebook.also_from(tmp_path)
    yield tmp_path
    rulebook.also_from(None)


def test_a_petition_is_walked_through_a_law_from_a_folder(own: Path, cast: Any) -> None:
    walk = Walk(lodge(body="zj"))
    clock = walk.petition.clocks.get()
    assert (clock.name, clock.rulebook, clock.due.isoformat()) == ("answer", "library-2026", "2026-03-16")
    assert {row.verb for row in open_moves(walk.petition, walk.actor("otto"), NOW)} == {
        "answer-suggestion",
        "add-information",
    }
    walk("add-information", "author", information="又坏了一盏")
    walk.later(days=20)("breach", "clerk", clock="answer")
    walk("answer-suggestion", "otto", reasons="已经换了新灯")
    story = story_of(walk.petition)
    assert (story.state.text.en, story.clocks[0].clock.state) == ("Answered", "missed")
    assert [(step.name.en, step.state) for step in story.steps] == [
        ("Received", "done"),
        ("Answered", "done"),
    ]


def test_what_the_law_does_not_know_is_refused_as_everywhere(own: Path, cast: Any) -> None:
    walk = Walk(lodge(body="zj"))
    refused = walk.ask("accept", "otto")
    assert isinstance(refused, Refusal)
    assert refused.code == "not-in-this-law"
    filed = file(lodging(body="xf"), now=NOW + timedelta(days=1))
    assert isinstance(filed, Refusal), "this law has only competent bodies take petitions in"


def test_the_house_starts_with_it_and_not_with_a_broken_one(own: Path) -> None:
    assert list(checks.law()) == []
    broken = own / "library" / "library-2027.toml"
    broken.write_text("[rulebook]\nid = 'library-2027'", encoding="utf-8")
    rulebook.also_from(own)
    (wrong,) = checks.law()
    assert (wrong.id, "library-2027.toml: rulebook.roll" in wrong.msg) == ("huiyin.E010", True)


def test_the_house_does_not_start_without_a_rulebook_for_its_jurisdiction(own: Path, settings: Any) -> None:
    settings.JURISDICTION = "atlantis"
    (wrong,) = checks.law()
    assert wrong.id == "huiyin.E011"
    assert "library" in str(wrong.hint)


def test_two_rulebooks_of_one_id_are_refused(own: Path) -> None:
    whole = (own / "library" / "library-2026.toml").read_text(encoding="utf-8")
    (own / "library" / "copy.toml").write_text(whole, encoding="utf-8")
    rulebook.also_from(own)
    with pytest.raises(rulebook.BrokenRulebook, match="another rulebook 'library-2026'"):
        rulebook.all_rulebooks()
