"""Keeping templates: each that is written, changed or taken away stands in the record of changes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.registry.keeping import write_down
from huiyin.registry.models import Officer, Passage

KEPT = ("title", "language", "text")


def keep(passage: Passage, *, by: Officer, now: datetime) -> None:
    """Save a new or a changed one."""
    with transaction.atomic():
        before = Passage.objects.filter(pk=passage.pk).first() if passage.pk else None
        passage.save()
        did = "template-changed" if before else "template-written"
        if changed := _difference(before, passage):
            write_down(did, by, now, body=passage.body.code, changed=changed)


def drop(passage: Passage, *, by: Officer, now: datetime) -> None:
    """Take one away; the record keeps what it said."""
    with transaction.atomic():
        Passage.objects.filter(pk=passage.pk).delete()
        write_down("template-dropped", by, now, body=passage.body.code, changed=_difference(passage, None))


def _difference(before: Passage | None, after: Passage | None) -> dict[str, list[str]]:
    """What it is for, and its fields -> [before, after]."""
    told = (_told(before), _told(after))
    return {name: [each[name] for each in told] for name in told[0] if told[0][name] != told[1][name]}


def _told(passage: Passage | None) -> dict[str, str]:
    if passage is None:
        return dict.fromkeys(("use", *KEPT), "")
    return {"use": f"{passage.verb}:{passage.content}"} | {name: getattr(passage, name) for name in KEPT}
