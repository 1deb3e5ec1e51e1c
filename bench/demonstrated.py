"""A child of `bench.scale`: builds the demonstration; prints rows and bytes of its petitions, by table."""

from __future__ import annotations

import json
import os
import sys

import django
from django.db import connection
from django.utils import timezone


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    from django.apps import apps

    from huiyin.registry import demonstration
    from huiyin.registry.models import Petition

    demonstration.build(timezone.now())
    tables = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            name = model._meta.db_table
            fields = {field.name for field in model._meta.fields}
            if model is not Petition and "petition" not in fields:
                continue
            # Of a database this small whole pages say nothing: what is counted is what lies in them.
            cursor.execute(
                "SELECT coalesce(sum(payload), 0) FROM dbstat WHERE name = %s OR name IN "
                "(SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s)",
                [name, name],
            )
            rows = model.objects.using("default").count()  # type: ignore[attr-defined]
            tables[name] = (rows, cursor.fetchone()[0])
        cursor.execute("SELECT coalesce(sum(payload), 0) FROM dbstat WHERE name LIKE %s", ["%search%"])
        tables["the search index"] = (0, cursor.fetchone()[0])
    json.dump({"petitions": Petition.objects.count(), "tables": tables}, sys.stdout)


if __name__ == "__main__":
    main()
