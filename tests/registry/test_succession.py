"""A merged body: its successor takes over everything, once, and no term stops (art. 24.2)."""

from __future__ import annotations

from typing import Any

from huiyin.clerk import successions
from huiyin.registry import access, keeping
from huiyin.registry.models import Accused, Body, Competence
from tests.cast import NOW, Walk, acting_as, lodge


def merged() -> None:
    old, new = Body.objects.get(code="zj"), Body.objects.get(code="jt")
    Competence.objects.create(body=old, subject="住房")
    old.successor = new
    assert keeping.save_body(old, by=None, now=NOW) is None


def test_every_open_petition_moves_once_and_its_terms_go_on(walk: Walk) -> None:
    walk("register", "olga")
    walk("transfer", "olga", body="zj")
    before = list(walk.petition.clocks.values_list("name", "due", "state"))
    merged()
    assert not Body.objects.get(code="zj").active
    assert Competence.objects.filter(body__code="jt", subject="住房").exists()
    assert successions.succeed(NOW) == 1
    assert successions.succeed(NOW) == 0, "what is moved is moved"
    assert walk.petition.holder.code == "jt"
    assert list(walk.petition.clocks.values_list("name", "due", "state")) == before
    assert walk.petition.entries.order_by("-seq")[0].article == "24.2"
    assert access.visible_to(acting_as("tina")).filter(ref=walk.ref).exists()
    walk("accept", "tina")


def test_what_was_promised_moves_along(walk: Walk) -> None:
    walk.to("opinion-served")
    merged()
    successions.succeed(NOW)
    assert (walk.petition.handled_by, walk.petition.tasks.get().body) == ("jt", "jt")


def test_a_report_about_the_old_body_is_kept_from_its_successor(cast: Any) -> None:
    filed = lodge(kind="report", against=("zj",))
    merged()
    codes = Accused.objects.filter(petition__ref=filed.ref).values_list("body__code", flat=True)
    assert set(codes) == {"zj", "jt"}


def test_a_successor_is_another_body_in_service(cast: Any) -> None:
    body = Body.objects.get(code="zj")
    for code in ("zj", "province"):
        body.successor = Body.objects.get(code=code)
        refused = keeping.save_body(body, by=None, now=NOW)
        assert refused is not None
        assert set(refused.fields) == {"successor"}
