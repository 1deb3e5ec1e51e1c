"""Two clerks and two couriers at the same time do everything once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connections

from huiyin.clerk.courier import deliver
from huiyin.clerk.loop import Clerk
from huiyin.registry.board_round import count
from huiyin.registry.models import BoardRound, Clock, Entry, Outbox, Petition
from tests.cast import NOW, lodge

THREADS, PETITIONS = 4, 15
LATE = NOW + timedelta(days=16)


def together(work: Callable[[], Any]) -> list[BaseException]:
    """Start the same work in several threads at the same moment; answer what they died of."""
    start = threading.Barrier(THREADS)
    broken: list[BaseException] = []

    def begin() -> None:
        try:
            start.wait()
            work()
        except BaseException as error:  # noqa: BLE001 - whatever a thread dies of is what this test is about
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return broken


@pytest.mark.django_db(transaction=True)
def test_many_at_once_breach_remind_and_send_once(cast: Any) -> None:
    for _ in range(PETITIONS):
        lodge()
    near = [lodge(now=NOW + timedelta(days=4)) for _ in range(PETITIONS)]

    def house() -> None:
        Clerk().look(LATE)
        deliver(LATE)

    assert together(house) == []
    assert Entry.objects.filter(event="clock-missed").count() == PETITIONS
    assert Clock.objects.filter(state="missed").count() == PETITIONS
    reminders = Outbox.objects.filter(notice="reminder")
    assert {row.petition_id for row in reminders} == {filed.petition.pk for filed in near}
    assert reminders.count() == PETITIONS
    deliver(LATE)  # what one thread wrote after the last look of another
    assert not Outbox.objects.filter(sent_at=None).exists()
    told = Counter(message.extra_headers["Message-ID"] for message in mail.outbox)
    assert set(told.values()) == {1}
    assert len(told) == Outbox.objects.count()
    authors = Outbox.objects.filter(audience="author").count()
    assert Entry.objects.filter(event="notice-sent").count() == authors
    for petition in Petition.objects.all():
        assert [entry.seq for entry in petition.entries.all()] == list(range(1, petition.version + 1))


@pytest.mark.django_db(transaction=True)
def test_all_who_begin_to_count_the_boards_at_one_moment_hold_one_row(cast: Any) -> None:
    lodge()
    for _ in range(5):
        BoardRound.objects.all().delete()
        assert together(lambda: count(LATE)) == []
        assert BoardRound.objects.get().counted_at is not None
