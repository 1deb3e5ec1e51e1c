"""Two who act at once: exactly one moves, the others are told politely, nobody gets an exception."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connections

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.registry.access import Acting
from huiyin.registry.models import Clock, Entry, Officer, Petition
from huiyin.registry.perform import perform
from tests.cast import NOW, Walk, lodge

THREADS, PETITIONS = 8, 100
POLITE = {"moved-meanwhile", "wrong-state"}


def race(
    move: Move, refs: list[str], officer: Officer
) -> tuple[Counter[tuple[str, str]], list[BaseException]]:
    """Every thread tries the same move on every petition, all of them on the same one at the same time."""
    start = threading.Barrier(THREADS)
    said: Counter[tuple[str, str]] = Counter()
    broken: list[BaseException] = []

    def try_all() -> None:
        try:
            acting = Acting(officer, NOW.date())
            for ref in refs:
                start.wait()
                made = perform(ref, move, acting, NOW)
                said[ref, made.code if isinstance(made, Refusal) else "moved"] += 1
        except BaseException as error:  # noqa: BLE001 - whatever a thread dies of is what this test is about
            broken.append(error)
            start.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_all) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said, broken


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_act_at_once_on_each_of_a_hundred_petitions_exactly_one_moves(cast: Any) -> None:
    refs = [lodge().ref for _ in range(PETITIONS)]
    said, broken = race(Move("register"), refs, cast["olga"])
    assert broken == []
    assert {ref for ref, code in said if code == "moved"} == set(refs)
    assert all(said[ref, "moved"] == 1 for ref in refs)
    assert sum(said.values()) == THREADS * PETITIONS
    assert {code for _, code in said} - {"moved"} <= POLITE
    assert set(Petition.objects.values_list("state", "version")) == {("registered", 2)}
    assert Entry.objects.filter(event="registered").count() == PETITIONS
    assert not Clock.objects.exclude(name="sort").exists()


@pytest.mark.django_db(transaction=True)
def test_those_who_lose_leave_nothing_behind(cast: Any) -> None:
    walk = Walk(lodge()).to("registered")
    said, broken = race(Move("transfer", {"body": "zj"}), [walk.ref], cast["olga"])
    assert broken == []
    assert said[walk.ref, "moved"] == 1
    assert [e.seq for e in walk.petition.entries.all()] == [1, 2, 3]
    assert walk.petition.holdings.count() == 2
