"""Promise 8: a body is measured by its answers, and no body can hide its own lateness.

Late is what the law's own terms say. A date that was set by order is told apart, and the house's own terms
make nobody late.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from huiyin.clerk.sweep import sweep
from huiyin.core import rulebook
from huiyin.core.case import Move
from huiyin.core.vocabulary import CLOCK_KIND_WORDS, VERBS
from huiyin.registry import record, supervision
from huiyin.registry.models import Entry, Petition
from huiyin.registry.perform import perform
from tests.cast import OFFICERS, Walk, acting_as, said

LAWS = rulebook.all_rulebooks()


def missed(walk: Walk) -> set[tuple[int, str]]:
    return set(walk.petition.clocks.filter(state="missed").values_list("seq", "name"))


def breaches(walk: Walk) -> list[int]:
    return list(
        Entry.objects.filter(petition__ref=walk.ref, event="clock-missed").values_list("seq", flat=True)
    )


@pytest.mark.parametrize("state", ["lodged", "transferred", "accepted", "review-requested"])
def test_no_move_of_anybody_takes_a_missed_term_back(walk: Walk, state: str) -> None:
    """Every officer tries every move: passing on, giving back, deciding, closing. The record stays.

    What no row of the law allows in that state, whoever asks, only one of them tries.
    """
    walk.to(state).later(days=70)
    sweep(walk.now)
    walk.later(hours=1)
    before, entries = missed(walk), breaches(walk)
    assert before
    assert entries
    made = 0
    law = rulebook.by_id("cn-2022")
    open_here = {row.verb for row in law.rows if law.covers(state, row)}
    for login in OFFICERS:
        actor = acting_as(login, walk.today)
        for verb in VERBS if login == "olga" else sorted(open_here):
            with transaction.atomic():
                done = perform(walk.ref, Move(verb, said(verb, walk.today)), actor, walk.now)
                if isinstance(done, Petition):
                    made += 1
                    assert missed(walk) >= before, (login, verb)
                    assert breaches(walk) == entries, (login, verb)
                transaction.set_rollback(True)
    assert made > 2, "nobody could do anything: this shows nothing"


def test_serving_with_an_earlier_date_leaves_the_breach_on_record(walk: Walk) -> None:
    """What really was in time counts as in time; that it was noted late stays for everybody to see."""
    walk.to("opinion-issued").later(days=80)
    sweep(walk.now)
    issued = (walk.today - timedelta(days=80)).isoformat()
    walk.later(hours=1)("serve", "otto", served_on=issued, way="post")
    assert walk.petition.clocks.get(name="handling").state == "met"
    (breach,) = breaches(walk)
    served = Entry.objects.get(petition__ref=walk.ref, event="served")
    assert served.seq > breach


def test_an_answered_letter_ends_no_term_of_the_law(walk: Walk) -> None:
    walk.to("accepted").later(days=70)
    sweep(walk.now)
    walk.later(hours=1)("supervise", "sven", **said("supervise", walk.today))
    walk("answer-supervision", "otto", **said("answer-supervision", walk.today))
    walk("close-supervision", "sven", **said("close-supervision", walk.today))
    handling = walk.petition.clocks.get(name="handling")
    assert (handling.state, handling.ended) == ("missed", None)
    assert walk.petition.to_supervise, "closing a letter does not make the body less late"


def test_no_body_closes_or_escalates_the_letter_that_it_got() -> None:
    for book in LAWS:
        for verb in ("find-evasive", "supervise", "escalate-supervision", "close-supervision"):
            for row in book.rows_of(verb):
                assert (row.by, row.at) == (frozenset({"supervisor"}), "above"), (book.id, verb)
                assert not row.to, "the petition does not move"
                assert {book.clocks[name].kind for name in (*row.meets, *row.ends)} <= {"order"}


def test_a_term_that_falls_away_after_its_last_day_is_missed_and_not_forgotten(walk: Walk) -> None:
    """Although the clerk has not looked yet: the clock itself says it, whoever ended it."""
    walk.to("transferred")("object", "otto", reasons="not ours")
    walk.later(days=40)("return", "olga", reasons="agreed")
    assert missed(walk) == {(2, "notice")}


def test_a_house_clock_is_late_nowhere(walk: Walk) -> None:
    walk.to("accepted")
    handling = walk.petition.clocks.get(name="handling")
    house = [record.clock_of(handling)]
    handling.kind = "house"
    later = walk.today + timedelta(days=400)
    assert record.next_due(house) is not None
    assert record.next_due([record.clock_of(handling)]) is None
    assert not record.clock_of(handling).is_late(later)
    petition = Petition.objects.prefetch_related("clocks").get(ref=walk.ref)
    petition.clocks.all()[0].kind = "house"
    law = rulebook.by_id("cn-2022")
    standing = supervision.standing_of(petition)
    from huiyin.core.supervision import findings

    assert {f.clock.kind for f in findings(standing, law, later) if f.clock} <= {"law", "order"}


def test_every_clock_says_of_which_kind_it_is() -> None:
    for book in LAWS:
        for clock in book.clocks.values():
            assert clock.kind in CLOCK_KIND_WORDS, (book.id, clock.name)
            if clock.name in {"report", "supervision-answer"}:
                assert clock.kind == "order", "a date that an authority set in one case"
