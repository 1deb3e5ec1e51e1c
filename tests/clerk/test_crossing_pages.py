"""What officers, administrators and authors read of hand-overs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.clerk import handing_over, hooks, publishing
from huiyin.core import notes
from huiyin.core.handover import Card
from huiyin.core.refusal import FIELD_REASONS, Refusal
from huiyin.registry import partners
from huiyin.registry.models import Body, Change, Crossing, Partner, PartnerMessage
from tests.cast import NOW, Walk, lodge
from tests.clerk.partners import Line, author, round_of, sent_out, signed_in, theirs

KEY = notes.verifier_key("c.example.test", notes.public_of(b"c" * 32))
CARD = Card("c.example.test", "https://c.example.test", KEY, "ab" * 32)


# ---- who they are


def test_an_administrator_gets_to_know_another_by_its_card(cast: Any, monkeypatch: Any) -> None:
    ada = signed_in(cast, "ada")
    said = {"name_zh": "丙县", "name_en": "County C", "card": CARD.text}
    monkeypatch.setattr(hooks, "found", lambda _parts: "192.0.2.1")  # its name leads somewhere
    assert ada.post("/desk/partners/", said).status_code == 302
    known = Partner.objects.get()
    assert (known.origin, known.url, known.until) == ("c.example.test", "https://c.example.test", None)
    assert Change.objects.get().what["did"] == "partner-added"
    page = ada.get("/desk/partners/").content.decode()
    assert "丙县" in page
    assert partners.our_card().log_key in page


@pytest.mark.parametrize(
    "text", ["", "hello", CARD.text.replace("abab", "xyxy"), CARD.text.replace("https", "ftp")]
)
def test_a_card_that_cannot_be_used_is_refused_in_words(cast: Any, text: str) -> None:
    said = {"name_zh": "丙县", "card": text}
    assert signed_in(cast, "ada").post("/desk/partners/", said).status_code == 400
    assert not Partner.objects.exists()


def test_which_body_stands_for_which_is_said_and_undone(cast: Any, partner: Partner) -> None:
    ada, body = signed_in(cast, "ada"), Body.objects.get(code="province")
    said = {"body": body.pk, "partner": partner.pk, "code": "top"}
    assert ada.post("/desk/partners/body/", said).status_code == 302
    body.refresh_from_db()
    assert (body.partner, body.partner_code) == (partner, "top")
    ada.post("/desk/partners/body/", said | {"code": ""})
    body.refresh_from_db()
    assert (body.partner, body.partner_code) == (None, "")


def test_one_that_has_ended_gets_and_gives_nothing_more(cast: Any, line: Line, partner: Partner) -> None:
    ada = signed_in(cast, "ada")
    assert "sure" in ada.post(f"/desk/partners/{partner.pk}/end/").content.decode()
    ada.post(f"/desk/partners/{partner.pk}/end/", {"sure": "1"})
    partner.refresh_from_db()
    assert partner.until is not None
    walk = Walk(lodge())
    walk("register", "olga")
    page = signed_in(cast, "olga").get(f"/desk/p/{walk.ref}/move/transfer/").content.decode()
    assert "县交通局" in page
    assert 'value="far"' not in page.partition('name="body"')[2][:5000].split("</fieldset>")[0]
    made = walk.ask("transfer", "olga", body="far")
    assert isinstance(made, Refusal)
    assert made.fields == {"body": FIELD_REASONS["body"]}


@pytest.mark.parametrize("login", ["olga", "sven", "audrey"])
def test_only_an_administrator_keeps_them(cast: Any, login: str) -> None:
    assert signed_in(cast, login).get("/desk/partners/").status_code == 404


# ---- how they stand


def test_who_sends_chooses_the_body_like_any_other(cast: Any, line: Line) -> None:
    walk = sent_out()
    walk("call-back", "olga", reasons="先看一下")
    olga = signed_in(cast, "olga")
    assert "邻县住建局" in olga.get(f"/desk/p/{walk.ref}/move/transfer/").content.decode()


def test_officers_see_theirs_and_what_stands_in_the_way(cast: Any, line: Line) -> None:
    walk = sent_out()
    line.broken = lambda _n: TimeoutError()
    publishing.publish(NOW)
    handing_over.look(NOW)
    page = signed_in(cast, "olga").get("/desk/hand-overs/").content.decode()
    assert walk.ref in page
    assert "没有应答" in page
    assert walk.ref not in signed_in(cast, "tina").get("/desk/hand-overs/").content.decode()
    # An administrator sees that it is stuck, and not whose it is.
    told = signed_in(cast, "ada").get("/desk/hand-overs/").content.decode()
    assert "没有应答" in told
    assert walk.ref not in told


def test_what_was_given_up_is_tried_again_when_somebody_says_so(cast: Any, line: Line) -> None:
    walk = sent_out()
    line.broken = lambda _n: TimeoutError()
    publishing.publish(NOW)
    handing_over.look(NOW)
    PartnerMessage.objects.update(next_at=None, attempts=13)
    crossing = Crossing.objects.get()
    assert signed_in(cast, "tina").post(f"/desk/hand-overs/{crossing.pk}/again/").status_code == 404
    assert signed_in(cast, "olga").post(f"/desk/hand-overs/{crossing.pk}/again/").status_code == 302
    line.broken = lambda _n: None
    line.now = NOW + timedelta(days=1)
    round_of(PartnerMessage.objects.get().next_at or NOW)
    assert walk.petition.state in {"crossing", "crossed"}
    assert Crossing.objects.get(incoming=False).state != partners.BEGUN


def test_the_page_asks_as_often_for_many_as_for_one(cast: Any, line: Line) -> None:
    olga = signed_in(cast, "olga")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert olga.get("/desk/hand-overs/").status_code == 200
        return len(queries)

    sent_out()
    round_of()
    asked()
    once = asked()
    for _ in range(4):
        sent_out()
    round_of()
    assert asked() == once


def test_its_handlers_there_read_the_file_that_came_with_it(cast: Any, line: Line) -> None:
    walk = sent_out()
    round_of()
    there = theirs(walk)
    page = signed_in(cast, "otto").get(f"/desk/p/{there.ref}/").content.decode()
    kept = there.attachments.get(entry_seq=0)
    assert f"/desk/p/{there.ref}/file/{kept.pk}/" in page
    assert "路灯坏了" in page


# ---- what the author reads


def test_the_author_reads_what_left_to_whom_and_where_it_goes_on(line: Line) -> None:
    walk = sent_out()
    page = author(walk).get("/follow/petition/").content.decode()
    assert "邻县信访系统" in page
    round_of()
    there = theirs(walk)
    client = author(walk)
    page = client.get("/follow/petition/").content.decode()
    for said in (there.ref, "http://partner.example.test/follow/", "封存的身份和联系方式"):
        assert said in page
    crossing = Crossing.objects.get(incoming=False)
    receipt = client.get(f"/follow/petition/other/{crossing.pk}/").content.decode()
    assert receipt.startswith("huiyin-receipt/")
    assert f"ref {there.ref}" in receipt


def test_the_author_goes_on_there_with_the_same_key(line: Line) -> None:
    walk = sent_out()
    round_of()
    there = theirs(walk)
    page = author(walk, there.ref).get("/follow/petition/").content.decode()
    assert there.subject in page
    assert walk.ref in page


def test_nobody_else_gets_that_receipt(line: Line) -> None:
    walk, other = sent_out(), sent_out()
    round_of()
    mine = Crossing.objects.get(incoming=False, petition=walk.petition)
    assert author(other).get(f"/follow/petition/other/{mine.pk}/").status_code == 404


def test_while_it_is_on_its_way_nothing_can_be_added_and_nothing_is_lost(line: Line) -> None:
    walk = sent_out()
    client = author(walk)
    assert "add-information" not in client.get("/follow/petition/").content.decode()
    round_of()
    there = Walk(type("As", (), {"ref": theirs(walk).ref, "key": walk.key}))  # type: ignore[arg-type]
    assert there("add-information", "author", information="又坏了一盏").state == "transferred"
