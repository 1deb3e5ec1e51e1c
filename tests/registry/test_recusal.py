"""Whoever steps back, or must, no longer sees the petition and is never in charge of it again (art. 28.3)."""

from __future__ import annotations

import pytest

from huiyin.clerk.sweep import sweep
from huiyin.core.refusal import Refusal
from huiyin.registry import access
from tests.cast import Walk, acting_as


@pytest.fixture
def handled(walk: Walk) -> Walk:
    walk.to("accepted")("entrust", "hedda", officer="otto")
    return walk


def sees(walk: Walk, login: str) -> bool:
    return access.visible_to(acting_as(login, walk.today)).filter(ref=walk.ref).exists()


def code(made: object) -> str:
    assert isinstance(made, Refusal)
    return made.code


def test_an_officer_who_steps_back_loses_sight_of_it(handled: Walk) -> None:
    assert sees(handled, "otto")
    handled("declare-recusal", "otto", recusal_ground="own-act")
    assert handled.petition.officer is None
    assert not sees(handled, "otto")
    assert not access.inbox_of(acting_as("otto", handled.today)).filter(ref=handled.ref).exists()
    assert code(handled.ask("issue-opinion", "otto")) == "not-found"
    assert code(handled.ask("entrust", "hedda", officer="otto")) == "stepped-back"


def test_the_head_decides_and_nobody_on_themself(handled: Walk) -> None:
    handled("ask-recusal", "author", recusal_ground="own-interest")
    assert code(handled.ask("grant-recusal", "otto", reasons="x")) == "wrong-role"
    handled("grant-recusal", "hedda", reasons="确有利害关系")
    assert not sees(handled, "otto")
    assert sees(handled, "hedda")


def test_a_refusal_says_why_and_the_body_above_may_be_asked_once(handled: Walk) -> None:
    handled("ask-recusal", "author", recusal_ground="own-interest")
    handled("refuse-recusal", "hedda", reasons="没有利害关系")
    handled("ask-recusal", "author", recusal_ground="own-interest")
    assert code(handled.ask("refuse-recusal", "hedda", reasons="x")) == "wrong-role"
    assert code(handled.ask("ask-recusal", "author", recusal_ground="other")) == "already-recusal-upward"
    handled("refuse-recusal", "sven", reasons="没有利害关系")
    assert code(handled.ask("ask-recusal", "author", recusal_ground="other")) == "already-recusal-settled"
    handled("entrust", "hedda", officer="hedda")
    handled("ask-recusal", "author", recusal_ground="other")


def test_on_the_head_the_body_above_decides(handled: Walk) -> None:
    handled("entrust", "hedda", officer="hedda")
    handled("ask-recusal", "author", recusal_ground="own-act")
    assert code(handled.ask("refuse-recusal", "hedda", reasons="x")) == "wrong-role"
    handled("grant-recusal", "sven", reasons="确有利害关系")
    assert not sees(handled, "hedda")
    assert sees(handled, "otto")


def test_nobody_else_is_put_in_charge_before_it_is_decided(handled: Walk) -> None:
    handled("ask-recusal", "author", recusal_ground="own-interest")
    assert code(handled.ask("entrust", "hedda", officer="hedda")) == "recusal-waits"


def test_what_the_head_leaves_undecided_goes_up_by_itself(handled: Walk) -> None:
    handled("ask-recusal", "author", recusal_ground="own-interest")
    assert sweep(handled.later(days=9).now)["pass-up-recusal"] == 1
    assert handled.petition.marks["recusal-upward"]


def test_nobody_is_asked_to_step_back_while_nobody_is_in_charge(walk: Walk) -> None:
    walk.to("accepted")
    assert code(walk.ask("ask-recusal", "author", recusal_ground="other")) == "nobody-in-charge"
