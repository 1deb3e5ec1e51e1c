"""What the petitioner-facing process may do in PostgreSQL, as GRANTs for a role of its own.

Whatever is not granted is refused by the database itself, whatever the program tries: the public role puts
seals in and cannot take them out, adds to the ledger and cannot change it, and cannot read the key store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from huiyin.vault import models as seals
from huiyin.vault.store.models import DataKey, Erased, OwnKey

# Opened by its author's own key, who reads it in the public process: locked bytes to everybody else.
READ_BACK = {seals.WordsSeal, seals.EntrySeal}
CLOSED = {
    seals.IdentitySeal,
    seals.ContactSeal,
    seals.SignerSeal,
    seals.SignerContact,
    seals.RepresentativesSeal,
    seals.ReliefSeal,
}
HIDDEN = "sealed"  # the one column of a seal that holds anything
# What an author takes away again: an hour, a signature, an application; and an answer that is kept for a day.
TAKEN_BACK = {"Booking", "Signature", "Invitation", "Relief", "Idempotent", "NewKey"}
# Kept by those who keep the house; the public pages only show them.
SHOWN = {
    *("Body", "Officer", "Role", "Competence", "Change", "Reception", "Receiving", "Question", "DataSet"),
    *("Count", "Cohorted", "Adopted", "LogSize", "Head"),  # the clerk's: it alone numbers and signs
    *("CalendarNotice", "SignInDelay", "Duty", "HandOver", "Conference", "AgendaItem", "Meeting", "Minutes"),
    *(
        "Inspection",
        "FileCheck",
        "BodyLetter",
        "LetterAnswer",
        "Draft",
        "Reading",
        "Matter",
        "MatterLink",
        "Export",
    ),
}
ADDED_TO = {"Entry", "Spent", "LostKey"}
ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def for_public(role: str) -> tuple[list[str], list[str]]:
    """The statements for the database and for the key store. Raises ValueError for no plain role name."""
    if not ROLE.fullmatch(role):
        raise ValueError(f"{role!r}: a role is written with small letters, digits and _")
    return [*_before(role), *_database(role)], [*_before(role), *_key_store(role)]


def _before(role: str) -> Iterator[str]:
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};"
    yield f"GRANT USAGE ON SCHEMA public TO {role};"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};"
    yield f"GRANT SELECT ON django_migrations TO {role};"


def _database(role: str) -> Iterator[str]:
    models = [m for m in apps.get_models() if m._meta.app_label in {"registry", "vault"}]
    for model in sorted(models, key=lambda each: each._meta.db_table):
        yield f"GRANT {', '.join(_rights(model))} ON {model._meta.db_table} TO {role};"


def _rights(model: Any) -> list[str]:
    name = model.__name__
    if model in CLOSED:
        shown = ", ".join(f.column for f in model._meta.concrete_fields if f.column != HIDDEN)
        goes = model._meta.pk.name != "petition"  # with the signature, the hour or the application
        return [f"SELECT ({shown})", "INSERT", *(["DELETE"] if goes else [])]
    if model in READ_BACK or name in ADDED_TO:
        return ["SELECT", "INSERT"]
    if name in SHOWN:
        return ["SELECT"]
    return ["SELECT", "INSERT", "UPDATE", *(["DELETE"] if name in TAKEN_BACK else [])]


def _key_store(role: str) -> Iterator[str]:
    yield f"GRANT INSERT ON {DataKey._meta.db_table} TO {role};"
    yield f"GRANT SELECT ON {Erased._meta.db_table} TO {role};"  # references alone: asked before it serves
    yield f"GRANT SELECT, INSERT ON {OwnKey._meta.db_table} TO {role};"
