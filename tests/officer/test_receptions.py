"""Reception at the desk: publishing days, booking at the counter, and today's list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.registry import law, receiving
from huiyin.registry.models import Body, Booking, Change, Reception
from tests.cast import ZONE, Walk, lodge
from tests.registry.days import published

Desk = Callable[..., Client]
At = Callable[..., Walk]


def said(**changes: Any) -> dict[str, Any]:
    day = law.at(timezone.now())[1] + timedelta(days=9)
    usual: dict[str, Any] = {
        "host": Body.objects.get(code="xf").pk,
        "kind": "reception",
        "day": day.isoformat(),
        "opens": "09:00",
        "closes": "11:00",
        "place": "县人民来访接待大厅",
        "subjects": "住房",
        "minutes": "30",
        "desks": "1",
        "officials-TOTAL_FORMS": "2",
        "officials-INITIAL_FORMS": "0",
        "officials-0-body": Body.objects.get(code="xf").pk,
        "officials-0-official": "张局长",
        "officials-1-body": "",
        "officials-1-official": "",
    }
    return usual | changes


def dawn() -> datetime:
    """Before the first hour of today, so that it does not matter when the test runs."""
    return datetime.combine(law.at(timezone.now())[1], time(0, 0), ZONE)


def today_at() -> Reception:
    """A day that is today."""
    return published("xf", "zj", ahead=0, now=dawn())


def test_a_registrar_publishes_a_day_of_several_bodies(desk: Desk) -> None:
    zj = Body.objects.get(code="zj").pk
    also = {"officials-1-body": zj, "officials-1-official": "李局长"}
    answer = desk("olga").post("/desk/reception/new/", said(**also))
    assert answer.status_code == 302, answer.content.decode()
    made = Reception.objects.get()
    assert [(r.body.code, r.official) for r in made.receiving.all()] == [("xf", "张局长"), ("zj", "李局长")]
    assert Change.objects.get().what["did"] == "hours-published"


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes": "09:10"},
        {"desks": "0"},
        {"day": "2020-01-01"},
        {"officials-0-official": ""},
        {"kind": "outreach", "setting": "village", "place": "3单元402室"},
        {"officials-0-body": "", "officials-0-official": ""},
    ],
)
def test_what_cannot_be_published_is_told_and_what_was_typed_stays(desk: Desk, wrong: dict[str, Any]) -> None:
    answer = desk("olga").post("/desk/reception/new/", said(subjects="电梯加装") | wrong)
    assert answer.status_code == 400
    assert "error-summary" in answer.content.decode()
    assert "电梯加装" in answer.content.decode()
    assert not Reception.objects.exists()


def test_the_empty_rows_wait_behind_a_line_until_the_form_was_sent(desk: Desk) -> None:
    olga = desk("olga")
    before = olga.get("/desk/reception/new/").content.decode()
    first, folded = before.split("<details><summary>Other bodies that receive together</summary>")
    assert 'name="officials-0-body"' in first
    assert 'name="officials-1-body"' in folded.split("</details>")[0]
    sent = olga.post("/desk/reception/new/", said(desks="0")).content.decode()
    assert "<details open><summary>Other bodies that receive together</summary>" in sent


def test_a_day_of_others_cannot_be_changed_or_called_off(desk: Desk) -> None:
    day = published()
    for login in ("otto", "tina", "stella"):
        browser = desk(login)
        assert browser.get(f"/desk/reception/{day.pk}/").status_code == 404
        assert browser.post(f"/desk/reception/{day.pk}/call-off/", {"reason": "x"}).status_code == 404
    Reception.objects.get(called_off="")


def test_a_change_and_a_calling_off_are_what_the_auditor_reads(desk: Desk) -> None:
    browser = desk("olga")
    browser.post("/desk/reception/new/", said())
    day = Reception.objects.get()
    browser.post(f"/desk/reception/{day.pk}/", said(closes="12:00", **{"officials-INITIAL_FORMS": "1"}))
    browser.post(f"/desk/reception/{day.pk}/call-off/", {"reason": "停电检修"})
    told = desk("audrey").get("/desk/audit/changes/").content.decode()
    for words in ("Reception day published", "Reception day changed", "12:00", "called off", "停电检修"):
        assert words in told


def test_the_counter_books_and_gives_back_by_the_reference_alone(desk: Desk) -> None:
    day, filed, browser = published(now=timezone.now()), lodge(now=timezone.now()), desk("olga")
    here = f"/desk/reception/{day.pk}/book/"
    assert browser.post(here, {"ref": filed.ref, "at": "09:30"}).status_code == 302
    assert Booking.objects.get().petition == filed.petition
    # Whoever opens the page again does not see whose it is, only that the hour is gone.
    shown = browser.get(here).content.decode()
    assert filed.ref not in shown
    assert 'value="09:30"' not in shown
    assert browser.post(here, {"ref": filed.ref, "give-back": "yes"}).status_code == 302
    assert not Booking.objects.exists()
    assert browser.post(here, {"ref": "HY-00000-00000", "at": "09:30"}).status_code == 409


def test_todays_list_shows_the_text_only_to_whom_the_petition_is_with(desk: Desk, at: At) -> None:
    day, walk = today_at(), at("lodged")
    assert isinstance(receiving.book(walk.petition, day, time(9, 0), now=dawn()), Booking)
    with_it, without = (desk(login).get("/desk/reception/").content.decode() for login in ("olga", "otto"))
    assert walk.ref in with_it
    assert walk.ref in without
    assert walk.petition.subject in with_it
    assert walk.petition.subject not in without
    assert walk.ref not in desk("tina").get("/desk/reception/").content.decode()


def test_what_was_said_is_written_down_from_the_list_and_followed_up(desk: Desk, at: At) -> None:
    day, walk = today_at(), at("accepted")
    assert isinstance(receiving.book(walk.petition, day, time(9, 0), now=dawn()), Booking)
    today = law.at(timezone.now())[1].isoformat()
    link = f"/desk/p/{walk.ref}/move/record-meeting/?met_on={today}"
    assert link in desk("otto").get("/desk/reception/").content.decode()
    assert link not in desk("olga").get("/desk/reception/").content.decode()  # it waits at the bureau by now
    assert desk("otto").get(link).context["form"]["met_on"].value() == today
    soon = (law.at(timezone.now())[1] + timedelta(days=5)).isoformat()
    promised = [{"task_kind": "remedy", "task_what": "修好路灯", "task_due": soon}]
    walk("record-meeting", "otto", met_on=today, present="李局长", said="三天内修好。", tasks=promised)
    page = desk("otto").get("/desk/reception/")
    assert link not in page.content.decode()
    assert "written down" in page.content.decode()
    assert [(each["petition"].ref, str(each["promised"])) for each in page.context["met"]] == [
        (walk.ref, soon)
    ]
    assert desk("tina").get("/desk/reception/").context["met"] == []


def test_representatives_open_with_an_entry_at_the_desk_of_the_day(desk: Desk, at: At) -> None:
    day, walk = today_at(), at("lodged")
    made = receiving.book(walk.petition, day, time(9, 0), now=dawn(), representatives=["赵一鸣", "钱二宝"])
    assert isinstance(made, Booking)
    before = walk.petition.entries.count()
    answer = desk("olga").post(
        f"/desk/p/{walk.ref}/move/unseal/",
        {"purpose": "contact", "words": "接待", "seen": str(walk.petition.version)},
    )
    shown = answer.content.decode()
    assert "赵一鸣" in shown
    assert "钱二宝" in shown
    assert walk.petition.entries.count() == before + 1


def test_representatives_do_not_open_on_another_day(desk: Desk, at: At) -> None:
    day, walk = published(now=timezone.now()), at("lodged")
    receiving.book(walk.petition, day, time(9, 0), now=timezone.now(), representatives=["赵一鸣"])
    answer = desk("olga").post(
        f"/desk/p/{walk.ref}/move/unseal/",
        {"purpose": "contact", "words": "接待", "seen": str(walk.petition.version)},
    )
    assert "赵一鸣" not in answer.content.decode()


def test_reception_is_for_who_receives_and_who_keeps_the_hours(desk: Desk, cast: Any) -> None:
    seen = {login for login in cast if desk(login).get("/desk/reception/").status_code == 200}
    assert seen == set(cast) - {"sven", "audrey"}
    keeps = {login for login in cast if desk(login).get("/desk/reception/new/").status_code == 200}
    assert keeps == {"olga", "otto", "stella", "ada", "tina", "dora"}
