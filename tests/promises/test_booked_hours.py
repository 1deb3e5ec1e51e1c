"""Promises 1, 4 and 5 where somebody comes in person: a booked hour knows no person and leaves no history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.apps import apps
from django.db import connection

from huiyin.clerk.purge import purge
from huiyin.registry import receiving
from huiyin.registry.models import Booking, Change, Entry, Outbox
from huiyin.vault.models import RepresentativesSeal
from huiyin.vault.unseal import open_representatives
from tests.cast import NOW, acting_as, lodge
from tests.officer.pages import tokenless
from tests.registry.days import published

pytestmark = pytest.mark.usefixtures("cast")
NAMES = ("赵一鸣", "钱二宝", "孙三立")


def everything_kept() -> str:
    """Every row of every table of ours, as text."""
    with connection.cursor() as cursor:
        rows = []
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label == "keystore":  # another database, which names no petition
                continue
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            rows += [f"{model.__name__}: {row}" for row in cursor.fetchall()]
    return "\n".join(sorted(rows))


def test_a_booking_is_a_petition_and_an_hour_and_nothing_else():
    assert {f.name for f in Booking._meta.concrete_fields} == {"id", "petition", "reception", "at", "desk"}


def test_nothing_of_a_booking_is_left_after_its_day():
    day, petition = published(), lodge().petition
    before = everything_kept()
    made = receiving.book(petition, day, time(9, 0), now=NOW, representatives=NAMES)
    assert isinstance(made, Booking)
    assert everything_kept() != before
    told = purge(NOW + timedelta(days=5))
    assert Booking.objects.exists()  # on the day itself it still stands
    told += purge(NOW + timedelta(days=6))
    assert everything_kept() == before
    assert "booking" not in str(told)  # nor does a log say how many came


def test_representatives_are_sealed_and_gone_with_the_hour():
    day, petition = published(), lodge().petition
    made = receiving.book(petition, day, time(9, 0), now=NOW, representatives=NAMES)
    assert isinstance(made, Booking)
    assert not [name for name in NAMES if name in everything_kept()]
    assert open_representatives(petition.pk, made.pk) == NAMES
    receiving.cancel(petition, day)
    assert not RepresentativesSeal.objects.exists()


def test_no_more_than_five_may_be_named():
    day, petition = published(), lodge().petition
    refused = receiving.book(petition, day, time(9, 0), now=NOW, representatives=["代表"] * 6)
    assert getattr(refused, "article", "") == "20.3"


def test_a_booking_is_seen_at_its_desk_on_its_day_alone():
    day, petition = published(), lodge().petition
    receiving.book(petition, day, time(9, 0), now=NOW)
    for login, when, seen in (
        ("olga", day.day, 1),
        ("olga", day.day - timedelta(days=1), 0),
        ("olga", day.day + timedelta(days=1), 0),
        ("otto", day.day, 0),
        ("sven", day.day, 0),
        ("ada", day.day, 0),
        ("audrey", day.day, 0),
    ):
        assert receiving.bookings_today(acting_as(login, when), when).count() == seen, (login, when)


def test_coming_is_on_nobodys_record(walk: Callable[..., object]):
    day, petition = published(), lodge().petition
    before = Entry.objects.count(), Outbox.objects.count(), Change.objects.count()
    receiving.book(petition, day, time(9, 0), now=NOW)
    assert (Entry.objects.count(), Outbox.objects.count(), Change.objects.count()) == before


def test_the_public_calendar_is_the_same_whether_anybody_booked_or_not(client):
    day = published(now=_soon())
    pages = ["/reception/", "/reception/calendar.ics", f"/reception/{day.pk}/"]
    before = [tokenless(client.get(page).content) for page in pages]
    receiving.book(lodge(now=_soon()).petition, day, time(9, 0), now=_soon())
    assert [tokenless(client.get(page).content) for page in pages] == before


def _soon():
    from django.utils import timezone

    return timezone.now()
