"""Officers hear of a term before it ends: once, in time, and only those who may know of the petition."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.clerk.reminders import readers_of, remind, still_needed, to_remind_of
from huiyin.registry.models import Body, Clock, Officer, Outbox, Role
from tests.cast import NOW, Walk, lodge


def marks(walk: Walk) -> list[str]:
    return list(
        Outbox.objects.filter(notice="reminder", petition__ref=walk.ref)
        .order_by("pk")
        .values_list("mark", flat=True)
    )


def readers(walk: Walk) -> set[str]:
    return {officer.login for officer in readers_of(walk.petition, walk.today)}


def test_a_term_is_reminded_of_on_the_days_the_law_file_names(walk: Walk) -> None:
    """`sort` is due on 17 March and reminds 5 days and 1 day before."""
    sent = {}
    for _ in range(17):
        remind(walk.now)
        sent[walk.today] = len(marks(walk))
        walk.later(days=1)
    assert sent[date(2026, 3, 11)] == 0
    assert sent[date(2026, 3, 12)] == 1
    assert sent[date(2026, 3, 15)] == 1
    assert sent[date(2026, 3, 16)] == 2
    assert sent[date(2026, 3, 18)] == 2
    assert marks(walk) == ["1/5/2026-03-17", "1/1/2026-03-17"]


def test_running_twice_reminds_once(walk: Walk) -> None:
    walk.later(days=10)
    assert remind(walk.now) == 1
    assert remind(walk.now) == 0
    assert len(marks(walk)) == 1


def test_a_clerk_that_stood_still_sends_the_nearest_reminder_alone(walk: Walk) -> None:
    walk.later(days=14)
    remind(walk.now)
    assert marks(walk) == ["1/1/2026-03-17"]


def test_a_date_that_moved_is_reminded_of_anew(walk: Walk) -> None:
    remind(walk.later(days=10).now)
    # As a move writes it: the two go together.
    Clock.objects.update(due=date(2026, 3, 20), remind_on=date(2026, 3, 15))
    remind(walk.later(days=3).now)
    assert marks(walk) == ["1/5/2026-03-17", "1/5/2026-03-20"]


def test_nobody_is_reminded_of_the_authors_own_terms(walk: Walk) -> None:
    walk.to("opinion-served")
    assert remind(walk.later(days=29).now) == 0


def test_a_paused_or_carried_term_reminds_nobody(walk: Walk) -> None:
    walk.to("accepted")
    walk("extend", "hedda", days=30, reasons="复杂")
    walk.later(days=58)
    remind(walk.now)
    assert marks(walk) == []


def test_many_are_reminded_in_batches(cast: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("huiyin.clerk.batches.FOUND", 3)
    for _ in range(7):
        lodge()
    assert remind(NOW + timedelta(days=10)) == 7
    assert remind(NOW + timedelta(days=10)) == 0


def test_a_term_is_looked_at_when_its_reminder_comes_and_not_before(walk: Walk) -> None:
    """`sort` is due on 17 March, and reminds 5 days and 1 day before; then nothing is left to look for."""
    clock = walk.petition.clocks.get(name="sort")
    assert clock.remind_on == date(2026, 3, 12)
    assert not to_remind_of(date(2026, 3, 11)).exists()
    remind(walk.later(days=10).now)
    clock.refresh_from_db()
    assert clock.remind_on == date(2026, 3, 16)
    remind(walk.later(days=4).now)
    clock.refresh_from_db()
    assert clock.remind_on is None


def test_a_term_that_an_older_release_wrote_is_looked_at_at_once(walk: Walk) -> None:
    Clock.objects.update(remind_on=date(1900, 1, 1))
    assert remind(walk.now) == 0
    assert walk.petition.clocks.get(name="sort").remind_on == date(2026, 3, 12)
    assert remind(walk.later(days=10).now) == 1


# ---- who reads it


def test_the_officer_in_charge_is_told_and_else_all_who_work_there(
    walk: Walk, cast: Any, bodies: Any
) -> None:
    second = Officer.objects.create_officer("oscar", None, email="oscar@example.test")
    Role.objects.create(officer=second, body=bodies["zj"], role="handler")
    walk.to("accepted")
    assert readers(walk) == {"otto", "oscar"}
    walk("entrust", "otto", officer="oscar")
    assert readers(walk) == {"oscar"}


def test_the_head_is_told_where_nobody_else_is_there(walk: Walk, cast: Any) -> None:
    walk.to("accepted")
    cast["otto"].is_active = False
    cast["otto"].save()
    assert readers(walk) == {"hedda"}


def test_who_stands_in_reads_along(walk: Walk, cast: Any) -> None:
    walk.to("accepted")
    Officer.objects.filter(login="otto").update(away_from=walk.today, stands_in=cast["hedda"])
    assert readers(walk) == {"otto", "hedda"}


def test_letters_of_a_body_outside_are_the_recorders_business(walk: Walk, bodies: Any) -> None:
    walk.to("review-served")
    bodies["shi"].active = False
    bodies["shi"].save()
    bodies["province"].recorded_by = bodies["xian"]
    bodies["province"].save()
    Role.objects.create(officer=Officer.objects.get(login="rita"), body=bodies["xian"], role="registrar")
    assert walk("request-rereview", "author").holder.code == "province"
    assert readers(walk) == {"rita"}


def test_a_report_is_not_made_known_by_a_reminder_to_whom_it_is_about(cast: Any, bodies: Any) -> None:
    """Olga also works at the housing bureau, which the report is about."""
    Role.objects.create(officer=cast["olga"], body=bodies["zj"], role="handler")
    walk = Walk(lodge(kind="report", against=("zj",), body="xf"))
    assert readers(walk) == set()


def test_an_officer_without_a_work_address_is_passed_by(walk: Walk, cast: Any) -> None:
    Officer.objects.update(email="")
    assert readers(walk) == set()


@pytest.mark.parametrize("change", [{"state": "met"}, {"carried_by": 9}, {"due": date(2026, 4, 1)}])
def test_a_reminder_of_what_no_longer_holds_is_not_needed(walk: Walk, change: dict[str, Any]) -> None:
    remind(walk.later(days=10).now)
    row = Outbox.objects.get(notice="reminder")
    assert still_needed(row, walk.today) == Clock.objects.get()
    Clock.objects.update(**change)
    assert still_needed(row, walk.today) is None


def test_the_body_that_holds_it_may_change_between(walk: Walk) -> None:
    remind(walk.later(days=10).now)
    walk("register", "olga")
    walk("transfer", "olga", body="zj")
    assert still_needed(Outbox.objects.get(notice="reminder"), walk.today) is None
    assert Body.objects.get(code="zj") == walk.petition.holder
