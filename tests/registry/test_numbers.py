"""Document numbers run on without gap or double, whoever issues at once, and fall with a move that fails."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry.access import IMPORTER, Acting
from huiyin.registry.models import Body, Entry, Officer, Petition, Series
from huiyin.registry.numbers import CONTENT
from huiyin.registry.perform import perform
from tests.cast import NOW, Walk, lodge

AT_ONCE, EACH = 6, 5


def numbers_of(event: str) -> list[str]:
    return [e.contents[CONTENT] for e in Entry.objects.filter(event=event).order_by("pk")]


def test_each_kind_of_document_of_a_body_has_its_own_series(cast: dict[str, Officer]) -> None:
    Body.objects.filter(code="zj").update(short="青住建")
    for _ in range(2):
        Walk(lodge()).to("opinion-issued")
    assert numbers_of("transferred") == ["县信访局信转〔2026〕1号", "县信访局信转〔2026〕2号"]
    assert numbers_of("accepted") == ["青住建信受〔2026〕1号", "青住建信受〔2026〕2号"]
    assert numbers_of("opinion-issued") == ["青住建信答〔2026〕1号", "青住建信答〔2026〕2号"]


def test_a_new_year_begins_at_one(cast: dict[str, Officer]) -> None:
    Walk(lodge()).to("transferred")
    late = Walk(lodge()).later(days=320)
    late.to("transferred")
    assert numbers_of("transferred") == ["县信访局信转〔2026〕1号", "县信访局信转〔2027〕1号"]


def test_a_refused_move_takes_no_number(walk: Walk) -> None:
    walk.to("registered")
    assert isinstance(walk.ask("transfer", "olga", body="xf"), Refusal)
    walk("transfer", "olga", body="zj")
    assert numbers_of("transferred") == ["县信访局信转〔2026〕1号"]


def test_what_is_imported_was_numbered_where_it_came_from(walk: Walk) -> None:
    walk.to("registered")
    Petition.objects.filter(ref=walk.ref).update(imported=True)
    perform(walk.ref, Move("transfer", {"body": "zj"}), IMPORTER, walk.now)
    assert CONTENT not in walk.petition.entries.latest("seq").contents
    assert not Series.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_those_who_issue_at_once_get_different_numbers_without_a_gap(cast: Any) -> None:
    walks = [Walk(lodge()).to("registered") for _ in range(AT_ONCE * EACH)]
    start, broken = threading.Barrier(AT_ONCE), list[BaseException]()

    def send_on(refs: list[str]) -> None:
        try:
            start.wait()
            for ref in refs:
                made = perform(ref, Move("transfer", {"body": "zj"}), Acting(cast["olga"], NOW.date()), NOW)
                assert isinstance(made, Petition), made
        except BaseException as error:  # noqa: BLE001 - whatever a thread dies of is what this test is about
            broken.append(error)
        finally:
            connections.close_all()

    refs = [walk.ref for walk in walks]
    threads = [threading.Thread(target=send_on, args=(refs[i::AT_ONCE],)) for i in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    given = sorted(int(n.removesuffix("号").rpartition("〕")[2]) for n in numbers_of("transferred"))
    assert given == list(range(1, AT_ONCE * EACH + 1))
