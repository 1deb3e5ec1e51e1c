"""What a test or the bench has done inside an installation of its own: `python -m tests.api.house WORD`."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import django


def prepare() -> None:
    """Tables, keys and bodies."""
    from django.core.management import call_command
    from django.db import transaction

    from huiyin.vault import certificate, keys
    from tests.cast import make_bodies

    call_command("migrate", "keystore", database="keys", verbosity=0)
    call_command("migrate", verbosity=0)
    keys.make_missing()
    certificate.current()
    with transaction.atomic():
        make_bodies()


def look() -> dict[str, Any]:
    """Everything that was filed: by reference, what belongs to it, and the digest of its entry."""
    from django.db import connection
    from django.db.models import Count

    from huiyin.core import ledger
    from huiyin.registry.models import Entry, Idempotent, Petition
    from huiyin.registry.receipt import receipt_key
    from huiyin.vault.models import ContactSeal, IdentitySeal

    whole = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            whole = cursor.fetchone()[0]
    of: dict[str, dict[str, Any]] = {}
    parts = ("clocks", "entries", "outbox", "holdings")
    for ref, *counts in Petition.objects.annotate(
        **{f"n_{part}": Count(part, distinct=True) for part in parts}
    ).values_list("ref", *(f"n_{part}" for part in parts)):
        of[ref] = dict(zip(parts, counts, strict=True)) | {"identity": 0, "contact": 0}
    for name, model in (("identity", IdentitySeal), ("contact", ContactSeal)):
        for ref in model._default_manager.values_list("petition__ref", flat=True):
            of[ref][name] += 1
    for ref, public in Entry.objects.values_list("petition__ref", "public"):
        of[ref]["digest"] = ledger.digest(bytes(public))
    return {"whole": whole, "petitions": of, "kept": Idempotent.objects.count(), "key": receipt_key()}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    json.dump({"prepare": prepare, "look": look}[sys.argv[1]](), sys.stdout)
