"""Laws of another kind, each walked to its last stage: two stages in one house, an appeal, a mediation."""

from dataclasses import replace
from datetime import date

import pytest

from tests.core.cast import BUREAU, CLERK, COUNTY, HANNA, OFFICE, OTTO, PETRA, RITA, VERA, Story, holds

# ---- the Housing Ombudsman's code: two stages, and clocks that start at the act of acknowledging


def answered(day: date = date(2026, 12, 21)) -> Story:
    """Answered at stage 1, two days after it was acknowledged."""
    story = Story(BUREAU, day, jurisdiction="uk-housing").do("acknowledge", OTTO)
    return story.do("issue-opinion", OTTO).do("serve", OTTO)


def test_the_housing_code_counts_from_the_act_of_acknowledging():
    story = Story(BUREAU, date(2026, 12, 21), jurisdiction="uk-housing")
    assert story.clock("stage1-ack").due == date(2026, 12, 30)
    story.on(12, 29).do("acknowledge", OTTO)
    assert (story.clock("stage1").start, story.clock("stage1").due) == (date(2026, 12, 29), date(2027, 1, 13))
    assert story.refused("extend", HANNA, days="11") == "contents"
    story.on(1, 12, 2027).do("extend", HANNA)
    assert story.clock("stage1-extension").due == date(2027, 1, 27)
    assert story.refused("extend", HANNA) == "already-extended"
    story.on(1, 20, 2027)
    for missing in ("reasons", "remedy", "actions", "escalation", "definition"):
        assert story.refused("issue-opinion", OTTO, **{missing: " "}) == "contents"
    story.do("issue-opinion", OTTO).do("serve", OTTO)
    assert (story.case.state, story.case.remedy, story.live) == ("answered", "due", set())
    assert story.do("report-carried-out", OTTO).case.remedy == "reported"
    assert Story(BUREAU, jurisdiction="uk-housing").refused("transfer", RITA) == "not-in-this-law"


def test_nobody_needs_a_reason_or_a_date_to_ask_for_stage_two():
    story = answered().on(6, 1, 2027).do("request-review", PETRA)
    assert (story.case.state, story.case.stage, story.live) == ("escalated", "review", {"stage2-ack"})


def test_stage_two_is_by_somebody_else_and_is_the_last_word():
    story = answered().on(1, 4, 2027).do("request-review", PETRA)
    assert story.clock("stage2-ack").due == date(2027, 1, 11)
    assert story.refused("acknowledge", holds("otto", "reviewer")) == "took-part-before"
    story.on(1, 11, 2027).do("acknowledge", VERA)
    assert story.clock("stage2").due == date(2027, 2, 8), "twenty working days from the acknowledgement"
    assert story.refused("extend", VERA, days="21") == "contents"
    story.do("extend", VERA, days="20")
    assert story.clock("stage2-extension").due == date(2027, 3, 8)
    story.on(3, 1, 2027).do("issue-review-opinion", VERA).do("serve", VERA)
    assert (story.case.state, story.live, story.case.remedy) == ("closed-final", set(), "due")
    assert story.clock("stage2").state == "met"
    assert story.refused("request-review", PETRA) == "wrong-state"
    assert story.do("report-carried-out", OTTO).do("confirm-carried-out", PETRA).case.remedy == "confirmed"


def test_a_landlord_declines_for_a_reason_of_the_code_and_names_the_ombudsman():
    story = Story(BUREAU, date(2026, 12, 21), jurisdiction="uk-housing")
    assert story.refused("decline", OTTO, ground="not-ours") == "contents"
    for missing in ("reasons", "redirect", "ombudsman"):
        assert story.refused("decline", OTTO, **{missing: " "}) == "contents"
    story.do("decline", OTTO)
    assert (story.case.state, story.live, story.clock("stage1-ack").state) == ("declined", set(), "met")
    assert story.refused("acknowledge", OTTO) == "wrong-state"
    story.on(1, 4, 2027).do("take-up-again", HANNA)
    assert (story.case.state, story.clock("stage1-ack").due) == ("lodged", date(2027, 1, 11))
    assert story.do("acknowledge", OTTO).refused("decline", OTTO) == "wrong-state", "it was accepted"


# ---- CPGRAMS: twenty-one days whoever holds it, and an appeal


