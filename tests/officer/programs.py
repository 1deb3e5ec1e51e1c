"""A program that acts for an officer: its token, and how it asks."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from huiyin.doors.officer.api.openapi import OPERATIONS
from huiyin.registry import programs
from huiyin.registry.models import Officer
from huiyin.registry.programs import SCOPES
from huiyin.site import typed

API = "/desk/api/v1"
TELLS = {(o.method, o.name): o.tells for o in OPERATIONS}


class Program:
    """`Program("otto")`: with a token of every scope, or of those that are named."""

    def __init__(self, login: str, *scopes: str, days: int = 30) -> None:
        officer = Officer.objects.get(login=login)
        made = programs.make(officer, "a program", scopes or SCOPES, days, now=timezone.now())
        assert isinstance(made, tuple)
        self.row, self.token = made
        self.client = Client()

    def headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): words for name, words in more.items()}
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} | named

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"{API}/{path}", query, headers=self.headers(headers))

    def post(self, path: str, said: Any, **headers: str) -> Any:
        return self.client.post(
            f"{API}/{path}", json.dumps(said), content_type="application/json", headers=self.headers(headers)
        )

    def told(self, name: str, path: str, query: dict[str, Any] | None = None) -> Any:
        """What it is told, read strictly as the shape that is described."""
        answer = self.get(path, query)
        assert answer.status_code == 200, answer.content.decode()
        shape = TELLS["GET", name]
        assert shape is not None
        return typed.decode(answer.content, shape)

    def move(self, ref: str, verb: str, match: str = "", **contents: Any) -> Any:
        """Look at the petition, then make a move on it."""
        tag = match or self.get(f"petitions/{ref}")["ETag"]
        return self.post(f"petitions/{ref}/moves", {"move": verb, "contents": contents}, If_Match=tag)
