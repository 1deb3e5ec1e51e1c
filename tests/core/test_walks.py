"""Whole ways of a petition, and where the law turns it back."""

from dataclasses import replace
from datetime import date

from huiyin.core.case import Prior
from tests.core.cast import (
    BUREAU,
    CLERK,
    COUNTY,
    COURT,
    DISCIPLINE,
    HANNA,
    IMPORTER,
    OFFICE,
    OTTO,
    PETRA,
    RITA,
    VERA,
    VIKTOR,
    Story,
    holds,
)


def test_from_lodging_to_the_last_word():
    story = Story(OFFICE).on(3, 3).accepted()
    assert story.case.holder == BUREAU
    assert (story.clock("sort").state, story.clock("notice").state) == ("met", "met")
    assert story.clock("objection").state == "lapsed"
    story.on(4, 7).opinion().on(4, 9).do("serve", OTTO, served_on="2026-04-08")
    assert (story.clock("handling").state, story.clock("handling").ended) == ("met", date(2026, 4, 8))
    assert story.clock("review-request").start == date(2026, 4, 8)
    story.on(4, 20).do("request-review", PETRA)
    assert (story.case.holder, story.case.stage) == (COUNTY, "review")
    story.on(5, 6).do("issue-review-opinion", VERA).do("serve", VERA)
    story.on(5, 20).do("request-rereview", PETRA).on(6, 1).do("issue-rereview-opinion", VIKTOR)
    story.do("serve", VIKTOR)
    assert story.case.state == "closed-final"
    assert story.live == set()
    assert story.refused("request-review", PETRA) == "wrong-state"


def test_an_organ_that_is_approached_directly_is_under_the_clock_of_notice():
    story = Story(BUREAU)
    assert story.live == {"notice"}
    story.do("register", RITA).do("accept", OTTO)
    assert (story.live, story.case.handled_by) == ({"handling"}, "bureau")
    assert Story(OFFICE).accepted().case.handled_by == "bureau"


# ---- objection and return


def test_a_rejected_objection_leaves_the_petition_where_it_was_sent():
    story = Story(OFFICE).do("register", RITA).do("transfer", RITA, body="bureau")
    story.do("object", OTTO)
    assert (story.case.holder, story.case.state) == (OFFICE, "objected")
    story.do("reject-objection", RITA)
    assert story.way == ["office", "bureau"]
    assert story.refused("object", OTTO) == "term-over", "one objection to one transfer"
    assert story.do("accept", OTTO).live == {"handling"}


def test_an_upheld_objection_gives_the_sender_a_new_clock():
    story = Story(OFFICE).do("register", RITA).do("transfer", RITA, body="bureau")
    story.on(3, 9).do("object", OTTO).do("return", RITA)
    assert (story.case.holder, story.case.state, story.live) == (OFFICE, "registered", {"sort"})
    assert story.clock("sort").start == date(2026, 3, 9)
    assert story.do("transfer", RITA, body="roads").case.holder.code == "roads"


def test_a_petition_goes_back_through_each_body_it_came_through():
    story = Story(OFFICE).do("register", RITA).do("transfer", RITA, body="county-office")
    story.do("transfer", RITA, body="bureau")
    assert story.way == ["office", "county-office", "bureau"]
    story.do("object", OTTO)
    assert story.way == ["office", "county-office"]
    story.do("return", RITA)
    assert (story.way, story.case.state) == (["office", "county-office"], "registered")

    other = Story(OFFICE).do("register", RITA).do("transfer", RITA, body="county-office").do("object", RITA)
    assert other.way == ["office"]
    assert other.do("return", RITA).live == {"sort"}


def test_the_term_to_object_is_five_working_days():
    story = Story(OFFICE, date(2026, 2, 11)).do("register", RITA).do("transfer", RITA, body="bureau")
    assert story.clock("objection").due == date(2026, 2, 25)
    assert story.on(2, 26).refused("object", OTTO) == "term-over"
    assert "objection" not in story.do("lapse", CLERK).live
    assert story.case.state == "transferred"


def test_what_was_sent_is_objected_to_and_not_declined_for_want_of_competence():
    story = Story(OFFICE).do("register", RITA).do("transfer", RITA, body="bureau")
    assert story.refused("decline", OTTO) == "contents"
    assert Story(BUREAU).do("register", RITA).do("decline", OTTO).case.state == "declined"


