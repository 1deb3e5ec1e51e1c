"""What is found without being asked, and how a letter of supervision goes its way."""

from dataclasses import replace
from datetime import date

import pytest

from huiyin.core import procedure, supervision
from huiyin.core.case import Actor, After, Body, Move
from huiyin.core.refusal import Refusal
from huiyin.core.supervision import Standing
from huiyin.core.tasks import Task
from tests.core.cast import (
    BUREAU,
    CITY,
    CLERK,
    CN22,
    COUNTY,
    OTTO,
    PETRA,
    RITA,
    ROADS,
    Story,
    case,
    clock,
    situation,
)

TODAY = date(2026, 3, 2)
PAST, AHEAD = date(2026, 2, 27), date(2026, 3, 20)
COUNTY_OFFICE = Body("county-office", "office", ("county", "city"))


def supervisor(name: str, at: Body) -> Actor:
    return Actor(name, at={at.code: frozenset({"supervisor"})}, bodies={at.code: at})


SVEN, OLAF = supervisor("sven", COUNTY), supervisor("olaf", COUNTY_OFFICE)
GRETA = supervisor("greta", CITY)
AT_BUREAU = Actor("otto", at={"bureau": frozenset({"handler"})}, bodies={"bureau": BUREAU})


def promised(state: str) -> tuple[Task, ...]:
    return (Task(1, "remedy", "", "bureau", state=state),)


def found(standing):
    told = supervision.findings(Standing.of(standing), CN22, TODAY)
    return [finding.trigger.name for finding in told]


@pytest.mark.parametrize(
    ("state", "name", "trigger", "article"),
    [
        ("lodged", "sort", "unregistered", "44"),
        ("lodged", "notice", "unregistered", "44"),
        ("registered", "sort", "not-sent-on", "43"),
        ("transferred", "notice", "no-notice", "44"),
        ("accepted", "handling", "late", "45"),
        ("review-requested", "review", "late", "45"),
    ],
)
def test_a_missed_term_is_found_with_the_article_that_it_breaks(state, name, trigger, article):
    late = case(state, clocks=(clock(name, PAST),))
    (finding,) = supervision.findings(Standing.of(late), CN22, TODAY)
    assert (finding.trigger.name, finding.trigger.article) == (trigger, article)
    assert (finding.since, finding.days(TODAY)) == (date(2026, 2, 28), 3)
    assert found(case(state, clocks=(clock(name, AHEAD),))) == []


def test_a_date_set_by_order_is_found_apart_from_the_terms_of_the_law():
    both = (clock("handling", PAST), clock("report", PAST, seq=2, kind="order"))
    assert found(case("accepted", clocks=both)) == ["late", "order-missed"]


def test_a_house_clock_makes_nobody_late():
    house = clock("handling", PAST, kind="house")
    assert not house.is_late(TODAY)
    assert found(case("accepted", clocks=(house,))) == []
    missed = replace(house, state="missed")
    assert not supervision.is_on_record(case("accepted", clocks=(missed,)), CN22)


def test_what_waits_for_the_author_or_was_carried_on_is_no_lateness():
    asked = clock("review-request", PAST, on_due="lapse")
    carried = clock("handling", PAST, carried_by=2)
    paused = clock("rereview", PAST, state="paused")
    assert found(case("opinion-served", clocks=(asked, carried, paused))) == []


def test_the_second_return_is_found_until_somebody_takes_it_up():
    assert found(case("transferred", marks={"returned": 1})) == []
    assert found(case("transferred", marks={"returned": 2})) == ["bounced"]
    assert found(case("accepted", marks={"returned": 2})) == []


def test_a_promise_that_the_author_disputes_is_found_whatever_the_state():
    for state in ("opinion-served", "lapsed", "closed-final", "withdrawn"):
        assert found(case(state, tasks=promised("disputed"))) == ["not-carried-out"]
    assert found(case("lapsed", tasks=promised("confirmed"))) == []


def test_every_finding_of_the_law_stands_on_record_once_the_clerk_has_noted_it():
    late = clock("handling", PAST)
    assert not supervision.is_on_record(case("accepted", clocks=(late,)), CN22)
    for standing in (
        case("accepted", clocks=(replace(late, state="missed"),)),
        case("accepted", marks={"evasive": "2026-03-01"}),
        case("lapsed", tasks=promised("disputed")),
        case("transferred", marks={"returned": 2}),
        case("accepted", marks={"supervised": "city/county/bureau"}),
    ):
        assert supervision.is_on_record(standing, CN22), standing
    answered = replace(late, state="missed", ended=TODAY)
    assert not supervision.is_on_record(case("accepted", clocks=(answered,)), CN22)


# ---- who stands above whom


def test_a_petition_office_stands_as_high_as_its_government_and_never_above_it():
    assert COUNTY.levels_above(BUREAU) == COUNTY_OFFICE.levels_above(BUREAU) == 1
    assert CITY.levels_above(BUREAU) == 2
    assert COUNTY_OFFICE.levels_above(COUNTY) == 0
    assert COUNTY_OFFICE.levels_above(COUNTY_OFFICE) == 0
    assert ROADS.levels_above(BUREAU) == BUREAU.levels_above(COUNTY) == 0
    assert Body("joint", "conference", ("county", "city")).levels_above(BUREAU) == 1
    assert Body("stray", "office", ()).levels_above(BUREAU) == 0