def test_a_grievance_is_passed_on_under_the_same_clock_and_answered_to_the_appeal():
    story = Story(OFFICE, date(2026, 1, 5), jurisdiction="in-cpgrams")
    assert story.clock("resolve").due == date(2026, 1, 26)
    story.do("register", RITA).on(1, 9).do("transfer", RITA, body="bureau")
    assert (story.case.holder, story.live) == (BUREAU, {"resolve"})
    assert story.clock("resolve").due == date(2026, 1, 26)
    story.do("register", OTTO).do("accept", OTTO).do("issue-opinion", OTTO).on(1, 20).do("serve", OTTO)
    assert story.clock("resolve").state == "met"
    assert story.clock("appeal-request").due == date(2026, 2, 19)
    story.on(2, 19).do("request-review", PETRA)
    assert (story.case.holder, story.clock("appeal").due) == (COUNTY, date(2026, 3, 21))
    assert story.refused("issue-review-opinion", holds("otto", "reviewer")) == "took-part-before"
    story.do("issue-review-opinion", VERA).do("serve", VERA)
    assert (story.case.state, story.live) == ("closed-final", set())


def test_an_interim_reply_names_a_date_and_makes_no_late_answer_timely():
    story = Story(BUREAU, date(2026, 1, 5), jurisdiction="in-cpgrams")
    story.do("register", OTTO).do("accept", OTTO).on(1, 25)
    assert story.refused("interim-reply", OTTO, term="2026-01-25") == "term-past"
    story.do("interim-reply", OTTO, term="2026-02-28")
    assert story.clock("expected").due == date(2026, 2, 28)
    story.on(1, 27).do("breach", CLERK, clock="resolve")
    story.do("interim-reply", OTTO, term="2026-03-15")
    assert [c.state for c in story.case.clocks if c.name == "expected"] == ["lapsed", "running"]
    story.on(3, 10).do("issue-opinion", OTTO).do("serve", OTTO)
    assert (story.clock("resolve").state, story.clock("expected").state) == ("missed", "met")


def test_an_appeal_that_nobody_made_in_time_ends_that_remedy_alone():
    story = Story(BUREAU, date(2026, 1, 5), jurisdiction="in-cpgrams")
    story.do("register", OTTO).do("accept", OTTO).do("issue-opinion", OTTO).do("serve", OTTO)
    story.on(2, 5).do("lapse", CLERK)
    assert (story.case.state, story.case.remedy) == ("lapsed", "due")
    assert story.refused("request-review", PETRA) == "wrong-state"


# ---- market regulation: working days, a mediation, and tests that are not counted


def complaint(day: date = date(2026, 3, 2)) -> Story:
    return Story(BUREAU, day, jurisdiction="cn-samr").do("accept", OTTO)


def test_the_time_of_a_test_is_not_counted_in_a_mediation():
    story = complaint()
    assert story.clock("accept").due == date(2026, 3, 11)
    due = story.clock("mediate").due
    assert due == date(2026, 5, 8), "21 in March, 21 in April (Qingming off), and 6, 7, 8 May"
    story.on(3, 16).do("begin-test", OTTO)
    assert (story.case.state, story.clock("mediate").state) == ("testing", "paused")
    assert story.refused("issue-opinion", OTTO) == "wrong-state"
    story.on(3, 20).do("end-test", OTTO)
    mediate = story.clock("mediate")
    assert ([x.ground for x in mediate.exclusions], mediate.state) == (["test"], "running")
    assert mediate.due == date(2026, 5, 14), "five working days later, Saturday 9 May among them"


def under_test(until: str = "2026-03-31") -> Story:
    """Taken up on 2 March, sent for a test on the 16th that is expected to be done by some day."""
    return complaint().on(3, 16).do("begin-test", OTTO, term=until)


def test_a_test_has_a_laboratory_and_a_day_that_lies_ahead():
    story = complaint().on(3, 16)
    assert story.refused("begin-test", OTTO, term="2026-03-16") == "term-past"
    for missing in ("laboratory", "test_terms", "term"):
        assert story.refused("begin-test", OTTO, **{missing: ""}) == "contents"
    assert story.on(5, 11).refused("begin-test", OTTO) == "term-over", (
        "no test brings back a term that is over"
    )


def test_a_test_without_a_result_is_not_counted_up_to_its_day_and_no_day_longer():
    due = under_test().on(3, 31).do("end-test", OTTO).clock("mediate").due
    for month, day in ((4, 1), (5, 20)):
        story = under_test().on(month, day).do("run-on", CLERK)
        mediate = story.clock("mediate")
        assert (story.case.state, mediate.state, mediate.due) == ("accepted", "running", due)
        assert mediate.exclusions[-1].end == date(2026, 3, 31)
    assert under_test().on(3, 31).refused("run-on", CLERK) == "term-not-over"
    late = under_test().on(4, 8).do("run-on", CLERK).do("end-test", OTTO)
    assert (late.clock("mediate").due, late.live) == (due, {"mediate"}), "its result brings back no day"
    assert late.refused("end-test", OTTO) == "not-test-awaited"


