"""What one filing really executes, taken inside the installation: `python -m bench.capture`, prints JSON.

Petition and entry are given numbers that nothing else has, so that each parameter which points to one of them
is known by its value. From this the floor commits the same rows without us.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import django

from bench.load import BODY

PETITION, ENTRY = 7_000_000_001, 8_000_000_001


def plain(value: Any) -> Any:
    """A parameter as JSON: rows' own numbers, bytes and moments are told apart by a tag."""
    # psycopg wraps bytes and JSON, and a memoryview has an `obj` of its own.
    if not isinstance(value, memoryview) and hasattr(value, "obj"):
        return plain(value.obj) if isinstance(value.obj, bytes) else json.dumps(value.obj, ensure_ascii=False)
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if value == PETITION:
        return {"row": "petition"}
    if value == ENTRY:
        return {"row": "entry"}
    return value


def capture() -> dict[str, Any]:
    """Statements of one filing through HTTP, warm: how many, and each INSERT with their parameters."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    answer = _file(client)
    assert answer.status_code == 201, answer.content
    _far_numbers(connection)
    seen: list[tuple[str, list[Any]]] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 Django's signature
        if "INSERT INTO" in sql:
            seen.append((sql, [plain(value) for value in params]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch), CaptureQueriesContext(connection) as queries:
        answer = _file(client)
    assert answer.status_code == 201, answer.content
    said = [query["sql"] for query in queries.captured_queries]
    return {"ref": json.loads(answer.content)["ref"], "statements": said, "inserts": seen}


def _file(client: Any) -> Any:
    return client.post("/api/v1/petitions", BODY % 1, content_type="application/json")


def _far_numbers(connection: Any) -> None:
    with connection.cursor() as cursor:
        for table, number in (("registry_petition", PETITION), ("registry_entry", ENTRY)):
            if connection.vendor == "sqlite":
                cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [number - 1, table])
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, number])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    json.dump(capture(), sys.stdout)
