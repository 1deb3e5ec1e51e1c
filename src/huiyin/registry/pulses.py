"""When each process of the house last did its work: what the pages tell of a clerk that sleeps.

One row a process, written over. It says nothing of any petition.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

CLERK, COURIER, MAIL = "clerk", "courier", "mail"
BACKUP, KEY_BACKUP = "backup", "key-backup"  # the last copy that was made and checked
LETTERS = "letters"  # the last look into the folder of scans; failed: something there is to be put right
WEB_CERTIFICATE = "web-certificate"  # the last look at it; failed: it ends soon, or no browser trusts it


class Pulse(models.Model):
    """The last sign of life of one process."""

    process = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField()
    failed = models.BooleanField(default=False)  # the round ended in an error, which stands in its log

    def __str__(self) -> str:
        return f"{self.process} {self.at:%Y-%m-%d %H:%M}"


def beat(process: str, now: datetime, *, failed: bool = False) -> None:
    """Say that a process did its work just now."""
    with transaction.atomic():
        Pulse.objects.update_or_create(process=process, defaults={"at": now, "failed": failed})


def all_of_them() -> dict[str, Pulse]:
    return {pulse.process: pulse for pulse in Pulse.objects.all()}
