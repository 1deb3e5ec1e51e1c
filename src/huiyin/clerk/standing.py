"""What waits when a round ends, as numbers for those who keep the machines running."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Min

from huiyin.registry import pulses
from huiyin.registry.models import Entry, Head, Outbox


def waiting(now: datetime) -> Mapping[str, float]:
    """Numbers and ages in seconds: four statements, each by an index, whatever the registry holds."""
    unsent = Outbox.objects.filter(sent_at=None)
    oldest = unsent.aggregate(at=Min("created_at"))["at"]
    head = Head.objects.order_by("-size").values_list("signed_at", flat=True).first()
    backup = pulses.Pulse.objects.filter(process=pulses.BACKUP).values_list("at", flat=True).first()
    return {
        "notices": unsent.count(),
        "entries-not-in-the-log": Entry.objects.filter(number=None).count(),
        **{
            f"seconds-since-{what}": (now - at).total_seconds()
            for what, at in (("oldest-notice", oldest), ("head", head), ("backup", backup))
            if at
        },
    }
