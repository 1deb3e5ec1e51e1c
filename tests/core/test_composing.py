"""The opinion: requests listed, a draft signed by somebody else, and nothing left unanswered."""

from datetime import date

from huiyin.core.case import plain_words
from tests.core.cast import (
    BUREAU,
    CLERK,
    HANNA,
    OFFICE,
    OTTO,
    PETRA,
    RITA,
    VERA,
    VIKTOR,
    Story,
    answers,
)

BOTH = [{"request": "a refund"}, {"request": "an apology"}]


def test_nothing_is_issued_before_the_requests_are_listed():
    story = Story(OFFICE).do("register", RITA).do("transfer", RITA, body="bureau")
    story.do("accept", OTTO, requests=[])
    assert not story.case.requests
    assert story.refused("submit-opinion", OTTO) == "requests-unlisted"
    assert story.refused("add-request", PETRA) == "requests-unlisted"
    story.do("set-out-requests", OTTO, requests=BOTH)
    assert list(story.case.requests) == ["a refund", "an apology"]
    assert story.refused("set-out-requests", OTTO) == "requests-listed"
    assert story.opinion().case.state == "opinion-issued"


def test_an_opinion_cannot_leave_a_request_out():
    story = Story(OFFICE).accepted().do("add-request", PETRA, request="an apology")
    assert story.refused("submit-opinion", OTTO, answers=answers("a refund")) == "request-unanswered"
    story.do("submit-opinion", OTTO, answers=answers("a refund", "an apology"))


def test_the_author_may_add_a_request_even_after_the_signature_and_it_must_be_answered():
    story = Story(OFFICE).accepted().do("submit-opinion", OTTO).do("countersign", HANNA)
    story.do("add-request", PETRA, request="an apology")
    assert story.refused("issue-opinion", OTTO) == "request-unanswered"
    more = answers("a refund", "an apology")
    assert story.refused("issue-opinion", OTTO, answers=more) == "not-as-submitted"
    story.do("submit-opinion", OTTO, answers=more).do("countersign", HANNA)
    story.do("issue-opinion", OTTO, answers=more)
    assert story.refused("add-request", PETRA) == "wrong-state"


def test_an_opinion_is_issued_as_it_was_signed():
    story = Story(OFFICE).accepted()
    assert story.refused("issue-opinion", OTTO) == "not-countersigned"
    assert story.refused("countersign", HANNA) == "not-submitted"
    story.do("submit-opinion", OTTO)
    assert story.refused("issue-opinion", OTTO) == "not-countersigned"
    story.do("countersign", HANNA)
    assert story.refused("countersign", HANNA) == "already-countersigned"
    changed = answers("a refund", outcome="explain")
    assert story.refused("issue-opinion", OTTO, answers=changed) == "not-as-submitted"
    story.do("issue-opinion", OTTO)
    assert story.case.marks == {}


def test_what_was_sent_back_or_submitted_anew_is_signed_anew():
    story = Story(OFFICE).accepted().do("submit-opinion", OTTO).do("countersign", HANNA)
    story.do("submit-opinion", OTTO, answers=answers("a refund", outcome="explain"))
    assert story.refused("issue-opinion", OTTO) == "not-countersigned"
    story.do("send-back-opinion", HANNA)
    assert story.refused("countersign", HANNA) == "not-submitted"


def test_texts_that_say_the_same_are_the_same():
    assert plain_words("修好路灯。") == plain_words("修好  路灯") == plain_words("修好路灯！")
    assert plain_words("３０ days") == plain_words("30 DAYS")
    assert plain_words("修好两盏路灯") != plain_words("修好三盏路灯")


# ---- to be made anew


def test_an_order_to_make_it_anew_brings_it_back_under_a_date_and_opens_the_way_again():
    story = Story(OFFICE).served(outcome="not-supported").do("request-review", PETRA)
    assert story.refused("order-redo", VERA, redo_by="2026-03-02") == "term-past"
    story.do("order-redo", VERA).do("serve", VERA)
    assert (story.case.state, story.case.stage, story.case.holder) == ("redo-ordered", "handling", BUREAU)
    assert story.way == ["office", "bureau"]
    assert story.live == {"redo"}
    assert story.clock("redo").due == date(2026, 4, 15)
    assert story.clock("redo").kind == "order"
    story.opinion(outcome="support").do("serve", OTTO)
    assert story.live >= {"review-request"}
    assert story.clock("redo").state == "met"
    assert story.do("request-review", PETRA).case.holder.code == "county"


def test_one_stage_further_up_it_can_be_ordered_too():
    story = Story(OFFICE).reviewed().do("request-rereview", PETRA).do("order-redo", VIKTOR)
    assert story.do("serve", VIKTOR).way == ["office", "bureau"]
    assert story.clock("rereview").state == "met"


def test_who_reviewed_does_not_make_it_anew_and_the_date_binds():
    story = Story(OFFICE).served().do("request-review", PETRA).do("order-redo", VERA).do("serve", VERA)
    late = story.on(4, 16).do("breach", CLERK, clock="redo")
    assert late.clock("redo").state == "missed"
    assert late.opinion(outcome="support").do("serve", OTTO).case.state == "opinion-served"
