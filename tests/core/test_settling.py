"""Mediation and settlement (art. 33): free, revocable, no right given up, the promises carried out."""

from datetime import date

import pytest

from huiyin.core.apart import passages
from huiyin.core.clauses import forbidden
from tests.core.cast import CLAUSES, CLERK, HANNA, OFFICE, OTTO, PETRA, Story


def mediating() -> Story:
    return Story(OFFICE).accepted().do("offer-mediation", OTTO).do("agree-mediation", PETRA)


def agreed() -> Story:
    return mediating().do("propose-settlement", OTTO).do("agree-settlement", PETRA)


def test_nobody_mediates_without_the_authors_consent():
    story = Story(OFFICE).accepted()
    assert story.refused("propose-settlement", OTTO) == "not-mediating"
    story.do("offer-mediation", OTTO)
    assert story.refused("agree-mediation", OTTO) == "wrong-role"
    assert story.refused("propose-settlement", OTTO) == "not-mediating"
    story.do("decline-mediation", PETRA).opinion()


def test_a_settlement_takes_effect_after_seven_days_and_its_promises_are_then_due():
    story = agreed()
    assert (story.case.state, story.case.remedy) == ("settling", "promised")
    assert story.on(3, 9).refused("settle", CLERK) == "term-not-over"
    story.on(3, 10).do("settle", CLERK)
    assert (story.case.state, story.case.remedy, story.live) == ("settled", "due", {"carry-out"})
    assert (story.clock("handling").state, story.clock("handling").ended) == ("met", date(2026, 3, 2))
    story.do("report-carried-out", OTTO).do("dispute-carried-out", PETRA)
    assert story.case.remedy == "disputed"


def test_consent_can_be_taken_back_and_nothing_is_left_of_it():
    story = agreed().on(3, 9).do("revoke-settlement", PETRA)
    assert (story.case.state, story.case.remedy, story.live) == ("accepted", "dropped", {"handling"})
    story.opinion()
    assert agreed().on(3, 10).refused("revoke-settlement", PETRA) == "term-over"


def test_a_proposal_binds_nobody_and_can_be_declined():
    story = mediating().do("propose-settlement", OTTO)
    story.do("submit-opinion", OTTO).do("countersign", HANNA)
    assert story.refused("issue-opinion", OTTO) == "already-mediating"
    assert story.do("decline-settlement", PETRA).case.remedy == "dropped"
    story.do("end-mediation", OTTO).opinion()


def test_mediation_stops_no_clock():
    story = Story(OFFICE).accepted()
    due = story.clock("handling")
    story.do("offer-mediation", OTTO).do("agree-mediation", PETRA).do("propose-settlement", OTTO)
    assert story.do("agree-settlement", PETRA).clock("handling") == due


def test_a_clause_that_gives_up_petitioning_is_refused():
    theirs = {"side": "author", "task_kind": "notice", "task_what": "承诺今后不再就此事信访"}
    refused = mediating().refused("propose-settlement", OTTO, clauses=[*CLAUSES, theirs])
    assert refused == "gives-up-petitioning"


@pytest.mark.parametrize(
    "words",
    [
        "乙方自愿息诉罢访",
        "领款后不再到任何部门信访",
        "今后不得越级上访",
        "放弃申请复查、复核的权利",
        "放弃对处理意见的复核",
        "信访人承诺以后不因此事走访",
        "保证不再投诉",
        "由社区干部负责稳控",
        "做好劝返工作",
        "The petitioner agrees never to petition again.",
        "She will not complain to any other body.",
        "He undertakes that he shall no longer appeal.",
        "The author waives review and re-review.",
        "They give up the right to any further appeal.",
    ],
)
def test_what_gives_up_petitioning_or_holds_somebody_back_is_found(words):
    assert forbidden(words)


@pytest.mark.parametrize(
    "words",
    [
        "逾期不申请复查的，本意见生效，您仍可就新的事实提出信访。",
        "对复核意见不服，仍以同一事实和理由提出的，不再受理。",
        "任何单位不得阻止您信访。",
        "我单位不再拖延，六月底前付清。",
        "您不服本意见的，可以申请复查。",
        "数据不反映夜间情况。",
        "If you do not agree, you may ask for review within 30 days.",
        "We will not delay the repair any longer.",
        "The petition is supported; the complaint about noise was founded.",
        "Nothing here limits your right to petition.",
    ],
)
def test_what_the_law_itself_says_is_not(words):
    assert forbidden(words) == ""


def test_only_long_passages_are_the_same_words():
    record = "如果六月底之前先付一半，剩下的一半我可以等到年底，但是要写清楚。"
    assert passages([record]) & passages([f"查明：{record[:24]}"])
    assert not passages([record]) & passages(["六月底之前付一半，其余年底付清。"])
    assert passages(["short"]) == frozenset()


def test_being_asked_for_something_stops_no_clock_and_silence_closes_nothing():
    story = Story(OFFICE).accepted()
    due = story.clock("handling")
    story.do("ask-author", OTTO)
    assert (story.clock("handling"), story.live) == (due, {"handling"})
    story.on(6, 1).do("breach", CLERK, clock="handling")
    assert story.case.state == "accepted"
    story.do("answer-question", PETRA)
    assert story.refused("answer-question", PETRA) == "not-author-asked"


def test_an_expert_is_asked_and_answers_in_the_open_and_stops_no_clock():
    story = Story(OFFICE).accepted()
    due = story.clock("handling")
    story.do("commission-expert", OTTO)
    assert story.refused("commission-expert", OTTO) == "already-expert-asked"
    assert story.do("record-expert", OTTO).clock("handling") == due
