"""What an operator changes by hand, `huiyin check` names: which petition, which step, which line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from huiyin.clerk import checking, counting, numbering
from huiyin.core import cohorts
from huiyin.registry import logfiles
from huiyin.registry.models import Body, Clock, Count, Entry, Head, Petition
from tests.cast import NOW, Walk, lodge
from tests.clerk import logs
from tests.clerk.test_counting import APRIL, K

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture
def answered(walk: Walk) -> Walk:
    walk.to("opinion-served")
    logs.look(walk.now)
    return walk


def found(now: object = NOW) -> list[str]:
    return [text.en for text in checking.check(now)]  # type: ignore[arg-type]


def test_what_nobody_touched_holds(answered: Walk) -> None:
    told: list[int] = []
    assert list(checking.check(answered.now, told.append)) == []
    assert sum(told) == checking.how_many()


def backdate(walk: Walk) -> str:
    """Late is made to look in time."""
    Clock.objects.filter(petition__ref=walk.ref, name="handling").update(due=walk.today + timedelta(days=9))
    return "its clock handling"


def start_later(walk: Walk) -> str:
    Clock.objects.filter(petition__ref=walk.ref, name="sort").update(start=walk.today + timedelta(days=1))
    return "its clock sort"


def delete_clock(walk: Walk) -> str:
    Clock.objects.filter(petition__ref=walk.ref, name="sort").delete()
    return "its clock sort was deleted"


def redate_entry(walk: Walk) -> str:
    Entry.objects.filter(petition__ref=walk.ref, seq=2).update(recorded_at=NOW - timedelta(days=9))
    return "step 2: it is not what was put on record"


def reword_entry(walk: Walk) -> str:
    Entry.objects.filter(petition__ref=walk.ref, seq=3).update(contents={"reasons": "改过"})
    return "step 3: it is not what was put on record"


def forge_line(walk: Walk) -> str:
    Entry.objects.filter(petition__ref=walk.ref, seq=1).update(public=b"huiyin-entry/2\n")
    return "its row says something else"


def delete_step(walk: Walk) -> str:
    Entry.objects.filter(petition__ref=walk.ref, seq=2).delete()
    return "its steps have a gap"


def change_state(walk: Walk) -> str:
    Petition.objects.filter(ref=walk.ref).update(state="lapsed")
    return "its state is not the one"


def delete_petition(walk: Walk) -> str:
    pk = walk.petition.pk
    with connection.cursor() as cursor:
        for table in ("outbox", "entry"):
            cursor.execute(f"DELETE FROM registry_{table} WHERE petition_id = %s", [pk])
    return "its row is gone"


def rewrite_head(walk: Walk) -> str:
    Head.objects.update(root=bytes(32))
    return "head"


def damage_tile(walk: Walk) -> str:
    path = next(p for p in (logfiles.folder() / "tile/entries").rglob("*") if p.is_file())
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    return "damaged"


ATTACKS = (
    *(backdate, start_later, delete_clock, redate_entry, reword_entry, forge_line),
    *(delete_step, change_state, delete_petition, rewrite_head, damage_tile),
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_what_was_changed_by_hand_is_named(answered: Walk, attack: Callable[[Walk], str]) -> None:
    said = attack(answered)
    assert any(said in wrong for wrong in found(answered.now)), found(answered.now)


def test_a_line_that_no_head_covers_in_time_is_late(walk: Walk) -> None:
    assert found(NOW + timedelta(hours=23)) == []
    [wrong] = found(NOW + timedelta(hours=25))
    assert "in spite of the promise" in wrong
    logs.look(NOW + timedelta(hours=30))
    [wrong] = found(NOW + timedelta(hours=31))
    assert "later than promised" in wrong


def test_a_false_count_is_named(walk: Walk) -> None:
    for _ in range(K):
        lodge()
    counting.count(APRIL)
    numbering.number()
    row = Count.objects.order_by("pk").first()
    assert row is not None
    count = cohorts.read(bytes(row.public))
    row.public = cohorts.Count(count.cohort, ("began", "met"), count.commitment).to_bytes()
    row.save()
    assert any("is false (standing)" in wrong for wrong in found(APRIL))


def test_a_count_that_was_left_out_is_named(walk: Walk) -> None:
    for _ in range(K):
        lodge()
    counting.count(APRIL)
    Count.objects.order_by("pk")[:1].get().delete()
    assert any("a count of its clock sort is missing" in wrong for wrong in found(APRIL))


def test_what_came_to_a_body_while_it_was_closed_is_named(walk: Walk) -> None:
    logs.look(walk.now)
    body = walk.petition.holder
    Body.objects.filter(pk=body.pk).update(active=False)
    where = f"is with {body.code}, which is out of service, so nobody handles it"
    said = f"{walk.ref}: {where}: name its successor"
    assert found(walk.now) == [said]
    Body.objects.filter(pk=body.pk).update(successor=Body.objects.get(code="zj"))
    assert found(walk.now) == []
