"""Leading at the desk: old cases, conferences, and the letters that wait for a leader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from huiyin.registry import law
from huiyin.registry.models import AgendaItem, Body, Conference, Officer, Role
from tests.cast import Walk

Desk = Callable[..., Client]
At = Callable[..., Walk]


def test_from_the_backlog_onto_an_agenda_and_to_a_decision_on_the_petition(desk: Desk, at: At) -> None:
    walk, young, hedda = at("accepted", days=100), at("accepted", days=10), desk("hedda")
    today = law.at(timezone.now())[1]
    sent = {
        "body": str(Body.objects.get(code="zj").pk),
        "day": today.isoformat(),
        "opens": "09:00",
        "place": "会议室",
        "present": "住建局、交通局",
    }
    assert hedda.post("/desk/conferences/", sent | {"day": "2020-01-01"}).status_code == 400
    assert hedda.post("/desk/conferences/", sent).status_code == 302
    conference = Conference.objects.get()
    page = hedda.get("/desk/backlog/").content.decode()
    assert walk.ref in page
    assert young.ref not in page
    chosen = {"conference": conference.pk, "ref": [walk.ref, young.ref]}
    hedda.post("/desk/backlog/agenda/", chosen)
    assert [item.petition for item in AgendaItem.objects.all()] == [walk.petition]
    shown = hedda.get(f"/desk/conferences/{conference.pk}/").content.decode()
    assert f"/desk/p/{walk.ref}/move/confer/" in shown
    form = hedda.get(f"/desk/p/{walk.ref}/move/confer/?met_on={today}&present=住建局").content.decode()
    assert f'value="{today}"' in form
    hedda.post(f"/desk/conferences/{conference.pk}/conclude/", {"sure": "1"})
    assert AgendaItem.objects.exists()  # not before the decision is on record
    walk.later(days=100)
    walk("confer", "hedda", met_on=today.isoformat(), present="住建局", minutes="会商", decision="换电缆")
    assert "taken apart" in hedda.post(f"/desk/conferences/{conference.pk}/conclude/").content.decode()
    assert AgendaItem.objects.exists()
    hedda.post(f"/desk/conferences/{conference.pk}/conclude/", {"sure": "1"})
    assert not AgendaItem.objects.exists()


def test_leading_is_for_heads_and_leaders_of_their_own_bodies(
    desk: Desk, at: At, cast: dict[str, Officer]
) -> None:
    at("accepted", days=100)
    zj = Body.objects.get(code="zj")
    made = Conference.objects.create(
        body=zj, day=law.at(timezone.now())[1] + timedelta(days=1), opens="09:00", place="会议室"
    )
    for address in ("/desk/conferences/", f"/desk/conferences/{made.pk}/"):
        allowed = {login for login in cast if desk(login).get(address).status_code == 200}
        assert allowed == {"hedda"}, address


def test_letters_to_a_leader(desk: Desk, at: At) -> None:
    walk = at("accepted")
    assert desk("hedda").get("/desk/mailbox/").status_code == 404
    Role.objects.create(
        officer=Officer.objects.get(login="hedda"), body=Body.objects.get(code="zj"), role="leader"
    )
    assert walk.ref in desk("hedda").get("/desk/mailbox/").content.decode()
    walk("leader-reads", "hedda")
    assert walk.ref not in desk("hedda").get("/desk/mailbox/").content.decode()
