"""Who is told by machine that steps of the law are taken, and what they are told: kinds of move and clock.

An event names no petition, body, person or day of a term. Lodging, signing, withdrawing, rating and whatever
is about a person are told to nobody, nor is anything of reports. Who is told stands on a public page.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from nacl.secret import SecretBox

from huiyin.registry.bodies import Officer

# Steps of bodies that the law has terms for. Nothing is told that is not named here.
TOLD = frozenset(
    {
        *("registered", "transferred", "assigned", "returned", "objection-rejected", "accepted", "declined"),
        *("accepted-as-duty", "no-longer-accepted", "diverted", "acceptance-ordered", "refusal-upheld"),
        *("extended", "opinion-issued", "served", "reported-back", "review-opinion-issued", "redo-ordered"),
        *("rereview-opinion-issued", "suggestion-answered", "carrying-out-reported", "clock-missed"),
        *("due-date-recomputed", "duty-answer-issued"),
    }
)
KEPT = timedelta(days=30)  # events, for whoever was away; then they are thrown away
WAITS = (
    60,
    300,
    1_800,
    7_200,
    21_600,
    43_200,
    86_400,
    86_400,
)  # seconds before the next try; then it is dead
A_LOOK = 1_000  # entries that one look reads
SECRET = "whsec_"  # noqa: S105 how Standard Webhooks writes a secret, not one


class Subscriber(models.Model):
    """Somebody who is told, under a name and a purpose that the public reads."""

    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    url = models.CharField(max_length=500)
    secret = models.BinaryField()  # sealed under a key outside of the database
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    added_by = models.ForeignKey(
        Officer, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        return self.url.split("/")[2].rpartition("@")[2] if self.url.count("/") > 1 else self.url


class HookEvent(models.Model):
    """One thing that is told, as it is told to everybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    at = models.DateTimeField(db_index=True)
    data = models.JSONField()

    def __str__(self) -> str:
        return str(self.id)


class Delivery(models.Model):
    """That one subscriber is to be told one event, and how that goes."""

    event = models.ForeignKey(HookEvent, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # nothing: told, or dead
    told_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subscriber", "event"], name="delivery_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at", "id"], condition=models.Q(next_at__isnull=False), name="delivery_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id}>{self.subscriber_id}"


class HookPlace(models.Model):
    """Up to which number of the public log events were made. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_hook_place")
        ]

    def __str__(self) -> str:
        return str(self.number)


# ---- who is told


def active() -> models.QuerySet[Subscriber]:
    return Subscriber.objects.filter(until=None)


def add(name: str, purpose: str, url: str, *, by: Officer, now: datetime) -> tuple[Subscriber, str]:
    """Tell somebody from now on. The secret, with which they check what they get, is shown once."""
    from huiyin.registry import keeping

    raw = secrets.token_bytes(32)
    with transaction.atomic():
        made = Subscriber.objects.create(
            name=name, purpose=purpose, url=url, secret=bytes(_box().encrypt(raw)), since=now, added_by=by
        )
        keeping.write_down("subscriber-added", by, now, stated=name)
        _place_at_the_end()
    return made, SECRET + base64.b64encode(raw).decode()


def is_used() -> bool:
    """Whether anybody was ever told anything."""
    return HookPlace.objects.exists()


def secret_of(subscriber: Subscriber) -> bytes:
    return _box().decrypt(bytes(subscriber.secret))


def end(subscriber: Subscriber, *, by: Officer, now: datetime) -> None:
    """Tell them nothing more. That they were told stays on the public page."""
    from huiyin.registry import keeping

    with transaction.atomic():
        if Subscriber.objects.filter(pk=subscriber.pk, until=None).update(until=now, secret=b""):
            Delivery.objects.filter(subscriber=subscriber, told_at=None).update(next_at=None, error="ended")
            keeping.write_down("subscriber-ended", by, now, stated=subscriber.name)


def _box() -> SecretBox:
    return SecretBox(hashlib.sha256(settings.WEBHOOKS_SECRET.encode()).digest())


# ---- what is told


def make(now: datetime) -> int:
    """Events of the entries that got their number in the public log since last time, for all who are told."""
    from huiyin.registry.models import Entry

    with transaction.atomic():
        place = HookPlace.objects.select_for_update().filter(pk=1).first()
        if place is None:
            return 0
        entries = Entry.objects.filter(number__gt=place.number).order_by("number")
        rows = list(entries.select_related("petition").defer("petition__text", "petition__masked")[:A_LOOK])
        if not rows:
            return 0
        told = list(active())
        made = [HookEvent(at=now, data=data) for entry in rows if told and (data := _data(entry)) is not None]
        HookEvent.objects.bulk_create(made)
        Delivery.objects.bulk_create(
            Delivery(event=event, subscriber=each, next_at=now) for event in made for each in told
        )
        HookPlace.objects.filter(pk=1).update(number=rows[-1].number)
        return len(made)


def _data(entry: Any) -> dict[str, Any] | None:
    """What an entry is told as; None: nothing is told of it."""
    if entry.event not in TOLD or entry.petition.kind == "report" or entry.petition.imported:
        return None
    clocks = [{"clock": name, "state": state} for _seq, name, state, *_days in entry.clocks]
    return {"move": entry.event, "law": entry.rulebook, "article": entry.article, "clocks": clocks}


def as_event(event: HookEvent) -> Mapping[str, Any]:
    """As CloudEvents 1.0 writes it. The hour is as fine as the time gets."""
    return {
        "specversion": "1.0",
        "id": str(event.id),
        "source": settings.PUBLIC_URL,
        "type": "huiyin.move",
        "time": event.at.replace(minute=0, second=0, microsecond=0).isoformat(),
        "datacontenttype": "application/json",
        "data": event.data,
    }


def _place_at_the_end() -> None:
    """The first who is told hears what comes from now on, and nothing of what was before."""
    from huiyin.registry.models import Entry

    last = Entry.objects.filter(number__isnull=False).order_by("-number").values_list("number", flat=True)
    number = last.first()
    HookPlace.objects.get_or_create(pk=1, defaults={"number": -1 if number is None else number})


# ---- how it goes


def due(now: datetime, most: int) -> list[Delivery]:
    rows = Delivery.objects.filter(next_at__lte=now, subscriber__until=None)
    return list(rows.select_related("event", "subscriber").order_by("next_at", "id")[:most])


def was_told(delivery: Delivery, now: datetime) -> None:
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            told_at=now, next_at=None, attempts=delivery.attempts + 1, error=""
        )


def failed(delivery: Delivery, why: str, now: datetime) -> None:
    """Try again later, each time after a longer wait; at last it is dead and waits for somebody to look."""
    tried = delivery.attempts
    again = now + timedelta(seconds=WAITS[tried]) if tried < len(WAITS) else None
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(attempts=tried + 1, next_at=again, error=why[:60])


def dead() -> models.QuerySet[Delivery]:
    return Delivery.objects.filter(next_at=None, told_at=None, subscriber__until=None)


def again(deliveries: models.QuerySet[Delivery], now: datetime) -> int:
    """Tell these once more, whether they were told or are dead; under the same id, so that it can be seen."""
    with transaction.atomic():
        return deliveries.update(attempts=0, next_at=now, told_at=None, error="")


def forget(now: datetime) -> int:
    with transaction.atomic():
        n, _ = HookEvent.objects.filter(at__lt=now - KEPT).delete()
    return n
