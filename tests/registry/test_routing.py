"""Who takes in what names no body is asked for once a second, not for each petition."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from huiyin.registry import keeping, routing
from huiyin.registry.models import Body
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("bodies")


def receiver() -> Body | None:
    found = routing.receiver("claim", "", ())
    return found.body if isinstance(found, routing.Routed) else None


def usual() -> Body:
    found = receiver()
    assert found is not None
    return found


def test_the_usual_receiver_is_asked_for_once(django_assert_num_queries: object) -> None:
    first = usual()
    with django_assert_num_queries(0):  # type: ignore[operator]
        again = usual()
    assert again == first
    assert again is not first  # each request has its own
    again.name_en = "changed by one request"
    assert usual().name_en == first.name_en
    assert not again._state.adding
    assert again.superior == first.superior


def test_a_body_that_is_closed_here_receives_nothing_more() -> None:
    before = usual()
    before.receives = False
    before.save()
    assert receiver() != before


def test_bodies_closed_many_at_once_receive_nothing_more() -> None:
    before = usual()
    assert keeping.close_unused([before], by=None, now=NOW) is None
    assert receiver() != before


def test_what_another_process_closed_receives_nothing_a_second_later(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(routing, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    before = usual()
    Body.objects.filter(pk=before.pk).update(active=False)
    clock[0] += routing.FRESH
    assert receiver() != before
