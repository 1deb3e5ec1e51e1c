"""The version in force on the day a clock starts, and the 2005 regulation."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from huiyin.core import procedure, rulebook
from huiyin.core.case import After, Move
from huiyin.core.rulebook import NoSuchRule
from tests.core.cast import BUREAU, CN05, CN22, OFFICE, OTTO, PETRA, RITA, VERA, Story

HOW_TO = Path(__file__).resolve().parents[2] / "docs/operate/rulebooks.md"

# ---- the version in force on the day a clock starts (decision 0003)


def test_a_clock_keeps_the_law_it_started_under():
    story = Story(OFFICE, date(2022, 4, 20)).accepted()
    assert (story.clock("handling").rulebook, story.clock("handling").article) == ("cn-2005", "33")
    story.on(5, 10, 2022).opinion().do("serve", OTTO)
    asked = story.clock("review-request")
    assert (asked.rulebook, asked.article, asked.start) == ("cn-2022", "35", date(2022, 5, 10))
    assert story.clock("handling").state == "met"


def test_a_service_recorded_after_the_change_of_law_starts_its_clock_under_the_old_one():
    story = Story(OFFICE, date(2022, 4, 20)).accepted().opinion().on(5, 5, 2022)
    around = replace(story.situation(), rulebook=CN22, versions=(CN05, CN22))
    made = procedure.apply(
        story.case, Move("serve", {"served_on": "2022-04-29", "way": "post"}), OTTO, around
    )
    assert isinstance(made, After)
    asked = made.case.latest("review-request")
    assert asked is not None
    assert (asked.rulebook, asked.article) == ("cn-2005", "34")


def test_a_clock_that_the_older_law_does_not_know_is_of_the_law_that_started_it():
    around = replace(Story(OFFICE).situation(), versions=(CN05, CN22))
    assert around.rulebook_on(date(2022, 4, 30), "handling") == CN05
    assert around.rulebook_on(date(2022, 5, 1), "handling") == CN22
    assert around.rulebook_on(date(2022, 4, 30), "objection") == CN22


# ---- what becomes of petitions lodged before a version: the newer one says it


@pytest.fixture
def two_versions(tmp_path):
    """A law of 2030 beside the one before it; what it says of pending petitions is filled in."""
    whole, *_ = re.findall(r"```toml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "library").mkdir()
    until = "in_force_from = 2026-01-01\nin_force_until = 2029-12-31"
    (tmp_path / "library" / "library-2026.toml").write_text(
        whole.replace("in_force_from = 2026-01-01", until), encoding="utf-8"
    )
    new = whole.replace("library-2026", "library-2030").replace(
        "in_force_from = 2026", "in_force_from = 2030"
    )

    def with_pending(word: str) -> None:
        said = new.replace("[articles]", f'pending = "{word}"\n\n[articles]', 1)
        (tmp_path / "library" / "library-2030.toml").write_text(said, encoding="utf-8")
        rulebook.load.cache_clear()
        rulebook.also_from(tmp_path)

    yield with_pending
    rulebook.also_from(None)


@pytest.mark.parametrize(
    ("pending", "lodged", "day", "decide"),
    [
        ("keep", date(2029, 12, 31), date(2030, 1, 1), ["library-2026"]),
        ("pass-over", date(2029, 12, 31), date(2030, 1, 1), ["library-2026", "library-2030"]),
        ("pass-over", date(2029, 12, 31), date(2029, 12, 31), ["library-2026"]),
        ("keep", date(2030, 1, 1), date(2031, 1, 1), ["library-2030"]),
        ("pass-over", date(2030, 1, 1), date(2031, 1, 1), ["library-2030"]),
    ],
)
def test_a_petition_keeps_its_version_unless_a_later_one_takes_over(
    two_versions, pending, lodged, day, decide
):
    two_versions(pending)
    assert [book.id for book in rulebook.deciding("library", lodged, day)] == decide


def test_the_regulation_of_2022_takes_over_what_was_pending():
    assert (CN05.pending, CN22.pending) == ("keep", "pass-over")
    chain = rulebook.deciding("cn", date(2022, 4, 20), date(2022, 5, 10))
    assert chain == (CN05, CN22)


def test_nothing_is_decided_about_what_was_lodged_before_the_first_version():
    with pytest.raises(NoSuchRule):
        rulebook.deciding("cn", date(2004, 1, 1), date(2022, 5, 10))


# ---- the 2005 regulation


def test_in_2005_a_statutory_route_is_declined_and_told_where_to_go():
    story = Story(OFFICE, law="cn-2005").do("register", RITA)
    assert story.refused("divert", RITA) == "not-in-this-law"
    assert story.refused("decline", RITA, ground="not-competent") == "contents"
    story.do("decline", RITA, ground="statutory-route", route="court")
    assert story.case.state == "declined"
    assert story.do("challenge", PETRA).do("order-acceptance", VERA).case.holder == OFFICE


def test_in_2005_nobody_objects_and_the_receiver_decides():
    story = Story(OFFICE, law="cn-2005").do("register", RITA).do("transfer", RITA, body="bureau")
    assert story.live == {"notice"}
    for verb in ("object", "return", "reject-objection"):
        assert story.refused(verb, RITA) == "not-in-this-law"
    assert story.do("decline", OTTO).case.state == "declined"


def test_in_2005_a_suggestion_is_taken_up_like_any_petition():
    story = Story(BUREAU, kind="suggestion", law="cn-2005").do("register", RITA).do("accept", OTTO)
    assert story.live == {"handling"}
