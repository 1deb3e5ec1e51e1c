"""What is of the whole installation: who keeps it, what it says of itself, what only a person knows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huiyin.registry import keeping
from huiyin.registry.access import Acting
from huiyin.registry.faces import FIELDS as FACE_FIELDS
from huiyin.registry.models import Body, Change, Face, Officer

# What no program can see from inside, and an administrator therefore says; it is asked again after a year.
RESTORED, PRINTED = "restore-tried", "key-printed"
STATEMENTS = (RESTORED, PRINTED)


def keeps_house(acting: Acting) -> bool:
    """Whether this administrator keeps the whole installation: at a body with none above it here."""
    mine = [acting.bodies[code] for code in acting.codes({keeping.ADMINISTRATOR}) if code in acting.bodies]
    above = {body.superior_id for body in mine if body.superior_id}
    inside = set(Body.objects.filter(pk__in=above, external=False).values_list("pk", flat=True))
    return any(body.superior_id not in inside for body in mine)


def save_face(face: Face, *, by: Officer | None, now: datetime) -> None:
    """What the installation says of itself in public."""
    with transaction.atomic():
        before = Face.objects.first()
        face.pk = 1
        face.save()
        if changed := keeping.difference(before, face, FACE_FIELDS):
            keeping.write_down("face-changed", by, now, changed=changed)


def state(what: str, *, by: Officer, now: datetime, holds: bool = True) -> None:
    """Put on record that somebody did what the house cannot see for itself, or take that back."""
    if what not in STATEMENTS:
        raise ValueError(f"{what!r}: nobody is asked about that")
    keeping.write_down("stated" if holds else "taken-back", by, now, stated=what)


def stated() -> dict[str, Change]:
    """What was said last of each, and not taken back since."""
    found: dict[str, Change] = {}
    for row in Change.objects.filter(what__did__in=("stated", "taken-back")).order_by("id"):
        found[row.what["stated"]] = row
    return {name: row for name, row in found.items() if row.what["did"] == "stated"}
