"""Meetings are offered and recorded; neither coming nor staying away changes anything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from huiyin.core import procedure
from huiyin.core.case import After, Move
from huiyin.core.refusal import Refusal
from tests.core.cast import CN22, LENA, OTTO, PETRA, SAID, case, situation

TODAY = date(2026, 3, 2)
ROUND = situation(today=TODAY)


def made(standing, verb, actor):
    after = procedure.apply(standing, Move(verb, SAID.get(verb, {})), actor, ROUND)
    assert isinstance(after, After), after
    return after


@pytest.mark.parametrize("answer", ["accept-invitation", "decline-invitation"])
def test_an_answer_to_an_invitation_leaves_the_case_as_it_was_before_it(answer):
    before = case(state="accepted")
    invited = made(before, "invite", OTTO).case
    assert invited.marks == {"invited": True}
    assert made(invited, answer, PETRA).case == replace(before, took_part=invited.took_part)


def test_declining_asks_for_no_reason_and_tells_nobody_of_a_consequence():
    (row,) = CN22.rows_of("decline-invitation")
    assert row.contents == ()
    assert row.by == {"author"}
    assert (row.to, row.starts, row.ends, row.meets, row.notice) == ("", (), (), (), "")


def test_an_invitation_that_nobody_answered_stands_in_the_way_of_nothing():
    invited = case(state="accepted", marks={"invited": True})
    offered = {row.verb for row in procedure.open_rows(invited, OTTO, ROUND)}
    plain = {row.verb for row in procedure.open_rows(case(state="accepted"), OTTO, ROUND)}
    assert offered == plain - {"invite"}


def test_the_record_shows_the_three_steps_of_a_responsible_leader_with_their_days():
    led = case(state="accepted", marks={"led": True})
    for verb in ("leader-met", "adopt-plan", "leader-reports"):
        led = made(led, verb, LENA).case
    day = TODAY.isoformat()
    assert led.marks == {"led": True, "leader-met": day, "plan-adopted": day, "leader-reported": day}


def test_nothing_is_led_before_a_leader_is_named_and_no_report_against_persons_ever_is():
    for verb in ("leader-met", "adopt-plan", "leader-reports"):
        refused = procedure.apply(case(state="accepted"), Move(verb, SAID[verb]), LENA, ROUND)
        assert isinstance(refused, Refusal)
        assert refused.code == "not-led"
    for verb in ("name-leader", "leader-met", "adopt-plan", "leader-reports", "confer"):
        assert all("report" not in row.kinds and row.kinds for row in CN22.rows_of(verb))


def test_no_step_of_leading_moves_a_term_or_a_state():
    for verb in ("invite", "record-meeting", "leader-reads", "leader-instructs", "name-leader", "confer"):
        for row in CN22.rows_of(verb):
            assert (row.to, row.starts, row.ends, row.meets, row.pauses) == ("", (), (), (), ())
    before = case(state="accepted")
    read = made(before, "leader-reads", LENA).case
    assert replace(read, marks={}, took_part=frozenset()) == before
