"""What filings really execute, taken inside the installation: `python -m bench.capture`, prints JSON.

Several, each with a text of its own. Petition and entry are given numbers that nothing else has, so that each
parameter which points to one of them is known by its value. From this the floor commits the same rows
without us.
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

from bench.load import BODIES

PETITION, ENTRY = 7_000_000_001, 8_000_000_001
FILINGS = 8


def plain(value: Any, nth: int) -> Any:
    """A parameter of the nth filing as JSON: rows' own numbers, bytes and moments are told apart by a tag."""
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if value == PETITION + nth:
        return {"row": "petition"}
    if value == ENTRY + nth:
        return {"row": "entry"}
    return value


def capture() -> dict[str, Any]:
    """Filings through HTTP, warm: of each every INSERT with its parameters; all statements of the last."""
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    _file(client, 0)
    _far_numbers(connection)
    made = [_watched(client, connection, nth) for nth in range(FILINGS)]
    return {"statements": made[-1].pop("statements"), "filings": made}


def _watched(client: Any, connection: Any, nth: int) -> dict[str, Any]:
    from django.test.utils import CaptureQueriesContext

    seen: list[tuple[str, list[Any]]] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 Django's signature
        if "INSERT INTO" in sql:
            seen.append((sql, [plain(value, nth) for value in params]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch), CaptureQueriesContext(connection) as queries:
        ref = _file(client, nth)
    said = [query["sql"] for query in queries.captured_queries]
    return {"ref": ref, "inserts": seen, "statements": said}


def _file(client: Any, nth: int) -> str:
    answer = client.post("/api/v1/petitions", BODIES[nth] % nth, content_type="application/json")
    assert answer.status_code == 201, answer.content
    return str(json.loads(answer.content)["ref"])


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
