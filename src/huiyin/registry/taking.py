"""Putting on record that an officer takes a file out of the house."""

from __future__ import annotations

from datetime import datetime

from huiyin.registry.access import HANDLING_ROLES, Acting
from huiyin.registry.models import Export, Petition


def put_on_record(acting: Acting, what: str, now: datetime, petition: Petition | None = None) -> None:
    """Write down that this officer takes a file: for the body that has the petition, if they serve it.

    Whoever sees it from elsewhere, as a supervisor above does, takes it for their own body.
    """
    body = petition.holder.code if petition else ""
    if body not in acting.roles:
        body = min(acting.codes({"supervisor"}) or acting.roles, default="")
    roles = acting.roles.get(body, frozenset())
    role = min(roles & HANDLING_ROLES or roles, default="")
    Export.objects.create(at=now, officer=acting.officer, body=body, role=role, what=what, petition=petition)