def test_a_later_day_for_a_test_is_named_in_time_and_for_a_reason():
    story = under_test().on(3, 30).do("prolong-test", OTTO, term="2026-04-10")
    assert [c.state for c in story.case.clocks if c.name == "test"] == ["lapsed", "running"]
    assert story.refused("prolong-test", OTTO, reasons=" ") == "contents"
    assert story.on(4, 11).refused("prolong-test", OTTO, term="2026-05-01") == "term-over"
    story.do("run-on", CLERK)
    assert story.clock("mediate").exclusions[-1].end == date(2026, 4, 10)
    assert story.do("begin-test", OTTO).case.state == "testing", "another one, whose time between is counted"


def test_asking_for_another_mediator_suspends_the_mediation_and_not_its_term():
    story = complaint().do("entrust", HANNA, officer="otto").do("ask-recusal", PETRA)
    due = story.clock("mediate").due
    assert story.refused("ask-recusal", PETRA) == "already-recusal-asked"
    for verb in ("issue-opinion", "begin-test"):
        assert story.refused(verb, OTTO) == "recusal-waits"
    assert story.refused("refuse-recusal", holds("otto", "head")) == "on-oneself"
    again = replace(story.case)
    story.do("refuse-recusal", HANNA).do("issue-opinion", OTTO)
    assert (story.clock("mediate").due, story.live) == (due, {"tell"})
    story.case = again
    story.do("grant-recusal", HANNA)
    assert (story.case.officer, set(story.case.recused)) == ("", {"otto"})
    assert story.clock("mediate").due == due


def test_the_trader_may_ask_too_and_an_undecided_request_goes_up():
    story = complaint().do("entrust", HANNA, officer="otto").do("record-recusal", OTTO)
    assert story.clock("recusal").due == date(2026, 3, 9)
    story.on(3, 10).do("pass-up-recusal", CLERK)
    assert story.refused("grant-recusal", HANNA) != ""
    above = holds("sam", "supervisor")
    story.do("grant-recusal", above)
    assert story.case.recused == {"otto"}
    assert story.live == {"mediate"}


@pytest.mark.parametrize(
    "clause", ["退款后消费者不再投诉。", "双方约定不再举报。", "The consumer will not complain again."]
)
def test_no_agreement_of_a_mediation_gives_up_complaining(clause):
    assert complaint().refused("issue-opinion", OTTO, agreement=clause) == "gives-up-petitioning"


def test_a_mediation_ends_for_a_reason_of_the_law_and_both_are_told():
    story = complaint().on(4, 1).do("issue-opinion", OTTO, result="stayed-away")
    assert (story.clock("mediate").state, story.live) == ("met", {"tell"})
    assert story.clock("tell").due == date(2026, 4, 13)
    story.do("serve", OTTO)
    assert (story.case.state, story.live) == ("answered", set())
    assert complaint().refused("issue-opinion", OTTO, result="withdrawn") == "contents", (
        "the author's own move"
    )


def test_a_report_of_a_trader_is_checked_and_its_informant_is_told():
    story = Story(OFFICE, date(2026, 3, 2), jurisdiction="cn-samr", kind="report")
    assert story.clock("report-check").due == date(2026, 3, 23)
    story.do("transfer", RITA, body="bureau").do("accept", OTTO)
    assert story.case.state == "checking"
    story.do("extend", HANNA)
    assert story.clock("report-extension").due == date(2026, 4, 14)
    story.on(4, 14).do("issue-opinion", OTTO, filing="not-filed")
    assert story.clock("report-told").due == date(2026, 4, 21)
    assert story.do("serve", OTTO).case.state == "answered"


def test_a_report_of_a_trader_never_goes_to_a_body_that_it_is_about():
    story = Story(
        OFFICE, date(2026, 3, 2), jurisdiction="cn-samr", kind="report", accused=frozenset({"bureau"})
    )
    assert story.refused("transfer", RITA, body="bureau") == "accused-body"


@pytest.mark.parametrize(("law", "body"), [("in-cpgrams", BUREAU), ("cn-samr", BUREAU)])
def test_a_refusal_under_another_law_can_be_looked_at_by_the_next_higher_body(law, body):
    story = Story(body, jurisdiction=law)
    if law == "in-cpgrams":
        story.do("register", OTTO)
        story.do("decline", OTTO)
    else:
        story.do("decline", OTTO, ground="not-competent")
    story.do("challenge", PETRA)
    assert story.case.holder == COUNTY
    assert story.refused("order-acceptance", holds("otto", "reviewer")) == "took-part-before"
    again = replace(story.case)
    assert story.do("order-acceptance", VERA).live, "a clock runs again"
    story.case = again
    assert story.do("uphold-refusal", VERA).case.state == "refusal-upheld"
