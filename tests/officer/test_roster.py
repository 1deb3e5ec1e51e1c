"""The roster on the desk: kept by registrars and administrators, read by who works there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from huiyin.registry import law
from huiyin.registry.models import Body, Duty, HandOver, Officer
from tests.cast import Walk

Desk = Callable[..., Client]


def duty() -> dict[str, str]:
    day = law.at(timezone.now())[1] + timedelta(days=2)
    return {
        "body": str(Body.objects.get(code="zj").pk),
        "post": "place",
        "day": day.isoformat(),
        "opens": "09:00",
        "closes": "12:00",
        "officer": str(Officer.objects.get(login="hedda").pk),
    }


def test_a_registrar_keeps_the_roster_that_colleagues_read(desk: Desk) -> None:
    otto = desk("otto")
    assert otto.post("/desk/roster/", duty()).status_code == 302
    assert otto.post("/desk/roster/", duty()).status_code == 400
    assert "Hedda" in desk("hedda").get("/desk/roster/").content.decode()
    assert "Hedda" not in desk("tina").get("/desk/roster/").content.decode()
    number = Duty.objects.get().pk
    assert desk("tina").post(f"/desk/roster/{number}/take-off/").status_code == 404
    assert desk("hedda").post(f"/desk/roster/{number}/take-off/").status_code == 404
    assert otto.post(f"/desk/roster/{number}/take-off/").status_code == 302
    assert not Duty.objects.exists()


def test_a_reference_is_left_and_looked_at(desk: Desk, at: Callable[..., Walk]) -> None:
    walk, otto = at("accepted"), desk("otto")
    zj = Body.objects.get(code="zj").pk
    assert otto.post("/desk/roster/leave/", {"body": zj, "ref": "HY-00000-00000"}).status_code == 400
    assert otto.post("/desk/roster/leave/", {"body": zj, "ref": walk.ref}).status_code == 302
    left = HandOver.objects.get()
    assert walk.ref in desk("hedda").get("/desk/roster/").content.decode()
    desk("hedda").post(f"/desk/roster/left/{left.pk}/")
    assert not HandOver.objects.exists()
