"""Many who want the same hour: as many get it as there are desks, the others are told politely."""

from __future__ import annotations

import threading
from datetime import time
from typing import Any

import pytest
from django.db import connections

from huiyin.core.refusal import Refusal
from huiyin.registry import receiving
from huiyin.registry.models import Booking, Petition, Reception
from tests.cast import NOW, lodge
from tests.registry.days import published

THREADS, DESKS = 6, 2


@pytest.mark.django_db(transaction=True)
def test_of_six_who_want_the_same_hour_as_many_get_it_as_there_are_desks(cast: Any) -> None:
    day, petitions = published(desks=DESKS), [lodge().petition for _ in range(THREADS)]
    start = threading.Barrier(THREADS)
    answers: list[Booking | Refusal | BaseException] = []

    def book(petition: Petition, day: Reception) -> None:
        try:
            start.wait()
            answers.append(receiving.book(petition, day, time(9, 0), now=NOW))
        except BaseException as error:  # noqa: BLE001 - whatever a thread dies of is what this test is about
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=book, args=(petition, day)) for petition in petitions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, Booking) for answer in answers) == DESKS
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [r.reason for r in refused] == [receiving.SLOT_TAKEN] * (THREADS - DESKS)
    assert sorted(Booking.objects.values_list("desk", flat=True)) == list(range(1, DESKS + 1))