def test_an_assignment_asks_for_a_report_by_its_day():
    story = Story(OFFICE).do("register", RITA)
    assert story.refused("assign", RITA, body="bureau", term="2026-03-02") == "term-past"
    story.do("assign", RITA, body="bureau", term="2026-04-10")
    report = story.clock("report")
    assert (report.due, report.unit) == (date(2026, 4, 10), "set")
    story.do("accept", OTTO)
    assert story.refused("report-back", OTTO) == "wrong-state"
    story.opinion().do("report-back", OTTO)
    assert story.clock("report").state == "met"
    assert story.refused("report-back", OTTO) == "clock-not-running"


# ---- refusals, and who looks at them


def test_a_challenged_refusal_can_be_turned_into_acceptance():
    story = Story(BUREAU).do("register", RITA).do("decline", OTTO).do("challenge", PETRA)
    assert (story.case.holder, story.case.stage) == (COUNTY, "handling")
    story.do("order-acceptance", VERA)
    assert (story.case.holder, story.case.state, story.live) == (BUREAU, "registered", {"notice"})
    story.do("accept", OTTO).opinion().do("serve", OTTO).do("request-review", PETRA)
    assert story.refused("issue-review-opinion", VERA) == "took-part-before", "she ordered the acceptance"


def test_a_refusal_can_be_upheld():
    story = Story(BUREAU).do("register", RITA).do("divert", OTTO).do("challenge", PETRA)
    assert story.refused("uphold-refusal", holds("otto", "reviewer")) == "took-part-before"
    story.do("uphold-refusal", VERA)
    assert (story.case.holder, story.case.state, story.live) == (BUREAU, "refusal-upheld", set())


def test_the_same_reviewer_may_look_at_a_second_refusal():
    story = Story(BUREAU).do("register", RITA).do("decline", OTTO).do("challenge", PETRA)
    story.do("order-acceptance", VERA).do("decline", OTTO).do("challenge", PETRA)
    assert story.do("order-acceptance", VERA).case.state == "registered"


def test_an_office_ordered_to_take_a_petition_up_meets_its_clock_by_sending_it_on():
    story = Story(OFFICE).do("register", RITA).do("divert", RITA).do("challenge", PETRA)
    story.do("order-acceptance", VERA).do("transfer", RITA, body="bureau")
    assert [c.state for c in story.case.clocks if c.name == "notice"] == ["met", "running"]


def test_no_refusal_without_a_body_above_is_left_without_an_answer():
    story = Story(BUREAU).do("register", RITA).do("decline", OTTO)
    story.case = replace(story.case, holder=replace(BUREAU, chain=()))
    assert story.refused("challenge", PETRA) == "no-higher-body"


def test_no_longer_accepting_needs_a_served_rereview_and_a_comparison():
    story = Story(BUREAU).do("register", RITA)
    assert story.refused("no-longer-accept", OTTO) == "no-served-rereview"
    story.prior = Prior("lapsed", handling_missed=False, handling_live=False)
    assert story.refused("no-longer-accept", OTTO) == "no-served-rereview"
    story.prior = Prior("closed-final", handling_missed=False, handling_live=False)
    assert story.refused("no-longer-accept", OTTO, comparison=[]) == "contents"
    other = {"request": "a", "same_facts": True, "same_reasons": False, "comparison_why": "a new reason"}
    assert story.refused("no-longer-accept", OTTO, comparison=[other]) == "comparison-differs"
    assert story.do("no-longer-accept", OTTO).case.state == "no-longer-accepted"
    assert story.do("challenge", PETRA).case.state == "challenged"


def test_being_handled_elsewhere_is_a_ground_only_while_that_is_in_time():
    story = Story(BUREAU).do("register", RITA)
    assert story.refused("decline", OTTO, ground="being-handled") == "prior-needed"
    for missed, live in ((True, True), (False, False)):
        story.prior = Prior("accepted", handling_missed=missed, handling_live=live)
        assert story.refused("decline", OTTO, ground="being-handled", prior="R0") == "prior-not-in-time"
    story.prior = Prior("accepted", handling_missed=False, handling_live=True)
    assert story.do("decline", OTTO, ground="being-handled", prior="R0").case.state == "declined"


# ---- the term and its extension


def test_an_extension_goes_on_from_the_end_that_did_not_roll():
    story = Story(OFFICE, date(2025, 8, 3)).accepted()
    handling = story.clock("handling").reckoning
    assert (handling.end, handling.due) == (date(2025, 10, 2), date(2025, 10, 9))
    story.on(9, 30, 2025).do("extend", HANNA)
    extension = story.clock("extension")
    assert (extension.start, extension.reckoning.end) == (date(2025, 10, 2), date(2025, 11, 1))
    assert extension.due == date(2025, 11, 3)
    assert story.refused("extend", HANNA) == "already-extended"


