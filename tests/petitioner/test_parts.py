"""A petition that was split, for its author: one key, each part with its own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import PARTS, Walk, lodge


@pytest.fixture
def split(walk: Walk) -> Walk:
    walk("register", "olga")
    walk("split", "olga", parts=PARTS, reasons="两类")
    return walk


def test_from_the_whole_to_a_part_and_back_without_the_key(
    split: Walk, enter: Callable[[Any], Client]
) -> None:
    client = enter(split)
    claim, report = split.petition.parts.order_by("id")
    page = client.get("/follow/petition/").content.decode()
    assert claim.ref in page
    assert report.ref in page
    assert client.post("/follow/part/", {"part": claim.ref}).status_code == 302
    page = client.get("/follow/petition/").content.decode()
    assert "请修好路灯。" in page
    assert "有人收了钱。" not in page
    client.post("/follow/part/", {"part": split.ref})
    assert "我们小区的路灯坏了三个月" in client.get("/follow/petition/").content.decode()


def test_no_way_leads_to_somebody_elses_petition(split: Walk, enter: Callable[[Any], Client]) -> None:
    client = enter(split)
    assert client.post("/follow/part/", {"part": lodge().ref}).status_code == 404
    assert client.post("/follow/part/", {"part": "\x00"}).status_code == 404
    assert split.ref in client.get("/follow/petition/").content.decode()
    stranger = Client().post("/follow/part/", {"part": split.petition.parts.first().ref})  # type: ignore[union-attr]
    assert stranger.status_code == 302


def test_a_part_hands_out_its_receipt(split: Walk, enter: Callable[[Any], Client]) -> None:
    client = enter(split)
    assert f"ref {split.ref}" in client.get("/follow/petition/receipt/").content.decode()
    claim = split.petition.parts.order_by("id")[0]
    client.post("/follow/part/", {"part": claim.ref})
    assert f"ref {claim.ref}" in client.get("/follow/petition/receipt/").content.decode()


def test_the_key_opens_a_part_by_its_own_reference(split: Walk) -> None:
    claim = split.petition.parts.order_by("id")[0]
    answer = Client().post("/follow/", {"follow_ref": claim.ref, "follow_key": split.key})
    assert answer.status_code == 302


def test_who_was_declined_for_another_bodys_sake_sees_the_term_that_runs_there(
    walk: Walk, enter: Callable[[Any], Client], clockwork: Any
) -> None:
    walk.to("accepted")
    second = Walk(lodge(lodged_before=walk.ref)).to("transferred")
    said = {"ground": "being-handled", "reasons": "正在办理", "redirect": "县住建局", "prior": walk.ref}
    second("decline", "otto", **said)
    page = enter(second).get("/follow/petition/").content.decode()
    assert "正在办理：“办理”" in page or "handles it: “Handling”" in page
    assert "take-up-again" not in page
    walk.later(days=70)
    walk("breach", "clerk", clock="handling")
    page = enter(second).get("/follow/petition/").content.decode()
    assert "take-up-again" in page
