"""Reception days: the hours at which officials of one or of several bodies receive, and who has booked which.

A booking names a petition and an hour and nothing else: not who comes, not when it was made. It is deleted
when its day is over, so that nobody can look up when somebody came (charter 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.registry.bodies import Body

KINDS = (
    ("reception", _("Reception at the body's own place")),
    ("outreach", _("Outreach: hours held in a community")),
)
# Where outreach may be held. A home is none of these: nobody is called on uninvited.
SETTINGS = (
    ("village", _("Village or neighbourhood office")),
    ("community", _("Community or culture centre")),
    ("school", _("School")),
    ("workplace", _("Workplace that opened a hall")),
    ("square", _("Square or market")),
)
MINUTES = ((15, "15"), (20, "20"), (30, "30"), (45, "45"), (60, "60"))
MOST_DESKS = 20


class Reception(models.Model):
    """One day on which officials receive at one place. Published hours change only with a `Change`."""

    host = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, default="reception")
    setting = models.CharField(_("kind of place"), max_length=12, choices=SETTINGS, blank=True)
    day = models.DateField(_("day"))
    opens = models.TimeField(_("opens at"))
    closes = models.TimeField(_("closes at"))
    place = models.CharField(_("place"), max_length=200)
    subjects = models.CharField(_("subjects"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes for each"), choices=MINUTES, default=30)
    desks = models.PositiveSmallIntegerField(_("desks at the same time"), default=1)
    announced_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)  # an outreach is announced before its officials are named
    changed_at = models.DateTimeField()
    revision = models.PositiveSmallIntegerField(default=0)
    called_off = models.CharField(max_length=300, blank=True)  # why it does not take place

    class Meta:
        ordering: ClassVar[list[str]] = ["day", "opens", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=dict(KINDS)), name="reception_kind_known"),
            models.CheckConstraint(
                condition=models.Q(opens__lt=models.F("closes")), name="reception_opens_first"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["day", "opens"], name="reception_days")]

    def __str__(self) -> str:
        return f"{self.day} {self.host_id}"

    @property
    def hours(self) -> Iterator[time]:
        """The beginning of every slot."""
        at, step = datetime.combine(self.day, self.opens), timedelta(minutes=self.minutes)
        while at + step <= datetime.combine(self.day, self.closes):
            yield at.time()
            at += step

    def is_ahead(self, day: date, hour: time) -> bool:
        """Whether its last slot has not begun."""
        return (self.day, max(self.hours, default=self.opens)) > (day, hour)


class Receiving(models.Model):
    """A body that receives on such a day, and the official who does: several at a joint reception."""

    reception = models.ForeignKey(Reception, on_delete=models.CASCADE, related_name="receiving")
    body = models.ForeignKey(Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="+")
    official = models.CharField(_("official"), max_length=120)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reception", "body"], name="receiving_once")
        ]

    def __str__(self) -> str:
        return f"{self.reception_id}@{self.body_id}"


class Booking(models.Model):
    """A petition and an hour. Gone when the day is over."""

    # Drawn, not counted: how many came until now is nowhere.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    petition = models.ForeignKey("registry.Petition", on_delete=models.CASCADE, related_name="bookings")
    reception = models.ForeignKey(Reception, on_delete=models.CASCADE, related_name="bookings")
    at = models.TimeField()
    desk = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "desk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reception", "at", "desk"], name="slot_once"),
            models.UniqueConstraint(fields=["petition", "reception"], name="booked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reception_id} {self.at:%H:%M}"