def test_an_extension_comes_before_the_end_of_the_term_or_not_at_all():
    story = Story(OFFICE, date(2026, 3, 2)).accepted()
    assert story.clock("handling").due == date(2026, 5, 6)
    assert story.on(5, 7).refused("extend", HANNA) == "term-over"
    story.do("breach", CLERK, clock="handling")
    assert story.refused("extend", HANNA) == "term-over"


def test_an_extension_is_thirty_days_at_most_and_may_be_shorter():
    story = Story(OFFICE).accepted()
    for days in ("31", "0", "-1", "ten"):
        assert story.refused("extend", HANNA, days=days) == "contents"
    assert story.refused("extend", OTTO) == "wrong-role", "the head approves"
    assert story.do("extend", HANNA, days="10").clock("extension").days == 10


def test_an_extended_term_is_judged_by_its_extension():
    story = Story(OFFICE).accepted().do("extend", HANNA)
    story.on(5, 20).opinion().do("serve", OTTO)
    assert (story.clock("handling").state, story.clock("extension").state) == ("met", "met")

    late = Story(OFFICE).accepted().do("extend", HANNA).on(7, 1)
    assert late.refused("breach", CLERK, clock="handling") == "clock-not-late"
    late.do("breach", CLERK, clock="extension").opinion().do("serve", OTTO)
    assert (late.clock("extension").state, late.clock("extension").ended) == ("missed", date(2026, 7, 1))


def test_a_service_in_time_was_in_time_though_its_slip_came_after_the_breach():
    story = Story(OFFICE).accepted().on(5, 4).opinion()
    story.on(5, 7).do("breach", CLERK, clock="handling")
    assert story.clock("handling").state == "missed"
    story.on(5, 9).do("serve", OTTO, served_on="2026-05-06")
    assert (story.clock("handling").state, story.clock("handling").ended) == ("met", date(2026, 5, 6))


def test_late_service_is_a_missed_term_that_says_when_the_act_came():
    story = Story(OFFICE).accepted().on(5, 6).opinion().on(5, 7).do("serve", OTTO)
    assert (story.clock("handling").state, story.clock("handling").ended) == ("missed", date(2026, 5, 7))


def test_served_on_the_last_day_is_in_time_however_late_it_is_put_on_record():
    story = Story(OFFICE).accepted().on(5, 6).opinion()
    story.on(5, 8).do("serve", OTTO, served_on="2026-05-06")
    assert (story.clock("handling").state, story.clock("handling").ended) == ("met", date(2026, 5, 6))


def test_a_breach_is_not_undone_by_a_late_act():
    story = Story(OFFICE).accepted().on(5, 7).do("breach", CLERK, clock="handling")
    assert (story.clock("handling").state, story.clock("handling").ended) == ("missed", None)
    assert story.refused("breach", CLERK, clock="handling") == "clock-not-late", "told once"
    story.on(5, 20).opinion().do("serve", OTTO)
    assert (story.clock("handling").state, story.clock("handling").ended) == ("missed", date(2026, 5, 20))


def test_nobody_breaches_a_term_on_its_last_day():
    story = Story(OFFICE).accepted().on(5, 6)
    assert story.refused("breach", CLERK, clock="handling") == "clock-not-late"
    assert story.refused("breach", CLERK, clock="no-such") == "clock-not-late"


# ---- hearings


def test_only_the_days_on_which_a_hearing_sits_are_not_counted():
    """Art. 36.2: neither announcing a hearing nor being slow to conclude it gives the body a day more."""
    story = Story(OFFICE).reviewed().do("request-rereview", PETRA)
    end = story.clock("rereview").reckoning.end
    story.on(3, 3).do("call-hearing", VIKTOR)
    assert story.clock("rereview").state == "running"
    assert story.refused("issue-rereview-opinion", VIKTOR) == "already-hearing-called"
    story.on(3, 10).do("open-hearing", VIKTOR)
    assert story.clock("rereview").state == "paused"
    assert story.refused("open-hearing", VIKTOR) == "hearing-open"
    story.on(3, 12).do("close-hearing", VIKTOR)
    rereview = story.clock("rereview")
    assert (rereview.state, (rereview.reckoning.end - end).days) == ("running", 3)
    assert [e.ground for e in rereview.exclusions] == ["hearing"]
    assert story.refused("issue-rereview-opinion", VIKTOR) == "already-hearing-held"
    assert story.on(3, 20).do("conclude-hearing", VIKTOR).clock("rereview") == rereview
    story.do("issue-rereview-opinion", VIKTOR)


