"""Remind officers before a term of their body ends. A reminder is a row in the outbox; the courier sends it.

Never about a person: it names a reference, a term and a date, to those who may see that petition anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from huiyin.clerk import batches
from huiyin.clerk.batches import Found
from huiyin.core import rulebook
from huiyin.core.conditions import CARRY_OUT
from huiyin.core.rulebook import ClockRule
from huiyin.registry import law
from huiyin.registry.access import HANDLING_ROLES, Acting, visible_to
from huiyin.registry.models import RUNS, Body, Clock, Officer, Outbox, Petition, Role, Task

NOTICE = "reminder"
# Who does the day's work; head and leader are asked only where nobody else is there.
WORKING_ROLES = HANDLING_ROLES - {"head", "leader"}


def remind(now: datetime) -> int:
    """Put a reminder into the outbox for each term that has come near; answer how many are new.

    Only terms are read whose next reminder has come, never all that are near (decision 0072).
    """
    _, day = law.at(now)
    return sum(_remind_of(batch, day, now) for batch in batches.by_day(to_remind_of(day), "remind_on"))


def to_remind_of(day: date) -> QuerySet[Clock]:
    """The terms that run and have to be looked at on that day."""
    return Clock.objects.filter(RUNS, remind_on__lte=day)


def _remind_of(clocks: list[Found], day: date, now: datetime) -> int:
    with transaction.atomic():
        made = _told(clocks, day, now)
        _look_again(clocks, day)
    return made


def _look_again(clocks: list[Found], day: date) -> None:
    """Note when each is to be looked at next, unless its date moved meanwhile and it was noted with that."""
    next_look: dict[tuple[date, date | None], list[int]] = defaultdict(list)
    for clock in clocks:
        next_look[clock.due, _rule(clock).remind_on(clock.due, after=day)].append(clock.pk)
    for (due, remind_on), pks in sorted(next_look.items(), key=lambda each: each[0][0]):
        Clock.objects.filter(pk__in=pks, due=due).update(remind_on=remind_on)


def _told(clocks: list[Found], day: date, now: datetime) -> int:
    wanted = {
        (clock.petition, mark) for clock in clocks if clock.due >= day and (mark := mark_of(clock, day))
    }
    petitions = {pk for pk, _ in wanted}
    rows = Outbox.objects.filter(petition__in=petitions, audience="officer").exclude(mark="")
    new = sorted(wanted - set(rows.values_list("petition_id", "mark")))
    if not new:
        return 0
    made = [
        Outbox(petition_id=pk, audience="officer", notice=NOTICE, mark=mark, created_at=now)
        for pk, mark in new
    ]
    # A second clerk may write the same row in between: the unique mark lets one through.
    Outbox.objects.bulk_create(made, ignore_conflicts=True)
    return len(new)


def mark_of(clock: Found, day: date) -> str:
    """Which reminder is due today, as 'seq/days/due', or ''.

    Only the nearest: who missed the first one (the clerk stood still) is not sent all of them at once. The
    due date is part of the mark, so that a date that moves is reminded of anew.
    """
    open_now = [days for days in _rule(clock).reminders if clock.due - timedelta(days=days) <= day]
    return f"{clock.seq}/{min(open_now)}/{clock.due.isoformat()}" if open_now else ""


def _rule(clock: Found) -> ClockRule:
    return rulebook.by_id(clock.rulebook).clocks[clock.name]


def still_needed(row: Outbox, day: date) -> Clock | None:
    """The clock that a reminder is about, if it still runs towards the same date."""
    seq, _, due = row.mark.split("/")
    clock = Clock.objects.filter(
        petition=row.petition_id, seq=int(seq), state="running", carried_by=0
    ).first()
    return clock if clock and clock.due.isoformat() == due and day <= clock.due else None


def readers_of(petition: Petition, day: date, clock: Clock | None = None) -> list[Officer]:
    """Who is reminded: the officer in charge, else all who do the day's work at the body that holds it; of a
    task, those at the body that carries it out.

    Who stands in reads along for who is away. Nobody is told of a petition that they may not see: a report
    must not become known, by its mere existence, to whom it is about (charter 6).
    """
    asked: dict[int, Officer] = {}
    task = petition.tasks.filter(clock=clock.seq).first() if clock and clock.name == CARRY_OUT else None
    for officer in _carrying_out(task) if task else _in_charge(petition):
        for reader in (officer, officer.stands_in if officer.is_away(day) else None):
            if reader is not None and reader.is_active and reader.email:
                asked[reader.pk] = reader
    return [reader for _, reader in sorted(asked.items()) if _may_see(reader, petition, day)]


def _in_charge(petition: Petition) -> list[Officer]:
    if petition.officer is not None and petition.officer.is_active:
        return [petition.officer]
    if petition.holder.external:
        return _serving(petition.holder.recorded_by_id, {"registrar"})
    working = _serving(petition.holder_id, WORKING_ROLES)
    return working or _serving(petition.holder_id, {"head"})


def _carrying_out(task: Task) -> list[Officer]:
    body = Body.objects.get(code=task.body)
    return _serving(body.pk, {"handler"}) or _serving(body.pk, {"head"})


def _serving(body_id: int | None, roles: Iterable[str]) -> list[Officer]:
    rows = Role.objects.filter(body=body_id, role__in=roles, officer__is_active=True)
    return list(Officer.objects.filter(pk__in=rows.values("officer")).select_related("stands_in"))


def _may_see(reader: Officer, petition: Petition, day: date) -> bool:
    return visible_to(Acting(reader, day)).filter(pk=petition.pk).exists()
