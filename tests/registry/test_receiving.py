"""Reception days are published ahead, kept as published, and booked one hour to one petition."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail

from huiyin.clerk import courier
from huiyin.core.refusal import Refusal
from huiyin.registry import receiving
from huiyin.registry.models import Booking, Change, Entry, Officer, Outbox
from huiyin.registry.receiving import (
    A_HOME,
    BODY_TWICE,
    BOOKED,
    BOOKED_ALREADY,
    DAY_STAYS,
    NO_SUCH_REF,
    NOT_OPEN,
    OFFICIAL,
    OWN_BODY,
    SETTING,
    SLOT_OVER,
    SLOT_TAKEN,
    SLOT_UNKNOWN,
)
from huiyin.vault.models import RepresentativesSeal
from huiyin.vault.unseal import open_representatives
from tests.cast import NOW, acting_as, legal_day, lodge
from tests.registry.days import a_day, officials, published, say

pytestmark = pytest.mark.usefixtures("cast")
NINE = time(9, 0)


def reason(answer: Any) -> Any:
    assert isinstance(answer, Refusal), answer
    return answer.reason


# ---- publishing


def test_a_day_is_published_three_days_ahead_and_not_later():
    assert say(a_day(3), "xf") is None
    refused = say(a_day(2), "xf")
    assert refused is not None
    assert refused.article == "18.1"


def test_an_outreach_is_announced_ten_days_ahead_and_named_five_days_before():
    late = say(a_day(9, kind="outreach", setting="village"))
    assert late is not None
    assert late.article == "18.2"
    outreach = a_day(12, kind="outreach", setting="village", place="石桥村村委会")
    assert say(outreach) is None
    assert outreach.published_at is None
    too_late = say(outreach, "xf", now=NOW + timedelta(days=8))
    assert too_late is not None
    assert say(outreach, "xf", now=NOW + timedelta(days=7)) is None
    assert outreach.published_at is not None


@pytest.mark.parametrize(
    ("wrong", "who", "why"),
    [
        ({"kind": "outreach", "setting": "village", "place": "3单元402室"}, (), A_HOME),
        ({"kind": "outreach"}, (), SETTING),
        ({}, (), OFFICIAL),
        ({}, ("xf", "xf"), BODY_TWICE),
        ({}, ("zj",), OWN_BODY),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_reason(
    wrong: dict[str, Any], who: tuple[str, ...], why: Any
):
    assert reason(say(a_day(20, **wrong), *who)) == why


def test_each_change_of_published_hours_is_on_record_and_nothing_else_is():
    day = published()
    day.closes = time(12, 0)
    assert say(day, "xf", "zj") is None
    assert say(day, "xf", "zj") is None  # the same again
    did = [(c.what["did"], sorted(c.what["changed"])) for c in Change.objects.order_by("id")]
    assert did[0][0] == "hours-published"
    assert did[1:] == [("hours-changed", ["closes", "officials"])]
    assert day.revision == 1


def test_a_published_day_stays_where_it_is():
    day = published()
    day.day += timedelta(days=1)
    assert reason(say(day, "xf")) == DAY_STAYS


def test_a_booked_hour_is_not_published_away():
    day = published()
    receiving.book(lodge().petition, day, time(10, 30), now=NOW)
    day.closes = time(10, 0)
    assert reason(say(day, "xf")) == BOOKED
    day.closes = time(11, 0)
    day.opens = time(9, 30)
    assert say(day, "xf") is None


def test_a_day_is_called_off_with_a_reason_that_stays_in_the_calendar():
    day, olga = published(), Officer.objects.get(login="olga")
    assert receiving.call_off(day, " ", by=olga, now=NOW) is not None
    assert receiving.call_off(day, "停电检修", by=olga, now=NOW) is None
    assert [d.called_off for d in receiving.upcoming(legal_day(NOW))] == ["停电检修"]
    assert Change.objects.filter(what__did="hours-called-off").count() == 1
    assert receiving.bookable_by(lodge().petition, NOW) == []


def test_whoever_booked_a_day_that_is_called_off_is_told_and_nothing_of_it_stays():
    day, olga, filed = published(), Officer.objects.get(login="olga"), lodge()
    receiving.book(filed.petition, day, NINE, now=NOW)
    courier.deliver(NOW)
    mail.outbox.clear()
    assert receiving.call_off(day, "停电检修", by=olga, now=NOW) is None
    courier.deliver(NOW)
    (message,) = mail.outbox
    assert message.to == ["zhang@example.test"]
    assert filed.ref in message.subject
    assert "停电" not in f"{message.subject}{message.body}"
    assert not Outbox.objects.filter(notice=receiving.OFF).exists()
    assert [b.reception.called_off for b in receiving.bookings_of(filed.petition, legal_day(NOW))] == [
        "停电检修"
    ]


def test_a_counter_names_representatives_under_seal_and_five_at_most():
    day, filed, olga = published(), lodge(), acting_as("olga")
    said: dict[str, Any] = {"give_back": False, "now": NOW}
    many = receiving.at_counter(olga, day, filed.ref, "09:00", representatives="一二三四五六", **said)
    assert isinstance(many, Refusal)
    assert many.article == "20.3"
    made = receiving.at_counter(olga, day, filed.ref, "09:00", representatives=["李四", " ", "王五"], **said)
    assert not isinstance(made, Refusal)
    booking = Booking.objects.get()
    assert open_representatives(booking.petition_id, booking.pk) == ("李四", "王五")
    receiving.forget(day.day + timedelta(days=1))
    assert not RepresentativesSeal.objects.exists()


def test_days_are_kept_by_registrars_of_the_body_and_by_administrators_above():
    day = published()
    for login, keeps in (("olga", True), ("ada", True), ("otto", False), ("tina", False), ("hedda", False)):
        assert receiving.kept_by(acting_as(login)).filter(pk=day.pk).exists() is keeps, login


# ---- booking


def test_an_hour_is_booked_once_for_each_desk():
    day = published(desks=2)
    first, second, third = (lodge().petition for _ in range(3))
    assert isinstance(receiving.book(first, day, NINE, now=NOW), Booking)
    assert isinstance(receiving.book(second, day, NINE, now=NOW), Booking)
    assert NINE not in receiving.free_hours(day, NOW)
    assert reason(receiving.book(third, day, NINE, now=NOW)) == SLOT_TAKEN
    assert receiving.cancel(first, day)
    assert isinstance(receiving.book(third, day, NINE, now=NOW), Booking)


def test_a_petition_books_one_hour_of_a_day():
    day, petition = published(), lodge().petition
    receiving.book(petition, day, NINE, now=NOW)
    assert reason(receiving.book(petition, day, time(10, 0), now=NOW)) == BOOKED_ALREADY


def test_an_hour_that_is_not_offered_or_has_begun_is_refused():
    day, petition = published(), lodge().petition
    assert reason(receiving.book(petition, day, time(9, 10), now=NOW)) == SLOT_UNKNOWN
    then = NOW.replace(hour=1, minute=10) + timedelta(days=5)  # ten past nine on the day, in China
    assert reason(receiving.book(petition, day, NINE, now=then)) == SLOT_OVER
    assert receiving.free_hours(day, then)[0] == time(9, 30)


def test_several_bodies_receive_in_one_place_by_one_booking():
    day, petition = published("xf", "zj", "jt"), lodge().petition
    receiving.book(petition, day, NINE, now=NOW)
    for login in ("olga", "otto", "tina"):
        assert [b.petition for b in receiving.bookings_today(acting_as(login, day.day), day.day)] == [
            petition
        ]


def test_a_report_is_never_booked_with_those_it_is_about():
    day = published("xf", "zj")
    report = lodge(kind="report", against=("zj",), body="jw").petition
    assert reason(receiving.book(report, day, NINE, now=NOW)) == NOT_OPEN
    # One that answers to the accused is no better.
    above = lodge(kind="report", against=("xian",), body="shi").petition
    assert receiving.bookable_by(above, NOW) == []


def test_the_counter_books_by_reference_and_learns_nothing_of_a_hidden_report():
    day, filed = published(), lodge()
    olga = acting_as("olga")
    told = receiving.at_counter(olga, day, filed.ref.lower(), "09:00", give_back=False, now=NOW)
    assert not isinstance(told, Refusal)
    report = lodge(kind="report", against=("xf",), body="jw")
    for ref in (report.ref, "HY-00000-00000", "张三"):
        assert reason(receiving.at_counter(olga, day, ref, "09:00", give_back=False, now=NOW)) == NO_SUCH_REF
    assert not isinstance(receiving.at_counter(olga, day, filed.ref, "", give_back=True, now=NOW), Refusal)
    assert not Booking.objects.exists()


def test_booking_leaves_no_entry_on_the_petition():
    day, filed = published(), lodge()
    before = Entry.objects.count()
    receiving.book(filed.petition, day, NINE, now=NOW)
    receiving.cancel(filed.petition, day)
    assert Entry.objects.count() == before


def test_the_days_of_the_bodies_that_deal_with_it_come_first():
    far = published("jt", host=officials("jt")[0].body, ahead=4)
    near = published("xf", ahead=9)
    assert receiving.bookable_by(lodge().petition, NOW) == [near, far]