def test_a_hearing_that_goes_on_another_day_leaves_the_days_between_counted():
    story = Story(OFFICE).reviewed().do("request-rereview", PETRA)
    end = story.clock("rereview").reckoning.end
    story.hear(VIKTOR).do("adjourn-hearing", VIKTOR)
    assert story.clock("rereview").state == "running"
    story.on(3, 16).do("open-hearing", VIKTOR).do("close-hearing", VIKTOR)
    assert (story.clock("rereview").reckoning.end - end).days == 2


def test_a_hearing_of_the_first_stage_stops_no_clock():
    story = Story(OFFICE).accepted().do("submit-opinion", OTTO).do("countersign", HANNA)
    due = story.clock("handling").due
    story.hear(OTTO)
    assert story.clock("handling").state == "running"
    assert story.refused("issue-opinion", OTTO) == "already-hearing-called"
    story.do("close-hearing", OTTO).do("conclude-hearing", OTTO)
    assert story.clock("handling").due == due
    story.do("issue-opinion", OTTO)


def test_a_hearing_that_is_asked_for_is_answered_by_holding_it_or_with_reasons():
    story = Story(OFFICE).accepted().do("submit-opinion", OTTO).do("countersign", HANNA)
    story.do("ask-hearing", PETRA)
    assert story.refused("ask-hearing", PETRA) == "already-hearing-asked"
    assert story.refused("issue-opinion", OTTO) == "already-hearing-asked"
    story.do("refuse-hearing", OTTO)
    assert story.refused("refuse-hearing", OTTO) == "not-hearing-asked"
    story.do("ask-hearing", PETRA).do("call-hearing", OTTO)
    assert story.refused("ask-hearing", PETRA) == "already-hearing-called"
    story.do("call-off-hearing", OTTO).do("issue-opinion", OTTO)


def test_what_a_hearing_finds_is_to_be_done_at_once():
    lines = [{"task_kind": "site-check", "task_what": "look at the roof", "task_due": "2026-03-20"}]
    story = Story(OFFICE).accepted().hear(OTTO).do("close-hearing", OTTO)
    story.do("conclude-hearing", OTTO, tasks=lines)
    assert (story.case.remedy, story.clock("carry-out").due.isoformat()) == ("due", "2026-03-20")


# ---- who decides


def test_a_petition_office_never_takes_up_and_never_decides():
    story = Story(OFFICE).do("register", RITA)
    assert story.refused("accept", OTTO) == "wrong-body"
    story.case = replace(story.case, state="accepted")
    for verb in ("issue-opinion", "import-opinion", "extend"):
        assert story.refused(verb, holds("x", "handler", "head", "importer")) == "wrong-body"


def test_a_report_ends_at_the_acknowledged_hand_over():
    story = Story(OFFICE, kind="report").do("register", RITA)
    assert story.refused("transfer", RITA, body="bureau") == "wrong-target"
    story.do("transfer", RITA, body="discipline")
    assert (story.case.holder, story.case.state, story.live) == (DISCIPLINE, "handing-over", set())
    assert story.do("acknowledge-hand-over", OTTO).case.state == "handed-over"


def test_a_judicial_body_outside_is_reached_by_letter():
    story = Story(OFFICE).do("register", RITA).do("transfer", RITA, body="court")
    assert story.case.holder == COURT
    assert story.do("acknowledge-hand-over", holds("rita", "recorder")).case.state == "handed-over"


def test_a_suggestion_is_acknowledged_in_its_term_and_answered_without_one():
    story = Story(BUREAU, kind="suggestion").do("register", RITA).do("acknowledge", OTTO)
    assert (story.clock("notice").state, story.live) == ("met", set())
    assert story.refused("acknowledge", OTTO) == "clock-not-running"
    assert story.refused("accept", OTTO) == "wrong-class"
    assert story.do("answer-suggestion", OTTO).case.state == "answered"


def test_only_an_imported_case_takes_an_imported_answer():
    story = Story(OFFICE, date(2016, 3, 1)).accepted()
    assert story.refused("import-opinion", IMPORTER) == "not-imported"
    replay = Story(OFFICE, date(2016, 3, 1), imported=True)
    for verb, said in (("register", {}), ("transfer", {"body": "bureau"}), ("accept", {})):
        replay.do(verb, IMPORTER, **said)
    replay.on(4, 28, 2016).do("import-opinion", IMPORTER).do("serve", IMPORTER, way="electronic")
    assert replay.clock("handling").rulebook == "cn-2005"
    assert replay.clock("handling").state == "met"
