"""An author books an hour with the key, sees it on the petition's page, and gives it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from huiyin.registry import receiving
from huiyin.registry.models import Booking, Officer
from huiyin.vault.models import RepresentativesSeal
from tests.cast import NOW, Walk
from tests.petitioner.conftest import Clockwork
from tests.registry.days import published

HERE = "/follow/petition/reception/"
Enter = Callable[[Any], Client]


def test_books_an_hour_and_reads_what_to_bring_and_who_will_be_there(enter: Enter, walk: Walk) -> None:
    day, browser = published("xf", "zj"), enter(walk)
    assert f"{HERE}{day.pk}/" in browser.get(HERE).content.decode()
    answer = browser.post(f"{HERE}{day.pk}/", {"at": "09:30", "name1": "赵一鸣", "name2": " "})
    assert answer.status_code == 302
    shown = browser.get("/follow/petition/").content.decode()
    for words in ("09:30", "zj局长", "县人民来访接待大厅", "请带上"):
        assert words in shown
    assert "赵一鸣" not in shown
    assert RepresentativesSeal.objects.count() == 1


def test_gives_it_back_without_a_reason(enter: Enter, walk: Walk) -> None:
    day, browser = published(), enter(walk)
    browser.post(f"{HERE}{day.pk}/", {"at": "09:30"})
    browser.post(f"{HERE}{day.pk}/cancel/")
    assert not Booking.objects.exists()


def test_an_hour_that_is_taken_is_told_and_the_names_stay_typed(enter: Enter, walk: Walk) -> None:
    from datetime import time

    from tests.cast import lodge

    day, browser = published(), enter(walk)
    receiving.book(lodge().petition, day, time(9, 30), now=NOW)
    answer = browser.post(f"{HERE}{day.pk}/", {"at": "09:30", "name1": "赵一鸣"})
    assert answer.status_code == 409
    assert "赵一鸣" in answer.content.decode()


def test_a_day_that_was_called_off_is_told_where_the_hour_stood(enter: Enter, walk: Walk) -> None:
    day, browser = published(), enter(walk)
    browser.post(f"{HERE}{day.pk}/", {"at": "09:30"})
    receiving.call_off(day, "停电检修", by=Officer.objects.get(login="olga"), now=NOW)
    assert "停电检修" in browser.get("/follow/petition/").content.decode()
    assert browser.get(f"{HERE}{day.pk}/").status_code == 404


def test_the_day_after_nothing_stands_there(enter: Enter, walk: Walk, clockwork: Clockwork) -> None:
    day, browser = published(), enter(walk)
    browser.post(f"{HERE}{day.pk}/", {"at": "09:30"})
    clockwork.now = NOW + timedelta(days=6)
    browser = enter(walk)
    assert "09:30" not in browser.get("/follow/petition/").content.decode()


def test_without_the_key_nobody_books(walk: Walk) -> None:
    day = published()
    Client().post(f"{HERE}{day.pk}/", {"at": "09:30"})
    assert not Booking.objects.exists()
