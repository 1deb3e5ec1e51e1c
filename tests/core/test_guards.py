"""Each guard refuses for its reason, and lets pass what it has nothing against."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.core import guards, procedure
from huiyin.core.apart import passages
from huiyin.core.case import Actor, Body, Case, Move, Prior
from huiyin.core.clock import Exclusion, Reckoning
from huiyin.core.conditions import CLOCK_GUARDS, GUARDS, READS
from huiyin.core.effects.marks import said_digest
from huiyin.core.guards import Asked
from huiyin.core.refusal import Refusal
from huiyin.core.tasks import TASK_STATES, Task
from tests.core.cast import (
    BUREAU,
    CITY,
    CN05,
    CN22,
    COUNTY,
    COURT,
    DISCIPLINE,
    OFFICE,
    OTTO,
    ROADS,
    STATION,
    VERA,
    answers,
    case,
    clock,
    holds,
    situation,
)

TODAY = date(2026, 3, 2)
YESTERDAY, TOMORROW = date(2026, 3, 1), date(2026, 3, 3)


def row(verb: str, at: str = "") -> Any:
    """A row of the 2022 law, by its verb and a state that it is made in."""
    return next(r for r in CN22.rows_of(verb) if not at or at in r.sources)


def ask(
    guard: str,
    standing: Case | None = None,
    *,
    said: dict[str, Any] | None = None,
    actor: Actor = OTTO,
    verb: str = "accept",
    at: str = "",
    **around: Any,
) -> str:
    """The code with which the guard refuses, or '' where it lets pass."""
    name, _, of = guard.partition(":")
    check = guards.CLOCK_GUARDS[name](of) if of else guards.GUARDS[name]
    made = check(Asked(standing or case(), row(verb, at), said, actor, situation(today=TODAY, **around)))
    return made.code if made else ""


def test_every_guard_has_a_test_of_its_name_and_a_place_in_the_vocabulary():
    assert set(guards.GUARDS) | set(guards.CLOCK_GUARDS) == GUARDS
    assert set(guards.CLOCK_GUARDS) == CLOCK_GUARDS
    for name in GUARDS:
        assert f"test_{name.replace('-', '_')}" in globals(), f"no test for the guard {name}"


# ---- supervision

SEEN_FROM_COUNTY = Actor("sven", at={"county": frozenset({"supervisor"})}, bodies={"county": COUNTY})
LETTER = {"supervised": "city/county/bureau", "supervising": "county", "supervision-level": 1}


def test_above_addressee():
    def sent(to: str, standing: Case) -> str:
        said = {"addressee": to}
        return ask("above-addressee", standing, said=said, actor=SEEN_FROM_COUNTY, verb="supervise")

    assert ask("above-addressee", actor=SEEN_FROM_COUNTY, verb="supervise") == ""
    assert sent("holder", case(holder=BUREAU)) == ""
    reviewed = case("review-requested", holder=COUNTY, senders=(OFFICE, BUREAU))
    assert sent("holder", reviewed) == "not-above", "nobody supervises the body that they serve"
    assert sent("carrier", reviewed) == ""


def test_supervises():
    def closes(level: int) -> str:
        standing = case(holder=BUREAU, marks={**LETTER, "supervision-level": level})
        return ask("supervises", standing, actor=SEEN_FROM_COUNTY, verb="close-supervision")

    assert closes(1) == ""
    assert closes(2) == "higher-supervises"


def test_above_supervisor():
    standing = case(holder=BUREAU, marks=LETTER)
    city = Actor("greta", at={"city": frozenset({"supervisor"})}, bodies={"city": CITY})
    assert ask("above-supervisor", standing, actor=city, verb="escalate-supervision") == ""
    beside = ask("above-supervisor", standing, actor=SEEN_FROM_COUNTY, verb="escalate-supervision")
    assert beside == "not-higher"


# ---- parts

REPORT = {"part_kind": "report"}
CLAIM = {"part_kind": "claim"}


def test_whole():
    assert ask("whole", verb="split") == ""
    assert ask("whole", case(is_part=True), verb="split") == "already-part"
    assert ask("whole", case(imported=True), verb="split") == "imported-whole"


def test_prior_late():
    running = Prior("accepted", handling_missed=False, handling_live=True)
    assert ask("prior-late", prior=running) == "prior-in-time"
    for late in (replace(running, handling_missed=True), replace(running, handling_live=False), None):
        assert ask("prior-late", prior=late) == ""


def test_fits_simple():
    assert ask("fits-simple") == ""
    assert ask("fits-simple", case(lodged_before=True)) == "simple-again"
    assert ask("fits-simple", signatures=2) == "simple-joint"
    assert ask("fits-simple", case(clocks=(clock("report", TOMORROW),))) == "simple-assigned"


def test_as_sorted():
    assert ask("as-sorted") == "", "nobody sorted it yet"
    assert ask("as-sorted", case(marks={"sorting": "opinion"})) == ""
    assert ask("as-sorted", case(marks={"sorting": "court"})) == "sorted-otherwise"
    sorted_in = case(marks={"sorting": "court"})
    assert ask("as-sorted", sorted_in, verb="divert") == "", "not known yet where to"
    assert ask("as-sorted", sorted_in, verb="divert", said={"route": "court"}) == ""
    assert ask("as-sorted", sorted_in, verb="divert", said={"route": "arbitration"}) == "sorted-otherwise"
    assert ask("as-sorted", sorted_in, verb="accept-duty") == "sorted-otherwise"


def test_what_becomes_a_report_does_not_go_to_whom_it_is_about():
    there: dict[str, Any] = {"verb": "treat-as-report", "target": DISCIPLINE}
    said = {"reported": ["discipline"]}
    assert ask("not-the-accused", said=said, **there) == "accused-body"
    assert ask("not-the-accused", said={}, about=frozenset({"discipline"}), **there) == "accused-body"
    assert ask("not-the-accused", said={}, **there) == ""


def test_report_kept():
    report = case(kind="report")
    assert ask("report-kept", report, verb="split") == "", "not known yet what the parts are"
    assert ask("report-kept", report, said={"parts": [CLAIM, REPORT]}, verb="split") == ""
    assert ask("report-kept", report, said={"parts": [CLAIM, CLAIM]}, verb="split") == "report-lost"
    assert ask("report-kept", said={"parts": [CLAIM, CLAIM]}, verb="split") == "", "a claim may be two claims"


def test_sorted_first():
    assert ask("sorted-first", verb="transfer") == ""
    assert ask("sorted-first", case(marks={"unsure": 1}), verb="transfer") == "unsure"


def test_requests_kept():
    two = case(requests=("mend the lamp", "pay the doctor"))

    def asked_of(*numbers: str) -> str:
        said = {"parts": [{**CLAIM, "part_requests": chosen} for chosen in numbers]}
        return ask("requests-kept", two, said=said, verb="split")

    assert ask("requests-kept", two, verb="split") == "", "not known yet what the parts are"
    assert asked_of("1", "2") == asked_of("1, 2", "2") == ""
    assert asked_of("1", "") == "request-lost"
    assert asked_of("1", "3") == "contents"
    assert ask("requests-kept", said={"parts": [CLAIM, CLAIM]}, verb="split") == "", "none was listed"


def test_left_behind():
    done = replace(clock("notice", TODAY), state="met", ended=TODAY)
    asked: dict[str, Any] = {"verb": "find-unanswered", "part_answered": True}
    assert ask("left-behind", case(clocks=(done,)), **asked) == ""
    assert ask("left-behind", case(clocks=(done,)), verb="find-unanswered") == "not-left-behind"
    assert ask("left-behind", case(clocks=(clock("notice", TODAY),)), **asked) == "not-left-behind"
    late = replace(clock("notice", TODAY), state="missed")
    assert ask("left-behind", case(clocks=(late,)), **asked) == "not-left-behind", "it is found as late"


# ---- clocks


def test_in_time():
    asked = clock("review-request", TODAY)
    assert ask("in-time:review-request", case(clocks=(asked,))) == ""
    over = clock("review-request", YESTERDAY)
    assert ask("in-time:review-request", case(clocks=(over,))) == "term-over"
    fallen = replace(asked, state="lapsed")
    assert ask("in-time:review-request", case(clocks=(fallen,))) == "term-over"
    assert ask("in-time:review-request", case()) == "clock-not-running"


def test_is_due():
    assert ask("is-due:objection", case(clocks=(clock("objection", YESTERDAY),))) == ""
    assert ask("is-due:objection", case(clocks=(clock("objection", TODAY),))) == "term-not-over"
    assert ask("is-due:objection", case()) == "clock-not-running"
    met = clock("objection", YESTERDAY, state="met")
    assert ask("is-due:objection", case(clocks=(met,))) == "clock-not-running"


def test_running():
    on = clock("handling", TODAY)
    assert ask("running:handling", case(clocks=(on,)), verb="extend") == ""
    over = clock("handling", YESTERDAY)
    assert ask("running:handling", case(clocks=(over,)), verb="extend") == "term-over"
    missed = replace(over, state="missed")
    assert ask("running:handling", case(clocks=(missed,)), verb="extend") == "term-over"
    assert ask("running:handling", case(clocks=(missed,)), verb="report-back") == "", "better late than never"
    told = replace(missed, ended=TODAY)
    assert ask("running:handling", case(clocks=(told,)), verb="report-back") == "clock-not-running"
    assert ask("running:handling", case()) == "clock-not-running"


def test_not_running():
    on = clock("served-posting", TODAY)
    assert ask("not-running:served-posting", case(clocks=(on,))) == "clock-running"
    over = replace(on, state="met", ended=TODAY)
    assert ask("not-running:served-posting", case(clocks=(over,))) == ""
    assert ask("not-running:served-posting") == ""


def test_named_clock_is_late():
    late = case(clocks=(clock("handling", YESTERDAY),))
    assert ask("named-clock-is-late", late, said={"clock": "handling"}) == ""
    assert ask("named-clock-is-late", late) == "", "not known yet which clock"
    today = case(clocks=(clock("handling", TODAY),))
    assert ask("named-clock-is-late", today, said={"clock": "handling"}) == "clock-not-late"
    for changes in ({"carried_by": 2}, {"on_due": "lapse"}, {"state": "missed"}, {"state": "paused"}):
        other = case(clocks=(clock("handling", YESTERDAY, **changes),))
        assert ask("named-clock-is-late", other, said={"clock": "handling"}) == "clock-not-late", changes
    for name in ("notice", "handling/2", "handling/x", "handling/²", "/1", ""):
        assert ask("named-clock-is-late", late, said={"clock": name}) == "clock-not-late", name


def test_named_clock_changes():
    stale = clock("handling", YESTERDAY)  # what a calendar said that is known better now
    fresh = stale.reckoned(situation().calendar, TODAY)
    said = {"clock": "handling"}
    assert ask("named-clock-changes", case(clocks=(stale,)), said=said) == ""
    assert ask("named-clock-changes", case(clocks=(stale,))) == ""
    assert ask("named-clock-changes", case(clocks=(fresh,)), said=said) == "clock-unchanged"
    ended = replace(stale, state="met")
    assert ask("named-clock-changes", case(clocks=(ended,)), said=said) == "clock-not-running"
    assert ask("named-clock-changes", case(), said=said) == "clock-not-running"


def test_not_extended():
    first = case(clocks=(clock("handling", TODAY),))
    assert ask("not-extended", first, verb="extend") == ""
    again = case(clocks=(clock("handling", TODAY, carried_by=2), clock("extension", TODAY, seq=2)))
    assert ask("not-extended", again, verb="extend") == "already-extended"


def test_a_day_that_is_past_is_said_at_its_own_field():
    for guard, name in [
        ("term-ahead", "term"),
        ("answer-ahead", "answer_by"),
        ("redo-ahead", "redo_by"),
        ("act-by-ahead", "act_by"),
    ]:
        asked = Asked(case(), row("accept", ""), {name: TODAY.isoformat()}, OTTO, situation(today=TODAY))
        made = guards.GUARDS[guard](asked)
        assert made is not None
        assert list(made.fields) == [name]


def test_term_ahead():
    assert ask("term-ahead", said={"term": "2026-03-03"}) == ""
    assert ask("term-ahead", said={"term": "2026-03-02"}) == "term-past"
    assert ask("term-ahead") == ""


# ---- who, and where to


def test_different_person():
    standing = case("review-requested", stage="review", took_part=frozenset({("vera", "handling")}))
    assert ask("different-person", standing, actor=VERA) == "took-part-before"
    assert ask("different-person", standing, actor=holds("viktor", "reviewer")) == ""
    same_stage = replace(standing, took_part=frozenset({("vera", "review")}))
    assert ask("different-person", same_stage, actor=VERA) == ""
    assert ask("different-person", standing, actor=holds("", "clerk")) == "", "the house is nobody"
    outside = replace(standing, holder=COURT)
    assert ask("different-person", outside, actor=VERA) == "", "the letter of a body outside is only entered"
    refusal = case("challenged", took_part=frozenset({("vera", "handling")}))
    assert ask("different-person", refusal, actor=VERA) == "took-part-before"


def test_next_higher_body():
    assert ask("next-higher-body", superiors=(COUNTY,)) == ""
    assert ask("next-higher-body") == "no-higher-body"
    assert ask("next-higher-body", superiors=(BUREAU,)) == "no-higher-body", "nobody reviews themselves"


def test_not_the_accused():
    report = case(kind="report", accused=frozenset({"bureau"}))
    for target, refused in ((BUREAU, True), (STATION, True), (ROADS, False), (COUNTY, False)):
        made = ask("not-the-accused", report, verb="transfer", target=target)
        assert made == ("accused-body" if refused else ""), target
    assert ask("not-the-accused", case(), verb="transfer", target=BUREAU) == ""
    assert ask("not-the-accused", report, verb="transfer") == "", "not known yet where to"
    upward = replace(report, holder=STATION)
    assert ask("not-the-accused", upward, verb="challenge", superiors=(BUREAU,)) == "accused-body"


def test_inside():
    assert ask("inside", target=BUREAU) == ""
    assert ask("inside", target=COURT) == "outside"
    assert ask("inside") == ""


def test_not_itself():
    assert ask("not-itself", target=BUREAU) == "same-body"
    assert ask("not-itself", target=ROADS) == ""
    assert ask("not-itself") == ""


def test_officer_of_holder():
    said = {"officer": "olga"}
    assert ask("officer-of-holder", said=said, officer_bodies=frozenset({"bureau"})) == ""
    assert ask("officer-of-holder", said=said, officer_bodies=frozenset({"roads"})) == "officer-elsewhere"
    assert ask("officer-of-holder", said=said) == "officer-elsewhere"
    assert ask("officer-of-holder") == ""


# ---- earlier petitions


def test_served_rereview():
    said = {"prior": "R0"}
    closed = Prior("closed-final", handling_missed=True, handling_live=False)
    assert ask("served-rereview", said=said, prior=closed) == ""
    assert ask("served-rereview", said=said) == "no-served-rereview"
    for state in ("rereview-issued", "review-served", "lapsed", "withdrawn"):
        assert ask("served-rereview", said=said, prior=replace(closed, state=state)) == "no-served-rereview"
    assert ask("served-rereview") == ""


def test_comparison_complete():
    line = {"request": "a", "same_facts": True, "same_reasons": True, "comparison_why": "b"}
    assert ask("comparison-complete", said={"comparison": [line, line]}) == ""
    for other in ({**line, "same_facts": False}, {**line, "same_reasons": False}):
        assert ask("comparison-complete", said={"comparison": [line, other]}) == "comparison-differs"
    assert ask("comparison-complete") == ""


def test_prior_still_in_time():
    here: dict[str, Any] = {"verb": "decline", "said": {"ground": "being-handled"}}
    good = Prior("accepted", handling_missed=False, handling_live=True)
    assert ask("prior-still-in-time", prior=good, **here) == ""
    assert ask("prior-still-in-time", **here) == "prior-needed"
    late = replace(good, handling_missed=True)
    assert ask("prior-still-in-time", prior=late, **here) == "prior-not-in-time"
    done = replace(good, handling_live=False)
    assert ask("prior-still-in-time", prior=done, **here) == "prior-not-in-time"
    assert ask("prior-still-in-time", verb="decline", said={"ground": "not-competent"}) == ""
    assert ask("prior-still-in-time", verb="decline") == ""


@pytest.mark.parametrize(
    ("law", "article"), [(CN22, "19.3"), (CN05, "16")], ids=lambda x: getattr(x, "id", x)
)
def test_a_refused_ground_cites_its_own_article(law, article):
    decline = next(r for r in law.rows_of("decline") if "prior-still-in-time" in r.guards)
    made = guards.GUARDS["prior-still-in-time"](
        Asked(case(), decline, {"ground": "being-handled"}, OTTO, situation())
    )
    assert made is not None
    assert made.article == article


# ---- service, hearing, withdrawal, remedy


def test_service_day_possible():
    issued = case("opinion-issued", issued_on=date(2026, 2, 27))
    for day in ("2026-02-27", "2026-03-02"):
        assert ask("service-day-possible", issued, said={"served_on": day}) == ""
    for day in ("2026-02-26", "2026-03-03"):
        assert ask("service-day-possible", issued, said={"served_on": day}) == "service-day"
    assert ask("service-day-possible", issued) == ""


def test_letter_there():
    known: dict[str, Any] = {"letters": {2: date(2026, 2, 27)}}
    for day in ("2026-02-27", "2026-03-02"):
        assert ask("letter-there", said={"letter": 2, "delivered_on": day}, **known) == ""
    for day in ("2026-02-26", "2026-03-03"):
        assert ask("letter-there", said={"letter": 2, "delivered_on": day}, **known) == "service-day"
    assert ask("letter-there", said={"letter": 3, "delivered_on": "2026-03-02"}, **known) == "contents"
    assert ask("letter-there", **known) == ""
    assert ask("letter-there") == "no-letter"


def test_posting_day():
    posted = case("opinion-issued", clocks=(clock("served-posting", YESTERDAY),))
    assert ask("posting-day", posted, said={"served_on": YESTERDAY.isoformat()}) == ""
    assert ask("posting-day", posted, said={"served_on": TODAY.isoformat()}) == "posting-day"
    assert ask("posting-day", posted) == ""


def test_hearing_open():
    assert ask("hearing-open", case(hearing_since=TODAY)) == ""
    assert ask("hearing-open") == "no-hearing"


def test_no_hearing_open():
    assert ask("no-hearing-open") == ""
    assert ask("no-hearing-open", case(hearing_since=TODAY)) == "hearing-open"


def test_withdrawing():
    assert ask("withdrawing", case(withdrawing=True)) == ""
    assert ask("withdrawing") == "not-withdrawing"


def test_not_withdrawing():
    assert ask("not-withdrawing") == ""
    assert ask("not-withdrawing", case(withdrawing=True)) == "withdrawing"


def passes_for(guard: str) -> set[str]:
    return {state for state in TASK_STATES if ask(guard, case(tasks=(owed(state),))) == ""}


def owed(state: str, seq: int = 1) -> Task:
    return Task(seq, "remedy", "", "bureau", state=state)


def test_remedy_due():
    assert passes_for("remedy-due") == {"due", "partly", "disputed"}
    assert ask("remedy-due") == "no-remedy-due"
    two = case(tasks=(owed("confirmed"), owed("due", 2)))
    assert ask("remedy-due", two, said={"task": 2}) == ""
    assert ask("remedy-due", two, said={"task": 1}) == "no-remedy-due"
    assert ask("remedy-due", two, said={"task": 3}) == "no-remedy-due"


def test_remedy_reported():
    assert passes_for("remedy-reported") == {"reported"}


def test_remedy_unsettled():
    assert passes_for("remedy-unsettled") == {"due", "reported"}


def test_tasks_ahead():
    def line(day: str | None) -> dict[str, Any]:
        return {"tasks": [{"task_kind": "remedy", "task_what": "mend", "task_due": day}]}

    assert ask("tasks-ahead", case(), said=line("2026-03-02")) == ""
    assert ask("tasks-ahead", case(), said=line(None)) == ""
    assert ask("tasks-ahead", case(), said={}) == ""
    assert ask("tasks-ahead", case(), said=line("2026-03-01")) == "task-past"


def test_hearing_announced():
    assert ask("hearing-announced", verb="call-hearing") == ""
    assert ask("hearing-announced", verb="call-hearing", said={"hearing_on": "2026-03-09"}) == ""
    assert (
        ask("hearing-announced", verb="call-hearing", said={"hearing_on": "2026-03-08"}) == "hearing-too-soon"
    )


def test_hearing_ahead():
    assert ask("hearing-ahead", verb="adjourn-hearing", said={"hearing_on": "2026-03-03"}) == ""
    assert (
        ask("hearing-ahead", verb="adjourn-hearing", said={"hearing_on": "2026-03-02"}) == "hearing-too-soon"
    )


def test_seats_in_order():
    chair = {"seat": "chair", "function_held": "deputy head", "stood_apart": True}
    witness = {"seat": "witness", "function_held": "an engineer", "stood_apart": False}
    for seats, code in (
        ([chair, witness], ""),
        ([witness], "chair-needed"),
        ([chair, chair], "chair-needed"),
        ([{**chair, "stood_apart": False}], "chair-needed"),
    ):
        assert ask("seats-in-order", verb="call-hearing", said={"seats": seats}) == code


def test_somebody_in_charge():
    assert ask("somebody-in-charge", case(officer="otto")) == ""
    assert ask("somebody-in-charge") == "nobody-in-charge"


def test_recusal_decided():
    for mark in ("recusal-asked", "recusal-upward"):
        assert ask("recusal-decided", case(officer="otto", marks={mark: True})) == "recusal-waits"
        assert ask("recusal-decided", case(marks={mark: True})) == "", "who was meant is not in charge now"
    assert ask("recusal-decided", case(officer="otto", marks={"recusal-refused": True})) == ""


def test_not_oneself():
    assert ask("not-oneself", case(officer="vera")) == ""
    assert ask("not-oneself", case(officer="otto")) == "on-oneself"


def test_without_object():
    for mark in ("recusal-asked", "recusal-upward"):
        waiting = case(marks={mark: True})
        assert ask("without-object", waiting, verb="close-recusal") == ""
        in_charge = replace(waiting, officer="otto")
        assert ask("without-object", in_charge, verb="close-recusal") == "not-without-object"
    assert ask("without-object", verb="close-recusal") == "not-without-object"


def test_nobody_left():
    assert ask("nobody-left", verb="hand-up", nobody_left=True) == ""
    assert ask("nobody-left", verb="hand-up") == "somebody-left"


def test_not_recused():
    standing = case(recused=frozenset({"otto"}))
    assert ask("not-recused", standing, said={"officer": "otto"}) == "stepped-back"
    assert ask("not-recused", standing, said={"officer": "vera"}) == ""


def test_no_giving_up():
    assert ask("no-giving-up", said={"view": "the refund is granted"}) == ""
    assert ask("no-giving-up", said={"view": "同意退款，今后不再信访"}) == "gives-up-petitioning"
    lines = [{"side": "author", "task_what": "will not petition again"}]
    assert ask("no-giving-up", said={"clauses": lines}) == "gives-up-petitioning"
    assert ask("no-giving-up", said={"facts": "单位曾要求其承诺不再信访"}) == "", "facts may quote it"


def test_purpose_serves():
    for words in (
        "寄送处理意见书",
        "to post the opinion",
        "电话约定上门检修的时间",
        "to see whether the flat is theirs",
    ):
        assert ask("purpose-serves", said={"words": words}) == "", words
    for words in (
        "维护社会稳定",
        "节日期间掌握其动向",
        "上门劝阻",
        "核查其去向",
        "承诺不再上访",
        "for stability",
        "to keep her from travelling to the capital",
        "to monitor the petitioner",
    ):
        assert ask("purpose-serves", said={"words": words}) == "no-purpose", words


HANDS = {"hands": ["otto", "carl"], "purpose": "serve"}


def test_another_hand():
    for who, code in (("otto", "own-second-person"), ("carl", "own-second-person"), ("cora", "")):
        assert ask("another-hand", standing=case(marks=HANDS), actor=Actor(who)) == code, who


def test_own_opening():
    for who, code in (("otto", ""), ("carl", "not-your-opening")):
        assert ask("own-opening", standing=case(marks=HANDS), actor=Actor(who)) == code, who


def test_as_allowed():
    assert ask("as-allowed", standing=case(marks=HANDS), said={"purpose": "serve"}) == ""
    assert ask("as-allowed", standing=case(marks=HANDS), said={"purpose": "contact"}) == "another-purpose"


def test_custodian_there():
    assert ask("custodian-there", said={}, custodian="there") == ""
    assert ask("custodian-there", said={}) == "no-custodian"


def test_auditor_there():
    assert ask("auditor-there", said={}, auditing="there") == ""
    assert ask("auditor-there", said={}) == "no-auditor"


def test_kept_for_a_time():
    for day, code in (("2026-03-02", "kept-too-long"), ("2026-04-01", ""), ("2028-01-01", "kept-too-long")):
        assert ask("kept-for-a-time", said={"kept_until": day}) == code, day


def test_somewhere_else():
    here = case(kind="report")
    named = {"reported": [here.holder.code]}
    assert ask("somewhere-else", standing=here, said={"reported": ["elsewhere"]}) == ""
    assert ask("somewhere-else", standing=here, said=named) == "no-body"
    assert ask("somewhere-else", standing=here, said=named, elsewhere=COUNTY) == ""


def test_mediation_kept_apart():
    record = "If they pay half of it by June we could live with that and would not insist on the other half"
    kept = passages([record])
    for view, code in ((f"They said: {record}.", "from-mediation"), ("Half is owed by June.", "")):
        assert ask("mediation-kept-apart", said={"view": view}, kept_apart=kept) == code
        assert ask("mediation-kept-apart", said={"view": view}) == ""


def test_answer_ahead():
    assert ask("answer-ahead", said={"answer_by": "2026-03-03"}) == ""
    assert ask("answer-ahead", said={"answer_by": "2026-03-02"}) == "term-past"


def test_body_does_something():
    assert ask("body-does-something", said={"clauses": [{"side": "body"}]}) == ""
    assert ask("body-does-something", said={"clauses": [{"side": "author"}]}) == "nothing-promised"


def test_imported():
    assert ask("imported", case(imported=True)) == ""
    assert ask("imported") == "not-imported"


def test_is_successor():
    assert ask("is-successor", said={"body": "roads"}, succeeded="bureau") == ""
    assert ask("is-successor", said={"body": "roads"}) == "no-successor"


def test_has_arbiter():
    said = {"body": "roads", "reasons": "theirs"}
    assert ask("has-arbiter", said=said, arbiter=COUNTY) == ""
    assert ask("has-arbiter", said=said) == "no-arbiter"


def test_bounced():
    assert ask("bounced", case(marks={"returned": 2})) == ""
    assert ask("bounced", case(marks={"returned": 1})) == "not-bounced"


def test_above_both():
    said, verb, at = {"body": "roads"}, "settle-competence", "registered"
    above = Actor("sven", at={"county": frozenset({"supervisor"})})
    aside = Actor("sam", at={"office": frozenset({"supervisor"})})
    assert ask("above-both", said=said, actor=above, verb=verb, at=at, target=ROADS) == ""
    assert ask("above-both", said=said, actor=aside, verb=verb, at=at, target=ROADS) == "not-above-both"
    far = replace(ROADS, chain=("elsewhere",))
    assert ask("above-both", said=said, actor=above, verb=verb, at=at, target=far) == "not-above-both"


def called(due: date, **changes: Any) -> Case:
    return case(clocks=(clock("contribution", due, **changes),), called=(("roads", 1),))


def test_not_called_in():
    assert ask("not-called-in", called(TOMORROW), target=ROADS) == "called-in"
    assert ask("not-called-in", called(TOMORROW), target=STATION) == ""


def test_owes_contribution():
    assert ask("owes-contribution", called(TOMORROW), called_at=frozenset({"roads"})) == ""
    assert ask("owes-contribution", called(TOMORROW)) == "owes-nothing"
    given = called(TOMORROW, state="met", ended=TODAY)
    assert ask("owes-contribution", given, called_at=frozenset({"roads"})) == "owes-nothing"


def test_contribution_late():
    assert ask("contribution-late", called(YESTERDAY)) == ""
    assert ask("contribution-late", called(TODAY)) == "no-contribution-late", "the last day itself is in time"


def test_contributions_in():
    assert ask("contributions-in") == ""
    assert ask("contributions-in", called(YESTERDAY)) == "contribution-owed"
    assert ask("contributions-in", called(YESTERDAY, state="missed", ended=TODAY)) == ""


def test_not_left():
    assert ask("not-left") == ""
    assert ask("not-left", has_left=True) == "has-left", "both sides might go on with it"


def test_left_unanswered():
    assert ask("left-unanswered", has_left=True) == "may-answer"
    assert ask("left-unanswered", has_left=True, unanswered=True) == ""


def test_alone():
    assert ask("alone", signatures=2) == "others-signed"
    assert ask("alone", signatures=1) == ""
    assert ask("alone") == "", "a petition that is not joint has nobody else"


def test_one_author():
    assert ask("one-author", signatures=2) == "joint-stays"
    assert ask("one-author", signatures=1) == ""
    assert ask("one-author") == ""


def test_counted():
    assert ask("counted", said={"signatures": 3}, signatures=3) == ""
    assert ask("counted", said={"signatures": 3}, signatures=4) == "number-differs"


def test_others_agreed():
    def said(result: str, *, signatures: int = 2, **more: bool) -> str:
        return ask(
            "others-agreed", said={"result": result, **more}, verb="issue-opinion", signatures=signatures
        )

    for result in ("agreement", "settled"):
        assert said(result) == "others-not-asked"
        assert said(result, others_agreed=True) == ""
        assert said(result, signatures=0) == "", "nobody else complains"
    assert said("no-agreement") == ""


# ---- on random trees


@st.composite
def trees(draw: st.DrawFn) -> list[Body]:
    """Bodies under one another, some of each kind."""
    bodies: list[Body] = []
    for number in range(draw(st.integers(2, 9))):
        above: Body | None = draw(st.sampled_from([None, *bodies]))
        chain = (above.code, *above.chain) if above else ()
        kind = draw(st.sampled_from(["office", "organ", "discipline", "judicial"]))
        bodies.append(Body(f"b{number}", kind, chain))
    return bodies


@settings(max_examples=150, deadline=None)
@given(tree=trees(), data=st.data())
def test_a_report_never_goes_to_the_accused_nor_to_one_that_answers_to_them(tree, data):
    holder, target, accused = (data.draw(st.sampled_from(tree)) for _ in range(3))
    law = data.draw(st.sampled_from([CN22, CN05]))
    state = data.draw(st.sampled_from(["registered", "transferred", "assigned"]))
    verb = data.draw(st.sampled_from(["transfer", "assign"]))
    report = Case("R1", "cn", "report", state, holder, senders=(OFFICE,), accused=frozenset({accused.code}))
    said = {"body": target.code} | ({"term": "2026-04-01"} if verb == "assign" else {})
    around = situation(law.id, target=target, today=TODAY)
    made = procedure.apply(report, Move(verb, said), holds("rita", "registrar", "handler"), around)
    if not isinstance(made, Refusal):
        assert made.case.holder == target
        assert target.kind != "organ", "a report ends at a discipline or judicial body, by way of offices"
        assert accused.code not in {target.code, *target.chain}


# ---- asking before anything is said


def test_a_guard_that_reads_the_contents_waits_until_they_are_known():
    favourable: dict[str, Any] = {
        "prior": None,
        "superiors": (CITY,),
        "target": DISCIPLINE,
        "publishable": "x",
        "letters": {2: TODAY},
    }
    for name in READS:
        if name in guards.GUARDS:
            assert ask(name, verb="decline", **favourable) == "", name


def test_open_time_counts_towards_a_paused_clock_as_it_lasts():
    paused = clock("rereview", TOMORROW, state="paused", exclusions=(Exclusion(TODAY, None, "hearing"),))
    longer = paused.reckoned(situation().calendar, date(2026, 3, 9))
    assert longer.reckoning.end > paused.reckoned(situation().calendar, TODAY).reckoning.end


def test_a_term_that_an_office_sets_is_not_reckoned():
    set_by = clock("report", TOMORROW, unit="set", reckoning=Reckoning(TODAY, TOMORROW, TOMORROW, (), False))
    assert set_by.reckoned(situation().calendar, TODAY) == set_by


# ---- the opinion

ASKED = ("a refund", "an apology")


def test_requests_listed():
    assert ask("requests-listed", case(requests=ASKED)) == ""
    assert ask("requests-listed", case()) == "requests-unlisted"


def test_requests_unlisted():
    assert ask("requests-unlisted", case()) == ""
    assert ask("requests-unlisted", case(requests=ASKED)) == "requests-listed"


def test_all_requests_answered():
    standing = case("accepted", requests=ASKED)

    def answered(*requests: str) -> str:
        said = {"answers": answers(*requests)}
        return ask("all-requests-answered", standing, said=said, verb="issue-opinion")

    assert answered("a refund", "an apology") == ""
    assert answered("An apology!", "A  refund", "and the file") == ""
    assert answered("a refund") == "request-unanswered"
    assert answered("a refund", "an apology to my neighbour") == "request-unanswered"
    assert ask("all-requests-answered", standing, verb="issue-opinion") == ""
    review = {"findings": answers("a refund")}
    assert ask("all-requests-answered", standing, said=review, verb="issue-review-opinion") == (
        "request-unanswered"
    )


def test_what_is_not_answered_is_named():
    said = {"answers": answers("a refund")}
    asked = Asked(case(requests=ASKED), row("issue-opinion"), said, OTTO, situation(today=TODAY))
    refused = guards.GUARDS["all-requests-answered"](asked)
    assert isinstance(refused, Refusal)
    assert "an apology" in refused.reason.en
    assert "a refund" not in refused.reason.zh


def test_as_submitted():
    said = {"answers": answers("a refund")}
    signed = case(marks={"submitted": said_digest(said)})
    assert ask("as-submitted", signed, said=said) == ""
    assert ask("as-submitted", signed) == ""
    changed = {"answers": answers("a refund", outcome="explain")}
    assert ask("as-submitted", signed, said=changed) == "not-as-submitted"
    assert ask("as-submitted", case(), said=said) == "not-as-submitted"


def test_not_the_drafter():
    hanna, otto = holds("hanna", "head"), holds("otto", "head")
    assert ask("not-the-drafter", actor=hanna, drafter="otto") == ""
    assert ask("not-the-drafter", actor=otto, drafter="otto") == "own-draft"
    alone: dict[str, Any] = {"actor": otto, "drafter": "otto", "another_signs": False}
    assert ask("not-the-drafter", **alone) == ""  # it is offered
    assert ask("not-the-drafter", said={}, **alone) == "own-draft-unexplained"
    assert ask("not-the-drafter", said={"note": "I am the only officer here"}, **alone) == ""


def test_redo_ahead():
    assert ask("redo-ahead", said={"redo_by": TOMORROW.isoformat()}) == ""
    assert ask("redo-ahead", said={"redo_by": TODAY.isoformat()}) == "term-past"
    assert ask("redo-ahead") == ""


def test_not_the_same_again():
    before = tuple(answers("a refund", outcome="not-supported"))

    def again(**changes: str) -> str:
        line = {**before[0], **changes}
        return ask("not-the-same-again", said={"answers": [line]}, quashed=before)

    assert again() == "the-same-again"
    assert again(facts="It was paid  TWICE.", view="in other words") == "the-same-again"
    assert again(facts="it was paid three times") == ""
    assert again(basis="art. 6") == ""
    assert again(outcome="explain") == ""
    granted = tuple(answers("a refund", outcome="support"))
    assert ask("not-the-same-again", said={"answers": list(granted)}, quashed=granted) == ""
    assert ask("not-the-same-again", quashed=before) == ""
    assert ask("not-the-same-again", said={"answers": list(before)}) == ""


# ---- meetings, leading


def test_meeting_ahead():
    assert ask("meeting-ahead", said={"meet_on": TOMORROW.isoformat()}) == ""
    assert ask("meeting-ahead", said={"meet_on": TODAY.isoformat()}) == "meeting-over"


def test_meeting_past():
    assert ask("meeting-past", said={"met_on": TODAY.isoformat()}) == ""
    assert ask("meeting-past", said={"met_on": TOMORROW.isoformat()}) == "meeting-to-come"


def test_no_home():
    assert ask("no-home", said={"meet_place": "人民来访接待大厅"}) == ""
    assert ask("no-home", said={"meet_place": "3单元402室"}) == "meeting-at-home"


def test_act_by_ahead():
    assert ask("act-by-ahead", said={}) == ""
    assert ask("act-by-ahead", said={"act_by": TOMORROW.isoformat()}) == ""
    assert ask("act-by-ahead", said={"act_by": TODAY.isoformat()}) == "term-past"


def test_hard_matter():
    """By age and by stage alone: whatever else there is about a case changes nothing."""
    started = replace(clock("sort", TODAY), start=date(2025, 12, 2))
    old, young = case(clocks=(started,)), case(clocks=(replace(started, start=date(2025, 12, 3)),))
    assert ask("hard-matter", old) == ""
    assert ask("hard-matter", young) == "not-hard"
    assert ask("hard-matter", replace(old, state="closed-final")) == "not-hard"
    undone = replace(young, state="closed-final", stage="rereview", tasks=(owed("disputed"),))
    assert ask("hard-matter", undone) == ""
    assert ask("hard-matter", replace(undone, stage="review")) == "not-hard"
    for other in ({"withdrawing": True}, {"imported": True}, {"senders": (OFFICE, COUNTY, OFFICE)}):
        assert ask("hard-matter", replace(young, **other)) == "not-hard"


# ---- publishing a re-review opinion


def test_publishes():
    assert not CN22.publishes
    assert ask("publishes") == "not-published-here"
    on = replace(situation(), rulebook=replace(CN22, publishes=True))
    assert guards.GUARDS["publishes"](Asked(case(), row("propose-publication"), None, OTTO, on)) is None


MASKED = "〔姓名〕住在幸福路〔门牌〕。\n应当退还两千元。"


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (MASKED, True),
        (MASKED.replace("\n", "\r\n  "), True),
        (MASKED.replace("幸福路", "〔隐去〕"), True),
        (MASKED.replace("幸福路", "[hidden]").replace("两千", "〔隐去〕"), True),
        ("〔隐去〕" + MASKED, True),
        ("〔隐去〕", True),
        (MASKED.replace("幸福路", ""), False),
        (MASKED.replace("〔姓名〕", "陆云起"), False),
        (MASKED.replace("〔姓名〕", "陆云起").replace("幸福路", "〔隐去〕"), False),
        (MASKED + "陆云起", False),
        ("应当退还两千元。〔隐去〕〔姓名〕住在幸福路〔门牌〕。", False),
        (MASKED.replace("。", "。〔隐去〕应当退还两千元。"), False),
        ("", False),
    ],
)
def test_hides_enough(text, fits):
    asked = ask("hides-enough", said={"publication_text": text}, publishable=MASKED)
    assert asked == ("" if fits else "not-the-masked-text")
    assert ask("hides-enough") == "nothing-to-publish"
    assert ask("hides-enough", publishable=MASKED) == ""


@given(st.text("甲乙丙 "), st.text("甲乙丙 "), st.text("甲乙丙 "))
def test_whatever_is_hidden_besides_fits(before, hidden, after):
    """Any stretch of any text may be hidden, and then nothing of another text is shown."""
    from huiyin.core.guards.publishing import only_hides_more

    assert only_hides_more(before + hidden + after, f"{before}〔隐去〕{after}")
    assert not only_hides_more(before + hidden + after, f"{before}丁〔隐去〕{after}")


def test_not_the_proposer():
    assert ask("not-the-proposer", actor=OTTO, proposer=OTTO.id) == "own-proposal"
    assert ask("not-the-proposer", actor=VERA, proposer=OTTO.id) == ""
