"""The simple track: shorter terms beside those of the regulation, which it never stops."""

from datetime import date

import pytest

from huiyin.core import rulebook
from tests.core.cast import BUREAU, CN22, HANNA, OTTO, RITA, Story

# Wednesday before the Spring Festival: Saturday 14 February is worked, 15 to 23 are off.
EVE = date(2026, 2, 11)


def test_one_day_to_pass_on_three_to_decide_ten_to_answer():
    story = Story(day=EVE).do("register", RITA).do("take-simple", RITA)
    assert story.clock("simple-pass").due == date(2026, 2, 12)
    story.on(2, 12).do("transfer", RITA, body="bureau")
    assert story.clock("simple-pass").state == "met"
    assert story.clock("simple-decide").due == date(2026, 2, 24), "13, 14 and 24 February are worked"
    story.on(2, 24).do("accept", OTTO)
    assert story.clock("simple-decide").state == "met"
    assert story.clock("simple-opinion").due == date(2026, 3, 9)
    story.on(3, 6).opinion().do("serve", OTTO)
    assert story.clock("simple-opinion").state == "met"
    assert story.clock("handling").state == "met"


def test_the_terms_of_the_regulation_run_beside_and_are_there_when_the_track_is_left():
    story = Story(at=BUREAU, day=EVE).do("register", OTTO).do("take-simple", OTTO)
    assert {"notice", "simple-decide"} <= story.live
    story.do("accept", OTTO).on(2, 25)
    ordinary = story.clock("handling")
    story.do("leave-simple", HANNA)
    assert story.clock("simple-opinion").state == "lapsed"
    assert story.clock("handling") == ordinary, "counted from the original date"
    assert ordinary.start == EVE
    assert story.case.marks.get("simple") is None


def test_only_the_head_approves_going_back_and_then_it_is_not_taken_again():
    story = Story(at=BUREAU, day=EVE).do("register", OTTO).do("take-simple", OTTO)
    assert story.refused("leave-simple", OTTO) == "wrong-role"
    story.do("leave-simple", HANNA)
    assert story.refused("take-simple", OTTO) == "already-left-simple"


def test_an_ordinary_petition_starts_no_simple_clock():
    assert not {c.name for c in Story(day=EVE).accepted().case.clocks if c.name.startswith("simple")}


def test_what_a_superior_assigned_does_not_fit():
    story = Story(day=EVE).do("register", RITA).do("assign", RITA, body="bureau", term="2026-04-01")
    assert story.refused("take-simple", OTTO) == "wrong-state"


@pytest.mark.parametrize("name", ["simple-pass", "simple-decide", "simple-opinion"])
def test_its_terms_say_how_well_their_source_is_known(name):
    rule = CN22.clocks[name]
    assert rule.evidence == "partial"
    assert CN22.source_of(rule.article) is not None
    assert rulebook.by_id("cn-2022").clocks[rule.beside].article != rule.article
