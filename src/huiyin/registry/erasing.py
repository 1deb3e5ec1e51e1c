"""Erase what the law no longer keeps: the content goes, a tombstone stays, and what was proved stays proved.

The third writer of the registry, beside `file` and `perform` (decision 0035): erasure is no move, for nobody
asks for it and no state follows. It is announced in the key store before it is done, so that a database that
is restored from an older copy is known to be behind, and nothing is served from it until it is erased again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from huiyin.core import rulebook, tasks
from huiyin.core.rulebook import Retention
from huiyin.core.text import Text
from huiyin.registry import attachments, board_round, law, publishing, resemblances
from huiyin.registry.models import (
    Attachment,
    Booking,
    Clock,
    Count,
    Entry,
    Hold,
    Officer,
    Outbox,
    Petition,
    Relief,
    Task,
    Tombstone,
)
from huiyin.vault.destroy import destroy_spent
from huiyin.vault.seal import spend
from huiyin.vault.store.models import Erased

# What stays of an erased petition: its row with reference, dates and key's hash, the bytes that the public
# log commits to, and its terms, which are the body's answers and no words of anybody's.
STAYS = {Entry, Clock, Count, Tombstone, Petition}
BLANK: dict[str, Any] = {
    "subject": "",
    "text": "",
    "accused_words": "",
    "requests": [],
    "masked": {},
    "marks": {},
    "took_part": [],
    "senders": [],
    "called": [],
    "officer": None,
    "other": None,
    "helper": "",
    "lodged_before": "",
    "source": "",
    "source_id": "",
    "remedy": "",
    "reading_key": None,
    "next_due": None,
    "to_supervise": False,
    "is_open": False,
}
BATCH = 500  # looked at together
WHY: dict[str, Text] = {
    "open": Text("尚未办结", "it is still open"),
    "clock": Text("还有期限在计算", "a term still runs"),
    "task": Text("承诺的事项还没有落实", "something promised is still to be carried out"),
    "notice": Text("还有通知没有发出", "a notice still waits to be sent"),
    "booking": Text("还有约好的接访", "an hour is booked"),
    "relief": Text("还有救助申请没有答复", "an application for aid is open"),
    "part": Text("拆分出的部分还没有删除", "a part of it is not erased yet"),
    "hold": Text("依法暂缓删除", "a hold with a legal ground keeps it"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """A petition whose time is over, and what keeps it nevertheless."""

    petition: Petition
    rule: Retention
    since: date  # the day on which its time was over
    kept_by: tuple[str, ...]  # of WHY


def last_day(petition: Petition, ended: date, today: date) -> tuple[date, Retention] | None:
    """Until when the law in force keeps it, and by which rule; None where the law sets nothing."""
    rule = law.of(petition, today).retention.get(petition.kind)
    return (_years_later(ended, rule.years), rule) if rule else None


def ground_of(petition: Petition) -> Text:
    """Why an erased petition was erased: the rule of its class on the day of the erasure."""
    rule = law.of(petition, petition.erased_on).retention.get(petition.kind) if petition.erased_on else None
    return rule.text if rule else Text("", "")


def kept_until(petition: Petition, today: date) -> tuple[date, Retention] | None:
    """For its author: the last day on which it is kept; None while it is open, or where the law sets none."""
    return None if petition.is_open else last_day(petition, ended_on(petition), today)


def ended_on(petition: Petition) -> date:
    """The day of its last step."""
    last = petition.entries.order_by("-seq").values_list("claimed_at", "recorded_at").first()
    moment = (last[0] or last[1]) if last else petition.lodged_at
    return law.at(moment, petition.jurisdiction)[1]


def over(today: date, among: QuerySet[Petition] | None = None) -> QuerySet[Petition]:
    """Closed petitions whose time may be over, in order of reference; each knows its `last_step`.

    By the shortest time that any version of a law knows: which one decides is asked of each (`due_of`).
    """
    steps = Entry.objects.filter(petition=OuterRef("pk")).order_by("-seq")
    last = Subquery(steps.values(at=Coalesce("claimed_at", "recorded_at"))[:1])
    closed = (Petition.objects.all() if among is None else among).filter(is_open=False, erased_on=None)
    past = Q(pk__in=[])
    for (jurisdiction, kind), years in _shortest().items():
        begins = datetime.combine(_years_later(today, -years), time.min, UTC)
        past |= Q(jurisdiction=jurisdiction, kind=kind, last_step__lt=begins)
    return closed.annotate(last_step=last).filter(past).order_by("ref")


def _shortest() -> dict[tuple[str, str], int]:
    years: dict[tuple[str, str], int] = {}
    for book in rulebook.all_rulebooks():
        for kind, rule in book.retention.items():
            known = years.get((book.jurisdiction, kind), rule.years)
            years[book.jurisdiction, kind] = min(known, rule.years)
    return years


def due(today: date) -> Iterator[Due]:
    """What is to be erased today, in order of reference; with what still keeps it, if anything does."""
    waiting = over(today).iterator()
    while batch := list(islice(waiting, BATCH)):
        yield from due_of(batch, today)


def due_of(batch: Sequence[Petition], today: date) -> Iterator[Due]:
    """Those of these (of `over`) that the law no longer keeps, with what keeps them nevertheless."""
    kept = keepers([petition.pk for petition in batch], today)
    for petition in batch:
        found = last_day(petition, petition.last_step.date(), today)  # type: ignore[attr-defined]
        if found and found[0] < today:
            yield Due(petition, found[1], found[0], kept.get(petition.pk, ()))


def keepers(ids: Sequence[int], today: date) -> dict[int, tuple[str, ...]]:
    """What stops an erasure, of each of these: pending terms, reviews, tasks, bookings, and holds."""
    live = (tasks.DUE, tasks.DISPUTED, tasks.PARTLY)
    stops: dict[str, QuerySet[Any]] = {
        "open": Petition.objects.filter(is_open=True),
        "clock": Clock.objects.filter(state__in=("running", "paused"), ended=None),
        "task": Task.objects.filter(state__in=live),
        "notice": Outbox.objects.filter(sent_at=None),
        "booking": Booking.objects.filter(reception__day__gte=today),
        "relief": Relief.objects.filter(ended_on=None),
        "part": Petition.objects.filter(erased_on=None),
        "hold": Hold.objects.filter(lifted_on=None, until__gte=today),
    }
    kept: dict[int, tuple[str, ...]] = {}
    for name, rows in stops.items():
        field = {"open": "pk", "part": "part_of"}.get(name, "petition")
        for pk in set(rows.filter(**{f"{field}__in": ids}).values_list(field, flat=True)):
            kept[pk] = (*kept.get(pk, ()), name)
    return kept


def erase(found: Due, now: datetime, batch: str, by: Officer | None = None) -> Tombstone:
    """Destroy the content of one petition and leave its tombstone. Killed at any point, it is done again."""
    petition, today = found.petition, law.at(now)[1]
    told = {"on": today, "complete_on": today + timedelta(days=settings.KEY_BACKUP_DAYS)}
    known, _ = Erased.objects.get_or_create(ref=petition.ref, defaults=told | {"ground": found.rule.article})
    return _bury(petition, known, batch, by)


def _bury(petition: Petition, known: Erased, batch: str, by: Officer | None = None) -> Tombstone:
    with transaction.atomic():
        publishing.withdraw(petition, known.on, erased=True)
        resemblances.forget(petition.pk)
        board_round.forget(petition.pk)
        digests = _wipe(petition)
        Entry.objects.filter(petition=petition).update(contents={}, salt=b"", officer=None)
        Count.objects.filter(petition=petition).update(opening={}, salt=b"")
        Petition.objects.filter(pk=petition.pk).update(**BLANK, erased_on=known.on)
        stone: dict[str, Any] = {
            "erased_on": known.on,
            "complete_on": known.complete_on,
            "ground": known.ground,
        }
        stone |= {"batch": batch, "by": by}
        made, _ = Tombstone.objects.update_or_create(
            petition=petition,
            defaults=stone,
        )
        for digest in digests:
            attachments.drop_unused(digest)
    destroy_spent()
    return made


def hanging_on_a_petition() -> Iterator[Any]:
    """Every relation by which a row belongs to a petition, hidden ones included, but of what stays."""
    for each in Petition._meta.get_fields(include_hidden=True):
        if each.auto_created and not each.concrete and each.related_model not in STAYS:
            yield each


def _wipe(petition: Petition) -> list[str]:
    """Delete every row that hangs on it but those that stay; whatever is added later goes as well."""
    digests = list(Attachment.objects.filter(petition=petition).values_list("sha256", flat=True))
    hanging = list(hanging_on_a_petition())
    # Seals first: what they hang on may itself go with the petition.
    for rel in sorted(hanging, key=lambda each: each.related_model._meta.app_label != "vault"):
        model: type[models.Model] = rel.related_model
        rows = model._default_manager.filter(**{rel.field.name: petition})
        if any(field.name == "data_key" for field in model._meta.concrete_fields):
            spend(key for key in rows.values_list("data_key", flat=True) if key)
        rows.delete()
    return digests


def behind() -> list[Erased]:
    """What the key store knows to be erased and this database still holds: it is older than the erasure."""
    known = list(Erased.objects.all())
    there = Petition.objects.filter(ref__in=[each.ref for each in known], erased_on=None)
    open_here = set(there.values_list("ref", flat=True))
    return [each for each in known if each.ref in open_here]


def again(now: datetime) -> int:
    """Erase once more what a database restored from an older copy brought back; answer how many."""
    todo = behind()
    for each in todo:
        petition = Petition.objects.get(ref=each.ref)
        _bury(petition, each, batch=f"again {now:%Y-%m-%d}")
    return len(todo)


def hold(petition: Petition, *, ground: str, article: str, until: date, by: Officer, today: date) -> Hold:
    """Keep a petition beyond its time: a legal ground, who, and until when."""
    return Hold.objects.create(
        petition=petition, ground=ground, article=article, until=until, by=by, since=today
    )


def lift(petition: Petition, today: date) -> int:
    """Lift every hold on it; answer how many there were."""
    return Hold.objects.filter(petition=petition, lifted_on=None).update(lifted_on=today)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
