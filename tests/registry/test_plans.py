"""What is asked again and again must not read a whole table: the plans that PostgreSQL makes for it.

A few petitions are filed and moved, and copied by the database until reading all of them would cost more than
any index.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.clerk import batches, numbering, reminders, sweep
from huiyin.doors.officer import inbox, sifting
from huiyin.registry import board_counted, board_round, extensions, measured_counted, watched
from huiyin.registry.models import BoardShare, Entry, Officer
from tests.cast import Walk, acting_as, lodge

pytestmark = pytest.mark.postgres

COPIES = 1500  # of each petition
OWN = {  # what must differ from copy to copy
    "registry_petition": {"ref": "'HY-' || md5(t.id || '/' || n)::varchar(14)"},
    "registry_entry": {"number": "t.id * 1000000 + n"},
}
LARGE = (
    "registry_petition",
    "registry_clock",
    "registry_entry",
    "registry_outbox",
    "registry_holding",
    "registry_indexed",
)
SHARES = "registry_boardshare"  # what each petition adds to the boards


@pytest.fixture
def large(cast: dict[str, Officer]) -> Walk:
    """Some thousands of petitions, nine tenths of them closed; answers one that waits at `zj`."""
    then = timezone.now() - timedelta(days=3)
    walks = [
        Walk(lodge(now=then, text="楼顶漏水，物业推诿。"), then + timedelta(seconds=1)) for _ in range(2)
    ]
    for walk, state in zip(walks, ("accepted", "opinion-served"), strict=True):
        walk.to(state)
    reminders.remind(walks[0].now + timedelta(days=60))
    with connection.cursor() as cursor:
        for table in LARGE:
            cursor.execute(_copying(cursor, table))
        cursor.execute(
            "UPDATE registry_petition SET is_open = false, next_due = NULL, state = 'closed-final',"
            " remedy = ''"
            " WHERE id %% 10 > 0 AND id <> ALL(%s)",
            [[walk.petition.pk for walk in walks]],
        )
        cursor.execute(
            "UPDATE registry_clock SET state = 'met', ended = due WHERE petition_id IN"
            " (SELECT id FROM registry_petition WHERE NOT is_open)"
        )
        cursor.execute("UPDATE registry_outbox SET sent_at = created_at")
        for table in LARGE:
            cursor.execute(f"ANALYZE {table}")
    return walks[0]


def _copying(cursor: Any, table: str) -> str:
    """INSERT … SELECT of copies; a copy's number is that of its model times a million, and its own."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [table],
    )
    names = [name for (name,) in cursor.fetchall()]
    its = {name: f't."{name}"' for name in names} | OWN.get(table, {})
    its |= {name: f"t.{name} * 1000000 + n" for name in ("id", "petition_id", "entry_id") if name in names}
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(its[name] for name in names)
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t, generate_series(1, {COPIES}) n"


def plans(ask: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each part of the plan of each SELECT that is asked, with its statement."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    for query in list(asked.captured_queries):
        if query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (FORMAT JSON) " + query["sql"].replace("%", "%%"), [])
                made = cursor.fetchone()[0]
            made = json.loads(made) if isinstance(made, str) else made
            yield from ((query["sql"], part) for part in _parts(made[0]["Plan"]))


def _parts(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from _parts(each)


def indexes_of(ask: Any) -> set[str]:
    """The indexes that are used; nothing large is read whole."""
    used = set()
    for statement, part in plans(ask):
        read_whole = part["Node Type"] == "Seq Scan" and part["Relation Name"] in {*LARGE, SHARES}
        assert not read_whole, f"reads all of {part.get('Relation Name')}: {statement}"
        used.add(part.get("Index Name", ""))
    return used


def test_what_is_asked_again_and_again_reads_no_table_whole(large: Walk) -> None:
    """One registry for all of them: to fill it takes longer than to ask."""
    _inbox(large)
    _clerk(large)
    _boards(large)


def _inbox(large: Walk) -> None:
    acting = acting_as("otto")
    choices: tuple[dict[str, str], ...] = (
        *({}, {"sort": "newest"}, {"sort": "moved"}, {"due": "late"}, {"status": "serve"}, {"who": "mine"}),
        *({"state": "accepted"}, {"kind": "suggestion"}, {"status": "elsewhere"}),
    )
    for wanted in choices:
        found = inbox.with_news(sifting.sifted(acting, wanted), acting.officer)
        used = indexes_of(lambda found=found: list(found[: inbox.A_PAGE]))
        assert wanted or "reminder_once" in used, used  # the reminders of fifty lines
    indexes_of(lambda: sifting.quick_choices(acting, {}))


def _clerk(large: Walk) -> None:
    today = large.today
    assert "clock_by_due" in indexes_of(lambda: list(batches.by_day(sweep.over(today), "due")))
    assert "clock_remind" in indexes_of(
        lambda: list(batches.by_day(reminders.to_remind_of(today), "remind_on"))
    )
    Entry.objects.filter(petition=large.petition).update(number=None)
    indexes_of(lambda: list(numbering._waiting(Entry)))  # by one of two: what has no number stands in both


def _boards(large: Walk) -> None:
    """Out of what was counted: neither petitions nor their shares are gone through."""
    board_round.count(timezone.now())
    assert BoardShare.objects.count() > COPIES
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {SHARES}, registry_boardfigure, registry_yearfigure")
    acting = acting_as("sven", large.today)
    indexes_of(lambda: list(board_counted.overview(acting, large.today).longest))
    indexes_of(lambda: board_counted.this_week(acting, large.today))
    year = large.today.year
    for login in ("sven", "hedda"):  # who supervises, and who heads a body
        acting = acting_as(login, large.today)
        mine = watched.at_desk(acting)
        indexes_of(lambda acting=acting, mine=mine: measured_counted.of(acting, mine, year))
        indexes_of(lambda acting=acting, mine=mine: measured_counted.terms(acting, mine, year))
        indexes_of(lambda acting=acting, mine=mine: extensions.reasons(acting, mine, year))
