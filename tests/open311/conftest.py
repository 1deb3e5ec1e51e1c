"""Two clients of Open311 that do not know us, and the door that they ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.registry.models import Body, Competence, Officer

HERE = "/open311/v2"


@pytest.fixture
def bureau(cast: dict[str, Officer]) -> Body:
    """The housing bureau, competent for housing, and the transport bureau for roads."""
    zj = Body.objects.get(code="zj")
    Competence.objects.create(body=zj, subject="住房", area="")
    Competence.objects.create(body=Body.objects.get(code="jt"), subject="交通运输", area="")
    return zj


@pytest.fixture
def ask(bureau: Body) -> Callable[..., Any]:
    """`ask("services.json")`: what stands there; `ask("requests.json", 201, post={…})` sends a form."""

    def asked(path: str, expect: int = 200, *, post: dict[str, Any] | None = None, **query: Any) -> Any:
        client = Client(headers={"accept-language": "en"})
        answer = client.get(f"{HERE}/{path}", query) if post is None else client.post(f"{HERE}/{path}", post)
        assert answer.status_code == expect, answer.content.decode()
        return answer.json() if path.endswith(".json") else answer.content

    return asked
