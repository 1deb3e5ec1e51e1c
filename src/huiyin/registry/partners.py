"""Other installations that petitions are handed over to and taken over from, and how each hand-over stands.

The rows hold no name and no words: a message lies here sealed for whoever opens it, until its work is done.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction

from huiyin.core.handover import Card
from huiyin.core.text import Text
from huiyin.registry.bodies import Body, Officer
from huiyin.vault import keys


class Partner(models.Model):
    """Another installation: where it is, the key of its log, and the key that closes what goes there."""

    origin = models.CharField(max_length=120, unique=True)  # the name of its log
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    url = models.CharField(max_length=300)
    log_key = models.CharField(max_length=300)  # a verifier key
    box_key = models.CharField(max_length=64)  # X25519 in hex: closes messages on the line
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.origin

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en or self.name_zh)


# How a hand-over stands. Outgoing, then incoming.
BEGUN, OFFERED, TAKEN, SEALED = "begun", "offered", "taken", "sealed"
REFUSED, CALLED_BACK, OBJECTED, RETURNED = "refused", "called-back", "objected", "returned"
RECALLED, AT_BOTH = "recalled", "at-both"  # taken back unanswered; and then, that they go on with it too
ARRIVED, ADOPTED = "arrived", "adopted"
STATES = (
    *(BEGUN, OFFERED, TAKEN, SEALED, REFUSED, CALLED_BACK, OBJECTED, RETURNED, ARRIVED, ADOPTED),
    *(RECALLED, AT_BOTH),
)


class Crossing(models.Model):
    """One hand-over of one petition, as this side of it sees it."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="crossings")
    number = models.UUIDField()  # drawn by the sender: the same on both sides
    incoming = models.BooleanField()
    # Nothing until what arrived is adopted, and for good where it is refused.
    petition = models.ForeignKey(
        "registry.Petition", null=True, on_delete=models.CASCADE, related_name="crossings"
    )
    body = models.CharField(max_length=40, blank=True)  # code of the receiver, as its own installation has it
    state = models.CharField(max_length=12)
    began_at = models.DateTimeField()
    entry_seq = models.PositiveIntegerField(default=0)  # of the transfer, on the side that sends
    told_seq = models.PositiveIntegerField(default=0)  # up to which of our entries the other side was told
    has_left = models.BooleanField(default=False)  # the other side may have it
    what = models.JSONField(default=list)  # kinds of parts that left, in order
    ref = models.CharField(max_length=20, blank=True)  # the reference on the other side
    receipt = models.TextField(blank=True)  # the other side's signed receipt
    reason = models.CharField(max_length=40, blank=True)
    taken_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)  # when the other side had the seals

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "number", "incoming"], name="crossing_once"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="crossing_state_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "id"], name="crossing_by_state")
        ]

    def __str__(self) -> str:
        return f"{self.number}{'<' if self.incoming else '>'}"


class PartnerMessage(models.Model):
    """One message of a hand-over, to be sent or to be worked off. Each direction in its order."""

    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="messages", db_index=False)
    petition = models.ForeignKey("registry.Petition", null=True, on_delete=models.CASCADE, related_name="+")
    outgoing = models.BooleanField()
    seq = models.PositiveIntegerField()  # 1, 2, … in its direction
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    sealed = models.BinaryField(default=b"")  # with its envelope; emptied once done
    sha256 = models.CharField(max_length=64)  # of what was sealed, for good
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # nothing: done, or dead
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["crossing", "outgoing", "seq"], name="partner_message_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at", "id"], condition=models.Q(done_at=None), name="partner_message_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.crossing_id}/{self.seq} {self.kind}"


# ---- keeping them


def active() -> models.QuerySet[Partner]:
    return Partner.objects.filter(until=None)


def our_card() -> Card:
    """What others need to know of this installation. Raises KeyRefused in the public zone."""
    from huiyin.registry.receipt import log_key

    return Card(settings.ORIGIN, settings.PUBLIC_URL, log_key(), keys.partner_public().hex())


def introduce(card: Card, name: Text, *, by: Officer | None, now: datetime) -> Partner:
    """Put a new partner on record; one that is known or has ended, with what its card says now."""
    from huiyin.registry import keeping

    said = {"name_zh": name.zh, "name_en": name.en, "url": card.url, "log_key": card.log_key}
    said |= {"box_key": card.box_key}
    with transaction.atomic():
        partner, new = Partner.objects.update_or_create(
            origin=card.origin,
            defaults={**said, "until": None},
            create_defaults={**said, "since": now},
        )
        keeping.write_down("partner-added" if new else "partner-changed", by, now, stated=card.origin)
    return partner


def end(partner: Partner, *, by: Officer | None, now: datetime) -> None:
    """Hand nothing more over to it and take nothing from it. What is under way is worked off."""
    from huiyin.registry import keeping

    with transaction.atomic():
        if Partner.objects.filter(pk=partner.pk, until=None).update(until=now):
            keeping.write_down("partner-ended", by, now, stated=partner.origin)


def stands_for(body: Body, partner: Partner | None, code: str, *, by: Officer | None, now: datetime) -> None:
    """Say which body of a partner one of our records of outside bodies stands for; None: none any more."""
    from huiyin.registry import keeping

    with transaction.atomic():
        body.partner, body.partner_code = partner, code if partner else ""
        Body.objects.filter(pk=body.pk, external=True).update(partner=partner, partner_code=body.partner_code)
        keeping.write_down(
            "partner-body", by, now, body=body.code, stated=f"{partner}/{code}" if partner else ""
        )
