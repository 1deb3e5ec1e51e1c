"""Letters between bodies and numbers of days are data of the law: another law has others, or none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from huiyin.core import rulebook
from huiyin.core.rulebook import BrokenRulebook
from huiyin.core.spans import BASES, SPANS

CN22 = rulebook.by_id("cn-2022")
DAY = date(2026, 3, 20)
OTHER = """
[rulebook]
id = "cn-other"
jurisdiction = "elsewhere"
extends = "cn-2022"
title = { zh = "另一规则", en = "Another law" }
in_force_from = 2022-05-01
"""


def law(folder: Path, more: str) -> rulebook.Rulebook:
    home = folder / "elsewhere"
    home.mkdir()
    (home / "cn-other.toml").write_text(OTHER + more, encoding="utf-8")
    return rulebook.load(home / "cn-other.toml")


def test_a_span_is_kept_on_its_last_day_and_not_after():
    span = CN22.spans["outreach-announced"]
    assert span.kept(date(2026, 3, 10), DAY)
    assert not span.kept(date(2026, 3, 11), DAY)


def test_what_the_regulation_does_not_say_is_not_called_law():
    # Art. 18 sets no number of days, art. 40.4 no term: each says where it comes from instead.
    assert set(CN22.spans) == set(SPANS)
    for span in CN22.spans.values():
        assert span.basis in set(BASES) - {"law"}
        assert str(span.days) in span.told.zh


def test_each_kind_of_letter_has_an_article_that_is_told():
    assert {name: kind.article for name, kind in CN22.correspondence.items()} == {
        "improve-work": "40.1",
        "improve-policy": "40.2",
        "pursue-responsibility": "40.3",
        "interview": "39.3",
        "circular": "39.3",
        "listing": "39.3",
        "correction": "39.3",
        "feedback": "38",
        "personnel-report": "30.2",
        "tour-report": "41.2",
    }
    assert {kind.article for kind in CN22.correspondence.values()} <= set(CN22.articles)
    assert [name for name, kind in CN22.correspondence.items() if kind.about] == ["pursue-responsibility"]


def test_a_law_without_such_letters_has_none_and_keeps_the_days_of_the_house():
    for name in ("uk-housing-2024", "in-cpgrams-2024"):
        book = rulebook.by_id(name)
        assert book.correspondence == {}
        own = {"reception-published", "hand-over", "assessment-objection", "assessment-decision"}
        assert set(book.spans) == own
        assert {span.basis for span in book.spans.values()} == {"house"}


def test_another_law_changes_a_number_and_adds_a_letter_without_any_python(tmp_path: Path):
    made = law(
        tmp_path,
        """
[spans.hand-over]
days = 3
basis = "house"
evidence = "full"
zh = "保留 {days} 天"
en = "kept for {days} days"

[correspondence.reminder]
article = "40"
by = ["office"]
down = true
zh = "催办"
en = "Reminder"
""",
    )
    assert made.spans["hand-over"].days == 3
    assert made.correspondence["reminder"].answered
    assert set(CN22.correspondence) < set(made.correspondence)
    assert "reminder" not in CN22.correspondence


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('[correspondence.x]\narticle = "40"\nby = []\nzh = "x"\nen = "x"', "correspondence.x.by"),
        (
            '[correspondence.x]\narticle = "99"\nby = ["office"]\nzh = "x"\nen = "x"',
            "correspondence.x.article",
        ),
        (
            '[correspondence.x]\narticle = "40"\nby = ["office"]\ncounted = true\nzh = "x"\nen = "x"',
            "correspondence.x.answered",
        ),
        ('[spans.never]\ndays = 1\nbasis = "house"', "spans.never"),
        (
            '[spans.letter-answer]\ndays = 0\narticle = "40"\nbasis = "local"\nzh = "x"\nen = "x"',
            "spans.letter-answer.days",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, more: str, key: str):
    with pytest.raises(BrokenRulebook) as broken:
        law(tmp_path, more)
    assert broken.value.key == key
