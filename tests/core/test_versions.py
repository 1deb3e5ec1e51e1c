"""The version in force on the day a clock starts, and the 2005 regulation."""

from dataclasses import replace
from datetime import date

from huiyin.core import procedure
from huiyin.core.case import After, Move
from tests.core.cast import BUREAU, CN05, CN22, OFFICE, OTTO, PETRA, RITA, VERA, Story

# ---- the version in force on the day a clock starts (decision 0003)


def test_a_clock_keeps_the_law_it_started_under():
    story = Story(OFFICE, date(2022, 4, 20)).accepted()
    assert (story.clock("handling").rulebook, story.clock("handling").article) == ("cn-2005", "33")
    story.on(5, 10, 2022).do("issue-opinion", OTTO).do("serve", OTTO)
    asked = story.clock("review-request")
    assert (asked.rulebook, asked.article, asked.start) == ("cn-2022", "35", date(2022, 5, 10))
    assert story.clock("handling").state == "met"


def test_a_service_recorded_after_the_change_of_law_starts_its_clock_under_the_old_one():
    story = Story(OFFICE, date(2022, 4, 20)).accepted().do("issue-opinion", OTTO).on(5, 5, 2022)
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