# ---- a letter and its way


def late_letter() -> Story:
    story = Story().accepted().on(5, 20)
    return story.do(
        "supervise", OLAF, addressee="holder", finding="late", required="answer", term="2026-06-01"
    )


def test_a_letter_moves_nothing_and_starts_a_date_set_by_order():
    before = Story().accepted().on(5, 20)
    letter = late_letter()
    assert (letter.case.holder, letter.case.state) == (BUREAU, before.case.state)
    assert letter.clock("handling") == before.clock("handling")
    answer = letter.clock("supervision-answer")
    assert (answer.kind, answer.due) == ("order", date(2026, 6, 1))
    assert letter.case.supervised == Body("bureau", "", ("county", "city"))
    assert letter.case.marks["supervising"] == "county-office"


def test_only_a_supervisor_above_writes_and_only_the_body_answers():
    story = Story().accepted()
    said = {"addressee": "holder", "finding": "late", "required": "answer", "term": "2026-06-01"}
    for other in (OTTO, RITA, AT_BUREAU, supervisor("s", BUREAU), supervisor("s", ROADS)):
        assert story.refused("supervise", other, **said) == "wrong-role"
    letter = late_letter()
    assert letter.refused("answer-supervision", SVEN) == "wrong-role"
    assert letter.refused("supervise", SVEN, **said) == "already-supervised"
    letter.do("answer-supervision", AT_BUREAU, correction="done")
    assert letter.clock("supervision-answer").state == "met"


def test_a_letter_that_is_not_answered_is_taken_over_one_level_up_and_closed_there():
    letter = late_letter().on(6, 2)
    letter.do("breach", CLERK, clock="supervision-answer")
    assert letter.refused("escalate-supervision", SVEN, term="2026-06-20") == "not-higher"
    letter.do("escalate-supervision", GRETA, term="2026-06-20")
    assert [c.state for c in letter.case.clocks if c.name == "supervision-answer"] == ["missed", "running"]
    assert letter.refused("close-supervision", OLAF) == "higher-supervises"
    letter.do("answer-supervision", AT_BUREAU, correction="done").do("close-supervision", GRETA)
    assert letter.case.supervised is None
    assert [c.state for c in letter.case.clocks if c.name == "supervision-answer"] == ["missed", "met"]


def test_the_body_answers_for_a_promise_although_a_higher_body_holds_the_petition():
    story = Story().served().do("request-review", PETRA)
    assert story.case.holder == COUNTY
    said = {"finding": "not-carried-out", "required": "carry it out", "term": "2026-06-01"}
    assert story.refused("supervise", SVEN, addressee="holder", **said) == "not-above"
    story.do("supervise", SVEN, addressee="carrier", **said)
    story.do("answer-supervision", AT_BUREAU, correction="carried out")


# ---- a body cannot hide its own lateness


def test_no_move_of_the_body_that_was_late_makes_the_missed_term_disappear():
    story = Story().accepted().on(5, 20)
    story.do("breach", CLERK, clock="handling")
    assert story.opinion().clock("handling").state == "missed"
    assert story.do("serve", OTTO).clock("handling").state == "missed"
    story.do("request-withdrawal", PETRA).on(6, 1).do("withdraw", CLERK)
    assert story.clock("handling").state == "missed"


# ---- what was left behind, and what was hidden


def left(*clocks, **case_fields):
    part = case("registered", is_part=True, clocks=clocks, **case_fields)
    return procedure.apply(part, Move("find-unanswered"), CLERK, situation(part_answered=True))


def test_a_part_that_nobody_owes_an_answer_is_found_once_another_has_its_own():
    met = replace(clock("notice", PAST), state="met", ended=PAST)
    made = left(met, kind="suggestion")
    assert isinstance(made, After)
    assert found(made.case) == ["part-unanswered"]
    assert supervision.is_on_record(made.case, CN22)
    assert found(replace(made.case, state="answered")) == []
    assert found(replace(made.case, state="accepted")) == []
    assert isinstance(left(met, marks=made.case.marks), Refusal)


def test_a_part_with_a_term_or_whose_sister_waits_too_is_not_left_behind():
    running = left(clock("notice", AHEAD))
    alone = procedure.apply(case("registered", is_part=True), Move("find-unanswered"), CLERK, situation())
    for refused in (running, alone):
        assert isinstance(refused, Refusal)
        assert refused.code == "not-left-behind"


def test_danger_that_is_not_reported_up_is_found_under_its_own_article_and_whatever_the_state():
    for state in ("registered", "accepted", "withdrawn"):
        hidden = case(state, marks={"danger": True}, clocks=(clock("urgent", PAST),))
        (finding,) = supervision.findings(Standing.of(hidden), CN22, TODAY)
        assert (finding.trigger.name, finding.trigger.article) == ("urgent-unreported", "46")
    told = replace(clock("urgent", PAST), state="missed", ended=TODAY)
    assert found(case("registered", clocks=(told,))) == []
