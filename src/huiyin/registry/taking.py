"""Putting on record that an officer takes a file out of the house."""

from __future__ import annotations

from datetime import datetime

from huiyin.registry.access import HANDLING_ROLES, Acting
from huiyin.registry.models import Export, Petition


def put_on_record(acting: Acting, what: str, now: datetime, petition: Petition | None = None) -> None:
    """Write down that this officer takes a file: of a petition, for the body that has it."""
    body = petition.holder.code if petition else min(acting.codes({"supervisor"}), default="")
    roles = acting.roles.get(body, frozenset())
    role = min(roles & HANDLING_ROLES or roles, default="")
    Export.objects.create(at=now, officer=acting.officer, body=body, role=role, what=what, petition=petition)
