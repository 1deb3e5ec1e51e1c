"""How a client of the JSON door speaks: bytes in, status, headers and bytes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from huiyin.registry.models import Officer

PETITIONS = "/api/v1/petitions"
PETITION: dict[str, Any] = {"subject": "路灯坏了", "text": "我们小区的路灯坏了三个月，晚上看不见路。"}

Send = Callable[..., HttpResponse]


@pytest.fixture
def send(cast: dict[str, Officer]) -> Send:
    """`send(value)` posts a petition; `path` and headers may be given, and bytes are sent as they are."""
    client = Client()

    def post(value: Any, path: str = PETITIONS, kind: str = "application/json", **headers: str) -> Any:
        body = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
        named = {name.replace("_", "-"): words for name, words in headers.items()}
        return client.post(path, body, content_type=kind, headers=named)

    return post


@pytest.fixture
def get(cast: dict[str, Officer]) -> Send:
    """`get(ref, key)` asks for a petition."""
    client = Client()

    def ask(ref: str, key: str | None = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): words for name, words in headers.items()}
        if key is not None:
            named["Huiyin-Key"] = key
        return client.get(f"{PETITIONS}/{ref}", headers=named)

    return ask
