"""Between bodies: a transfer ends when it is taken, a dispute when it is decided, and the lead answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from huiyin.clerk.sweep import sweep
from huiyin.core.refusal import Refusal
from huiyin.registry import access, between
from huiyin.registry.models import Body, Holding, Officer
from tests.cast import OPINION, REQUESTS, Walk, acting_as

REASONS = {"reasons": "权责清单第 41 项"}


def sent(walk: Walk) -> Walk:
    walk("register", "olga")
    walk("transfer", "olga", body="zj")
    return walk


def refs(rows: Any) -> list[str]:
    return [row.ref for row in rows]


def test_what_is_sent_is_owed_until_the_receiver_takes_it(walk: Walk) -> None:
    sent(walk)
    assert refs(between.sent_by(acting_as("olga"))) == [walk.ref]
    assert refs(between.sent_by(acting_as("otto"))) == [], "the receiver sent nothing"
    walk("take-over", "otto")
    assert refs(between.sent_by(acting_as("olga"))) == []
    refused = walk.ask("object", "otto", **REASONS)
    assert isinstance(refused, Refusal), "what was taken is not objected to"


def test_accepting_takes_it_and_silence_of_five_working_days_takes_it(walk: Walk) -> None:
    sent(walk)("accept", "otto")
    assert not walk.petition.marks.get("sent")


def test_silence_takes_it(walk: Walk) -> None:
    sent(walk)
    assert walk.petition.marks["sent"]
    sweep(walk.now + timedelta(days=8))
    assert not walk.petition.marks.get("sent")
    assert walk.petition.state == "transferred"


def test_an_objection_ends_it_only_when_the_sender_agrees(walk: Walk) -> None:
    sent(walk)("object", "otto", **REASONS)
    assert walk.petition.marks["sent"]
    walk("return", "olga", **REASONS)
    assert (walk.petition.marks.get("sent"), walk.petition.marks["returned"]) == (None, 1)


def test_sent_back_twice_goes_to_the_superior_who_decides(walk: Walk) -> None:
    walk("register", "olga")
    for body, officer in (("zj", "otto"), ("jt", "tina")):
        assert refs(between.bounced(acting_as("sven"))) == []
        assert isinstance(walk.ask("settle-competence", "sven", body="zj", **REASONS), Refusal)
        walk("transfer", "olga", body=body)
        walk("object", officer, **REASONS)
        walk("return", "olga", **REASONS)
    assert refs(between.bounced(acting_as("sven"))) == [walk.ref]
    made = walk("settle-competence", "sven", body="zj", **REASONS)
    assert (made.holder.code, made.state) == ("zj", "transferred")
    entry = made.entries.order_by("-seq").first()
    assert entry is not None
    assert (entry.role, entry.body) == ("supervisor", "xian")
    assert isinstance(walk.ask("object", "otto", **REASONS), Refusal), "what was decided is not objected to"


def test_the_nearest_body_above_both_decides_a_dispute_and_the_terms_go_on(walk: Walk) -> None:
    sent(walk)
    before = walk.petition.clocks.get(name="notice").due
    made = walk("raise-dispute", "otto", body="jt", **REASONS)
    assert (made.state, made.holder.code) == ("disputed", "xian")
    assert refs(between.to_decide(acting_as("rita"))) == [walk.ref]
    running = made.clocks.get(name="notice")
    assert (running.state, running.due) == ("running", before), "a dispute is nobody's excuse"
    assert made.clocks.get(name="settle").kind == "house"
    made = walk("settle-competence", "rita", body="jt", **REASONS)
    assert (made.state, made.holder.code, made.other) == ("transferred", "jt", None)
    assert made.clocks.get(name="notice").due == before
    walk("accept", "tina")


def test_without_a_body_above_both_the_joint_conference_decides(walk: Walk) -> None:
    line = Body.objects.create(
        code="line", name_zh="部", name_en="Ministry", kind="organ", level="nation", external=True
    )
    far = Body.objects.create(
        code="far", name_zh="分局", name_en="Branch", kind="organ", level="county", superior=line
    )
    sent(walk)
    refused = walk.ask("raise-dispute", "otto", body=far.code, **REASONS)
    assert isinstance(refused, Refusal)
    assert refused.code == "no-arbiter"
    for code, above in (("city-lx", "shi"), ("county-lx", "xian")):
        Body.objects.create(
            code=code,
            name_zh="联席会议",
            name_en="Conference",
            kind="conference",
            level="county",
            superior=Body.objects.get(code=above),
        )
    made = walk("raise-dispute", "otto", body=far.code, **REASONS)
    assert made.holder.code == "county-lx", "the one that stands nearest"


def test_a_report_is_no_matter_of_dispute_between_bodies(cast: Any) -> None:
    from tests.cast import lodge

    walk = Walk(lodge(kind="report"))
    offered = {
        verb for verb in ("raise-dispute", "call-in") if not isinstance(walk.ask(verb, "dora"), Refusal)
    }
    assert offered == set()


def led(walk: Walk) -> Walk:
    sent(walk)("accept", "otto", requests=REQUESTS)
    term = (walk.today + timedelta(days=10)).isoformat()
    walk("call-in", "otto", body="jt", share="路面状况", term=term)
    return walk


def test_a_body_that_is_called_in_sees_the_file_and_owes_its_part(walk: Walk) -> None:
    assert not access.visible_to(acting_as("tina")).exists()
    led(walk)
    assert access.visible_to(acting_as("tina")).filter(ref=walk.ref).exists()
    [owed] = between.asked_of(acting_as("tina"))
    assert (owed.petition.ref, owed.body.code) == (walk.ref, "jt")
    clock = walk.petition.clocks.get(name="contribution")
    assert (clock.kind, clock.due) == ("order", owed.owes_by)
    walk("contribute", "tina", contribution="路面已经测量")
    assert list(between.asked_of(acting_as("tina"))) == []
    assert isinstance(walk.ask("contribute", "tina", contribution="再来一次"), Refusal)


def test_one_lead_answers_and_not_before_the_others_gave_their_part(walk: Walk) -> None:
    led(walk).signed()
    refused = walk.ask("issue-opinion", "otto", **OPINION)
    assert isinstance(refused, Refusal)
    assert refused.code == "contribution-owed"
    for verb in ("submit-opinion", "issue-opinion", "extend", "call-in"):
        assert isinstance(walk.ask(verb, "tina", **OPINION), Refusal), "who is called in does not lead"
    assert isinstance(walk.ask("go-on-without", "otto", **REASONS), Refusal), "it is not late yet"
    walk.later(days=12)
    walk("go-on-without", "otto", **REASONS)
    assert walk.petition.clocks.get(name="contribution").state == "missed"
    assert Holding.objects.get(petition=walk.petition, body__code="jt").owes_by is None
    walk("issue-opinion", "otto", **OPINION)


def test_the_desk_shows_what_waits_between_bodies(client: Client, walk: Walk) -> None:
    led(walk)
    client.force_login(Officer.objects.get(login="tina"))
    shown = client.get("/desk/between/").content.decode()
    assert "路灯坏了" in shown
    client.force_login(Officer.objects.get(login="ada"))
    assert client.get("/desk/between/").status_code == 404


def test_a_dispute_that_nobody_decides_goes_one_body_higher(walk: Walk) -> None:
    sent(walk)("raise-dispute", "otto", body="jt", **REASONS)
    sweep(walk.now + timedelta(days=9))
    assert (walk.petition.state, walk.petition.holder.code) == ("disputed", "shi")
    walk.later(days=9)
    made = walk("settle-competence", "rolf", body="zj", **REASONS)
    assert made.holder.code == "zj"
