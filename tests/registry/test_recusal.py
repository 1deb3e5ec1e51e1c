"""Whoever steps back, or must, no longer sees the petition and is never in charge of it again (art. 28.3)."""

from __future__ import annotations

from typing import Any

import pytest

from huiyin.clerk.sweep import sweep
from huiyin.core.refusal import Refusal
from huiyin.registry import access
from huiyin.registry.models import Outbox, Role
from tests.cast import OPINION, REVIEW, Walk, acting_as


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


def notices(walk: Walk) -> list[str]:
    return list(Outbox.objects.filter(petition=walk.petition).order_by("pk").values_list("notice", flat=True))


def test_a_request_about_somebody_who_stepped_back_meanwhile_is_ended_and_its_author_told(
    handled: Walk,
) -> None:
    handled("ask-recusal", "author", recusal_ground="own-interest")
    handled("declare-recusal", "otto", recusal_ground="own-act")
    standing = handled.petition
    assert not {"recusal-asked", "recusal-upward"} & set(standing.marks)
    last = standing.entries.latest("seq")
    assert (last.event, last.role, last.notice) == ("recusal-without-object", "clerk", "recusal-closed")
    assert notices(handled)[-2:] == ["recusal", "recusal-closed"]
    assert not standing.clocks.filter(name="recusal", state="running").exists()
    handled("entrust", "hedda", officer="hedda")
    handled("ask-recusal", "author", recusal_ground="other")


def test_a_request_outlives_another_officers_stepping_back(handled: Walk) -> None:
    handled("ask-recusal", "author", recusal_ground="own-interest")
    handled("declare-recusal", "hedda", recusal_ground="own-act")
    assert handled.petition.marks["recusal-asked"]
    assert handled.petition.officer is not None


def test_where_somebody_is_left_it_stays(handled: Walk) -> None:
    handled("declare-recusal", "otto", recusal_ground="own-act")
    assert handled.petition.holder.code == "zj", "the head is there and can name somebody"


def test_where_nobody_is_left_the_body_above_handles_it(handled: Walk, cast: Any) -> None:
    due = handled.petition.next_due
    handled("declare-recusal", "hedda", recusal_ground="own-act")
    handled("declare-recusal", "otto", recusal_ground="own-act")
    standing = handled.petition
    assert (standing.state, standing.holder.code, standing.handled_by) == ("accepted", "xian", "xian")
    assert standing.next_due == due, "no term begins anew"
    last = standing.entries.latest("seq")
    assert (last.event, last.article, last.body, last.notice) == ("handed-up", "28.3", "zj", "handed-up")
    assert notices(handled)[-1] == "handed-up"
    for login in ("otto", "hedda"):
        assert not sees(handled, login)
    Role.objects.create(officer=cast["rita"], body=standing.holder, role="handler")
    Role.objects.create(officer=cast["sven"], body=standing.holder, role="head")
    handled.signed("rita", "sven")("issue-opinion", "rita", **OPINION)
    handled("serve", "rita", served_on=handled.today.isoformat(), way="in-person")
    assert handled("request-review", "author").holder.code == "shi", "the next of whoever handled it"


def test_the_only_reviewer_steps_back_and_the_review_goes_one_body_higher(walk: Walk) -> None:
    walk.to("review-requested")("declare-recusal", "rita", recusal_ground="close-to-a-side")
    standing = walk.petition
    assert (standing.state, standing.holder.code, standing.handled_by) == ("review-requested", "shi", "zj")
    walk("issue-review-opinion", "rolf", **REVIEW)
