"""What ends a remedy and what does not: lapse, withdrawal, and the duty to carry out."""

from datetime import date

from tests.core.cast import CLERK, HANNA, IMPORTER, OFFICE, OTTO, PETRA, RITA, VERA, VIKTOR, Story


def test_a_lapse_ends_one_remedy_and_no_duty():
    story = Story(OFFICE).served(outcome="support")
    assert story.case.remedy == "due"
    assert story.on(4, 1).refused("lapse", CLERK) == "term-not-over"
    assert story.on(4, 2).refused("request-review", PETRA) == "term-over"
    story.do("lapse", CLERK)
    assert (story.case.state, story.case.remedy) == ("lapsed", "due")
    story.do("report-carried-out", OTTO).do("dispute-carried-out", PETRA)
    assert story.do("report-carried-out", OTTO).do("confirm-carried-out", PETRA).case.remedy == "confirmed"


def test_the_last_day_to_ask_for_review_is_in_time():
    story = Story(OFFICE).served().on(4, 1)
    assert story.do("request-review", PETRA).case.state == "review-requested"


def test_a_promise_counts_from_its_service():
    story = Story(OFFICE).accepted().opinion(outcome="support")
    assert story.case.remedy == "promised"
    assert story.do("serve", OTTO).case.remedy == "due"
    assert Story(OFFICE).served(outcome="explain").case.remedy == ""


def test_a_review_that_changes_the_opinion_promises_anew():
    story = Story(OFFICE).served(outcome="support").do("report-carried-out", OTTO)
    story.do("confirm-carried-out", PETRA).do("request-review", PETRA)
    story.do("issue-review-opinion", VERA, review_outcome="change").do("serve", VERA)
    assert story.case.remedy == "due"
    assert story.do("report-carried-out", OTTO).case.remedy == "reported"


def test_a_withdrawal_takes_effect_after_seven_days_and_can_be_taken_back():
    story = Story(OFFICE).accepted().do("request-withdrawal", PETRA, pressed="yes")
    assert story.clock("withdrawal").due == date(2026, 3, 9)
    assert story.refused("request-withdrawal", PETRA) == "withdrawing"
    assert story.on(3, 9).refused("withdraw", CLERK) == "term-not-over"
    story.do("revoke-withdrawal", PETRA)
    assert story.on(3, 20).refused("withdraw", CLERK) == "not-withdrawing"
    assert story.refused("revoke-withdrawal", PETRA) == "not-withdrawing"
    story.do("request-withdrawal", PETRA).on(3, 31).do("withdraw", CLERK)
    assert (story.case.state, story.live, story.case.withdrawing) == ("withdrawn", set(), False)
    assert (story.clock("withdrawal").state, story.clock("withdrawal").ended) == ("met", date(2026, 3, 31))


def test_only_the_author_withdraws():
    for actor in (RITA, OTTO, HANNA, CLERK, IMPORTER):
        assert Story(OFFICE).refused("request-withdrawal", actor) == "wrong-role"


def test_a_pending_withdrawal_holds_no_officer_back_and_falls_away_at_the_end():
    story = Story(OFFICE).reviewed().do("request-rereview", PETRA).do("request-withdrawal", PETRA)
    story.do("issue-rereview-opinion", VIKTOR).do("serve", VIKTOR)
    assert (story.case.withdrawing, story.live) == (False, set())


def test_whoever_withdraws_keeps_what_was_promised():
    story = Story(OFFICE).served(outcome="support").do("request-withdrawal", PETRA)
    assert story.refused("request-review", PETRA) == "withdrawing"
    story.on(3, 10).do("withdraw", CLERK)
    assert (story.case.state, story.case.remedy) == ("withdrawn", "due")
    assert story.do("report-carried-out", OTTO).case.remedy == "reported"


def test_one_rates_once():
    story = Story(OFFICE).served().do("rate", PETRA, rating="dissatisfied")
    assert story.refused("rate", PETRA) == "already-rated"
