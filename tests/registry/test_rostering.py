"""A roster names officers of the body; a hand-over is a reference, seen by who may see it, for seven days."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from huiyin.clerk.purge import purge
from huiyin.core.refusal import Refusal
from huiyin.registry import rostering
from huiyin.registry.models import Body, Change, Duty, HandOver, Officer
from huiyin.registry.rostering import AWAY, BACKWARDS, NO_SUCH_REF, NOT_THERE, ON_DUTY_ALREADY, PAST
from tests.cast import NOW, acting_as, legal_day, lodge

pytestmark = pytest.mark.usefixtures("cast")
TODAY = legal_day(NOW)


def duty(login: str = "olga", **said: Any) -> Duty:
    usual: dict[str, Any] = {
        "body": Body.objects.get(code="xf"),
        "post": "hotline",
        "day": TODAY + timedelta(days=1),
        "opens": time(9),
        "closes": time(12),
        "officer": Officer.objects.get(login=login),
    }
    return Duty(**(usual | said))


def put(row: Duty) -> Refusal | None:
    return rostering.put_on_duty(row, by=Officer.objects.get(login="olga"), today=TODAY, now=NOW)


def test_who_serves_there_is_put_on_duty_and_taken_off_and_both_are_on_record():
    made = duty()
    assert put(made) is None
    assert list(rostering.duties(Body.objects.filter(code="xf"), TODAY)) == [made]
    rostering.take_off(made, by=Officer.objects.get(login="ada"), now=NOW)
    assert not Duty.objects.exists()
    assert [c.what["did"] for c in Change.objects.order_by("id")] == ["duty-set", "duty-taken"]


def test_who_is_elsewhere_or_away_or_on_it_already_is_not_put_on_duty():
    assert put(duty()) is None
    Officer.objects.filter(login="otto").update(away_from=TODAY)
    zj = Body.objects.get(code="zj")
    for row, why in (
        (duty("tina"), NOT_THERE),
        (duty("ada"), NOT_THERE),
        (duty("otto", body=zj), AWAY),
        (duty(), ON_DUTY_ALREADY),
        (duty(day=TODAY - timedelta(days=1)), PAST),
        (duty(closes=time(8)), BACKWARDS),
    ):
        refused = put(row)
        assert refused is not None
        assert refused.reason == why


def test_a_hand_over_is_a_reference_and_no_word_more():
    assert {f.name for f in HandOver._meta.concrete_fields} == {"id", "petition", "body", "left_on"}


def test_only_who_may_see_the_petition_leaves_it_or_finds_it():
    xf, filed = Body.objects.get(code="xf"), lodge()
    olga, tina = acting_as("olga"), acting_as("tina")
    assert rostering.leave(olga, xf, filed.ref, today=TODAY) is None
    assert [h.petition for h in rostering.left_for(olga, TODAY)] == [filed.petition]
    assert not rostering.left_for(tina, TODAY)
    refused = rostering.leave(tina, Body.objects.get(code="jt"), filed.ref, today=TODAY)
    assert refused is not None
    assert refused.reason == NO_SUCH_REF


def test_it_is_gone_after_seven_days_even_if_nobody_looked():
    xf, filed, olga = Body.objects.get(code="xf"), lodge(), acting_as("olga")
    rostering.leave(olga, xf, filed.ref, today=TODAY)
    assert rostering.left_for(olga, TODAY + timedelta(days=6)).count() == 1
    assert not rostering.left_for(olga, TODAY + timedelta(days=7))
    purge(NOW + timedelta(days=6))
    assert HandOver.objects.exists()
    purge(NOW + timedelta(days=7))
    assert not HandOver.objects.exists()


def test_what_was_looked_at_is_taken_away_by_who_sees_it():
    xf, filed, olga = Body.objects.get(code="xf"), lodge(), acting_as("olga")
    rostering.leave(olga, xf, filed.ref, today=TODAY)
    (left,) = rostering.left_for(olga, TODAY)
    rostering.done(acting_as("tina"), str(left.pk), TODAY)
    assert HandOver.objects.exists()
    rostering.done(olga, str(left.pk), TODAY)
    assert not HandOver.objects.exists()
